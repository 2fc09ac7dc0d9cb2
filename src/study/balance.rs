//! Small segments: are they found as the customers are, and with kinds of customers counting alike?

use rand::seq::SliceRandom;
use rayon::prelude::*;

use super::relevance::evenly;
use crate::cluster::{self, Algorithm, ClusterError, Clusterer, Settings};
use crate::kernel::distance::squared;
use crate::matrix::{Labels, Matrix};
use crate::metrics::{self, simplified_silhouette};
use crate::task::{Cancelled, Task};

/// Rows that are clustered at most.
const ROWS: usize = 2_000;
/// The numbers of segments that are tried.
const SEGMENTS: std::ops::RangeInclusive<usize> = 2..=8;
/// The kinds of customers that count alike.
const KINDS: usize = 20;
/// A segment is small below this share of the customers …
const SMALL: f64 = 0.05;
/// … and stands apart from this separation on.
const APART: f64 = 0.5;
/// Fewer customers are no segment.
const FEWEST: usize = 5;

/// The smallest segment of a clustering, seen over all customers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Smallest {
    /// The number of segments.
    pub segments: usize,
    /// The customers in the smallest.
    pub customers: usize,
    /// Their share.
    pub share: f64,
    /// Their mean simplified silhouette.
    pub separation: f64,
}

/// The smallest segment with and without balancing.
#[derive(Debug, Clone, PartialEq)]
pub struct Balance {
    /// Every customer counts alike.
    pub plain: Option<Smallest>,
    /// Every kind of customer counts alike, however few have it.
    pub balanced: Option<Smallest>,
    /// What that comes to, in one sentence.
    pub told: String,
}

impl Smallest {
    /// Whether it is a small segment that stands apart.
    pub fn is_found(&self) -> bool {
        self.share < SMALL && self.separation >= APART && self.customers >= FEWEST
    }
}

/// Clusters the rows twice, k by the simplified silhouette: as they are, and as many of each kind of customer, kinds
/// being balls around points far from each other, so that a small group apart is one of them.
///
/// # Errors
/// [`Cancelled`].
pub fn balance(matrix: &Matrix, task: &Task) -> Result<Balance, Cancelled> {
    let plain = smallest(matrix, &evenly(matrix.nrows(), ROWS), task)?;
    let balanced = smallest(matrix, &kinds(matrix, task)?, task)?;
    let told = told(plain.as_ref(), balanced.as_ref());
    Ok(Balance { plain, balanced, told })
}

fn told(plain: Option<&Smallest>, balanced: Option<&Smallest>) -> String {
    let size = |of: &Smallest| {
        let customers = if of.customers == 1 { "customer" } else { "customers" };
        format!("{} {customers} ({:.1} %)", of.customers, of.share * 100.0)
    };
    let apart = |of: &Smallest| format!("{} stand apart (separation {:.2})", size(of), of.separation);
    match (plain, balanced) {
        (Some(plain), Some(balanced)) => match (plain.is_found(), balanced.is_found()) {
            (true, true) => format!("Found with and without balancing: {}", apart(balanced)),
            (false, true) => format!(
                "Found with balancing only: {}; without it the smallest segment has {}",
                apart(balanced),
                size(plain)
            ),
            (true, false) => format!(
                "Found without balancing only: {}; with it the smallest segment has {}",
                apart(plain),
                size(balanced)
            ),
            (false, false) => format!(
                "Missed, if there is one: no segment below {:.0} % stands apart; the smallest has {}, with balancing {}",
                SMALL * 100.0,
                size(plain),
                size(balanced)
            ),
        },
        _ => "Missed, if there is one: too few customers differ".to_owned(),
    }
}

/// The smallest segment of the best k-means over these rows, all rows put into its segments.
fn smallest(matrix: &Matrix, rows: &[usize], task: &Task) -> Result<Option<Smallest>, Cancelled> {
    let part = matrix.select(rows);
    let fits: Vec<Option<(f64, Clusterer)>> =
        SEGMENTS.into_par_iter().map(|k| fitted(&part, k, task)).collect::<Result<_, Cancelled>>()?;
    let best = fits.into_iter().flatten().reduce(|best, next| if next.0 > best.0 { next } else { best });
    Ok(best.and_then(|(_, clusterer)| measured(matrix, &clusterer)))
}

fn fitted(part: &Matrix, k: usize, task: &Task) -> Result<Option<(f64, Clusterer)>, Cancelled> {
    let settings = Settings { k: Some(k), ..Settings::default() };
    match cluster::quick(Algorithm::Kmeans, settings).and_then(|kmeans| kmeans.fit(part, &task.aside())) {
        Ok(fitted) => Ok(simplified_silhouette(part, &fitted.labels).map(|value| (value, fitted.clusterer))),
        Err(ClusterError::Cancelled(cancelled)) => Err(cancelled),
        Err(_) => Ok(None),
    }
}

fn measured(matrix: &Matrix, clusterer: &Clusterer) -> Option<Smallest> {
    let raw: Vec<Option<u32>> = clusterer.assign(matrix.values.view()).labels.into_iter().map(Some).collect();
    let labels = Labels::from_raw(&raw);
    let number = u32::try_from(labels.clusters()).ok()?;
    let members = labels.members(number);
    let means = metrics::means(matrix, &labels);
    let score = |&row: &usize| {
        let mut distances: Vec<f64> =
            means.outer_iter().map(|mean| squared(matrix.row(row), &mean.to_vec()).sqrt()).collect();
        let own = distances.swap_remove(number as usize - 1);
        let next = distances.into_iter().fold(f64::INFINITY, f64::min);
        if own.max(next) > 0.0 && next.is_finite() { (next - own) / own.max(next) } else { 0.0 }
    };
    Some(Smallest {
        segments: labels.clusters(),
        customers: members.len(),
        share: members.len() as f64 / matrix.nrows().max(1) as f64,
        separation: members.iter().map(score).sum::<f64>() / members.len().max(1) as f64,
    })
}

/// As many rows of each kind, a hundredth of all: kinds are the balls around points that are farthest from each other.
fn kinds(matrix: &Matrix, task: &Task) -> Result<Vec<usize>, Cancelled> {
    let n = matrix.nrows();
    let rows = evenly(n, 10 * ROWS);
    let mut nearest: Vec<(f64, usize)> = vec![(f64::INFINITY, 0); rows.len()];
    let mut next = middle(matrix, &rows);
    for kind in 0..KINDS.min(rows.len()) {
        task.check()?;
        for (place, &row) in rows.iter().enumerate() {
            let distance = squared(matrix.row(row), matrix.row(rows[next]));
            if distance < nearest[place].0 {
                nearest[place] = (distance, kind);
            }
        }
        next = (0..rows.len()).fold(0, |far, place| if nearest[place].0 > nearest[far].0 { place } else { far });
    }
    let each = (rows.len() / 100).max(FEWEST);
    let mut chosen = Vec::new();
    for kind in 0..KINDS {
        let mut of: Vec<usize> = (0..rows.len()).filter(|&place| nearest[place].1 == kind).collect();
        of.shuffle(&mut task.stream(&["kinds".to_owned(), kind.to_string()]));
        chosen.extend(of.into_iter().take(each).map(|place| rows[place]));
    }
    chosen.sort_unstable();
    Ok(chosen)
}

/// The row nearest the mean of all.
fn middle(matrix: &Matrix, rows: &[usize]) -> usize {
    let mean = matrix.values.mean_axis(ndarray::Axis(0)).map(|mean| mean.to_vec()).unwrap_or_default();
    let distance = |place: usize| squared(matrix.row(rows[place]), &mean);
    (0..rows.len()).fold(0, |best, place| if distance(place) < distance(best) { place } else { best })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use ndarray::Array2;
    use rand::Rng;

    fn customers(seed: u64, planted: Option<f64>) -> Matrix {
        let mut random = Task::new(seed).stream(&["planted"]);
        let mut normal = move || (0..12).map(|_| random.r#gen::<f64>()).sum::<f64>() - 6.0;
        Matrix::from_values(Array2::from_shape_fn((1000, 3), |(row, column)| {
            let place = match planted {
                Some(apart) if row % 100 == 7 => apart,
                _ => [0.0, 6.0, -6.0][(row + column * (row % 2)) % 3],
            };
            place + if planted.is_some_and(|_| row % 100 == 7) { 0.5 } else { 1.0 } * normal()
        }))
    }

    #[test]
    fn a_segment_of_one_in_a_hundred_is_found_or_said_to_be_missed() {
        for seed in 0..20 {
            let found = balance(&customers(seed, Some(18.0)), &Task::new(seed)).unwrap();
            let balanced = found.balanced.unwrap();
            assert!(balanced.is_found() && balanced.customers == 10, "seed {seed}: {found:?}");
            assert!(found.told.starts_with("Found with"), "{}", found.told);
            let none = balance(&customers(seed, None), &Task::new(seed)).unwrap();
            assert!(none.told.starts_with("Missed, if there is one"), "seed {seed}: {}", none.told);
        }
    }
}
