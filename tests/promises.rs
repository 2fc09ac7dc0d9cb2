//! What every algorithm of the list promises: the same bits whatever the threads, the same customers together however
//! the file is written, and an answer to a cancel.
//!
//! A new algorithm is held to all of it until [`Promises::of`] says why it cannot.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use ndarray::{Array2, Axis};
use rand::Rng;
use rand::seq::SliceRandom;
use segmenta::cluster::{self, Algorithm, ClusterError, Fitted, Settings};
use segmenta::engine::steps;
use segmenta::matrix::{Block, Labels, Matrix};
use segmenta::recipe::Recipe;
use segmenta::table::{Role, SourceSpec};
use segmenta::task::Task;

const K: usize = 4;
const COLUMNS: usize = 3;
const CATEGORIES: usize = 5;
const LEVELS: usize = 4;
/// Rows of a file that every algorithm can take, also twice.
const FEW: usize = 700;
/// A radius that parts them.
const EPS: f64 = 1.0;

/// Whether the same customers are together when the file is written another way. Where distances are equal (whole
/// numbers!) most algorithms go by the order of rows: the promises are about distances that differ.
struct Promises {
    /// The rows in another order.
    rows: Promise,
    /// The whole file twice.
    twice: Promise,
}

type Promise = Result<(), &'static str>;

impl Promises {
    fn of(algorithm: Algorithm) -> Self {
        let all = Self { rows: Ok(()), twice: Ok(()) };
        let batches = Err("each batch is a draw of rows: other rows, other centres");
        match algorithm {
            Algorithm::Minibatch => Self { rows: batches, twice: batches },
            _ => all,
        }
    }
}

/// The settings for `copies` of the customers: what counts rows counts the copies, too.
fn settings(copies: usize, eps: f64) -> Settings {
    Settings {
        k: Some(K),
        eps: Some(eps),
        min_samples: Some(6 * copies),
        min_cluster_size: Some(40 * copies),
        ..Settings::default()
    }
}

fn fit_with(algorithm: Algorithm, settings: Settings, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError> {
    // With a radius OPTICS is DBSCAN: its own clusters are looked at.
    let eps = settings.eps.filter(|_| algorithm != Algorithm::Optics);
    let settings = Settings { eps, ..settings };
    cluster::algorithm(algorithm, settings)?.fit(matrix, task)
}

fn fit(algorithm: Algorithm, settings: Settings, matrix: &Matrix) -> Fitted {
    let fitted = fit_with(algorithm, settings, matrix, &Task::default());
    fitted.unwrap_or_else(|error| panic!("{}: {error}", algorithm.id()))
}

/// Four round groups of differing size that touch each other.
fn customers(rows: usize) -> Matrix {
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
    let values = ndarray::concatenate![Axis(1), customers(rows).values, dummies];
    Matrix { blocks: blocks(COLUMNS), ..Matrix::from_values(values) }
}

/// The categories, from this column on.
fn blocks(first: usize) -> Vec<Block> {
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
fn customers_for(algorithm: Algorithm, rows: usize) -> Matrix {
    let matrix = customers(rows);
    if cluster::why_not(algorithm, &matrix).is_some() { mixed_customers(rows) } else { matrix }
}

/// How many rows are in another segment, the segments being numbered alike: none where the same ones are together.
fn moved(one: &[u32], other: &[u32]) -> usize {
    let named = |labels: &[u32]| labels.iter().map(|&label| (label > 0).then_some(label)).collect::<Vec<_>>();
    let [one, other] = [one, other].map(|labels| Labels::from_raw(&named(labels)));
    one.as_slice().iter().zip(other.as_slice()).filter(|(one, other)| one != other).count()
}

/// Fits every algorithm that promises it to a file and to the same file as `write` writes it, with so many copies of
/// each customer, and compares the labels; `back` puts those of the other file in the order of the first.
fn assert_same(
    what: &str,
    promise: impl Fn(&Promises) -> Promise,
    (write, copies): (impl Fn(&Matrix) -> Matrix, usize),
    back: impl Fn(&[u32]) -> Vec<u32>,
) {
    let mut broken = String::new();
    for algorithm in Algorithm::ALL.into_iter().filter(|&algorithm| promise(&Promises::of(algorithm)).is_ok()) {
        let matrix = customers_for(algorithm, FEW);
        let known = fit(algorithm, settings(1, EPS), &matrix).labels;
        let other = fit(algorithm, settings(copies, EPS), &write(&matrix)).labels;
        assert!(known.clusters() > 1, "{what}: {} finds nothing to compare", algorithm.id());
        let moved = moved(known.as_slice(), &back(other.as_slice()));
        if moved > 0 {
            write!(broken, " {} ({moved} rows)", algorithm.id()).unwrap();
        }
    }
    assert!(broken.is_empty(), "{what}:{broken}");
}

#[test]
fn the_order_of_rows() {
    let mut order: Vec<usize> = (0..FEW).collect();
    order.shuffle(&mut Task::new(5).stream(&["order"]));
    let back = |labels: &[u32]| {
        let mut back = vec![0; labels.len()];
        order.iter().zip(labels).for_each(|(&row, &label)| back[row] = label);
        back
    };
    let write = |matrix: &Matrix| matrix.select(&order);
    assert_same("rows in another order", |promises| promises.rows, (write, 1), back);
}

#[test]
fn the_order_of_columns() {
    let turn = |matrix: &Matrix| {
        // Categories first, numbers last; where there are no categories the first number last.
        let by = if matrix.blocks.is_empty() { 1 } else { COLUMNS };
        let d = matrix.ncols();
        let order: Vec<usize> = (0..d).map(|column| (column + by) % d).collect();
        let turned = Matrix::from_values(matrix.values.select(Axis(1), &order));
        Matrix { blocks: if matrix.blocks.is_empty() { Vec::new() } else { blocks(0) }, ..turned }
    };
    assert_same("columns in another order", |_| Ok(()), (turn, 1), <[u32]>::to_vec);
}

#[test]
fn the_whole_file_twice() {
    let write = |matrix: &Matrix| matrix.select(&(0..2 * FEW).map(|row| row % FEW).collect::<Vec<_>>());
    let first = |labels: &[u32]| {
        assert_eq!(labels[..FEW], labels[FEW..]);
        labels[..FEW].to_vec()
    };
    assert_same("the whole file twice", |promises| promises.twice, (write, 2), first);
}

#[test]
fn the_units_of_a_column() {
    let folder = tempfile::tempdir().unwrap();
    let prepare = |name: &str, factor: f64| {
        let path = folder.path().join(name);
        write_csv(&path, &customers(FEW), factor);
        let task = Task::default();
        let source = SourceSpec::new(path);
        let table = steps::load(&source, None, &task).unwrap().table;
        let mut recipe = Recipe::propose(&table);
        ["income", "visits", "spend"].iter().for_each(|column| recipe.set_role(column, Role::Cluster));
        steps::prepare(&table, &recipe, &task).unwrap().matrix
    };
    let (one, other) = (prepare("euros.csv", 1.0), prepare("thousandths.csv", 1000.0));
    assert_eq!((one.nrows(), one.ncols()), (FEW, COLUMNS));
    // Both are standardised, so that their columns' standard deviations of about 3.3 are 1.
    for algorithm in Algorithm::ALL.into_iter().filter(|&algorithm| cluster::why_not(algorithm, &one).is_none()) {
        let labels = |matrix| fit(algorithm, settings(1, EPS / 3.3), matrix).labels;
        let (one, other) = (labels(&one), labels(&other));
        assert!(one.clusters() > 1, "{} finds nothing to compare", algorithm.id());
        assert_eq!(moved(one.as_slice(), other.as_slice()), 0, "{}", algorithm.id());
    }
}

/// The middle column in another unit.
fn write_csv(path: &Path, matrix: &Matrix, factor: f64) {
    let mut text = "income,visits,spend\n".to_owned();
    for row in matrix.values.outer_iter() {
        writeln!(text, "{},{},{}", row[0], row[1] * factor, row[2]).unwrap();
    }
    std::fs::write(path, text).unwrap();
}

#[test]
fn threads_and_repeats() {
    let pools = [1, 2, 4].map(|threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap());
    for algorithm in Algorithm::ALL {
        let matrix = customers_for(algorithm, rows(algorithm, 6_000, 1_500));
        let fit = || fit(algorithm, settings(1, EPS), &matrix);
        let known = fit();
        for repeat in 0..20 {
            let found = pools[repeat % pools.len()].install(fit);
            let id = algorithm.id();
            assert!(found.labels == known.labels, "{id}: other labels, repeat {repeat}");
            assert!(found.clusterer == known.clusterer, "{id}: another clusterer, repeat {repeat}");
            assert!(found.outliers == known.outliers, "{id}: other outliers, repeat {repeat}");
        }
    }
}

/// `many` rows, or `few` where the algorithm keeps all pairs.
fn rows(algorithm: Algorithm, many: usize, few: usize) -> usize {
    const MOST_OF_KERNEL: usize = 1_500;
    match algorithm {
        Algorithm::Kernel => few.min(MOST_OF_KERNEL),
        _ if cluster::bytes_needed(algorithm, many, COLUMNS) > 500 * many as u64 => few,
        _ => many,
    }
}

/// How long the answer to a cancel took, `after` the start; `None` where the fit was done before.
fn answer(algorithm: Algorithm, matrix: &Matrix, after: Duration) -> Option<Duration> {
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

#[test]
fn a_cancel_is_answered() {
    for algorithm in Algorithm::ALL {
        let matrix = customers_for(algorithm, rows(algorithm, 50_000, 1_500));
        // A bound against hanging: the measured figures are a tenth of it (see below).
        for after in [5, 40] {
            let answered = answer(algorithm, &matrix, Duration::from_millis(after));
            assert!(answered < Some(Duration::from_secs(1)), "{}: {answered:?}", algorithm.id());
        }
    }
}

/// `cargo test --release --test promises -- --ignored --nocapture`
#[test]
#[ignore = "prints how long the answer to a cancel takes at worst"]
fn measured_answers_to_a_cancel() {
    const TRIES: u32 = 25;
    for algorithm in Algorithm::ALL {
        let rows = if algorithm == Algorithm::Optics { 40_000 } else { rows(algorithm, 200_000, 12_000) };
        let matrix = customers_for(algorithm, rows);
        let (begun, settings) = (Instant::now(), settings(1, EPS));
        let is_done = fit_with(algorithm, settings, &matrix, &Task::default().with_memory(16 << 30)).is_ok();
        let whole = begun.elapsed();
        let tries = (0..TRIES).filter_map(|n| {
            let after = (whole * n / TRIES).min(Duration::from_secs(20) * n / TRIES);
            Some((answer(algorithm, &matrix, after)?, after))
        });
        let (worst, after) = tries.max().unwrap_or_default();
        println!(
            "{:<14} {:>6} rows, {:>6.0} ms: answers within {:>6.1} ms (after {:.0} ms){}",
            algorithm.id(),
            rows,
            whole.as_secs_f64() * 1e3,
            worst.as_secs_f64() * 1e3,
            after.as_secs_f64() * 1e3,
            if is_done { "" } else { ", refused" },
        );
    }
}
