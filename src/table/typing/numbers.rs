//! Numbers as people write them.

use super::super::names::Words;
use super::super::values::Kind;
use super::{is_missing, watched};
use crate::task::Task;

/// Values that decide whether a column is worth reading as numbers at all.
const PROBE: usize = 1000;
/// Digits that an f64 holds for sure.
const DIGITS: usize = 15;

/// The number that a trimmed text stands for: plain (`-1.5e3`), with a currency sign, in groups of three, in
/// parentheses where it is negative, or as a percentage (`12%` is 0.12).
pub(in crate::table) fn parse_number(text: &str, decimal: char) -> Option<f64> {
    let first = *text.as_bytes().first()?;
    let plain = decimal == '.' && (first.is_ascii_digit() || matches!(first, b'-' | b'+' | b'.'));
    if let Some(value) = plain.then(|| text.parse::<f64>().ok()).flatten() {
        return Some(value).filter(|value| value.is_finite());
    }
    let (text, share) = text.strip_suffix('%').map_or((text, 1.0), |number| (number.trim_end(), 100.0));
    let plain = without_ornaments(text, decimal)?;
    plain.parse().ok().map(|value: f64| value / share).filter(|value| value.is_finite())
}

/// The text without currency sign and grouping, with a point as decimal mark.
fn without_ornaments(text: &str, decimal: char) -> Option<String> {
    // Accountants write a negative amount in parentheses.
    let (text, in_debt) = match text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(amount) if !amount.contains(['-', '(']) => (amount.trim(), true),
        _ => (text, false),
    };
    let negative = in_debt || text.starts_with('-');
    let bare = text.trim_start_matches(['-', '+']).trim_matches(|c: char| "$€£¥".contains(c) || c.is_whitespace());
    if !bare.ends_with(|c: char| c.is_ascii_digit()) || !bare.starts_with(|c: char| c.is_ascii_digit() || c == decimal)
    {
        return None;
    }
    let (whole, fraction) = bare.split_once(decimal).unwrap_or((bare, ""));
    let group = if decimal == ',' { '.' } else { ',' };
    let digits = ungrouped(whole, group)?;
    let sign = if negative { "-" } else { "" };
    let only_digits = fraction.bytes().all(|byte| byte.is_ascii_digit());
    only_digits.then(|| format!("{sign}{digits}.{fraction}0"))
}

/// Digits in groups of three, joined.
fn ungrouped(text: &str, mark: char) -> Option<String> {
    let mut groups = text.split(mark);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let lengths = rest.is_empty() || (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3);
    let joined = format!("{first}{}", rest.concat());
    (lengths && joined.bytes().all(|byte| byte.is_ascii_digit())).then_some(joined)
}

/// Digits that name something: with leading zeros, or more of them than a number holds.
fn is_a_name(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let zero_led = digits.len() > 1 && digits[0] == b'0' && digits[1].is_ascii_digit();
    (zero_led || digits.len() > DIGITS) && digits.iter().all(u8::is_ascii_digit)
}

type Numbers = (Vec<f64>, Vec<(u32, String)>);

/// Reads a column as numbers, with the rows that could not be read; `None` where it is no column of numbers.
pub(super) fn read(texts: &[Option<&str>], decimal: char, unreadable: f64, task: &Task) -> Option<Numbers> {
    let present = || texts.iter().flatten().map(|text| text.trim()).filter(|text| !is_missing(text));
    let probe: Vec<bool> = present().take(PROBE).map(|text| parse_number(text, decimal).is_some()).collect();
    if probe.is_empty() || probe.iter().filter(|&&read| !read).count() * 10 > probe.len() {
        return None;
    }
    let mut values = Vec::with_capacity(texts.len());
    let mut broken = Vec::new();
    for (row, text) in (0..).zip(watched(texts, task)) {
        let text = text.map_or("", str::trim);
        let value = if is_a_name(text) { return None } else { parse_number(text, decimal) };
        if value.is_none() && !is_missing(text) {
            broken.push((row, text.to_owned()));
        }
        values.push(value.unwrap_or(f64::NAN));
    }
    let count = values.iter().filter(|value| !value.is_nan()).count() + broken.len();
    (broken.len() as f64 <= unreadable * count as f64).then_some((values, broken))
}

/// The first few texts that are numbers with more than digits, sign and decimal mark: `$84,835.00`, `12%`, `(5)`.
pub(super) fn dressed(texts: &[Option<&str>], decimal: char) -> Vec<String> {
    const SHOWN: usize = 5;
    let plain = |letter: char| letter.is_ascii_digit() || letter == decimal || "+-eE".contains(letter);
    let present = texts.iter().flatten().map(|text| text.trim()).filter(|text| !is_missing(text)).take(PROBE);
    let mut found: Vec<String> = Vec::new();
    for text in present.filter(|text| !text.chars().all(plain) && parse_number(text, decimal).is_some()) {
        if found.len() < SHOWN && !found.iter().any(|other| other == text) {
            found.push(text.to_owned());
        }
    }
    found
}

/// What kind of numbers these are.
pub(super) fn kind(values: &[f64], words: &Words) -> Kind {
    let present = || values.iter().copied().filter(|value| !value.is_nan());
    if present().next().is_none() {
        return Kind::Number;
    }
    if present().any(|value| value.fract() != 0.0) {
        return Kind::Number;
    }
    let (low, high) = present().fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
    if (low, high) == (0.0, 1.0) {
        return Kind::YesNo;
    }
    if words.names_a_year() && low >= 1800.0 && high <= 2100.0 { Kind::Year } else { Kind::Whole }
}
