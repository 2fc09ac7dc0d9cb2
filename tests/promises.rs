//! What every algorithm of the list promises: the same bits whatever the threads, the same customers together however
//! the file is written, and an answer to a cancel.
//!
//! A new algorithm is held to all of it until [`Promises::of`] says why it cannot.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use ndarray::Axis;
use rand::seq::SliceRandom;
use segmenta::cluster::{self, Algorithm, Fitted, Settings};
use segmenta::engine::steps;
use segmenta::matrix::{Labels, Matrix};
use segmenta::recipe::Recipe;
use segmenta::table::{Role, SourceSpec};
use segmenta::task::Task;

#[path = "support/customers.rs"]
mod customers;

use customers::{COLUMNS, EPS, answer, blocks, customers_for, fit_with, round_customers, rows, settings};

/// Rows of a file that every algorithm can take, also twice.
const FEW: usize = 700;

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

fn fit(algorithm: Algorithm, settings: Settings, matrix: &Matrix) -> Fitted {
    let fitted = fit_with(algorithm, settings, matrix, &Task::default());
    fitted.unwrap_or_else(|error| panic!("{}: {error}", algorithm.id()))
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
        write_csv(&path, &round_customers(FEW), factor);
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
