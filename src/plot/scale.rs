//! Scales from values to cells, and nice ticks as d3 chooses them.

/// A scale from an interval of values onto `cells` cells, linear or in the logarithm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
    cells: usize,
    log: bool,
}

impl Scale {
    /// A linear scale; an empty interval is widened by a half on both sides.
    pub fn linear(low: f64, high: f64, cells: usize) -> Self {
        let (low, high) = if low < high { (low, high) } else { (low - 0.5, high + 0.5) };
        Self { low, high, cells, log: false }
    }

    /// A logarithmic scale, `None` unless 0 < low < high.
    pub fn log(low: f64, high: f64, cells: usize) -> Option<Self> {
        (low > 0.0 && low < high).then_some(Self { low, high, cells, log: true })
    }

    /// The values at both ends.
    pub fn domain(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// The number of cells.
    pub fn cells(&self) -> usize {
        self.cells
    }

    /// The position in [0, cells] of a value within the domain.
    pub fn position(&self, value: f64) -> f64 {
        let (low, high, value) =
            if self.log { (self.low.ln(), self.high.ln(), value.ln()) } else { (self.low, self.high, value) };
        (value - low) / (high - low) * self.cells as f64
    }

    /// The cell of a value, `None` outside the domain and for NaN; the upper end belongs to the last cell.
    pub fn cell(&self, value: f64) -> Option<usize> {
        if !(self.low..=self.high).contains(&value) || self.cells == 0 {
            return None;
        }
        Some((self.position(value) as usize).min(self.cells - 1))
    }

    /// From where to where a cell of a linear scale reaches.
    pub fn reach(&self, cell: usize) -> (f64, f64) {
        let wide = (self.high - self.low) / self.cells.max(1) as f64;
        (self.low + wide * cell as f64, (self.low + wide * (cell + 1) as f64).min(self.high))
    }

    /// About `count` round values within the domain, ascending.
    pub fn ticks(&self, count: usize) -> Vec<f64> {
        if self.log { log_ticks(self.low, self.high) } else { ticks(self.low, self.high, count) }
    }
}

/// The step between about `count` ticks, as a power of ten times 1, 2 or 5 (d3's `tickIncrement`):
/// (factor, power) with step = factor·10^power.
fn step_parts(low: f64, high: f64, count: usize) -> (f64, i32) {
    let raw = (high - low) / count.max(1) as f64;
    let power = raw.log10().floor() as i32;
    let error = raw / 10_f64.powi(power);
    let factor = match error {
        error if error >= 50_f64.sqrt() => 10.0,
        error if error >= 10_f64.sqrt() => 5.0,
        error if error >= 2_f64.sqrt() => 2.0,
        _ => 1.0,
    };
    (factor, power)
}

/// The step between about `count` ticks over [low, high]; 0 for an empty interval.
pub fn step(low: f64, high: f64, count: usize) -> f64 {
    if !(high - low).is_finite() || high <= low {
        return 0.0;
    }
    let (factor, power) = step_parts(low, high, count);
    multiple(1.0, factor, power)
}

/// `times` · factor · 10^power, dividing where the power is negative: 3 steps of 0.1 are 0.3.
fn multiple(times: f64, factor: f64, power: i32) -> f64 {
    if power < 0 { times * factor / 10_f64.powi(-power) } else { times * factor * 10_f64.powi(power) }
}

/// About `count` round values within [low, high], ascending.
pub fn ticks(low: f64, high: f64, count: usize) -> Vec<f64> {
    let step = step(low, high, count);
    if step == 0.0 {
        return if low.is_finite() { vec![low] } else { Vec::new() };
    }
    let (factor, power) = step_parts(low, high, count);
    let (first, last) = ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
    (first..=last).map(|times| multiple(times as f64, factor, power) + 0.0).collect()
}

/// [low, high] widened to whole steps.
pub fn nice(low: f64, high: f64, count: usize) -> (f64, f64) {
    let step = step(low, high, count);
    if step == 0.0 {
        return (low, high);
    }
    let (factor, power) = step_parts(low, high, count);
    (multiple((low / step).floor(), factor, power), multiple((high / step).ceil(), factor, power))
}

fn log_ticks(low: f64, high: f64) -> Vec<f64> {
    let (first, last) = ((low.log10() - 1e-9).ceil() as i32, (high.log10() + 1e-9).floor() as i32);
    (first..=last).map(|power| multiple(1.0, 1.0, power)).collect()
}

/// The smallest and largest finite value, `None` where there is none.
pub fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().filter(|value| value.is_finite()).fold(None, |extent, value| match extent {
        None => Some((value, value)),
        Some((low, high)) => Some((value.min(low), value.max(high))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ticks_are_those_of_d3() {
        assert_eq!(ticks(0.0, 1.0, 5), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        assert_eq!(ticks(0.0, 0.3, 3), [0.0, 0.1, 0.2, 0.3]);
        assert_eq!(ticks(15.0, 137.0, 5), [20.0, 40.0, 60.0, 80.0, 100.0, 120.0]);
        assert_eq!(ticks(-1.0, 1.0, 4), [-1.0, -0.5, 0.0, 0.5, 1.0]);
        assert_eq!(ticks(3.0, 3.0, 5), [3.0]);
        assert_eq!(nice(15.0, 137.0, 5), (0.0, 140.0));
        assert_eq!(nice(0.13, 0.97, 10), (0.1, 1.0));
    }

    #[test]
    fn a_scale_puts_both_ends_into_cells() {
        let scale = Scale::linear(0.0, 10.0, 5);
        assert_eq!([0.0, 1.9, 2.0, 10.0].map(|value| scale.cell(value)), [Some(0), Some(0), Some(1), Some(4)]);
        assert_eq!([-0.1, 10.1, f64::NAN].map(|value| scale.cell(value)), [None, None, None]);
        assert_eq!(Scale::linear(7.0, 7.0, 3).cell(7.0), Some(1));
        assert_eq!((scale.reach(0), scale.reach(4)), ((0.0, 2.0), (8.0, 10.0)));
    }

    #[test]
    fn a_log_scale_gives_each_power_the_same_room() {
        let scale = Scale::log(1.0, 1000.0, 3).unwrap_or(Scale::linear(0.0, 1.0, 1));
        assert_eq!(scale.ticks(5), [1.0, 10.0, 100.0, 1000.0]);
        assert_eq!([5.0, 50.0, 500.0].map(|value| scale.cell(value)), [Some(0), Some(1), Some(2)]);
        assert_eq!(Scale::log(0.0, 10.0, 3), None);
    }

    proptest! {
        #[test]
        fn ticks_lie_within_and_are_not_too_many(low in -1e6..1e6_f64, width in 1e-3..1e6_f64, count in 1_usize..20) {
            let high = low + width;
            let ticks = ticks(low, high, count);
            let slack = width * 1e-6;
            prop_assert!(ticks.iter().all(|&tick| tick >= low - slack && tick <= high + slack));
            prop_assert!(ticks.len() <= 2 * count + 2);
            prop_assert!(ticks.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
