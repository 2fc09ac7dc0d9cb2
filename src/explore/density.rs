//! The density of a distribution as a smooth line.

use crate::table::quantiles::quantile;

/// Stretches between two points of the line, over the whole range.
const STEPS: usize = 256;
/// Places between two points that values are put on.
const FINE: usize = 4;
/// With fewer distinct values the bars say it all; a smooth line would tell of values that there are not.
const DISTINCT: usize = 12;
/// Farther away than so many bandwidths a value counts for nothing.
const REACH: f64 = 6.0;

/// The Gaussian kernel density of ascending finite numbers at evenly spaced points from `low` to `high` (both are
/// points), in values per unit of their number. The bandwidth is Silverman's rule of thumb (1986, equation 3.31), as R's
/// `bw.nrd0`. Empty where the numbers are few or spread by nothing. Time O(n + points²).
pub(super) fn density(sorted: &[f64], (low, high): (f64, f64), sd: f64) -> Vec<f64> {
    let wide = bandwidth(sorted, sd).max((high - low) / (2 * STEPS) as f64);
    let drawn = has_enough(sorted) && wide > 0.0 && low < high;
    if !drawn {
        return Vec::new();
    }
    let places = spread(sorted, low, high);
    let step = (high - low) / (STEPS * FINE) as f64;
    let reach = ((REACH * wide / step).ceil() as usize).min(places.len());
    let scale = 1.0 / (sorted.len() as f64 * wide * (2.0 * std::f64::consts::PI).sqrt());
    let kernel: Vec<f64> = (0..=reach).map(|far| scale * (-0.5 * (far as f64 * step / wide).powi(2)).exp()).collect();
    let at = |point: usize| {
        let place = point * FINE;
        let (first, last) = (place.saturating_sub(reach), (place + reach).min(places.len() - 1));
        (first..=last).map(|other| kernel[place.abs_diff(other)] * places[other]).sum()
    };
    (0..=STEPS).map(at).collect()
}

fn has_enough(sorted: &[f64]) -> bool {
    1 + sorted.windows(2).filter(|pair| pair[0] < pair[1]).take(DISTINCT).count() >= DISTINCT
}

/// 0.9 · min(sd, iqr / 1.34) · n^(−1/5), the sd alone where the middle half is one value.
fn bandwidth(sorted: &[f64], sd: f64) -> f64 {
    let middle = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.34;
    let spread = if middle > 0.0 { middle.min(sd) } else { sd };
    0.9 * spread * (sorted.len() as f64).powf(-0.2)
}

/// Each value shared between the two places beside it.
fn spread(sorted: &[f64], low: f64, high: f64) -> Vec<f64> {
    let last = STEPS * FINE;
    let mut places = vec![0.0; last + 1];
    for value in sorted {
        let at = ((value - low) / (high - low) * last as f64).clamp(0.0, last as f64);
        let before = (at as usize).min(last - 1);
        let share = at - before as f64;
        places[before] += 1.0 - share;
        places[before + 1] += share;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_that_of_scipy() {
        // scipy.stats.gaussian_kde of these with bw_method = bw.nrd0 / sd(ddof 1), at 0, 12.5, 25, 50, 75 and 100.
        let values: Vec<f64> = (0..40).map(|at| f64::from(at * at) / 16.0).collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let sd = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        let line = density(&values, (0.0, 100.0), sd);
        for (point, known) in [0, 32, 64, 128, 192, 256].into_iter().zip(KNOWN) {
            assert!((line[point] - known).abs() < 2e-4 * KNOWN[0], "{point}: {} {known}", line[point]);
        }
        assert_eq!(line.len(), STEPS + 1);
    }

    const KNOWN: [f64; 6] = [
        0.012_466_930_343_991_047,
        0.014_414_115_753_624_1,
        0.011_328_267_869_056_394,
        0.007_277_448_907_841_022,
        0.005_657_095_555_722_307,
        0.002_251_742_961_532_315,
    ];

    #[test]
    fn few_values_have_no_line() {
        assert!(density(&[0.0, 0.0, 1.0, 1.0, 2.0], (0.0, 3.0), 0.8).is_empty());
        assert!(density(&[5.0; 40], (5.0, 5.0), 0.0).is_empty());
        assert!(density(&[], (0.0, 1.0), f64::NAN).is_empty());
    }
}
