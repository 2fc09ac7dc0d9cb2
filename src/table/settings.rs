//! What the user may say of a source, by the same words on the command line, in the workbench and in recipes.

use super::error::Fault;
use super::place::shown;
use super::spec::{Dialect, Format, How, SourceInfo, SourceSpec};
use super::told::Told;
use crate::error::{Error, nearest};

/// The words, as recipes spell them.
pub const SETTINGS: [&str; 17] = [
    "format",
    "delimiter",
    "quote",
    "escape",
    "header",
    "encoding",
    "decimal",
    "thousands",
    "skip",
    "footer",
    "comment",
    "sheet",
    "table",
    "query",
    "type",
    "how",
    "join",
];

impl SourceSpec {
    /// Says one thing of the source, e.g. `delimiter` `;` or `join` `survey.csv:id`.
    ///
    /// # Errors
    /// No such word, or the value is none of its.
    pub fn set(&mut self, word: &str, value: &str) -> Result<(), Error> {
        self.put(word, value).map_err(|(what, hint)| Error::usage(what).at(format!("--{word}")).hint(hint))
    }

    fn put(&mut self, word: &str, value: &str) -> Result<(), (String, String)> {
        let text = || Some(value.to_owned()).filter(|value| !value.is_empty());
        match word {
            "format" => self.format = Some(format(value)?),
            "delimiter" => self.delimiter = Some(letter(value)?),
            "quote" => self.quote = Some(if value == "none" { String::new() } else { letter(value)?.to_string() }),
            "escape" => self.escape = Some(letter(value)?),
            "header" => self.header = Some(yes(value)?),
            "encoding" => self.encoding = text(),
            "decimal" => self.decimal = Some(mark(value)?),
            "thousands" => self.thousands = Some(letter(value)?),
            "skip" => self.skip = Some(number(value)?),
            "footer" => self.footer = Some(number(value)?),
            "comment" => self.comment = Some(letter(value)?),
            "sheet" => self.sheet = text(),
            "table" => self.table = text(),
            "query" => self.query = text(),
            "type" => self.types.extend([of_column(value)?]),
            "how" => self.how = Some(how(value)?),
            "join" => self.joined.push(joined(value)?),
            other => {
                let hint = nearest(other, SETTINGS).map(|near| format!("did you mean {near}?"));
                let hint = hint.unwrap_or_else(|| format!("one of: {}", SETTINGS.join(", ")));
                return Err((format!("there is no word {other:?} for a source"), hint));
            }
        }
        Ok(())
    }

    /// Says what stands in a line of `word=value`, e.g. `delimiter=; decimal=, skip=2`.
    ///
    /// # Errors
    /// As [`SourceSpec::set`].
    pub fn told(&self, line: &str) -> Result<Self, Error> {
        let mut spec = self.clone();
        spec.joined.clear();
        spec.types.clear();
        let mut pairs: Vec<(String, String)> = Vec::new();
        for part in line.split_whitespace() {
            let first = pairs.is_empty();
            match (part.split_once('='), pairs.last_mut()) {
                (Some((word, value)), _) if SETTINGS.contains(&word) || first => {
                    pairs.push((word.to_owned(), value.to_owned()));
                }
                // A value with a blank in it.
                (_, Some((_, value))) => *value = format!("{value} {part}"),
                (_, None) => return Err(Error::usage(format!("{part:?} says nothing")).hint("write it like skip=2")),
            }
        }
        pairs.iter().try_for_each(|(word, value)| spec.set(word, value))?;
        Ok(spec)
    }
}

impl SourceSpec {
    /// What the user said of the source, word by word, as [`SourceSpec::set`] takes it.
    pub fn said(&self) -> Vec<(&'static str, String)> {
        let letters = [
            ("delimiter", self.delimiter),
            ("escape", self.escape),
            ("decimal", self.decimal),
            ("thousands", self.thousands),
            ("comment", self.comment),
        ];
        let numbers = [("skip", self.skip), ("footer", self.footer)];
        let texts =
            [("encoding", &self.encoding), ("sheet", &self.sheet), ("table", &self.table), ("query", &self.query)];
        let mut said: Vec<(&'static str, String)> = Vec::new();
        said.extend(letters.into_iter().filter_map(|(word, letter)| Some((word, named(letter?)))));
        said.extend(
            self.quote.as_ref().map(|quote| ("quote", if quote.is_empty() { "none".into() } else { quote.clone() })),
        );
        said.extend(self.header.map(|header| ("header", if header { "yes".into() } else { "no".into() })));
        said.extend(numbers.into_iter().filter_map(|(word, number)| Some((word, number?.to_string()))));
        said.extend(texts.into_iter().filter_map(|(word, text)| Some((word, text.clone()?))));
        said.extend(self.types.iter().map(|(column, told)| ("type", format!("{column}:{told}"))));
        said.extend(self.joined.iter().map(|other| ("join", other.joining_words())));
        said
    }

    /// `FILE:key:inner`.
    fn joining_words(&self) -> String {
        let way = match self.how.unwrap_or_default() {
            How::Left => "",
            How::Inner => ":inner",
            How::Full => ":full",
        };
        let on = if self.on.is_empty() { String::new() } else { format!(":{}", self.on.join(",")) };
        format!("{}{on}{way}", shown(&self.path).display())
    }
}

/// A character as the command line takes it.
fn named(letter: char) -> String {
    match letter {
        '\t' => "tab".to_owned(),
        ' ' => "space".to_owned(),
        other => other.to_string(),
    }
}

type Wrong = (String, String);

fn wrong(value: &str, what: &str, hint: &str) -> Wrong {
    (format!("{value:?} is {what}"), hint.to_owned())
}

/// One character; the invisible ones by name.
fn letter(value: &str) -> Result<char, Wrong> {
    match value {
        "tab" | "\\t" => return Ok('\t'),
        "space" | "blank" | "blanks" => return Ok(' '),
        "comma" => return Ok(','),
        "semicolon" => return Ok(';'),
        "bar" | "pipe" => return Ok('|'),
        _ => {}
    }
    let mut letters = value.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if !matches!(letter, '\n' | '\r') => Ok(letter),
        _ => Err(wrong(value, "no single character", "write it like ';', tab or space")),
    }
}

fn mark(value: &str) -> Result<char, Wrong> {
    match value {
        "," | "comma" => Ok(','),
        "." | "point" => Ok('.'),
        _ => Err(wrong(value, "no decimal mark", "it is , or .")),
    }
}

fn yes(value: &str) -> Result<bool, Wrong> {
    match value {
        "yes" | "true" | "1" => Ok(true),
        "no" | "false" | "0" => Ok(false),
        _ => Err(wrong(value, "neither yes nor no", "write yes or no")),
    }
}

fn number(value: &str) -> Result<usize, Wrong> {
    value.parse().map_err(|_| wrong(value, "no number of lines", "write it like 2"))
}

fn how(value: &str) -> Result<How, Wrong> {
    match value {
        "left" => Ok(How::Left),
        "inner" => Ok(How::Inner),
        "full" => Ok(How::Full),
        _ => Err(wrong(value, "no way to join", "one of: left, inner, full")),
    }
}

fn format(value: &str) -> Result<Format, Wrong> {
    match value {
        "csv" | "tsv" | "text" => Ok(Format::Csv),
        "parquet" => Ok(Format::Parquet),
        "arrow" | "ipc" | "feather" => Ok(Format::Arrow),
        "json" | "ndjson" | "jsonl" => Ok(Format::Json),
        "sheet" | "xlsx" | "xls" | "ods" => Ok(Format::Sheet),
        _ => Err(wrong(value, "no format", "one of: csv, parquet, arrow, json, sheet")),
    }
}

/// `COLUMN:text` and `COLUMN:%d/%m/%Y`.
fn of_column(value: &str) -> Result<(String, Told), Wrong> {
    let places = [value.find(":%"), value.rfind(':')];
    match places.into_iter().flatten().next().map(|place| value.split_at(place)) {
        Some((column, told)) if !column.is_empty() => {
            let told = told[1..].parse().map_err(|why: String| wrong_type(&why))?;
            Ok((column.to_owned(), told))
        }
        _ => Err(wrong(value, "no column with a type", "write it like postcode:text or since:%d/%m/%Y")),
    }
}

fn wrong_type(why: &str) -> Wrong {
    let (what, hint) = why.split_once("; ").unwrap_or((why, ""));
    (what.to_owned(), hint.to_owned())
}

/// `FILE:key`, `FILE:key=other` and `FILE:key:inner`; several keys stand between commas.
fn joined(value: &str) -> Result<SourceSpec, Wrong> {
    let (rest, way) = match value.rsplit_once(':') {
        Some((rest, way @ ("left" | "inner" | "full"))) => (rest, Some(how(way)?)),
        _ => (value, None),
    };
    let (path, on) = match rest.rsplit_once(':') {
        Some((path, keys)) if !path.is_empty() && !keys.starts_with("//") => (path, keys),
        _ => (rest, ""),
    };
    if path.is_empty() {
        return Err(wrong(value, "no source to join", "write it like survey.csv:id"));
    }
    let on = on.split(',').map(|key| key.trim().to_owned()).filter(|key| !key.is_empty()).collect();
    Ok(SourceSpec { on, how: way, ..SourceSpec::new(path) })
}

impl SourceInfo {
    /// How it was read, as a line that [`SourceSpec::told`] takes.
    pub fn settings(&self) -> String {
        let mut words = self.dialect.as_ref().map(of_dialect).unwrap_or_default();
        words.extend(self.sheet.as_ref().map(|sheet| format!("sheet={sheet}")));
        words.extend(self.asked.table.as_ref().map(|table| format!("table={table}")));
        words.extend(self.asked.query.as_ref().map(|query| format!("query={query}")));
        words.extend(self.asked.types.iter().map(|(column, told)| format!("type={column}:{told}")));
        words.extend(self.joined.iter().map(|other| format!("join={}", other.asked.joining_words())));
        words.join(" ")
    }
}

fn of_dialect(dialect: &Dialect) -> Vec<String> {
    let mut words = vec![
        format!("delimiter={}", named(dialect.delimiter)),
        format!("header={}", if dialect.header { "yes" } else { "no" }),
        format!("encoding={}", dialect.encoding),
        format!("decimal={}", dialect.decimal),
        format!("skip={}", dialect.skip),
    ];
    words.extend(dialect.quote.filter(|quote| *quote != '"').map(|quote| format!("quote={quote}")));
    words.extend(dialect.escape.map(|escape| format!("escape={escape}")));
    words.extend(dialect.comment.map(|comment| format!("comment={comment}")));
    words.extend(dialect.footer.map(|footer| format!("footer={footer}")));
    words
}

/// What the user says wrongly of a source, as a fault of it.
impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Option { what: error.what, hint: error.hint.unwrap_or_default() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_line_says_how_a_source_is_read() {
        let spec =
            SourceSpec::new("a.xlsx").told("delimiter=tab decimal=, header=no skip=2 sheet=All my customers").unwrap();
        assert_eq!(
            (spec.delimiter, spec.decimal, spec.header, spec.skip),
            (Some('\t'), Some(','), Some(false), Some(2))
        );
        assert_eq!(spec.sheet.as_deref(), Some("All my customers"));
        for (line, hint) in [("delimter=;", "delimiter"), ("skip=many", "2"), ("decimal=;", ","), ("tab", "skip=2")] {
            let error = SourceSpec::new("a").told(line).unwrap_err();
            assert!(error.exit as i32 == 2 && error.hint.unwrap().contains(hint), "{line}");
        }
    }

    #[test]
    fn what_was_guessed_is_said_in_the_same_words() {
        let dialect = Dialect { delimiter: ';', decimal: ',', skip: 3, ..Dialect::default() };
        let info = SourceInfo { dialect: Some(dialect), ..SourceInfo::default() };
        assert_eq!(info.settings(), "delimiter=; header=yes encoding=UTF-8 decimal=, skip=3");
        assert_eq!(SourceSpec::default().told(&info.settings()).unwrap().skip, Some(3));
    }

    #[test]
    fn a_type_names_its_column() {
        let spec = SourceSpec::new("a").told("type=Post code:text type=since:%d/%m/%Y %H:%M skip=1").unwrap();
        let types: Vec<String> = spec.types.iter().map(|(column, told)| format!("{column} {told}")).collect();
        assert_eq!((types.join(", ").as_str(), spec.skip), ("Post code text, since %d/%m/%Y %H:%M", Some(1)));
        assert_eq!(spec.said()[1], ("type", "Post code:text".to_owned()));
        for (value, hint) in [("postcode", "postcode:text"), ("a:txet", "text"), ("a:%Q", "%d/%m/%Y")] {
            assert!(SourceSpec::new("a").set("type", value).unwrap_err().hint.unwrap().contains(hint), "{value}");
        }
    }

    #[test]
    fn a_join_names_file_key_and_way() {
        let of = |text| joined(text).unwrap();
        assert_eq!(of("survey.csv:id"), SourceSpec { on: vec!["id".into()], ..SourceSpec::new("survey.csv") });
        let web = of("https://host/a.csv:id = customer,day:inner");
        assert_eq!((web.path.to_str(), web.how), (Some("https://host/a.csv"), Some(How::Inner)));
        assert_eq!(web.on, ["id = customer", "day"]);
        assert_eq!(of("https://host/a.csv").path.to_str(), Some("https://host/a.csv"));
    }
}
