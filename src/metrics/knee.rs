//! The knee of a falling convex curve (kneedle: Satopää, Albrecht, Irwin, Raghavan 2011, S = 1, offline).

/// Where a curve bends, and how much.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Knee {
    /// The position in the curve.
    pub at: usize,
    /// The height over the diagonal of the unit square, in [0, 1].
    pub strength: f64,
}

/// The knee of the falling convex curve `ys` over ascending `xs`; `None` where the curve has none.
/// The answer depends on the range of `xs`: say it beside the knee.
pub fn knee(xs: &[f64], ys: &[f64]) -> Option<Knee> {
    let heights = heights(xs, ys)?;
    let last = heights.len() - 1;
    let is_peak = |i: usize| heights[i] >= heights[i.saturating_sub(1)] && heights[i] >= heights[(i + 1).min(last)];
    let is_valley = |i: usize| heights[i] <= heights[i.saturating_sub(1)] && heights[i] <= heights[(i + 1).min(last)];
    let (mut peak, mut threshold) = (None, 0.0);
    for i in 0..last {
        if is_peak(i) {
            (peak, threshold) = (Some(i), heights[i] - 1.0 / last as f64);
        } else if is_valley(i) {
            threshold = 0.0;
        }
        if let Some(at) = peak.filter(|_| heights[i + 1] < threshold) {
            return Some(Knee { at, strength: heights[at] });
        }
    }
    None
}

/// The heights of the turned and normalised curve over the diagonal.
fn heights(xs: &[f64], ys: &[f64]) -> Option<Vec<f64>> {
    let (&first, &last) = (xs.first()?, xs.last()?);
    let top = ys.iter().copied().reduce(f64::max)?;
    let bottom = ys.iter().copied().reduce(f64::min)?;
    if xs.len() < 3 || last <= first || top <= bottom {
        return None;
    }
    let height = |(x, y): (&f64, &f64)| (top - y) / (top - bottom) - (x - first) / (last - first);
    Some(xs.iter().zip(ys).map(height).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_of_five_groups_bends_at_five() {
        let xs: Vec<f64> = (1..=10).map(f64::from).collect();
        let ys = [400.0, 269.0, 157.7, 108.9, 65.6, 55.1, 44.9, 37.1, 32.3, 29.0];
        let knee = knee(&xs, &ys).unwrap();
        assert_eq!(xs[knee.at], 5.0);
        assert!((knee.strength - (334.4 / 371.0 - 4.0 / 9.0)).abs() < 1e-12);
    }

    #[test]
    fn a_straight_or_constant_curve_has_none() {
        assert_eq!(knee(&[1.0, 2.0, 3.0, 4.0], &[4.0, 3.0, 2.0, 1.0]), None);
        assert_eq!(knee(&[1.0, 2.0, 3.0], &[1.0, 1.0, 1.0]), None);
        assert_eq!(knee(&[1.0, 2.0], &[2.0, 1.0]), None);
    }
}
