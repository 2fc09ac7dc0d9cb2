//! The plain values that front ends get back.

use std::path::PathBuf;
use std::sync::Arc;

use crate::recipe::Scaling;
use crate::recipe::rfm::RollUpSpec;
use crate::table::schema::Breach;
use crate::table::{Finding, Table};

/// What the user chose on top of what the table proposes; `None` and empty: nothing was said.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Choices {
    /// The features.
    pub features: Option<Vec<String>>,
    /// Columns to leave out.
    pub exclude: Vec<String>,
    /// The column that names the customer.
    pub id: Option<String>,
    /// Columns kept out, used to judge.
    pub outcome: Vec<String>,
    /// The column of known classes.
    pub truth: Option<String>,
    /// Candidates as on the command line.
    pub algorithms: Option<Vec<String>>,
    /// The numbers of segments, e.g. `2..10`.
    pub k: Option<String>,
    /// The scaling of all features.
    pub scale: Option<Scaling>,
    /// The seed.
    pub seed: Option<u64>,
    /// Redraws for all runs.
    pub stability: Option<usize>,
    /// How many segments the business can use, e.g. `3..6`.
    pub segments: Option<String>,
    /// The smallest segment worth acting on, as a share of the customers.
    pub smallest: Option<f64>,
    /// The memory budget, e.g. `4GiB`.
    pub memory: Option<String>,
    /// The customers of a sample that is studied in place of all.
    pub sample: Option<usize>,
    /// Roll order lines up first.
    pub rollup: Option<RollUpSpec>,
}

/// A table with what the quality check noticed.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The table.
    pub table: Arc<Table>,
    /// The findings, worst first.
    pub findings: Arc<Vec<Finding>>,
    /// How order lines were rolled up, every column named; `None` where the rows are as they stand in the source.
    pub rollup: Option<Box<RollUpSpec>>,
}

/// A table that was held against a schema.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The table and its findings, the breaches of the schema first.
    pub loaded: Loaded,
    /// What breaks the schema, with the lines of the rows that do.
    pub breaches: Vec<(Vec<u64>, Breach)>,
}

/// The rows of the matrix seen from where they differ most (PCA of the matrix).
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    /// One point a row of the matrix.
    pub points: Vec<[f64; 2]>,
    /// The share of the total variance that each axis shows.
    pub ratio: [f64; 2],
    /// The weight of each matrix column on the two axes.
    pub loadings: Vec<(String, [f64; 2])>,
}

/// The dendrogram of the matrix: its last merges, enough to draw and to cut.
#[derive(Debug, Clone, PartialEq)]
pub struct Dendrogram {
    /// The linkage's id, e.g. `ward`.
    pub linkage: String,
    /// The merges that are kept, lowest first. Nodes 0..leaves are the leaves, leaves + i is merge i.
    pub merges: Vec<Merge>,
    /// Rows under each leaf.
    pub leaves: Vec<usize>,
    /// For each row of the matrix its leaf.
    pub leaf_of: Vec<u32>,
}

/// The rows in the order in which OPTICS walks through them: valleys of the reachability are groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Reachability {
    /// The rows of the matrix in walking order.
    pub order: Vec<u32>,
    /// For each of `order` how far it was from what was walked before; infinite where a walk begins.
    pub reach: Vec<f64>,
    /// How many rows make a neighbourhood.
    pub min_samples: usize,
    /// The rows of the matrix; more than `order` has where a sample was walked.
    pub rows: usize,
}

/// Rows of the matrix on a plane where near ones stay near (t-SNE).
#[derive(Debug, Clone, PartialEq)]
pub struct Embedding {
    /// The rows of the matrix that were placed, ascending.
    pub chosen: Vec<u32>,
    /// One point each.
    pub points: Vec<[f64; 2]>,
    /// The rows of the matrix; more than were placed where a sample was.
    pub rows: usize,
}

/// One merge of a dendrogram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Merge {
    /// The first node.
    pub a: usize,
    /// The second node.
    pub b: usize,
    /// Its height.
    pub height: f64,
    /// Rows under it.
    pub size: usize,
}

impl Exported {
    /// What became of a table that was there already, in words.
    pub fn told(&self) -> Option<String> {
        let done = self.upserted?;
        let count = crate::plot::number::whole;
        let (added, changed, same) = (count(done.added), count(done.changed), count(done.same));
        let mut words = match done.dry {
            true => format!(
                "dry run, nothing is written: {added} would be added, {changed} changed, {same} are as they were"
            ),
            false => format!("{added} added, {changed} changed, {same} as they were"),
        };
        if done.cleared > 0 {
            let would = if done.dry { "would be" } else { "was" };
            words += &format!("; the segment of {} who must not be contacted {would} taken out", count(done.cleared));
        }
        if done.nameless > 0 {
            words += &format!("; {} rows have no id: left out", count(done.nameless));
        }
        Some(words)
    }
}

/// What an export wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    /// The rows with their segments.
    pub file: PathBuf,
    /// The look-up file beside it.
    pub lookup: PathBuf,
    /// Rows written.
    pub rows: usize,
    /// Of them with an empty segment and a note.
    pub unused: usize,
    /// Of them to be left alone.
    pub control: usize,
    /// Rows that were not written, because these customers must not be contacted.
    pub withheld: usize,
    /// Rows that were not written, because nothing changed since the earlier export.
    pub unchanged: usize,
    /// Customers of the earlier export who are not among the rows any more.
    pub gone: usize,
    /// What became of a table that was there already.
    pub upserted: Option<crate::report::Upserted>,
}
