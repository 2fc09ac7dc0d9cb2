#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::cluster::samples;
use ndarray::{Array2, array};
use proptest::prelude::*;
use rand::Rng;

fn fit(matrix: &Matrix, k: usize, distance: Distance) -> Fitted {
    KMedoids::new(k, distance).unwrap().fit(matrix, &Task::default()).unwrap()
}

fn medoids(fitted: &Fitted) -> (Array2<f64>, Measure) {
    match &fitted.clusterer {
        Clusterer::Prototypes { points, measure } => (points.clone(), measure.clone()),
        _ => panic!("medoids are prototypes"),
    }
}

/// The sum of the distances from each row to the nearest of `points`.
fn cost_of(matrix: &Matrix, points: &Array2<f64>, measure: &Measure) -> f64 {
    let (rows, points) = (measure.form(matrix.values.view()), measure.form(points.view()));
    let flat: Vec<f64> = points.values.iter().copied().collect();
    let tiles = rows.tiles();
    let two = |tile: usize| rows.form.nearest_two(tiles.tile(tile), &flat).first[..tiles.filled(tile)].to_vec();
    (0..tiles.count()).flat_map(two).sum()
}

fn cost(matrix: &Matrix, fitted: &Fitted) -> f64 {
    let (points, measure) = medoids(fitted);
    cost_of(matrix, &points, &measure)
}

/// The least cost over all choices of k rows.
fn least(matrix: &Matrix, k: usize, measure: &Measure) -> f64 {
    fn choices(n: usize, k: usize) -> Vec<Vec<usize>> {
        if k == 0 {
            return vec![Vec::new()];
        }
        let shorter = choices(n, k - 1);
        let longer = |choice: Vec<usize>| {
            let first = choice.last().map_or(0, |last| last + 1);
            (first..n).map(move |row| [choice.as_slice(), &[row]].concat()).collect::<Vec<_>>()
        };
        shorter.into_iter().flat_map(longer).collect()
    }
    let costs = choices(matrix.nrows(), k).into_iter();
    costs.map(|rows| cost_of(matrix, &matrix.values.select(Axis(0), &rows), measure)).fold(f64::INFINITY, f64::min)
}

#[test]
fn mall_costs_what_others_find() {
    let Some((matrix, _)) = samples::mall() else { return };
    // The least costs that another FasterPAM, started 200 times, finds for the same distances.
    let known = [
        (Distance::Euclidean, 2619.347867360262),
        (Distance::Manhattan, 3313.0),
        (Distance::Cosine, 0.4311594756805225),
        (Distance::Gower, 15.096520575443302),
    ];
    for (distance, known) in known {
        let found = cost(&matrix, &fit(&matrix, 5, distance));
        assert!((found - known).abs() < 1e-6 * known, "{}: {found}", distance.id());
    }
}

#[test]
fn small_data_reach_the_least_cost() {
    let mut random = Task::new(3).stream(&["small data"]);
    for case in 0..40 {
        let matrix = Matrix::from_values(Array2::from_shape_fn((12, 2), |_| f64::from(random.gen_range(-20..20))));
        let (k, distance) = (2 + case % 2, Distance::ALL[case / 2 % 4]);
        let fitted = fit(&matrix, k, distance);
        let (found, least) = (cost(&matrix, &fitted), least(&matrix, k, &medoids(&fitted).1));
        assert!(found <= least * (1.0 + 1e-6), "{} k={k}: {found} {least}", distance.id());
    }
}

#[test]
fn one_medoid_is_the_row_nearest_to_all() {
    let matrix = Matrix::from_values(array![[0.0], [1.0], [2.0], [10.0], [11.0]]);
    let (points, _) = medoids(&fit(&matrix, 1, Distance::Euclidean));
    assert_eq!(points, array![[2.0]]);
}

#[test]
fn all_rows_equal_are_one_segment() {
    let matrix = Matrix::from_values(Array2::from_elem((40, 3), 2.5));
    for distance in Distance::ALL {
        assert_eq!(fit(&matrix, 1, distance).labels.sizes(), [40]);
        let two = KMedoids::new(2, distance).unwrap().fit(&matrix, &Task::default());
        assert!(matches!(two, Err(ClusterError::TooManySegments { k: 2, distinct: 1 })));
    }
}

#[test]
fn as_many_segments_as_distinct_rows_cost_nothing() {
    let matrix = Matrix::from_values(Array2::from_shape_fn((60, 2), |(row, column)| (row % 12 + column) as f64));
    for distance in [Distance::Euclidean, Distance::Manhattan, Distance::Gower] {
        let fitted = fit(&matrix, 12, distance);
        assert_eq!((fitted.labels.sizes(), cost(&matrix, &fitted)), ([5; 12].as_slice(), 0.0));
    }
    let alone = Matrix::from_values(array![[0.0], [3.0], [7.0], [8.0]]);
    assert_eq!(fit(&alone, 4, Distance::Euclidean).labels.as_slice(), [1, 2, 3, 4]);
}

#[test]
fn rows_that_the_distance_cannot_tell_apart_count_once() {
    let matrix = Matrix::from_values(array![[1.0, 1.0], [2.0, 2.0], [0.0, 4.0], [0.0, 8.0]]);
    assert_eq!(fit(&matrix, 2, Distance::Cosine).labels.as_slice(), [1, 1, 2, 2]);
    let three = KMedoids::new(3, Distance::Cosine).unwrap().fit(&matrix, &Task::default());
    assert!(matches!(three, Err(ClusterError::TooManySegments { k: 3, distinct: 2 })));
}

#[test]
fn any_unit_gives_the_same_segments() {
    let matrix = samples::blobs(200, 4, 2, 2.0);
    let known = fit(&matrix, 4, Distance::Euclidean).labels;
    for unit in [1e-60, 1e60] {
        let scaled = Matrix::from_values(matrix.values.mapv(|value| value * unit));
        assert_eq!(fit(&scaled, 4, Distance::Euclidean).labels, known);
    }
}

#[test]
fn samples_do_for_many_rows() {
    let matrix = samples::blobs(HELD_ROWS + 800, 4, 2, 0.5);
    let fitted = fit(&matrix, 4, Distance::Manhattan);
    let known: Vec<u32> = (0..matrix.nrows() as u32).map(|row| row % 4 + 1).collect();
    assert_eq!(fitted.labels.as_slice(), known);
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    for rows in [1500, HELD_ROWS + 100] {
        let matrix = samples::blobs(rows, 5, 2, 4.0);
        let fits = samples::on_threads(|| fit(&matrix, 5, Distance::Euclidean).clusterer);
        assert!(fits.windows(2).all(|pair| pair[0] == pair[1]));
    }
}

#[test]
fn measured_once_is_measured_for_every_k() {
    let matrix = samples::blobs(300, 4, 2, 2.0);
    let measured = Measured::new(&matrix, Distance::Manhattan, &Task::default()).unwrap();
    for k in 2..6 {
        let shared = KMedoids::new(k, Distance::Manhattan).unwrap().fit_measured(&measured, &matrix, &Task::default());
        assert_eq!(shared.unwrap().clusterer, fit(&matrix, k, Distance::Manhattan).clusterer);
    }
}

#[test]
fn a_fit_stops_wherever_it_is_cancelled() {
    for rows in [6000, 30_000] {
        let matrix = samples::blobs(rows, 5, 2, 4.0);
        assert!(samples::cancelled_on_its_way(&KMedoids::new(9, Distance::Euclidean).unwrap(), &matrix) < 1.0);
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let task = Task::default().with_memory(1_000);
    let found = KMedoids::new(2, Distance::Euclidean).unwrap().fit(&samples::blobs(100, 2, 2, 1.0), &task);
    assert!(matches!(found, Err(ClusterError::Memory { .. })));
    assert!(KMedoids::new(0, Distance::Euclidean).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn new_labels_agree_with_the_fit(
        matrix in samples::any_matrix(),
        k in 1..5usize,
        distance in prop::sample::select(Distance::ALL.to_vec()),
    ) {
        let Ok(fitted) = KMedoids::new(k, distance).unwrap().fit(&matrix, &Task::default()) else { return Ok(()) };
        let placed = fitted.clusterer.assign(matrix.values.view());
        prop_assert_eq!(placed.labels.as_slice(), fitted.labels.as_slice());
        prop_assert_eq!(fitted.labels.clusters(), k);
        prop_assert!(placed.confidence.iter().all(|confidence| (0.0..=1.0).contains(confidence)));
    }
}
