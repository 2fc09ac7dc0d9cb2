//! A random forest (Breiman 2001): trees of resamples, √d features tried at each question, their shares averaged.

use rand::Rng;
use serde::{Deserialize, Serialize};

use super::Lesson;
use super::tree::{Limits, Tree};
use crate::task::{Cancelled, Task};

const TREES: usize = 100;
const LIMITS: Limits = Limits { depth: 16, leaf: 2 };

/// A random forest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forest {
    trees: Vec<Tree>,
}

impl Forest {
    /// Grows the trees, each by a stream of its own.
    pub fn fit(lesson: Lesson<'_>, task: &Task) -> Result<Self, Cancelled> {
        let n = lesson.classes.len();
        let tried = (lesson.rows.ncols() as f64).sqrt().ceil() as usize;
        let grow = |tree: usize| {
            let mut random = task.stream(&["forest", &tree.to_string()]);
            let rows = (0..n).map(|_| random.gen_range(0..n)).collect();
            Tree::grow(lesson, rows, LIMITS, tried, &mut random, task)
        };
        Ok(Self { trees: (0..TREES).map(grow).collect::<Result<_, _>>()? })
    }

    /// The mean of the trees' shares.
    pub fn probabilities(&self, row: &[f64]) -> Vec<f64> {
        let mut sums: Vec<f64> = Vec::new();
        for tree in &self.trees {
            let shares = tree.probabilities(row);
            sums.resize(shares.len(), 0.0);
            sums.iter_mut().zip(shares).for_each(|(sum, share)| *sum += share);
        }
        sums.iter().map(|sum| sum / self.trees.len() as f64).collect()
    }

    pub(super) fn gains(&self, width: usize) -> Vec<f64> {
        let mut sums = vec![0.0; width];
        for tree in &self.trees {
            sums.iter_mut().zip(tree.gains(width)).for_each(|(sum, gain)| *sum += gain);
        }
        sums
    }

    pub(super) fn is_whole(&self, k: usize, width: usize) -> bool {
        !self.trees.is_empty() && self.trees.iter().all(|tree| tree.is_whole(k, width))
    }
}
