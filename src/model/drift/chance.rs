//! How far two samples that were counted in the same cells differ, and how often chance alone gives as much.

use statrs::function::erf::erfc;
use statrs::function::gamma::gamma_ur;

/// Below so many rows that are expected in a cell Pearson's χ² is no χ² yet: such cells are put together.
const LEAST_EXPECTED: f64 = 5.0;
/// Below so many rows that are not tied the sum of the ranks is not normal yet.
const LEAST_RANKED: f64 = 30.0;

/// Σ (q − p) ln(q / p) over the shares p of `before` and q of `now`; an empty cell counts half a row.
pub fn psi(before: &[f64], now: &[f64]) -> f64 {
    let sum = |counts: &[f64]| counts.iter().map(|&count| count.max(0.5)).sum::<f64>();
    let (all_before, all_now) = (sum(before), sum(now));
    let cells = before.iter().zip(now).filter(|(p, q)| **p + **q > 0.0);
    cells
        .map(|(p, q)| {
            let (p, q) = (p.max(0.5) / all_before, q.max(0.5) / all_now);
            (q - p) * (q / p).ln()
        })
        .sum()
}

/// What [`psi`] is on average where nothing moved: (cells − 1)(1/n + 1/m) (Yurdakul and Naranjo 2020).
pub fn psi_by_chance(before: &[f64], now: &[f64]) -> f64 {
    let cells = before.iter().zip(now).filter(|(p, q)| **p + **q > 0.0).count();
    let (n, m): (f64, f64) = (before.iter().sum(), now.iter().sum());
    cells.saturating_sub(1) as f64 * (1.0 / n + 1.0 / m)
}

/// P(K > x) of Kolmogorov's distribution.
fn kolmogorov(x: f64) -> f64 {
    if x < 0.2 {
        return 1.0;
    }
    let tail = if x < 1.18 {
        let base = -(std::f64::consts::PI * std::f64::consts::PI) / (8.0 * x * x);
        let terms = (0..8).map(|k| (base * f64::from(2 * k + 1).powi(2)).exp());
        1.0 - (std::f64::consts::TAU).sqrt() / x * terms.sum::<f64>()
    } else {
        let term = |k: i32| (-2.0 * f64::from(k * k) * x * x).exp() * if k % 2 == 1 { 2.0 } else { -2.0 };
        (1..9).map(term).sum()
    };
    tail.clamp(0.0, 1.0)
}

/// How often chance gives a distance of `ks` between the distribution functions of samples of `n` and `m`: Kolmogorov's
/// limit, which is an upper bound with ties and where the functions are compared in some places only.
pub fn p_of_ks(ks: f64, n: f64, m: f64) -> f64 {
    kolmogorov((n * m / (n + m)).sqrt() * ks)
}

/// What the ranks say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranks {
    /// How often a row of `now` lies above one of `before`, ties as halves.
    pub above: f64,
    /// How often chance alone gives as much; `None` where too much is tied to say.
    pub p: Option<f64>,
}

/// Mann and Whitney's test of two samples in ascending cells, corrected for ties (all of a cell are one).
pub fn ranks(before: &[f64], now: &[f64]) -> Ranks {
    let (n, m): (f64, f64) = (before.iter().sum(), now.iter().sum());
    let all = n + m;
    let (mut wins, mut below, mut ties) = (0.0, 0.0, 0.0);
    for (&old, &new) in before.iter().zip(now) {
        wins += new * (below + old / 2.0);
        below += old;
        ties += (old + new).powi(3) - (old + new);
    }
    let untied = 1.0 - ties / (all.powi(3) - all);
    let sd = (n * m / 12.0 * (all + 1.0) * untied).sqrt();
    let p = (n.min(m) * untied >= LEAST_RANKED).then(|| two_sided((wins - n * m / 2.0) / sd));
    Ranks { above: wins / (n * m), p }
}

/// How often a normal variable is as far from 0.
fn two_sided(z: f64) -> f64 {
    erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// A χ² test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquared {
    /// Pearson's statistic.
    pub statistic: f64,
    /// Its degrees of freedom.
    pub freedom: f64,
    /// How often chance alone gives as much.
    pub p: f64,
}

/// Pearson's χ² of two samples in the same cells; cells that too few rows are expected in are put together. `None`
/// where one cell is left.
pub fn chi_squared(before: &[f64], now: &[f64]) -> Option<ChiSquared> {
    let (n, m): (f64, f64) = (before.iter().sum(), now.iter().sum());
    let cells = put_together(before, now, n.min(m) / (n + m));
    let freedom = cells.len().checked_sub(1).filter(|freedom| *freedom > 0)? as f64;
    let off = |count: f64, share: f64, both: f64| (count - both * share).powi(2) / (both * share);
    let cell = |&(old, new): &(f64, f64)| off(old, n / (n + m), old + new) + off(new, m / (n + m), old + new);
    let statistic: f64 = cells.iter().map(cell).sum();
    // The function takes no 0.
    let p = if statistic > 0.0 { gamma_ur(freedom / 2.0, statistic / 2.0) } else { 1.0 };
    Some(ChiSquared { statistic, freedom, p })
}

/// The cells that are large enough in the smaller sample, the others as one, or with the smallest where they are not.
fn put_together(before: &[f64], now: &[f64], smaller: f64) -> Vec<(f64, f64)> {
    let large = |cell: &(f64, f64)| (cell.0 + cell.1) * smaller >= LEAST_EXPECTED;
    let (mut cells, small): (Vec<_>, Vec<_>) = before.iter().copied().zip(now.iter().copied()).partition(large);
    let rest = small.iter().fold((0.0, 0.0), |sum, cell| (sum.0 + cell.0, sum.1 + cell.1));
    if large(&rest) {
        cells.push(rest);
    } else if let Some(least) = cells.iter_mut().min_by(|a, b| (a.0 + a.1).total_cmp(&(b.0 + b.1))) {
        *least = (least.0 + rest.0, least.1 + rest.1);
    }
    cells
}

/// Holm's correction of many p-values for each other (1979): that any of them is at most α by chance alone happens at
/// most so often.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut corrected = vec![1.0; p.len()];
    let mut least = 0.0_f64;
    for (rank, place) in order.into_iter().enumerate() {
        least = least.max(p[place] * (p.len() - rank) as f64).min(1.0);
        corrected[place] = least;
    }
    corrected
}
