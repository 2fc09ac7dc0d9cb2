//! The straight line through points that lies nearest to them (least squares).

use super::number;

/// A straight line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// Its height at 0.
    pub intercept: f64,
    /// How much it rises for one more.
    pub slope: f64,
}

impl Fit {
    /// Through the points that have both values; `None` where they say nothing of a line.
    pub fn through(xs: &[f64], ys: &[f64]) -> Option<Self> {
        let points = || xs.iter().zip(ys).filter(|(x, y)| x.is_finite() && y.is_finite());
        let count = points().count() as f64;
        let (sum_x, sum_y) = points().fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
        let (mean_x, mean_y) = (sum_x / count, sum_y / count);
        let (mut xx, mut xy) = (0.0, 0.0);
        for (x, y) in points() {
            xx += (x - mean_x) * (x - mean_x);
            xy += (x - mean_x) * (y - mean_y);
        }
        let slope = xy / xx;
        (xx > 0.0 && slope.is_finite()).then_some(Self { intercept: mean_y - slope * mean_x, slope })
    }

    /// Its height at `x`.
    pub fn at(&self, x: f64) -> f64 {
        self.intercept + self.slope * x
    }

    /// `spending ≈ 12.5 + .31 × income`.
    pub fn words(&self, y: &str, x: &str) -> String {
        let sign = if self.slope < 0.0 { "−" } else { "+" };
        format!("{y} ≈ {} {sign} {} × {x}", number::short(self.intercept), number::short(self.slope.abs()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_line_is_that_of_least_squares() {
        // Anscombe's first set: y = 3.0001 + 0.5001 x.
        let xs = [10.0, 8.0, 13.0, 9.0, 11.0, 14.0, 6.0, 4.0, 12.0, 7.0, 5.0, f64::NAN];
        let ys = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68, 1.0];
        let fit = Fit::through(&xs, &ys).unwrap();
        assert!((fit.intercept - 3.000_090_9).abs() < 1e-6 && (fit.slope - 0.500_090_9).abs() < 1e-6, "{fit:?}");
        assert!((fit.at(10.0) - 8.001).abs() < 1e-3);
        assert!(Fit::through(&[1.0, 1.0], &[1.0, 2.0]).is_none());
        assert!(Fit::through(&[], &[]).is_none());
    }
}
