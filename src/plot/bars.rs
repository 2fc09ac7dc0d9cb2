//! Bars in eighths of a cell, always from zero, and the levels of sparklines.

use std::ops::Range;

const LEFT: [char; 9] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
const UP: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// How many eighths of `cells` cells a bar of `value` fills where `full` fills all. A value above 0 shows where there is a cell.
pub fn eighths(value: f64, full: f64, cells: usize) -> usize {
    if !(value > 0.0 && full > 0.0) || cells == 0 {
        return 0;
    }
    let filled = (value / full * 8.0 * cells as f64).round() as usize;
    filled.clamp(1, 8 * cells)
}

/// A bar to the right, without the blanks behind it: `███▌`.
pub fn horizontal(value: f64, full: f64, cells: usize) -> String {
    let filled = eighths(value, full, cells);
    let mut bar: String = std::iter::repeat_n('█', filled / 8).collect();
    if !filled.is_multiple_of(8) {
        bar.push(LEFT[filled % 8]);
    }
    bar
}

/// What a bar of `filled` eighths shows in the row `row` cells above its foot.
pub fn upward(filled: usize, row: usize) -> char {
    UP[filled.saturating_sub(8 * row).min(8)]
}

/// One character a value, zero-based: blank only where the value is 0 or missing.
pub fn sparkline(values: &[f64]) -> String {
    let full = values.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
    values.iter().map(|&value| upward(eighths(value, full, 1), 0)).collect()
}

/// `values` brought to at most `cells` sums of neighbours.
pub fn pooled(values: &[f64], cells: usize) -> Vec<f64> {
    if values.len() <= cells || cells == 0 {
        return values.to_vec();
    }
    let mut sums = vec![0.0; cells];
    for (index, value) in values.iter().enumerate() {
        sums[index * cells / values.len()] += value;
    }
    sums
}

/// A bar from a middle line, in half cells: (to the left, to the right), one of them empty.
pub fn halves(value: f64, full: f64, cells: usize) -> (usize, usize) {
    if !value.is_finite() || full <= 0.0 {
        return (0, 0);
    }
    let filled = ((value.abs() / full * 2.0 * cells as f64).round() as usize).min(2 * cells);
    if value < 0.0 { (filled, 0) } else { (0, filled) }
}

/// Shares `rows` rows among parts in proportion to their sizes, at least one each while there are enough
/// (largest remainders first, ties to the earlier part).
pub fn apportion(sizes: &[usize], rows: usize) -> Vec<usize> {
    let total: usize = sizes.iter().sum();
    if total == 0 || rows < sizes.len() {
        return (0..sizes.len()).map(|part| usize::from(part < rows)).collect();
    }
    let free = rows - sizes.len();
    let mut parts: Vec<usize> = sizes.iter().map(|size| 1 + size * free / total).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|&part| std::cmp::Reverse(sizes[part] * free % total));
    let rest = rows - parts.iter().sum::<usize>();
    order.into_iter().cycle().take(rest).for_each(|part| parts[part] += 1);
    parts
}

/// What the `row`-th of `rows` equal stretches of `count` values holds: at least one, where there is any.
pub fn stretch(count: usize, rows: usize, row: usize) -> Range<usize> {
    let bound = |row: usize| row * count / rows.max(1);
    bound(row)..bound(row + 1).max(bound(row) + 1).min(count)
}

/// The mean of each of `rows` equal stretches of `values`.
pub fn stretches(values: &[f64], rows: usize) -> Vec<f64> {
    (0..rows)
        .filter_map(|row| {
            let stretch = &values[stretch(values.len(), rows, row)];
            (!stretch.is_empty()).then(|| stretch.iter().sum::<f64>() / stretch.len() as f64)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bars_start_at_zero_and_end_in_eighths() {
        assert_eq!(horizontal(0.554, 0.617, 10), "█████████");
        assert_eq!(horizontal(0.5, 1.0, 7), "███▌");
        assert_eq!(horizontal(1e-9, 1.0, 7), "▏");
        assert_eq!(horizontal(-1.0, 1.0, 7), "");
        assert_eq!(horizontal(1.0, 1.0, 0), "");
        assert_eq!(horizontal(f64::NAN, 1.0, 7), "");
        assert_eq!((0..3).map(|row| upward(12, row)).collect::<String>(), "█▄ ");
    }

    #[test]
    fn sparklines_keep_zeros_apart_from_small_values() {
        assert_eq!(sparkline(&[8.0, 4.0, 0.0, 0.01, f64::NAN]), "█▄ ▁ ");
        assert_eq!(sparkline(&[0.0, 0.0]), "  ");
        assert_eq!(pooled(&[1.0, 2.0, 3.0, 4.0], 2), [3.0, 7.0]);
    }

    #[test]
    fn bars_from_the_middle() {
        assert_eq!(halves(1.24, 2.0, 15), (0, 19));
        assert_eq!(halves(-0.44, 2.0, 15), (7, 0));
        assert_eq!(halves(f64::NAN, 2.0, 15), (0, 0));
    }

    #[test]
    fn rows_are_shared_by_size() {
        assert_eq!(apportion(&[81, 39, 35, 23, 22], 20), [7, 4, 3, 3, 3]);
        assert_eq!(apportion(&[5, 5], 1), [1, 0]);
        assert_eq!(stretches(&[1.0, 2.0, 3.0, 4.0], 2), [1.5, 3.5]);
        assert_eq!(stretches(&[1.0], 2).len(), 2);
    }

    proptest! {
        #[test]
        fn apportion_gives_all_rows_away(sizes in proptest::collection::vec(1_usize..500, 1..20), rows in 20_usize..60) {
            let parts = apportion(&sizes, rows);
            prop_assert_eq!(parts.iter().sum::<usize>(), rows);
            prop_assert!(parts.iter().all(|&part| part > 0));
        }
    }
}
