//! The plain values of this room.

use serde::{Deserialize, Serialize};

use super::baskets::Baskets;
use super::{Outcome, Proof};
use crate::table::{Kind, Role};

/// The segments of one run as the user knows them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segments {
    /// The run they are of.
    pub run: String,
    /// Segment 1 first.
    pub list: Vec<Segment>,
    /// The columns: features, then described ones, then outcomes; each group by falling effect (η² and V²
    /// are on one scale).
    pub effects: Vec<Effect>,
    /// Customers that are in no segment.
    pub unassigned: usize,
    /// Customers in the table.
    pub customers: usize,
    /// What the segments bring, by the columns that were kept out to judge them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<Outcome>,
    /// How sure they are, where that was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// What they buy, where order lines are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baskets: Option<Baskets>,
}

/// How much a column differs between the segments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// The column.
    pub column: String,
    /// Its kind.
    pub kind: Kind,
    /// Its role.
    pub role: Role,
    /// η² (numbers) or Cramér's V (categories, yes/no), in [0, 1].
    pub size: f64,
    /// Everyone's mean (numbers; the share of yes for yes/no columns).
    pub mean: Option<f64>,
    /// Everyone's standard deviation (ddof 0).
    pub sd: Option<f64>,
    /// The shares of the levels among everyone, largest first (categories, and described columns of few whole
    /// numbers, whose mean would say nothing); empty for numbers.
    pub levels: Vec<(String, f64)>,
}

/// One column of one segment's profile, in original units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// The column; the cells stand in the order of [`Segments::effects`].
    pub column: String,
    /// The mean (numbers; the share of yes for yes/no columns).
    pub mean: Option<f64>,
    /// The standard deviation (ddof 0).
    pub sd: Option<f64>,
    /// The smallest and largest value.
    pub span: Option<(f64, f64)>,
    /// Distance of the mean from everyone's, in everyone's standard deviations.
    pub difference: Option<f64>,
    /// `FactoMineR`'s v-test of the mean.
    pub v_test: Option<f64>,
    /// The share of each level within the segment, with its v-test, in the order of [`Effect::levels`].
    pub levels: Vec<(String, f64, f64)>,
}

/// A plain rule for a segment, in original units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// E.g. `income ≥ 55 and spending ≥ 63`.
    pub text: String,
    /// Of those that it finds, the share that belongs to the segment.
    pub precision: f64,
    /// Of the segment, the share that it finds.
    pub recall: f64,
}

/// How sure a segment is, on clusterboot's scale of the mean Jaccard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sureness {
    /// ≥ .85.
    Firm,
    /// ≥ .75.
    Holds,
    /// ≥ .60: a pattern only.
    Pattern,
    /// < .60.
    NoTrust,
    /// Not redrawn.
    Unknown,
}

/// One cluster as the user knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// 1..=k.
    pub number: u32,
    /// A slug that survives renaming.
    pub key: String,
    /// A short name that differs from the others'.
    pub name: String,
    /// Customers in it.
    pub size: usize,
    /// Its share of all customers that are used.
    pub share: f64,
    /// One a column, in the order of [`Segments::effects`].
    pub cells: Vec<Cell>,
    /// Rows of the table nearest the centre, nearest first.
    pub paragons: Vec<u32>,
    /// The mean silhouette.
    pub silhouette: Option<f64>,
    /// The mean Jaccard over the redraws.
    pub holds: Option<f64>,
    /// What that means.
    pub sureness: Sureness,
    /// Customers on a border: nearer to another segment (negative silhouette).
    pub border: usize,
    /// A plain rule, where one was found.
    pub rule: Option<Rule>,
    /// What it is, in one sentence with everyone's numbers beside the segment's.
    pub sentence: String,
    /// What is not known about it; never empty.
    pub unknown: String,
    /// What could be tried, where the columns say enough for an honest word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_try: Option<String>,
}
