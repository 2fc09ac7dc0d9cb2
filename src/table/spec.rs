//! What the user says of a source, and what is known of it once it was opened.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::lines::LineNumbers;
use super::place::shown;
use super::told::Told;
use super::values::Finding;

/// A file format that can be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Delimiter-separated text.
    #[default]
    Csv,
    /// Apache Parquet: a file, several, or a folder of partitions.
    Parquet,
    /// Apache Arrow's file format (IPC, Feather 2).
    Arrow,
    /// JSON: an array of objects, or one object a line.
    Json,
    /// A sheet of an Excel or OpenDocument workbook.
    Sheet,
    /// A table or query of a database.
    Sql,
}

impl Format {
    /// The format as screens call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "text",
            Self::Parquet => "Parquet",
            Self::Arrow => "Arrow",
            Self::Json => "JSON",
            Self::Sheet => "spreadsheet",
            Self::Sql => "database",
        }
    }
}

/// How a delimited text is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    /// Between two fields; a blank stands for any number of blanks.
    pub delimiter: char,
    /// Around a field that holds delimiters or line ends.
    pub quote: Option<char>,
    /// Before a quote inside a quoted field; `None`: such a quote is doubled.
    pub escape: Option<char>,
    /// Whether the first line names the columns.
    pub header: bool,
    /// The encoding's name, e.g. `UTF-8`; `mixed`: UTF-8, and windows-1252 where a line is none.
    pub encoding: String,
    /// The decimal mark.
    pub decimal: char,
    /// Between groups of three digits, where values are written so.
    pub thousands: Option<char>,
    /// What lines begin with that are no rows.
    pub comment: Option<char>,
    /// Lines above the header (or the first row) that are no rows.
    pub skip: usize,
    /// Rows at the end that are no customers; `None`: those that look like totals.
    pub footer: Option<usize>,
}

impl Default for Dialect {
    /// Commas, double quotes, a header, UTF-8, a decimal point.
    fn default() -> Self {
        Self {
            delimiter: ',',
            quote: Some('"'),
            escape: None,
            header: true,
            encoding: "UTF-8".to_owned(),
            decimal: '.',
            thousands: None,
            comment: None,
            skip: 0,
            footer: None,
        }
    }
}

impl Dialect {
    /// The delimiter in words, e.g. `semicolon-separated`.
    pub fn separated(&self) -> String {
        match self.delimiter {
            ',' => "comma-separated".to_owned(),
            '\t' => "tab-separated".to_owned(),
            ';' => "semicolon-separated".to_owned(),
            '|' => "bar-separated".to_owned(),
            ' ' => "blank-separated".to_owned(),
            other => format!("separated by {other}"),
        }
    }

    /// What was guessed in words, the usual left out, e.g. `tab-separated, UTF-8, decimal comma`.
    pub fn spoken(&self) -> String {
        let mut words = vec![self.separated(), self.encoding.clone()];
        words.extend((self.decimal == ',').then(|| "decimal comma".to_owned()));
        words.extend((!self.header).then(|| "no header".to_owned()));
        words.extend((self.skip > 0).then(|| format!("header in line {}", self.skip + 1)).filter(|_| self.header));
        words.extend(self.quote.filter(|&quote| quote != '"').map(|quote| format!("quoted by {quote}")));
        words.extend(self.escape.map(|escape| format!("escaped by {escape}")));
        words.extend(self.comment.map(|comment| format!("comments after {comment}")));
        words.join(", ")
    }
}

/// Which rows a join keeps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// All rows of the first source.
    #[default]
    Left,
    /// Rows whose key is in both.
    Inner,
    /// All rows of both.
    Full,
}

/// One source of rows. What is not said is guessed; [`SourceInfo`] says what was.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSpec {
    /// The file, folder, pattern (`data/*.csv`), URL, database (`sqlite:…`, `postgres://…`) or `-`; a relative
    /// path is taken from the recipe's folder. Never written with a password.
    #[serde(serialize_with = "without_secrets")]
    pub path: PathBuf,
    /// The format, where the content would say another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// The delimiter; a blank stands for any number of blanks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// The quote; empty: there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// What stands before a quote inside a quoted field, in place of doubling it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escape: Option<char>,
    /// Whether the first line names the columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// The encoding, e.g. `windows-1252`, `utf-16le`, `mixed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The decimal mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<char>,
    /// The mark between groups of three digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thousands: Option<char>,
    /// Lines above the header that are no rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip: Option<usize>,
    /// Rows at the end that are no customers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer: Option<usize>,
    /// What lines begin with that are no rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<char>,
    /// The sheet of a workbook; the first with a table where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The table of a database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The query of a database, in place of a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// What columns hold, in place of what their values suggest: a word of a schema, or how dates are written.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub types: BTreeMap<String, Told>,
    /// The key columns by which this source is joined to the first; `a = b` where it is called `a` there.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "one_or_more")]
    pub on: Vec<String>,
    /// Which rows the join keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<How>,
    /// `blake3:…` of the data the recipe was made with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// The sources that are joined to this one; in a recipe these are the further `[[source]]`.
    #[serde(skip)]
    pub joined: Vec<SourceSpec>,
}

impl SourceSpec {
    /// A source of which nothing is said but where it is.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), ..Self::default() }
    }

    /// The first of a recipe's sources with the others joined to it; `None` where there is none.
    pub fn joining(sources: &[Self]) -> Option<Self> {
        let (first, rest) = sources.split_first()?;
        Some(Self { joined: rest.to_vec(), ..first.clone() })
    }

    /// This source and those joined to it, as a recipe lists them.
    pub fn listed(&self) -> Vec<Self> {
        let first = Self { joined: Vec::new(), ..self.clone() };
        std::iter::once(first).chain(self.joined.iter().cloned()).collect()
    }
}

impl From<&Path> for SourceSpec {
    fn from(path: &Path) -> Self {
        Self::new(path)
    }
}

impl From<&PathBuf> for SourceSpec {
    fn from(path: &PathBuf) -> Self {
        Self::new(path)
    }
}

impl fmt::Debug for SourceSpec {
    /// Without passwords: what is logged must not hold any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceSpec")
            .field("path", &shown(&self.path))
            .field("delimiter", &self.delimiter)
            .field("header", &self.header)
            .field("encoding", &self.encoding)
            .field("on", &self.on)
            .field("joined", &self.joined)
            .finish_non_exhaustive()
    }
}

fn without_secrets<S: Serializer>(path: &Path, out: S) -> Result<S::Ok, S::Error> {
    shown(path).serialize(out)
}

/// A list that may be written as one text.
mod one_or_more {
    use super::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a column's name, or a list of them")]
    enum Written {
        One(String),
        More(Vec<String>),
    }

    pub fn serialize<S: Serializer>(list: &[String], out: S) -> Result<S::Ok, S::Error> {
        match list {
            [one] => one.serialize(out),
            more => more.serialize(out),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<String>, D::Error> {
        Ok(match Written::deserialize(input)? {
            Written::One(one) => vec![one],
            Written::More(more) => more,
        })
    }
}

/// Where a table came from, and how it was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SourceInfo {
    /// The path as the user gave it, passwords hidden; the bundled sample is `sample:mall`.
    pub path: PathBuf,
    /// The format.
    pub format: Format,
    /// How the text is written (delimited text only).
    pub dialect: Option<Dialect>,
    /// The sheet that was read (workbooks only).
    pub sheet: Option<String>,
    /// The size in bytes, of all files.
    pub bytes: u64,
    /// How many files, where the path stands for several.
    pub files: usize,
    /// `blake3:` and the hash of the bytes in hex, once it was taken; of several sources the hash of theirs.
    pub fingerprint: Option<String>,
    /// The sources joined to it.
    pub joined: Vec<SourceInfo>,
    /// What was noticed while reading: lines left out, encodings, joins.
    pub noticed: Vec<Finding>,
    /// Lines of a text that are no rows, with the reason (the first 10,000).
    pub broken: Vec<Broken>,
    /// In which line of a text each row begins (one delimited text only).
    pub lines: Option<LineNumbers>,
    /// The moment up to which lines were rolled up to these rows, in seconds since 1970.
    pub until: Option<f64>,
    /// What the user said of it.
    pub asked: SourceSpec,
}

/// A line of a text that is no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The line, from 1.
    pub line: u64,
    /// What stands there, at most 200 characters.
    pub text: String,
    /// Why it is no row, e.g. `3 fields in place of 4`.
    pub why: String,
}

impl SourceInfo {
    /// How it is written, in words, e.g. `tab-separated, UTF-8` or `spreadsheet, sheet Customers`.
    pub fn written(&self) -> String {
        let mut words = match (&self.dialect, &self.sheet) {
            (Some(dialect), _) => dialect.spoken(),
            (None, Some(sheet)) => format!("{}, sheet {sheet}", self.format.name()),
            (None, None) => self.format.name().to_owned(),
        };
        if self.files > 1 {
            words = format!("{} files, {words}", self.files);
        }
        match self.joined.len() {
            0 => words,
            1 => format!("{words}, joined with {}", self.joined[0].path.display()),
            several => format!("{words}, joined with {several} sources"),
        }
    }

    /// What was asked for with what was guessed written down, so that it is read the same way next time: this
    /// source and those joined to it, as a recipe lists them.
    pub fn pinned(&self) -> Vec<SourceSpec> {
        std::iter::once(self.pin()).chain(self.joined.iter().map(Self::pin)).collect()
    }

    fn pin(&self) -> SourceSpec {
        let asked = SourceSpec { joined: Vec::new(), fingerprint: self.fingerprint.clone(), ..self.asked.clone() };
        let path = if asked.path.as_os_str().is_empty() { self.path.clone() } else { asked.path.clone() };
        let asked = SourceSpec { path, sheet: asked.sheet.clone().or(self.sheet.clone()), ..asked };
        // Each of several files has a dialect of its own.
        let Some(dialect) = self.dialect.as_ref().filter(|_| self.files <= 1) else { return asked };
        let usual = Dialect::default();
        SourceSpec {
            delimiter: Some(dialect.delimiter),
            header: Some(dialect.header),
            quote: unusual(&dialect.quote, &usual.quote).map(|quote| quote.map(String::from).unwrap_or_default()),
            escape: dialect.escape,
            encoding: unusual(&dialect.encoding, &usual.encoding),
            decimal: unusual(&dialect.decimal, &usual.decimal),
            thousands: asked.thousands,
            comment: dialect.comment,
            skip: unusual(&dialect.skip, &usual.skip),
            footer: dialect.footer,
            ..asked
        }
    }
}

fn unusual<T: Clone + PartialEq>(value: &T, usual: &T) -> Option<T> {
    (value != usual).then(|| value.clone())
}
