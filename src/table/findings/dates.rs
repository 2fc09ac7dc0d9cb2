//! Dates whose days and months cannot be told apart, and the newest date of a file: there is no clock.

use chrono::{DateTime, Datelike};

use super::super::figures::written;
use super::super::values::{Field, Finding, FindingKind, Kind, Role, Table};
use super::amounts::{Bounds, alone};
use super::{note, sorted, words};

/// 1901-01-01: nobody alive was born before.
const OLDEST_BIRTHDAY: f64 = -2_177_452_800.0;

/// A note where no value decides which of the two numbers is the day.
pub(super) fn check(field: &Field) -> Option<Finding> {
    let format = field.date_format.as_deref().filter(|_| field.kind == Kind::Date && field.role != Role::Id)?;
    let open = format.contains("%d") && format.contains("%m") && !format.starts_with("%Y");
    let numbers = field.column.values.numbers()?;
    let present = || numbers.iter().copied().filter(|value| !value.is_nan());
    let day = |seconds: f64| DateTime::from_timestamp(seconds as i64, 0).map_or(0, |time| time.day());
    if !open || present().any(|seconds| day(seconds) > 12) {
        return None;
    }
    let order = if format.find("%d") < format.find("%m") { "day first" } else { "month first" };
    let other = format.replace("%d", "%_").replace("%m", "%d").replace("%_", "%m");
    let message = format!("days and months cannot be told apart; the other way: --type \"{}:{other}\"", field.name());
    let found = note(FindingKind::AmbiguousDates, Some(field.name()), present().count(), message);
    Some(found.with_examples(present().map(|value| written(field, value))).by_default(format!("read {order}")))
}

/// What lies behind every customer: births and beginnings.
fn is_of_the_past(field: &Field) -> bool {
    words(field).names_a_birth() || words(field).names_a_beginning()
}

/// The newest date of the file, births and beginnings aside: nobody was born after it. What stands alone far after
/// all other dates of its column does not count.
pub(super) fn newest(table: &Table) -> Option<f64> {
    let dates = table.fields.iter().filter(|field| field.kind == Kind::Date && !is_of_the_past(field));
    let latest = dates.filter_map(|field| {
        let sorted = sorted(field);
        let inside = alone(&sorted).and_then(|(_, high)| high);
        inside.or_else(|| sorted.last().copied())
    });
    latest.max_by(f64::total_cmp)
}

/// The newest moment that a table knows of: up to which its lines were rolled up, or its newest date.
pub fn until(table: &Table) -> Option<f64> {
    table.source.until.or_else(|| newest(table))
}

/// The bounds of what a date of birth or of a beginning can be, where something lies outside of them.
pub(super) fn possible(table: &Table, field: &Field, sorted: &[f64]) -> Option<Bounds> {
    if field.kind != Kind::Date || !is_of_the_past(field) {
        return None;
    }
    let born = words(field).names_a_birth();
    let low = Some(OLDEST_BIRTHDAY).filter(|&low| born && sorted[0] < low);
    let high = newest(table).filter(|&newest| sorted[sorted.len() - 1] > newest);
    (low.is_some() || high.is_some()).then_some((low, high))
}
