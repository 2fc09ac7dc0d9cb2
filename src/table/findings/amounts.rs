//! Outliers, impossible values and skew of the features.

use chrono::{DateTime, Datelike};

use super::super::figures::{count, counted, grouped, listed, shown, written};
use super::super::quantiles::{fences, median_bounds, quantile, skewness};
use super::super::values::{Field, Finding, FindingKind, Kind, Remedy, Role, Severity, Shape, Table};
use super::{dates, note, sorted, together, words};

/// Beyond a gap at least this many times as wide as the way from the median to it, values stand alone.
const GAP: f64 = 2.0;
/// Among fewer values none stands alone.
const ENOUGH: usize = 20;
/// No more than this share of the rows stands alone.
const ALONE: f64 = 0.005;
/// From here on a few rows rule the distances.
const STRONG_SKEW: f64 = 3.0;
/// From here on a logarithm helps.
const SKEW: f64 = 2.0;
/// Nobody alive was born before.
const OLDEST_BIRTH: f64 = 1901.0;
/// Nobody is older.
const OLDEST_AGE: f64 = 120.0;
/// Negative values of a count beyond this share are no slips.
const SLIPS: f64 = 0.05;

pub(in crate::table) type Bounds = (Option<f64>, Option<f64>);

/// What the values of one feature say.
pub(super) fn check(table: &Table, field: &Field) -> Vec<Finding> {
    let sorted = sorted(field);
    let dated = field.kind == Kind::Date;
    if sorted.len() < 3 || !(is_amount(field) || dated) || is_lines(table) {
        return Vec::new();
    }
    if let Some(found) = impossible(table, field, &sorted) {
        return vec![found];
    }
    let alone = alone(&sorted).map(|bounds| standing_alone(field, &sorted, bounds));
    if dated || alone.is_some() {
        return alone.into_iter().collect();
    }
    strong_skew(field, &sorted).into_iter().collect()
}

fn is_amount(field: &Field) -> bool {
    field.role == Role::Cluster && matches!(field.kind, Kind::Whole | Kind::Number | Kind::Year)
}

/// The bounds of what can be, where something lies outside of them.
fn possible(table: &Table, field: &Field, sorted: &[f64]) -> Option<Bounds> {
    let words = words(field);
    let (lowest, highest) = (sorted[0], sorted[sorted.len() - 1]);
    let negatives = sorted.partition_point(|&value| value < 0.0);
    if field.kind == Kind::Date {
        return dates::possible(table, field, sorted);
    }
    if field.kind == Kind::Year && words.names_a_birth() {
        let low = (lowest < OLDEST_BIRTH).then_some(OLDEST_BIRTH);
        let high = dates::newest(table).map(year).filter(|&newest| highest > newest);
        return (low.is_some() || high.is_some()).then_some((low, high));
    }
    if words.names_an_age() && (negatives > 0 || highest > OLDEST_AGE) {
        let low = (negatives > 0).then_some(0.0);
        return Some((low, (highest > OLDEST_AGE).then_some(OLDEST_AGE)));
    }
    let counts = matches!(words.subject(), "demography" | "behaviour") && field.kind == Kind::Whole;
    let slips = negatives > 0 && negatives as f64 <= SLIPS * sorted.len() as f64;
    (counts && slips && table.shape == Shape::Customers).then_some((Some(0.0), None))
}

/// The amounts of order lines are judged once they are rolled up: a cancelled order is no outlier.
fn is_lines(table: &Table) -> bool {
    matches!(table.shape, Shape::OrderLines { .. })
}

pub(in crate::table) fn outside(value: f64, (low, high): Bounds) -> bool {
    low.is_some_and(|low| value < low) || high.is_some_and(|high| value > high)
}

fn impossible(table: &Table, field: &Field, sorted: &[f64]) -> Option<Finding> {
    let bounds = possible(table, field, sorted)?;
    let values: Vec<f64> = sorted.iter().copied().filter(|&value| outside(value, bounds)).collect();
    let what = match bounds {
        (Some(0.0), None) => "negative".to_owned(),
        (Some(low), None) => format!("before {}", shown(field, low)),
        (None, Some(high)) if matches!(field.kind, Kind::Date | Kind::Year) => {
            format!("after {}, the newest date", shown(field, high))
        }
        (None, Some(high)) => format!("above {high}"),
        (Some(low), Some(high)) if field.kind == Kind::Date => {
            format!("outside {}–{}", shown(field, low), shown(field, high))
        }
        (low, high) => format!("outside {}–{}", low.unwrap_or(0.0), high.unwrap_or(OLDEST_AGE)),
    };
    let texts: Vec<String> = values.iter().map(|&value| shown(field, value)).collect();
    let message = format!("{} {what}: {}", counted(values.len(), "row"), listed(&texts, 3));
    Some(
        outliers(FindingKind::Impossible, field, &values, message)
            .with_remedies([drop(field, bounds), cap(field, bounds)]),
    )
}

/// The year of a date.
fn year(seconds: f64) -> f64 {
    DateTime::from_timestamp(seconds as i64, 0).map_or(f64::INFINITY, |time| f64::from(time.year()))
}

fn outliers(kind: FindingKind, field: &Field, values: &[f64], message: String) -> Finding {
    let examples = values.iter().map(|&value| written(field, value));
    note(kind, Some(field.name()), values.len(), message).severe(Severity::Warning).with_examples(examples)
}

fn cap(field: &Field, (low, high): Bounds) -> Remedy {
    Remedy::Cap { column: field.name().to_owned(), low, high }
}

fn drop(field: &Field, (low, high): Bounds) -> Remedy {
    Remedy::DropOutside { column: field.name().to_owned(), low, high }
}

/// The bounds inside of which nothing stands alone: the values next to a wide gap near one end.
pub(super) fn alone(sorted: &[f64]) -> Option<Bounds> {
    if sorted.len() < ENOUGH {
        return None;
    }
    let few = ((sorted.len() as f64 * ALONE) as usize).clamp(1, 10);
    let median = quantile(sorted, 0.5);
    let wide = |inner: f64, outer: f64| {
        let way = (inner - median).abs();
        way > 0.0 && (outer - inner).abs() >= GAP * way
    };
    let last = sorted.len() - 1;
    let high = (0..few).map(|place| last - place).find(|&place| place > 0 && wide(sorted[place - 1], sorted[place]));
    let low = (0..few).find(|&place| place < last && wide(sorted[place + 1], sorted[place]));
    let bounds = (low.map(|place| sorted[place + 1]), high.map(|place| sorted[place - 1]));
    (bounds != (None, None)).then_some(bounds)
}

fn standing_alone(field: &Field, sorted: &[f64], bounds: Bounds) -> Finding {
    let values: Vec<f64> = sorted.iter().copied().filter(|&value| outside(value, bounds)).collect();
    let (first, last) = (shown(field, values[0]), shown(field, values[values.len() - 1]));
    let span = if first == last { format!("of {first}") } else { format!("from {first} to {last}") };
    let next: Vec<String> = [bounds.0, bounds.1].into_iter().flatten().map(|next| shown(field, next)).collect();
    let message = format!("{} {span}, next is {}", counted(values.len(), "row"), next.join(" and "));
    let kind = if field.kind == Kind::Date { FindingKind::Impossible } else { FindingKind::Outliers };
    outliers(kind, field, &values, message).with_remedies([cap(field, bounds), drop(field, bounds)])
}

/// Skew of a feature, the outliers that a gap shows left aside.
fn strong_skew(field: &Field, sorted: &[f64]) -> Option<Finding> {
    let skew = skewness(sorted);
    let (_, high) = fences(sorted);
    let beyond = sorted.len() - sorted.partition_point(|&value| value <= high);
    let message = format!("skewed ({skew:.1}): {} above {}", counted(beyond, "row"), grouped(high));
    let found = note(FindingKind::Skew, Some(field.name()), beyond, message)
        .with_examples(sorted.iter().rev().map(|&value| written(field, value)))
        .with_remedies([Remedy::Log1p { column: field.name().to_owned() }, cap(field, (None, Some(high)))]);
    is_strong(skew, sorted).then(|| found.by_default("stays as it is"))
}

fn is_strong(skew: f64, sorted: &[f64]) -> bool {
    skew >= STRONG_SKEW && sorted[0] >= 0.0
}

/// The milder outliers and skew of the features that have no finding of their own, one note each.
pub(super) fn check_all(table: &Table) -> Vec<Finding> {
    let features = table.fields.iter().filter(|field| is_amount(field) && !is_lines(table));
    let mild: Vec<Feature> = features.filter_map(|field| Feature::mild(table, field)).collect();
    [beyond_fences(table, &mild), mild_skew(&mild)].into_iter().flatten().collect()
}

/// A feature with neither wide gaps nor a strong skew.
struct Feature<'a> {
    field: &'a Field,
    skew: f64,
    /// The fences, on the sides where something lies beyond.
    bounds: Bounds,
    beyond: usize,
    /// Rows beyond the bounds by the median deviation; `None` where half of the values are equal.
    by_median: Option<usize>,
}

impl<'a> Feature<'a> {
    fn mild(table: &Table, field: &'a Field) -> Option<Self> {
        let sorted = sorted(field);
        let skew = skewness(&sorted);
        if sorted.len() < 3
            || possible(table, field, &sorted).is_some()
            || is_strong(skew, &sorted)
            || alone(&sorted).is_some()
        {
            return None;
        }
        let (low, high) = fences(&sorted);
        let below = sorted.partition_point(|&value| value < low);
        let above = sorted.len() - sorted.partition_point(|&value| value <= high);
        let bounds = ((below > 0).then_some(low), (above > 0).then_some(high));
        let by_median = median_bounds(&sorted).map(|(low, high)| {
            let inside = sorted.partition_point(|&value| value <= high) - sorted.partition_point(|&value| value < low);
            sorted.len() - inside
        });
        Some(Self { field, skew: if sorted[0] < 0.0 { 0.0 } else { skew }, bounds, beyond: below + above, by_median })
    }
}

/// The features with values outside the fences, most rows first.
fn beyond_fences(table: &Table, features: &[Feature]) -> Option<Finding> {
    let mut found: Vec<&Feature> = features.iter().filter(|feature| feature.beyond > 0).collect();
    found.sort_by_key(|feature| std::cmp::Reverse(feature.beyond));
    let rows = rows_outside(table.rows, &found);
    let texts = found.iter().map(|feature| {
        let by_median = feature.by_median.map(|rows| format!(" ({} by MAD)", count(rows))).unwrap_or_default();
        format!("{} {}{by_median}", feature.field.name(), counted(feature.beyond, "row"))
    });
    let message = format!("{} outside the IQR fences in {}", counted(rows, "row"), counted(found.len(), "column"));
    let remedies = together(found.iter().map(|feature| cap(feature.field, feature.bounds)).collect());
    let finding = note(FindingKind::Outliers, None, rows, message).with_examples(texts).with_remedies(remedies);
    (!found.is_empty()).then(|| finding.by_default("stay as they are"))
}

fn rows_outside(rows: usize, features: &[&Feature]) -> usize {
    let mut marked = vec![false; rows];
    for feature in features {
        let values = feature.field.column.values.numbers().unwrap_or_default();
        marked.iter_mut().zip(values).for_each(|(mark, &value)| *mark |= outside(value, feature.bounds));
    }
    marked.into_iter().filter(|&mark| mark).count()
}

/// The features with a long tail that is not strong enough for a finding of its own.
fn mild_skew(features: &[Feature]) -> Option<Finding> {
    let mut found: Vec<&Feature> = features.iter().filter(|feature| feature.skew >= SKEW).collect();
    found.sort_by(|a, b| b.skew.total_cmp(&a.skew));
    let names: Vec<String> = found.iter().map(|feature| feature.field.name().to_owned()).collect();
    let message = format!("{} with a long tail: {}", counted(names.len(), "column"), listed(&names, 3));
    let rows = found.iter().map(|feature| feature.beyond).max().unwrap_or(0);
    let remedies = together(names.iter().map(|name| Remedy::Log1p { column: name.clone() }).collect());
    let examples = found.iter().map(|feature| format!("{} skew {:.1}", feature.field.name(), feature.skew));
    let finding = note(FindingKind::Skew, None, rows, message).with_examples(examples).with_remedies(remedies);
    (!found.is_empty()).then(|| finding.by_default("stay as they are"))
}
