//! Figures in messages.

use chrono::DateTime;

use super::values::{Field, Kind};

/// A number with thousands in groups, at most four decimals: `51,381.5`.
pub(super) fn grouped(value: f64) -> String {
    if value.abs() >= 1e15 {
        return format!("{value:e}");
    }
    let text = format!("{:.4}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    let mut out = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{out}{point}{fraction}")
}

/// A count with thousands in groups.
pub(super) fn count(value: usize) -> String {
    grouped(value as f64)
}

/// A count with its noun in the right number: `1 row`, `24 gaps`.
pub(super) fn counted(value: usize, noun: &str) -> String {
    let plural = if value == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", count(value))
}

/// A value of this field as a message shows it.
pub(super) fn shown(field: &Field, value: f64) -> String {
    match field.kind {
        Kind::Year => value.to_string(),
        Kind::Date => written(field, value),
        _ => grouped(value),
    }
}

/// A value of this field as it stands in the source.
pub(super) fn written(field: &Field, value: f64) -> String {
    match (field.kind, DateTime::from_timestamp(value as i64, 0)) {
        (Kind::Date, Some(time)) => match field.date_format.as_deref() {
            Some(format) => time.format(format).to_string(),
            None => time.naive_utc().to_string(),
        },
        _ => value.to_string(),
    }
}

/// The first names, and how many more there are.
pub(super) fn listed(names: &[String], limit: usize) -> String {
    match names.len().checked_sub(limit) {
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..limit].join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_well() {
        assert_eq!(grouped(666_666.0), "666,666");
        assert_eq!(grouped(51_381.5), "51,381.5");
        assert_eq!(grouped(-1_234.567_89), "-1,234.5679");
        assert_eq!(grouped(0.25), "0.25");
        assert_eq!(grouped(1e300), "1e300");
        assert_eq!(counted(1, "row"), "1 row");
        assert_eq!(counted(541_909, "row"), "541,909 rows");
        assert_eq!(listed(&["a".into(), "b".into(), "c".into()], 2), "a, b and 1 more");
    }
}
