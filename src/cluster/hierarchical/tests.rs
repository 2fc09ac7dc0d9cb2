#![allow(clippy::unwrap_used, clippy::panic)]

use ndarray::{Array2, array};
use proptest::prelude::*;

use super::*;
use crate::cluster::samples;
use crate::kernel::distance::euclidean;

const TREES: [Algorithm; 4] = [Algorithm::Ward, Algorithm::Complete, Algorithm::Average, Algorithm::Single];

fn grow(matrix: &Matrix, algorithm: Algorithm) -> Tree {
    Tree::grow(matrix, algorithm, &Task::default()).unwrap()
}

fn heights(matrix: &Matrix, algorithm: Algorithm) -> Vec<f64> {
    grow(matrix, algorithm).merges().iter().map(|merge| merge.height).collect()
}

#[test]
fn the_merges_are_scipys() {
    // scipy.cluster.hierarchy.linkage of these points.
    let matrix = Matrix::from_values(array![[0.0, 0.0], [0.0, 1.0], [3.0, 0.0], [7.0, 7.0], [7.0, 9.0]]);
    let expected = [
        (Algorithm::Ward, [1.0, 2.0, 3.511884584284246, 15.081998099279375]),
        (Algorithm::Complete, [1.0, 2.0, 3.1622776601683795, 11.40175425099138]),
        (Algorithm::Average, [1.0, 2.0, 3.08113883008419, 9.843675834620871]),
        (Algorithm::Single, [1.0, 2.0, 3.0, 8.06225774829855]),
    ];
    for (algorithm, expected) in expected {
        let found = heights(&matrix, algorithm);
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{algorithm:?}: {found:?}");
        let merges: Vec<(usize, usize, usize)> =
            grow(&matrix, algorithm).merges().iter().map(|merge| (merge.a, merge.b, merge.size)).collect();
        assert_eq!(merges, [(0, 1, 2), (3, 4, 2), (2, 5, 3), (6, 7, 5)]);
    }
}

#[test]
fn mall_is_cut_as_scipy_cuts_it() {
    let Some((matrix, reference)) = samples::mall() else { return };
    for algorithm in TREES {
        let tree = grow(&matrix, algorithm);
        let known = &reference["hierarchical"][algorithm.id()];
        let numbers = |value: &serde_json::Value| {
            value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect::<Vec<_>>()
        };
        let last = numbers(&known["last_20_merge_heights"]);
        let found = &tree.merges()[tree.merges().len() - last.len()..];
        let worst = found.iter().zip(&last).map(|(a, b)| (a.height / b - 1.0).abs()).fold(0.0, f64::max);
        assert!(worst < 1e-9, "{algorithm:?}: heights differ by {worst}");
        for k in 2..=10 {
            let labels: Vec<u32> =
                numbers(&known["k"][k.to_string()]["labels"]).into_iter().map(|label| label as u32).collect();
            let same = samples::same_partition(tree.cut(k).unwrap().as_slice(), &labels);
            assert!(same || algorithm != Algorithm::Ward, "{algorithm:?}, k = {k}");
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_tree() {
    let matrix = samples::blobs(700, 5, 3, 2.0);
    for algorithm in TREES {
        let trees = samples::on_threads(|| grow(&matrix, algorithm));
        assert!(trees.windows(2).all(|pair| pair[0] == pair[1]));
    }
}

#[test]
fn a_budget_too_small_is_said_before_anything_is_allocated() {
    let matrix = samples::blobs(1000, 3, 2, 1.0);
    let task = Task::default().with_memory(1_000_000);
    assert!(matches!(Tree::grow(&matrix, Algorithm::Average, &task), Err(ClusterError::Memory { .. })));
    assert!(Tree::grow(&matrix, Algorithm::Ward, &task).is_ok());
}

#[test]
fn a_cancelled_tree_stops() {
    let matrix = samples::blobs(500, 3, 2, 1.0);
    let task = Task::default();
    task.cancel();
    for algorithm in TREES {
        assert!(matches!(Tree::grow(&matrix, algorithm, &task), Err(ClusterError::Cancelled(_))));
    }
}

#[test]
fn a_tree_cancelled_on_its_way_stops() {
    let matrix = samples::blobs(6000, 3, 2, 1.0);
    for algorithm in [Algorithm::Ward, Algorithm::Single] {
        let task = Task::default();
        let grown = std::thread::scope(|scope| {
            let grown = scope.spawn(|| Tree::grow(&matrix, algorithm, &task));
            while task.progress().done == 0 && !grown.is_finished() {
                std::thread::yield_now();
            }
            task.cancel();
            grown.join().unwrap()
        });
        assert!(matches!(grown, Err(ClusterError::Cancelled(_))));
    }
}

#[test]
fn impossible_cuts_are_refused() {
    let matrix = Matrix::from_values(array![[0.0], [0.0], [1.0]]);
    let tree = grow(&matrix, Algorithm::Ward);
    assert!(matches!(from_tree(&tree, 3, &matrix), Err(ClusterError::TooManySegments { k: 3, distinct: 2 })));
    assert!(tree.cut(4).is_err() && tree.cut(0).is_err());
    assert!(Hierarchical::new(Algorithm::Kmeans, 2).is_err());
    assert_eq!(tree.cut(1).unwrap().sizes(), [3]);
}

#[test]
fn one_row_is_a_tree_without_merges() {
    let matrix = Matrix::from_values(Array2::zeros((1, 2)));
    for algorithm in TREES {
        assert!(grow(&matrix, algorithm).merges().is_empty());
    }
}

/// The heights by the definition: merge the two nearest clusters, n − 1 times.
fn plain_heights(matrix: &Matrix, algorithm: Algorithm) -> Vec<f64> {
    let mut clusters: Vec<Vec<usize>> = (0..matrix.nrows()).map(|row| vec![row]).collect();
    let mut heights = Vec::new();
    while clusters.len() > 1 {
        let pairs = (0..clusters.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
        let apart = |&(a, b): &(usize, usize)| plain_distance(matrix, algorithm, &clusters[a], &clusters[b]);
        let (a, b) = pairs.min_by(|x, y| apart(x).total_cmp(&apart(y))).unwrap();
        heights.push(apart(&(a, b)));
        let merged = clusters.remove(b);
        clusters[a].extend(merged);
    }
    heights
}

fn plain_distance(matrix: &Matrix, algorithm: Algorithm, a: &[usize], b: &[usize]) -> f64 {
    let mean = |rows: &[usize]| matrix.select(rows).values.mean_axis(ndarray::Axis(0)).unwrap().to_vec();
    let pairs = a.iter().flat_map(|&i| b.iter().map(move |&j| euclidean(matrix.row(i), matrix.row(j))));
    let (n, m) = (a.len() as f64, b.len() as f64);
    match algorithm {
        Algorithm::Ward => (2.0 * n * m / (n + m)).sqrt() * euclidean(&mean(a), &mean(b)),
        Algorithm::Complete => pairs.fold(0.0, f64::max),
        Algorithm::Average => pairs.sum::<f64>() / (n * m),
        Algorithm::Single => pairs.fold(f64::INFINITY, f64::min),
        other => panic!("{other:?} grows no tree"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_heights_are_those_of_the_definition(values in prop::collection::vec(-1e3..1e3f64, 2..50)) {
        // Without ties there is one tree.
        let n = values.len() / 2;
        let matrix = Matrix::from_values(Array2::from_shape_fn((n, 2), |(i, j)| values[i * 2 + j]));
        for algorithm in TREES {
            for (found, expected) in heights(&matrix, algorithm).iter().zip(plain_heights(&matrix, algorithm)) {
                prop_assert!((found - expected).abs() <= 1e-9 * expected.max(1.0));
            }
        }
    }

    #[test]
    fn cuts_nest_and_new_labels_agree(matrix in samples::any_matrix(), k in 1..6usize) {
        for algorithm in TREES {
            let tree = grow(&matrix, algorithm);
            prop_assert!(tree.merges().windows(2).all(|pair| pair[0].height <= pair[1].height));
            prop_assert_eq!(tree.merges().last().map(|merge| merge.size), Some(matrix.nrows()));
            let Ok(fitted) = from_tree(&tree, k, &matrix) else { continue };
            prop_assert_eq!(fitted.labels.clusters(), k);
            let placed = fitted.clusterer.assign(matrix.values.view());
            prop_assert_eq!(placed.labels.as_slice(), fitted.labels.as_slice());
        }
    }
}
