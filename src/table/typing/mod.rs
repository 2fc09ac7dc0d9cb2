//! What kind of values a column holds, and the values themselves.

mod amounts;
mod dates;
mod numbers;

pub use amounts::parse_amount;
pub(super) use dates::compact as compact_date;
pub use dates::seconds;
pub(super) use numbers::parse_number;

use std::collections::BTreeMap;

use super::names::Words;
use super::values::Kind;
use crate::matrix::{Coded, Values};
use crate::task::{Cancelled, Task};

/// The share of values that may be unreadable in a column that is numbers or dates all the same.
const UNREADABLE: f64 = 0.02;

/// The values of a column with what typing found out about them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Typed {
    pub values: Values,
    pub kind: Kind,
    pub date_format: Option<String>,
    pub yes_no: Option<(String, String)>,
    /// Rows whose text could not be read as the column's kind; they are missing in the values.
    pub unreadable: Vec<(u32, String)>,
    /// The spellings of "no value" with their rows, most frequent first.
    pub gaps: Vec<(String, usize)>,
    /// Of numbers the first few that are written with more than digits: `$84,835.00`.
    pub dressed: Vec<String>,
}

impl Typed {
    pub fn new(values: Values, kind: Kind) -> Self {
        Self {
            values,
            kind,
            date_format: None,
            yes_no: None,
            unreadable: Vec::new(),
            gaps: Vec::new(),
            dressed: Vec::new(),
        }
    }

    /// A column of numbers that was typed in its source.
    pub fn from_numbers(values: Vec<f64>, words: &Words) -> Self {
        let values: Vec<f64> =
            values.into_iter().map(|value| if value.is_finite() { value } else { f64::NAN }).collect();
        if let Some(seconds) = dates::from_compact(&values, words) {
            let date_format = Some("%Y%m%d".to_owned());
            return Self { date_format, ..Self::new(Values::Number(seconds), Kind::Date) };
        }
        let kind = numbers::kind(&values, words);
        Self::new(Values::Number(values), kind)
    }

    /// A column of yes and no that was typed in its source.
    pub fn from_bools(values: Vec<f64>) -> Self {
        let yes_no = Some(("false".to_owned(), "true".to_owned()));
        Self { yes_no, ..Self::new(Values::Number(values), Kind::YesNo) }
    }

    /// A column of dates that was typed in its source, in seconds.
    pub fn from_seconds(values: Vec<f64>) -> Self {
        Self::new(Values::Number(values), Kind::Date)
    }

    /// A column of text that was written as text on purpose: never numbers.
    ///
    /// # Errors
    /// [`Cancelled`] where the task is.
    pub fn from_texts(texts: &[Option<&str>], task: &Task) -> Result<Self, Cancelled> {
        let present = watched(texts, task).map(|text| text.filter(|text| !is_missing(text)));
        let coded = Coded::from_texts(present);
        task.check()?;
        let typed = Self::yes_no(&coded).or_else(|| Self::dates(&coded));
        Ok(typed.unwrap_or_else(|| Self::new(Values::Text(coded), Kind::Text)).with_gaps(texts))
    }

    /// A column of a delimited text, where the kind has to be found out.
    ///
    /// # Errors
    /// [`Cancelled`] where the task is.
    pub fn from_written(texts: &[Option<&str>], words: &Words, decimal: char, task: &Task) -> Result<Self, Cancelled> {
        let unreadable = if words.names_a_code() { 0.0 } else { UNREADABLE };
        let numbers = numbers::read(texts, decimal, unreadable, task);
        task.check()?;
        match numbers {
            Some((values, unreadable)) => {
                let dressed = numbers::dressed(texts, decimal);
                Ok(Self { unreadable, dressed, ..Self::from_numbers(values, words) }.with_gaps(texts))
            }
            None => Self::from_texts(texts, task),
        }
    }

    /// A column of two texts that mean no and yes; `None` where they do not.
    pub fn yes_no(coded: &Coded) -> Option<Self> {
        yes_no(coded)
    }

    /// A column of dates, written in the way that reads most of them; `None` where they are none.
    pub fn dates(coded: &Coded) -> Option<Self> {
        dates::read(coded)
    }

    /// Counts how the gaps are written.
    pub fn with_gaps(self, texts: &[Option<&str>]) -> Self {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let gaps = texts.iter().enumerate().filter(|(row, _)| self.values.is_missing(*row));
        for text in gaps.map(|(_, text)| text.unwrap_or_default()).filter(|text| is_missing(text)) {
            *counts.entry(text).or_default() += 1;
        }
        let mut gaps: Vec<(String, usize)> = counts.into_iter().map(|(text, rows)| (text.to_owned(), rows)).collect();
        gaps.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
        Self { gaps, ..self }
    }
}

/// The items of a long column; they end early where the task is cancelled, so it has to be checked afterwards.
pub(super) fn watched<'a, T: Copy>(items: &'a [T], task: &'a Task) -> impl Iterator<Item = T> + 'a {
    items.chunks(1 << 14).take_while(|_| !task.is_cancelled()).flatten().copied()
}

/// Whether a text is one of the spellings of "no value".
pub(super) fn is_missing(text: &str) -> bool {
    const SPELLINGS: [&str; 14] =
        ["", "na", "n/a", "#n/a", "nan", "null", "none", "-", "?", "inf", "-inf", "+inf", "infinity", "-infinity"];
    let text = text.trim();
    text.len() <= 9 && SPELLINGS.iter().any(|spelling| text.eq_ignore_ascii_case(spelling))
}

/// Two texts that mean no and yes.
fn yes_no(coded: &Coded) -> Option<Typed> {
    const PAIRS: [(&str, &str); 7] =
        [("no", "yes"), ("n", "y"), ("false", "true"), ("f", "t"), ("nein", "ja"), ("non", "oui"), ("off", "on")];
    let plain: Vec<String> = coded.levels.iter().map(|level| level.trim().to_lowercase()).collect();
    let (no, yes) = PAIRS.iter().find(|(no, yes)| {
        plain.iter().all(|text| text == no || text == yes)
            && [no, yes].iter().all(|text| plain.iter().any(|t| t == *text))
    })?;
    let written = |meaning: &str| plain.iter().position(|text| text == meaning).map(|code| coded.levels[code].clone());
    let values: Vec<f64> = plain.iter().map(|text| f64::from(u8::from(text == yes))).collect();
    let typed = Typed::new(Values::Number(spread(coded, &values)), Kind::YesNo);
    Some(Typed { yes_no: written(no).zip(written(yes)), ..typed })
}

/// The value of each row, given the value of each level.
fn spread(coded: &Coded, values: &[f64]) -> Vec<f64> {
    coded.codes.iter().map(|&code| values.get(code as usize).copied().unwrap_or(f64::NAN)).collect()
}

/// The number of distinct values, without the missing.
pub(super) fn distinct(values: &Values) -> usize {
    match values {
        Values::Text(coded) => coded.levels.len(),
        Values::Number(numbers) => {
            // Adding zero makes -0 and 0 one value.
            let present = numbers.iter().filter(|value| !value.is_nan()).map(|value| (value + 0.0).to_bits());
            let mut bits: Vec<u64> = present.collect();
            bits.sort_unstable();
            bits.dedup();
            bits.len()
        }
    }
}

/// The number of rows without a value.
pub(super) fn missing(values: &Values) -> usize {
    match values {
        Values::Text(coded) => coded.codes.iter().filter(|&&code| code == Coded::MISSING).count(),
        Values::Number(numbers) => numbers.iter().filter(|value| value.is_nan()).count(),
    }
}

#[cfg(test)]
mod tests;
