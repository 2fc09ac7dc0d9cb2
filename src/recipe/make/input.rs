//! Columns as a step reads them, whether they were typed or come as text.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::matrix::{Coded, Column, Values};
use crate::recipe::feature::coded;
use crate::table::{self, Field, Kind};

/// A column with the kind that it had when the step was fitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Its name.
    pub column: String,
    /// Its kind.
    pub kind: Kind,
    /// For yes/no written as text: the texts for no and yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yes_no: Option<(String, String)>,
    /// How dates are written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_format: Option<String>,
}

impl Input {
    /// The input that a field is.
    pub fn of(field: &Field) -> Self {
        Self {
            column: field.name().to_owned(),
            kind: field.kind,
            yes_no: field.yes_no.clone(),
            date_format: field.date_format.clone(),
        }
    }

    /// The values as numbers, dates in seconds; what is none is missing.
    pub fn numbers<'a>(&self, column: &'a Column) -> Cow<'a, [f64]> {
        match &column.values {
            Values::Number(values) => Cow::Borrowed(values),
            Values::Text(coded) => Cow::Owned(by_level(coded, |text| self.number(text.trim()))),
        }
    }

    fn number(&self, text: &str) -> f64 {
        let read = || match (&self.yes_no, self.kind, &self.date_format) {
            (Some((no, _)), ..) if no == text => Some(0.0),
            (Some((_, yes)), ..) if yes == text => Some(1.0),
            (_, Kind::Date, Some(format)) => table::seconds(text, format),
            _ => text.parse().ok(),
        };
        read().filter(|value: &f64| value.is_finite()).unwrap_or(f64::NAN)
    }
}

/// The values of a column as texts, numbers in their shortest form.
pub fn texts(column: &Column) -> Cow<'_, Coded> {
    coded(column)
}

/// The numbers of plain columns; texts are read as they are written.
pub fn numbers(column: &Column) -> Cow<'_, [f64]> {
    Input { column: String::new(), kind: Kind::Number, yes_no: None, date_format: None }.numbers(column)
}

/// One number a row, found once a level; rows without a text have none.
pub fn by_level(coded: &Coded, value: impl Fn(&str) -> f64) -> Vec<f64> {
    let levels: Vec<f64> = coded.levels.iter().map(|text| value(text)).collect();
    coded.codes.iter().map(|&code| levels.get(code as usize).copied().unwrap_or(f64::NAN)).collect()
}

/// One text a row, found once a level; equal ones become one level.
pub fn relabelled(coded: &Coded, text: impl Fn(&str) -> Option<String>) -> Coded {
    let levels: Vec<Option<String>> = coded.levels.iter().map(|level| text(level)).collect();
    Coded::from_texts(coded.codes.iter().map(|&code| levels.get(code as usize)?.as_deref()))
}
