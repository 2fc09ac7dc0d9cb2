#![allow(clippy::unwrap_used)]

use super::*;
use crate::cluster::{Dbscan, samples};
use crate::matrix::Labels;
use linfa::ParamGuard;
use linfa::traits::Transformer;
use linfa_clustering::Optics as LinfaOptics;
use ndarray::Array2;

// scikit-learn 1.9, OPTICS(min_samples=4): the rows in its order, and the first reachabilities.
const ORDER: [usize; 60] = [
    0, 3, 42, 45, 15, 51, 21, 57, 18, 27, 30, 33, 39, 12, 6, 9, 54, 48, 24, 36, 14, 2, 17, 23, 32, 56, 53, 26, 35, 8,
    5, 41, 50, 59, 10, 37, 46, 58, 4, 34, 28, 16, 1, 49, 55, 52, 22, 25, 31, 19, 13, 40, 7, 43, 29, 20, 38, 44, 47, 11,
];
const REACHED: [f64; 12] = [
    0.10761001858,
    0.10761001858,
    0.10761001858,
    0.124497240081,
    0.154564365293,
    0.146240817004,
    0.146240817004,
    0.229659170801,
    0.154955550396,
    0.13548409269,
    0.13548409269,
    0.136378512954,
];
/// cluster_optics_xi of it, with min_cluster_size=8 and 12.
const OF_EIGHT: [i32; 60] = [
    0, 2, 1, 0, 2, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 2, 1, -1, -1, -1, 0, 2, 1, -1, -1, 1, -1, 2, -1, -1, -1,
    1, -1, 2, 1, -1, -1, -1, -1, -1, -1, 0, -1, -1, 0, -1, -1, -1, 2, -1, 0, 2, 1, -1, 2, 1, 0, -1, -1,
];
const OF_TWELVE: [i32; 60] = [
    0, 2, 1, 0, 2, 1, 0, 2, 1, 0, 2, -1, 0, 2, -1, 0, 2, 1, 0, 2, -1, 0, 2, 1, 0, 2, 1, 0, 2, -1, 0, 2, 1, 0, 2, 1, 0,
    2, -1, 0, 2, 1, 0, 2, -1, 0, 2, -1, 0, 2, 1, 0, 2, 1, 0, 2, 1, 0, 2, 2,
];

#[test]
fn the_cut_has_dbscans_cores_together() {
    let matrix = samples::blobs(300, 4, 2, 1.0);
    let optics = Optics::new(5, Some(0.6), None).unwrap();
    let labels = Labels::from_raw(&optics.ordering(&matrix, &Task::default()).unwrap().cut(0.6));
    let dbscan = Dbscan::new(0.6, 5).unwrap().fit(&matrix, &Task::default()).unwrap().labels;
    assert_eq!(labels.clusters(), dbscan.clusters());
    let differing = labels.as_slice().iter().zip(dbscan.as_slice()).filter(|(a, b)| (**a == 0) != (**b == 0)).count();
    assert!(differing < 10, "{differing} border points differ");
}

#[test]
fn new_labels_agree_and_the_walk_visits_every_row_once() {
    let matrix = samples::blobs(150, 3, 2, 1.0);
    let optics = Optics::new(5, None, None).unwrap();
    let fitted = optics.fit(&matrix, &Task::default()).unwrap();
    assert_eq!(fitted.clusterer.assign(matrix.values.view()).labels, fitted.labels.as_slice());
    let mut order = optics.ordering(&matrix, &Task::default()).unwrap().order;
    order.sort_unstable();
    assert_eq!(order, (0..150).collect::<Vec<_>>());
}

#[test]
fn bad_settings_few_rows_and_a_cancel() {
    assert!(
        Optics::new(1, None, None).is_err()
            && Optics::new(5, Some(-1.0), None).is_err()
            && Optics::new(5, None, Some(1)).is_err()
    );
    let optics = Optics::new(5, None, None).unwrap();
    let fit = |rows, task: &Task| optics.fit(&Matrix::from_values(Array2::zeros((rows, 2))), task);
    assert_eq!(fit(1, &Task::default()).unwrap().labels.as_slice(), [0]);
    assert_eq!(fit(2, &Task::default()).unwrap().labels.as_slice(), [0, 0]);
    assert_eq!(fit(50, &Task::default()).unwrap().labels.as_slice(), [1; 50]);
    let task = Task::default();
    task.cancel();
    assert!(matches!(fit(2000, &task), Err(ClusterError::Cancelled(_))));
}

#[test]
fn any_number_of_threads_gives_the_same_walk() {
    let matrix = samples::blobs(2000, 4, 3, 1.0);
    let walks =
        samples::on_threads(|| Optics::new(5, None, None).unwrap().ordering(&matrix, &Task::default()).unwrap());
    assert!(walks[0] == walks[1] && walks[0] == walks[2]);
}

/// Three groups of 20 rows from a plain generator.
fn groups() -> Matrix {
    let mut state = 12_345u64;
    Matrix::from_values(Array2::from_shape_fn((60, 2), |(i, j)| {
        state = (state * 1_103_515_245 + 12_345) % (1 << 31);
        let u = state as f64 / f64::from(1u32 << 31);
        (i % 3) as f64 * 4.0 * (j + 1) as f64 % 7.0 + u * u * (1 + i % 3) as f64
    }))
}

#[test]
fn the_walk_is_scikit_learns() {
    let found = Optics::new(4, None, None).unwrap().ordering(&groups(), &Task::default()).unwrap();
    assert_eq!(found.order, ORDER);
    assert!(found.reachability[1..].iter().zip(REACHED).all(|(found, known)| (found - known).abs() < 1e-12));
}

#[test]
fn the_steep_clusters_are_scikit_learns() {
    for (size, known) in [(8, OF_EIGHT), (12, OF_TWELVE)] {
        let fitted = Optics::new(4, None, Some(size)).unwrap().fit(&groups(), &Task::default()).unwrap();
        let known: Vec<Option<i32>> = known.iter().map(|&label| (label >= 0).then_some(label)).collect();
        assert_eq!(fitted.labels, Labels::from_raw(&known));
    }
}

#[test]
fn linfa_has_the_same_groups() {
    let matrix = samples::blobs(200, 4, 2, 0.5);
    let params = LinfaOptics::params::<f64>(5).tolerance(f64::MAX).check().unwrap();
    let walked = params.transform(matrix.values.view());
    let or_far = |distance: &Option<f64>| distance.unwrap_or(f64::INFINITY);
    let linfa = Ordering {
        order: walked.iter().map(|sample| sample.index()).collect(),
        reachability: walked.iter().map(|sample| or_far(sample.reachability_distance())).collect(),
        from: Vec::new(),
        core: walked.iter().map(|sample| or_far(sample.core_distance())).collect(),
    };
    let ours = Optics::new(5, None, None).unwrap().ordering(&matrix, &Task::default()).unwrap();
    let groups = |ordering: &Ordering| Labels::from_raw(&ordering.cut(2.0));
    assert_eq!((groups(&ours).clusters(), groups(&ours)), (4, groups(&linfa)));
}
