//! What later rows are held against, and the counts of such rows.

use super::scale::{Grid, Scale};
use crate::cluster::Clusterer;
use crate::matrix::Column;
use crate::model::{Distribution, Model, ModelError, Placed};

/// What later rows are held against: the rows that the model was made with, counted in cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Yardstick {
    pub(super) scales: Vec<Scale>,
    pub(super) distances: Option<Grid>,
    /// Rows in no segment, then those of each segment.
    pub(super) sizes: Vec<usize>,
    /// The segments' names, in the same order.
    pub(super) names: Vec<String>,
    /// Whether single training rows place later ones: they place themselves better than any later row.
    pub(super) remembers: bool,
    /// Where the counts of the segments begin, and those of the distances.
    places: [usize; 2],
}

/// Rows counted in the cells of a [`Yardstick`]: of one size, whatever comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    pub(super) counts: Vec<u32>,
    /// All rows.
    pub rows: usize,
    /// Those of them that could not be placed.
    pub unplaced: usize,
}

impl Yardstick {
    /// That of a model.
    pub fn of(model: &Model) -> Self {
        let importance = |column: &str| {
            let effect = model.segments.effects.iter().find(|effect| effect.column == column);
            effect.and_then(|effect| effect.importance)
        };
        let mut scales: Vec<Scale> = Vec::new();
        for baseline in &model.baseline {
            let start = scales.last().map_or(0, Scale::end);
            scales.push(Scale::of(baseline, importance(&baseline.column), start));
        }
        let sizes: Vec<usize> = std::iter::once(model.segments.unassigned)
            .chain(model.segments.list.iter().map(|segment| segment.size))
            .collect();
        let named = model.segments.list.iter().map(|segment| format!("{} {}", segment.number, segment.name));
        let distances = match &model.distances {
            Some(Distribution::Numbers { quantiles, counts, .. }) => {
                Some(Grid::new(quantiles, counts, model.training.used))
            }
            _ => None,
        };
        let first = scales.last().map_or(0, Scale::end);
        Self {
            places: [first, first + sizes.len()],
            names: std::iter::once("none".to_owned()).chain(named).collect(),
            remembers: matches!(model.clusterer, Clusterer::Cores { .. } | Clusterer::Members { .. })
                && model.classifier.is_none(),
            scales,
            distances,
            sizes,
        }
    }

    /// No rows yet.
    pub fn empty(&self) -> Tally {
        let cells = self.distances.as_ref().map_or(0, Grid::len);
        Tally { counts: vec![0; self.places[1] + cells], rows: 0, unplaced: 0 }
    }

    /// Counts rows that the model placed; `columns` are its own.
    ///
    /// # Errors
    /// A feature's column is missing or cannot be made.
    pub fn count(
        &self,
        model: &Model,
        columns: &[&Column],
        placed: &[Placed<'_>],
        tally: &mut Tally,
    ) -> Result<(), ModelError> {
        let features = model.pipeline.feature_columns(columns)?;
        for (row, placed) in placed.iter().enumerate() {
            for (scale, column) in self.scales.iter().zip(&features) {
                scale.count(column, row, placed.segment.is_some(), &mut tally.counts);
            }
            self.count_placed(placed, tally);
        }
        Ok(())
    }

    pub(super) fn count_placed(&self, placed: &Placed<'_>, tally: &mut Tally) {
        tally.rows += 1;
        let Some(segment) = placed.segment else {
            tally.unplaced += 1;
            return;
        };
        tally.counts[self.places[0] + segment as usize] += 1;
        if let Some((grid, distance)) = self.distances.as_ref().zip(placed.distance) {
            tally.counts[self.places[1] + grid.cell(distance)] += 1;
        }
    }

    /// The counts of a feature: of missing values, and of its cells.
    pub(super) fn of_scale(&self, scale: &Scale, tally: &Tally) -> (usize, Vec<f64>) {
        (tally.counts[scale.start] as usize, floats(&tally.counts[scale.start + 1..scale.end()]))
    }

    /// The counts of the segments.
    pub(super) fn of_segments(&self, tally: &Tally) -> Vec<f64> {
        floats(&tally.counts[self.places[0]..self.places[1]])
    }

    /// The counts of the distances.
    pub(super) fn of_distances(&self, tally: &Tally) -> Vec<f64> {
        floats(&tally.counts[self.places[1]..])
    }
}

fn floats(counts: &[u32]) -> Vec<f64> {
    counts.iter().map(|&count| f64::from(count)).collect()
}

impl Tally {
    /// Adds the rows of another.
    pub fn add(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(own, other)| *own += other);
        self.rows += other.rows;
        self.unplaced += other.unplaced;
    }

    /// Takes rows out again that were added.
    pub fn take_out(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(own, other)| *own -= other);
        self.rows -= other.rows;
        self.unplaced -= other.unplaced;
    }

    /// Takes all rows out.
    pub fn clear(&mut self) {
        self.counts.fill(0);
        (self.rows, self.unplaced) = (0, 0);
    }
}
