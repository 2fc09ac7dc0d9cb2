//! How a segment differs from everyone, column by column.

use crate::plot::number;
use crate::segments::{Cell, Effect, Segment, Segments};
use crate::table::{Kind, Role};
use crate::tui::panes::parts::{titles, value};

/// One line of the card.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The column, for a category with its most telling level.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// The segment's mean or share.
    pub own: String,
    /// Everyone's.
    pub everyone: String,
    /// The distance in everyone's standard deviations.
    pub distance: f64,
    /// The smallest and largest value, or `no difference`.
    pub spans: String,
}

/// The distance of a cell from everyone: of the mean, or of the share of the most telling level.
pub fn distance(effect: &Effect, cell: &Cell) -> f64 {
    if let Some(difference) = cell.difference {
        return difference;
    }
    telling_level(effect, cell).map_or(f64::NAN, |(_, own, everyone, _)| apart(own, everyone))
}

fn apart(own: f64, everyone: f64) -> f64 {
    let sd = (everyone * (1.0 - everyone)).sqrt();
    if sd > 0.0 { (own - everyone) / sd } else { 0.0 }
}

/// The level with the largest v-test: (name, the segment's share, everyone's, v).
fn telling_level<'a>(effect: &Effect, cell: &'a Cell) -> Option<(&'a str, f64, f64, f64)> {
    // Of equal ones the most frequent stands first.
    let (name, share, v) = cell.levels.iter().rev().max_by(|a, b| a.2.abs().total_cmp(&b.2.abs()))?;
    let everyone = effect.levels.iter().find(|(level, _)| level == name).map_or(0.0, |(_, share)| *share);
    Some((name, *share, everyone, *v))
}

/// The index against everyone (100 is average): of the mean, or of the share of the most telling level.
pub fn index(effect: &Effect, cell: &Cell) -> Option<f64> {
    let of_level =
        || telling_level(effect, cell).filter(|(_, _, all, _)| *all > 0.0).map(|(_, own, all, _)| 100.0 * own / all);
    cell.index.or_else(of_level)
}

/// The line of one column.
pub fn of_column(effect: &Effect, cell: &Cell) -> Difference {
    let (name, own, everyone, v) = match (cell.mean, telling_level(effect, cell)) {
        (None, Some((level, own, everyone, v))) => {
            let name = format!("{} {level}", titles::plain(&effect.column));
            (name, number::percent(own, 0), number::percent(everyone, 0), Some(v))
        }
        (mean, _) => {
            let own = mean.map_or(number::NONE.to_owned(), |mean| value::of_effect(effect, Some(mean)));
            (effect.column.clone(), own, value::of_effect(effect, None), cell.v_test)
        }
    };
    let spans = spans(effect, cell, v);
    Difference { name, role: effect.role, own, everyone, distance: distance(effect, cell), spans }
}

fn spans(effect: &Effect, cell: &Cell, v: Option<f64>) -> String {
    let two_valued = effect.kind == Kind::YesNo || effect.mean.is_none();
    match cell.span {
        Some((low, high)) if !two_valued => {
            format!("{}–{}", value::exact(effect.kind, low), value::exact(effect.kind, high))
        }
        _ if v.is_some_and(|v| v.abs() <= 1.96) => "no difference".to_owned(),
        _ => String::new(),
    }
}

/// The columns that the card of a segment shows in `room` lines, in the order of the effects: features first, what
/// only describes, results last; where there are too many, those in which this segment differs most.
pub fn chosen(segments: &Segments, segment: &Segment, room: usize) -> Vec<usize> {
    let of = |role: Role| -> Vec<usize> {
        (0..segments.effects.len().min(segment.cells.len()))
            .filter(|&index| segments.effects[index].role == role)
            .collect()
    };
    let (features, described, outcomes) = (of(Role::Cluster), of(Role::Describe), of(Role::Outcome));
    let outcomes_room = outcomes.len().min((room / 3).max(1)).min(room);
    let described_room = described.len().min((room - outcomes_room) / 3);
    let features_room = features.len().min(room - outcomes_room - described_room);
    let described_room = described.len().min(room - outcomes_room - features_room);
    let farthest = |indices: Vec<usize>, room: usize| farthest(segments, segment, indices, room);
    let mut kept = farthest(features, features_room);
    kept.extend(farthest(described, described_room));
    kept.extend(farthest(outcomes, outcomes_room));
    kept
}

fn farthest(segments: &Segments, segment: &Segment, mut indices: Vec<usize>, room: usize) -> Vec<usize> {
    let far = |index: usize| {
        let distance = distance(&segments.effects[index], &segment.cells[index]).abs();
        if distance.is_nan() { -1.0 } else { distance }
    };
    indices.sort_by(|&a, &b| far(b).total_cmp(&far(a)));
    indices.truncate(room);
    indices.sort_unstable();
    indices
}

/// The distance that fills half of the card's bars: the same for all segments, at least two standard deviations.
pub fn full(segments: &Segments) -> f64 {
    let cells = segments.list.iter().flat_map(|segment| segments.effects.iter().zip(&segment.cells));
    let distances = cells.map(|(effect, cell)| distance(effect, cell).abs()).filter(|distance| distance.is_finite());
    distances.fold(2.0, f64::max).min(4.0)
}
