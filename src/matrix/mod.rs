//! The plain values that rooms hand on: typed columns, the matrix, labels.

mod block;
mod labels;

pub use block::{Block, numbers};
pub use labels::{Labels, UNASSIGNED};

use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// A named column of plain values.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The name as it stands in the source.
    pub name: String,
    /// One value a row.
    pub values: Values,
}

/// The values of a column, one a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Numbers; NaN is a missing value. Dates are seconds since 1970-01-01 (UTC, or without a zone).
    Number(Vec<f64>),
    /// Text, each distinct value stored once.
    Text(Coded),
}

/// Text as codes into its distinct values, in order of first appearance.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coded {
    /// One code a row; [`Coded::MISSING`] where the row has no value.
    pub codes: Vec<u32>,
    /// The distinct values.
    pub levels: Vec<String>,
}

impl Coded {
    /// The code of a missing value.
    pub const MISSING: u32 = u32::MAX;

    /// The text of a row, `None` where it is missing.
    pub fn get(&self, row: usize) -> Option<&str> {
        self.codes.get(row).and_then(|&code| self.levels.get(code as usize)).map(String::as_str)
    }

    /// Codes a sequence of texts.
    pub fn from_texts<'a>(texts: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut coded = Self::default();
        let mut seen = std::collections::HashMap::new();
        for text in texts {
            let code = match text {
                None => Self::MISSING,
                Some(text) => *seen.entry(text).or_insert_with(|| {
                    coded.levels.push(text.to_owned());
                    u32::try_from(coded.levels.len() - 1).unwrap_or(Self::MISSING)
                }),
            };
            coded.codes.push(code);
        }
        coded
    }
}

impl Values {
    /// The number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Number(values) => values.len(),
            Self::Text(coded) => coded.codes.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the row has no value.
    pub fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Number(values) => values.get(row).is_none_or(|value| value.is_nan()),
            Self::Text(coded) => coded.codes.get(row).is_none_or(|&code| code == Coded::MISSING),
        }
    }

    /// The numbers, where the column is numeric.
    pub fn numbers(&self) -> Option<&[f64]> {
        match self {
            Self::Number(values) => Some(values),
            Self::Text(_) => None,
        }
    }

    /// The coded text, where the column is text.
    pub fn text(&self) -> Option<&Coded> {
        match self {
            Self::Number(_) => None,
            Self::Text(coded) => Some(coded),
        }
    }
}

/// What the algorithms see: finite numbers, one row a customer that is used.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// (n, d), row-major, finite.
    pub values: Array2<f64>,
    /// One name a column.
    pub names: Vec<String>,
    /// For each row of the matrix the row of the table it came from (0-based, ascending).
    pub rows: Vec<u32>,
    /// The categories among the columns, by rising columns; all other columns are numbers.
    pub blocks: Vec<Block>,
}

impl Matrix {
    /// A matrix whose rows are the table's rows and whose columns are named x1, x2, ….
    pub fn from_values(values: Array2<f64>) -> Self {
        let names = (1..=values.ncols()).map(|column| format!("x{column}")).collect();
        let rows = (0..u32::try_from(values.nrows()).unwrap_or(u32::MAX)).collect();
        let values = values.as_standard_layout().into_owned();
        Self { values, names, rows, blocks: Vec::new() }
    }

    /// The number of rows.
    pub fn nrows(&self) -> usize {
        self.values.nrows()
    }

    /// The number of columns.
    pub fn ncols(&self) -> usize {
        self.values.ncols()
    }

    /// The values as one row-major slice of length n·d.
    pub fn as_slice(&self) -> &[f64] {
        self.values.as_slice().unwrap_or(&[])
    }

    /// One row, length d.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.as_slice()[row * self.ncols()..(row + 1) * self.ncols()]
    }

    /// The matrix of these rows, in this order.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        Self {
            values: self.values.select(ndarray::Axis(0), rows),
            names: self.names.clone(),
            rows: rows.iter().map(|&row| self.rows[row]).collect(),
            blocks: self.blocks.clone(),
        }
    }
}
