//! Classifiers: they place customers by features that are cheaper to collect than those that made the segments.

mod forest;
mod judge;
mod logistic;
mod tree;

pub use forest::Forest;
pub use judge::{Judged, judge};
pub use logistic::Logistic;
pub use tree::Tree;

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use super::ModelError;
use crate::task::Task;

/// The classifiers that are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One decision tree.
    Tree,
    /// Many trees, each of a resample, a few features tried at each split.
    Forest,
    /// Multinomial logistic regression.
    Logistic,
}

impl Kind {
    /// All of them, the plainest first.
    pub const ALL: [Self; 3] = [Self::Tree, Self::Logistic, Self::Forest];

    /// As tables call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Tree => "tree",
            Self::Forest => "random forest",
            Self::Logistic => "logistic regression",
        }
    }
}

/// A fitted classifier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Classifier {
    /// One decision tree.
    Tree(Tree),
    /// Many.
    Forest(Forest),
    /// Logistic regression.
    Logistic(Logistic),
}

/// Rows (n, d) with their classes 0..k.
#[derive(Clone, Copy)]
pub struct Lesson<'a> {
    /// (n, d), finite.
    pub rows: ArrayView2<'a, f64>,
    /// One a row.
    pub classes: &'a [usize],
    /// How many there are.
    pub k: usize,
}

impl Classifier {
    /// Fits one. Deterministic in the task's seed.
    ///
    /// # Errors
    /// The task was cancelled, or the fit gave no numbers.
    pub fn fit(kind: Kind, lesson: Lesson<'_>, task: &Task) -> Result<Self, ModelError> {
        Ok(match kind {
            Kind::Tree => Self::Tree(Tree::fit(lesson, task)?),
            Kind::Forest => Self::Forest(Forest::fit(lesson, task)?),
            Kind::Logistic => Self::Logistic(Logistic::fit(lesson)?),
        })
    }

    /// The probability of each class for a row.
    pub fn probabilities(&self, row: &[f64]) -> Vec<f64> {
        match self {
            Self::Tree(tree) => tree.probabilities(row).to_vec(),
            Self::Forest(forest) => forest.probabilities(row),
            Self::Logistic(logistic) => logistic.probabilities(row),
        }
    }

    /// How much each of `width` columns decides, summing to 1.
    pub fn importances(&self, width: usize) -> Vec<f64> {
        let raw = match self {
            Self::Tree(tree) => tree.gains(width),
            Self::Forest(forest) => forest.gains(width),
            Self::Logistic(logistic) => logistic.sizes(width),
        };
        let sum: f64 = raw.iter().sum();
        raw.into_iter().map(|value| if sum > 0.0 { value / sum } else { 0.0 }).collect()
    }

    /// The most probable class of a row, the first of equals, and its probability.
    pub fn class(&self, row: &[f64]) -> (usize, f64) {
        let probabilities = self.probabilities(row);
        let first = (0, probabilities.first().copied().unwrap_or(0.0));
        (1..)
            .zip(probabilities.iter().skip(1))
            .fold(first, |best, (class, &of)| if of > best.1 { (class, of) } else { best })
    }

    /// Whether it is one of `k` classes over rows of `width` columns.
    pub(super) fn is_whole(&self, k: usize, width: usize) -> bool {
        match self {
            Self::Tree(tree) => tree.is_whole(k, width),
            Self::Forest(forest) => forest.is_whole(k, width),
            Self::Logistic(logistic) => logistic.is_whole(k, width),
        }
    }
}

#[cfg(test)]
mod tests;
