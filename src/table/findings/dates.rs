//! Dates whose days and months cannot be told apart.

use chrono::{DateTime, Datelike};

use super::super::figures::written;
use super::super::values::{Field, Finding, FindingKind, Kind, Role};
use super::note;

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
    let message = "days and months cannot be told apart".to_owned();
    let found = note(FindingKind::AmbiguousDates, Some(field.name()), present().count(), message);
    Some(found.with_examples(present().map(|value| written(field, value))).by_default(format!("read {order}")))
}
