//! Bending the distribution of a number: Yeo and Johnson's power, quantiles.

use serde::{Deserialize, Serialize};
use statrs::function::erf::erfc_inv;

use super::Transformation;
use super::stats::{mean_sd, quantile, sorted};

/// Quantiles that are kept at most, as scikit-learn's QuantileTransformer keeps.
const QUANTILES: usize = 1000;
/// Nearer to the ends than this no normal quantile is taken (scikit-learn's bound).
const EDGE: f64 = 1e-7;
/// Powers are sought between −`POWERS` and `POWERS`.
const POWERS: i32 = 8;

/// A fitted bend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bend {
    /// Yeo and Johnson's transformation with this power.
    YeoJohnson(f64),
    /// The place among these quantiles, evenly spaced from the least to the greatest.
    Quantile(Vec<f64>),
    /// The same as a quantile of the standard normal distribution.
    QuantileNormal(Vec<f64>),
}

impl Bend {
    /// Fits a transformation to values without gaps.
    pub fn fit(how: Transformation, values: &[f64]) -> Self {
        match how {
            Transformation::YeoJohnson => Self::YeoJohnson(best_power(values)),
            Transformation::Quantile => Self::Quantile(quantiles(values)),
            Transformation::QuantileNormal => Self::QuantileNormal(quantiles(values)),
        }
    }

    /// The bent value.
    pub fn apply(&self, value: f64) -> f64 {
        match self {
            Self::YeoJohnson(power) => yeo_johnson(value, *power),
            Self::Quantile(quantiles) => place(value, quantiles),
            Self::QuantileNormal(quantiles) => {
                let (first, last) = (quantiles.first().copied(), quantiles.last().copied());
                let share = match (first, last) {
                    (Some(first), _) if value - EDGE < first => 0.0,
                    (_, Some(last)) if value + EDGE > last => 1.0,
                    _ => place(value, quantiles),
                };
                let edge = EDGE - f64::EPSILON;
                normal_quantile(share.clamp(edge, 1.0 - edge))
            }
        }
    }

    /// What it is, in words.
    pub fn told(&self) -> String {
        match self {
            Self::YeoJohnson(power) => format!("Yeo-Johnson, λ = {}", super::words::rounded(*power, 3)),
            Self::Quantile(_) => "by quantile, 0 to 1".to_owned(),
            Self::QuantileNormal(_) => "by quantile, normal".to_owned(),
        }
    }
}

/// Yeo and Johnson (2000), equation 2.1.
fn yeo_johnson(value: f64, power: f64) -> f64 {
    let bent = |value: f64, power: f64| match power.abs() < f64::EPSILON {
        true => value.ln_1p(),
        false => ((value + 1.0).powf(power) - 1.0) / power,
    };
    if value >= 0.0 { bent(value, power) } else { -bent(-value, 2.0 - power) }
}

/// The power with the greatest likelihood: −n/2 ln σ² + (λ − 1) Σ sign(x) ln(1 + |x|).
fn best_power(values: &[f64]) -> f64 {
    let slope: f64 = values.iter().map(|value| value.abs().ln_1p().copysign(*value)).sum();
    let likelihood = |power: f64| {
        let (_, sd) = mean_sd(values.iter().map(|&value| yeo_johnson(value, power)));
        let found = (power - 1.0) * slope - values.len() as f64 * sd.ln();
        if found.is_finite() { found } else { f64::NEG_INFINITY }
    };
    let grid = (-2 * POWERS..=2 * POWERS).map(|half| f64::from(half) / 2.0);
    let start = grid
        .map(|power| (likelihood(power), power))
        .fold((f64::NEG_INFINITY, 1.0), |best, next| if next.0 > best.0 { next } else { best });
    golden(start.1 - 0.5, start.1 + 0.5, likelihood)
}

/// The place of the greatest value between two places, by golden sections.
fn golden(mut low: f64, mut high: f64, value: impl Fn(f64) -> f64) -> f64 {
    let part = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut a, mut b) = (high - part * (high - low), low + part * (high - low));
    let (mut at_a, mut at_b) = (value(a), value(b));
    while high - low > 1e-10 {
        if at_a >= at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - part * (high - low);
            at_a = value(a);
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + part * (high - low);
            at_b = value(b);
        }
    }
    f64::midpoint(low, high)
}

fn quantiles(values: &[f64]) -> Vec<f64> {
    let ordered = sorted(values.iter().copied());
    let count = QUANTILES.min(ordered.len()).max(1);
    (0..count).map(|place| quantile(&ordered, place as f64 / (count - 1).max(1) as f64)).collect()
}

/// The place of a value among quantiles, in [0, 1]; the middle of its places where several are equal to it.
fn place(value: f64, quantiles: &[f64]) -> f64 {
    let last = quantiles.len().saturating_sub(1);
    let unit = last.max(1) as f64;
    let above = quantiles.partition_point(|&quantile| quantile <= value);
    let below = quantiles.partition_point(|&quantile| quantile < value);
    if above > below {
        return (below + above - 1) as f64 / 2.0 / unit;
    }
    match above {
        0 => 0.0,
        above if above > last => 1.0,
        above => {
            let (low, high) = (quantiles[above - 1], quantiles[above]);
            ((above - 1) as f64 + (value - low) / (high - low)) / unit
        }
    }
}

fn normal_quantile(share: f64) -> f64 {
    -std::f64::consts::SQRT_2 * erfc_inv(2.0 * share)
}
