#![allow(clippy::unwrap_used, clippy::panic)]

use ndarray::{Array2, array};
use proptest::prelude::*;

use super::*;
use crate::cluster::samples;
use crate::kernel::distance::euclidean;

/// Those whose heights rise.
const TREES: [Algorithm; 5] =
    [Algorithm::Ward, Algorithm::Complete, Algorithm::Average, Algorithm::Single, Algorithm::Weighted];
/// Those whose heights may fall.
const INVERTING: [Algorithm; 2] = [Algorithm::Centroid, Algorithm::Median];

fn all_trees() -> impl Iterator<Item = Algorithm> {
    TREES.into_iter().chain(INVERTING)
}

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

/// What scipy says of forty points: linkage, cophenet, cut_tree (k = 4) and fcluster (by distance).
struct Known {
    algorithm: Algorithm,
    cophenetic: f64,
    sum: f64,
    last: [f64; 5],
    four: [u32; 40],
    height: f64,
    at_height: [u32; 40],
}

const KNOWN: [Known; 7] = [
    Known {
        algorithm: Algorithm::Ward,
        cophenetic: 0.6075987863944415,
        sum: 12.89010566766235,
        last: [0.673231152323102, 0.9146071399980804, 1.3668146098629872, 1.5823080733345756, 2.1554306080551013],
        four: [
            1, 2, 1, 1, 1, 2, 2, 3, 3, 3, 1, 1, 4, 2, 4, 3, 3, 3, 2, 4, 2, 1, 4, 3, 3, 1, 4, 2, 4, 1, 4, 1, 1, 1, 2, 3,
            2, 2, 4, 2,
        ],
        height: 0.6033426561342359,
        at_height: [
            6, 3, 5, 6, 6, 2, 3, 4, 4, 4, 5, 6, 1, 3, 1, 4, 4, 4, 3, 1, 3, 5, 1, 4, 4, 5, 1, 3, 1, 6, 1, 6, 6, 6, 3, 4,
            3, 2, 1, 2,
        ],
    },
    Known {
        algorithm: Algorithm::Complete,
        cophenetic: 0.6368800916235103,
        sum: 10.247197452592143,
        last: [0.5886062157916866, 0.6623322405120419, 0.8422057115230169, 0.9902199842408506, 1.302068923598647],
        four: [
            1, 1, 2, 1, 1, 1, 1, 3, 3, 3, 2, 1, 4, 1, 4, 3, 3, 3, 1, 4, 1, 2, 4, 3, 3, 2, 4, 1, 4, 1, 4, 1, 1, 1, 1, 3,
            1, 1, 4, 1,
        ],
        height: 0.5356214992864714,
        at_height: [
            5, 6, 1, 5, 5, 6, 6, 2, 2, 2, 1, 5, 4, 5, 4, 2, 2, 2, 5, 3, 5, 1, 3, 2, 2, 1, 4, 6, 3, 6, 4, 5, 5, 5, 5, 2,
            5, 6, 4, 6,
        ],
    },
    Known {
        algorithm: Algorithm::Average,
        cophenetic: 0.6956926510900615,
        sum: 7.328452604614461,
        last: [0.33273644359943655, 0.42593414487203474, 0.566201359731493, 0.5768525162846844, 0.6616130222828795],
        four: [
            1, 1, 2, 1, 1, 1, 1, 3, 3, 3, 2, 1, 4, 1, 3, 3, 3, 3, 1, 4, 1, 2, 4, 3, 3, 2, 4, 1, 4, 1, 4, 1, 1, 1, 1, 3,
            1, 1, 3, 1,
        ],
        height: 0.3292355399204186,
        at_height: [
            6, 6, 2, 6, 6, 5, 6, 3, 4, 4, 2, 6, 1, 6, 4, 4, 4, 4, 6, 1, 6, 2, 1, 3, 4, 2, 1, 6, 1, 6, 1, 6, 6, 6, 6, 3,
            6, 5, 4, 5,
        ],
    },
    Known {
        algorithm: Algorithm::Single,
        cophenetic: 0.5800000896161711,
        sum: 4.465438945849041,
        last: [0.1830830155284571, 0.18372669354363563, 0.18725749493693833, 0.18740735123113858, 0.23265102537637758],
        four: [
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 1, 1, 1, 1, 1, 1,
            1, 4, 1, 1,
        ],
        height: 0.17410046263225518,
        at_height: [
            3, 3, 3, 3, 3, 2, 3, 3, 3, 3, 3, 3, 1, 3, 3, 4, 3, 3, 3, 1, 3, 3, 1, 3, 3, 3, 1, 3, 1, 5, 1, 3, 3, 3, 3, 3,
            3, 6, 3, 2,
        ],
    },
    Known {
        algorithm: Algorithm::Weighted,
        cophenetic: 0.591546753610159,
        sum: 7.586470498043285,
        last: [0.36720821793993264, 0.4365678976477012, 0.5168708428737563, 0.6614406520466027, 0.7292050536776923],
        four: [
            1, 2, 1, 1, 1, 3, 2, 4, 4, 4, 1, 1, 2, 2, 2, 4, 4, 4, 2, 2, 2, 1, 2, 4, 4, 1, 2, 2, 2, 3, 2, 1, 1, 1, 2, 4,
            2, 3, 2, 3,
        ],
        height: 0.3501709961269815,
        at_height: [
            1, 5, 1, 1, 1, 3, 5, 2, 2, 2, 1, 1, 6, 5, 6, 2, 2, 2, 5, 4, 5, 1, 4, 2, 2, 1, 6, 5, 4, 3, 6, 1, 1, 1, 5, 2,
            5, 3, 6, 3,
        ],
    },
    Known {
        algorithm: Algorithm::Centroid,
        cophenetic: 0.6948895657046372,
        sum: 6.861442035398709,
        last: [0.2976324737063728, 0.38043940271723914, 0.5128482480180688, 0.5031845124544323, 0.584884627768065],
        four: [
            1, 1, 2, 1, 1, 1, 1, 3, 3, 3, 2, 1, 4, 1, 3, 3, 3, 3, 1, 4, 1, 2, 4, 3, 3, 2, 4, 1, 4, 1, 4, 1, 1, 1, 1, 3,
            1, 1, 3, 1,
        ],
        height: 0.290620820509768,
        at_height: [
            6, 5, 2, 6, 6, 4, 5, 3, 3, 3, 2, 6, 1, 5, 3, 3, 3, 3, 5, 1, 5, 2, 1, 3, 3, 2, 1, 5, 1, 6, 1, 6, 6, 6, 5, 3,
            5, 4, 3, 4,
        ],
    },
    Known {
        algorithm: Algorithm::Median,
        cophenetic: 0.5904205207037574,
        sum: 7.085292145849409,
        last: [0.33379514167594404, 0.3971169134490197, 0.47629597544363567, 0.6148826422866961, 0.5893032628657958],
        four: [
            1, 2, 1, 1, 1, 3, 2, 4, 4, 4, 1, 1, 2, 2, 2, 4, 4, 4, 2, 2, 2, 1, 2, 4, 4, 1, 2, 2, 2, 3, 2, 1, 1, 1, 2, 4,
            2, 3, 2, 3,
        ],
        height: 0.3324458896512719,
        at_height: [
            1, 6, 1, 1, 1, 3, 6, 2, 2, 2, 1, 1, 6, 6, 6, 2, 2, 2, 6, 5, 6, 1, 5, 2, 2, 1, 6, 6, 5, 4, 6, 1, 1, 1, 6, 2,
            6, 3, 6, 3,
        ],
    },
];

#[test]
fn forty_points_are_joined_and_cut_as_scipy_has_it() {
    let matrix = Matrix::from_values(Array2::from_shape_vec((40, 2), samples::congruential(80)).unwrap());
    for known in KNOWN {
        let tree = grow(&matrix, known.algorithm);
        let heights: Vec<f64> = tree.merges().iter().map(|merge| merge.height).collect();
        assert!((heights.iter().sum::<f64>() - known.sum).abs() < 1e-12, "{:?}: {heights:?}", known.algorithm);
        assert!(heights[34..].iter().zip(known.last).all(|(a, b)| (a - b).abs() < 1e-12));
        let cophenetic = tree.cophenetic_correlation(&matrix, &Task::default()).unwrap().unwrap();
        assert!((cophenetic - known.cophenetic).abs() < 1e-12, "{:?}: {cophenetic}", known.algorithm);
        assert!(samples::same_partition(tree.cut(4).unwrap().as_slice(), &known.four));
        assert!(samples::same_partition(tree.cut_at(known.height).as_slice(), &known.at_height));
        assert_eq!(heights.is_sorted(), !INVERTING.contains(&known.algorithm));
    }
}

#[test]
fn equal_rows_are_joined_first_and_say_nothing_of_the_distances() {
    let equal = Matrix::from_values(Array2::from_elem((30, 2), 0.1));
    let some = Matrix::from_values(Array2::from_shape_fn((60, 2), |(row, column)| ((row % 7) * (column + 1)) as f64));
    for algorithm in all_trees() {
        let tree = grow(&equal, algorithm);
        assert!(tree.merges().iter().all(|merge| merge.height == 0.0));
        assert_eq!(tree.cophenetic_correlation(&equal, &Task::default()).unwrap(), None);
        assert_eq!(tree.cut_at(0.0).clusters(), 1);
        assert_eq!(grow(&some, algorithm).cut_at(0.0).clusters(), 7);
        assert_eq!(from_tree(&grow(&some, algorithm), 7, &some).unwrap().labels.sizes(), [9, 9, 9, 9, 8, 8, 8]);
    }
}

#[test]
fn what_is_too_much_for_a_tree_begins_with_micro_clusters_and_says_so() {
    let matrix = samples::blobs(3000, 5, 3, 1.0);
    let known: Vec<u32> = (0..3000).map(|row| row % 5 + 1).collect();
    let task = Task::default().with_memory(500_000);
    for algorithm in [Algorithm::Complete, Algorithm::Average, Algorithm::Weighted] {
        let tree = Tree::grow(&matrix, algorithm, &task).unwrap();
        assert_eq!((tree.merges().len(), tree.micro_clusters()), (2999, Some(353)));
        let fitted = from_tree(&tree, 5, &matrix).unwrap();
        assert!(samples::same_partition(fitted.labels.as_slice(), &known), "{algorithm:?}");
        assert_eq!(fitted.warnings, ["grown over 353 micro-clusters of the 3000 rows"]);
        assert_eq!(fitted.clusterer.assign(matrix.values.view()).labels, fitted.labels.as_slice());
    }
    assert_eq!(Tree::grow(&matrix, Algorithm::Ward, &task).unwrap().micro_clusters(), None);
}

#[test]
fn many_rows_are_cut_about_as_a_tree_over_all_of_them_would_be() {
    let matrix = samples::blobs(MOST_ROWS + 1000, 6, 2, 0.8);
    let known: Vec<u32> = (0..MOST_ROWS as u32 + 1000).map(|row| row % 6 + 1).collect();
    for algorithm in all_trees() {
        let tree = grow(&matrix, algorithm);
        assert_eq!(tree.micro_clusters(), (algorithm != Algorithm::Single).then_some(MICRO_CLUSTERS));
        // Single, centroid and median linkage part off single points first.
        if [Algorithm::Ward, Algorithm::Complete, Algorithm::Average].contains(&algorithm) {
            assert!(samples::same_partition(tree.cut(6).unwrap().as_slice(), &known), "{algorithm:?}");
        }
    }
}

#[test]
fn a_large_tree_cancelled_in_the_middle_answers_at_once() {
    let matrix = samples::blobs(MOST_ROWS, 5, 4, 2.0);
    for algorithm in all_trees() {
        // A machine under load answers later than the tenth of a second that it takes alone.
        assert!(samples::cancelled_on_its_way(&Hierarchical::new(algorithm, 5).unwrap(), &matrix) < 1.0);
    }
}

#[test]
fn mall_is_cut_as_scipy_cuts_it() {
    let Some((matrix, reference)) = samples::mall() else { return };
    for algorithm in TREES.into_iter().filter(|algorithm| *algorithm != Algorithm::Weighted) {
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
    for algorithm in all_trees() {
        let trees = samples::on_threads(|| grow(&matrix, algorithm));
        assert!(trees.windows(2).all(|pair| pair[0] == pair[1]));
    }
}

#[test]
fn a_budget_too_small_is_said_before_anything_is_allocated() {
    let matrix = samples::blobs(1000, 3, 2, 1.0);
    let task = Task::default().with_memory(10_000);
    assert!(matches!(Tree::grow(&matrix, Algorithm::Average, &task), Err(ClusterError::Memory { .. })));
    assert!(matches!(Tree::grow(&matrix, Algorithm::Ward, &task), Err(ClusterError::Memory { .. })));
}

#[test]
fn a_cancelled_tree_stops() {
    let matrix = samples::blobs(500, 3, 2, 1.0);
    let task = Task::default();
    task.cancel();
    for algorithm in all_trees() {
        assert!(matches!(Tree::grow(&matrix, algorithm, &task), Err(ClusterError::Cancelled(_))));
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
    for algorithm in all_trees() {
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
        for algorithm in TREES.into_iter().filter(|algorithm| *algorithm != Algorithm::Weighted) {
            for (found, expected) in heights(&matrix, algorithm).iter().zip(plain_heights(&matrix, algorithm)) {
                prop_assert!((found - expected).abs() <= 1e-9 * expected.max(1.0));
            }
        }
    }

    #[test]
    fn rows_that_stand_for_several_are_cut_as_all_of_them(
        values in prop::collection::vec(-1e3..1e3f64, 4..50),
        repeats in prop::collection::vec(1..4usize, 25),
        k in 1..6usize,
    ) {
        let once = Matrix::from_values(Array2::from_shape_fn((values.len() / 2, 2), |(i, j)| values[i * 2 + j]));
        let repeats = &repeats[..once.nrows()];
        let rows: Vec<usize> = repeats.iter().enumerate().flat_map(|(row, &count)| vec![row; count]).collect();
        let sizes: Vec<f64> = repeats.iter().map(|&count| count as f64).collect();
        for algorithm in all_trees().filter(|_| k <= once.nrows()) {
            let weighed = Tree::grow_weighed(&once, sizes.clone(), algorithm, &Task::default()).unwrap().cut(k).unwrap();
            let raw: Vec<Option<u32>> = rows.iter().map(|&row| Some(weighed.as_slice()[row])).collect();
            prop_assert_eq!(Labels::from_raw(&raw), grow(&once.select(&rows), algorithm).cut(k).unwrap());
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
