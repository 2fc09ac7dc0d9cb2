#![allow(clippy::unwrap_used)]

use ndarray::array;
use proptest::prelude::*;

use super::*;
use crate::cluster::samples;

const COVARIANCES: [Covariance; 4] = [Covariance::Full, Covariance::Tied, Covariance::Diag, Covariance::Spherical];

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
    let of = |covariance| GaussianMixture::new(3).unwrap().with_covariance(covariance).parameters(3);
    assert_eq!(COVARIANCES.map(of), [29, 17, 20, 14]);
}

/// Three overlapping groups of 100 rows in three columns.
fn three_groups() -> Matrix {
    let sums = samples::congruential(300 * 3 * 4).chunks(4).map(|four| four.iter().sum::<f64>() - 2.0).collect();
    let noise = Array2::from_shape_vec((300, 3), sums).unwrap();
    Matrix::from_values(Array2::from_shape_fn((300, 3), |(row, column)| {
        let group = row % 3;
        let at = |column: usize| noise[[row, column]] * [1.0, 1.5, 0.7][group];
        match column {
            0 => at(0) + 3.0 * group as f64,
            1 => at(1) + 0.5 * at(0) - if group == 1 { 2.0 } else { 0.0 },
            _ => at(2) - 0.25 * at(1) + group as f64,
        }
    }))
}

#[test]
fn each_kind_of_covariance_reaches_scikit_learns_optimum() {
    // GaussianMixture(3, covariance_type=…, n_init=200, tol=1e-11): log L, BIC, and ICL from its posteriors.
    let known = [
        (Covariance::Full, -1129.6743374081611, 2424.758366581352, 2426.162125058749),
        (Covariance::Tied, -1218.3393846033193, 2533.6430712757942, 2539.655335767025),
        (Covariance::Diag, -1169.6772468981303, 2453.4301432893844, 2455.7440358393624),
        (Covariance::Spherical, -1174.5710794033116, 2428.99511345181, 2432.0552704776205),
    ];
    let matrix = three_groups();
    for (covariance, log_likelihood, bic, icl) in known {
        let mixture = GaussianMixture::new(3).unwrap().with_covariance(covariance);
        let fitted = mixture.fit(&matrix, &Task::default()).unwrap();
        let found = fitted.log_likelihood.unwrap();
        assert!((found - log_likelihood).abs() < 5e-3, "{covariance:?}: {found}, not {log_likelihood}");
        let found_bic = -2.0 * found + fitted.parameters.unwrap() as f64 * 300f64.ln();
        assert!((found_bic - bic).abs() < 1e-2, "{covariance:?}: {found_bic}, not {bic}");
        let found_icl = found_bic - 2.0 * fitted.certainty.unwrap();
        assert!((found_icl - icl).abs() < 0.2, "{covariance:?}: {found_icl}, not {icl}");
    }
}

#[test]
fn each_kind_of_covariance_fits_mall_as_well_as_scikit_learn() {
    // As above, income and score standardised (ddof 0), five components, the best of 30 starts.
    let Some((matrix, _)) = samples::mall() else { return };
    let (mean, deviation) = (matrix.values.mean_axis(Axis(0)).unwrap(), matrix.values.std_axis(Axis(0), 0.0));
    let matrix = Matrix::from_values((&matrix.values - &mean) / &deviation);
    let known = [-452.44429863229374, -484.19827234864147, -457.2539778777467, -473.18013736484835];
    for (covariance, known) in COVARIANCES.into_iter().zip(known) {
        let mixture = GaussianMixture::new(5).unwrap().with_covariance(covariance);
        let found = mixture.fit(&matrix, &Task::default()).unwrap().log_likelihood.unwrap();
        assert!(found > known - 0.01, "{covariance:?}: {found}, not {known}");
    }
}

#[test]
fn memberships_are_the_posteriors() {
    let matrix = three_groups();
    for covariance in COVARIANCES {
        let mixture = GaussianMixture::new(3).unwrap().with_covariance(covariance);
        let fitted = mixture.fit(&matrix, &Task::default()).unwrap();
        let shares = fitted.clusterer.memberships(matrix.values.view()).unwrap();
        let placed = fitted.clusterer.assign(matrix.values.view());
        for (row, shares) in shares.outer_iter().enumerate() {
            assert!((shares.sum() - 1.0).abs() < 1e-12);
            assert_eq!(shares[placed.labels[row] as usize - 1], placed.confidence[row]);
            assert!(shares.iter().all(|&share| share <= placed.confidence[row]));
        }
    }
    let by_centres = KMeans::new(3).unwrap().fit(&matrix, &Task::default()).unwrap().clusterer;
    assert!(by_centres.memberships(matrix.values.view()).is_none());
}

#[test]
fn equal_rows_are_one_component_at_most() {
    let matrix = Matrix::from_values(Array2::from_elem((50, 2), 3.0));
    for covariance in COVARIANCES {
        let of = |k| GaussianMixture::new(k).unwrap().with_covariance(covariance).fit(&matrix, &Task::default());
        assert!(of(1).unwrap().log_likelihood.unwrap().is_finite());
        assert!(matches!(of(2), Err(ClusterError::TooManySegments { k: 2, distinct: 1 })));
    }
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
fn it_is_the_same_beside_a_k_means_that_is_known() {
    let matrix = three_groups();
    for k in [2, 3, 5] {
        let kmeans = KMeans::new(k).unwrap().fit(&matrix, &Task::default()).unwrap();
        let known = Groups { labels: &kmeans.labels, centres: kmeans.clusterer.centres().unwrap() };
        let beside = GaussianMixture::new(k).unwrap().fit_beside(&matrix, Some(known), &Task::default()).unwrap();
        assert_eq!(beside.clusterer, fit(&matrix, k).clusterer);
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let matrix = samples::blobs(3000, 3, 2, 3.0);
    for covariance in COVARIANCES {
        let mixture = GaussianMixture::new(3).unwrap().with_covariance(covariance);
        let fits = samples::on_threads(|| mixture.fit(&matrix, &Task::default()).unwrap().clusterer);
        assert!(fits.windows(2).all(|pair| pair[0] == pair[1]));
    }
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
