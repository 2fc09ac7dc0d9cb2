#![allow(clippy::unwrap_used)]

use ndarray::Array2;
use proptest::prelude::*;

use super::*;
use crate::kernel::distance;
use crate::kernel::kdtree::KdTree;
use crate::kernel::neighbours::squared_cores;

/// Kruskal over all pairs, from the definition.
fn plain(values: &Array2<f64>, cores: &[f64]) -> Vec<Edge> {
    let n = values.nrows();
    let row = |row: usize| values.row(row).to_vec();
    let weight = |a: usize, b: usize| distance::squared(&row(a), &row(b)).max(cores[a]).max(cores[b]);
    let mut edges: Vec<Edge> = (0..n)
        .flat_map(|b| (0..b).map(move |a| (a, b)))
        .map(|(a, b)| Edge::new(a as u32, b as u32, weight(a, b)))
        .collect();
    edges.sort_by(|x, y| x.squared.total_cmp(&y.squared).then((x.a, x.b).cmp(&(y.a, y.b))));
    let mut part: Vec<usize> = (0..n).collect();
    edges.retain(|edge| {
        let (one, other) = (part[edge.a as usize], part[edge.b as usize]);
        part.iter_mut().filter(|part| **part == other).for_each(|part| *part = one);
        one != other
    });
    edges
}

fn sorted(mut edges: Vec<Edge>) -> Vec<Edge> {
    edges.sort_by(|x, y| x.squared.total_cmp(&y.squared).then((x.a, x.b).cmp(&(y.a, y.b))));
    edges
}

/// Many equal distances and equal rows, or few.
fn any_values() -> impl Strategy<Value = Array2<f64>> {
    (1..150usize, 1..5usize, prop_oneof![Just(2), Just(9), Just(9999)]).prop_flat_map(|(n, d, wide)| {
        prop::collection::vec(-wide..wide, n * d)
            .prop_map(move |v| Array2::from_shape_fn((n, d), |(i, j)| f64::from(v[i * d + j]) / 3.0))
    })
}

fn scattered(n: usize, d: usize) -> Array2<f64> {
    use rand::Rng;
    let mut random = Task::new(5).stream(&["scattered"]);
    Array2::from_shape_fn((n, d), |(row, _)| (row % 7) as f64 * 3.0 + random.r#gen::<f64>())
}

proptest! {
    #[test]
    fn both_ways_find_the_one_tree(values in any_values(), nth in 1..6usize) {
        let task = Task::default();
        for cores in [vec![0.0; values.nrows()], squared_cores(&KdTree::new(values.view()), nth, &task).unwrap()] {
            prop_assume!(cores.iter().all(|core| core.is_finite()));
            let known = plain(&values, &cores);
            prop_assert_eq!(&sorted(boruvka::edges(values.view(), &cores, &task).unwrap()), &known);
            prop_assert_eq!(&sorted(prim::edges(values.view(), &cores, &task).unwrap()), &known);
        }
    }

    #[test]
    fn the_walk_takes_the_easiest_row_each_time(values in any_values(), nth in 1..6usize) {
        let task = Task::default();
        let cores = squared_cores(&KdTree::new(values.view()), nth, &task).unwrap();
        prop_assume!(cores.iter().all(|core| core.is_finite()));
        let row = |row: usize| values.row(row).to_vec();
        let mut walked = vec![0];
        for step in walk(values.view(), &cores, &task).unwrap() {
            let reach = |to: usize| {
                let from = walked.iter().map(|&from| distance::squared(&row(from), &row(to)).max(cores[from]));
                from.fold(f64::INFINITY, f64::min)
            };
            let left = (0..values.nrows()).filter(|row| !walked.contains(row));
            let easiest = left.map(|row| (reach(row), row)).min_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)));
            prop_assert_eq!(easiest, Some((step.squared, step.row as usize)));
            walked.push(step.row as usize);
        }
        prop_assert_eq!(walked.len(), values.nrows());
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    for (n, d) in [(5000, 2), (3000, 12), (40_000, 9)] {
        let values = scattered(n, d);
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| euclidean(values.view(), &Task::default())).unwrap()
        };
        let one = on(1);
        assert_eq!(one.len(), n - 1);
        assert!(one == on(2) && one == on(4));
        if n > 10_000 {
            break;
        }
    }
}

#[test]
fn a_chunked_walk_is_the_tree_too() {
    let values = scattered(34_000, 2);
    let cores = vec![0.0; 34_000];
    let task = Task::default();
    let walked = sorted(prim::edges(values.view(), &cores, &task).unwrap());
    assert_eq!(walked, euclidean(values.view(), &task).unwrap());
}

#[test]
fn few_rows_and_equal_rows_have_their_tree() {
    let task = Task::default();
    let edges = |n: usize, d: usize| euclidean(Array2::zeros((n, d)).view(), &task).unwrap();
    assert_eq!((edges(0, 2), edges(1, 2)), (Vec::new(), Vec::new()));
    assert_eq!(edges(2, 3), [Edge { a: 0, b: 1, squared: 0.0 }]);
    for d in [2, 20] {
        assert!(edges(3000, d).iter().zip(1..).all(|(edge, b)| *edge == Edge { a: 0, b, squared: 0.0 }));
    }
}

#[test]
fn a_cancelled_tree_stops() {
    let task = Task::default();
    task.cancel();
    for d in [2, 20] {
        assert_eq!(euclidean(scattered(2000, d).view(), &task), Err(Cancelled));
        assert_eq!(walk(scattered(2000, d).view(), &[0.0; 2000], &task), Err(Cancelled));
    }
}
