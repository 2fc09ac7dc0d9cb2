//! Values of a column as they stand in sentences.

use super::columns::Profiled;
use super::nouns::Noun;
use super::spoken::is_recency;
use crate::recipe::words::{number, rounded};
use crate::table::Kind;

/// A mean of the column: shares of yes in per cent, years and dates as such, three digits else.
pub(super) fn mean(kind: Kind, value: f64) -> String {
    match kind {
        Kind::YesNo => percent(value),
        Kind::Year => format!("{value:.0}"),
        Kind::Date => date(value),
        Kind::Whole => rounded(value, 2),
        Kind::Number | Kind::Text => number(value, 3),
    }
}

/// A single value of the column, exactly.
pub(super) fn exact(kind: Kind, value: f64) -> String {
    match kind {
        Kind::Date => date(value),
        Kind::Year => value.to_string(),
        _ => number(value, 15),
    }
}

/// `53.8 %`.
pub(super) fn percent(share: f64) -> String {
    format!("{} %", rounded(100.0 * share, 1))
}

/// ` k$`, or nothing.
pub(super) fn unit(noun: &Noun) -> String {
    noun.unit.as_ref().map_or(String::new(), |unit| format!(" {unit}"))
}

/// `annual income 86.5 k$ (everyone: 60.6)`.
pub(super) fn beside_everyone(column: &Profiled, noun: &Noun, value: f64, superlative: &str) -> String {
    let kind = column.effect.kind;
    let everyone = column.effect.mean.map_or("–".to_owned(), |everyone| mean(kind, everyone));
    if is_recency(noun) {
        let unit = noun.unit.as_deref().unwrap_or("days");
        return format!("last purchase {} {unit} ago{superlative} (everyone: {everyone})", mean(kind, value));
    }
    let share = if kind == Kind::YesNo { "" } else { &unit(noun) };
    format!("{} {}{share}{superlative} (everyone: {everyone})", noun.full, mean(kind, value))
}

/// With a capital letter.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

fn date(seconds: f64) -> String {
    let instant = chrono::DateTime::from_timestamp(seconds as i64, 0);
    instant.map_or("–".to_owned(), |instant| instant.format("%Y-%m-%d").to_string())
}
