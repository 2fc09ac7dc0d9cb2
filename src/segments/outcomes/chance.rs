//! Whether segments differ in outcomes by more than chance: the segments are drawn anew at random, as large as they are.
//!
//! The distance of a segment's mean from everyone's is its v-test. In each draw the largest one of all segments and
//! outcomes is kept; a difference that these hardly ever reach is real (Westfall and Young 1993, single-step maxT).
//! Skewed amounts, small segments and outcomes that hang together need no assumption.

use rand::seq::SliceRandom;

use super::super::vtest;
use crate::matrix::{Labels, UNASSIGNED};
use crate::recipe::stats::mean_sd;
use crate::task::{Cancelled, Task};

/// Draws at least and at most; between them as many as this many values allow.
const LEAST: usize = 199;
const MOST: usize = 1999;
const WORK: usize = 20_000_000;
/// Sums of the same values in another order are the same.
const SAME: f64 = 1e-9;

/// The test of one segment by one outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Test {
    /// The share of draws that are as far from everyone.
    pub p: f64,
    /// The share of draws in which any segment is as far, by any outcome.
    pub adjusted: f64,
}

/// For each outcome (one value a row, NaN: not known) the tests of the segments, 1 first; `None` where nothing varies or
/// the segment has no row, or all of them.
pub(super) fn tests(outcomes: &[&[f64]], labels: &Labels, task: &Task) -> Result<Vec<Vec<Option<Test>>>, Cancelled> {
    let columns: Vec<Centred> = outcomes.iter().map(|values| Centred::new(values)).collect();
    let segments = labels.clusters();
    let found: Vec<Vec<Option<f64>>> =
        columns.iter().map(|column| column.distances(labels.as_slice(), segments)).collect();
    let mut own = vec![vec![1usize; segments]; columns.len()];
    let mut any = own.clone();
    let work = (labels.len() * columns.len()).max(1);
    let draws = (WORK / work).clamp(LEAST, MOST);
    let mut drawn = labels.as_slice().to_vec();
    let mut random = task.stream(&["outcomes"]);
    for _ in 0..draws {
        task.check()?;
        drawn.shuffle(&mut random);
        let by_chance: Vec<Vec<Option<f64>>> =
            columns.iter().map(|column| column.distances(&drawn, segments)).collect();
        let largest = by_chance.iter().flatten().flatten().copied().fold(0.0, f64::max);
        for (column, segment, distance) in all(&found) {
            let reached = |by_chance: f64| usize::from(by_chance >= distance * (1.0 - SAME));
            own[column][segment] += by_chance[column][segment].map_or(0, reached);
            any[column][segment] += reached(largest);
        }
    }
    let share = |count: usize| count as f64 / (draws + 1) as f64;
    let test = |column: usize, segment: usize| {
        let (p, adjusted) = (share(own[column][segment]), share(any[column][segment]));
        found[column][segment].map(|_| Test { p, adjusted })
    };
    Ok((0..columns.len()).map(|column| (0..segments).map(|segment| test(column, segment)).collect()).collect())
}

fn all(found: &[Vec<Option<f64>>]) -> impl Iterator<Item = (usize, usize, f64)> {
    found.iter().enumerate().flat_map(|(column, of)| {
        of.iter().enumerate().filter_map(move |(segment, distance)| Some((column, segment, (*distance)?)))
    })
}

/// The known values of an outcome, less their mean.
struct Centred {
    rows: Vec<u32>,
    values: Vec<f64>,
    sd: f64,
}

impl Centred {
    fn new(values: &[f64]) -> Self {
        let (mean, sd) = mean_sd(values.iter().copied());
        let known = (0..).zip(values).filter(|(_, value)| !value.is_nan());
        let (rows, values) = known.map(|(row, value)| (row, value - mean)).unzip();
        Self { rows, values, sd }
    }

    /// The v-test of each segment's mean, without its sign.
    fn distances(&self, labels: &[u32], segments: usize) -> Vec<Option<f64>> {
        let mut sums = vec![(0.0, 0usize); segments + 1];
        for (&row, value) in self.rows.iter().zip(&self.values) {
            let (sum, count) = &mut sums[labels[row as usize] as usize];
            *sum += value;
            *count += 1;
        }
        let distance = |&(sum, count): &(f64, usize)| {
            let all = (0.0, self.sd, self.values.len());
            (count > 0).then(|| vtest::of_mean(sum / count as f64, count, all)).flatten().map(f64::abs)
        };
        sums[UNASSIGNED as usize + 1..].iter().map(distance).collect()
    }
}
