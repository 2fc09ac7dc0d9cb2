//! The gauge, held against data whose answer is known.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use ndarray::Array2;
use rand::Rng;

use super::*;
use crate::cluster::{self, Algorithm, Settings};
use crate::matrix::Matrix;
use crate::metrics::{self, Metrics};
use crate::study::{Candidate, Run, Status, sensitivity};
use crate::task::Task;

fn normal(random: &mut impl Rng) -> f64 {
    (0..12).map(|_| random.gen_range(-0.5..0.5)).sum()
}

/// One Gaussian whose columns spread by `spread`.
fn gaussian(n: usize, spread: &[f64], seed: u64) -> Matrix {
    let mut random = Task::new(seed).stream(&["gaussian"]);
    Matrix::from_values(Array2::from_shape_fn((n, spread.len()), |(_, column)| spread[column] * normal(&mut random)))
}

/// `k` Gaussians in a row, so far apart.
fn groups(n: usize, k: usize, apart: f64) -> Matrix {
    let mut random = Task::new(9).stream(&["groups"]);
    Matrix::from_values(Array2::from_shape_fn((n, 2), |(row, column)| {
        let middle = if column == 0 { apart * (row % k) as f64 } else { 0.0 };
        middle + normal(&mut random)
    }))
}

fn fitted(matrix: &Matrix, algorithm: Algorithm, k: usize) -> Run {
    let candidate = Candidate { algorithm, settings: Settings { k: Some(k), ..Settings::default() } };
    let task = Task::new(1);
    let fitted = cluster::algorithm(candidate.algorithm, candidate.settings).unwrap().fit(matrix, &task).unwrap();
    let found = metrics::internal(matrix, &[&fitted.labels], &task).unwrap();
    Run {
        id: "run".to_owned(),
        candidate,
        status: Status::Done,
        reason: None,
        warnings: Vec::new(),
        ending: None,
        labels: Arc::new(fitted.labels),
        clusterer: Some(Arc::new(fitted.clusterer)),
        metrics: Metrics { silhouette: found[0].metrics.silhouette, ..Metrics::default() },
        cluster_silhouettes: Vec::new(),
        stability: None,
        rules: None,
        same_as: None,
        against: Vec::new(),
        rank: None,
        seconds: 0.0,
    }
}

fn gauge(matrix: &Matrix, algorithm: Algorithm, k: usize) -> Proof {
    let run = fitted(matrix, algorithm, k);
    let origin: Vec<usize> = (0..matrix.ncols()).collect();
    let tried = sensitivity(matrix, &origin, &run, &Task::new(1)).unwrap();
    let segments = Segments {
        run: run.id.clone(),
        list: Vec::new(),
        effects: Vec::new(),
        unassigned: 0,
        customers: matrix.nrows(),
        crosses: Vec::new(),
        outcomes: Vec::new(),
        proof: None,
        baskets: None,
    };
    proof(&run, &segments, &tried, &matrix.names)
}

#[test]
fn one_gaussian_cut_in_two_is_poor() {
    for (seed, spread) in [(1, vec![1.0, 1.0]), (2, vec![3.0, 1.0]), (3, vec![10.0, 1.0]), (4, vec![1.0; 5])] {
        for algorithm in [Algorithm::Kmeans, Algorithm::Ward] {
            let found = gauge(&gaussian(300, &spread, seed), algorithm, 2);
            assert_eq!(found.gauge, Gauge::Poor, "{spread:?}: {}", found.sentence());
        }
    }
}

#[test]
fn groups_that_are_apart_are_good() {
    for k in [2, 3, 5] {
        let found = gauge(&groups(300, k, 8.0), Algorithm::Kmeans, k);
        assert_eq!(found.gauge, Gauge::Good, "{k}: {}", found.sentence());
        assert!(found.features[0].0 == "x1" && found.features[0].1 < 0.3, "{:?}", found.features);
    }
}
