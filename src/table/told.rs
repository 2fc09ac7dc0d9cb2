//! What the user says a column holds, in place of what its texts suggest.

use std::fmt;
use std::str::FromStr;

use chrono::format::{Item, StrftimeItems};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::Fault;
use super::reading::{Reading, date_of};
use super::schema::Type;
use super::typing::{Typed, is_missing, watched};
use super::values::Kind;
use crate::error::nearest;
use crate::matrix::{Coded, Values};
use crate::task::Task;

/// What a column holds: one of the words of a schema, or dates that are written in this way (chrono's notation).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Values of this type; the way of writing dates is found out.
    Type(Type),
    /// Dates, e.g. `%d/%m/%Y`.
    Dates(String),
}

impl FromStr for Told {
    type Err = String;

    /// A word of a schema, or a way of writing dates.
    fn from_str(text: &str) -> Result<Self, String> {
        if text.contains('%') {
            let known = StrftimeItems::new(text).all(|item| !matches!(item, Item::Error));
            let no_dates =
                || format!("\"{text}\" is no way of writing dates; write it like %d/%m/%Y or %Y-%m-%d %H:%M");
            return known.then(|| Self::Dates(text.to_owned())).ok_or_else(no_dates);
        }
        let words = Type::ALL.map(Type::word);
        Type::ALL.into_iter().find(|kind| kind.word() == text).map(Self::Type).ok_or_else(|| {
            match nearest(text, words) {
                Some(near) => format!("\"{text}\" is no type; did you mean {near}?"),
                None => format!("\"{text}\" is no type; one of: {}, or dates like %d/%m/%Y", words.join(", ")),
            }
        })
    }
}

impl fmt::Display for Told {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type(kind) => out.write_str(kind.word()),
            Self::Dates(format) => out.write_str(format),
        }
    }
}

impl Serialize for Told {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Told {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        String::deserialize(input)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The column `name` of these texts, read as was said. Texts that cannot be are gaps, and listed.
///
/// # Errors
/// None of them can be, or the task was cancelled.
pub(super) fn read(
    told: &Told,
    name: &str,
    texts: &[Option<&str>],
    decimal: char,
    task: &Task,
) -> Result<Typed, Fault> {
    let present = || watched(texts, task).map(|text| text.filter(|text| !is_missing(text)));
    let found_out = match told {
        Told::Type(Type::Date) => Typed::dates(&Coded::from_texts(present())),
        Told::Type(Type::YesNo) => Typed::yes_no(&Coded::from_texts(present())),
        _ => None,
    };
    let typed = match (found_out, told) {
        (Some(typed), _) => typed,
        (None, Told::Type(kind)) => {
            with_unreadable(told, Reading::told(name, kind.kind()).values(present(), decimal), texts)
        }
        (None, Told::Dates(format)) => {
            let date = |text: Option<&str>| text.and_then(|text| date_of(text.trim(), format)).unwrap_or(f64::NAN);
            let typed = with_unreadable(told, Values::Number(present().map(date).collect()), texts);
            Typed { date_format: Some(format.clone()), ..typed }
        }
    };
    task.check()?;
    let nothing = !typed.unreadable.is_empty() && (0..texts.len()).all(|row| typed.values.is_missing(row));
    if nothing { Err(no_value(told, name)) } else { Ok(typed.with_gaps(texts)) }
}

fn with_unreadable(told: &Told, mut values: Values, texts: &[Option<&str>]) -> Typed {
    let unreadable = match &mut values {
        Values::Text(_) => Vec::new(),
        Values::Number(numbers) => unreadable(told, numbers, texts),
    };
    let kind = if let Told::Type(kind) = told { kind.kind() } else { Kind::Date };
    Typed { unreadable, ..Typed::new(values, kind) }
}

/// Makes gaps of the numbers that are not of the type; the texts that are gaps for that, with their rows.
fn unreadable(told: &Told, numbers: &mut [f64], texts: &[Option<&str>]) -> Vec<(u32, String)> {
    let fits = |number: f64| !matches!(told, Told::Type(kind) if !kind.takes(number));
    let mut wrong = Vec::new();
    for ((row, number), text) in (0..).zip(numbers).zip(texts) {
        let text = text.unwrap_or_default();
        if !is_missing(text) && (number.is_nan() || !fits(*number)) {
            *number = f64::NAN;
            wrong.push((row, text.to_owned()));
        }
    }
    wrong
}

fn no_value(told: &Told, name: &str) -> Fault {
    let what = match told {
        Told::Type(kind) => format!("no value of \"{name}\" can be read as {}", kind.article()),
        Told::Dates(format) => format!("no value of \"{name}\" is a date written like {format}"),
    };
    Fault::Option { what, hint: format!("say otherwise, or leave it out: --type \"{name}:…\"") }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn typed(told: &str, texts: &[&str]) -> Result<Typed, Fault> {
        let texts: Vec<Option<&str>> = texts.iter().copied().map(Some).collect();
        read(&told.parse().unwrap(), "c", &texts, '.', &Task::default())
    }

    #[test]
    fn the_order_of_day_and_month_can_be_said() {
        let day_first = typed("%d/%m/%Y", &["02/01/2024", "03/01/2024", ""]).unwrap();
        let month_first = typed("date", &["02/01/2024", "03/01/2024", ""]).unwrap();
        assert_eq!(day_first.values.numbers().unwrap()[..2], [1_704_153_600.0, 1_704_240_000.0]);
        assert_eq!(month_first.values.numbers().unwrap()[..2], [1_706_745_600.0, 1_709_251_200.0]);
        assert_eq!(day_first.gaps, [(String::new(), 1)]);
    }

    #[test]
    fn numbers_can_be_texts_and_texts_numbers() {
        let postcodes = typed("text", &["1010", "8001", "NA"]).unwrap();
        assert_eq!((postcodes.kind, postcodes.values.text().unwrap().levels.len()), (Kind::Text, 2));
        let mostly = typed("whole", &["a", "b", "3", "4.5"]).unwrap();
        assert_eq!(mostly.kind, Kind::Whole);
        assert_eq!(mostly.unreadable.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [0, 1, 3]);
        let answers = typed("yes-no", &["1", "0", "2"]).unwrap();
        assert_eq!((answers.kind, answers.unreadable.len()), (Kind::YesNo, 1));
    }

    #[test]
    fn what_cannot_be_is_told() {
        let fault = typed("number", &["a", "b"]).err().unwrap();
        assert_eq!(fault.to_string(), "no value of \"c\" can be read as a number");
        let fault = typed("%d.%m.%Y", &["2024-01-01"]).err().unwrap();
        assert_eq!(fault.to_string(), "no value of \"c\" is a date written like %d.%m.%Y");
        assert_eq!("txet".parse::<Told>().unwrap_err(), "\"txet\" is no type; did you mean text?");
        assert!("%Q".parse::<Told>().unwrap_err().contains("write it like %d/%m/%Y"));
    }
}
