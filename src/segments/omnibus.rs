//! Tests of one column over all segments: F, Kruskal-Wallis, χ². The same data made the segments, so these describe
//! and prove nothing.

use statrs::function::beta::beta_reg;
use statrs::function::gamma::gamma_ur;

use super::columns::eta_squared;
use super::contingency::Contingency;
use super::{Test, TestKind};
use crate::matrix::{Labels, UNASSIGNED};
use crate::plot::number;

/// The one-way analysis of variance, then Kruskal and Wallis, over the assigned rows with a value; none where nothing
/// varies or a segment is all there is.
pub(super) fn of_numbers(values: &[f64], labels: &Labels) -> Vec<Test> {
    analysis_of_variance(values, labels).into_iter().chain(kruskal(values, labels)).collect()
}

/// Pearson's χ² of the cross table of levels and segments, without correction.
pub(super) fn of_levels(codes: &[u32], levels: usize, labels: &Labels) -> Vec<Test> {
    let table = Contingency::new(codes, levels, labels);
    let freedom = table.freedom();
    if freedom == 0 {
        return Vec::new();
    }
    let (statistic, freedom) = (table.chi_squared(), freedom as f64);
    vec![Test { kind: TestKind::ChiSquared, statistic, freedom: vec![freedom], p: chi_tail(statistic, freedom) }]
}

/// F = (η²/(k − 1)) / ((1 − η²)/(n − k)).
fn analysis_of_variance(values: &[f64], labels: &Labels) -> Option<Test> {
    let present = present(values, labels);
    let (between, within) = (groups(&present)?.checked_sub(1)?, present.len().checked_sub(groups(&present)?)?);
    let share = eta_squared(values, labels);
    if between == 0 || within == 0 || share <= 0.0 || share >= 1.0 {
        return None;
    }
    let (a, b) = (between as f64, within as f64);
    let statistic = share / a / ((1.0 - share) / b);
    let p = beta_reg(b / 2.0, a / 2.0, b / (b + a * statistic));
    Some(Test { kind: TestKind::F, statistic, freedom: vec![a, b], p })
}

/// H = (12/(n(n+1)) Σ R²/n_c − 3(n+1)) / (1 − Σ(t³ − t)/(n³ − n)), with mean ranks for ties (Kruskal and Wallis 1952).
fn kruskal(values: &[f64], labels: &Labels) -> Option<Test> {
    let mut present = present(values, labels);
    let freedom = groups(&present)?.checked_sub(1).filter(|freedom| *freedom > 0)?;
    present.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n = present.len() as f64;
    let mut sums = vec![(0.0, 0.0); labels.clusters()];
    let (mut before, mut ties) = (0.0, 0.0);
    for tied in present.chunk_by(|a, b| a.0 == b.0) {
        let count = tied.len() as f64;
        for &(_, segment) in tied {
            sums[segment as usize - 1].0 += before + (count + 1.0) / 2.0;
            sums[segment as usize - 1].1 += 1.0;
        }
        before += count;
        ties += count * count * count - count;
    }
    let correction = 1.0 - ties / (n * n * n - n);
    let squares: f64 = sums.iter().filter(|(_, count)| *count > 0.0).map(|(sum, count)| sum * sum / count).sum();
    let statistic = (12.0 / (n * (n + 1.0)) * squares - 3.0 * (n + 1.0)) / correction;
    let tail = |freedom| chi_tail(statistic, freedom);
    (correction > 0.0).then(|| Test {
        kind: TestKind::Kruskal,
        statistic,
        freedom: vec![freedom as f64],
        p: tail(freedom as f64),
    })
}

impl Test {
    /// `F(4, 195) = 351.7, p < .001`, for reading.
    pub fn words(&self) -> String {
        let name = match self.kind {
            TestKind::F => "F",
            TestKind::Kruskal => "Kruskal-Wallis H",
            TestKind::ChiSquared => "χ²",
        };
        let freedom: Vec<String> = self.freedom.iter().map(f64::to_string).collect();
        let p = if self.p < 0.001 { "p < .001".to_owned() } else { format!("p = {}", number::ratio(self.p, 3)) };
        format!("{name}({}) = {}, {p}", freedom.join(", "), number::short(self.statistic))
    }
}

/// The assigned rows with a value, each with its segment.
fn present(values: &[f64], labels: &Labels) -> Vec<(f64, u32)> {
    let rows = values.iter().zip(labels.as_slice());
    rows.filter(|&(value, &label)| label != UNASSIGNED && !value.is_nan())
        .map(|(&value, &label)| (value, label))
        .collect()
}

/// How many segments have a row; `None` without rows.
fn groups(present: &[(f64, u32)]) -> Option<usize> {
    let most = present.iter().map(|&(_, segment)| segment).max()? as usize;
    let mut seen = vec![false; most];
    present.iter().for_each(|&(_, segment)| seen[segment as usize - 1] = true);
    Some(seen.into_iter().filter(|seen| *seen).count())
}

/// P(X > x) of a χ² variable.
fn chi_tail(x: f64, freedom: f64) -> f64 {
    if x > 0.0 { gamma_ur(freedom / 2.0, x / 2.0) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn labels(raw: &[u32]) -> Labels {
        Labels::from_raw(&raw.iter().map(|&label| (label > 0).then_some(label)).collect::<Vec<_>>())
    }

    fn close(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-9 * expected.abs(), "{value} is not {expected}");
    }

    // scipy 1.17: f_oneway, kruskal.
    #[test]
    fn tests_of_numbers_are_scipys() {
        let found = of_numbers(&[1.0, 2.0, 5.0, 6.0, f64::NAN, 9.0], &labels(&[1, 1, 2, 2, 1, 0]));
        assert_eq!((found[0].kind, &found[0].freedom[..]), (TestKind::F, &[1.0, 2.0][..]));
        close(found[0].statistic, 32.0);
        close(found[0].p, 0.029_857_499_854_668_106);
        let found = of_numbers(&[1.0, 2.0, 2.0, 5.0, 6.0, 2.0, 7.0], &labels(&[1, 1, 1, 2, 2, 2, 2]));
        close(found[1].statistic, 3.365_384_615_384_611_4);
        close(found[1].p, 0.066_580_035_552_924_95);
    }

    #[test]
    fn where_nothing_varies_nothing_is_tested() {
        assert!(of_numbers(&[1.0; 4], &labels(&[1, 1, 2, 2])).is_empty());
        assert!(of_numbers(&[1.0, 2.0], &labels(&[1, 1])).is_empty());
        assert!(of_numbers(&[f64::NAN; 2], &labels(&[1, 2])).is_empty());
        assert!(of_levels(&[0; 4], 1, &labels(&[1, 1, 2, 2])).is_empty());
    }
}
