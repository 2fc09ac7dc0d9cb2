//! The plain values of a report on drift.

use serde::Serialize;

/// What later rows are, held against those that the model was made with.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drift {
    /// Rows that were looked at.
    pub rows: usize,
    /// Those of them that could not be placed.
    pub unplaced: usize,
    /// Rows that the model was made with.
    pub trained_on: usize,
    /// How often chance alone gives a report that says "drifted", at most.
    pub limit: f64,
    /// Whether anything moved beyond chance.
    pub drifted: bool,
    /// The features, then the segments' shares, then the distances to their centres.
    pub moved: Vec<Moved>,
}

/// What was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A feature.
    Feature,
    /// How large the segments are.
    Segments,
    /// How far the rows lie from the centres of their segments.
    Distances,
}

/// One thing that was compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    /// What it is.
    pub what: What,
    /// The feature's name, or `segments`, or `distances`.
    pub name: String,
    /// Whether it moved beyond chance.
    pub drifted: bool,
    /// The population stability index.
    pub psi: Option<f64>,
    /// What it is on average where nothing moved, by the numbers of rows alone.
    pub psi_by_chance: Option<f64>,
    /// How large it is without that.
    pub size: Size,
    /// What changed.
    #[serde(flatten)]
    pub change: Change,
    /// The share without a value, then and now.
    pub missing: Option<[f64; 2]>,
    /// The feature's share of the distances between the segments' centres: how much it tells them apart.
    pub importance: Option<f64>,
    /// The tests; none where a comparison would not be fair.
    pub tests: Vec<Test>,
    /// The share of the rows that would be in another segment if this feature was distributed as then; only of files,
    /// and only of numbers that drifted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placed_otherwise: Option<f64>,
    /// All of it in words.
    pub sentence: String,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Of numbers.
    Numbers {
        /// The middle value, then and now.
        median: [f64; 2],
        /// The largest distance between the distribution functions.
        ks: f64,
        /// How often a row of now lies above one of then, ties as halves: ½ where nothing moved.
        above: f64,
    },
    /// Of categories: each with its shares, those that changed most first.
    Levels(Vec<Level>),
    /// There is nothing to compare.
    Nothing,
}

/// A category.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Level {
    /// Its name.
    pub name: String,
    /// Its share then.
    pub before: f64,
    /// Its share now.
    pub now: f64,
}

/// How a test compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// Kolmogorov and Smirnov's distance.
    Ks,
    /// Mann and Whitney's ranks.
    Ranks,
    /// Pearson's χ².
    ChiSquared,
    /// Two shares by the hypergeometric law.
    Shares,
    /// The shares without a value, likewise.
    Missing,
}

/// What a test found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Test {
    /// How it compares.
    pub by: By,
    /// How often chance alone gives as much.
    pub p: f64,
    /// The same corrected for all tests of the report.
    pub corrected: f64,
}

/// The size of a PSI by the words of the trade, without what chance gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Size {
    /// Below .02.
    Slight,
    /// Below .1.
    Small,
    /// Below .25.
    Moderate,
    /// From there on.
    Large,
}

impl Size {
    /// The size of this PSI.
    pub fn of(psi: f64) -> Self {
        match psi {
            psi if psi < 0.02 => Self::Slight,
            psi if psi < 0.1 => Self::Small,
            psi if psi < 0.25 => Self::Moderate,
            _ => Self::Large,
        }
    }

    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Slight => "slight",
            Self::Small => "small",
            Self::Moderate => "moderate",
            Self::Large => "large",
        }
    }
}
