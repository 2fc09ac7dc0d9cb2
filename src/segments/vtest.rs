//! v-tests as `FactoMineR`'s `catdes` takes them: how far a segment stands from everyone, as a normal quantile.
//! The same data made the segments, so these are descriptions, not tests.

use statrs::function::erf::erfc_inv;
use statrs::function::gamma::ln_gamma;

/// (mean_c − mean) / (sd · √((N − n_c) / ((N − 1) n_c))), with sd of ddof 0; `None` where it does not exist.
pub(super) fn of_mean(mean: f64, size: usize, all: (f64, f64, usize)) -> Option<f64> {
    let (everyone, sd, rows) = all;
    let (n, total) = (size as f64, rows as f64);
    let deviation = sd * ((total - n) / ((total - 1.0) * n)).sqrt();
    (deviation > 0.0).then(|| (mean - everyone) / deviation)
}

/// For a level that `inside` of the `size` customers of a segment have, and `with` of all `rows`: p of
/// [`p_of_level`] as the normal quantile of p/2, positive where the level is more frequent than among everyone.
pub(super) fn of_level(inside: usize, size: usize, with: usize, rows: usize) -> f64 {
    let sign = if inside * rows > with * size { 1.0 } else { -1.0 };
    sign * quantile(ln_p(inside, size, with, rows))
}

/// How often chance alone gives a share as far from that of all `rows`, of which `with` have something, as `inside` of
/// `size` is: with X hypergeometric, p = 2·min(P(X < inside), P(X > inside)) + P(X = inside).
pub fn p_of_level(inside: usize, size: usize, with: usize, rows: usize) -> f64 {
    ln_p(inside, size, with, rows).exp().min(1.0)
}

fn ln_p(inside: usize, size: usize, with: usize, rows: usize) -> f64 {
    if size == rows || with == 0 || with == rows {
        return 0.0;
    }
    let law = Hypergeometric { size, with, rows };
    let tail = law.ln_below(inside).min(law.ln_above(inside));
    ln_add(std::f64::consts::LN_2 + tail, law.ln_pmf(inside))
}

/// How many of `size` rows, drawn from `rows` of which `with` have the level, have it.
struct Hypergeometric {
    size: usize,
    with: usize,
    rows: usize,
}

impl Hypergeometric {
    fn least(&self) -> usize {
        (self.size + self.with).saturating_sub(self.rows)
    }

    fn most(&self) -> usize {
        self.size.min(self.with)
    }

    fn ln_pmf(&self, x: usize) -> f64 {
        ln_choose(self.with, x) + ln_choose(self.rows - self.with, self.size - x) - ln_choose(self.rows, self.size)
    }

    /// ln P(X < x): the terms from x − 1 down, each by its ratio to the one above.
    fn ln_below(&self, x: usize) -> f64 {
        if x <= self.least() {
            return f64::NEG_INFINITY;
        }
        let ratio = |x: usize| {
            let ways = x as f64 * (self.rows + x - self.with - self.size) as f64;
            ways / ((self.with - x + 1) as f64 * (self.size - x + 1) as f64)
        };
        self.ln_pmf(x - 1) + ln_series((self.least() + 1..x).rev().map(ratio))
    }

    /// ln P(X > x), likewise upwards.
    fn ln_above(&self, x: usize) -> f64 {
        if x >= self.most() {
            return f64::NEG_INFINITY;
        }
        let ratio = |x: usize| {
            let ways = (self.with - x) as f64 * (self.size - x) as f64;
            ways / ((x + 1) as f64 * (self.rows + x + 1 - self.with - self.size) as f64)
        };
        self.ln_pmf(x + 1) + ln_series((x + 1..self.most()).map(ratio))
    }
}

/// ln(1 + r₁ + r₁r₂ + …). Beside the mode the terms may grow first, so the sum is kept in scale.
fn ln_series(ratios: impl Iterator<Item = f64>) -> f64 {
    let (mut term, mut sum, mut scale) = (1.0_f64, 1.0_f64, 0.0_f64);
    for ratio in ratios {
        term *= ratio;
        sum += term;
        if sum > 1e250 {
            (term, sum, scale) = (term / 1e250, sum / 1e250, scale + 1e250_f64.ln());
        }
        if ratio < 1.0 && term < sum * 1e-17 {
            break;
        }
    }
    sum.ln() + scale
}

fn ln_choose(n: usize, k: usize) -> f64 {
    let ln_factorial = |n: usize| ln_gamma(n as f64 + 1.0);
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}

/// ln(eᵃ + eᵇ).
fn ln_add(a: f64, b: f64) -> f64 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    if low == f64::NEG_INFINITY { high } else { high + (low - high).exp().ln_1p() }
}

/// The v ≥ 0 beyond which both tails of the normal distribution together hold e^`ln_p`. Far out, where p
/// has no f64 any more, from ln Q(v) = −v²/2 − ln v − ln √2π + ln(1 − v⁻² + 3v⁻⁴).
fn quantile(ln_p: f64) -> f64 {
    if ln_p >= 0.0 {
        return 0.0;
    }
    if ln_p > -680.0 {
        return std::f64::consts::SQRT_2 * erfc_inv(ln_p.exp());
    }
    let ln_q = ln_p - std::f64::consts::LN_2;
    let ln_root = 0.5 * std::f64::consts::TAU.ln();
    let step = |v: f64| (2.0 * (-ln_q - v.ln() - ln_root + (1.0 - v.powi(-2) + 3.0 * v.powi(-4)).ln())).sqrt();
    (0..20).fold((-2.0 * ln_q).sqrt(), |v, _| step(v))
}
