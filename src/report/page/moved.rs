//! Who moved between the segments from one period to the next.

use serde::Serialize;

use super::super::figures;
use super::super::words::glyph;
use super::Picture;
use crate::plot::number;
use crate::segments::migration::{Forecast, Migration, State};

/// Flows that are told in words.
const TOLD: usize = 8;
/// Of fewer customers nothing is told: single persons could be.
const FEWEST: usize = 5;

/// Who moved.
#[derive(Debug, Clone, Serialize)]
pub struct Moved {
    /// The names of the periods.
    pub periods: [String; 2],
    /// Who stayed, moved, came and went, in a sentence.
    pub sentence: String,
    /// The places after, in short.
    pub heads: Vec<String>,
    /// The places before, and how many of each went where.
    pub rows: Vec<(String, Vec<String>)>,
    /// The largest changes, in words.
    pub changes: Vec<String>,
    /// What is likely next, and whether the forecast is worth something.
    pub forecast: String,
    /// The flow.
    pub picture: Option<Picture>,
}

impl Moved {
    pub(super) fn of(migration: &Migration, forecast: Option<&Forecast>) -> Self {
        let row = |(&state, counts): (&State, &Vec<usize>)| {
            let name = match state {
                State::Segment(of) => format!("{} {of} {}", glyph(of), state.name(&migration.names)),
                State::Absent => "new".to_owned(),
                other => other.name(&migration.names),
            };
            (name, counts.iter().map(|&count| number::whole(count)).collect())
        };
        let head = |&state: &State| match state {
            State::Segment(of) => format!("{} {of}", glyph(of)),
            State::Absent => "gone".to_owned(),
            other => other.name(&migration.names),
        };
        let changes = migration.changes().into_iter().filter(|flow| flow.customers >= FEWEST);
        Self {
            periods: migration.periods.clone(),
            sentence: migration.sentence(),
            heads: migration.states.iter().map(head).collect(),
            rows: migration.states.iter().zip(&migration.counts).map(row).collect(),
            changes: changes.take(TOLD).map(|flow| migration.flow_in_words(flow)).collect(),
            forecast: forecast.map(Forecast::sentence).unwrap_or_default(),
            picture: figures::flow(migration).as_ref().map(Picture::from),
        }
    }
}
