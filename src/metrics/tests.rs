//! Known answers of scikit-learn 1.9.1 and properties.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ndarray::Array2;
use proptest::prelude::*;

use super::external::*;
use super::*;
use crate::matrix::{Labels, Matrix};
use crate::task::Task;

fn close(found: f64, known: f64) {
    assert!((found - known).abs() < 1e-9, "{found} is not {known}");
}

/// ARI, AMI, NMI, homogeneity, completeness, V, Fowlkes-Mallows.
fn all_external(a: &[u32], b: &[u32]) -> [f64; 7] {
    let indices = [ari, ami, nmi, homogeneity, completeness, v_measure, fowlkes_mallows];
    indices.map(|index| index(a, b))
}

#[test]
#[rustfmt::skip]
fn external_indices_equal_scikit_learns() {
    let cases: &[(&[u32], &[u32], [f64; 7])] = &[
        (&[0, 0, 1, 1], &[0, 0, 1, 1], [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]),
        (&[0, 0, 1, 1], &[1, 1, 0, 0], [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]),
        (&[0, 0, 1, 1], &[0, 1, 0, 1], [-0.5, -0.49999999999999944, 0.0, 0.0, 0.0, 0.0, 0.0]),
        (&[0, 0, 1, 2], &[0, 0, 1, 1], [0.5714285714285714, 0.5714285714285714, 0.7999999999999999, 0.6666666666666666, 0.9999999999999999, 0.7999999999999999, std::f64::consts::FRAC_1_SQRT_2]),
        (&[0, 0, 0, 0], &[0, 1, 2, 3], [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]),
        (&[0, 0, 0, 1, 1, 1, 2, 2, 2], &[0, 0, 1, 1, 1, 2, 2, 2, 0], [0.1111111111111111, 0.1650226091288854, 0.42061983571430506, 0.42061983571430506, 0.42061983571430506, 0.42061983571430506, 0.3333333333333333]),
        (&[2, 1, 2, 2, 1, 2, 2, 0, 0, 0, 0, 2, 2, 0, 1, 2, 0, 2, 0, 1, 2, 0, 1, 0, 2, 0, 2, 1, 1, 1], &[2, 2, 2, 3, 3, 3, 2, 2, 1, 3, 1, 0, 3, 0, 3, 2, 0, 0, 1, 0, 0, 2, 3, 1, 3, 3, 3, 2, 1, 2], [0.0014525270079240537, 0.016646219805982045, 0.11346239259973347, 0.12719687522651799, 0.10240490132389866, 0.11346239259973347, 0.28010353144207245]),
        (&[0, 0, 0, 0, 0, 1, 1, 1, 1, 1], &[0, 0, 0, 0, 0, 1, 1, 1, 1, 1], [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]),
        (&[0, 0, 0, 0, 0, 0], &[0, 0, 0, 0, 0, 0], [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]),
        (
            &[3, 2, 2, 3, 2, 3, 3, 0, 0, 1, 1, 3, 3, 0, 1, 3, 0, 3, 0, 1, 3, 1, 1, 1, 2, 1, 3, 1, 1, 2, 2, 2, 2, 3, 3, 3, 2, 2, 1, 3],
            &[3, 2, 2, 3, 2, 3, 3, 0, 2, 1, 1, 3, 3, 0, 4, 3, 0, 3, 4, 1, 3, 3, 1, 1, 2, 4, 3, 1, 1, 0, 2, 2, 2, 3, 3, 3, 4, 2, 1, 3],
            [0.7229105054218954, 0.6660995732271089, 0.7094078227150957, 0.7512784193396631, 0.671957951140703, 0.7094078227150957, 0.7916616936966857],
        ),
        (&[0, 1, 2, 3], &[0, 1, 2, 3], [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0]),
        (&[0, 1, 2, 3], &[0, 0, 1, 1], [0.0, 0.0, 2.0 / 3.0, 0.5, 1.0, 2.0 / 3.0, 0.0]),
    ];
    for (a, b, known) in cases {
        for (found, known) in all_external(a, b).into_iter().zip(known) {
            close(found, *known);
        }
    }
}

#[test]
fn ami_of_many_rows_neither_under_nor_overflows() {
    let a: Vec<u32> = (0..200_000).map(|row| row % 7).collect();
    let b: Vec<u32> = (0..200_000).map(|row| row % 11).collect();
    assert!(ami(&a, &b).abs() < 1e-4);
    close(ami(&a, &a), 1.0);
}

#[test]
fn subsets_are_labellings_of_two_classes() {
    let (a, b) = ([1, 1, 1, 0, 0, 0, 0, 1], [1, 1, 0, 0, 0, 1, 0, 1]);
    close(external::ami_of_subsets(8, 4, 4, 3), ami(&a, &b));
    close(external::ami_of_subsets(8, 8, 4, 4), 0.0);
}

#[test]
fn simplified_silhouettes_equal_numpys() {
    let matrix = matrix(&TOY);
    close(simplified_silhouette(&matrix, &labels(&[0, 0, 0, 1, 1, 1, 2, 2])).unwrap(), 0.9093427260755093);
    close(simplified_silhouette(&matrix, &labels(&[0, 0, 0, 1, 1, 2, -1, 1])).unwrap(), 0.2847847253887834);
    assert_eq!(simplified_silhouette(&matrix, &labels(&[0; 8])), None);
}

#[test]
fn best_match_accuracy_equals_scipys_assignment() {
    close(accuracy(&[0, 0, 0, 1, 1, 1, 2, 2, 2], &[1, 1, 2, 2, 2, 3, 3, 3, 1]), 6.0 / 9.0);
    close(accuracy(&[1, 1, 2, 3], &[1, 1, 2, 2]), 0.75);
    close(accuracy(&[1, 1, 1, 1], &[1, 2, 3, 4]), 0.25);
    let truth = [1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2];
    close(accuracy(&truth, &[1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 3, 3, 3, 2]), 0.5);
    close(accuracy(&truth, &[0, 0, 1, 1, 2, 2, 2, 1, 1, 1, 3, 3, 3, 2]), 6.0 / 14.0);
}

fn matrix(points: &[&[f64]]) -> Matrix {
    let flat: Vec<f64> = points.iter().flat_map(|point| point.iter().copied()).collect();
    Matrix::from_values(Array2::from_shape_vec((points.len(), points[0].len()), flat).unwrap())
}

/// Labels with the given numbers, negative ones unassigned.
fn labels(raw: &[i32]) -> Labels {
    Labels::from_raw(&raw.iter().map(|&label| (label >= 0).then_some(label)).collect::<Vec<_>>())
}

fn one(matrix: &Matrix, labels: &Labels) -> Internal {
    internal(matrix, &[labels], &Task::new(1)).unwrap().pop().unwrap()
}

/// Silhouette, Davies-Bouldin, Calinski-Harabasz.
fn check(found: &Internal, silhouette: f64, davies_bouldin: f64, calinski_harabasz: f64) {
    close(found.metrics.silhouette.unwrap(), silhouette);
    close(found.metrics.davies_bouldin.unwrap(), davies_bouldin);
    close(found.metrics.calinski_harabasz.unwrap(), calinski_harabasz);
}

const TOY: [&[f64]; 8] =
    [&[0.0, 0.0], &[0.0, 1.0], &[1.0, 0.0], &[5.0, 5.0], &[5.0, 6.0], &[6.0, 5.0], &[10.0, 0.0], &[10.0, 1.0]];

#[test]
fn internal_indices_of_three_groups_equal_scikit_learns() {
    let (matrix, labels) = (matrix(&TOY), labels(&[0, 0, 0, 1, 1, 1, 2, 2]));
    let found = one(&matrix, &labels);
    check(&found, 0.8381087202020668, 0.18058310574149639, 126.4802631578947);
    close(found.metrics.wcss.unwrap(), 3.166666666666667);
    let known = [
        0.8677922957740025,
        0.824932619353653,
        0.824932619353653,
        0.8490741930789415,
        0.8360831299958972,
        0.7998160971024572,
        0.8590519761461534,
        0.8431868308117767,
    ];
    for (found, known) in silhouettes(&matrix, &labels, &Task::new(1)).unwrap().into_iter().zip(known) {
        close(found, known);
    }
}

#[test]
fn a_singleton_has_silhouette_zero() {
    let found = one(&matrix(&TOY), &labels(&[0, 0, 0, 1, 1, 1, 1, 2]));
    check(&found, 0.403133416063976, 0.5432452431135627, 7.62654958677686);
    close(found.metrics.wcss.unwrap(), 40.333333333333336);
    assert_eq!(found.cluster_silhouettes[2], 0.0);
}

const SEEDED: [&[f64]; 24] = [
    &[-2.48, -0.43, -0.3],
    &[-3.65, -0.12, -0.2],
    &[1.89, 2.99, 2.56],
    &[-2.83, 0.65, -0.02],
    &[0.67, -0.34, 1.05],
    &[0.35, -1.69, -2.04],
    &[0.35, -1.69, -2.04],
    &[0.35, -1.69, -2.04],
    &[5.24, 2.17, 2.38],
    &[3.21, 3.49, 2.82],
    &[-4.21, 0.7, 0.52],
    &[1.97, 2.92, 3.04],
    &[-5.05, 0.26, -0.86],
    &[0.97, 0.19, 0.09],
    &[-0.59, -0.12, -2.0],
    &[-1.13, 0.36, -2.13],
    &[3.85, 1.25, 3.76],
    &[-0.85, 0.78, 0.13],
    &[1.46, 4.25, 4.4399999999999995],
    &[-0.07, -0.27, -0.16],
    &[-0.98, 1.1, -0.54],
    &[-0.05, -0.79, -0.63],
    &[-5.28, 1.26, -0.15],
    &[0.97, 0.01, -0.69],
];
const SEEDED_LABELS: [i32; 24] = [2, 2, 1, 2, 0, 2, 3, 3, 1, 1, 2, 1, 2, 0, 0, 0, 1, 0, 1, 3, 3, 3, 2, 0];

#[test]
fn internal_indices_of_random_rows_with_duplicates_equal_scikit_learns() {
    let (matrix, labels) = (matrix(&SEEDED), labels(&SEEDED_LABELS));
    let found = one(&matrix, &labels);
    check(&found, 0.22456403989095466, 1.8243050663495743, 21.256380681753324);
    close(found.metrics.wcss.unwrap(), 73.89424095238097);
    // By size, ties by first row: scikit-learn's labels 2, 1, 0, 3.
    let known = [0.2514263659330251, 0.5636584790322181, -0.012694729995347001, 0.06475398032610202];
    for (found, known) in found.cluster_silhouettes.iter().zip(known) {
        close(*found, known);
    }
    let rows = silhouettes(&matrix, &labels, &Task::new(1)).unwrap();
    close(rows[5], -0.7068926910579526);
    close(rows[23], -0.010609876996081787);
}

#[test]
fn unassigned_rows_are_left_out() {
    let raw = SEEDED_LABELS.map(|label| if label == 3 { -1 } else { label });
    let (matrix, labels) = (matrix(&SEEDED), labels(&raw));
    check(&one(&matrix, &labels), 0.42426589088686184, 0.8330993453871839, 26.54154104423913);
    let rows = silhouettes(&matrix, &labels, &Task::new(1)).unwrap();
    assert!(rows.iter().zip(raw).all(|(value, label)| value.is_nan() == (label == -1)));
}

#[test]
fn a_singleton_among_random_rows() {
    let mut raw = SEEDED_LABELS;
    raw[0] = 9;
    check(&one(&matrix(&SEEDED), &labels(&raw)), 0.08637190126527017, 1.90379135665689, 15.455564826765297);
}

#[test]
fn coincident_and_empty_spreads_follow_scikit_learn() {
    let twice = matrix(&[&[0.0, 0.0], &[0.0, 0.0], &[1.0, 1.0], &[1.0, 1.0]]);
    check(&one(&twice, &labels(&[0, 0, 1, 1])), 1.0, 0.0, 1.0);
    let same = matrix(&[&[0.0, 0.0][..]; 5]);
    check(&one(&same, &labels(&[0, 0, 1, 1, 1])), 0.0, 0.0, 1.0);
    let square: [&[f64]; 6] = [&[0.0, 0.0], &[1.0, 1.0], &[0.0, 1.0], &[1.0, 0.0], &[5.0, 5.0], &[5.0, 6.0]];
    let crossed = one(&matrix(&square[..4]), &labels(&[0, 0, 1, 1]));
    check(&crossed, -0.29289321881345254, 0.0, 0.0);
    let beside = one(&matrix(&square), &labels(&[0, 0, 1, 1, 2, 2]));
    close(beside.metrics.davies_bouldin.unwrap(), 0.17944708087024397);
    close(beside.metrics.calinski_harabasz.unwrap(), 36.2);
}

#[test]
fn what_does_not_exist_is_none() {
    let matrix = matrix(&TOY);
    let single = one(&matrix, &labels(&[0; 8]));
    assert_eq!((single.metrics.silhouette, single.metrics.davies_bouldin), (None, None));
    assert!(single.metrics.calinski_harabasz.is_none() && single.metrics.wcss.is_some());
    let each = one(&matrix, &labels(&[0, 1, 2, 3, 4, 5, 6, 7]));
    assert_eq!((each.metrics.silhouette, each.metrics.wcss), (None, Some(0.0)));
    let nobody = one(&matrix, &labels(&[-1; 8]));
    assert_eq!(nobody, Internal::default());
    assert!(silhouettes(&matrix, &labels(&[-1; 8]), &Task::new(1)).unwrap().iter().all(|value| value.is_nan()));
}

#[test]
fn means_keep_their_digits_far_from_the_origin() {
    let far: Vec<[f64; 1]> = [0.0, 1.0, 10.0, 11.0].iter().map(|value| [value + 1e9]).collect();
    let far: Vec<&[f64]> = far.iter().map(|point| point.as_slice()).collect();
    close(one(&matrix(&far), &labels(&[0, 0, 1, 1])).metrics.wcss.unwrap(), 1.0);
}

#[test]
fn a_large_labelling_is_sampled_and_says_so() {
    let n = 60_000;
    let value = |row: usize| f64::from(u32::from(row.is_multiple_of(3))) * 10.0 + (row * 7919 % n) as f64 / n as f64;
    let values = Array2::from_shape_fn((n, 1), |(row, _)| value(row));
    let labels = Labels::from_raw(&(0..n).map(|row: usize| Some(row.is_multiple_of(3))).collect::<Vec<_>>());
    let matrix = Matrix::from_values(values);
    let found = one(&matrix, &labels);
    let sample = found.metrics.silhouette_sample.unwrap();
    assert!((10_000..=20_000).contains(&sample.rows) && sample.se > 0.0 && sample.se < 0.01);
    assert!((found.metrics.silhouette.unwrap() - 0.966).abs() < 0.002);
    let rows = silhouettes(&matrix, &labels, &Task::new(1)).unwrap();
    assert_eq!(rows.iter().filter(|value| !value.is_nan()).count(), sample.rows);
}

#[test]
fn a_cancelled_task_gives_no_indices() {
    let task = Task::new(1);
    task.cancel();
    assert!(internal(&matrix(&TOY), &[&labels(&[0, 0, 0, 1, 1, 1, 2, 2])], &task).is_err());
}

proptest! {
    #[test]
    fn external_indices_ignore_the_numbering(
        pairs in prop::collection::vec((0u32..4, 0u32..4), 2..60), shift in 1u32..9,
    ) {
        let (a, b): (Vec<u32>, Vec<u32>) = pairs.into_iter().unzip();
        let renamed: Vec<u32> = a.iter().map(|label| (label + shift) * 31 % 97).collect();
        for (one, other) in all_external(&a, &b).into_iter().zip(all_external(&renamed, &b)) {
            prop_assert!((one - other).abs() < 1e-9);
        }
        prop_assert!((ari(&a, &b) - ari(&b, &a)).abs() < 1e-9);
        prop_assert!((ami(&a, &b) - ami(&b, &a)).abs() < 1e-9);
        prop_assert!((ami(&a, &a) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn rules_stay_within_their_bounds(
        points in prop::collection::vec((0u8..9, 0u8..9, 0i32..4), 4..40),
    ) {
        let columns = [points.iter().map(|point| f64::from(point.0)).collect::<Vec<_>>(),
            points.iter().map(|point| f64::from(point.1)).collect()];
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let labels = labels(&points.iter().map(|point| point.2 - 1).collect::<Vec<_>>());
        let rules = rules::find(&columns, &labels);
        prop_assert_eq!(rules.len(), labels.clusters());
        prop_assert!((0.0..=1.0).contains(&rules::placed(&columns, &labels, &rules)));
        for rule in rules.iter().flatten() {
            prop_assert!(rule.precision > 0.0 && rule.recall > 0.0 && rule.bounds.len() <= 3);
        }
    }
}

#[test]
fn plain_rules_place_plain_groups() {
    let first: Vec<f64> = (0..60).map(|row| f64::from(row % 3) * 10.0 + f64::from(row) / 60.0).collect();
    let second: Vec<f64> = (0..60).map(|row| f64::from(row * 37 % 60)).collect();
    let labels = labels(&(0..60).map(|row| row % 3).collect::<Vec<_>>());
    let columns: [&[f64]; 2] = [&first, &second];
    let found = rules::find(&columns, &labels);
    assert_eq!(rules::placed(&columns, &labels, &found), 1.0);
    let bounds: Vec<usize> = found.iter().flatten().map(|rule| rule.bounds.len()).collect();
    assert_eq!(bounds, [1, 1, 1]);
    assert_eq!(found[0].as_ref().unwrap().bounds[0].0, 0);
}

#[test]
fn missing_values_are_outside_and_one_segment_has_no_rule() {
    let column = [1.0, 2.0, f64::NAN, 3.0, 4.0];
    let columns: [&[f64]; 1] = [&column];
    assert_eq!(rules::find(&columns, &labels(&[0; 5])), [None]);
    let two = labels(&[0, 0, 0, 1, 1]);
    let rules = rules::find(&columns, &two);
    assert_eq!(rules[0].as_ref().unwrap().bounds, [(0, None, Some(2.0))]);
    assert_eq!(rules::placed(&columns, &two, &rules), 0.8);
}

#[test]
fn external_indices_are_the_same_for_numbers_with_gaps() {
    let (a, b) = ([1, 1, 2, 0, 2, 3, 3, 3], [2, 2, 2, 1, 0, 1, 1, 1]);
    let spread = |labels: [u32; 8]| labels.map(|label| label * 1_000_003);
    assert_eq!(all_external(&spread(a), &spread(b)), all_external(&a, &b));
    // More cells than rows.
    let (each, other) = ([5, 1, 4, 2, 0, 3, 6, 7], [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(all_external(&each, &other), all_external(&spread(each), &other));
}
