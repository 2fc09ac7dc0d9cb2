#![allow(clippy::unwrap_used)]

use ndarray::{Array2, array};
use proptest::prelude::*;

use super::*;
use crate::cluster::samples;

fn fit(matrix: &Matrix, k: usize, seed: u64) -> Fitted {
    KMeans::new(k).unwrap().fit(matrix, &Task::new(seed)).unwrap()
}

fn wcss(matrix: &Matrix, fitted: &Fitted) -> f64 {
    let centres = fitted.clusterer.centres().unwrap();
    let squared = |row: usize, label: u32| {
        crate::kernel::distance::squared(matrix.row(row), &centres.row(label as usize - 1).to_vec())
    };
    fitted.labels.as_slice().iter().enumerate().map(|(row, &label)| squared(row, label)).sum()
}

#[test]
fn mall_reaches_the_best_known_wcss_for_every_k_and_seed() {
    let Some((matrix, reference)) = samples::mall() else { return };
    for seed in [42, 1, 7, 2026] {
        for k in 2..=10 {
            let known = &reference["kmeans"]["k"][k.to_string()];
            let best = |key: &str| known[key].as_f64().unwrap();
            let best = best("inertia").min(best("inertia_best_of_500_random_starts"));
            let found = wcss(&matrix, &fit(&matrix, k, seed));
            assert!(found <= best * (1.0 + 1e-6), "k = {k}, seed {seed}: {found} > {best}");
        }
    }
}

#[test]
fn clear_groups_are_found_and_numbered_by_size() {
    let matrix = Matrix::from_values(array![[9.0], [0.0], [0.1], [0.2], [5.0], [5.1]]);
    let fitted = fit(&matrix, 3, 42);
    assert_eq!(fitted.labels.as_slice(), [3, 1, 1, 1, 2, 2]);
    let centres = fitted.clusterer.centres().unwrap();
    assert!((centres[[0, 0]] - 0.1).abs() < 1e-12 && (centres[[2, 0]] - 9.0).abs() < 1e-12);
}

#[test]
fn one_segment_is_the_mean() {
    let matrix = Matrix::from_values(array![[1.0, 2.0], [3.0, 6.0]]);
    let fitted = fit(&matrix, 1, 42);
    assert_eq!(fitted.labels.sizes(), [2]);
    assert_eq!(fitted.clusterer.centres().unwrap(), array![[2.0, 4.0]]);
}

#[test]
fn as_many_segments_as_distinct_rows_leave_nothing_over() {
    let matrix = Matrix::from_values(Array2::from_shape_fn((60, 1), |(row, _)| (row % 12) as f64));
    let fitted = fit(&matrix, 12, 42);
    assert_eq!(fitted.labels.clusters(), 12);
    assert_eq!(wcss(&matrix, &fitted), 0.0);
    let error = KMeans::new(13).unwrap().fit(&matrix, &Task::default()).unwrap_err();
    assert!(matches!(error, ClusterError::TooManySegments { k: 13, distinct: 12 }));
}

#[test]
fn a_weighed_row_pulls_its_centre_by_its_weight() {
    // By hand: (3·0 + 1·1)/4 and 10; and without weights where the far row is worth parting from the others.
    let matrix = Matrix::from_values(array![[0.0], [1.0], [10.0]]);
    let weighed = KMeans::new(2).unwrap().weights(vec![3.0, 1.0, 1.0]).unwrap();
    let fitted = weighed.fit(&matrix, &Task::default()).unwrap();
    assert_eq!(fitted.labels.as_slice(), [1, 1, 2]);
    assert_eq!(fitted.clusterer.centres().unwrap(), array![[0.25], [10.0]]);
    // 1000·0 and 1·6 would meet at 0.006, 36 worse than 6 and 10 apart: a heavy row keeps its own centre.
    let matrix = Matrix::from_values(array![[0.0], [6.0], [10.0]]);
    let labels = |weights: Vec<f64>| {
        KMeans::new(2).unwrap().weights(weights).unwrap().fit(&matrix, &Task::default()).unwrap().labels
    };
    assert_eq!(labels(vec![1000.0, 1.0, 1.0]).as_slice(), [2, 1, 1]);
    assert_eq!(labels(vec![1.0, 1.0, 1000.0]).as_slice(), [2, 1, 1]);
    assert_eq!(labels(vec![1.0, 1000.0, 1000.0]).as_slice(), [1, 1, 2]);
}

#[test]
fn weights_must_be_above_zero_and_one_a_row() {
    for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(KMeans::new(2).unwrap().weights(vec![1.0, wrong]).is_err());
    }
    let matrix = samples::blobs(10, 2, 2, 1.0);
    let error = KMeans::new(2).unwrap().weights(vec![1.0; 9]).unwrap().fit(&matrix, &Task::default()).unwrap_err();
    assert_eq!(error.to_string(), "9 weights were given for 10 rows");
}

#[test]
fn a_row_of_weight_two_counts_as_that_row_twice() {
    let matrix = samples::blobs(600, 4, 3, 2.0);
    let weights: Vec<f64> = (0..600).map(|row| f64::from(1 + row % 3)).collect();
    let repeated: Vec<usize> = (0..600).flat_map(|row| vec![row; 1 + row % 3]).collect();
    let weighed = KMeans::new(4).unwrap().weights(weights).unwrap().fit(&matrix, &Task::default()).unwrap();
    let repeated = fit(&matrix.select(&repeated), 4, 42);
    let sorted = |fitted: &Fitted| {
        let mut rows: Vec<Vec<f64>> =
            fitted.clusterer.centres().unwrap().outer_iter().map(|row| row.to_vec()).collect();
        rows.sort_by(|a, b| a[0].total_cmp(&b[0]));
        rows.concat()
    };
    let apart = sorted(&weighed).iter().zip(sorted(&repeated)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(apart < 1e-9, "{apart}");
}

#[test]
fn a_feature_weighs_as_its_column_is_stretched() {
    // The first column parts the rows at 0 and 3, the second at 0 and 2: doubled, the second decides, and the WCSS is
    // that of the stretched space, 2·(1.5² + 1.5²) = 9.
    let rows =
        |weight: f64| Matrix::from_values(array![[0.0, 0.0], [3.0, 0.0], [0.0, 2.0 * weight], [3.0, 2.0 * weight]]);
    let (plain, stretched) = (rows(1.0), rows(2.0));
    assert_eq!(wcss(&plain, &fit(&plain, 2, 42)), 4.0);
    let fitted = fit(&stretched, 2, 42);
    assert_eq!(wcss(&stretched, &fitted), 9.0);
    assert_eq!(fitted.labels.as_slice()[0], fitted.labels.as_slice()[1]);
}

#[test]
fn points_far_from_the_origin_lose_no_precision() {
    let near = samples::blobs(200, 3, 3, 1.0);
    let far = Matrix::from_values(near.values.mapv(|value| value + 1e8));
    assert_eq!(fit(&near, 3, 42).labels, fit(&far, 3, 42).labels);
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let matrix = samples::blobs(9000, 5, 2, 4.0);
    let centres = samples::on_threads(|| fit(&matrix, 5, 42).clusterer);
    assert!(centres.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_cancelled_fit_stops() {
    let matrix = samples::blobs(20_000, 5, 2, 4.0);
    let task = Task::default();
    task.cancel();
    assert!(matches!(KMeans::new(5).unwrap().fit(&matrix, &task), Err(ClusterError::Cancelled(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn new_labels_agree_with_the_fit(matrix in samples::any_matrix(), k in 1..5usize) {
        let Ok(fitted) = KMeans::new(k).unwrap().fit(&matrix, &Task::default()) else { return Ok(()) };
        let placed = fitted.clusterer.assign(matrix.values.view());
        prop_assert_eq!(placed.labels.as_slice(), fitted.labels.as_slice());
        prop_assert!(placed.confidence.iter().all(|confidence| (0.0..=1.0).contains(confidence)));
        prop_assert_eq!(Labels::from_raw(&placed.labels.into_iter().map(Some).collect::<Vec<_>>()), fitted.labels);
    }

    #[test]
    fn clear_groups_do_not_depend_on_the_order_of_the_rows(seed in 0..1000u64) {
        let matrix = samples::blobs(120, 4, 2, 0.5);
        let order = samples::shuffled(120, seed);
        let found = fit(&matrix.select(&order), 4, 42).labels;
        let expected = fit(&matrix, 4, 42).labels;
        for (a, &row) in order.iter().enumerate() {
            for (b, &other) in order.iter().enumerate() {
                let same = found.as_slice()[a] == found.as_slice()[b];
                prop_assert_eq!(same, expected.as_slice()[row] == expected.as_slice()[other]);
            }
        }
    }
}
