//! Histograms with edges that can be read.

use super::values::Bin;
use crate::table::Kind;

/// The bins that a histogram has at most, but for one.
const BINS: f64 = 24.0;
/// Widths for dates, in days.
const DAYS: [f64; 11] = [1.0, 2.0, 7.0, 14.0, 30.0, 91.0, 182.0, 365.0, 730.0, 1825.0, 3650.0];
const DAY: f64 = 86_400.0;

/// The histogram of ascending finite numbers: bins of equal width whose edges are multiples of 1, 2 or 5 times
/// a power of ten (of whole days for dates). Whole numbers never share a bin narrower than 1.
pub fn histogram(sorted: &[f64], kind: Kind) -> Vec<Bin> {
    let (Some(&min), Some(&max)) = (sorted.first(), sorted.last()) else { return Vec::new() };
    if min == max {
        return vec![Bin { low: min, high: max, count: sorted.len() }];
    }
    let step = Step::of((max - min) / BINS, kind);
    let first = step.index(min);
    let mut bins = (step.index(max) - first) as usize + 1;
    // A fraction at the last edge closes the bin before it; a whole number has a bin of its own.
    if !step.whole && step.edge(first + bins as f64 - 1.0) == max {
        bins -= 1;
    }
    let edges: Vec<f64> = (0..=bins).map(|bin| step.edge(first + bin as f64)).collect();
    let below = |edge: f64| sorted.partition_point(|&value| value < edge);
    let mut cuts: Vec<usize> = edges.iter().map(|&edge| below(edge)).collect();
    cuts[bins] = sorted.len();
    (0..bins).map(|bin| Bin { low: edges[bin], high: edges[bin + 1], count: cuts[bin + 1] - cuts[bin] }).collect()
}

/// A width as a whole number times, or divided by, another: so that edges carry no rounding.
struct Step {
    times: f64,
    divided_by: f64,
    whole: bool,
}

impl Step {
    /// The smallest nice width that is not below `width`.
    fn of(width: f64, kind: Kind) -> Self {
        let whole = matches!(kind, Kind::Whole | Kind::Year);
        if kind == Kind::Date {
            let days = DAYS.iter().copied().find(|days| days * DAY >= width).unwrap_or((width / DAY).ceil());
            return Self { times: days * DAY, divided_by: 1.0, whole: false };
        }
        let width = if whole { width.max(1.0) } else { width };
        let exponent = width.log10().floor() as i32;
        let scaled = width / 10f64.powi(exponent);
        let digit = [1.0, 2.0, 5.0, 10.0].into_iter().find(|&digit| digit >= scaled * (1.0 - 1e-12)).unwrap_or(10.0);
        if exponent < 0 {
            Self { times: digit, divided_by: 10f64.powi(-exponent), whole }
        } else {
            Self { times: digit * 10f64.powi(exponent), divided_by: 1.0, whole }
        }
    }

    fn edge(&self, index: f64) -> f64 {
        index * self.times / self.divided_by
    }

    /// The bin that a value falls into.
    fn index(&self, value: f64) -> f64 {
        let guess = (value * self.divided_by / self.times).floor();
        if self.edge(guess + 1.0) <= value { guess + 1.0 } else { guess }
    }
}
