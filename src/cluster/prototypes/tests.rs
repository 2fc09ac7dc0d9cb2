#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use super::*;
use crate::cluster::samples;
use proptest::prelude::*;
use rand::Rng;

fn fit(algorithm: KPrototypes, matrix: &Matrix) -> Fitted {
    algorithm.fit(matrix, &Task::default()).unwrap()
}

fn prototypes(k: usize, gamma: f64, matrix: &Matrix) -> Fitted {
    fit(KPrototypes::new(k, Some(gamma)).unwrap(), matrix)
}

fn modes(k: usize, matrix: &Matrix) -> Fitted {
    fit(KPrototypes::modes(k).unwrap(), matrix)
}

/// Numbers beside categories, given by codes, as a matrix of raw one-hot columns.
fn matrix(numbers: &[Vec<f64>], categories: &[(usize, Vec<usize>)]) -> Matrix {
    let n = numbers.first().map_or_else(|| categories[0].1.len(), Vec::len);
    let mut blocks = Vec::new();
    let mut d = numbers.len();
    for (levels, _) in categories {
        let width = if *levels == 2 { 1 } else { *levels };
        blocks.push(Block { columns: d..d + width, on: vec![1.0; width], off: vec![0.0; width], weight: 1.0 });
        d += width;
    }
    let mut values = Array2::zeros((n, d));
    for row in 0..n {
        let mut cells = vec![0.0; d];
        numbers.iter().enumerate().for_each(|(column, values)| cells[column] = values[row]);
        blocks.iter().zip(categories).for_each(|(block, (_, codes))| block.write(codes[row], &mut cells));
        cells.into_iter().enumerate().for_each(|(column, value)| values[[row, column]] = value);
    }
    Matrix { blocks, ..Matrix::from_values(values) }
}

/// The codes of a text column, its levels in alphabetical order.
fn coded(texts: Vec<&str>) -> (usize, Vec<usize>) {
    let mut levels = texts.clone();
    levels.sort_unstable();
    levels.dedup();
    let codes = texts.into_iter().map(|text| levels.binary_search(&text).unwrap()).collect();
    (levels.len(), codes)
}

/// Columns of a file that may lie beside the project.
fn shared(name: &str) -> Option<(Vec<String>, Vec<Vec<String>>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    let text = std::fs::read_to_string(path).ok()?;
    let split = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<String>>();
    let mut lines = text.lines().map(split);
    Some((lines.next()?, lines.collect()))
}

fn cost(matrix: &Matrix, fitted: &Fitted) -> f64 {
    let Clusterer::Prototypes { points, measure } = &fitted.clusterer else { panic!("prototypes") };
    let (rows, points) = (measure.form(matrix.values.view()), measure.form(points.view()));
    let flat: Vec<f64> = points.values.iter().copied().collect();
    let tiles = rows.tiles();
    let two = |tile: usize| rows.form.nearest_two(tiles.tile(tile), &flat).first[..tiles.filled(tile)].to_vec();
    (0..tiles.count()).flat_map(two).sum()
}

/// n rows of four clear groups in a number and two categories, and one category that says nothing.
fn groups(n: usize) -> Matrix {
    let mut random = Task::new(5).stream(&["groups"]);
    let number = (0..n).map(|row| (row % 2) as f64 * 9.0 + random.r#gen::<f64>()).collect();
    let mut codes = |levels: usize, of: fn(usize) -> usize| {
        let code = |row: usize| if random.gen_range(0..50) == 0 { random.gen_range(0..levels) } else { of(row) };
        (levels, (0..n).map(code).collect::<Vec<_>>())
    };
    let wide = codes(3, |row| row % 4 / 2);
    let single = codes(2, |row| row % 4 / 2);
    let empty = codes(4, |row| row / 4 % 4);
    matrix(&[number], &[wide, single, empty])
}

#[test]
fn mall_with_gender_costs_what_others_find() {
    let Some((_, rows)) = shared("Mall_Customers.csv") else { return };
    let standardised = |column: usize| {
        let values: Vec<f64> = rows.iter().map(|row| row[column].parse().unwrap()).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let sd = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt();
        values.into_iter().map(|value| (value - mean) / sd).collect::<Vec<f64>>()
    };
    let matrix =
        matrix(&[standardised(3), standardised(4)], &[coded(rows.iter().map(|row| row[1].as_str()).collect())]);
    // The least cost of another k-prototypes, started 160 times.
    let known = 107.55629568916079;
    let found = cost(&matrix, &prototypes(5, 0.5, &matrix));
    assert!(found <= known * (1.0 + 1e-9), "{found}");
    let by_default = fit(KPrototypes::new(5, None).unwrap(), &matrix);
    assert!((cost(&matrix, &by_default) - found).abs() < 1e-6);
    assert!(cost(&matrix, &prototypes(6, 2.0, &matrix)) <= 152.61987495099066 * (1.0 + 1e-9));
}

#[test]
fn telco_modes_cost_no_more_than_others_find() {
    let Some((names, rows)) = shared("Telco-Customer-Churn.csv") else { return };
    let wanted = ["Contract", "PaymentMethod", "InternetService", "TechSupport", "StreamingTV"];
    let column = |name: &&str| {
        let place = names.iter().position(|other| other == name).unwrap();
        coded(rows.iter().map(|row| row[place].as_str()).collect())
    };
    let matrix = matrix(&[], &wanted.iter().map(column).collect::<Vec<_>>());
    // The least costs of another k-modes, started 80 times.
    assert!(cost(&matrix, &modes(3, &matrix)) <= 10_451.0);
    assert!(cost(&matrix, &modes(4, &matrix)) <= 8_914.0);
}

#[test]
fn a_small_case_by_hand() {
    // The numbers part rows 0–2 from 3–4, the category says so too but for row 1.
    let data = matrix(&[vec![0.0, 1.0, 2.0, 10.0, 12.0]], &[(3, vec![0, 2, 0, 1, 1])]);
    let fitted = prototypes(2, 4.0, &data);
    assert_eq!(fitted.labels.as_slice(), [1, 1, 1, 2, 2]);
    // 1 + 0 + 1 and one mismatch of 4; 1 + 1.
    assert_eq!(cost(&data, &fitted), 8.0);
    assert_eq!(fitted.clusterer.centres().unwrap(), ndarray::array![[1.0, 1.0, 0.0, 0.0], [11.0, 0.0, 1.0, 0.0]]);
    // With a category that decides all, row 1 stays alone.
    let strict = prototypes(3, 1000.0, &data);
    assert_eq!(strict.labels.as_slice(), [1, 3, 1, 2, 2]);
}

#[test]
fn gamma_follows_the_spread_of_the_numbers() {
    let data = matrix(&[vec![0.0, 2.0], vec![0.0, 4.0]], &[(2, vec![0, 1])]);
    assert_eq!(default_gamma(&data), 0.5 * (1.0 + 4.0) / 2.0);
    assert_eq!(default_gamma(&matrix(&[], &[(2, vec![0, 1])])), 1.0);
}

#[test]
fn clear_groups_are_found_by_numbers_and_categories_together() {
    let data = groups(400);
    let known: Vec<u32> = (0..400).map(|row| row % 4).collect();
    let found = prototypes(4, 10.0, &data).labels;
    // Of the rows of each group nearly all are in one segment.
    for group in 0..4 {
        let members = known.iter().zip(found.as_slice()).filter(|(known, _)| **known == group);
        let mut counts = [0; 5];
        members.for_each(|(_, &label)| counts[label as usize] += 1);
        assert!(counts.iter().max() >= Some(&93), "{counts:?}");
    }
}

#[test]
fn modes_look_at_categories_alone_and_say_so() {
    let data = groups(200);
    let fitted = modes(2, &data);
    assert_eq!(fitted.warnings, ["numbers do not count here: x1; kprototypes takes both"]);
    let mut moved = data.clone();
    moved.values.column_mut(0).mapv_inplace(|value| 100.0 - 7.0 * value);
    assert_eq!(modes(2, &moved).labels, fitted.labels);
}

#[test]
fn without_categories_it_says_what_to_do() {
    let numbers = samples::blobs(50, 2, 2, 1.0);
    let say = |algorithm: KPrototypes| algorithm.fit(&numbers, &Task::default()).unwrap_err().to_string();
    assert_eq!(
        say(KPrototypes::modes(2).unwrap()),
        "kmodes compares categories, and no feature is a category: take kmeans, or name one with --features"
    );
    assert!(say(KPrototypes::new(2, None).unwrap()).starts_with("kprototypes is for numbers and categories together"));
    assert!(KPrototypes::new(0, None).is_err() && KPrototypes::modes(0).is_err());
    assert!(KPrototypes::new(2, Some(-1.0)).is_err() && KPrototypes::new(2, Some(f64::NAN)).is_err());
}

#[test]
fn duplicates_and_all_distinct_rows_follow_the_rules() {
    let equal = matrix(&[vec![1.0; 30]], &[(2, vec![0; 30])]);
    assert_eq!(prototypes(1, 1.0, &equal).labels.sizes(), [30]);
    let two = KPrototypes::new(2, None).unwrap().fit(&equal, &Task::default());
    assert!(matches!(two, Err(ClusterError::TooManySegments { k: 2, distinct: 1 })));
    let codes: Vec<usize> = (0..60).map(|row| row % 6).collect();
    let six = matrix(&[], &[(6, codes)]);
    let fitted = modes(6, &six);
    assert_eq!((fitted.labels.sizes(), cost(&six, &fitted)), ([10; 6].as_slice(), 0.0));
    let alone = matrix(&[vec![1.0, 2.0, 3.0]], &[(2, vec![0, 1, 0])]);
    assert_eq!(prototypes(3, 1.0, &alone).labels.as_slice(), [1, 2, 3]);
    let more = KPrototypes::modes(3).unwrap().fit(&alone, &Task::default());
    assert!(matches!(more, Err(ClusterError::TooManySegments { k: 3, distinct: 2 })));
}

#[test]
fn a_level_never_seen_differs_from_all() {
    let data = matrix(&[vec![0.0, 0.2, 5.0, 5.2]], &[(3, vec![0, 0, 1, 1])]);
    let fitted = prototypes(2, 1.0, &data);
    let unseen = ndarray::array![[4.9, 0.0, 0.0, 0.0], [0.3, 0.0, 0.0, 0.0]];
    let same = fitted.labels.as_slice();
    assert_eq!(fitted.clusterer.assign(unseen.view()).labels, [same[2], same[0]]);
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let data = groups(9_000);
    let fits = samples::on_threads(|| prototypes(5, 1.0, &data).clusterer);
    assert!(fits.windows(2).all(|pair| pair[0] == pair[1]));
    let fits = samples::on_threads(|| modes(4, &data).clusterer);
    assert!(fits.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_fit_stops_in_the_middle() {
    let data = groups(100_000);
    assert!(samples::cancelled_on_its_way(&KPrototypes::new(8, None).unwrap(), &data) < 1.0);
}

/// The least cost of k modes for all partitions of a few rows.
fn least(codes: &[Vec<usize>], k: usize) -> f64 {
    let n = codes[0].len();
    let cost_of = |labels: &[usize]| -> usize {
        (0..k)
            .flat_map(|cluster| {
                codes.iter().map(move |column| {
                    let members: Vec<usize> = (0..n).filter(|&row| labels[row] == cluster).collect();
                    let count = |code: usize| members.iter().filter(|&&row| column[row] == code).count();
                    members.len() - (0..3).map(count).max().unwrap_or(0)
                })
            })
            .sum()
    };
    let all = (0..k.pow(n as u32)).map(|number| {
        let labels: Vec<usize> = (0..n).map(|row| number / k.pow(row as u32) % k).collect();
        cost_of(&labels)
    });
    all.min().unwrap_or(0) as f64
}

#[test]
fn small_data_reach_the_least_cost() {
    let mut random = Task::new(4).stream(&["small data"]);
    for _ in 0..15 {
        let codes: Vec<Vec<usize>> = (0..4).map(|_| (0..8).map(|_| random.gen_range(0..3)).collect()).collect();
        let data = matrix(&[], &codes.iter().map(|column| (3, column.clone())).collect::<Vec<_>>());
        assert_eq!(cost(&data, &modes(3, &data)), least(&codes, 3));
    }
}

fn any_mixed() -> impl Strategy<Value = Matrix> {
    (6..40usize).prop_flat_map(|n| {
        let number = prop::collection::vec(-4..4i32, n);
        let codes = |levels: usize| prop::collection::vec(0..levels, n);
        (number, codes(3), codes(2)).prop_map(|(number, wide, single)| {
            matrix(&[number.into_iter().map(f64::from).collect()], &[(3, wide), (2, single)])
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn new_labels_agree_with_the_fit(data in any_mixed(), k in 1..5usize, gamma in 0.1..3.0f64) {
        for algorithm in [KPrototypes::new(k, Some(gamma)).unwrap(), KPrototypes::modes(k).unwrap()] {
            let Ok(fitted) = algorithm.fit(&data, &Task::default()) else { continue };
            let placed = fitted.clusterer.assign(data.values.view());
            prop_assert_eq!(placed.labels.as_slice(), fitted.labels.as_slice());
            let again: Clusterer = serde_json::from_str(&serde_json::to_string(&fitted.clusterer).unwrap()).unwrap();
            prop_assert_eq!(again.assign(data.values.view()).labels, placed.labels);
        }
    }
}
