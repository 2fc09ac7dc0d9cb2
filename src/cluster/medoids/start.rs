//! Where PAM begins, and how often.

use rand::Rng;
use rand::seq::index;

use super::pam::{self, Medoids};
use super::table::Table;
use crate::kernel::fold;
use crate::task::{Cancelled, Task};

/// Starts at most …
pub const MOST: usize = 30;
/// … and until the best medoids were found so often …
const ENOUGH: usize = 10;
/// … and until so many distances were looked at, from the second start on.
const WORK: usize = 60_000_000;
/// BUILD looks at all distances k times; beyond so many looks only draws are made.
const BUILD_WORK: usize = 100_000_000;
/// Costs that differ by no more than this share are the same.
const SAME: f64 = 1e-9;

/// The best medoids found from several starts: from `known` ones where there are any, from BUILD's (Kaufman and
/// Rousseeuw 1990) where these are cheap, then in turn from draws as k-means++ makes them and from any rows.
///
/// # Errors
/// [`Cancelled`].
pub fn best(table: &Table, k: usize, starts: usize, known: &[usize], task: &Task) -> Result<Medoids, Cancelled> {
    let n = table.len();
    if k == 1 {
        return build(table, 1, task);
    }
    let most = starts.min(1 + WORK / (n * n));
    task.begin("starts", most as u64);
    let mut rng = task.stream(&["kmedoids".to_owned(), format!("k={k}"), format!("n={n}")]);
    let mut best: Option<Medoids> = None;
    let mut found = 0;
    for start in 0..most {
        let first = match start {
            0 if known.len() == k => known.to_vec(),
            0 if n * n * k <= BUILD_WORK => build(table, k, task)?.rows,
            _ if start % 2 == 0 => index::sample(&mut rng, n, k).into_vec(),
            _ => drawn(table, k, &mut rng),
        };
        let tried = pam::improve(table, first, task)?;
        task.advance(1);
        let limit = best.as_ref().map_or(f64::INFINITY, |best| best.cost);
        found = match tried.cost {
            cost if cost < limit * (1.0 - SAME) || best.is_none() => 1,
            cost if cost <= limit * (1.0 + SAME) => found + 1,
            _ => found,
        };
        if found == 1 && (best.is_none() || tried.cost < limit) {
            best = Some(tried);
        }
        if found >= ENOUGH {
            break;
        }
    }
    Ok(best.unwrap_or(Medoids { rows: Vec::new(), cost: f64::INFINITY, swaps: 0 }))
}

/// The row that all lie nearest to, then always the row that helps most (of equal ones the lowest).
fn build(table: &Table, k: usize, task: &Task) -> Result<Medoids, Cancelled> {
    let mut nearest = vec![f32::INFINITY; table.len()];
    let mut rows: Vec<usize> = Vec::with_capacity(k);
    for _ in 0..k {
        let costs = fold::chunks_of(64, table.len(), |range| {
            task.check()?;
            Ok(range.map(|row| cost_with(table.row(row), &nearest)).collect::<Vec<f64>>())
        });
        let costs: Vec<f64> = costs.into_iter().collect::<Result<Vec<_>, Cancelled>>()?.concat();
        let free = (0..table.len()).filter(|row| !rows.contains(row));
        let Some(row) = free.min_by(|&a, &b| costs[a].total_cmp(&costs[b])) else { break };
        rows.push(row);
        nearest.iter_mut().zip(table.row(row)).for_each(|(near, &distance)| *near = near.min(distance));
    }
    Ok(Medoids { rows, swaps: 0, cost: nearest.iter().map(|&distance| f64::from(distance)).sum() })
}

fn cost_with(row: &[f32], nearest: &[f32]) -> f64 {
    row.iter().zip(nearest).map(|(&distance, &near)| f64::from(distance.min(near))).sum()
}

/// k different rows, each drawn the likelier the farther it lies from those before.
fn drawn(table: &Table, k: usize, rng: &mut impl Rng) -> Vec<usize> {
    let mut rows = vec![rng.gen_range(0..table.len())];
    let mut nearest = table.row(rows[0]).to_vec();
    while rows.len() < k {
        let total: f64 = nearest.iter().map(|&distance| f64::from(distance)).sum();
        let row = far_row(&nearest, rng.r#gen::<f64>() * total);
        let free = row.or_else(|| (0..table.len()).find(|row| !rows.contains(row)));
        let Some(row) = free else { break };
        rows.push(row);
        nearest.iter_mut().zip(table.row(row)).for_each(|(near, &distance)| *near = near.min(distance));
    }
    rows
}

/// The row at which the running sum passes `target`; never one that lies on a medoid.
fn far_row(nearest: &[f32], target: f64) -> Option<usize> {
    let mut sum = 0.0;
    let mut last = None;
    for (row, &distance) in nearest.iter().enumerate().filter(|(_, distance)| **distance > 0.0) {
        sum += f64::from(distance);
        last = Some(row);
        if sum > target {
            break;
        }
    }
    last
}
