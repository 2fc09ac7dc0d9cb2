//! Gaps filled by the customers that are nearest in the other features.

use serde::{Deserialize, Serialize};

use super::stats::mean_sd;
use crate::task::{Cancelled, Task};

/// Customers that are kept to fill the gaps of later ones, evenly spaced over all.
const DONORS: usize = 2_000;

/// The customers that fill gaps, and how far apart customers are: the Euclidean distance over the features that both have
/// a value for, times their number over that of those (as scikit-learn's `nan_euclidean_distances`), each feature with
/// mean 0 and standard deviation 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Nearest {
    /// How many customers' mean is taken.
    pub k: usize,
    /// The features that they are compared by.
    pub columns: Vec<String>,
    centres: Vec<f64>,
    spreads: Vec<f64>,
    /// One row a customer, standardised; none where a value is missing.
    donors: Vec<Vec<Option<f64>>>,
    /// What each has in the column that is filled.
    values: Vec<f64>,
    /// Where nobody can be compared.
    mean: f64,
}

impl Nearest {
    /// Keeps the customers that have a value. `features` are the others, one value a row; only `kept` rows count.
    pub fn fit(k: usize, features: &[(&str, &[f64])], values: &[f64], kept: impl Fn(usize) -> bool) -> Self {
        let rows: Vec<usize> = (0..values.len()).filter(|&row| kept(row)).collect();
        let scales: Vec<(f64, f64)> = features.iter().map(|(_, of)| mean_sd(rows.iter().map(|&row| of[row]))).collect();
        let with: Vec<usize> = rows.into_iter().filter(|&row| !values[row].is_nan()).collect();
        let count = with.len().min(DONORS);
        let chosen: Vec<usize> = (0..count).map(|place| with[place * with.len() / count]).collect();
        let mut nearest = Self {
            k,
            columns: features.iter().map(|(name, _)| (*name).to_owned()).collect(),
            centres: scales.iter().map(|(mean, _)| mean).map(|mean| if mean.is_nan() { 0.0 } else { *mean }).collect(),
            spreads: scales.iter().map(|&(_, sd)| if sd > 0.0 { sd } else { 1.0 }).collect(),
            donors: Vec::with_capacity(count),
            values: chosen.iter().map(|&row| values[row]).collect(),
            mean: mean_sd(with.iter().map(|&row| values[row])).0,
        };
        for &row in &chosen {
            let donor = nearest.scaled(features.iter().map(|(_, of)| of[row]));
            nearest.donors.push(donor);
        }
        nearest
    }

    /// Whether its lists are of one length.
    pub(super) fn is_whole(&self) -> bool {
        let columns = self.columns.len();
        let rows = self.donors.len() == self.values.len() && self.donors.iter().all(|donor| donor.len() == columns);
        rows && self.centres.len() == columns && self.spreads.len() == columns
    }

    fn scaled(&self, row: impl Iterator<Item = f64>) -> Vec<Option<f64>> {
        let scales = self.centres.iter().zip(&self.spreads);
        row.zip(scales).map(|(value, (centre, spread))| there((value - centre) / spread)).collect()
    }

    /// The values for `gaps`, rows of `features` (one list a column, in the order of [`Nearest::columns`]).
    pub fn fill(&self, gaps: &[usize], features: &[&[f64]], task: &Task) -> Result<Vec<f64>, Cancelled> {
        let of = |&row: &usize| {
            task.check()?;
            Ok(self.value(&self.scaled(features.iter().map(|of| of[row]))))
        };
        gaps.iter().map(of).collect()
    }

    /// The mean over the nearest, ties by their order.
    fn value(&self, row: &[Option<f64>]) -> f64 {
        let mut near: Vec<(f64, usize)> =
            self.donors.iter().enumerate().filter_map(|(place, donor)| Some((squared(row, donor)?, place))).collect();
        if near.is_empty() {
            return self.mean;
        }
        let k = self.k.clamp(1, near.len());
        let order = |a: &(f64, usize), b: &(f64, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        near.select_nth_unstable_by(k - 1, order);
        near.truncate(k);
        near.sort_unstable_by_key(|&(_, place)| place);
        near.iter().map(|&(_, place)| self.values[place]).sum::<f64>() / k as f64
    }
}

fn there(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

/// `None` where the two have no feature in common.
fn squared(a: &[Option<f64>], b: &[Option<f64>]) -> Option<f64> {
    let (mut sum, mut common) = (0.0, 0_u32);
    for (a, b) in a.iter().zip(b) {
        if let (Some(a), Some(b)) = (a, b) {
            sum += (a - b) * (a - b);
            common += 1;
        }
    }
    (common > 0).then(|| sum * a.len() as f64 / f64::from(common))
}
