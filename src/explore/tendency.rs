//! Are there groups at all? Hopkins' statistic, before anything is clustered.

use ndarray::{Array2, Axis};
use rand::Rng;

use crate::kernel::kdtree::KdTree;
use crate::kernel::neighbours;
use crate::matrix::Values;
use crate::table::{Role, Table};
use crate::task::{Cancelled, Task};

/// The share of the rows that is probed …
const SHARE: usize = 10;
/// … and how many at least, where there are as many, and at most.
const PROBES: (usize, usize) = (50, 500);
/// Rows that are looked through at most, evenly spaced.
const ROWS: usize = 50_000;

/// How clustered the rows are.
#[derive(Debug, Clone, PartialEq)]
pub struct Tendency {
    /// Hopkins' statistic in [0, 1]: a half where the rows are scattered evenly, near 1 where they stand in groups.
    pub hopkins: f64,
    /// The rows that were probed.
    pub sample: usize,
    /// The rows without gaps that were looked through.
    pub rows: usize,
    /// The features: the numeric columns that cluster and vary, standardised.
    pub features: Vec<String>,
}

/// Hopkins' statistic of the table's features; `None` where there are none or fewer than three rows differ.
///
/// # Errors
/// [`Cancelled`].
pub fn tendency(table: &Table, task: &Task) -> Result<Option<Tendency>, Cancelled> {
    let (features, values) = features(table);
    let rows = values.nrows();
    if rows < 3 || features.is_empty() {
        return Ok(None);
    }
    let sample = (rows / SHARE).clamp(PROBES.0, PROBES.1).min(rows);
    let mut random = task.stream(&["hopkins"]);
    let chosen = rand::seq::index::sample(&mut random, rows, sample).into_vec();
    let edges: Vec<(f64, f64)> = values
        .columns()
        .into_iter()
        .map(|column| column.iter().fold((f64::MAX, f64::MIN), |(low, high), &x| (low.min(x), high.max(x))))
        .collect();
    let probes = Array2::from_shape_fn((sample, features.len()), |(_, column)| {
        let (low, high) = edges[column];
        low + (high - low) * random.r#gen::<f64>()
    });
    let hopkins = hopkins(&values, &chosen, &probes, task)?;
    Ok(hopkins.map(|hopkins| Tendency { hopkins, sample, rows, features }))
}

/// Σu / (Σu + Σw) over (n, d) `values`: u the distances of the probes, uniform in the data's box, to their nearest row,
/// w those of the chosen rows to their nearest other one (Hopkins and Skellam 1954; plain distances, as factoextra takes
/// them: their dth powers would be those of the farthest row alone). `None` where all distances are 0.
fn hopkins(
    values: &Array2<f64>,
    chosen: &[usize],
    probes: &Array2<f64>,
    task: &Task,
) -> Result<Option<f64>, Cancelled> {
    let tree = KdTree::new(values.view());
    let to_others = neighbours::squared_cores(&tree, 2, task)?;
    let mut sums = [0.0, 0.0];
    for (&row, probe) in chosen.iter().zip(probes.rows()) {
        task.check()?;
        let to_probe = tree.nearest_within(&probe.to_vec(), f64::INFINITY);
        sums[0] += to_probe.map_or(0.0, |(_, squared)| squared.sqrt());
        sums[1] += to_others[row].sqrt();
    }
    let all = sums[0] + sums[1];
    Ok((all > 0.0).then(|| sums[0] / all))
}

/// The names and the standardised values (n, d) of the numeric columns that cluster and vary, rows without gaps.
fn features(table: &Table) -> (Vec<String>, Array2<f64>) {
    let columns: Vec<(&str, &[f64])> = table
        .fields
        .iter()
        .filter(|field| field.role == Role::Cluster)
        .filter_map(|field| match &field.column.values {
            Values::Number(values) => Some((field.name(), values.as_slice())),
            Values::Text(_) => None,
        })
        .collect();
    let whole: Vec<usize> =
        (0..table.rows).filter(|&row| columns.iter().all(|(_, values)| values[row].is_finite())).collect();
    let rows: Vec<usize> = whole.iter().copied().step_by(whole.len().div_ceil(ROWS).max(1)).collect();
    let mut values = Array2::from_shape_fn((rows.len(), columns.len()), |(row, column)| columns[column].1[rows[row]]);
    let vary: Vec<usize> = (0..columns.len()).filter(|&column| standardise(&mut values, column)).collect();
    let names = vary.iter().map(|&column| columns[column].0.to_owned()).collect();
    (names, values.select(Axis(1), &vary))
}

/// Whether the column varies.
fn standardise(values: &mut Array2<f64>, column: usize) -> bool {
    let mut column = values.column_mut(column);
    let (mean, deviation) = (column.mean().unwrap_or(0.0), column.std(0.0));
    column.mapv_inplace(|value| (value - mean) / deviation);
    deviation > 0.0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::table::{SourceSpec, read};
    use ndarray::array;

    #[test]
    fn the_statistic_equals_scipys_distances() {
        let values = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [5.0, 5.0], [5.0, 6.0], [6.0, 5.0]];
        let probes = array![[3.0, 3.0], [0.5, 4.0], [6.0, 0.5]];
        let found = hopkins(&values, &[0, 3, 5], &probes, &Task::default()).unwrap().unwrap();
        assert!((found - 0.7756138373480839).abs() < 1e-12, "{found}");
        let same = Array2::zeros((5, 2));
        assert_eq!(hopkins(&same, &[0, 1, 2], &same, &Task::default()).unwrap(), None);
    }

    #[test]
    fn groups_are_told_from_even_rows() {
        let of = |text: &str| {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), text).unwrap();
            let spec = SourceSpec::new(file.path());
            tendency(&read(&spec, None, &Task::default()).unwrap(), &Task::default()).unwrap()
        };
        let mut random = Task::new(3).stream(&["rows"]);
        let mut text = |step: f64| {
            let row = |at: usize| {
                let group = step * (at % 3) as f64;
                let mut value = || group + random.gen_range(0.0..10.0);
                format!("{:.3},{:.3},1\n", value(), value())
            };
            "spend,visits,constant\n".to_owned() + &(0..600).map(row).collect::<String>()
        };
        let (even, groups) = (of(&text(0.0)).unwrap(), of(&text(90.0)).unwrap());
        assert_eq!((even.sample, even.rows, even.features.len()), (60, 600, 2));
        assert!((0.35..0.65).contains(&even.hopkins), "{}", even.hopkins);
        assert!(groups.hopkins > 0.8, "{}", groups.hopkins);
        assert_eq!(of("colour,name\nred,Ann\nblue,Bob\nred,Cid\n"), None);
    }
}
