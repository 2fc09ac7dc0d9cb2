//! The plain values of this room.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::rank;
use crate::cluster::{Algorithm, Clusterer, Ending, Settings};
use crate::matrix::Labels;
use crate::metrics::Metrics;

/// One algorithm with its settings, to be fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// Its settings.
    pub settings: Settings,
}

/// What a study fits and how it judges.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The candidates as the user named them; an algorithm without settings stands for its whole family
    /// (every k, the five eps); empty: those that suit the matrix.
    pub algorithms: Vec<Candidate>,
    /// The numbers of segments to try.
    pub k: RangeInclusive<usize>,
    /// Redraws for all runs; `None`: 20 for the six best.
    pub stability: Option<usize>,
    /// How many segments the business can use.
    pub segments: Option<RangeInclusive<usize>>,
    /// The smallest segment worth acting on, as a share of the customers.
    pub smallest: Option<f64>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Not begun yet (on screen only).
    Waiting,
    /// Fitted.
    Done,
    /// The fit gave no labels; `reason` says why.
    Failed,
    /// Not started, because it would not fit; `reason` says why.
    LeftOut,
}

/// The redraws of a run: refits on bootstrap resamples, compared on the rows drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Stability {
    /// Resamples done so far.
    pub redraws: usize,
    /// Resamples planned.
    pub planned: usize,
    /// Mean ARI between the labels and those of the refits.
    pub mean_ari: f64,
    /// For each segment the mean of its best Jaccard over the redraws (Hennig 2007).
    pub jaccards: Vec<f64>,
}

impl Stability {
    /// The weakest segment's mean Jaccard: a mean over segments would hide one broken segment.
    pub fn holds(&self) -> Option<f64> {
        self.jaccards.iter().copied().reduce(f64::min)
    }

    /// Whether all planned redraws are in.
    pub fn is_final(&self) -> bool {
        self.redraws >= self.planned
    }
}

/// A fitted candidate, or why it failed.
#[derive(Debug, Clone)]
pub struct Run {
    /// E.g. `kmeans-k5`, `dbscan-eps0.2-min5`.
    pub id: String,
    /// What was fitted.
    pub candidate: Candidate,
    /// How it ended.
    pub status: Status,
    /// Why it failed or was left out.
    pub reason: Option<String>,
    /// What the user should know about the fit.
    pub warnings: Vec<String>,
    /// How the fit ended, where the algorithm goes step by step.
    pub ending: Option<Ending>,
    /// One label a row of the matrix; empty unless done.
    pub labels: Arc<Labels>,
    /// Places new rows; `None` unless done.
    pub clusterer: Option<Arc<Clusterer>>,
    /// The indices.
    pub metrics: Metrics,
    /// The mean silhouette of each segment, 1..=k in order.
    pub cluster_silhouettes: Vec<f64>,
    /// The redraws, once they began.
    pub stability: Option<Stability>,
    /// The share of the assigned customers that one plain rule a segment places right.
    pub rules: Option<f64>,
    /// The first run of the list that has the same partition.
    pub same_as: Option<String>,
    /// Why it is not advised; empty for a run above the line.
    pub against: Vec<String>,
    /// The place in the recommendation's order, 1 first.
    pub rank: Option<usize>,
    /// Wall seconds of the fit; stands in `compare`'s JSON and where the workbench shows a run in full, nowhere else.
    pub seconds: f64,
}

impl Run {
    /// The smallest segment's size.
    pub fn smallest(&self) -> Option<usize> {
        self.labels.sizes().last().copied()
    }

    /// The weakest segment's mean Jaccard over the redraws.
    pub fn holds(&self) -> Option<f64> {
        self.stability.as_ref().and_then(Stability::holds)
    }

    /// Whether it stands above the line.
    pub fn is_advised(&self) -> bool {
        self.status == Status::Done && self.against.is_empty()
    }
}

/// The WCSS curve of an algorithm and its knee (kneedle: Satopää et al. 2011).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Elbow {
    /// The numbers of segments, from 1.
    pub k: Vec<usize>,
    /// The WCSS at each.
    pub wcss: Vec<f64>,
    /// The range the knee was looked for in, e.g. `1..10`.
    pub range: String,
    /// The knee, `None` where the curve has none.
    pub knee: Option<usize>,
    /// The height of the knee over the diagonal in [0, 1]; below 0.2 the elbow is not clear.
    pub strength: f64,
}

/// How clear the structure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Structure {
    /// Segments are clearly apart and hold.
    Clear,
    /// Useful, but the borders are soft.
    Weak,
    /// Nothing that holds.
    None,
}

/// One index's word on the number of segments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vote {
    /// The index, e.g. `silhouette`, `elbow`.
    pub index: String,
    /// What it says.
    pub k: usize,
}

/// One condition that the recommended run was held to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// Its name: `holds`, `assigned`, `smallest`, `segments`.
    pub name: String,
    /// What the run has; `None` while it is being computed.
    pub value: Option<f64>,
    /// What it must have.
    pub limit: f64,
    /// Whether it passes; `None` while it is being computed.
    pub pass: Option<bool>,
}

/// A run that is not advised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rejected {
    /// The run.
    pub id: String,
    /// Why.
    pub why: String,
}

/// A coarser or finer answer, in terms of customers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// The run.
    pub id: String,
    /// Its number of segments.
    pub segments: usize,
    /// Whether it holds.
    pub advised: bool,
    /// What it would do to the customers, e.g. `3 holds as well, but leaves 123 customers in one group`.
    pub what: String,
}

/// One column that alone explains the segments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tautology {
    /// The column.
    pub column: String,
    /// The level, where one level says it all, e.g. `No`.
    pub level: Option<String>,
    /// Adjusted mutual information between column and segments.
    pub ami: f64,
}

/// The answer in words and figures; every number in the words is one of the figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Recommendation {
    /// The run that is advised; `None` where there is no structure.
    pub id: Option<String>,
    /// How clear the structure is.
    pub structure: Structure,
    /// The clearest structure.
    pub strongest: Option<String>,
    /// The finest one that still holds and is worth acting on.
    pub useful: Option<String>,
    /// What the indices say.
    pub votes: Vec<Vote>,
    /// What the run was held to.
    pub gates: Vec<Gate>,
    /// What is not advised and why.
    pub rejected: Vec<Rejected>,
    /// The sentences, the first of them the headline (`Take 5 segments: k-means`).
    pub reasons: Vec<String>,
    /// One step coarser and one finer.
    pub alternatives: Vec<Alternative>,
    /// The guard's word, where one column alone explains the segments.
    pub tautology: Option<Tautology>,
    /// Whether redraws are still missing.
    pub provisional: bool,
}

/// A run of a study of a sample, fitted to all rows.
#[derive(Debug, Clone)]
pub struct Full {
    /// The run over all rows; its settings are carried over from the sample's.
    pub run: Run,
    /// How many customers of the sample are placed alike.
    pub alike: usize,
}

/// All the candidates over one matrix, and their runs.
#[derive(Debug, Clone)]
pub struct Study {
    /// What was asked for.
    pub plan: Plan,
    /// In the candidates' order.
    pub runs: Vec<Run>,
    /// By algorithm.
    pub elbows: BTreeMap<Algorithm, Elbow>,
    /// The answer, provisional until the redraws are in.
    pub recommendation: Recommendation,
    /// Where the study is one of a sample: the chosen run on all rows.
    pub full: Option<Arc<Full>>,
}

impl Study {
    /// The run with this id.
    pub fn run(&self, id: &str) -> Option<&Run> {
        self.runs.iter().find(|run| run.id == id)
    }

    /// Whether the run places nearly everybody, in segments of a useful size: only then do indices vote for it.
    pub fn is_usable(&self, run: &Run) -> bool {
        rank::is_usable(run, &self.plan)
    }

    /// The recommended run.
    pub fn recommended(&self) -> Option<&Run> {
        self.recommendation.id.as_deref().and_then(|id| self.run(id))
    }

    /// The done runs in the recommendation's order: those above the line by rank, then the others by silhouette.
    pub fn ranked(&self) -> Vec<&Run> {
        let mut runs: Vec<&Run> = self.runs.iter().filter(|run| run.status == Status::Done).collect();
        runs.sort_by_key(|run| run.rank.unwrap_or(usize::MAX));
        runs
    }
}
