//! Lloyd's rounds over centred points in tiles.

use std::ops::Range;

use super::points::{CHUNK, Points};
use crate::cluster::Ending;
use crate::kernel::fold;
use crate::kernel::simd::{LANES, Lanes, OnVectors, Vector, WIDTH, with_vectors};
use crate::kernel::tiles;
use crate::task::{Cancelled, Task};

/// A stop where not even the labels settle.
pub const MAX_ROUNDS: usize = 300;

/// Centres, and how near the points are to them.
#[derive(Debug, Clone)]
pub struct Solution {
    /// (k·d), row-major, centred as the points are.
    pub centres: Vec<f64>,
    /// The weighed sum of squared distances to the nearest centres.
    pub inertia: f64,
    /// The rounds on the way, and whether they came to their end.
    pub ending: Ending,
}

/// The label of a point that no centre has yet.
pub const NONE: f64 = -1.0;

/// What one pass over the points finds.
#[derive(Debug, Clone, Default)]
pub struct Pass {
    /// (k·d), the weighed sum of each centre's points.
    pub sums: Vec<f64>,
    /// (k), their weight.
    pub counts: Vec<f64>,
    inertia: f64,
    /// Whether a point changed sides.
    pub changed: bool,
}

impl Pass {
    /// A pass that has not seen a point, for `k` centres in `d` columns.
    pub fn new(k: usize, d: usize) -> Self {
        Self { sums: vec![0.0; k * d], counts: vec![0.0; k], inertia: 0.0, changed: false }
    }

    /// Adds a point of a tile to its centre.
    #[inline(always)]
    pub fn put(&mut self, centre: usize, tile: &[Lanes], lane: usize, weight: f64) {
        let d = tile.len();
        self.counts[centre] += weight;
        let sums = &mut self.sums[centre * d..(centre + 1) * d];
        sums.iter_mut().zip(tile).for_each(|(sum, column)| *sum += weight * column[lane]);
    }

    /// Moves the points of a tile, from lane `first` on, whose nearest centre is not their label's to its sums.
    #[inline(always)]
    pub fn move_points(&mut self, nearest: &[f64], labels: &mut [f64], tile: &[Lanes], first: usize, weights: &[f64]) {
        let points = (first..).zip(labels.iter_mut().zip(nearest)).zip(weights);
        for ((lane, (label, &nearest)), &weight) in points {
            if nearest == *label {
                continue;
            }
            self.changed = true;
            self.put(nearest as usize, tile, lane, weight);
            if *label != NONE {
                self.put(*label as usize, tile, lane, -weight);
            }
            *label = nearest;
        }
    }

    /// Forgets all points.
    fn clear(&mut self) {
        self.sums.fill(0.0);
        self.counts.fill(0.0);
        (self.inertia, self.changed) = (0.0, false);
    }

    /// Whether a centre has no points: what is left of its weights is rounding.
    pub fn has_empty(&self, points: &Points) -> bool {
        self.counts.iter().any(|&count| points.is_empty_weight(count))
    }

    /// Adds what another pass found.
    pub fn add(&mut self, other: &Self) {
        self.sums.iter_mut().zip(&other.sums).for_each(|(sum, part)| *sum += part);
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, part)| *count += part);
        self.inertia += other.inertia;
        self.changed |= other.changed;
    }
}

/// Places the points of one chunk; those that change sides are subtracted there and added here.
struct Place<'a> {
    points: &'a Points,
    /// The first of them: of a tile, too.
    first: usize,
    centres: &'a [f64],
    labels: &'a mut [f64],
    changes: &'a mut Pass,
}

impl OnVectors for Place<'_> {
    type Out = ();

    #[inline(always)]
    fn run<V: Vector>(self) {
        // With few columns known to the compiler, the loops over them are no loops.
        match self.points.ncols() {
            1 => self.place::<V>(1),
            2 => self.place::<V>(2),
            3 => self.place::<V>(3),
            d => self.place::<V>(d),
        }
    }
}

impl Place<'_> {
    #[inline(always)]
    fn place<V: Vector>(self, d: usize) {
        let Self { points, first, centres, labels, changes } = self;
        let tile = |place: usize| &points.tiles.tile(first / LANES + place / 2)[..d];
        let (weights, odd_weights) = points.weights[first..first + labels.len()].as_chunks::<WIDTH>();
        let (labels, odd_labels) = labels.as_chunks_mut::<WIDTH>();
        let (mut inertia, mut found) = (V::all(0.0), [0.0; WIDTH]);
        let whole = labels.len();
        for (place, (labels, weights)) in labels.iter_mut().zip(weights).enumerate() {
            let (squared, nearest) = tiles::nearest_of::<V>(tile(place), place % 2, centres);
            inertia = inertia + V::load(weights) * squared;
            if nearest.differing(V::load(labels)) != 0 {
                nearest.store(&mut found);
                changes.move_points(&found, labels, tile(place), place % 2 * WIDTH, weights);
            }
        }
        changes.inertia += inertia.total();
        if !odd_labels.is_empty() {
            let (squared, nearest) = tiles::nearest_of::<V>(tile(whole), whole % 2, centres);
            squared.store(&mut found);
            odd_weights.iter().zip(found).for_each(|(weight, squared)| changes.inertia += weight * squared);
            nearest.store(&mut found);
            changes.move_points(&found, odd_labels, tile(whole), whole % 2 * WIDTH, odd_weights);
        }
    }
}

/// Lloyd's rounds, and where they stand: points that stay with their centre cost no sums.
#[derive(Clone)]
pub struct Rounds<'a> {
    points: &'a Points,
    /// (k·d).
    centres: Vec<f64>,
    /// (n), the centre that each point was nearest to in the last round.
    labels: Vec<f64>,
    /// The sums of the labels' points.
    total: Pass,
    /// What the last round changed in them.
    changes: Pass,
    /// The rounds on the way to these centres.
    done: usize,
}

impl<'a> Rounds<'a> {
    /// Before the first round.
    pub fn new(points: &'a Points, centres: Vec<f64>) -> Self {
        let (k, d) = (centres.len() / points.ncols(), points.ncols());
        Self {
            points,
            centres,
            labels: vec![NONE; points.len()],
            total: Pass::new(k, d),
            changes: Pass::new(k, d),
            done: 0,
        }
    }

    /// Each point at its nearest centre, the centres of a solution not yet moved.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn placed(points: &'a Points, from: &Solution, task: &Task) -> Result<Self, Cancelled> {
        let mut rounds = Self { done: from.ending.steps, ..Self::new(points, from.centres.clone()) };
        rounds.place(task)?;
        Ok(rounds)
    }

    /// The same with centre number `leaver` at the point `row`.
    pub fn moved(&self, leaver: usize, row: usize) -> Self {
        let mut moved = self.clone();
        let d = self.points.ncols();
        self.points.tiles.get(row, &mut moved.centres[leaver * d..(leaver + 1) * d]);
        moved
    }

    /// Runs rounds until the labels repeat, the centres move by no more than `tolerance` (sum of squares) or `rounds`
    /// are done.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn run(&mut self, rounds: usize, tolerance: f64, task: &Task) -> Result<Solution, Cancelled> {
        let mut converged = false;
        for _ in 0..rounds {
            self.place(task)?;
            self.done += 1;
            if !self.changes.changed {
                let ending = Ending { steps: self.done, converged: true };
                return Ok(Solution { centres: self.centres.clone(), inertia: self.changes.inertia, ending });
            }
            if self.update() <= tolerance {
                converged = true;
                break;
            }
        }
        let ending = Ending { steps: self.done, converged };
        Ok(Solution { centres: self.centres.clone(), inertia: inertia(self.points, &self.centres), ending })
    }

    fn place(&mut self, task: &Task) -> Result<(), Cancelled> {
        let (k, d) = (self.total.counts.len(), self.points.ncols());
        let (points, centres) = (self.points, &self.centres);
        let place = |first, labels: &mut [f64], changes: &mut Pass| {
            task.check()?;
            with_vectors(Place { points, first, centres, labels, changes });
            Ok(())
        };
        self.changes.clear();
        if points.len() <= CHUNK {
            place(0, &mut self.labels, &mut self.changes)?;
        } else {
            let parts = fold::fill(CHUNK, &mut self.labels, |range, labels| {
                let mut changes = Pass::new(k, d);
                place(range.start, labels, &mut changes).map(|()| changes)
            });
            for part in parts {
                self.changes.add(&part?);
            }
        }
        self.total.add(&self.changes);
        Ok(())
    }

    /// Moves the centres to the means of their points; returns the sum of the squared moves.
    fn update(&mut self) -> f64 {
        if !self.total.has_empty(self.points) {
            return update(&mut self.centres, &self.total);
        }
        let mut filled = self.total.clone();
        fill_empty(self.points, &self.centres, &self.labels, &mut filled);
        update(&mut self.centres, &filled)
    }
}

/// Runs Lloyd's rounds from `centres` to their end: see [`Rounds::run`].
///
/// # Errors
/// [`Cancelled`].
pub fn lloyd(points: &Points, centres: Vec<f64>, tolerance: f64, task: &Task) -> Result<Solution, Cancelled> {
    Rounds::new(points, centres).run(MAX_ROUNDS, tolerance, task)
}

/// The weighed sum of the squared distances to the nearest centres.
pub fn inertia(points: &Points, centres: &[f64]) -> f64 {
    let sum = |range: Range<usize>| with_vectors(Inertia { points, range, centres });
    if points.len() <= CHUNK { sum(0..points.len()) } else { fold::chunks_of(CHUNK, points.len(), sum).iter().sum() }
}

struct Inertia<'a> {
    points: &'a Points,
    range: Range<usize>,
    centres: &'a [f64],
}

impl OnVectors for Inertia<'_> {
    type Out = f64;

    #[inline(always)]
    fn run<V: Vector>(self) -> f64 {
        match self.points.ncols() {
            1 => self.sum::<V>(1),
            2 => self.sum::<V>(2),
            3 => self.sum::<V>(3),
            d => self.sum::<V>(d),
        }
    }
}

impl Inertia<'_> {
    #[inline(always)]
    fn sum<V: Vector>(self, d: usize) -> f64 {
        let (weights, odd) = self.points.weights[self.range.clone()].as_chunks::<WIDTH>();
        let (mut sum, mut last) = (V::all(0.0), [0.0; WIDTH]);
        for (place, weights) in weights.iter().enumerate() {
            sum = sum + V::load(weights) * self.nearest::<V>(place, d);
        }
        if !odd.is_empty() {
            self.nearest::<V>(weights.len(), d).store(&mut last);
        }
        sum.total() + odd.iter().zip(last).map(|(weight, squared)| weight * squared).sum::<f64>()
    }

    #[inline(always)]
    fn nearest<V: Vector>(&self, place: usize, d: usize) -> V {
        let tile = &self.points.tiles.tile(self.range.start / LANES + place / 2)[..d];
        tiles::nearest_of::<V>(tile, place % 2, self.centres).0
    }
}

/// Moves the centres to the means of their points; returns the sum of the squared moves.
pub fn update(centres: &mut [f64], pass: &Pass) -> f64 {
    let d = centres.len() / pass.counts.len();
    let mut moved = 0.0;
    for (number, (centre, sum)) in centres.iter_mut().zip(&pass.sums).enumerate() {
        let mean = sum / pass.counts[number / d];
        moved += (mean - *centre) * (mean - *centre);
        *centre = mean;
    }
    moved
}

/// Gives each empty centre the point that lies farthest from its own, as scikit-learn does.
fn fill_empty(points: &Points, centres: &[f64], labels: &[f64], pass: &mut Pass) {
    let d = points.ncols();
    let mut point = vec![0.0; d];
    let mut far: Vec<(f64, usize)> = (0..points.len())
        .map(|row| {
            points.tiles.get(row, &mut point);
            let centre = labels[row] as usize * d;
            (crate::kernel::distance::squared(&point, &centres[centre..centre + d]), row)
        })
        .collect();
    far.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut far = far.into_iter().map(|(_, row)| row);
    for empty in 0..pass.counts.len() {
        if !points.is_empty_weight(pass.counts[empty]) {
            continue;
        }
        let weight = |row: usize| points.weights[row];
        let Some(row) = far.find(|&row| pass.counts[labels[row] as usize] > weight(row)) else { return };
        let (tile, lane) = (points.tiles.tile(row / LANES), row % LANES);
        pass.put(labels[row] as usize, tile, lane, -weight(row));
        pass.put(empty, tile, lane, weight(row));
    }
}
