//! Prediction strength (Tibshirani and Walther 2005): does one half of the customers say how the other half is parted?

use rand::Rng;
use rayon::prelude::*;

use super::Candidate;
use super::fit::fit_quick;
use super::null::sample;
use crate::matrix::{Labels, Matrix, UNASSIGNED};
use crate::task::{Cancelled, Task};

/// How often the customers are halved; each half predicts the other.
const HALVINGS: usize = 5;
/// Rows that are halved at most.
const ROWS: usize = 2_000;

/// The mean, over the halves, of the [`strength`] with which a fit to the other half predicts them; `None` where no fit
/// worked or the number of segments is not a setting.
pub(super) fn prediction_strength(
    matrix: &Matrix,
    candidate: &Candidate,
    task: &Task,
) -> Result<Option<f64>, Cancelled> {
    if !candidate.algorithm.takes_k() {
        return Ok(None);
    }
    let rows = sample(matrix.nrows(), ROWS, task);
    let halving = |halving: usize| both_ways(matrix, candidate, halves(&rows, halving, task), task);
    let found: Vec<Option<f64>> = (0..HALVINGS).into_par_iter().map(halving).collect::<Result<_, Cancelled>>()?;
    let found: Vec<f64> = found.into_iter().flatten().collect();
    Ok((!found.is_empty()).then(|| found.iter().sum::<f64>() / found.len() as f64))
}

fn both_ways(
    matrix: &Matrix,
    candidate: &Candidate,
    halves: [Vec<usize>; 2],
    task: &Task,
) -> Result<Option<f64>, Cancelled> {
    let parts = halves.map(|rows| matrix.select(&rows));
    let fitted = [0, 1].map(|half| fit_quick(&parts[half], candidate, task).ok());
    task.check()?;
    let [Some(first), Some(second)] = fitted else { return Ok(None) };
    let forth = strength(&second.labels, &first.clusterer.assign(parts[1].values.view()).labels);
    let back = strength(&first.labels, &second.clusterer.assign(parts[0].values.view()).labels);
    Ok(Some(f64::midpoint(forth, back)))
}

/// Two random halves, each ascending.
fn halves(rows: &[usize], halving: usize, task: &Task) -> [Vec<usize>; 2] {
    let mut random = task.stream(&["halves".to_owned(), halving.to_string()]);
    let (mut first, mut second) = (Vec::new(), Vec::new());
    let mut wanted = rows.len() / 2;
    for (place, &row) in rows.iter().enumerate() {
        if random.gen_range(0..rows.len() - place) < wanted {
            wanted -= 1;
            first.push(row);
        } else {
            second.push(row);
        }
    }
    [first, second]
}

/// In the weakest of the own segments the share of pairs that are predicted to be together. A row alone has no pairs, and
/// passes; rows without a predicted segment are together with nobody.
fn strength(own: &Labels, predicted: &[u32]) -> f64 {
    let most = predicted.iter().copied().max().unwrap_or(UNASSIGNED) as usize;
    let mut together = vec![vec![0usize; most + 1]; own.clusters()];
    let assigned = own.as_slice().iter().zip(predicted).filter(|(label, _)| **label != UNASSIGNED);
    assigned.for_each(|(&label, &other)| together[label as usize - 1][other as usize] += 1);
    let pairs = |count: usize| (count * count.saturating_sub(1)) as f64;
    let share = |(counts, &size): (&Vec<usize>, &usize)| {
        let kept: f64 = counts.iter().skip(1).map(|&count| pairs(count)).sum();
        if size < 2 { 1.0 } else { kept / pairs(size) }
    };
    together.iter().zip(own.sizes()).map(share).fold(1.0, f64::min)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::testing::{blobs, noise};
    use super::*;
    use crate::cluster::{Algorithm, Settings};

    #[test]
    fn pairs_that_stay_together_are_counted_by_hand() {
        let own = Labels::from_raw(&[1, 1, 1, 1, 2, 2, 2, 3].map(Some));
        assert_eq!(strength(&own, &[1, 1, 1, 2, 3, 3, 3, 1]), 0.5);
        assert_eq!(strength(&own, &[1, 1, 1, 1, 3, 3, 0, 1]), 1.0 / 3.0);
        assert_eq!(strength(&own, &[9, 9, 9, 9, 3, 3, 3, 3]), 1.0);
    }

    #[test]
    fn groups_predict_each_other_and_cuts_do_not() {
        let of = |matrix: &Matrix, k: usize| {
            let settings = Settings { k: Some(k), ..Settings::default() };
            let candidate = Candidate { algorithm: Algorithm::Kmeans, settings };
            prediction_strength(matrix, &candidate, &Task::new(1)).unwrap().unwrap()
        };
        assert!(of(&blobs(4, 400), 4) > 0.95);
        assert!(of(&blobs(4, 400), 6) < 0.8);
        assert!(of(&noise(400), 5) < 0.8);
    }
}
