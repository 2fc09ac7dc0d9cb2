//! The reachability plot as plain values, to be saved.

use crate::engine::values::Reachability;
use crate::matrix::Labels;
use crate::plot::chart::{Chart, Layer, Panel, Side, plain};
use crate::plot::scale::nice;

/// A bar a customer in walking order.
pub fn reachability(reached: &Reachability, labels: &Labels, title: String) -> Chart {
    let label = |row: u32| labels.as_slice().get(row as usize).copied().unwrap_or(0);
    let steps = reached.order.iter().zip(&reached.reach).enumerate();
    let bar = |(at, (&row, &reach)): (usize, (&u32, &f64))| {
        (at as f64, at as f64 + 1.0, if reach.is_finite() { reach } else { 0.0 }, label(row))
    };
    let bars: Vec<(f64, f64, f64, u32)> = steps.clone().map(bar).collect();
    let most = bars.iter().map(|bar| bar.2).fold(f64::MIN_POSITIVE, f64::max);
    let x = Side::numbers((0.0, bars.len().max(1) as f64), 8, "customers in walking order");
    let y = Side::numbers(nice(0.0, most, 5), 5, "distance to the next");
    let row = |(at, (&row, &reach)): (usize, (&u32, &f64))| {
        vec![(at + 1).to_string(), (row + 1).to_string(), plain(reach), label(row).to_string()]
    };
    Chart {
        name: "reachability".into(),
        title,
        words: "Valleys are groups, the deeper the denser; peaks part them.".into(),
        heads: ["place", "row", "reachability", "segment"].map(str::to_owned).to_vec(),
        rows: steps.map(row).collect(),
        panels: vec![Panel { x, y, layers: vec![Layer::Bars(bars)] }],
    }
}
