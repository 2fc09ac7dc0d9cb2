//! Numbers out of texts, and ratios of numbers.

use serde::{Deserialize, Serialize};

use super::input::{self, by_level};
use super::{Made, Make, first_name, told_gaps};
use crate::matrix::{Column, Values};
use crate::recipe::words::{count, counted};
use crate::recipe::{RecipeError, Step};
use crate::table::{Kind, Table, parse_amount};

/// Reads numbers that are written as text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ParseNumber {
    column: String,
    name: String,
}

impl ParseNumber {
    pub fn new(column: &str, name: &str) -> Self {
        Self { column: column.to_owned(), name: name.to_owned() }
    }
}

impl Make for ParseNumber {
    fn outputs(&self) -> Vec<String> {
        vec![self.name.clone()]
    }

    fn inputs(&self) -> Vec<&str> {
        vec![&self.column]
    }

    fn make(&self, columns: &[&Column]) -> Result<Vec<Made>, RecipeError> {
        let values = match &columns[0].values {
            Values::Number(values) => values.clone(),
            Values::Text(coded) => by_level(coded, |text| parse_amount(text).unwrap_or(f64::NAN)),
        };
        Ok(vec![Made::numbers(&self.name, values, Kind::Number)])
    }

    fn told(&self, before: &[&Column], after: &[Made]) -> String {
        let read = (0..after[0].values.len()).filter(|&row| !after[0].values.is_missing(row)).count();
        let given = (0..before[0].values.len()).filter(|&row| !before[0].values.is_missing(row)).count();
        match given - read {
            0 => format!("{} read", counted(read, "number", "numbers")),
            lost => format!("{} read, {} could not be", counted(read, "number", "numbers"), count(lost)),
        }
    }
}

/// One column divided by another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    column: String,
    by: String,
    name: String,
}

impl Ratio {
    pub fn new(step: &Step, column: &str, by: &str, table: &Table) -> Result<Self, RecipeError> {
        super::expect_numbers(step, &[column, by], table)?;
        Ok(Self { column: column.to_owned(), by: by.to_owned(), name: first_name(step) })
    }
}

impl Make for Ratio {
    fn outputs(&self) -> Vec<String> {
        vec![self.name.clone()]
    }

    fn inputs(&self) -> Vec<&str> {
        vec![&self.column, &self.by]
    }

    fn make(&self, columns: &[&Column]) -> Result<Vec<Made>, RecipeError> {
        let (above, below) = (input::numbers(columns[0]), input::numbers(columns[1]));
        let values = above.iter().zip(below.iter()).map(|(a, b)| a / b).collect();
        Ok(vec![Made::numbers(&self.name, values, Kind::Number)])
    }

    fn told(&self, _before: &[&Column], after: &[Made]) -> String {
        told_gaps(after)
    }
}
