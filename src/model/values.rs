//! The plain values of this room.

use serde::{Deserialize, Serialize};

use super::classify::Classifier;
use super::{Baseline, Distribution, Region};
use crate::cluster::{Clusterer, Settings};
use crate::metrics::Metrics;
use crate::recipe::{Pipeline, Recipe};
use crate::segments::{Segment, Segments};
use crate::table::Reading;

/// A run with all that it takes to place later rows in its segments and to say what these are. It holds no clock and no
/// personal column: the same run gives the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// The version of the program that made it.
    pub program: String,
    /// What it was made with.
    pub training: Training,
    /// The recipe; its roll-up says that the model takes order lines.
    pub recipe: Recipe,
    /// How the source's columns were read that it needs.
    pub columns: Vec<Reading>,
    /// Turns rows into the space that was clustered.
    pub pipeline: Pipeline,
    /// What was fitted.
    pub fit: Fit,
    /// Places rows of that space in segments.
    pub clusterer: Clusterer,
    /// Where a classifier serves in its place: it places rows by other features, those of the pipeline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classifier: Option<Classifier>,
    /// Where not all training rows are kept that the clusterer compares with: how many, and what that costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
    /// The segments' names, keys, rules and profiles.
    pub segments: Segments,
    /// Where each segment lies in the clustered space, 1..=k in order.
    pub regions: Vec<Region>,
    /// How far the training rows that are in no segment lie from the nearest centre at most; 0 where all are in one.
    pub outskirts: f64,
    /// How each feature was distributed, to see later whether it moved.
    pub baseline: Vec<Baseline>,
    /// How far the rows that it was made with lie from the centre of their segment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distances: Option<Distribution>,
}

impl Model {
    /// What it is called beside the rows that it placed: its run, and the first digits of the hash of what it was made of.
    pub fn name(&self) -> String {
        let hash = self.training.fingerprint.as_deref().and_then(|print| print.split(':').nth(1)).unwrap_or_default();
        format!("{} {}", self.fit.run, hash.chars().take(12).collect::<String>()).trim_end().to_owned()
    }
}

/// What a model was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Training {
    /// `blake3:` and the hash of the source.
    pub fingerprint: Option<String>,
    /// Rows of the table.
    pub rows: usize,
    /// Of them in the matrix.
    pub used: usize,
}

/// What was fitted, and how well.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// The run's id, e.g. `kmeans-k5`.
    pub run: String,
    /// The algorithm's id.
    pub algorithm: String,
    /// Its settings.
    pub settings: Settings,
    /// The run's indices.
    pub metrics: Metrics,
    /// The weakest segment's mean Jaccard over the redraws.
    pub holds: Option<f64>,
}

/// Training rows that are kept where there were more.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Rows that are kept: a sample of each segment in proportion.
    pub rows: usize,
    /// Rows that there were.
    pub of: usize,
    /// The share of the training rows that the kept ones place as all did.
    pub agreement: f64,
}

impl Model {
    /// Whether it takes order lines or events, which are rolled up to customers first.
    pub fn takes_order_lines(&self) -> bool {
        self.recipe.rollup.is_some()
    }

    /// The segment of this number.
    pub fn segment(&self, number: u32) -> Option<&Segment> {
        (number as usize).checked_sub(1).and_then(|place| self.segments.list.get(place))
    }

    /// What could be tried with a segment, where it says so.
    pub fn action(&self, number: Option<u32>) -> Option<&str> {
        self.segment(number?)?.to_try.as_deref()
    }

    /// The key and the name of a segment; `unassigned` and nothing for 0.
    pub fn named(&self, number: u32) -> (&str, &str) {
        self.segment(number).map_or(("unassigned", ""), |segment| (&segment.key, &segment.name))
    }

    /// How often each segment stood among the rows that it was made with, unassigned first.
    pub fn shares(&self) -> Vec<f64> {
        let used = self.training.used.max(1) as f64;
        let sizes = self.segments.list.iter().map(|segment| segment.size);
        std::iter::once(self.segments.unassigned).chain(sizes).map(|size| size as f64 / used).collect()
    }
}
