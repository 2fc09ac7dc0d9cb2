//! FasterPAM's swaps (Schubert and Rousseeuw 2021): a swap is made as soon as one is found that pays.

use super::table::Table;
use crate::kernel::fold;
use crate::task::{Cancelled, Task};

/// The share of the cost by which a swap must pay.
const GAIN: f64 = 1e-9;
/// Candidates that are weighed side by side at most.
const MOST_AHEAD: usize = 256;
/// Candidates a thread weighs at a time.
const CHUNK: usize = 8;

/// Medoids and what they cost.
#[derive(Debug, Clone)]
pub struct Medoids {
    /// (k), rows of the table.
    pub rows: Vec<usize>,
    /// The sum of the distances to the nearest medoids.
    pub cost: f64,
    /// The swaps on the way.
    pub swaps: usize,
}

/// A row's nearest and second nearest medoid, by their places among the medoids.
#[derive(Debug, Clone, Copy)]
struct Near {
    first: u32,
    second: u32,
    to_first: f32,
    to_second: f32,
}

const FAR: Near = Near { first: u32::MAX, second: u32::MAX, to_first: f32::INFINITY, to_second: f32::INFINITY };

impl Near {
    fn see(&mut self, place: u32, distance: f32) {
        if distance < self.to_first {
            *self = Self { first: place, to_first: distance, second: self.first, to_second: self.to_first };
        } else if distance < self.to_second {
            (self.second, self.to_second) = (place, distance);
        }
    }
}

struct Swaps<'a> {
    table: &'a Table,
    medoids: Vec<usize>,
    near: Vec<Near>,
    /// For each medoid what its leaving costs its rows.
    losses: Vec<f64>,
}

/// Swaps medoids for other rows, in the order of the rows, until no swap pays: every row is weighed in O(n), whatever
/// the number of medoids. At least two medoids, all of them different rows.
///
/// # Errors
/// [`Cancelled`].
pub fn improve(table: &Table, medoids: Vec<usize>, task: &Task) -> Result<Medoids, Cancelled> {
    let mut swaps = Swaps::new(table, medoids);
    let n = table.len();
    let (mut next, mut idle, mut ahead, mut made) = (0, 0, CHUNK, 0);
    while idle < n {
        task.check()?;
        // How far ahead is looked changes the pace only: the first swap that pays is made.
        let count = ahead.min(n - idle).min(n - next);
        match swaps.first_that_pays(next..next + count) {
            Some((row, place)) => {
                swaps.swap(place, row);
                (idle, made) = (0, made + 1);
                next = (row + 1) % n;
                ahead = CHUNK;
            }
            None => {
                idle += count;
                next = (next + count) % n;
                ahead = (ahead * 2).min(MOST_AHEAD);
            }
        }
    }
    Ok(Medoids { cost: swaps.cost(), rows: swaps.medoids, swaps: made })
}

impl<'a> Swaps<'a> {
    fn new(table: &'a Table, medoids: Vec<usize>) -> Self {
        let near = (0..table.len()).map(|row| two_nearest(table, &medoids, row)).collect();
        let mut swaps = Self { table, losses: Vec::new(), near, medoids };
        swaps.sum_losses();
        swaps
    }

    fn cost(&self) -> f64 {
        self.near.iter().map(|near| f64::from(near.to_first)).sum()
    }

    fn sum_losses(&mut self) {
        self.losses = vec![0.0; self.medoids.len()];
        for near in &self.near {
            self.losses[near.first as usize] += f64::from(near.to_second) - f64::from(near.to_first);
        }
    }

    /// The first of `rows` that is worth a swap, and the medoid to swap it for.
    fn first_that_pays(&self, rows: std::ops::Range<usize>) -> Option<(usize, usize)> {
        let least = -GAIN * self.cost();
        let parts = fold::chunks_of(CHUNK, rows.len(), |range| {
            let candidates = range.map(|offset| rows.start + offset).filter(|row| !self.medoids.contains(row));
            candidates.map(|row| (row, self.best_swap(row))).find(|(_, (_, change))| *change < least)
        });
        parts.into_iter().flatten().next().map(|(row, (place, _))| (row, place))
    }

    /// The medoid that leaves best for `row`, and by how much the cost changes then.
    fn best_swap(&self, row: usize) -> (usize, f64) {
        let mut changes = self.losses.clone();
        let mut joined = 0.0;
        for (&distance, near) in self.table.row(row).iter().zip(&self.near) {
            if distance < near.to_second {
                let own = f64::from(near.to_first);
                let distance = f64::from(distance);
                // With this medoid gone the row would have gone to its second: now it comes here.
                changes[near.first as usize] += distance.max(own) - f64::from(near.to_second);
                joined += (distance - own).min(0.0);
            }
        }
        let best = (1..changes.len()).fold(0, |best, place| if changes[place] < changes[best] { place } else { best });
        (best, changes[best] + joined)
    }

    fn swap(&mut self, place: usize, row: usize) {
        self.medoids[place] = row;
        let number = place as u32;
        for (other, &distance) in self.table.row(row).iter().enumerate() {
            let near = &mut self.near[other];
            if near.first == number || near.second == number {
                *near = two_nearest(self.table, &self.medoids, other);
            } else {
                near.see(number, distance);
            }
        }
        self.sum_losses();
    }
}

fn two_nearest(table: &Table, medoids: &[usize], row: usize) -> Near {
    let distances = table.row(row);
    let mut near = FAR;
    (0..).zip(medoids).for_each(|(place, &medoid)| near.see(place, distances[medoid]));
    near
}
