//! Lines drawn column by column: one row in each column of cells.

use super::scale::Scale;

/// The row (from the top) of a line in each of `columns` columns. `values` stand at equal distances, the first
/// in the first column, the last in the last; between two of them the line is straight. A gap gives `None`.
pub fn rows(values: &[f64], columns: usize, y: &Scale) -> Vec<Option<usize>> {
    (0..columns).map(|column| cell_from_top(at(values, column, columns), y)).collect()
}

/// The columns on which the values themselves stand.
pub fn knots(values: usize, columns: usize) -> Vec<usize> {
    (0..values).map(|index| if values < 2 { columns / 2 } else { index * (columns - 1) / (values - 1) }).collect()
}

fn cell_from_top(value: f64, y: &Scale) -> Option<usize> {
    let (low, high) = y.domain();
    y.cell(value.clamp(low, high)).map(|row| y.cells() - 1 - row)
}

fn at(values: &[f64], column: usize, columns: usize) -> f64 {
    let Some(last) = values.len().checked_sub(1) else { return f64::NAN };
    if last == 0 || columns < 2 {
        return values[0];
    }
    let place = column as f64 * last as f64 / (columns - 1) as f64;
    let before = (place as usize).min(last - 1);
    let share = place - before as f64;
    values[before] * (1.0 - share) + values[before + 1] * share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_straight_between_its_values() {
        let y = Scale::linear(0.0, 4.0, 5);
        assert_eq!(rows(&[0.0, 4.0, 0.0], 5, &y), [4, 2, 0, 2, 4].map(Some));
        assert_eq!(rows(&[f64::NAN], 2, &y), [None, None]);
        assert_eq!(knots(3, 5), [0, 2, 4]);
        assert_eq!(knots(1, 5), [2]);
    }
}
