//! Small data and runs for the tests of this room.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use ndarray::Array2;
use rand::Rng;

use super::{Candidate, Run, Status};
use crate::cluster::{Algorithm, Settings};
use crate::matrix::{Labels, Matrix};
use crate::metrics::Metrics;
use crate::task::Task;

/// A done run with these labels (0: unassigned), not judged yet; the algorithm is read from the id.
pub(super) fn run_of(id: &str, labels: &[u32]) -> Run {
    let raw: Vec<Option<u32>> = labels.iter().map(|&label| (label > 0).then_some(label)).collect();
    let labels = Labels::from_raw(&raw);
    let algorithm = Algorithm::from_id(id.split('-').next().unwrap()).unwrap();
    let k = algorithm.takes_k().then_some(labels.clusters());
    Run {
        id: id.to_owned(),
        candidate: Candidate { algorithm, settings: Settings { k, ..Settings::default() } },
        status: Status::Done,
        reason: None,
        warnings: Vec::new(),
        ending: None,
        labels: Arc::new(labels),
        clusterer: None,
        metrics: Metrics::default(),
        cluster_silhouettes: Vec::new(),
        stability: None,
        rules: None,
        same_as: None,
        against: Vec::new(),
        rank: None,
        seconds: 0.0,
    }
}

/// `k` round groups on a circle, far apart.
pub(super) fn blobs(k: usize, n: usize) -> Matrix {
    let mut random = Task::new(5).stream(&["blobs"]);
    let mut round = || (0..6).map(|_| random.gen_range(-0.5..0.5)).sum::<f64>();
    let values = Array2::from_shape_fn((n, 2), |(row, column)| {
        let angle = (row % k) as f64 / k as f64 * std::f64::consts::TAU;
        (if column == 0 { angle.cos() } else { angle.sin() }) * 6.0 + round()
    });
    Matrix::from_values(values)
}

/// Uniform rows in a square.
pub(super) fn noise(n: usize) -> Matrix {
    let mut random = Task::new(6).stream(&["noise"]);
    Matrix::from_values(Array2::from_shape_fn((n, 2), |_| random.r#gen::<f64>()))
}
