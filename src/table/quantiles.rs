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
    // What is left of equal numbers is rounding.
    if second <= n * (4.0 * f64::EPSILON * mean).powi(2) {
        return 0.0;
    }
    n * (n - 1.0).sqrt() / (n - 2.0) * third / second.powf(1.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_numpys() {
        let sorted = [0.5, 1.0, 2.0, 2.0, 3.0, 4.0, 4.5, 7.0, 40.0];
        assert_eq!([0.0, 0.25, 0.5, 0.75, 1.0].map(|p| quantile(&sorted, p)), [0.5, 2.0, 3.0, 4.5, 40.0]);
        assert_eq!(quantile(&[1.0, 2.0], 0.5), 1.5);
        assert!(quantile(&[], 0.5).is_nan());
        assert_eq!(fences(&sorted), (-1.75, 8.25));
    }

    #[test]
    fn skewness_is_pandas() {
        let values = [1.0, 2.0, 2.0, 3.0, 4.0, 4.5, 7.0, 40.0, 0.5];
        assert!((skewness(&values) - 2.858_667_579_267_758_7).abs() < 1e-12);
        assert_eq!(skewness(&[0.1; 7]), 0.0);
        assert!(skewness(&[1.0, 2.0]).is_nan());
    }
}
