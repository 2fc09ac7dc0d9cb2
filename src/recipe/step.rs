//! The steps of a preparation: those on the table, which make or change columns, then those on each feature.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::settings::{Binning, Case, DatePart, Encode, Fill, Measure, Reducing, Scaling, Transformation, Treatment};

/// One step of the preparation. Columns are named as in the source, or as an earlier step named what it made. The
/// kinds of steps are carried out in the order of this list, whatever their order in the file; several of one kind,
/// and all those that make columns, in the file's order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "do", deny_unknown_fields)]
pub enum Step {
    /// Make a column by an expression in polars' SQL over the other columns, row by row.
    Derive {
        /// The column that is made; one of this name is replaced.
        name: String,
        /// E.g. `2024 - "Year_Birth"`.
        expression: String,
    },
    /// Read numbers that are written as text: `$84,835.00`, `10,000+`, `19M`, `5%` (0.05).
    ParseNumber {
        /// The column.
        column: String,
        /// The column that is made; without it the column itself is replaced.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// Take a part of a date.
    DatePart {
        /// The column.
        column: String,
        /// Which part.
        part: DatePart,
        /// The column that is made; without it named after column and part.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// Count the whole days from a date on.
    DaysSince {
        /// The column.
        column: String,
        /// Until this day, e.g. `2014-06-30`; without it the newest in the column.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<String>,
        /// The column that is made; without it `days since` and the column.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// Divide one column by another; where that is 0 there is no value.
    Ratio {
        /// The column above the line.
        column: String,
        /// The column below it.
        by: String,
        /// The column that is made; without it both with a `/`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// Put numbers into bins [low, high), as a category.
    Bin {
        /// The column.
        column: String,
        /// How the edges are found.
        by: Binning,
        /// How many bins; 5 where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bins: Option<usize>,
        /// The edges between bins, ascending, for `by = "edges"`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        edges: Vec<f64>,
        /// The column that is made; without it the column and `bin`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// Write a category in one way: blanks at the ends and double ones go, letters and accents as asked.
    CleanText {
        /// The column.
        column: String,
        /// How letters are written; as they are where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case: Option<Case>,
        /// Whether accents are taken off.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plain: Option<bool>,
        /// The column that is made; without it the column itself is replaced.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// Look a column up in a file, e.g. the region of a postcode.
    LookUp {
        /// The column.
        column: String,
        /// The file; a relative path is taken from the recipe's folder.
        file: PathBuf,
        /// The file's column that is compared; its first where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
        /// The file's column that is taken; its second where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<String>,
        /// How many of the first characters are compared; all where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        first: Option<usize>,
        /// The column that is made; without it named as in the file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// Put the answers to several questions of one scale together: their mean, where half of them were answered.
    Likert {
        /// The questions.
        columns: Vec<String>,
        /// The column that is made.
        name: String,
        /// Those that ask the other way round.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        reversed: Vec<String>,
        /// The lowest answer; 1 where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        low: Option<f64>,
        /// The highest answer; 5, or the number of the answers, where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        high: Option<f64>,
        /// The answers in words, from the lowest to the highest.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        answers: Vec<String>,
    },
    /// Make a column of 0 and 1 of each answer to a multiple choice, `a;b;c`.
    Flags {
        /// The column.
        column: String,
        /// What stands between answers; `;` where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        separator: Option<String>,
        /// The answers; all that there are where nothing is said.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        options: Vec<String>,
    },
    /// Measure a text.
    TextFeatures {
        /// The column.
        column: String,
        /// What is measured.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        measures: Vec<Measure>,
        /// Words that a column of 0 and 1 is made of each.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        keywords: Vec<String>,
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
    /// Leave out rows that repeat an earlier one in all columns but these.
    DropDuplicates {
        /// Columns not compared.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        except: Vec<String>,
    },
    /// Treat values outside [low, high] (seconds since 1970 for dates); with no bound given, outside the IQR fences
    /// q1 − 1.5·iqr, q3 + 1.5·iqr.
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
        /// The share that winsorising cuts off at each end; 0.05 where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        share: Option<f64>,
    },
    /// Fill the gaps of a column. Without such a step: median for numbers, mode for text.
    Impute {
        /// The column.
        column: String,
        /// With what.
        with: Fill,
        /// Whether a column of 0 and 1 says where the gaps were.
        #[serde(default, skip_serializing_if = "is_false")]
        indicator: bool,
    },
    /// Turn a category into numbers, or numbers that are codes into a category. Without such a step: one-hot.
    Encode {
        /// The column.
        column: String,
        /// How.
        method: Encode,
        /// The levels from the lowest to the highest (ordinal); sorted where nothing is said.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        order: Vec<String>,
    },
    /// Take log(1 + x) of a column without negative values.
    Log1p {
        /// The column.
        column: String,
    },
    /// Bend the distribution of columns. Without columns: of every number that no other such step names.
    Transform {
        /// How.
        method: Transformation,
        /// Which; empty: all.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        columns: Vec<String>,
    },
    /// Leave out features that say next to nothing, or the same as another.
    Select {
        /// Those with the same value in at least this share of the rows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        same: Option<f64>,
        /// The later of two numbers whose correlation is at least this, whatever its sign.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        correlation: Option<f64>,
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
    /// Put all columns together to fewer.
    Reduce {
        /// How.
        method: Reducing,
        /// How many components; without it as many as carry the share.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        components: Option<usize>,
        /// The share of the variance that they carry; 0.9 where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        share: Option<f64>,
    },
}

/// For serde, which hands over a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(value: &bool) -> bool {
    !value
}

impl Step {
    /// The place in the order in which steps are carried out, whatever their order in the file; 0: they make columns.
    pub fn rank(&self) -> usize {
        match self {
            Self::Derive { .. }
            | Self::ParseNumber { .. }
            | Self::DatePart { .. }
            | Self::DaysSince { .. }
            | Self::Ratio { .. }
            | Self::Bin { .. }
            | Self::CleanText { .. }
            | Self::LookUp { .. }
            | Self::Likert { .. }
            | Self::Flags { .. }
            | Self::TextFeatures { .. } => 0,
            Self::Merge { .. } => 1,
            Self::PoolRare { .. } => 2,
            Self::DropDuplicates { .. } => 3,
            Self::Outliers { .. } => 4,
            Self::Impute { .. } => 5,
            Self::Encode { .. } => 6,
            Self::Log1p { .. } | Self::Transform { .. } => 7,
            Self::Select { .. } => 8,
            Self::Scale { .. } => 9,
            Self::Weight { .. } => 10,
            Self::Reduce { .. } => 11,
        }
    }

    /// Whether it works on the table and makes columns, before any role applies.
    pub fn is_maker(&self) -> bool {
        self.rank() == 0
    }

    /// The columns that the step names; of a `derive`, which names them in its expression, none.
    pub fn columns(&self) -> Vec<&str> {
        match self {
            Self::ParseNumber { column, .. }
            | Self::DatePart { column, .. }
            | Self::DaysSince { column, .. }
            | Self::Bin { column, .. }
            | Self::CleanText { column, .. }
            | Self::LookUp { column, .. }
            | Self::Flags { column, .. }
            | Self::TextFeatures { column, .. }
            | Self::Impute { column, .. }
            | Self::Outliers { column, .. }
            | Self::Merge { column, .. }
            | Self::PoolRare { column, .. }
            | Self::Encode { column, .. }
            | Self::Log1p { column }
            | Self::Weight { column, .. } => vec![column],
            Self::Ratio { column, by, .. } => vec![column, by],
            Self::DropDuplicates { except: columns }
            | Self::Likert { columns, .. }
            | Self::Transform { columns, .. }
            | Self::Scale { columns, .. } => columns.iter().map(String::as_str).collect(),
            Self::Derive { .. } | Self::Select { .. } | Self::Reduce { .. } => Vec::new(),
        }
    }

    /// The word for the step in the recipe.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Derive { .. } => "derive",
            Self::ParseNumber { .. } => "parse-number",
            Self::DatePart { .. } => "date-part",
            Self::DaysSince { .. } => "days-since",
            Self::Ratio { .. } => "ratio",
            Self::Bin { .. } => "bin",
            Self::CleanText { .. } => "clean-text",
            Self::LookUp { .. } => "look-up",
            Self::Likert { .. } => "likert",
            Self::Flags { .. } => "flags",
            Self::TextFeatures { .. } => "text-features",
            Self::Merge { .. } => "merge",
            Self::PoolRare { .. } => "pool-rare",
            Self::DropDuplicates { .. } => "drop-duplicates",
            Self::Outliers { .. } => "outliers",
            Self::Impute { .. } => "impute",
            Self::Encode { .. } => "encode",
            Self::Log1p { .. } => "log1p",
            Self::Transform { .. } => "transform",
            Self::Select { .. } => "select",
            Self::Scale { .. } => "scale",
            Self::Weight { .. } => "weight",
            Self::Reduce { .. } => "reduce",
        }
    }

    /// The names of the columns that it makes, as far as the recipe says them: those of a multiple choice without
    /// options are known once it was fitted, a looked-up value's where it is named.
    pub fn made(&self) -> Vec<String> {
        let named = |name: &Option<String>, else_named: String| vec![name.clone().unwrap_or(else_named)];
        match self {
            Self::Derive { name, .. } | Self::Likert { name, .. } => vec![name.clone()],
            Self::ParseNumber { column, name } | Self::CleanText { column, name, .. } => named(name, column.clone()),
            Self::DatePart { column, part, name } => named(name, format!("{column} {}", part.word())),
            Self::DaysSince { column, name, .. } => named(name, format!("days since {column}")),
            Self::Ratio { column, by, name } => named(name, format!("{column} / {by}")),
            Self::Bin { column, name, .. } => named(name, format!("{column} bin")),
            Self::LookUp { name, value, .. } => name.iter().chain(value).take(1).cloned().collect(),
            Self::Flags { column, options, .. } => options.iter().map(|option| flag_name(column, option)).collect(),
            Self::TextFeatures { column, measures, keywords } => {
                let measured = measures.iter().map(|measure| format!("{column}: {}", measure.word()));
                measured.chain(keywords.iter().map(|word| flag_name(column, word))).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The column of one answer to a multiple choice, or of one keyword of a text.
pub(super) fn flag_name(column: &str, option: &str) -> String {
    format!("{column}={option}")
}
