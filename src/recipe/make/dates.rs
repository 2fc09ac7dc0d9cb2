//! Parts of dates, and days between them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike};
use serde::{Deserialize, Serialize};

use super::input::Input;
use super::{Made, Make, first_name, known, told_gaps};
use crate::matrix::Column;
use crate::recipe::{DatePart, RecipeError, Step};
use crate::table::{Kind, Table};

const SECONDS_A_DAY: f64 = 86_400.0;

/// A part of a date.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartOf {
    date: Input,
    part: DatePart,
    name: String,
}

/// The column, which has to hold dates.
fn date(step: &Step, column: &str, table: &Table) -> Result<Input, RecipeError> {
    let field = known(column, &format!("step \"{}\"", step.word()), table)?;
    match field.kind {
        Kind::Date => Ok(Input::of(field)),
        _ => Err(step.refused("the column holds no dates", "leave the step out")),
    }
}

impl PartOf {
    pub fn new(step: &Step, column: &str, part: DatePart, table: &Table) -> Result<Self, RecipeError> {
        Ok(Self { date: date(step, column, table)?, part, name: first_name(step) })
    }

    fn of(&self, seconds: f64) -> Option<f64> {
        let time = moment(seconds)?;
        Some(f64::from(match self.part {
            DatePart::Year => time.year(),
            DatePart::Quarter => time.month0() as i32 / 3 + 1,
            DatePart::Month => time.month() as i32,
            DatePart::Week => time.iso_week().week() as i32,
            DatePart::Day => time.day() as i32,
            DatePart::Weekday => time.weekday().number_from_monday() as i32,
            DatePart::Hour => time.hour() as i32,
        }))
    }
}

fn moment(seconds: f64) -> Option<NaiveDateTime> {
    let seconds = Some(seconds).filter(|seconds| seconds.is_finite())?;
    DateTime::from_timestamp(seconds.floor() as i64, 0).map(|time| time.naive_utc())
}

impl Make for PartOf {
    fn outputs(&self) -> Vec<String> {
        vec![self.name.clone()]
    }

    fn inputs(&self) -> Vec<&str> {
        vec![&self.date.column]
    }

    fn make(&self, columns: &[&Column]) -> Result<Vec<Made>, RecipeError> {
        let seconds = self.date.numbers(columns[0]);
        let values = seconds.iter().map(|&seconds| self.of(seconds).unwrap_or(f64::NAN)).collect();
        let kind = if self.part == DatePart::Year { Kind::Year } else { Kind::Whole };
        Ok(vec![Made::numbers(&self.name, values, kind)])
    }

    fn told(&self, _before: &[&Column], after: &[Made]) -> String {
        told_gaps(after)
    }
}

/// Whole spans of 24 hours from a date on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DaysSince {
    date: Input,
    /// Until when, in seconds since 1970.
    until: f64,
    name: String,
}

impl DaysSince {
    pub fn fit(step: &Step, column: &str, until: Option<&str>, table: &Table) -> Result<Self, RecipeError> {
        let date = date(step, column, table)?;
        let field = known(column, "", table)?;
        let newest = || date.numbers(&field.column).iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let until = match until {
            Some(day) => stated(step, day)?,
            None => Some(newest()).filter(|newest| newest.is_finite()).ok_or(RecipeError::AllMissing(column.into()))?,
        };
        Ok(Self { date, until, name: first_name(step) })
    }
}

fn stated(step: &Step, day: &str) -> Result<f64, RecipeError> {
    let date = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok().and_then(|day| day.and_hms_opt(0, 0, 0));
    date.map(|date| date.and_utc().timestamp() as f64)
        .ok_or_else(|| step.refused(format!("until = \"{day}\" is no day"), "write it like 2014-06-30"))
}

impl Make for DaysSince {
    fn outputs(&self) -> Vec<String> {
        vec![self.name.clone()]
    }

    fn inputs(&self) -> Vec<&str> {
        vec![&self.date.column]
    }

    fn make(&self, columns: &[&Column]) -> Result<Vec<Made>, RecipeError> {
        let seconds = self.date.numbers(columns[0]);
        let values = seconds.iter().map(|seconds| ((self.until - seconds) / SECONDS_A_DAY).floor()).collect();
        Ok(vec![Made::numbers(&self.name, values, Kind::Whole)])
    }

    fn told(&self, _before: &[&Column], after: &[Made]) -> String {
        let until = moment(self.until).map(|time| time.date().to_string()).unwrap_or_default();
        format!("{}, until {until}", told_gaps(after))
    }
}
