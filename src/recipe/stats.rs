//! Plain statistics over the values that are there (NaN: missing).

/// The values that are not missing, ascending.
pub(crate) fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.filter(|value| !value.is_nan()).collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

/// The quantile by linear interpolation (R's type 7, numpy's default); NaN where there are no values.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = share * last as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
}

/// The mean and the standard deviation (ddof 0), in two passes; NaN where there are no values.
pub(crate) fn mean_sd(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let present = || values.clone().filter(|value| !value.is_nan());
    let count = present().count() as f64;
    let mean = present().sum::<f64>() / count;
    let squares: f64 = present().map(|value| (value - mean) * (value - mean)).sum();
    (mean, (squares / count).sqrt())
}

/// The most frequent value, ties by first appearance.
pub(super) fn mode(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut counts: std::collections::HashMap<u64, (usize, usize, f64)> = std::collections::HashMap::new();
    for (row, value) in values.enumerate().filter(|(_, value)| !value.is_nan()) {
        let entry = counts.entry((value + 0.0).to_bits()).or_insert((0, row, value));
        entry.0 += 1;
    }
    counts.into_values().max_by_key(|&(count, first, _)| (count, std::cmp::Reverse(first))).map(|(_, _, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_interpolate_as_numpy_does() {
        let values = sorted([4.0, 1.0, f64::NAN, 2.0, 3.0].into_iter());
        assert_eq!(quantile(&values, 0.25), 1.75);
        assert_eq!(quantile(&values, 0.5), 2.5);
        assert_eq!(quantile(&values, 1.0), 4.0);
        assert!(quantile(&[], 0.5).is_nan());
    }

    #[test]
    fn mean_and_deviation_leave_the_missing_out() {
        assert_eq!(mean_sd([1.0, f64::NAN, 3.0].into_iter()), (2.0, 1.0));
    }

    #[test]
    fn the_mode_prefers_the_first_of_equals() {
        assert_eq!(mode([3.0, 1.0, 1.0, 3.0, f64::NAN].into_iter()), Some(3.0));
        assert_eq!(mode([f64::NAN].into_iter()), None);
    }
}
