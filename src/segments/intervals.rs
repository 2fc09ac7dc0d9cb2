//! Intervals of 95 %: of a rate, of a mean, of the difference of two rates.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// The standard normal quantile of 97.5 %.
pub const Z: f64 = 1.959_963_984_540_054;

/// Of a rate, `hits` of `n` (Wilson 1927, without correction for continuity); [0, 1] without rows.
pub fn of_rate(hits: f64, n: f64) -> (f64, f64) {
    if n <= 0.0 {
        return (0.0, 1.0);
    }
    let (rate, z2) = (hits / n, Z * Z);
    let middle = (rate + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (rate * (1.0 - rate) / n + z2 / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

/// Of a mean of `n` values whose standard deviation is `sd` (ddof 0), by Student's t; `None` for fewer than two.
pub fn of_mean(mean: f64, sd: f64, n: usize) -> Option<(f64, f64)> {
    let freedom = n.checked_sub(1).filter(|&freedom| freedom > 0)? as f64;
    let half = StudentsT::new(0.0, 1.0, freedom).ok()?.inverse_cdf(0.975) * sd / freedom.sqrt();
    Some((mean - half, mean + half))
}

/// Of the first rate less the second one, each as (hits, n) (Newcombe 1998, his method 10).
pub fn of_difference(first: (f64, f64), second: (f64, f64)) -> (f64, f64) {
    let rate = |(hits, n): (f64, f64)| if n > 0.0 { hits / n } else { 0.5 };
    let (one, other) = (rate(first), rate(second));
    let (low, high) = of_rate(first.0, first.1);
    let (least, most) = of_rate(second.0, second.1);
    let difference = one - other;
    (difference - (one - low).hypot(most - other), difference + (high - one).hypot(other - least))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn close(found: (f64, f64), known: (f64, f64)) {
        assert!((found.0 - known.0).abs() < 1e-9 && (found.1 - known.1).abs() < 1e-9, "{found:?} is not {known:?}");
    }

    #[test]
    fn the_interval_of_a_rate_is_wilsons() {
        close(of_rate(334.0, 2240.0), (0.13495762983966525, 0.16445811371906055));
        close(of_rate(0.0, 23.0), (0.0, 0.14311661845042684));
        close(of_rate(7.0, 7.0), (0.6456695649333126, 1.0));
        close(of_rate(1.0, 2.0), (0.09453120573423074, 0.9054687942657693));
        assert_eq!(of_rate(0.0, 0.0), (0.0, 1.0));
    }

    #[test]
    fn the_interval_of_a_mean_is_students() {
        close(of_mean(3.875, 2.8804296554507283, 4).unwrap(), (-1.4174617883960439, 9.167461788396043));
        close(of_mean(10.25, 0.25, 2).unwrap(), (7.0734488159563265, 13.426551184043674));
        assert_eq!(of_mean(3.0, 0.0, 1), None);
    }

    #[test]
    fn the_interval_of_a_difference_is_newcombes() {
        close(of_difference((56.0, 70.0), (48.0, 80.0)), (0.052431472402364815, 0.3338726540369059));
        close(of_difference((5.0, 56.0), (0.0, 29.0)), (-0.03813714790353688, 0.1925600138551116));
        close(of_difference((10.0, 10.0), (0.0, 10.0)), (0.6075093504305242, 1.0));
    }
}
