//! Customers that every algorithm can take, how it is set for them, and how soon it answers a cancel.

use std::thread;
use std::time::{Duration, Instant};

use ndarray::{Array2, Axis};
use rand::Rng;
use segmenta::cluster::{self, Algorithm, ClusterError, Fitted, Settings};
use segmenta::matrix::{Block, Matrix};
use segmenta::task::Task;

pub const K: usize = 4;
pub const COLUMNS: usize = 3;
pub const CATEGORIES: usize = 5;
pub const LEVELS: usize = 4;
/// A radius that parts the customers.
pub const EPS: f64 = 1.0;

/// The settings for `copies` of the customers: what counts rows counts the copies, too.
pub fn settings(copies: usize, eps: f64) -> Settings {
    Settings {
        k: Some(K),
        eps: Some(eps),
        min_samples: Some(6 * copies),
        min_cluster_size: Some(40 * copies),
        ..Settings::default()
    }
}

pub fn fit_with(
    algorithm: Algorithm,
    settings: Settings,
    matrix: &Matrix,
    task: &Task,
) -> Result<Fitted, ClusterError> {
    // With a radius OPTICS is DBSCAN: its own clusters are looked at.
    let eps = settings.eps.filter(|_| algorithm != Algorithm::Optics);
    let settings = Settings { eps, ..settings };
    cluster::algorithm(algorithm, settings)?.fit(matrix, task)
}

/// Four round groups of differing size that touch each other.
pub fn round_customers(rows: usize) -> Matrix {
    const CORNERS: [[f64; COLUMNS]; 5] =
        [[0.0, 0.0, 0.0], [7.0, 0.0, 1.0], [0.0, 6.5, -1.0], [7.0, 7.0, 0.0], [0.0, 0.0, 0.0]];
    let mut rng = Task::new(3).stream(&["customers"]);
    Matrix::from_values(Array2::from_shape_fn((rows, COLUMNS), |(row, column)| {
        // The sum of twelve uniform numbers is nearly normal.
        let noise: f64 = (0..12).map(|_| rng.r#gen::<f64>()).sum::<f64>() - 6.0;
        CORNERS[row % CORNERS.len()][column] + noise
    }))
}

/// The same with five categories of four levels, where three of four customers have the level of their group.
fn mixed_customers(rows: usize) -> Matrix {
    let mut rng = Task::new(4).stream(&["categories"]);
    let levels = Array2::from_shape_fn((rows, CATEGORIES), |(row, category)| {
        if rng.gen_bool(0.75) { (row % 5 % K + category) % LEVELS } else { rng.gen_range(0..LEVELS) }
    });
    let one_hot = |(row, column): (usize, usize)| f64::from(levels[[row, column / LEVELS]] == column % LEVELS);
    let dummies = Array2::from_shape_fn((rows, CATEGORIES * LEVELS), one_hot);
    let values = ndarray::concatenate![Axis(1), round_customers(rows).values, dummies];
    Matrix { blocks: blocks(COLUMNS), ..Matrix::from_values(values) }
}

/// The categories, from this column on.
pub fn blocks(first: usize) -> Vec<Block> {
    let start = |category| first + category * LEVELS;
    let block = |category| Block {
        columns: start(category)..start(category + 1),
        on: vec![1.0; LEVELS],
        off: vec![0.0; LEVELS],
        weight: 1.0,
    };
    (0..CATEGORIES).map(block).collect()
}

/// Customers that `algorithm` takes.
pub fn customers_for(algorithm: Algorithm, rows: usize) -> Matrix {
    let matrix = round_customers(rows);
    if cluster::why_not(algorithm, &matrix).is_some() { mixed_customers(rows) } else { matrix }
}

/// `many` rows, or `few` where the algorithm keeps all pairs.
pub fn rows(algorithm: Algorithm, many: usize, few: usize) -> usize {
    const MOST_OF_KERNEL: usize = 1_500;
    match algorithm {
        Algorithm::Kernel => few.min(MOST_OF_KERNEL),
        _ if cluster::bytes_needed(algorithm, many, COLUMNS) > 500 * many as u64 => few,
        _ => many,
    }
}

/// How long the answer to a cancel took, `after` the start; `None` where the fit was done before.
pub fn answer(algorithm: Algorithm, matrix: &Matrix, after: Duration) -> Option<Duration> {
    let task = Task::default().with_memory(16 << 30);
    thread::scope(|scope| {
        let fitting = scope.spawn(|| fit_with(algorithm, settings(1, EPS), matrix, &task));
        thread::sleep(after);
        let begun = Instant::now();
        task.cancel();
        match fitting.join().unwrap() {
            Err(ClusterError::Cancelled(_)) => Some(begun.elapsed()),
            Err(error) => panic!("{}: {error}", algorithm.id()),
            Ok(_) => None,
        }
    })
}
