//! One input column with what was fitted for it, and its application.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Treatment;
use super::bend::Bend;
use super::nearest::Nearest;
use super::words::number;
use crate::matrix::{Block, Coded, Column, Values};

/// An input column and how it becomes columns of the matrix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Feature {
    /// The column's name in the source.
    pub column: String,
    /// How its values are encoded.
    #[serde(flatten)]
    pub encoding: Encoding,
    /// Columns of 0 and 1 beside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indicators: Vec<Indicator>,
}

/// A column that says of each row whether something was so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Indicator {
    /// What it says.
    pub of: Sign,
    /// Subtracted.
    pub centre: f64,
    /// Divided by.
    pub spread: f64,
    /// Multiplied by.
    pub weight: f64,
}

/// What an indicator says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// The value was missing.
    Missing,
    /// The value lay outside the bounds.
    Outside,
}

/// How values are encoded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// As one number.
    Number(Number),
    /// As a category that weighs like one number.
    Category(Category),
}

/// A fitted numeric column, carried out in the order of the fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Number {
    /// For yes/no columns written as text: the texts for no and yes.
    pub yes_no: Option<(String, String)>,
    /// Subtracted first: the earliest date of a date column, else 0.
    pub start: f64,
    /// Divided by then: the seconds of a day for a date column, else 1.
    pub unit: f64,
    /// The bounds and what happens outside.
    pub limits: Option<Limits>,
    /// For a category as numbers: the number of each level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codes: Option<Box<Codes>>,
    /// What gaps are filled with; `None`: their rows are left out.
    pub fill: Option<f64>,
    /// Where gaps are filled by other customers: those.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<Box<Nearest>>,
    /// Whether log(1 + x) is taken.
    pub log: bool,
    /// How the distribution is bent then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bend: Option<Bend>,
    /// Subtracted.
    pub centre: f64,
    /// Divided by.
    pub spread: f64,
    /// Multiplied by.
    pub weight: f64,
}

/// The numbers that stand for the levels of a category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Codes {
    /// Spellings and what is written instead, in order.
    pub merged: Vec<(String, String)>,
    /// The levels, sorted, each with its number.
    pub levels: Vec<(String, f64)>,
    /// The number of a level that was never seen; `None`: it is missing.
    pub other: Option<f64>,
}

/// Bounds, in the column's units (days since the earliest for dates).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// Values below are treated.
    pub low: Option<f64>,
    /// Values above are treated.
    pub high: Option<f64>,
    /// What happens to them.
    pub treatment: Treatment,
}

/// A fitted category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Category {
    /// Spellings and what is written instead, in order.
    pub merged: Vec<(String, String)>,
    /// The levels, sorted.
    pub levels: Vec<String>,
    /// The level that stands for rare and unknown ones.
    pub other: Option<usize>,
    /// The level that gaps are filled with; `None`: their rows are left out.
    pub fill: Option<usize>,
    /// The share of each level.
    pub shares: Vec<f64>,
    /// Whether the shares are subtracted, as a mean is.
    pub centred: bool,
    /// Multiplied by.
    pub factor: f64,
    /// The part of the factor that the recipe's weights ask for.
    #[serde(default = "unweighted")]
    pub weight: f64,
}

fn unweighted() -> f64 {
    1.0
}

/// Why a value cannot stand in the matrix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Gone {
    Missing,
    Below(f64, f64),
    Above(f64, f64),
    NoLogarithm(f64),
    OffScale(f64),
}

impl fmt::Display for Gone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value| number(value, 6);
        match *self {
            Self::Missing => f.write_str("is missing"),
            Self::Below(value, low) => write!(f, "{} is below {}", shown(value), shown(low)),
            Self::Above(value, high) => write!(f, "{} is above {}", shown(value), shown(high)),
            Self::OffScale(value) => write!(f, "{} cannot be transformed", shown(value)),
            Self::NoLogarithm(value) => write!(f, "{} has no log(1 + x)", shown(value)),
        }
    }
}

/// A column of the source as columns of the matrix.
pub(super) struct Placed {
    /// One value a row for each column of the matrix; 0 in rows that are left out.
    pub columns: Vec<Vec<f64>>,
    /// The rows whose gap was filled, ascending.
    pub filled: Vec<usize>,
    /// The rows that are left out, ascending, and why.
    pub gone: Vec<(usize, Gone)>,
}

impl Feature {
    /// The names of its columns in the matrix.
    pub fn outputs(&self) -> Vec<String> {
        let mut names: Vec<String> = match &self.encoding {
            Encoding::Number(_) => vec![self.column.clone()],
            Encoding::Category(category) => {
                category.outputs().map(|level| format!("{}={}", self.column, category.levels[level])).collect()
            }
        };
        names.extend(self.indicators.iter().map(|indicator| format!("{} {}", self.column, indicator.of.word())));
        names
    }

    /// A category's place in the matrix, its columns beginning at `first`.
    pub(super) fn block(&self, first: usize) -> Option<Block> {
        match &self.encoding {
            Encoding::Number(_) => None,
            Encoding::Category(category) => Some(category.block(first)),
        }
    }

    /// Encodes a column, row by row; `by_others` are the rows whose gap other customers fill, with what.
    pub(super) fn place(&self, column: &Column, by_others: &[(usize, f64)]) -> Placed {
        let mut placed = match &self.encoding {
            Encoding::Number(number) => number.place(column, by_others),
            Encoding::Category(category) => category.place(column),
        };
        for indicator in &self.indicators {
            placed.columns.push(indicator.place(&self.says(indicator.of, column)));
        }
        placed
    }

    /// 1 in the rows where it is so, else 0.
    pub(super) fn says(&self, sign: Sign, column: &Column) -> Vec<f64> {
        let flag = |is: bool| f64::from(u8::from(is));
        match (&self.encoding, sign) {
            (Encoding::Number(number), _) => {
                number.read(column).into_iter().map(|value| flag(number.says(sign, value))).collect()
            }
            (Encoding::Category(_), _) => {
                (0..column.values.len()).map(|row| flag(column.values.is_missing(row))).collect()
            }
        }
    }
}

impl Indicator {
    fn place(&self, flags: &[f64]) -> Vec<f64> {
        flags.iter().map(|flag| (flag - self.centre) / self.spread * self.weight).collect()
    }
}

impl Sign {
    /// What stands behind the column's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Outside => "outside",
        }
    }
}

impl Codes {
    fn number(&self, text: &str) -> f64 {
        let text = merged(&self.merged, text);
        let place = self.levels.binary_search_by(|(level, _)| level.as_str().cmp(text)).ok();
        place.map(|place| self.levels[place].1).or(self.other).unwrap_or(f64::NAN)
    }
}

/// What is written for a text, after merging.
fn merged<'a>(spellings: &'a [(String, String)], text: &'a str) -> &'a str {
    spellings.iter().fold(text, |text, (from, to)| if text == from { to } else { text })
}

impl Number {
    /// A column whose values stand in the matrix as they are.
    pub(super) fn plain(yes_no: Option<(String, String)>) -> Self {
        Self {
            yes_no,
            start: 0.0,
            unit: 1.0,
            limits: None,
            codes: None,
            fill: None,
            nearest: None,
            log: false,
            bend: None,
            centre: 0.0,
            spread: 1.0,
            weight: 1.0,
        }
    }

    /// The values in the column's units; what is no finite number is missing.
    pub(super) fn read(&self, column: &Column) -> Vec<f64> {
        if let Some(codes) = &self.codes {
            let coded = coded(column);
            let numbers: Vec<f64> = coded.levels.iter().map(|text| codes.number(text)).collect();
            return coded.codes.iter().map(|&code| numbers.get(code as usize).copied().unwrap_or(f64::NAN)).collect();
        }
        match &column.values {
            Values::Number(values) => values.iter().map(|&value| self.convert(value)).collect(),
            Values::Text(coded) => {
                let parsed: Vec<f64> = coded.levels.iter().map(|text| self.convert(self.parse(text))).collect();
                coded.codes.iter().map(|&code| parsed.get(code as usize).copied().unwrap_or(f64::NAN)).collect()
            }
        }
    }

    /// A value of the source in the column's units: days since the earliest for dates.
    pub(super) fn convert(&self, value: f64) -> f64 {
        if value.is_finite() { (value - self.start) / self.unit } else { f64::NAN }
    }

    fn parse(&self, text: &str) -> f64 {
        match &self.yes_no {
            Some((no, _)) if no == text => 0.0,
            Some((_, yes)) if yes == text => 1.0,
            _ => text.trim().parse().unwrap_or(f64::NAN),
        }
    }

    /// A value before scaling, and whether it was filled.
    pub(super) fn clean(&self, value: f64) -> Result<(f64, bool), Gone> {
        let (value, filled) =
            if value.is_nan() { (self.fill.ok_or(Gone::Missing)?, true) } else { (self.bounded(value)?, false) };
        Ok((self.shaped(value)?, filled))
    }

    /// A value that is there, as the logarithm and the bend make it.
    fn shaped(&self, value: f64) -> Result<f64, Gone> {
        let logarithm = if self.log { value.ln_1p() } else { value };
        let shaped = self.bend.as_ref().map_or(logarithm, |bend| bend.apply(logarithm));
        match (shaped.is_finite(), self.log) {
            (true, _) => Ok(shaped),
            (false, true) => Err(Gone::NoLogarithm(value)),
            (false, false) => Err(Gone::OffScale(value)),
        }
    }

    /// The values within their bounds, gaps as they are: what customers are compared by.
    pub(super) fn comparable(&self, column: &Column) -> Vec<f64> {
        self.read(column).into_iter().map(|value| self.bounded(value).unwrap_or(f64::NAN)).collect()
    }

    fn says(&self, sign: Sign, value: f64) -> bool {
        match sign {
            Sign::Missing => value.is_nan(),
            Sign::Outside => self.limits.is_some_and(|limits| limits.exclude(value)),
        }
    }

    pub(super) fn bounded(&self, value: f64) -> Result<f64, Gone> {
        let Some(limits) = self.limits else { return Ok(value) };
        let below = limits.low.filter(|&low| value < low);
        let above = limits.high.filter(|&high| value > high);
        match (limits.treatment, below, above) {
            (Treatment::Cap | Treatment::Winsorise, Some(bound), _)
            | (Treatment::Cap | Treatment::Winsorise, None, Some(bound)) => Ok(bound),
            (Treatment::Drop, Some(low), _) => Err(Gone::Below(value, low)),
            (Treatment::Drop, None, Some(high)) => Err(Gone::Above(value, high)),
            _ => Ok(value),
        }
    }

    fn place(&self, column: &Column, by_others: &[(usize, f64)]) -> Placed {
        let values = self.read(column);
        let mut placed = Placed { columns: vec![vec![0.0; values.len()]], filled: Vec::new(), gone: Vec::new() };
        let mut others = by_others.iter().peekable();
        for (row, &value) in values.iter().enumerate() {
            let clean = match others.next_if(|(other, _)| *other == row) {
                Some(&(_, value)) => self.shaped(value).map(|value| (value, true)),
                None => self.clean(value),
            };
            match clean {
                Err(gone) => placed.gone.push((row, gone)),
                Ok((value, filled)) => {
                    placed.columns[0][row] = (value - self.centre) / self.spread * self.weight;
                    placed.filled.extend(filled.then_some(row));
                }
            }
        }
        placed
    }
}

impl Limits {
    /// Whether a value lies outside.
    pub fn exclude(&self, value: f64) -> bool {
        self.low.is_some_and(|low| value < low) || self.high.is_some_and(|high| value > high)
    }
}

impl Category {
    /// The levels that have a column of their own: two values need one column only.
    pub fn outputs(&self) -> std::ops::Range<usize> {
        if self.levels.len() == 2 { 1..2 } else { 0..self.levels.len() }
    }

    /// What is written for a text, after merging.
    pub(super) fn merge<'a>(&'a self, text: &'a str) -> &'a str {
        merged(&self.merged, text)
    }

    /// The level of a text; one that was not seen before is the pooled level, if there is one.
    pub(super) fn level(&self, text: &str) -> Option<usize> {
        let text = self.merge(text);
        self.levels.binary_search_by(|level| level.as_str().cmp(text)).ok().or(self.other)
    }

    /// The value of a matrix column for a row of this level. A level never seen is none of them:
    /// zero in every column, and between the two where one column says which of two.
    pub(super) fn value(&self, level: Option<usize>, output: usize) -> f64 {
        let share = self.shares[output];
        let here = match level {
            Some(level) => f64::from(u8::from(level == output)),
            None if self.levels.len() == 2 => share,
            None => 0.0,
        };
        (if self.centred { here - share } else { here }) * self.factor
    }

    fn block(&self, first: usize) -> Block {
        let outputs = self.outputs();
        let elsewhere = |output: usize| self.value(Some(if output == 0 { 1 } else { 0 }), output);
        Block {
            columns: first..first + outputs.len(),
            on: outputs.clone().map(|output| self.value(Some(output), output)).collect(),
            off: outputs.map(elsewhere).collect(),
            weight: self.weight,
        }
    }

    fn place(&self, column: &Column) -> Placed {
        let coded = coded(column);
        let levels: Vec<Option<usize>> = coded.levels.iter().map(|text| self.level(text)).collect();
        let rows = coded.codes.len();
        let outputs: Vec<usize> = self.outputs().collect();
        let mut placed = Placed { columns: vec![vec![0.0; rows]; outputs.len()], filled: Vec::new(), gone: Vec::new() };
        for (row, &code) in coded.codes.iter().enumerate() {
            let known = levels.get(code as usize).copied();
            if known.is_none() && self.fill.is_none() {
                placed.gone.push((row, Gone::Missing));
                continue;
            }
            let level = known.unwrap_or(self.fill);
            // A level that was never seen is replaced by a guess, as a gap is.
            placed.filled.extend((known.is_none() || level.is_none()).then_some(row));
            for (values, &output) in placed.columns.iter_mut().zip(&outputs) {
                values[row] = self.value(level, output);
            }
        }
        placed
    }
}

/// The column as text; numbers in their shortest form.
pub(super) fn coded(column: &Column) -> Cow<'_, Coded> {
    match &column.values {
        Values::Text(coded) => Cow::Borrowed(coded),
        Values::Number(values) => {
            let texts: Vec<Option<String>> =
                values.iter().map(|value| value.is_finite().then(|| value.to_string())).collect();
            Cow::Owned(Coded::from_texts(texts.iter().map(Option::as_deref)))
        }
    }
}
