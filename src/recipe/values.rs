//! The plain values of this room.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::kept::KeptSegment;
use super::pipeline::Pipeline;
use super::play::Play;
use super::rfm::RollUpSpec;
use super::step::Step;
use crate::matrix::Matrix;
use crate::table::{Schema, SourceSpec, Table};

/// The declared way from table to matrix to study. As TOML it is complete: running it again on the
/// same data gives the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// The version of the recipe's format: 1.
    pub version: u32,
    /// The seed that all random streams derive from.
    #[serde(with = "super::text::seed")]
    pub seed: u64,
    /// Where the rows come from; the first is the customers' table.
    pub source: Vec<SourceSpec>,
    /// How order lines or events become one row a customer, where that is what the source holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollup: Option<RollUpSpec>,
    /// What each column is for.
    pub roles: Roles,
    /// What is done to the columns, in order.
    #[serde(default, rename = "step", skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// What is clustered and how it is judged.
    pub study: StudySpec,
    /// What the columns must be, by their names: checked like a contract.
    #[serde(default, skip_serializing_if = "Schema::is_empty")]
    pub schema: Schema,
    /// How segments are handed over.
    #[serde(default, skip_serializing_if = "ExportSpec::is_empty")]
    pub export: ExportSpec,
    /// Segments that are to keep their key and name when the study is run again.
    #[serde(default, rename = "segment", skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<KeptSegment>,
    /// What could be tried with segments: goes before the user's own playbook and the built-in one.
    #[serde(default, rename = "play", skip_serializing_if = "Vec::is_empty")]
    pub plays: Vec<Play>,
    /// For each trait of those plays the words of column names that tell of it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub traits: BTreeMap<String, Vec<String>>,
}

/// How segments are handed over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExportSpec {
    /// The columns that are written, in this order: `column`, or `name = column` where it gets another name; all of them
    /// where none is named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// An earlier export: only customers who are new or changed since are written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<PathBuf>,
    /// Bring the rows into a table that is there already: known customers are updated by their id, new ones added.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub upsert: bool,
    /// Try the upsert and take it back.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
    /// Leave this share of the customers alone, e.g. `10%`: a column says who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control: Option<String>,
    /// The campaign's name: another one leaves others alone.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub campaign: String,
    /// Write for each customer the best good not bought yet, by the order lines.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub next: bool,
    /// Where the order lines are, where the customers were not rolled up from them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<PathBuf>,
    /// The column of the goods in the order lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goods: Option<String>,
}

impl ExportSpec {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What each column is for. A column of the table that stands nowhere here is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Roles {
    /// The features.
    pub cluster: Vec<String>,
    /// Profiled, not clustered on.
    pub describe: Vec<String>,
    /// Kept out, used to judge.
    pub outcome: Vec<String>,
    /// Names the customer.
    pub id: Option<String>,
    /// Whether the customer may be contacted.
    pub consent: Option<String>,
}

/// What is clustered and how it is judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudySpec {
    /// Candidates as on the command line: `kmeans`, `dbscan:eps=8:min_samples=5`; none: those that suit the features.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub algorithms: Vec<String>,
    /// The numbers of segments to try, e.g. `2..10`.
    pub k: String,
    /// The resamples for the redraws; 20 for the six best where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stability: Option<usize>,
    /// The memory budget, e.g. `4GiB`.
    pub memory: String,
    /// The rows of a stratified sample that is studied in place of all; the chosen run is refitted on all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<usize>,
    /// The run whose segments are taken, e.g. `kmeans-k5`; the recommended one where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choose: Option<String>,
    /// How many segments the business can use, e.g. `3..6`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segments: Option<String>,
    /// The smallest segment worth acting on, as a share of the customers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smallest: Option<f64>,
}

/// What became of a row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It stands in the matrix as it is.
    Used,
    /// It stands in the matrix; gaps in these features (indices into [`Pipeline::inputs`]) were filled.
    Imputed(Vec<u32>),
    /// It was left out, and why.
    Dropped(String),
}

/// One line of the preparation: what was done, with the counts before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepReport {
    /// Which of [`Recipe::steps`] it is; `None` for what is done without being asked.
    pub step: Option<usize>,
    /// What is done, e.g. `impute Income`.
    pub title: String,
    /// What it did, e.g. `24 gaps filled with the median, 51,381.5`.
    pub detail: String,
    /// Rows before.
    pub rows_before: usize,
    /// Rows after.
    pub rows_after: usize,
    /// Columns of the matrix as it stands after this step.
    pub columns_after: usize,
}

/// A recipe fitted to a table.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// Turns any later row into the same space.
    pub pipeline: Pipeline,
    /// The rows that are used, in that space.
    pub matrix: Matrix,
    /// One fate a row of the table.
    pub fates: Vec<Fate>,
    /// For each column of the matrix the index of the input column it came from; empty where the columns are components.
    pub origin: Vec<usize>,
    /// For each input column its share of the total variance of the matrix: how much it weighs in the distances.
    pub weights: Vec<f64>,
    /// The preparation line by line, in the order in which it was done.
    pub steps: Vec<StepReport>,
    /// Where the rows are only a sample, what it was drawn from.
    pub sample: Option<SampleOf>,
    /// Where the recipe makes columns: the table with them.
    pub table: Option<Arc<Table>>,
}

/// What a sample was drawn from.
#[derive(Debug, Clone)]
pub struct SampleOf {
    /// All the rows that are used.
    pub full: Arc<Prepared>,
    /// The rows of the sample, as rows of the full matrix.
    pub rows: Vec<usize>,
    /// The groups of customers alike that each gave its share.
    pub strata: usize,
}
