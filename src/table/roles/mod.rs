//! What each column is for, and why: the proposal that the user changes by one key or option.

mod shape;

pub(super) use shape::shape;

use super::names::Words;
use super::values::{Field, Kind, Role, Shape};
use crate::matrix::{Coded, Values};

/// A text with more levels than this is not compared level by level.
const LEVELS: usize = 100;
/// Whole-number codes have few levels.
const CODE_LEVELS: usize = 30;
/// A text longer than this on average is written prose.
const PROSE: f64 = 40.0;
/// A named identifier may repeat in a few rows: those are findings.
const NEARLY_ALL: f64 = 0.95;

/// Gives every field its role and the reason.
pub(super) fn assign(fields: &mut [Field], shape: &Shape) {
    let key = key(fields, shape);
    for (place, field) in fields.iter_mut().enumerate() {
        let words = Words::of(field.name());
        let (role, reason) = match key {
            Some((at, reason)) if at == place => (Role::Id, reason.to_owned()),
            _ => judge(field, &words),
        };
        (field.role, field.reason) = (role, reason);
    }
    only_first(fields, Role::Consent);
}

/// Of several columns with this role the first keeps it, the others describe.
fn only_first(fields: &mut [Field], role: Role) {
    fields.iter_mut().filter(|field| field.role == role).skip(1).for_each(|field| field.role = Role::Describe);
}

/// The column that names the row: the customer's before another's, a named one before text, text before numbers.
fn key(fields: &[Field], shape: &Shape) -> Option<(usize, &'static str)> {
    if let Shape::OrderLines { customer, .. } = shape {
        let place = fields.iter().position(|field| field.name() == customer)?;
        return Some((place, "names the customer"));
    }
    let ranked = fields.iter().enumerate().filter_map(|(place, field)| Some((rank(field)?, place)));
    let ((_, reason), place) = ranked.min()?;
    Some((place, reason))
}

/// How well a column names the rows (0 best), and why; `None` where it does not.
fn rank(field: &Field) -> Option<(u8, &'static str)> {
    let words = Words::of(field.name());
    let present = field.column.values.len() - field.missing;
    if present < 2 || matches!(field.kind, Kind::Date | Kind::YesNo | Kind::Year) || field.personal.is_some() {
        return None;
    }
    let all = field.distinct == present;
    let nearly = field.distinct as f64 >= NEARLY_ALL * present as f64;
    let text = field.kind == Kind::Text;
    let complete = present as f64 >= NEARLY_ALL * field.column.values.len() as f64;
    match () {
        () if nearly && words.names_the_customer() => Some((0, if all { "key: all distinct" } else { "key" })),
        () if all && words.names_an_id() => Some((1, "key: all distinct")),
        () if all && text && complete && mean_length(field) <= PROSE => Some((2, "key: all distinct")),
        () if all && field.missing == 0 && is_consecutive(field) => Some((3, "key: consecutive numbers")),
        () => None,
    }
}

/// Whole numbers without a hole, more of them than a short scale has.
fn is_consecutive(field: &Field) -> bool {
    let Some(numbers) = field.column.values.numbers() else { return false };
    let (low, high) = span(numbers);
    field.kind == Kind::Whole && field.distinct >= 10 && high - low + 1.0 == field.distinct as f64
}

/// The smallest and the largest number.
fn span(numbers: &[f64]) -> (f64, f64) {
    numbers.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| (low.min(value), high.max(value)))
}

/// The mean length of a text column's levels, in characters.
fn mean_length(field: &Field) -> f64 {
    let Some(Coded { levels, .. }) = field.column.values.text() else { return 0.0 };
    levels.iter().map(|level| level.chars().count()).sum::<usize>() as f64 / levels.len().max(1) as f64
}

fn judge(field: &Field, words: &Words) -> (Role, String) {
    let say = |role, reason: &str| (role, reason.to_owned());
    match field.distinct {
        0 => return say(Role::Ignore, "no values"),
        1 => return (Role::Ignore, format!("constant: {}", first_value(field))),
        _ => {}
    }
    if let Some(personal) = field.personal {
        return (Role::Ignore, format!("personal data: {}", personal.noun()));
    }
    let names_rows = words.names_an_id() && field.kind == Kind::Text && field.distinct > CODE_LEVELS;
    if names_rows || rank(field).is_some() || words.names_the_customer() || words.names_the_order() {
        return say(Role::Ignore, "an identifier");
    }
    match field.kind {
        Kind::YesNo if words.names_consent() => say(Role::Consent, "permission to contact"),
        Kind::YesNo if words.names_an_outcome() => say(Role::Outcome, "a result"),
        Kind::YesNo => say(Role::Describe, "yes or no"),
        Kind::Date => (Role::Ignore, dated(field)),
        Kind::Text => judge_text(field),
        Kind::Whole => judge_whole(field, words),
        Kind::Year | Kind::Number => say(Role::Cluster, words.subject()),
    }
}

/// A date, and how it is written where that says more than its figures.
fn dated(field: &Field) -> String {
    let format = field.date_format.as_deref().unwrap_or_default();
    let order = |first: &str, then: &str| format.find(first).zip(format.find(then)).is_some_and(|(a, b)| a < b);
    match () {
        () if !format.contains("%m") || format.starts_with("%Y") => "a date".to_owned(),
        () if order("%d", "%m") => "a date, day-month-year".to_owned(),
        () => "a date, month-day-year".to_owned(),
    }
}

fn judge_text(field: &Field) -> (Role, String) {
    let present = field.column.values.len() - field.missing;
    if mean_length(field) > PROSE {
        return (Role::Ignore, "free text".to_owned());
    }
    let repeats = present < 10 || field.distinct * 2 <= present;
    if field.distinct > LEVELS || !repeats {
        return (Role::Ignore, format!("too many levels: {}", field.distinct));
    }
    (Role::Describe, "a category".to_owned())
}

fn judge_whole(field: &Field, words: &Words) -> (Role, String) {
    let (low, high) = field.column.values.numbers().map_or((0.0, 0.0), span);
    if words.names_a_code() {
        return (Role::Ignore, "a code".to_owned());
    }
    if low == 1.0 && field.distinct <= CODE_LEVELS && words.names_a_category() {
        return (Role::Describe, format!("codes {low}–{high}"));
    }
    (Role::Cluster, words.subject().to_owned())
}

fn first_value(field: &Field) -> String {
    match &field.column.values {
        Values::Text(coded) => coded.levels.first().cloned().unwrap_or_default(),
        Values::Number(values) => {
            values.iter().find(|value| !value.is_nan()).map(ToString::to_string).unwrap_or_default()
        }
    }
}

#[cfg(test)]
mod tests;
