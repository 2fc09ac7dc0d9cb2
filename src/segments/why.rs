//! Why a customer stands in this segment and not in the next one.

use serde::{Deserialize, Serialize};

use super::Segments;
use super::centres::Centres;
use super::nouns::{Noun, nouns};
use super::show::{capital, exact, mean, unit};
use crate::kernel::distance::squared;
use crate::matrix::{UNASSIGNED, Values};
use crate::table::{Field, Kind, Table};

/// Why a customer stands where he or she does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// The segment; 0 where it is none.
    pub segment: u32,
    /// The segment that comes next; for a customer of none the nearest one.
    pub next: u32,
    /// How much nearer the own centre is: (d₂ − d₁)/d₂ of the distances to both centres; below 0 where the other one
    /// is nearer. `None` for a customer of no segment.
    pub margin: Option<f64>,
    /// What each feature says, what says most first.
    pub parts: Vec<Part>,
    /// All that in a sentence.
    pub words: String,
}

/// What one feature says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The feature.
    pub feature: String,
    /// The customer's value.
    pub value: String,
    /// The own segment's mean, or its most frequent level.
    pub own: String,
    /// The next segment's.
    pub other: String,
    /// The squared distance to the next centre less that to the own, in the space that was clustered: above 0 it speaks
    /// for the segment, below 0 for the next one. All features together give the difference of the two distances.
    pub points: f64,
    /// Its share of all that is said, for and against: the shares of all features, taken without sign, give 1.
    pub share: f64,
}

/// What a customer is explained by.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The customers, with the columns that the recipe makes.
    pub table: &'a Table,
    /// The segments.
    pub segments: &'a Segments,
    /// Their centres in the space that was clustered.
    pub centres: &'a Centres,
    /// The features.
    pub features: &'a [String],
    /// For each column of that space the index of its feature; empty: each column is a feature of its own.
    pub origin: &'a [usize],
}

/// Why the customer in this row of the table, who stands at `point` in the space that was clustered, is in segment
/// `label` (0: in none); `None` where there are not two segments to compare.
pub fn why(frame: &Frame, row: usize, point: &[f64], label: u32) -> Option<Why> {
    let (next, far) = frame.centres.nearest_but(label, point)?;
    let other = frame.centres.of(next)?;
    let own = frame.centres.of(label);
    let away = |column: usize, centre: &[f64]| (point[column] - centre[column]).powi(2);
    let points = |column: usize| match own {
        Some(own) => away(column, other) - away(column, own),
        None => -away(column, other),
    };
    let mut parts = frame.parts(row, (label, next), &points, point.len());
    parts.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()));
    let margin =
        own.map(|own| (far.sqrt() - squared(point, own).sqrt()) / far.sqrt()).filter(|margin| margin.is_finite());
    let words = frame.words(label, next, margin, &parts);
    Some(Why { segment: label, next, margin, parts, words })
}

impl Frame<'_> {
    fn parts(&self, row: usize, pair: (u32, u32), points: &dyn Fn(usize) -> f64, columns: usize) -> Vec<Part> {
        let single = self.origin.len() != columns;
        let feature_of = |column: usize| if single { column } else { self.origin[column] };
        let count = (0..columns).map(|column| feature_of(column) + 1).max().unwrap_or(0);
        let mut sums = vec![0.0; count];
        (0..columns).for_each(|column| sums[feature_of(column)] += points(column));
        let all: f64 = sums.iter().map(|sum: &f64| sum.abs()).sum();
        let part = |(feature, points): (usize, f64)| {
            let name = match self.features.get(feature) {
                Some(name) if !single => name.clone(),
                _ => format!("component {}", feature + 1),
            };
            let [value, own, other] = self.texts(&name, row, pair);
            let share = if all > 0.0 { points.abs() / all } else { 0.0 };
            Part { feature: name, value, own, other, points, share }
        };
        sums.into_iter().enumerate().map(part).collect()
    }

    /// The customer's value, the own segment's and the next one's.
    fn texts(&self, feature: &str, row: usize, (own, next): (u32, u32)) -> [String; 3] {
        let value = self.table.field(feature).map(|field| value(field, row)).unwrap_or_default();
        [value, self.of_segment(feature, own), self.of_segment(feature, next)]
    }

    fn of_segment(&self, feature: &str, number: u32) -> String {
        let place = self.segments.effects.iter().position(|effect| effect.column == feature);
        let segment = self.segments.list.iter().find(|segment| segment.number == number);
        let cell = place.zip(segment).and_then(|(place, segment)| Some((place, segment.cells.get(place)?)));
        let Some((place, cell)) = cell else { return String::new() };
        match cell.mean {
            Some(value) => mean(self.segments.effects[place].kind, value),
            // Of equal ones the most frequent among everyone.
            None => {
                cell.levels.iter().rev().max_by(|a, b| a.1.total_cmp(&b.1)).map(|of| of.0.clone()).unwrap_or_default()
            }
        }
    }

    /// `2 High income, high spending rather than 1 …: spending score 86 says it most (82.1 there, 49.5 in the other).`
    fn words(&self, label: u32, next: u32, margin: Option<f64>, parts: &[Part]) -> String {
        let columns: Vec<&str> = parts.iter().map(|part| part.feature.as_str()).collect();
        let nouns = nouns(&columns);
        let says = |wanted: f64| {
            let chosen = parts.iter().zip(&nouns).filter(|(part, _)| part.points * wanted > 0.0 && part.share >= 0.1);
            chosen.take(2).map(|(part, noun)| said(part, noun, label)).collect::<Vec<_>>().join(", ")
        };
        let name = |number: u32| {
            let segment = self.segments.list.iter().find(|segment| segment.number == number);
            format!("{number} {}", segment.map_or("", |segment| &segment.name))
        };
        if label == UNASSIGNED {
            return format!("In no segment; {} is nearest. What keeps it away: {}.", name(next), says(-1.0));
        }
        let (speaks, against) = (says(1.0), says(-1.0));
        let first = match (margin, speaks.is_empty()) {
            (Some(margin), _) if margin < 0.0 => {
                format!("In {} although the centre of {} is nearer", name(label), name(next))
            }
            (_, true) => format!("In {}, hardly other than {}", name(label), name(next)),
            _ => format!("In {} rather than {}", name(label), name(next)),
        };
        let speaks = if speaks.is_empty() { String::new() } else { format!(": {speaks}") };
        let against = if against.is_empty() { String::new() } else { format!(" Against it: {against}.") };
        format!("{first}{speaks}.{against}")
    }
}

/// `spending score 86 (there 82.1, in the other 49.5)`.
fn said(part: &Part, noun: &Noun, label: u32) -> String {
    let value = format!("{} {}{}", noun.full, part.value, unit(noun));
    match (label, part.own.is_empty()) {
        (UNASSIGNED, _) => format!("{value} (there {})", part.other),
        (_, true) => capital(&noun.full),
        _ => format!("{value} (there {}, in the other {})", part.own, part.other),
    }
}

fn value(field: &Field, row: usize) -> String {
    match &field.column.values {
        Values::Text(coded) => coded.get(row).unwrap_or("missing").to_owned(),
        Values::Number(values) => match (values.get(row).copied(), field.kind) {
            (Some(1.0), Kind::YesNo) => "yes".to_owned(),
            (Some(0.0), Kind::YesNo) => "no".to_owned(),
            (Some(value), kind) if !value.is_nan() => exact(kind, value),
            _ => "missing".to_owned(),
        },
    }
}
