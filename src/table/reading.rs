//! How a column was read, so that later texts and columns are read alike.

use std::borrow::Cow;
use std::fmt::Write as _;

use chrono::DateTime;
use serde::{Deserialize, Serialize};

use super::typing::{compact_date, is_missing, parse_number, seconds};
use super::values::{Field, Kind};
use crate::matrix::{Coded, Column, Values};

/// Dates as sources with types of their own write them, tried where a date is not written as it was.
const ISO: [&str; 5] =
    ["%Y-%m-%d", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.fZ", "%Y-%m-%dT%H:%M:%S%.f%:z"];

/// How a column of a source was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The column's name.
    pub column: String,
    /// What kind of values it holds.
    pub kind: Kind,
    /// For yes/no written as text: the texts for no and yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yes_no: Option<(String, String)>,
    /// How dates are written, in chrono's notation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_format: Option<String>,
}

impl Reading {
    /// How this field was read.
    pub fn of(field: &Field) -> Self {
        Self {
            column: field.name().to_owned(),
            kind: field.kind,
            yes_no: field.yes_no.clone(),
            date_format: field.date_format.clone(),
        }
    }

    /// That a column is to be read as this.
    pub(super) fn told(column: &str, kind: Kind) -> Self {
        Self { column: column.to_owned(), kind, yes_no: None, date_format: None }
    }

    /// The number that a text stands for, dates in seconds; NaN where it is none.
    pub fn number(&self, text: &str, decimal: char) -> f64 {
        let text = text.trim();
        let found = match self.kind {
            Kind::Date => self.date(text),
            Kind::YesNo => self.answer(text).or_else(|| parse_number(text, decimal)),
            Kind::Whole | Kind::Number | Kind::Year | Kind::Text => parse_number(text, decimal),
        };
        found.unwrap_or(f64::NAN)
    }

    fn date(&self, text: &str) -> Option<f64> {
        let told = self.date_format.as_deref().and_then(|format| date_of(text, format));
        told.or_else(|| ISO.iter().find_map(|format| seconds(text, format)))
    }

    fn answer(&self, text: &str) -> Option<f64> {
        let (no, yes) = self.yes_no.as_ref().map_or(("false", "true"), |(no, yes)| (no.trim(), yes.trim()));
        let same = |other: &str| text.to_lowercase() == other.to_lowercase();
        if same(no) { Some(0.0) } else { same(yes).then_some(1.0) }
    }

    /// The values of texts, one a row.
    pub fn values<'a>(&self, texts: impl IntoIterator<Item = Option<&'a str>>, decimal: char) -> Values {
        let present = texts.into_iter().map(|text| text.filter(|text| !is_missing(text)));
        match self.kind {
            Kind::Text => Values::Text(Coded::from_texts(present)),
            _ => Values::Number(present.map(|text| text.map_or(f64::NAN, |text| self.number(text, decimal))).collect()),
        }
    }

    /// The values of a column that has none in any of `rows`.
    pub fn nothing(&self, rows: usize) -> Values {
        self.values(std::iter::repeat_n(None, rows), '.')
    }

    /// The column of a field of another source as this one was read: as it is where it is of the same kind, else by
    /// its texts, whose decimal mark is `decimal`.
    pub fn column<'a>(&self, field: &'a Field, decimal: char) -> Cow<'a, Column> {
        if self.is_alike(field) {
            return Cow::Borrowed(&field.column);
        }
        let texts = texts(field);
        // Numbers are written with a point again.
        let decimal = if field.column.values.numbers().is_some() { '.' } else { decimal };
        let values = self.values(texts.iter().map(Option::as_deref), decimal);
        Cow::Owned(Column { name: self.column.clone(), values })
    }

    fn is_alike(&self, field: &Field) -> bool {
        let plain = |kind| matches!(kind, Kind::Whole | Kind::Number | Kind::Year);
        match (self.kind, field.kind) {
            (Kind::Text, Kind::Text) => true,
            (Kind::Date, Kind::Date) => {
                self.date_format == field.date_format || self.date_format.is_none() || field.date_format.is_none()
            }
            (Kind::YesNo, Kind::YesNo) => true,
            (Kind::YesNo, other) => plain(other),
            (own, Kind::YesNo) => plain(own) && field.yes_no.is_none(),
            (own, other) => plain(own) && plain(other),
        }
    }
}

/// A date that is written in this way and no other.
pub(super) fn date_of(text: &str, format: &str) -> Option<f64> {
    match format {
        "%Y%m%d" => compact_date(parse_number(text, '.')?),
        format => seconds(text, format),
    }
}

/// The values of a field as texts, as its source writes them.
fn texts(field: &Field) -> Vec<Option<String>> {
    let written = |value: f64| match (&field.yes_no, &field.date_format, field.kind) {
        (Some((no, yes)), _, _) => if value == 0.0 { no } else { yes }.clone(),
        (_, Some(format), Kind::Date) => date_text(value, format),
        (_, None, Kind::Date) => date_text(value, "%Y-%m-%d %H:%M:%S%.f"),
        _ => value.to_string(),
    };
    match &field.column.values {
        Values::Text(coded) => (0..coded.codes.len()).map(|row| coded.get(row).map(str::to_owned)).collect(),
        Values::Number(values) => values.iter().map(|&value| (!value.is_nan()).then(|| written(value))).collect(),
    }
}

/// Seconds since 1970 as text; empty where they are no date.
fn date_text(value: f64, format: &str) -> String {
    let nanoseconds = ((value - value.floor()) * 1e9) as u32;
    let mut text = String::new();
    if let Some(time) = DateTime::from_timestamp(value.floor() as i64, nanoseconds) {
        // A way of writing that chrono does not know leaves the text empty.
        let _unwritten = write!(text, "{}", time.naive_utc().format(format));
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn field(texts: &[&str]) -> Field {
        let typed = super::super::typing::Typed::from_written(
            &texts.iter().copied().map(Some).collect::<Vec<_>>(),
            &super::super::names::Words::of("column"),
            '.',
            &crate::task::Task::default(),
        );
        super::super::read::field("column", typed.unwrap())
    }

    fn numbers(reading: &Reading, other: &Field) -> Vec<f64> {
        reading.column(other, '.').values.numbers().unwrap().to_vec()
    }

    #[test]
    fn yes_and_no_are_what_they_were() {
        let reading = Reading::of(&field(&["Nein", "Ja"]));
        // Of yes alone nobody would guess what it is.
        assert_eq!(numbers(&reading, &field(&["ja", "ja"])), [1.0, 1.0]);
        assert_eq!(numbers(&reading, &field(&["0", "1"])), [0.0, 1.0]);
        assert!(reading.number("maybe", '.').is_nan());
    }

    #[test]
    fn texts_stay_texts() {
        let reading = Reading::of(&field(&["no", "yes", "unknown"]));
        let column = reading.column(&field(&["yes", "no"]), '.').into_owned();
        assert_eq!(column.values.text().unwrap().levels, ["yes", "no"]);
        let codes = Reading::of(&field(&["a", "1"])).column(&field(&["1", "2"]), '.').into_owned();
        assert_eq!(codes.values.text().unwrap().levels, ["1", "2"]);
    }

    #[test]
    fn days_and_months_are_not_exchanged() {
        let reading = Reading::of(&field(&["25/12/2020", "01/02/2020"]));
        let ours = reading.number("03/04/2021", '.');
        // Alone these would be taken for months first.
        let other = field(&["03/04/2021", "03/05/2021"]);
        assert_eq!(other.date_format.as_deref(), Some("%m/%d/%Y"));
        assert_eq!(numbers(&reading, &other)[0], ours);
        assert_eq!(reading.number("2021-04-03", '.'), ours);
    }

    #[test]
    fn numbers_are_read_with_their_decimal_mark() {
        let reading = Reading::of(&field(&["1.5", "2"]));
        assert_eq!(reading.number(" $1,200.50 ", '.'), 1200.5);
        assert_eq!(reading.number("1,5", ','), 1.5);
        assert!(reading.values([Some("n/a"), None], '.').is_missing(0));
        assert_eq!(reading.nothing(3).len(), 3);
    }
}
