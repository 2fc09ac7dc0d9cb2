#![allow(clippy::unwrap_used)]

use ndarray::array;
use proptest::prelude::*;

use super::*;
use crate::cluster::samples;

fn fit(matrix: &Matrix, k: usize) -> Fitted {
    GaussianMixture::new(k).unwrap().fit(matrix, &Task::default()).unwrap()
}

#[test]
fn one_component_is_the_normal_distribution() {
    // By hand: variance 2/3 + 1e-6, log L = −½ Σ (ln 2πv + x²/v).
    let fitted = fit(&Matrix::from_values(array![[-1.0], [0.0], [1.0]]), 1);
    let variance = 2.0 / 3.0 + 1e-6;
    let expected = -1.5 * (std::f64::consts::TAU * variance).ln() - 1.0 / variance;
    assert!((fitted.log_likelihood.unwrap() - expected).abs() < 1e-9);
    assert_eq!(fitted.parameters, Some(2));
}

#[test]
fn the_parameters_are_counted_as_they_should() {
    assert_eq!(GaussianMixture::new(5).unwrap().parameters(2), 29);
    assert_eq!(GaussianMixture::new(1).unwrap().parameters(3), 9);
}

#[test]
fn mall_is_fitted_about_as_well_as_known() {
    let Some((matrix, reference)) = samples::mall() else { return };
    let mut as_good = 0;
    for k in 2..=6 {
        let known = reference["gmm"]["full"]["k"][k.to_string()]["log_likelihood"].as_f64().unwrap();
        let found = fit(&matrix, k).log_likelihood.unwrap();
        assert!(found > known - 6.0, "k = {k}: {found} against {known}");
        as_good += usize::from(found > known - 0.01);
    }
    assert!(as_good >= 3, "only {as_good} of 5 are as good as known");
}

#[test]
fn components_of_different_spread_are_told_apart() {
    let wide = samples::blobs(300, 1, 2, 3.0);
    let narrow = samples::blobs(100, 1, 2, 0.2).values + 8.0;
    let matrix = Matrix::from_values(ndarray::concatenate![Axis(0), wide.values, narrow]);
    let labels = fit(&matrix, 2).labels;
    assert!(labels.as_slice()[300..].iter().all(|&label| label == 2));
    assert!(labels.sizes()[1] < 106);
}

#[test]
fn repeated_rows_and_flat_columns_do_not_break_it() {
    let values = Array2::from_shape_fn((60, 3), |(row, column)| if column == 2 { 1.0 } else { (row % 4) as f64 });
    let fitted = fit(&Matrix::from_values(values), 3);
    assert!(fitted.log_likelihood.unwrap().is_finite());
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let matrix = samples::blobs(3000, 3, 2, 3.0);
    let fits = samples::on_threads(|| fit(&matrix, 3).clusterer);
    assert!(fits.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_cancelled_fit_stops() {
    let task = Task::default();
    task.cancel();
    let matrix = samples::blobs(3000, 3, 2, 3.0);
    assert!(matches!(GaussianMixture::new(3).unwrap().fit(&matrix, &task), Err(ClusterError::Cancelled(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn new_labels_agree_with_the_fit(matrix in samples::any_matrix(), k in 1..4usize) {
        let Ok(fitted) = GaussianMixture::new(k).unwrap().fit(&matrix, &Task::default()) else { return Ok(()) };
        let placed = fitted.clusterer.assign(matrix.values.view());
        prop_assert_eq!(placed.labels.as_slice(), fitted.labels.as_slice());
        prop_assert!(placed.confidence.iter().all(|confidence| (0.0..=1.0).contains(confidence)));
    }
}
