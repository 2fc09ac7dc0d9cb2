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

/// The median of the distances from the median (MAD); NaN where there are none.
pub fn median_deviation(sorted: &[f64]) -> f64 {
    let median = quantile(sorted, 0.5);
    let mut distances: Vec<f64> = sorted.iter().map(|value| (value - median).abs()).collect();
    distances.sort_unstable_by(f64::total_cmp);
    quantile(&distances, 0.5)
}

/// Iglewicz and Hoaglin's bounds (1993): a modified z-score, 0.6745 (x − median) / MAD, of at most 3.5. Where half
/// of the values are equal there are none.
pub fn median_bounds(sorted: &[f64]) -> Option<(f64, f64)> {
    let (median, deviation) = (quantile(sorted, 0.5), median_deviation(sorted));
    let reach = 3.5 * deviation / 0.6745;
    (deviation > 0.0).then_some((median - reach, median + reach))
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
        // scipy.stats.median_abs_deviation
        assert_eq!(median_deviation(&sorted), 1.5);
        let (low, high) = median_bounds(&sorted).unwrap_or_default();
        assert!((low + 4.783_543_365_455_894).abs() < 1e-9 && (high - 10.783_543_365_455_894).abs() < 1e-9);
        assert_eq!(median_bounds(&[1.0, 1.0, 1.0, 2.0]), None);
    }

    #[test]
    fn skewness_is_pandas() {
        let values = [1.0, 2.0, 2.0, 3.0, 4.0, 4.5, 7.0, 40.0, 0.5];
        assert!((skewness(&values) - 2.858_667_579_267_758_7).abs() < 1e-12);
        assert_eq!(skewness(&[0.1; 7]), 0.0);
        assert!(skewness(&[1.0, 2.0]).is_nan());
    }
}
