//! The plain values of this room.

use crate::table::{Kind, Role};

/// Everything that the Explore tab and `explore` show.
#[derive(Debug, Clone, PartialEq)]
pub struct Exploration {
    /// One a column of the table, in its order.
    pub summaries: Vec<Summary>,
    /// Pearson's correlation of the numeric columns.
    pub correlation: Correlation,
    /// Where values are missing.
    pub gaps: Gaps,
    /// Rows of the table.
    pub rows: usize,
}

/// What one column looks like.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The column.
    pub column: String,
    /// Its kind.
    pub kind: Kind,
    /// Its role.
    pub role: Role,
    /// Rows with a value.
    pub count: usize,
    /// Rows without one.
    pub missing: usize,
    /// Distinct values.
    pub distinct: usize,
    /// For numeric kinds, dates included.
    pub numbers: Option<Numbers>,
    /// For text and yes/no.
    pub texts: Option<Texts>,
}

/// The distribution of a numeric column. Quantiles are type 7 (numpy's), `sd` has ddof 1 as pandas' has.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// Mean.
    pub mean: f64,
    /// Standard deviation, ddof 1.
    pub sd: f64,
    /// Minimum.
    pub min: f64,
    /// The value that 5 % do not exceed.
    pub p5: f64,
    /// First quartile.
    pub q1: f64,
    /// Median.
    pub median: f64,
    /// Third quartile.
    pub q3: f64,
    /// The value that 95 % do not exceed.
    pub p95: f64,
    /// Maximum.
    pub max: f64,
    /// Skewness, bias-corrected as pandas' is.
    pub skew: f64,
    /// Rows outside q1 − 1.5·iqr … q3 + 1.5·iqr.
    pub outliers: usize,
    /// Bins of equal width over [min, max] with nice edges.
    pub histogram: Vec<Bin>,
    /// The density at evenly spaced points from the first edge of the histogram to the last, in shares of the rows per
    /// unit; empty where few values differ.
    pub density: Vec<f64>,
}

/// One bin of a histogram: [low, high), the last one closed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Lower edge.
    pub low: f64,
    /// Upper edge.
    pub high: f64,
    /// Rows in it.
    pub count: usize,
}

/// The distribution of a text column.
#[derive(Debug, Clone, PartialEq)]
pub struct Texts {
    /// The levels by falling count (ties by name), the first fifty.
    pub levels: Vec<Level>,
    /// Rows in levels beyond these.
    pub others: usize,
}

/// One level of a text column.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// The text.
    pub name: String,
    /// Rows with it.
    pub count: usize,
}

/// A symmetric matrix of correlations.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Correlation {
    /// The columns.
    pub columns: Vec<String>,
    /// Row-major, columns.len()²; NaN where a column is constant. Rows with a gap are left out pairwise.
    pub values: Vec<f64>,
}

/// Where values are missing, and which go missing together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gaps {
    /// The columns that have gaps, most gaps first (equal ones in the table's order).
    pub columns: Vec<GapColumn>,
    /// Which columns rows lack, by falling rows; the first fifty.
    pub patterns: Vec<GapPattern>,
    /// Combinations beyond these.
    pub others: usize,
    /// Rows without any gap.
    pub complete: usize,
}

/// The gaps of one column.
#[derive(Debug, Clone, PartialEq)]
pub struct GapColumn {
    /// The column.
    pub column: String,
    /// Rows without a value.
    pub missing: usize,
    /// The share of rows without a value in each of equal stretches of the table's rows, in its order.
    pub shares: Vec<f64>,
}

/// Rows that lack the same columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapPattern {
    /// The columns that they lack, by their places in [`Gaps::columns`].
    pub columns: Vec<usize>,
    /// How many rows.
    pub rows: usize,
}
