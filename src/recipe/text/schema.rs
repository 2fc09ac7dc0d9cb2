//! The keys that each step of a recipe takes: what the reader checks them by, line by line.

use std::ops::Range;

use toml_edit::{Item, TableLike};

use crate::error::nearest;

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// A text.
    Text,
    /// A number.
    Number,
    /// A whole number from 0.
    Whole,
    /// true or false.
    Flag,
    /// A list of texts.
    Texts,
    /// A list of numbers.
    Numbers,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these words, or `{ word = value }` with one of those.
    WordOr(&'static [&'static str], &'static [Key]),
    /// A list of these words.
    Words(&'static [&'static str]),
}

/// One key of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Whether a step is none without it.
    pub needed: bool,
    /// What it says, for people.
    pub about: &'static str,
    /// What holds where nothing is said, for people; of a needed key nothing.
    pub otherwise: &'static str,
}

/// A key that has to be there.
pub(super) const fn must(name: &'static str, holds: Holds, about: &'static str) -> Key {
    Key { name, holds, needed: true, about, otherwise: "" }
}

/// A key that may be left out.
pub(super) const fn may(name: &'static str, holds: Holds, about: &'static str, otherwise: &'static str) -> Key {
    Key { name, holds, needed: false, about, otherwise }
}

const COLUMN: Key = must("column", Holds::Text, "the column");

/// The name of the column that is made.
const fn name(otherwise: &'static str) -> Key {
    may("name", Holds::Text, "the column that is made", otherwise)
}

const FILLS: Holds = Holds::WordOr(
    &["median", "mean", "mode", "drop"],
    &[
        may("number", Holds::Number, "this number", ""),
        may("text", Holds::Text, "this text", ""),
        may("nearest", Holds::Whole, "as the so many most similar rows have it", ""),
    ],
);
const SCALINGS: Holds = Holds::Word(&["standard", "minmax", "robust", "none"]);

const PARTS: Holds = Holds::Word(&["year", "quarter", "month", "week", "day", "weekday", "hour"]);
const TREATMENTS: Holds = Holds::Word(&["keep", "cap", "winsorise", "drop", "flag"]);
const CASES: Holds = Holds::Word(&["keep", "lower", "upper", "title"]);
const MEASURES: Holds = Holds::Words(&["characters", "words", "sentiment"]);
const BENDS: Holds = Holds::Word(&["yeo-johnson", "quantile", "quantile-normal"]);
const ENCODINGS: Holds = Holds::Word(&["one-hot", "ordinal", "frequency"]);
const BINNINGS: Holds = Holds::Word(&["width", "quantile", "edges"]);

/// The steps by their words, in the order in which they are carried out, each with its keys.
pub const STEPS: &[(&str, &[Key])] = &[
    (
        "derive",
        &[
            must("name", Holds::Text, "the column that is made; one of this name is replaced"),
            must("expression", Holds::Text, "worked out row by row, e.g. 2024 - Year_Birth"),
        ],
    ),
    ("parse-number", &[COLUMN, name("the column itself is replaced")]),
    ("date-part", &[COLUMN, must("part", PARTS, "which part of the date"), name("named after column and part")]),
    (
        "days-since",
        &[
            COLUMN,
            may("until", Holds::Text, "whole days until this day, e.g. 2014-06-30", "the newest day in the column"),
            name("days since and the column"),
        ],
    ),
    (
        "ratio",
        &[
            COLUMN,
            must("by", Holds::Text, "the column below the line; where it is 0 there is no value"),
            name("both with a /"),
        ],
    ),
    (
        "bin",
        &[
            COLUMN,
            must("by", BINNINGS, "bins of one width, of as many rows each, or between the edges below"),
            may("bins", Holds::Whole, "how many bins", "5"),
            may("edges", Holds::Numbers, "what bins begin and end at, ascending, for by = edges", "none"),
            name("the column and bin"),
        ],
    ),
    (
        "clean-text",
        &[
            COLUMN,
            may("case", CASES, "how letters are written", "as they are"),
            may("plain", Holds::Flag, "whether accents are taken off", "no"),
            name("the column itself is replaced"),
        ],
    ),
    (
        "look-up",
        &[
            COLUMN,
            must("file", Holds::Text, "the file to look in, e.g. regions.csv"),
            may("key", Holds::Text, "the file's column that is compared", "its first"),
            may("value", Holds::Text, "the file's column that is taken", "its second"),
            may("first", Holds::Whole, "how many of the first characters are compared", "all"),
            name("as the file names it"),
        ],
    ),
    (
        "likert",
        &[
            must("columns", Holds::Texts, "the questions, with commas; their mean is taken"),
            must("name", Holds::Text, "the column that is made"),
            may("reversed", Holds::Texts, "the questions that ask the other way round", "none"),
            may("low", Holds::Number, "the lowest answer", "1"),
            may("high", Holds::Number, "the highest answer", "5, or as many as there are answers"),
            may("answers", Holds::Texts, "the answers in words, from the lowest to the highest", "they are numbers"),
        ],
    ),
    (
        "flags",
        &[
            COLUMN,
            may("separator", Holds::Text, "what stands between two answers", ";"),
            may("options", Holds::Texts, "the answers, with commas", "all that there are"),
        ],
    ),
    (
        "text-features",
        &[
            COLUMN,
            may("measures", MEASURES, "what is measured, with commas", "nothing"),
            may("keywords", Holds::Texts, "words of which each gets a column of 0 and 1", "none"),
        ],
    ),
    (
        "merge",
        &[
            COLUMN,
            must("from", Holds::Texts, "the values to replace, with commas"),
            must("to", Holds::Text, "what is written in their place"),
        ],
    ),
    (
        "pool-rare",
        &[COLUMN, must("below", Holds::Number, "values with fewer than this share of the rows become one, e.g. 0.01")],
    ),
    (
        "drop-duplicates",
        &[may("except", Holds::Texts, "columns that are not compared, with commas", "all are compared")],
    ),
    (
        "outliers",
        &[
            COLUMN,
            must(
                "treatment",
                TREATMENTS,
                "cap: to the bound; winsorise: to the quantiles; drop: the row; flag: a column of 0 and 1",
            ),
            may(
                "low",
                Holds::Number,
                "the lower bound: what lies below is treated",
                "1.5 quartile ranges below the middle half",
            ),
            may(
                "high",
                Holds::Number,
                "the upper bound: what lies above is treated",
                "1.5 quartile ranges above the middle half",
            ),
            may(
                "share",
                Holds::Number,
                "only for winsorise: the share of the rows that is cut off at each end",
                "0.05",
            ),
        ],
    ),
    (
        "impute",
        &[
            COLUMN,
            must("with", FILLS, "what stands in the gaps from then on"),
            may("indicator", Holds::Flag, "whether a column of 0 and 1 says where the gaps were", "no"),
        ],
    ),
    (
        "encode",
        &[
            COLUMN,
            must("method", ENCODINGS, "a column a value, a place in the order, or how frequent the value is"),
            may(
                "order",
                Holds::Texts,
                "the values from the lowest to the highest (ordinal), with commas",
                "by the alphabet",
            ),
        ],
    ),
    ("log1p", &[COLUMN]),
    (
        "transform",
        &[
            must("method", BENDS, "how skewed columns are bent"),
            may("columns", Holds::Texts, "which, with commas", "all numbers that no other such step names"),
        ],
    ),
    (
        "select",
        &[
            may("same", Holds::Number, "left out: features with one value in at least this share of the rows", "none"),
            may(
                "correlation",
                Holds::Number,
                "left out: the later of two features that correlate at least so much",
                "none",
            ),
        ],
    ),
    (
        "scale",
        &[
            must("method", SCALINGS, "standard: mean 0, deviation 1; minmax: 0 to 1; robust: by median and quartiles"),
            may("columns", Holds::Texts, "which, with commas", "all features that no other such step names"),
        ],
    ),
    ("weight", &[COLUMN, must("by", Holds::Number, "so many times as much counts the feature in every distance")]),
    (
        "reduce",
        &[
            must("method", Holds::Word(&["pca", "famd"]), "pca: numbers; famd: numbers and categories"),
            may("components", Holds::Whole, "how many are kept", "as many as carry the share"),
            may("share", Holds::Number, "the share of the variance that is kept", "0.9"),
        ],
    ),
];

/// What is wrong in a step, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    pub at: Range<usize>,
    pub what: String,
    pub hint: Option<String>,
}

impl Wrong {
    fn new(at: Option<Range<usize>>, what: String, hint: Option<String>) -> Self {
        Self { at: at.unwrap_or_default(), what, hint }
    }
}

/// Checks one step; `at` is where it begins.
pub(super) fn check_step(step: &dyn TableLike, at: Range<usize>) -> Result<(), Wrong> {
    let words = || STEPS.iter().map(|(word, _)| *word);
    let Some(item) = step.get("do") else {
        return Err(Wrong::new(Some(at), "the key \"do\" is missing".into(), Some(one_of(words()))));
    };
    let Some(word) = item.as_str() else {
        return Err(mistyped("do", item, "a text"));
    };
    let Some((word, keys)) = STEPS.iter().find(|(known, _)| *known == word) else {
        return Err(unknown_word(word, words(), item.span()));
    };
    for (key, item) in step.iter().filter(|(key, _)| *key != "do") {
        let Some(known) = keys.iter().find(|known| known.name == key) else {
            let span = step.key(key).and_then(toml_edit::Key::span).or_else(|| item.span());
            let hint = meant(key, keys.iter().map(|key| key.name).chain(["do"]));
            return Err(Wrong::new(span, format!("unknown key \"{key}\""), hint));
        };
        check(known, item)?;
    }
    match keys.iter().find(|key| key.needed && step.get(key.name).is_none()) {
        Some(key) => Err(Wrong::new(Some(at), format!("the key \"{}\" is missing", key.name), Some(told(word, key)))),
        None => Ok(()),
    }
}

/// E.g. `pool-rare takes below = a number`.
fn told(word: &str, key: &Key) -> String {
    format!("{word} takes {} = {}", key.name, key.holds.expected())
}

fn check(key: &Key, item: &Item) -> Result<(), Wrong> {
    let wrong = || Err(mistyped(key.name, item, &key.holds.expected()));
    match key.holds {
        Holds::Word(words) => check_word(key, item, words),
        Holds::WordOr(words, keys) => match item.as_table_like() {
            Some(table) => check_value(key, table, keys, item),
            None => check_word(key, item, words),
        },
        Holds::Words(words) => match item.as_array() {
            Some(list) => list.iter().try_for_each(|value| check_word(key, &Item::Value(value.clone()), words)),
            None => wrong(),
        },
        holds if holds.takes(item) => Ok(()),
        _ => wrong(),
    }
}

fn check_word(key: &Key, item: &Item, words: &'static [&'static str]) -> Result<(), Wrong> {
    match item.as_str() {
        None => Err(mistyped(key.name, item, &key.holds.expected())),
        Some(word) if words.contains(&word) => Ok(()),
        Some(word) => Err(unknown_word(word, words.iter().copied(), item.span())),
    }
}

/// `{ number = 3 }`: exactly one of the keys.
fn check_value(key: &Key, table: &dyn TableLike, keys: &'static [Key], item: &Item) -> Result<(), Wrong> {
    for (name, value) in table.iter() {
        match keys.iter().find(|known| known.name == name) {
            Some(known) => check(known, value)?,
            None => {
                let span = table.key(name).and_then(toml_edit::Key::span).or_else(|| item.span());
                let hint = meant(name, keys.iter().map(|key| key.name));
                return Err(Wrong::new(span, format!("unknown key \"{name}\""), hint));
            }
        }
    }
    if table.len() == 1 { Ok(()) } else { Err(mistyped(key.name, item, &key.holds.expected())) }
}

impl Holds {
    fn takes(self, item: &Item) -> bool {
        let all = |of: fn(&toml_edit::Value) -> bool| item.as_array().is_some_and(|list| list.iter().all(of));
        match self {
            Self::Text => item.is_str(),
            Self::Number => item.is_float() || item.is_integer(),
            Self::Whole => item.as_integer().is_some_and(|value| value >= 0),
            Self::Flag => item.is_bool(),
            Self::Texts => all(toml_edit::Value::is_str),
            Self::Numbers => all(|value| value.is_float() || value.is_integer()),
            Self::Word(_) | Self::WordOr(..) | Self::Words(_) => false,
        }
    }

    /// What it holds, in words.
    pub fn expected(self) -> String {
        match self {
            Self::Text => "a text".into(),
            Self::Number => "a number".into(),
            Self::Whole => "a whole number from 0".into(),
            Self::Flag => "true or false".into(),
            Self::Texts => "a list of texts".into(),
            Self::Numbers => "a list of numbers".into(),
            Self::Word(words) => one_of(words.iter().copied()),
            Self::Words(words) => format!("a list of {}", words.join(", ")),
            Self::WordOr(words, keys) => {
                let values = keys.iter().map(|key| format!("{{ {} = {} }}", key.name, key.holds.expected()));
                one_of(words.iter().map(|word| (*word).to_owned()).chain(values))
            }
        }
    }
}

fn one_of<T: Into<String>>(words: impl IntoIterator<Item = T>) -> String {
    format!("one of: {}", words.into_iter().map(Into::into).collect::<Vec<String>>().join(", "))
}

fn mistyped(key: &str, item: &Item, expected: &str) -> Wrong {
    let expected = match expected.strip_prefix("one of: ") {
        Some(words) => format!("it takes one of: {words}"),
        None => format!("it takes {expected}"),
    };
    Wrong::new(item.span(), format!("the key \"{key}\" holds {}", kind(item)), Some(expected))
}

fn kind(item: &Item) -> &'static str {
    match item {
        Item::Value(value) => match value {
            toml_edit::Value::String(_) => "a text",
            toml_edit::Value::Integer(value) if *value.value() < 0 => "a negative number",
            toml_edit::Value::Integer(_) | toml_edit::Value::Float(_) => "a number",
            toml_edit::Value::Boolean(_) => "true or false",
            toml_edit::Value::Datetime(_) => "a date",
            toml_edit::Value::Array(_) => "a list",
            toml_edit::Value::InlineTable(_) => "a table",
        },
        _ => "a table",
    }
}

fn unknown_word<'a>(word: &str, words: impl Iterator<Item = &'a str>, at: Option<Range<usize>>) -> Wrong {
    Wrong::new(at, format!("unknown word \"{word}\""), meant(word, words))
}

/// The nearest of the valid words, or all of them.
pub(super) fn meant<'a>(wrong: &str, valid: impl Iterator<Item = &'a str>) -> Option<String> {
    let valid: Vec<&str> = valid.collect();
    match nearest(wrong, valid.iter().copied()) {
        Some(word) => Some(format!("did you mean \"{word}\"?")),
        None => (!valid.is_empty()).then(|| one_of(valid)),
    }
}
