//! The unimodal distribution nearest to a column.

/// Columns of at most this many values keep their distribution as it is.
const FEW: usize = 10;
/// Modes that are tried.
const MODES: usize = 50;

/// The distribution of one column without groups.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Marginal {
    /// The values themselves, ascending.
    Observed(Vec<f64>),
    /// A piecewise linear distribution function: (value, share below), ascending.
    Unimodal(Vec<(f64, f64)>),
}

impl Marginal {
    /// Few-valued columns keep their values; the others get the unimodal distribution function that is nearest to
    /// theirs: convex up to the mode, concave from there on.
    pub(super) fn of(column: &[f64]) -> Self {
        let mut values = column.to_vec();
        values.sort_by(f64::total_cmp);
        let steps = steps(&values);
        if steps.len() <= FEW {
            return Self::Observed(values);
        }
        let modes = (0..steps.len()).step_by(steps.len().div_ceil(MODES));
        let fits = modes.map(|mode| around(&steps, mode)).map(|fit| (distance(&fit, &steps), fit));
        let best = fits.reduce(|best, next| if next.0 < best.0 { next } else { best });
        best.map_or(Self::Observed(values), |(_, fit)| Self::Unimodal(fit))
    }

    /// The value that the share `u` of the customers is below.
    pub(super) fn quantile(&self, u: f64) -> f64 {
        match self {
            Self::Observed(values) => values[((u * values.len() as f64) as usize).min(values.len() - 1)],
            Self::Unimodal(points) => {
                let after = points.partition_point(|&(_, share)| share < u).clamp(1, points.len() - 1);
                let ((x0, p0), (x1, p1)) = (points[after - 1], points[after]);
                if p1 > p0 { x0 + (x1 - x0) * ((u - p0) / (p1 - p0)).clamp(0.0, 1.0) } else { x1 }
            }
        }
    }
}

/// The distinct values and the share of the rows below each (half of those at it), from 0 to 1.
fn steps(ascending: &[f64]) -> Vec<(f64, f64)> {
    let n = ascending.len() as f64;
    let mut below = 0.0;
    let mut steps: Vec<(f64, f64)> = Vec::new();
    for alike in ascending.chunk_by(|a, b| a == b) {
        steps.push((alike[0], (below + alike.len() as f64 / 2.0) / n));
        below += alike.len() as f64;
    }
    if let [(_, first), .., (_, last)] = steps.as_mut_slice() {
        (*first, *last) = (0.0, 1.0);
    }
    steps
}

/// The greatest convex function below the steps up to the mode, and the least concave above them from there on.
fn around(steps: &[(f64, f64)], mode: usize) -> Vec<(f64, f64)> {
    let mut fit = hull(&steps[..=mode], |turn| turn <= 0.0);
    fit.extend(hull(&steps[mode..], |turn| turn >= 0.0).into_iter().skip(1));
    fit
}

/// The points that stay when each in the middle of a turn to be dropped is taken out.
fn hull(points: &[(f64, f64)], is_dropped: impl Fn(f64) -> bool) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for &point in points {
        while let [.., a, b] = kept[..]
            && is_dropped((b.0 - a.0) * (point.1 - a.1) - (b.1 - a.1) * (point.0 - a.0))
        {
            kept.pop();
        }
        kept.push(point);
    }
    kept
}

/// The largest difference between a fit and the steps.
fn distance(fit: &[(f64, f64)], steps: &[(f64, f64)]) -> f64 {
    let mut after = 1;
    let mut largest = 0.0f64;
    for &(x, share) in steps {
        while after + 1 < fit.len() && fit[after].0 < x {
            after += 1;
        }
        let ((x0, p0), (x1, p1)) = (fit[after - 1], fit[after]);
        largest = largest.max((p0 + (p1 - p0) * (x - x0) / (x1 - x0) - share).abs());
    }
    largest
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]
    use super::*;

    #[test]
    fn few_values_keep_their_shares() {
        let column: Vec<f64> = (0..100).map(|row| f64::from(u8::from(row % 4 == 0))).collect();
        let marginal = Marginal::of(&column);
        assert_eq!([0.1, 0.7, 0.8].map(|u| marginal.quantile(u)), [0.0, 0.0, 1.0]);
    }

    #[test]
    fn even_values_stay_as_they_are() {
        let column: Vec<f64> = (0..1000).map(f64::from).collect();
        let marginal = Marginal::of(&column);
        for u in [0.1, 0.5, 0.9] {
            assert!((marginal.quantile(u) - 999.0 * u).abs() < 2.0);
        }
    }

    #[test]
    fn a_valley_between_two_modes_is_filled() {
        let column: Vec<f64> = (0..1000).map(|row| f64::from(row % 500) / 500.0 + if row < 500 { 0.0 } else { 9.0 }).collect();
        let Marginal::Unimodal(points) = Marginal::of(&column) else { panic!("many values") };
        assert!(points.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1));
        let share_in_valley = points.windows(2).filter(|pair| pair[0].0 <= 1.1 && pair[1].0 >= 8.9).count();
        assert!(share_in_valley <= 1);
        let marginal = Marginal::of(&column);
        let inside = (1..1000).map(|step| marginal.quantile(f64::from(step) / 1000.0)).filter(|x| (1.5..8.5).contains(x));
        assert!(inside.count() > 250);
    }

    #[test]
    fn a_long_tail_stays_long() {
        let column: Vec<f64> = (1..1000).map(|rank| -(f64::from(rank) / 1000.0).ln()).collect();
        let marginal = Marginal::of(&column);
        for u in [0.25, 0.5, 0.75, 0.95] {
            assert!((marginal.quantile(u) + (1.0 - u).ln()).abs() < 0.02);
        }
    }
}
