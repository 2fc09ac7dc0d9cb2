#![allow(clippy::unwrap_used, clippy::panic)]

use ndarray::{Array2, array};
use proptest::prelude::*;

use super::*;
use crate::cluster::samples;

/// Three groups of 20 rows from a plain generator.
fn groups() -> Matrix {
    let mut state = 12_345u64;
    Matrix::from_values(Array2::from_shape_fn((60, 2), |(i, j)| {
        state = (state * 1_103_515_245 + 12_345) % (1 << 31);
        let u = state as f64 / f64::from(1u32 << 31);
        (i % 3) as f64 * 4.0 * (j + 1) as f64 % 7.0 + u * u * (1 + i % 3) as f64
    }))
}

fn hdbscan(size: usize, min_samples: usize, extraction: Extraction) -> Hdbscan {
    Hdbscan::new(Some(size), Some(min_samples), extraction).unwrap()
}

fn fit(matrix: &Matrix, hdbscan: Hdbscan) -> Fitted {
    hdbscan.fit(matrix, &Task::default()).unwrap()
}

/// Known labels, −1 being noise, as ours.
fn numbered(known: &[i32]) -> Labels {
    Labels::from_raw(&known.iter().map(|&label| (label >= 0).then_some(label)).collect::<Vec<_>>())
}

// scikit-learn 1.9, HDBSCAN(min_cluster_size=5, min_samples=4), and with cluster_selection_method="leaf".
const EOM: [i32; 60] = [
    1, 3, 2, 1, 3, 2, 1, -1, 2, 1, 3, -1, 1, 3, -1, 1, 3, 2, 1, 3, 0, 1, 3, 2, 1, 3, 2, 1, 3, 0, 1, 3, 2, 1, 3, 2, 1,
    3, 0, 1, 3, 2, 1, -1, 0, 1, 3, 0, 1, 3, 2, 1, 3, 2, 1, 3, 2, 1, 3, 3,
];
const LEAF: [i32; 60] = [
    3, 2, 1, 3, 2, 1, -1, -1, 1, -1, 2, -1, 4, 2, -1, 3, 2, 1, 4, 2, 0, 3, 2, 1, -1, 2, 1, 4, 2, 0, 4, 2, 1, 4, 2, 1,
    -1, 2, 0, 4, 2, 1, 3, -1, 0, 3, 2, 0, -1, 2, 1, 3, 2, 1, -1, 2, 1, 3, 2, 2,
];
/// Its probabilities of the first rows …
const STRENGTHS: [f64; 14] = [
    1.0,
    0.718959327784,
    1.0,
    1.0,
    0.927887401562,
    0.806275913695,
    0.767893290422,
    0.0,
    0.806275913695,
    0.865587701226,
    0.629345272878,
    0.0,
    1.0,
    0.364298730937,
];
/// … and the outlier scores of the hdbscan package 0.8 (its min_samples does not count the row itself: 3).
const OUTLIERS: [f64; 14] = [
    0.0,
    0.281040672216,
    0.0,
    0.156893682997,
    0.072112598438,
    0.193724086305,
    0.483195299223,
    0.731077500981,
    0.193724086305,
    0.417445368375,
    0.370654727122,
    0.898163067661,
    0.159119071272,
    0.635701269063,
];

fn is_near(found: &[f64], known: &[f64]) -> bool {
    found.iter().zip(known).all(|(found, known)| (found - known).abs() < 1e-9)
}

#[test]
fn known_clusters_strengths_and_outlier_scores() {
    let fitted = fit(&groups(), hdbscan(5, 4, Extraction::Eom));
    assert_eq!(fitted.labels, numbered(&EOM));
    assert!(is_near(&fitted.outliers.unwrap(), &OUTLIERS));
    let Clusterer::Members { strengths, .. } = &fitted.clusterer else { panic!("other clusterer") };
    assert!(is_near(strengths, &STRENGTHS));
    assert_eq!(fit(&groups(), hdbscan(5, 4, Extraction::Leaf)).labels, numbered(&LEAF));
}

#[test]
fn mall_is_as_scikit_learn_has_it_up_to_ties() {
    let Some((matrix, _)) = samples::mall() else { return };
    let found = |size| {
        let labels = fit(&matrix, hdbscan(size, 5, Extraction::Eom)).labels;
        (labels.clusters(), labels.noise())
    };
    // Its rows are whole numbers: by their order scikit-learn finds (6, 27) to (6, 29), (7, 34) or (7, 35); (6, 27) to
    // (6, 29); (5, 32) to (5, 34) or six; (5, 32) to (5, 34); (3, 35), (4, 44) or (4, 45). Taken at once, equal edges
    // give one answer.
    assert_eq!([4, 5, 6, 8, 14].map(found), [(7, 34), (6, 28), (5, 33), (5, 33), (3, 35)]);
    let labels = fit(&matrix, Hdbscan::new(None, None, Extraction::Eom).unwrap()).labels;
    assert_eq!((labels.clusters(), labels.noise()), (5, 33));
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let matrix = samples::blobs(3000, 4, 2, 1.5);
    let fits = samples::on_threads(|| fit(&matrix, hdbscan(30, 5, Extraction::Eom)));
    for other in &fits[1..] {
        assert_eq!(
            (&other.labels, &other.clusterer, &other.outliers),
            (&fits[0].labels, &fits[0].clusterer, &fits[0].outliers)
        );
    }
}

#[test]
fn few_and_equal_rows_are_noise() {
    for rows in [1, 2, 4] {
        assert_eq!(
            fit(&Matrix::from_values(Array2::zeros((rows, 2))), hdbscan(5, 5, Extraction::Eom)).labels.noise(),
            rows
        );
    }
    for extraction in [Extraction::Eom, Extraction::Leaf] {
        let fitted = fit(&Matrix::from_values(Array2::zeros((50, 2))), hdbscan(5, 5, extraction));
        assert_eq!(fitted.labels.noise(), 50);
        assert_eq!(fitted.outliers.unwrap(), [0.0; 50]);
    }
}

#[test]
fn piles_of_equal_rows_are_clusters_of_finite_weight() {
    let rows: Vec<f64> = [[0.0; 9], [1.0; 9], [30.0; 9]].concat();
    let matrix = Matrix::from_values(Array2::from_shape_fn((27, 1), |(row, _)| rows[row]));
    let fitted = fit(&matrix, hdbscan(5, 3, Extraction::Leaf));
    assert_eq!(fitted.labels.sizes(), [9, 9, 9]);
    assert!(fitted.outliers.unwrap().iter().all(|score| (0.0..=1.0).contains(score)));
}

#[test]
fn bad_settings_and_a_cancel_are_said() {
    assert!(Hdbscan::new(Some(1), None, Extraction::Eom).is_err());
    assert!(Hdbscan::new(None, Some(0), Extraction::Eom).is_err());
    let empty = Matrix::from_values(array![[], []]);
    assert!(matches!(hdbscan(5, 5, Extraction::Eom).fit(&empty, &Task::default()), Err(ClusterError::Settings(_))));
    let task = Task::default();
    task.cancel();
    let cancelled = hdbscan(5, 5, Extraction::Eom).fit(&samples::blobs(2000, 2, 2, 1.0), &task);
    assert!(matches!(cancelled, Err(ClusterError::Cancelled(_))));
}

#[test]
fn small_parts_between_clusters_count_once_whatever_the_order_of_rows() {
    // Two piles of four and a row between them that is as near to both.
    let line = [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 2.0, 2.0, 2.0];
    let matrix = Matrix::from_values(Array2::from_shape_fn((9, 1), |(row, _)| line[row]));
    for seed in 0..20 {
        let order = samples::shuffled(9, seed);
        let tree = hdbscan(3, 1, Extraction::Eom).condensed(&matrix.select(&order), &Task::default()).unwrap();
        let mut sizes: Vec<usize> = tree.clusters.iter().map(|cluster| cluster.size).collect();
        sizes.sort_unstable();
        assert_eq!(sizes, [4, 4, 9]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_tree_adds_up_whatever_the_order_of_rows(matrix in samples::any_matrix(), size in 2..7usize, nth in 1..6usize, seed in 0..99u64) {
        let hdbscan = hdbscan(size, nth, Extraction::Eom);
        let tree = hdbscan.condensed(&matrix, &Task::default()).unwrap();
        for (number, cluster) in tree.clusters.iter().enumerate() {
            prop_assert!(cluster.size >= size && cluster.stability >= 0.0 && cluster.death > cluster.birth);
            prop_assert!(cluster.parent.is_none_or(|parent| parent > number && tree.clusters[parent].children.contains(&number)));
            prop_assert!(cluster.children.len() != 1);
        }
        let fitted = fit(&matrix, hdbscan);
        prop_assert!(fitted.labels.sizes().iter().all(|&rows| rows >= size));
        let placed = fitted.clusterer.assign(matrix.values.view());
        prop_assert_eq!(placed.labels.as_slice(), fitted.labels.as_slice());
        prop_assert!(placed.confidence.iter().all(|strength| (0.0..=1.0).contains(strength)));
        let order = samples::shuffled(matrix.nrows(), seed);
        let shuffled = fit(&matrix.select(&order), hdbscan).labels;
        let back: Vec<u32> = order.iter().map(|&row| fitted.labels.as_slice()[row]).collect();
        prop_assert!(samples::same_partition(shuffled.as_slice(), &back));
    }
}
