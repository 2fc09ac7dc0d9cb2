//! Data for this room's tests.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use ndarray::Array2;
use proptest::prelude::*;
use rand::Rng;
use rand::seq::SliceRandom;

use super::{Cluster, ClusterError};
use crate::matrix::Matrix;
use crate::task::Task;

/// Income and spending score of the mall customers and what is known about them, where they lie at hand.
pub fn mall() -> Option<(Matrix, serde_json::Value)> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let text = std::fs::read_to_string(shared.join("data/Mall_Customers.csv")).ok()?;
    let reference = std::fs::read_to_string(shared.join("reference/mall_income_score_raw.json")).ok()?;
    let row = |line: &str| line.split(',').skip(3).map(|value| value.parse::<f64>().unwrap()).collect::<Vec<_>>();
    let rows: Vec<Vec<f64>> = text.lines().skip(1).map(row).collect();
    let values = Array2::from_shape_fn((rows.len(), 2), |(i, j)| rows[i][j]);
    Some((Matrix::from_values(values), serde_json::from_str(&reference).unwrap()))
}

/// n points around k corners of a grid of width 10, `spread` wide; row r belongs to corner r mod k.
pub fn blobs(n: usize, k: usize, d: usize, spread: f64) -> Matrix {
    let mut rng = Task::new(7).stream(&["blobs"]);
    let corner = |row: usize, column: usize| ((row % k) / 3usize.pow(column.min(5) as u32) % 3) as f64 * 10.0;
    Matrix::from_values(Array2::from_shape_fn((n, d), |(row, column)| {
        // The sum of twelve uniform numbers is nearly normal.
        let noise: f64 = (0..12).map(|_| rng.r#gen::<f64>()).sum::<f64>() - 6.0;
        corner(row, column) + noise * spread
    }))
}

/// n numbers in [0, 1) from a congruential generator that is quickly written anywhere.
pub fn congruential(n: usize) -> Vec<f64> {
    let step = |state: &u64| Some((state * 1_103_515_245 + 12345) % (1 << 31));
    std::iter::successors(step(&1), step).map(|state| state as f64 / f64::from(1u32 << 31)).take(n).collect()
}

/// The rows 0..n in some order.
pub fn shuffled(n: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    order.shuffle(&mut Task::new(seed).stream(&["shuffled"]));
    order
}

/// Small matrices, with many equal values and ties.
pub fn any_matrix() -> impl Strategy<Value = Matrix> {
    (5..60usize, 1..4usize).prop_flat_map(|(n, d)| {
        let values = prop_oneof![prop::collection::vec(-4..4i32, n * d), prop::collection::vec(-999..999i32, n * d)];
        values.prop_map(move |values| {
            Matrix::from_values(Array2::from_shape_fn((n, d), |(i, j)| f64::from(values[i * d + j]) / 4.0))
        })
    })
}

/// What `work` gives on one, two and four threads.
pub fn on_threads<T: Send>(work: impl Fn() -> T + Sync) -> Vec<T> {
    let on = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(&work);
    [1, 2, 4].map(on).into()
}

/// Cancels a fit some 50 ms after it began and gives the seconds that it took to answer; none where it was done before.
pub fn cancelled_on_its_way(cluster: &dyn Cluster, matrix: &Matrix) -> f64 {
    let task = Task::default();
    std::thread::scope(|scope| {
        let fit = scope.spawn(|| cluster.fit(matrix, &task).map(|_| ()));
        std::thread::sleep(std::time::Duration::from_millis(50));
        let cancelled = std::time::Instant::now();
        task.cancel();
        let answered = fit.join().unwrap();
        let is_fine = matches!(answered, Ok(()) | Err(ClusterError::Cancelled(_)));
        if is_fine { cancelled.elapsed().as_secs_f64() } else { f64::INFINITY }
    })
}

/// Whether two labellings are the same partition.
pub fn same_partition(a: &[u32], b: &[u32]) -> bool {
    let number =
        |labels: &[u32]| crate::matrix::Labels::from_raw(&labels.iter().map(|&label| Some(label)).collect::<Vec<_>>());
    a.len() == b.len() && number(a) == number(b)
}
