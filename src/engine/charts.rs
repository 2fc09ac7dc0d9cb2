//! Charts of the customers of a run as plain values, and what is to be computed for them.

use std::path::Path;

use super::values::{Dendrogram, Embedding, Reachability};
use super::{pictures, sampling, steps};
use crate::error::{Error, Result};
use crate::matrix::{Labels, Matrix};
use crate::plot::chart::{Chart, Layer, Panel, Side, plain};
use crate::plot::number;
use crate::plot::scale::{extent, nice};
use crate::plot::tree::{Joint, Layout};
use crate::recipe::{Prepared, Recipe};
use crate::report;
use crate::study::Run;
use crate::task::Task;

/// A chart that is computed from the matrix and a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawn {
    /// The walk through the rows.
    Reachability,
    /// The t-SNE view.
    Near,
    /// The silhouette of each row.
    Silhouettes,
    /// The tree of merges (Ward).
    Tree,
}

impl Drawn {
    /// Their names.
    pub const NAMES: [&'static str; 4] = ["reachability", "tsne", "silhouettes", "tree"];

    /// The chart of this name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "reachability" => Self::Reachability,
            "tsne" | "t-sne" => Self::Near,
            "silhouettes" => Self::Silhouettes,
            "tree" => Self::Tree,
            _ => return None,
        })
    }
}

/// Computes what a chart shows.
///
/// # Errors
/// It would not fit into the memory budget, or the task was cancelled.
pub fn chart(drawn: Drawn, prepared: &Prepared, recipe: &Recipe, run: &Run, task: &Task) -> Result<Chart> {
    let of = sampling::rows_of(prepared, run);
    let task = &steps::task_of(recipe, task)?;
    Ok(match drawn {
        Drawn::Reachability => {
            let reached = pictures::reachability(of, &run.candidate.settings, task)?;
            reachability(&reached, &run.labels, &of.matrix)
        }
        Drawn::Near => near(&pictures::embedding(of, task)?, &run.labels, &of.matrix),
        Drawn::Silhouettes => silhouettes(&steps::silhouettes(prepared, run, task)?, &run.labels, &of.matrix),
        Drawn::Tree => tree(&pictures::dendrogram(of, task)?),
    })
}

/// The chart as a file's ending says: a picture (.svg, .png) or the table behind it (.csv).
///
/// # Errors
/// The ending says nothing else, a picture of what is a table alone is asked for, or it cannot be drawn.
pub fn bytes(chart: &Chart, path: &Path) -> Result<Vec<u8>> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    Ok(match ending.as_deref() {
        Some("svg") => report::chart::svg(chart).into_bytes(),
        Some("png") => report::chart::png(chart)?,
        Some("csv") => report::chart::csv(chart)?,
        _ => return Err(Error::usage("a chart is saved as .svg, .png or .csv").at(path.display().to_string())),
    })
}

/// The segment of a row of the matrix; 0 where it has none.
fn label(labels: &Labels, row: u32) -> u32 {
    labels.as_slice().get(row as usize).copied().unwrap_or(0)
}

/// The row of the table, from 1, of a row of the matrix.
fn place(matrix: &Matrix, row: u32) -> String {
    matrix.rows.get(row as usize).map_or_else(String::new, |row| (row + 1).to_string())
}

fn table(name: &str, heads: &[&str], rows: Vec<Vec<String>>) -> Chart {
    let heads = heads.iter().map(|head| (*head).to_owned()).collect();
    Chart { name: name.to_owned(), heads, rows, ..Chart::default() }
}

/// A bar a customer in walking order.
pub fn reachability(reached: &Reachability, labels: &Labels, matrix: &Matrix) -> Chart {
    let steps = reached.order.iter().zip(&reached.reach).enumerate();
    let bar = |(at, (&row, &reach)): (usize, (&u32, &f64))| {
        (at as f64, at as f64 + 1.0, if reach.is_finite() { reach } else { 0.0 }, label(labels, row))
    };
    let bars: Vec<(f64, f64, f64, u32)> = steps.clone().map(bar).collect();
    let most = bars.iter().map(|bar| bar.2).fold(f64::MIN_POSITIVE, f64::max);
    let x = Side::numbers((0.0, bars.len().max(1) as f64), 8, "customers in walking order");
    let y = Side::numbers(nice(0.0, most, 5), 5, "distance to the next");
    let row = |(at, (&row, &reach)): (usize, (&u32, &f64))| {
        vec![(at + 1).to_string(), place(matrix, row), plain(reach), label(labels, row).to_string()]
    };
    let walked = number::whole(reached.order.len());
    let of =
        if reached.order.len() < reached.rows { format!(" of {}", number::whole(reached.rows)) } else { String::new() };
    Chart {
        title: format!("Reachability of {walked}{of} customers"),
        words: "Valleys are groups, the deeper the denser; peaks part them.".into(),
        panels: vec![Panel { x, y, layers: vec![Layer::Bars(bars)] }],
        ..table("reachability", &["place", "row", "reachability", "segment"], steps.map(row).collect())
    }
}

/// Customers who are alike beside each other: the t-SNE view.
fn near(embedding: &Embedding, labels: &Labels, matrix: &Matrix) -> Chart {
    let of = |(&row, point): (&u32, &[f64; 2])| (row, point[0], point[1], label(labels, row));
    let all: Vec<(u32, f64, f64, u32)> = embedding.chosen.iter().zip(&embedding.points).map(of).collect();
    let bare = |axis: usize| {
        let (low, high) = extent(embedding.points.iter().map(|point| point[axis])).unwrap_or((0.0, 1.0));
        let slack = if low < high { (high - low) * 0.02 } else { 0.5 };
        Side { domain: (low - slack, high + slack), ..Side::default() }
    };
    points((NEAR_NAME, NEAR), &all, [bare(0), bare(1)], matrix)
}

/// What the file of a t-SNE view is called.
pub const NEAR_NAME: &str = "t-sne";

/// What can be seen in a t-SNE view.
pub const NEAR: &str = "Customers who are alike lie beside each other; distances mean nothing.";

/// Points with their segments: (row of the matrix, x, y, segment).
pub fn points((name, words): (&str, &str), all: &[(u32, f64, f64, u32)], [x, y]: [Side; 2], matrix: &Matrix) -> Chart {
    let row =
        |&(row, x, y, label): &(u32, f64, f64, u32)| vec![place(matrix, row), plain(x), plain(y), label.to_string()];
    let of = if name == NEAR_NAME { "t-SNE of " } else { "" };
    let layer = Layer::Points(all.iter().map(|&(_, x, y, label)| (x, y, label)).collect());
    Chart {
        title: format!("{of}{} customers", number::whole(all.len())),
        words: words.to_owned(),
        panels: vec![Panel { x, y, layers: vec![layer] }],
        ..table(name, &["row", "x", "y", "segment"], all.iter().map(row).collect())
    }
}

/// Each customer's silhouette with the segment, by row of the table from 1: the report draws the picture.
pub fn silhouettes(values: &[f64], labels: &Labels, matrix: &Matrix) -> Chart {
    let rows = values.iter().zip(labels.as_slice()).zip(&matrix.rows);
    let row =
        |((value, label), row): ((&f64, &u32), &u32)| vec![(row + 1).to_string(), label.to_string(), plain(*value)];
    table("silhouettes", &["row", "segment", "silhouette"], rows.map(row).collect())
}

/// Branches under which their customers are told at most.
const TOLD: usize = 24;

/// The merges of a tree: nodes from 0 are leaves, then merges from the lowest.
pub fn tree(tree: &Dendrogram) -> Chart {
    let row =
        |of: &super::values::Merge| vec![of.a.to_string(), of.b.to_string(), plain(of.height), of.size.to_string()];
    let joints: Vec<Joint> = tree.merges.iter().map(|merge| (merge.a, merge.b, merge.height)).collect();
    let layout = Layout::new(tree.leaves.len(), &joints);
    let joint = |&(a, b, height): &Joint| {
        let (left, right) = (layout.places[a] + 0.5, layout.places[b] + 0.5);
        Layer::Line(vec![(left, layout.heights[a]), (left, height), (right, height), (right, layout.heights[b])])
    };
    let highest = joints.iter().map(|joint| joint.2).fold(f64::MIN_POSITIVE, f64::max);
    let under = |(at, leaf): (usize, &usize)| (at as f64 + 0.5, number::whole(tree.leaves[*leaf]));
    // Of many branches no figures stand below: there is no room for all, and some of them would mislead.
    let told = if tree.leaves.len() <= TOLD { layout.order.len() } else { 0 };
    let x = Side {
        title: if told > 0 { "customers under each branch" } else { "branches" }.to_owned(),
        domain: (0.0, tree.leaves.len().max(1) as f64),
        ticks: layout.order.iter().enumerate().take(told).map(under).collect(),
    };
    let y = Side::numbers(nice(0.0, highest, 5), 5, "height at which branches meet");
    let rows: usize = tree.leaves.iter().sum();
    Chart {
        title: format!("How {} customers merge into groups ({})", number::whole(rows), tree.linkage),
        words: "The higher two branches meet, the more they differ.".into(),
        panels: vec![Panel { x, y, layers: joints.iter().map(joint).collect() }],
        ..table("tree", &["a", "b", "height", "customers"], tree.merges.iter().map(row).collect())
    }
}
