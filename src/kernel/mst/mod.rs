//! Minimum spanning trees, by Euclidean distance or by mutual reachability: exact, the same bits for any
//! number of threads.
//!
//! Edges are ordered by weight, then by the lower row, then by the higher row. No two edges are equal in
//! this order, so that there is one tree only, however it is looked for.

mod boruvka;
mod prim;

use ndarray::ArrayView2;

use crate::task::{Cancelled, Task};

pub use prim::{Step, walk};

/// An edge of a spanning tree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The lower row.
    pub a: u32,
    /// The higher row.
    pub b: u32,
    /// The squared weight.
    pub squared: f64,
}

impl Edge {
    /// No edge: after all others in the order.
    const NONE: Self = Self { a: u32::MAX, b: u32::MAX, squared: f64::INFINITY };

    fn new(one: u32, other: u32, squared: f64) -> Self {
        Self { a: one.min(other), b: one.max(other), squared }
    }

    /// Whether it stands before `other` in the order of edges.
    #[inline(always)]
    fn is_before(&self, other: &Self) -> bool {
        self.squared < other.squared
            || (self.squared == other.squared && (self.a < other.a || (self.a == other.a && self.b < other.b)))
    }
}

/// Up to so many columns a k-d tree leaves out enough to be worth its walk.
const TREE_COLUMNS: usize = 8;
/// Up to so many rows all pairs cost less than a tree.
const PLAIN_ROWS: usize = 512;

/// The n − 1 edges of the minimum spanning tree over the rows of (n, d) `values`, in the order of edges.
///
/// Time O(n log n) in few columns (Borůvka's rounds over a k-d tree), O(n²·d) in many (Prim's walk);
/// memory O(n·d).
///
/// # Errors
/// [`Cancelled`].
pub fn euclidean(values: ArrayView2<f64>, task: &Task) -> Result<Vec<Edge>, Cancelled> {
    mutual_reachability(values, &vec![0.0; values.nrows()], task)
}

/// As [`euclidean`], an edge weighing the largest of its length and the core distances of its ends
/// (Campello, Moulavi, Sander 2013). `cores`: one squared core distance a row.
///
/// # Errors
/// [`Cancelled`].
pub fn mutual_reachability(values: ArrayView2<f64>, cores: &[f64], task: &Task) -> Result<Vec<Edge>, Cancelled> {
    let is_low = values.ncols() <= TREE_COLUMNS && values.nrows() > PLAIN_ROWS;
    let mut edges = if is_low { boruvka::edges(values, cores, task)? } else { prim::edges(values, cores, task)? };
    edges.sort_unstable_by(|x, y| x.squared.total_cmp(&y.squared).then((x.a, x.b).cmp(&(y.a, y.b))));
    Ok(edges)
}

#[cfg(test)]
mod tests;
