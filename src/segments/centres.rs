//! The segments' centres in the space that was clustered, and what they tell.

use crate::kernel::distance::squared;
use crate::matrix::{Labels, Matrix, UNASSIGNED};

/// The mean of each segment's rows, 1 first.
#[derive(Debug, Clone, PartialEq)]
pub struct Centres(pub Vec<Vec<f64>>);

impl Centres {
    /// Of the assigned rows of the matrix.
    pub fn new(matrix: &Matrix, labels: &Labels) -> Self {
        let mut sums = vec![vec![0.0; matrix.ncols()]; labels.clusters()];
        for (row, &label) in labels.as_slice().iter().enumerate().filter(|(_, label)| **label != UNASSIGNED) {
            add(&mut sums[label as usize - 1], matrix.row(row));
        }
        for (sum, &size) in sums.iter_mut().zip(labels.sizes()) {
            sum.iter_mut().for_each(|value| *value /= size as f64);
        }
        Self(sums)
    }

    /// The segment other than `own` whose centre is nearest to this row, with its squared distance.
    pub fn nearest_but(&self, own: u32, row: &[f64]) -> Option<(u32, f64)> {
        let others = (1..).zip(&self.0).filter(|(number, _)| *number != own);
        others.map(|(number, centre)| (number, squared(row, centre))).min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// The centre of a segment.
    pub fn of(&self, number: u32) -> Option<&[f64]> {
        self.0.get((number as usize).checked_sub(1)?).map(Vec::as_slice)
    }

    /// How close together each segment's rows are: their root mean square distance from its centre as a share of that
    /// of all assigned rows from theirs; `None` where all rows are one point.
    pub(super) fn cohesion(&self, matrix: &Matrix, labels: &Labels) -> Vec<Option<f64>> {
        let middle = self.middle(labels);
        let (mut within, mut total) = (vec![0.0; self.0.len()], 0.0);
        for (row, &label) in labels.as_slice().iter().enumerate().filter(|(_, label)| **label != UNASSIGNED) {
            within[label as usize - 1] += squared(matrix.row(row), &self.0[label as usize - 1]);
            total += squared(matrix.row(row), &middle);
        }
        let all = total / (labels.len() - labels.noise()).max(1) as f64;
        let share = |(sum, &size): (f64, &usize)| (all > 0.0).then(|| (sum / size as f64 / all).sqrt());
        within.into_iter().zip(labels.sizes()).map(share).collect()
    }

    /// Each feature's share of the squared distances between the centres and the middle of all assigned rows, by
    /// segment size; `origin` names the feature of each column. Empty where columns have no feature of their own.
    pub(super) fn importance(&self, origin: &[usize], labels: &Labels) -> Vec<f64> {
        let middle = self.middle(labels);
        if origin.len() != middle.len() {
            return Vec::new();
        }
        let mut between = vec![0.0; origin.iter().max().map_or(0, |last| last + 1)];
        for (centre, &size) in self.0.iter().zip(labels.sizes()) {
            for ((value, all), &feature) in centre.iter().zip(&middle).zip(origin) {
                between[feature] += size as f64 * (value - all) * (value - all);
            }
        }
        let total: f64 = between.iter().sum();
        between.into_iter().map(|part| if total > 0.0 { part / total } else { 0.0 }).collect()
    }

    fn middle(&self, labels: &Labels) -> Vec<f64> {
        let mut middle = vec![0.0; self.0.first().map_or(0, Vec::len)];
        for (centre, &size) in self.0.iter().zip(labels.sizes()) {
            middle.iter_mut().zip(centre).for_each(|(sum, value)| *sum += size as f64 * value);
        }
        let rows = (labels.len() - labels.noise()).max(1) as f64;
        middle.iter_mut().for_each(|sum| *sum /= rows);
        middle
    }
}

fn add(sum: &mut [f64], row: &[f64]) {
    sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use ndarray::array;

    use super::*;

    #[test]
    fn centres_tell_who_is_near_and_which_feature_parts_them() {
        let matrix = Matrix::from_values(array![[0.0, 1.0], [2.0, 1.0], [10.0, 0.0], [10.0, 2.0], [99.0, 99.0]]);
        let labels = Labels::from_raw(&[Some(1), Some(1), Some(2), Some(2), None]);
        let centres = Centres::new(&matrix, &labels);
        assert_eq!(centres.0, [[1.0, 1.0], [10.0, 1.0]]);
        assert_eq!(centres.nearest_but(1, &[0.0, 1.0]), Some((2, 100.0)));
        assert_eq!(centres.importance(&[0, 1], &labels), [1.0, 0.0]);
        // Around (5.5, 1): 30.25 + 12.25 + 21.25 + 21.25 over four rows; within 1 each.
        let expected = (1.0_f64 / (85.0 / 4.0)).sqrt();
        assert!(centres.cohesion(&matrix, &labels).iter().all(|share| (share.unwrap() - expected).abs() < 1e-15));
    }
}
