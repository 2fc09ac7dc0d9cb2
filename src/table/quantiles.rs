//! Quantiles as everybody computes them.

/// The quantile of ascending numbers by linear interpolation (Hyndman and Fan's type 7); NaN where there are none.
pub fn quantile(sorted: &[f64], probability: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = probability * last as f64;
    let low = place.floor() as usize;
    let share = place - place.floor();
    let next = sorted[(low + 1).min(last)];
    sorted[low] + (next - sorted[low]) * share
}

/// Tukey's fences: 1.5 interquartile ranges below the first and above the third quartile.
pub fn fences(sorted: &[f64]) -> (f64, f64) {
    let (q1, q3) = (quantile(sorted, 0.25), quantile(sorted, 0.75));
    (q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1))
}

/// The skewness, corrected for bias as pandas' is: G1 of Joanes and Gill (1998); NaN below three numbers, 0
/// where they are all equal.
pub fn skewness(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    if values.len() < 3 {
        return f64::NAN;
    }
    let mean = values.iter().sum::<f64>() / n;
    let moment = |power: i32| values.iter().map(|value| (value - mean).powi(power)).sum::<f64>();
    let (second, third) = (moment(2), moment(3));
    if second <= f64::EPSILON * mean.abs().max(f64::MIN_POSITIVE) {
        return 0.0;
    }
    n * (n - 1.0).sqrt() / (n - 2.0) * third / second.powf(1.5)
}
