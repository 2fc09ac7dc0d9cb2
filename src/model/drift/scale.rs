//! The cells that values are counted in, with the counts of the rows that the model was made with.

use std::collections::HashMap;

use crate::matrix::{Column, Values};
use crate::model::{Baseline, Distribution, Gaps};

/// The cells of PSI.
const BINS: f64 = 10.0;

/// The cells of a number: up to each of the quantiles, and above the last.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    edges: Vec<f64>,
    /// Values up to each edge, at least and at most: the same where the model counted them.
    up_to: Vec<(f64, f64)>,
}

impl Grid {
    /// The cells between distinct quantiles of `rows` values.
    pub fn new(quantiles: &[f64], counts: &[usize], rows: usize) -> Self {
        let (mut edges, mut up_to): (Vec<f64>, Vec<(f64, f64)>) = (Vec::new(), Vec::new());
        for (place, &edge) in quantiles.iter().enumerate() {
            if edges.last() == Some(&edge) {
                edges.pop();
                up_to.pop();
            }
            edges.push(edge);
            up_to.push(
                counts
                    .get(place)
                    .map_or_else(|| guessed(place, quantiles.len(), rows), |&count| (count as f64, count as f64)),
            );
        }
        Self { edges, up_to }
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.edges.len() + 1
    }

    /// The cell of a value.
    pub fn cell(&self, value: f64) -> usize {
        self.edges.partition_point(|&edge| edge < value)
    }

    /// Whether the values in each cell are known, not guessed.
    pub fn is_exact(&self) -> bool {
        self.up_to.iter().all(|(least, most)| least == most)
    }

    /// The values of the baseline in each cell.
    pub fn before(&self) -> Vec<f64> {
        let mut counts = Vec::with_capacity(self.len());
        let mut below = 0.0;
        for (least, most) in &self.up_to {
            let upto = (least + most) / 2.0;
            counts.push(upto - below);
            below = upto;
        }
        counts.push(0.0);
        counts
    }

    /// The largest distance between the two distribution functions at the edges; where the baseline's is not known
    /// exactly, the smallest that it can be.
    pub fn ks(&self, now: &[f64]) -> f64 {
        let (n, m) = (self.up_to.last().map_or(0.0, |upto| upto.1), now.iter().sum::<f64>());
        let mut below = 0.0;
        let distance = |(&(least, most), count): (&(f64, f64), &f64)| {
            below += count;
            let share = below / m;
            (share - most / n).max(least / n - share).max(0.0)
        };
        self.up_to.iter().zip(now).map(distance).fold(0.0, f64::max)
    }

    /// Both samples in about ten cells of equally many values of the baseline.
    pub fn in_bins(&self, now: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let before = self.before();
        let all: f64 = before.iter().sum();
        let (mut olds, mut news) = (vec![0.0], vec![0.0]);
        let (mut upto, mut last) = (0.0, 0);
        for (old, new) in before.iter().zip(now) {
            // What lies above the last edge belongs to the last bin.
            let bin = ((upto / all * BINS) as usize).min(BINS as usize - 1);
            if bin > last && upto < all {
                olds.push(0.0);
                news.push(0.0);
                last = bin;
            }
            if let (Some(olds), Some(news)) = (olds.last_mut(), news.last_mut()) {
                (*olds, *news) = (*olds + old, *news + new);
            }
            upto += old;
        }
        (olds, news)
    }

    /// The value that half of the counted ones do not exceed, by linear interpolation in its cell.
    pub fn median(&self, counts: &[f64]) -> f64 {
        let half = counts.iter().sum::<f64>() / 2.0;
        let mut below = 0.0;
        for (cell, &count) in counts.iter().enumerate() {
            if below + count >= half && count > 0.0 {
                let Some(&high) = self.edges.get(cell) else { break };
                let low = cell.checked_sub(1).map_or(high, |cell| self.edges[cell]);
                return low + (high - low) * (half - below) / count;
            }
            below += count;
        }
        self.edges.last().copied().unwrap_or(f64::NAN)
    }

    /// The two values, where there are no more.
    pub fn is_yes_no(&self, now: &[f64]) -> bool {
        self.edges.len() == 2 && now.last() == Some(&0.0) && self.is_exact()
    }
}

/// A model of the first files holds no counts. Of sorted values 0..n, the quantile at p lies at p(n − 1): so many are at
/// least up to it, and those up to the next quantile at most.
fn guessed(place: usize, quantiles: usize, rows: usize) -> (f64, f64) {
    let at = |place: usize| (place as f64 / (quantiles - 1) as f64).min(1.0) * rows.saturating_sub(1) as f64;
    if place + 1 == quantiles {
        return (rows as f64, rows as f64);
    }
    let least = at(place).floor() + 1.0;
    (least, at(place + 1).ceil().max(least))
}

/// How the values of a feature are counted.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// Numbers.
    Numbers(Grid),
    /// Categories: the levels that the model knows by their names, and all others as one.
    Levels {
        /// The cell of each level.
        index: HashMap<String, usize>,
        /// The levels.
        names: Vec<String>,
        /// Rows of each level, then of all others.
        before: Vec<f64>,
    },
    /// The baseline has no value.
    Nothing,
}

impl Cells {
    fn of(baseline: &Baseline) -> Self {
        let present = baseline.rows.saturating_sub(baseline.missing);
        match &baseline.distribution {
            Distribution::Numbers { quantiles, counts, .. } => Self::Numbers(Grid::new(quantiles, counts, present)),
            Distribution::Levels(levels) => {
                let known: usize = levels.iter().map(|(_, rows)| rows).sum();
                let others = present.saturating_sub(known);
                let counts = levels.iter().map(|(_, rows)| *rows).chain([others]);
                let names: Vec<String> = levels.iter().map(|(name, _)| name.clone()).collect();
                let index = names.iter().cloned().zip(0..).collect();
                Self::Levels { index, names, before: counts.map(|rows| rows as f64).collect() }
            }
            Distribution::Nothing => Self::Nothing,
        }
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(grid) => grid.len(),
            Self::Levels { before, .. } => before.len(),
            Self::Nothing => 0,
        }
    }

    /// The cell of a row's value, which is there.
    fn cell(&self, values: &Values, row: usize) -> Option<usize> {
        match (self, values) {
            (Self::Numbers(grid), Values::Number(values)) => Some(grid.cell(values[row])),
            (Self::Levels { index, names, .. }, Values::Text(coded)) => {
                Some(coded.get(row).and_then(|level| index.get(level)).copied().unwrap_or(names.len()))
            }
            _ => None,
        }
    }
}

/// One feature: where its counts begin among all, and what they are compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// The feature.
    pub column: String,
    /// Its cells.
    pub cells: Cells,
    /// The baseline's rows, and those without a value.
    pub gaps: Gaps,
    /// Its share of the distances between the segments' centres.
    pub importance: Option<f64>,
    /// The place of its count of missing values, before those of its cells.
    pub start: usize,
}

impl Scale {
    /// The scale of a feature whose counts begin at `start`.
    pub fn of(baseline: &Baseline, importance: Option<f64>, start: usize) -> Self {
        let gaps = baseline.gaps.unwrap_or(Gaps { rows: baseline.rows, missing: baseline.missing });
        Self { column: baseline.column.clone(), cells: Cells::of(baseline), gaps, importance, start }
    }

    /// The place behind its last count.
    pub fn end(&self) -> usize {
        self.start + 1 + self.cells.len()
    }

    /// Counts the value of a row; that of an unplaced row only where it is missing.
    pub fn count(&self, column: &Column, row: usize, is_placed: bool, counts: &mut [u32]) {
        if column.values.is_missing(row) {
            counts[self.start] += 1;
        } else if let Some(cell) = self.cells.cell(&column.values, row).filter(|_| is_placed) {
            counts[self.start + 1 + cell] += 1;
        }
    }
}
