//! The plain values of this room.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pipeline::Pipeline;
use super::rfm::RollUpSpec;
use crate::matrix::Matrix;
use crate::table::SourceSpec;

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

/// How a gap is filled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fill {
    /// The median of the column (numbers).
    Median,
    /// The most frequent value, ties by first appearance.
    Mode,
    /// This number.
    Number(f64),
    /// This text.
    Text(String),
    /// The row is left out.
    Drop,
}

/// What happens to values outside the bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Treatment {
    /// They are brought to the nearer bound.
    Cap,
    /// Their rows are left out.
    Drop,
}

/// How the features are brought to one scale.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scaling {
    /// Mean 0, standard deviation 1 (ddof 0).
    #[default]
    Standard,
    /// [0, 1].
    Minmax,
    /// Median 0, interquartile range 1.
    Robust,
    /// As they are.
    None,
}

/// One step of the preparation. Columns are named as in the source. The steps are carried out in the
/// order of this list, whatever their order in the file; several of one kind in the file's order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "do", deny_unknown_fields)]
pub enum Step {
    /// Fill the gaps of a column. Without such a step: median for numbers, mode for text.
    Impute {
        /// The column.
        column: String,
        /// With what.
        with: Fill,
    },
    /// Treat values outside [low, high] (seconds since 1970 for dates); with no bound given, outside the IQR fences q1 − 1.5·iqr, q3 + 1.5·iqr.
    Outliers {
        /// The column.
        column: String,
        /// What happens to them.
        treatment: Treatment,
        /// The lower bound.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        low: Option<f64>,
        /// The upper bound.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        high: Option<f64>,
    },
    /// Leave out rows that repeat an earlier one in all columns but these.
    DropDuplicates {
        /// Columns not compared.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        except: Vec<String>,
    },
    /// Write these levels of a text column as one.
    Merge {
        /// The column.
        column: String,
        /// The spellings to replace.
        from: Vec<String>,
        /// What to write instead.
        to: String,
    },
    /// Pool the levels with fewer rows than this share into "other".
    PoolRare {
        /// The column.
        column: String,
        /// The share of rows below which a level is rare.
        below: f64,
    },
    /// Take log(1 + x) of a column without negative values.
    Log1p {
        /// The column.
        column: String,
    },
    /// Bring columns to one scale. Without columns: every feature that no other scale step names.
    Scale {
        /// How.
        method: Scaling,
        /// Which; empty: all.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        columns: Vec<String>,
    },
    /// Multiply a scaled feature, so that it weighs more or less in the distances.
    Weight {
        /// The column.
        column: String,
        /// The factor.
        by: f64,
    },
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
    /// For each column of the matrix the index of the input column it came from.
    pub origin: Vec<usize>,
    /// For each input column its share of the total variance of the matrix: how much it weighs in the distances.
    pub weights: Vec<f64>,
    /// The preparation line by line, in the order in which it was done.
    pub steps: Vec<StepReport>,
    /// Where the rows are only a sample, what it was drawn from.
    pub sample: Option<SampleOf>,
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
