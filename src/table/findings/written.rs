//! Numbers that are written as text, and columns in which numbers and words stand side by side.

use super::super::figures::{counted, listed};
use super::super::typing::{parse_amount, parse_number};
use super::super::values::{Field, Finding, FindingKind, Kind, Remedy, Role, Severity};
use super::{note, words};
use crate::matrix::Coded;

/// From this share of readable values on a text column holds numbers.
const NUMBERS: f64 = 0.9;
/// From this share on, of numbers as well as of words, it holds both.
const BOTH: f64 = 0.02;
/// Of fewer values nothing can be said.
const ENOUGH: usize = 5;

/// What the values of a text column look like as numbers.
pub(super) fn check(field: &Field) -> Option<Finding> {
    if !field.dressed.is_empty() && field.role != Role::Id {
        let message = format!("numbers written as text: {}", listed(&field.dressed, 3));
        let found = note(FindingKind::NumbersAsText, Some(field.name()), field.column.values.len(), message);
        return Some(found.with_examples(field.dressed.clone()).by_default("read as numbers"));
    }
    let coded = field.column.values.text().filter(|_| field.kind == Kind::Text)?;
    if field.role == Role::Id || field.personal.is_some() || words(field).names_a_code() {
        return None;
    }
    let reading = Reading::of(coded);
    let present = reading.numbers + reading.words;
    if present < ENOUGH || reading.numbers == 0 || reading.is_of_names(coded) {
        return None;
    }
    let share = reading.numbers as f64 / present as f64;
    match share {
        _ if share >= NUMBERS => Some(as_text(field, coded, &reading)),
        _ if (BOTH..=1.0 - BOTH).contains(&share) => Some(mixed(field, coded, &reading)),
        _ => None,
    }
}

/// Which levels can be read as amounts, and in how many rows they stand.
struct Reading {
    amounts: Vec<bool>,
    numbers: usize,
    words: usize,
}

impl Reading {
    fn of(coded: &Coded) -> Self {
        let amounts: Vec<bool> = coded.levels.iter().map(|text| parse_amount(text).is_some()).collect();
        let (mut numbers, mut words) = (0, 0);
        for &is_amount in coded.codes.iter().filter_map(|&code| amounts.get(code as usize)) {
            *(if is_amount { &mut numbers } else { &mut words }) += 1;
        }
        Self { amounts, numbers, words }
    }

    /// Digits that name something, `00123`, were left as text on purpose.
    fn is_of_names(&self, coded: &Coded) -> bool {
        let is_name = |text: &String| {
            let text = text.trim();
            text.len() > 1
                && text.bytes().all(|byte| byte.is_ascii_digit())
                && (text.starts_with('0') || text.len() > 15)
        };
        coded.levels.iter().any(is_name)
    }

    /// The levels that are amounts, or those that are not.
    fn texts(&self, coded: &Coded, amounts: bool) -> Vec<String> {
        let levels = coded.levels.iter().zip(&self.amounts).filter(|&(_, &is_amount)| is_amount == amounts);
        levels.map(|(text, _)| text.clone()).collect()
    }
}

fn parse(field: &Field) -> Remedy {
    Remedy::ParseNumbers { column: field.name().to_owned() }
}

fn ignore(field: &Field) -> Remedy {
    Remedy::SetRole { column: field.name().to_owned(), role: Role::Ignore }
}

/// `numbers written as text: 10,000+, 19M`; what is no number becomes a gap.
fn as_text(field: &Field, coded: &Coded, reading: &Reading) -> Finding {
    let (texts, words) = (reading.texts(coded, true), reading.texts(coded, false));
    let dressed: Vec<String> = texts.into_iter().filter(|text| parse_number(text.trim(), '.').is_none()).collect();
    let but = match reading.words {
        0 => String::new(),
        rows => format!("; {} not: {}", counted(rows, "value"), listed(&words, 2)),
    };
    let message = format!("numbers written as text: {}{but}", listed(&dressed, 3));
    note(FindingKind::NumbersAsText, Some(field.name()), reading.numbers, message)
        .severe(Severity::Warning)
        .with_examples(dressed)
        .with_remedies([parse(field), ignore(field)])
        .by_default("stays text")
}

/// `70 numbers and 30 words: 12, 15 · old, new`.
fn mixed(field: &Field, coded: &Coded, reading: &Reading) -> Finding {
    let (numbers, words) = (reading.texts(coded, true), reading.texts(coded, false));
    let counts = format!("{} and {}", counted(reading.numbers, "number"), counted(reading.words, "word"));
    let message = format!("{counts} in one column: {}, {}", listed(&numbers[..1], 1), listed(&words[..1], 1));
    note(FindingKind::MixedTypes, Some(field.name()), reading.numbers.min(reading.words), message)
        .severe(Severity::Warning)
        .with_examples(numbers.into_iter().take(2).chain(words.into_iter().take(3)))
        .with_remedies([parse(field), ignore(field)])
        .by_default("stays text")
}
