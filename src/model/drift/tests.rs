#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use rand::Rng;

use super::chance::{chi_squared, holm, p_of_ks, psi, psi_by_chance, ranks};
use super::scale::Grid;
use crate::model::Baseline;
use crate::model::{Distribution, Model};
use crate::segments::p_of_level;
use crate::task::Task;

const BEFORE: [f64; 5] = [120.0, 80.0, 150.0, 90.0, 60.0];
const NOW: [f64; 5] = [90.0, 70.0, 160.0, 120.0, 80.0];

fn near(value: f64, expected: f64) {
    assert!((value - expected).abs() <= 1e-12 + 1e-9 * expected.abs(), "{value} in place of {expected}");
}

// By numpy and scipy 1.16: sum((q - p) * log(q / p)), chi2_contingency(correction=False), mannwhitneyu(use_continuity=
// False, method="asymptotic"), special.kolmogorov(sqrt(n * m / (n + m)) * ks_2samp.statistic), hypergeom.
#[test]
fn statistics_are_those_of_scipy() {
    near(psi(&BEFORE, &NOW), 0.047_480_991_877_681_41);
    near(psi_by_chance(&BEFORE, &NOW), 0.015_692_307_692_307_693);
    let of = chi_squared(&BEFORE, &NOW).unwrap();
    near(of.statistic, 12.030_287_132_222_616);
    near(of.p, 0.017_127_457_744_977_68);
    assert_eq!(of.freedom, 4.0);
    let found = ranks(&BEFORE, &NOW);
    near(found.above, 0.56);
    near(found.p.unwrap(), 0.000_661_029_448_645_653_4);
    near(p_of_ks(0.092_307_692_307_692_31, 500.0, 520.0), 0.025_971_735_926_390_863);
    for (x, p) in [(0.3, 0.999_990_694_198_665_5), (0.9, 0.392_730_707_940_654_3), (1.1, 0.177_718_192_606_401_2)] {
        near(p_of_ks(x, 2.0, 2.0), p);
    }
    near(p_of_ks(2.0, 2.0, 2.0), 0.000_670_925_255_779_695_3);
    near(p_of_level(1, 500, 1, 50_500), 0.009_900_990_099_009_901);
    near(p_of_level(30, 500, 60, 1500), 0.006_859_721_434_166_527);
}

#[test]
fn small_cells_are_put_together() {
    let with = |counts: [f64; 5], rest: [f64; 2]| [&counts[..], &rest].concat();
    let of = chi_squared(&with(BEFORE, [2.0, 1.0]), &with(NOW, [3.0, 2.0])).unwrap();
    near(of.statistic, 12.365_792_483_109_589);
    assert_eq!(of.freedom, 4.0);
    assert_eq!(chi_squared(&[3.0, 1.0], &[2.0, 1.0]), None);
    assert_eq!(chi_squared(&BEFORE, &BEFORE).unwrap().p, 1.0);
    assert!(psi(&[100.0, 0.0], &[100.0, 0.0]).abs() < 1e-12 && psi(&[100.0, 0.0], &[90.0, 10.0]).is_finite());
}

#[test]
fn holm_is_as_by_hand() {
    for (found, expected) in holm(&[0.01, 0.04, 0.03, 0.005]).into_iter().zip([0.03, 0.06, 0.06, 0.02]) {
        near(found, expected);
    }
    assert_eq!(holm(&[]), [0.0; 0]);
}

fn grid(values: &[f64], counted: bool) -> Grid {
    let Distribution::Numbers { quantiles, counts, .. } = Distribution::of_numbers(values.iter().copied()) else {
        panic!("no numbers")
    };
    Grid::new(&quantiles, if counted { &counts } else { &[] }, values.len())
}

fn counted(grid: &Grid, values: &[f64]) -> Vec<f64> {
    let mut counts = vec![0.0; grid.len()];
    values.iter().for_each(|&value| counts[grid.cell(value)] += 1.0);
    counts
}

/// Of a thousand values the cells are narrow enough: scipy's `ks_2samp` and medians.
#[test]
fn the_cells_give_what_the_values_give() {
    let round = |value: f64| (value * 1000.0).round() / 1000.0;
    let before: Vec<f64> = (1..=1000).map(|of| round(f64::from(of).powf(1.3))).collect();
    let now: Vec<f64> = (1..=400).map(|of| round(f64::from(of).powf(1.35) + 20.0)).collect();
    for known in [true, false] {
        let grid = grid(&before, known);
        let counts = counted(&grid, &now);
        // Where the counts are not known, the smallest distance that they allow.
        let least = if known { 0.483 } else { 0.474 };
        assert!((least..=0.494).contains(&grid.ks(&counts)), "{}", grid.ks(&counts));
        let medians = [grid.median(&grid.before()), grid.median(&counts)];
        assert!((medians[0] / 3230.17 - 1.0).abs() < 0.015 && (medians[1] / 1301.9 - 1.0).abs() < 0.015, "{medians:?}");
    }
    assert!(grid(&before, true).is_exact() && !grid(&before, false).is_exact());
}

/// Where a model of the first files holds no counts, ties must not look like drift.
#[test]
fn what_is_not_known_does_not_alarm() {
    let ages = |n: u32| -> Vec<f64> { (0..n).map(|of| f64::from(18 + of % 60)).collect() };
    let grid = grid(&ages(6000), false);
    assert_eq!(grid.ks(&counted(&grid, &ages(60_000))), 0.0);
}

#[test]
fn bins_hold_a_tenth_each() {
    let values: Vec<f64> = (0..1000).map(f64::from).collect();
    let of = grid(&values, true);
    let (before, now) = of.in_bins(&counted(&of, &values));
    assert_eq!(before, now);
    assert_eq!(before.len(), 10);
    assert!(before.iter().all(|count| (90.0..=110.0).contains(count)), "{before:?}");
}

/// p-values of samples of one population are spread evenly, or to the safe side.
#[test]
fn p_values_are_not_too_small() {
    let mut rng = Task::new(11).stream(&["p"]);
    let mut normal = move || (0..12).map(|_| rng.r#gen::<f64>()).sum::<f64>() - 6.0;
    let mut draw = |n: usize| -> Vec<f64> { (0..n).map(|_| normal()).collect() };
    let (mut ks, mut rank) = (0, 0);
    for _ in 0..400 {
        let of = grid(&draw(300), true);
        let counts = counted(&of, &draw(200));
        ks += usize::from(p_of_ks(of.ks(&counts), 300.0, 200.0) <= 0.05);
        rank += usize::from(ranks(&of.before(), &counts).p.unwrap() <= 0.05);
    }
    assert!(ks <= 30 && (8..=34).contains(&rank), "{ks} and {rank} of 400 below .05");
}

#[test]
fn a_hostile_baseline_breaks_nothing() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kept/model-v1.json");
    let mut model = Model::read(std::path::Path::new(file)).unwrap();
    let distribution =
        Distribution::Numbers { mean: 0.0, sd: 0.0, quantiles: vec![f64::NAN, -1.0, 5.0, 2.0], counts: vec![7] };
    let of = |rows| Baseline { column: "x".into(), rows, missing: 9, gaps: None, distribution: distribution.clone() };
    model.baseline = vec![of(0), of(3)];
    model.distances = Some(Distribution::Numbers { mean: 0.0, sd: 0.0, quantiles: Vec::new(), counts: Vec::new() });
    let yardstick = super::Yardstick::of(&model);
    let drift = super::drift(&yardstick, &yardstick.empty());
    assert!(!drift.drifted && drift.sentence().starts_with("Of 0 rows nothing can be said"), "{drift:?}");
}
