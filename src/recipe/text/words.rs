//! Steps, the study and what a column must be, as a form has them: one text a key, as people type it.

use serde::Deserialize;
use toml::{Table, Value};

use super::schema::{Holds, Key, STEPS, may, meant, must};
use crate::recipe::{ExportSpec, Recipe, Step};
use crate::table::schema::Expectation;

/// The keys of a step of this kind.
pub fn keys_of(word: &str) -> &'static [Key] {
    STEPS.iter().find(|(known, _)| *known == word).map_or(&[], |(_, keys)| keys)
}

/// What stands under each of the step's keys, as it is typed; empty where nothing does.
pub fn step_words(step: &Step) -> Vec<String> {
    let table = Table::try_from(step).unwrap_or_default();
    keys_of(step.word()).iter().map(|key| table.get(key.name).map(typed).unwrap_or_default()).collect()
}

/// The step that the texts stand for, in the order of [`keys_of`].
///
/// # Errors
/// What cannot be read: the key, what it takes, and the nearest valid word.
pub fn step_of_words(word: &str, texts: &[&str]) -> Result<Step, String> {
    let mut table = read(keys_of(word), texts)?;
    table.insert("do".to_owned(), Value::String(word.to_owned()));
    Step::deserialize(table).map_err(|error| error.message().replace('`', "\""))
}

/// The keys of the study, and the seed.
pub const STUDY: &[Key] = &[
    must("k", Holds::Text, "the numbers of segments to try, e.g. 2..10"),
    may(
        "algorithms",
        Holds::Texts,
        "e.g. kmeans, ward, gmm, genie, hdbscan; one with settings: dbscan:eps=8:min_samples=5",
        "those that suit the features",
    ),
    may("segments", Holds::Text, "how many segments the business can use, e.g. 3..6", "any number"),
    may(
        "smallest",
        Holds::Number,
        "the smallest segment worth acting on, as a share of the customers, e.g. 0.05",
        "0.01",
    ),
    may("choose", Holds::Text, "the run whose segments are taken, e.g. kmeans-k5", "the recommended one"),
    may("sample", Holds::Whole, "study so many rows in place of all; the chosen run is refitted on all", "all rows"),
    may("stability", Holds::Whole, "how often each run is fitted again to redrawn customers", "20"),
    must("memory", Holds::Text, "what the study may take, e.g. 4GiB"),
    must("seed", Holds::Whole, "the same number gives the same segments"),
];

/// What stands under each of [`STUDY`].
pub fn study_words(recipe: &Recipe) -> Vec<String> {
    let table = Table::try_from(&recipe.study).unwrap_or_default();
    let seed = recipe.seed.to_string();
    let of =
        |key: &Key| if key.name == "seed" { seed.clone() } else { table.get(key.name).map(typed).unwrap_or_default() };
    STUDY.iter().map(of).collect()
}

/// The recipe with what the texts say of its study, in the order of [`STUDY`].
///
/// # Errors
/// What cannot be read.
pub fn with_study_words(recipe: &Recipe, texts: &[&str]) -> Result<Recipe, String> {
    let mut table = read(STUDY, texts)?;
    let seed = table.remove("seed").and_then(|seed| u64::try_from(seed.as_integer()?).ok());
    let study = serde::Deserialize::deserialize(table).map_err(|error: toml::de::Error| error.message().to_owned())?;
    Ok(Recipe { study, seed: seed.unwrap_or(recipe.seed), ..recipe.clone() })
}

/// The keys of what one column must be, in `[schema]`.
pub const EXPECTATION: &[Key] = &[
    may(
        "type",
        Holds::Word(&["whole", "number", "yes-no", "year", "date", "text"]),
        "what its values must be",
        "anything",
    ),
    may("required", Holds::Flag, "whether every row must have a value", "no"),
    may("unique", Holds::Flag, "whether no value may stand twice", "no"),
    may("min", Holds::Text, "the smallest value allowed", "any"),
    may("max", Holds::Text, "the largest value allowed", "any"),
    may("values", Holds::Texts, "the only values allowed, with commas", "all are"),
];

/// What stands under each of [`EXPECTATION`].
pub fn expectation_words(expected: &Expectation) -> Vec<String> {
    let table = Table::try_from(expected).unwrap_or_default();
    EXPECTATION.iter().map(|key| table.get(key.name).map(typed).unwrap_or_default()).collect()
}

/// What the texts, in the order of [`EXPECTATION`], say that a column must be. A bound that reads as a number is one.
///
/// # Errors
/// What cannot be read.
pub fn expectation_of_words(texts: &[&str]) -> Result<Expectation, String> {
    let mut table = read(EXPECTATION, texts)?;
    for bound in ["min", "max"] {
        let number = table.get(bound).and_then(Value::as_str).and_then(|text| text.parse::<f64>().ok());
        if let Some(number) = number.filter(|number| number.is_finite()) {
            table.insert(bound.to_owned(), Value::Float(number));
        }
    }
    Expectation::deserialize(table).map_err(|error| error.message().to_owned())
}

/// The keys of the hand-over, `[export]`.
pub const EXPORT: &[Key] = &[
    may(
        "columns",
        Holds::Texts,
        "what is written, with commas; name = column gives another name",
        "all columns, and those of the segments",
    ),
    may(
        "since",
        Holds::Text,
        "an earlier export: only customers who are new or changed since are written",
        "all are written",
    ),
    may(
        "upsert",
        Holds::Flag,
        "update known customers in a table that is there already, add new ones",
        "no: a new file or table",
    ),
    may("dry_run", Holds::Flag, "try the upsert and take it back", "no"),
    may(
        "control",
        Holds::Text,
        "the share of the customers to leave alone, e.g. 10%; a column says who",
        "nobody is left alone",
    ),
    may("campaign", Holds::Text, "the campaign's name: another one leaves others alone", "no name"),
    may("next", Holds::Flag, "write the best good that each customer has not bought yet", "no"),
    may("lines", Holds::Text, "where the order lines are", "those that were rolled up"),
    may("goods", Holds::Text, "the column of the goods in the order lines", "the categories, else the products"),
];

/// What stands under each of [`EXPORT`].
pub fn export_words(export: &ExportSpec) -> Vec<String> {
    let table = Table::try_from(export).unwrap_or_default();
    EXPORT.iter().map(|key| table.get(key.name).map(typed).unwrap_or_default()).collect()
}

/// How segments are handed over, as the texts say in the order of [`EXPORT`].
///
/// # Errors
/// What cannot be read.
pub fn export_of_words(texts: &[&str]) -> Result<ExportSpec, String> {
    ExportSpec::deserialize(read(EXPORT, texts)?).map_err(|error| error.message().to_owned())
}

fn read(keys: &[Key], texts: &[&str]) -> Result<Table, String> {
    let mut table = Table::new();
    for (key, text) in keys.iter().zip(texts) {
        match (text.trim(), key.needed) {
            ("", true) => return Err(format!("{}: {}", key.name, key.holds.expected())),
            ("", false) => {}
            (text, _) => {
                table.insert(key.name.to_owned(), value(key, text)?);
            }
        }
    }
    Ok(table)
}

fn value(key: &Key, text: &str) -> Result<Value, String> {
    let wrong = || format!("{} takes {}, not “{text}”", key.name, key.holds.expected());
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|value| value.is_finite()).map(Value::Float);
    match key.holds {
        Holds::Text => Some(Value::String(text.to_owned())),
        Holds::Number => number(text),
        Holds::Whole => text.parse::<u32>().ok().map(|value| Value::Integer(value.into())),
        Holds::Flag => flag(text).map(Value::Boolean),
        Holds::Texts => names(text).map(|names| Value::Array(names.into_iter().map(Value::String).collect())),
        Holds::Numbers => text.split(',').map(number).collect::<Option<Vec<_>>>().map(Value::Array),
        Holds::Word(words) => return word(key, text, words),
        Holds::Words(words) => {
            let each = text.split(',').map(|text| word(key, text.trim(), words));
            return each.collect::<Result<Vec<_>, _>>().map(Value::Array);
        }
        Holds::WordOr(words, keys) => return word_or(key, text, words, keys),
    }
    .ok_or_else(wrong)
}

fn flag(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" => Some(true),
        "false" | "no" | "n" => Some(false),
        _ => None,
    }
}

/// A list of names with CSV's quoting.
fn names(text: &str) -> Option<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).from_reader(text.as_bytes());
    let record = reader.records().next()?.ok()?;
    Some(record.iter().filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

fn word(key: &Key, text: &str, words: &'static [&'static str]) -> Result<Value, String> {
    match words.contains(&text) {
        true => Ok(Value::String(text.to_owned())),
        false => {
            let hint = meant(text, words.iter().copied()).unwrap_or_default();
            Err(format!("{}: unknown word “{text}”; {hint}", key.name))
        }
    }
}

/// `median`, or `nearest 5`.
fn word_or(key: &Key, text: &str, words: &'static [&'static str], keys: &'static [Key]) -> Result<Value, String> {
    let named = text.split_once(' ').and_then(|(name, rest)| {
        keys.iter().find(|known| known.name == name).map(|known| value(known, rest.trim()).map(|value| (name, value)))
    });
    match named {
        Some(Ok((name, value))) => Ok(Value::Table([(name.to_owned(), value)].into_iter().collect())),
        Some(Err(error)) => Err(error),
        None => word(key, text, words),
    }
}

/// A value as it is typed.
fn typed(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(|item| quoted(&typed(item))).collect::<Vec<_>>().join(", "),
        Value::Table(table) => {
            table.iter().map(|(key, value)| format!("{key} {}", typed(value))).collect::<Vec<_>>().join(" ")
        }
        Value::Boolean(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        Value::Float(number) => number.to_string(),
        other => other.to_string(),
    }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::recipe::{Fill, StudySpec};

    #[test]
    fn a_step_typed_again_is_the_same() {
        for text in [
            "do = \"impute\"\ncolumn = \"a, b\"\nwith = { nearest = 5 }\nindicator = true",
            "do = \"likert\"\nname = \"m\"\ncolumns = [\"q, 1\", \"q2\"]\nlow = 0.0",
            "do = \"bin\"\ncolumn = \"x\"\nby = \"edges\"\nedges = [1.5, 2.0]",
            "do = \"text-features\"\ncolumn = \"x\"\nmeasures = [\"words\", \"sentiment\"]",
        ] {
            let step: Step = toml::from_str(text).unwrap();
            let words = step_words(&step);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            assert_eq!(step_of_words(step.word(), &words).unwrap(), step);
        }
        let step = Step::Impute { column: "x".into(), with: Fill::Number(3.5), indicator: false };
        assert_eq!(step_words(&step), ["x", "number 3.5", ""]);
    }

    #[test]
    fn every_key_says_what_it_is_and_what_holds_without_it() {
        let steps = STEPS.iter().flat_map(|(_, keys)| keys.iter());
        for key in steps.chain(STUDY).chain(EXPECTATION).chain(EXPORT) {
            assert!(!key.about.is_empty(), "{}", key.name);
            assert_eq!(key.otherwise.is_empty(), key.needed, "{}", key.name);
        }
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let said = |word: &str, texts: &[&str]| step_of_words(word, texts).unwrap_err();
        assert_eq!(said("weight", &["x", "much"]), "by takes a number, not “much”");
        assert_eq!(said("weight", &["x", ""]), "by: a number");
        assert_eq!(said("impute", &["x", "medain"]), "with: unknown word “medain”; did you mean \"median\"?");
        assert_eq!(said("scale", &["standart"]), "method: unknown word “standart”; did you mean \"standard\"?");
    }

    #[test]
    fn an_expectation_typed_again_is_the_same() {
        for text in [
            "type = \"whole\"\nrequired = true\nmin = 18.0\nmax = 99.5",
            "type = \"date\"\nunique = true\nmin = \"2012-07-30\"",
            "values = [\"a, b\", \"c\"]",
            "",
        ] {
            let expected: Expectation = toml::from_str(text).unwrap();
            let words = expectation_words(&expected);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            assert_eq!(expectation_of_words(&words).unwrap(), expected, "{text}");
        }
        let wrong = expectation_of_words(&["hole", "", "", "", "", ""]).unwrap_err();
        assert_eq!(wrong, "type: unknown word “hole”; did you mean \"whole\"?");
    }

    #[test]
    fn the_keys_of_a_schema_are_those_that_serde_reads() {
        let said = toml::from_str::<Expectation>("\"no such key\" = 1").unwrap_err().to_string();
        assert!(EXPECTATION.iter().all(|key| said.contains(&format!("`{}`", key.name))), "{said}");
        assert_eq!(said.split_once("expected").unwrap().1.matches('`').count(), 2 * EXPECTATION.len(), "{said}");
    }

    #[test]
    fn the_keys_of_the_hand_over_are_those_that_serde_reads() {
        let said = toml::from_str::<ExportSpec>("\"no such key\" = 1").unwrap_err().to_string();
        assert!(EXPORT.iter().all(|key| said.contains(&format!("`{}`", key.name))), "{said}");
        assert_eq!(said.split_once("expected").unwrap().1.matches('`').count(), 2 * EXPORT.len(), "{said}");
        let words = ["id, place = segment_name", "", "yes", "no"];
        let export = export_of_words(&words).unwrap();
        assert_eq!((export.columns.len(), export.upsert, export.dry_run, &export.since), (2, true, false, &None));
        assert_eq!(export_words(&export), ["id, place = segment_name", "", "yes", "", "", "", "", "", ""]);
    }

    #[test]
    fn the_keys_of_the_study_are_those_that_serde_reads() {
        let said = toml::from_str::<StudySpec>("\"no such key\" = 1").unwrap_err().to_string();
        let known = |name: &str| name == "seed" || said.contains(&format!("`{name}`"));
        assert!(STUDY.iter().all(|key| known(key.name)), "{said}");
        assert_eq!(said.split_once("expected").unwrap().1.matches('`').count(), 2 * (STUDY.len() - 1), "{said}");
    }
}
