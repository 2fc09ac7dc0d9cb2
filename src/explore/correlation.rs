//! Pearson's correlation, rows with a gap left out pair by pair.

use super::values::Correlation;
use crate::table::{Field, Kind, Role, Table};
use crate::task::{Cancelled, Task};

/// The correlation of all numeric columns that cluster, describe or judge.
///
/// # Errors
/// [`Cancelled`] where the task is.
pub fn correlation(table: &Table, task: &Task) -> Result<Correlation, Cancelled> {
    let columns: Vec<(&str, &[f64])> = table.fields.iter().filter_map(numeric).collect();
    let d = columns.len();
    task.begin("correlating columns", (d * (d + 1) / 2) as u64);
    let mut values = vec![f64::NAN; d * d];
    for (i, (_, x)) in columns.iter().enumerate() {
        for (j, (_, y)) in columns.iter().enumerate().take(i + 1) {
            task.check()?;
            let r = pearson(x, y);
            (values[i * d + j], values[j * d + i]) = (r, r);
            task.advance(1);
        }
    }
    Ok(Correlation { columns: columns.into_iter().map(|(name, _)| name.to_owned()).collect(), values })
}

fn numeric(field: &Field) -> Option<(&str, &[f64])> {
    let used = matches!(field.role, Role::Cluster | Role::Describe | Role::Outcome);
    let values = field.column.values.numbers().filter(|_| used && field.kind != Kind::Date)?;
    Some((field.name(), values))
}

/// Pearson's r over the rows where both have a value; NaN where one of them is constant there.
fn pearson(x: &[f64], y: &[f64]) -> f64 {
    let pairs = || x.iter().zip(y).filter(|(x, y)| !x.is_nan() && !y.is_nan());
    let (mut n, mut sum_x, mut sum_y) = (0.0, 0.0, 0.0);
    for (x, y) in pairs() {
        (n, sum_x, sum_y) = (n + 1.0, sum_x + x, sum_y + y);
    }
    let (mean_x, mean_y) = (sum_x / n, sum_y / n);
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in pairs() {
        let (dx, dy) = (x - mean_x, y - mean_y);
        (xx, yy, xy) = (xx + dx * dx, yy + dy * dy, xy + dx * dy);
    }
    if xx == 0.0 || yy == 0.0 { f64::NAN } else { (xy / (xx.sqrt() * yy.sqrt())).clamp(-1.0, 1.0) }
}
