//! The plain values of this room.

use serde::{Deserialize, Serialize};

use super::baskets::Baskets;
use super::{Outcome, Proof};
use crate::recipe::Gift;
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
    /// The segments against the names of the RFM grid and against segmentations that the file holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub crosses: Vec<Cross>,
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

impl Segments {
    /// What a segment brings, one line an outcome.
    pub fn results(&self, segment: u32) -> Vec<String> {
        let of = |outcome: &Outcome| outcome.brief(outcome.segments.iter().find(|lift| lift.segment == segment)?);
        self.outcomes.iter().filter_map(of).collect()
    }

    /// What it buys more than the others, where that is known and there is something.
    pub fn buys(&self, segment: u32) -> Option<String> {
        self.baskets.as_ref()?.brief(segment)
    }
}

/// What a column tells of the customer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Who the customer is.
    Demography,
    /// What was bought and paid.
    Purchases,
    /// How often somebody came, answered, complained.
    Engagement,
    /// The name does not say.
    #[default]
    Other,
}

/// A test of one column over all segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TestKind {
    /// One-way analysis of variance.
    F,
    /// Kruskal and Wallis, with the correction for ties.
    Kruskal,
    /// Pearson's χ², without correction.
    ChiSquared,
}

/// What a test found. The same data made the segments: p describes and proves nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Test {
    /// Which.
    pub kind: TestKind,
    /// Its statistic: F, H or χ².
    pub statistic: f64,
    /// Its degrees of freedom: two for F, one for the others.
    pub freedom: Vec<f64>,
    /// How often chance alone would give as much.
    pub p: f64,
}

/// The segments against groups that were known before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cross {
    /// The column, or `RFM` where the names were worked out from recency, frequency and monetary.
    pub with: String,
    /// The groups, by falling size.
    pub levels: Vec<String>,
    /// Customers of each segment (1 first) in each group.
    pub counts: Vec<Vec<usize>>,
    /// Cramér's V.
    pub v: f64,
    /// What it comes to: how far both say the same, then a sentence for each segment that stands out.
    pub words: Vec<String>,
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
    /// What it tells of the customer.
    #[serde(default)]
    pub group: Group,
    /// F and Kruskal-Wallis for numbers, χ² for categories and yes/no.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<Test>,
    /// Of a feature: its share of the squared distances between the segments' centres; all features give 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub importance: Option<f64>,
}

/// One column of one segment's profile, in original units.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
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
    /// Of all customers who have the level, the share that stands in the segment, in the order of the levels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reach: Vec<f64>,
    /// The mean as a percentage of everyone's (100 is average); where everyone's is positive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<f64>,
    /// The share of the column's total that the segment holds; where no value is negative.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holding: Option<f64>,
}

/// A plain rule for a segment, in original units.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// E.g. `income ≥ 55 and spending ≥ 63`.
    pub text: String,
    /// Of those that it finds, the share that belongs to the segment.
    pub precision: f64,
    /// Of the segment, the share that it finds.
    pub recall: f64,
    /// Of all customers with a segment, the share that it finds.
    #[serde(default)]
    pub coverage: f64,
}

/// A customer who lies nearer to another segment than to the own one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bordering {
    /// The row of the table.
    pub row: u32,
    /// The segment whose centre is nearest but for the own one.
    pub to: u32,
}

/// What could be tried with a segment, as the playbook has it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// The play.
    pub play: String,
    /// Why this one, e.g. `income high, spending low`.
    pub because: String,
    /// What kind of thing it gives.
    pub kind: Gift,
    /// What could be tried.
    pub offer: String,
    /// By which channel.
    pub channel: String,
    /// When.
    pub moment: String,
    /// In which tone.
    pub tone: String,
    /// How to see whether it did anything.
    pub measure: String,
    /// What not to do.
    pub avoid: String,
}

/// How sure a segment is, on clusterboot's scale of the mean Jaccard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    #[default]
    Unknown,
}

/// One cluster as the user knows it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
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
    /// What could be tried, in one line: the offer of [`Segment::action`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_try: Option<String>,
    /// What could be tried, in full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Action>,
    /// What somebody wrote about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Those of its customers who lie on a border, the one that lies worst first; at most ten.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bordering: Vec<Bordering>,
    /// How close together its customers are: their root mean square distance from the segment's centre as a share of
    /// everyone's from everyone's, in the space that was clustered. Small is close.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cohesion: Option<f64>,
}
