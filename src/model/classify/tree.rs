//! A decision tree by Gini's impurity (CART: Breiman et al. 1984), with the shares of the classes in its leaves.

use rand::Rng;
use rand::seq::index;
use serde::{Deserialize, Serialize};

use super::Lesson;
use crate::task::{Cancelled, Task};

/// Questions between the root and a leaf of a tree that stands alone, and the fewest rows of its leaves.
const ALONE: Limits = Limits { depth: 8, leaf: 5 };

/// How far a tree grows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub depth: usize,
    pub leaf: usize,
}

/// A decision tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    /// The root first; what follows on a question stands behind it.
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Node {
    Question {
        column: usize,
        /// Rows up to this value go `low`.
        at: f64,
        low: usize,
        high: usize,
        /// How much impurity it took away, in rows.
        gain: f64,
    },
    Leaf {
        /// The shares of the classes, one more row of each counted (Laplace): nothing is impossible.
        shares: Vec<f64>,
    },
}

impl Tree {
    /// Grows a tree that stands alone.
    pub fn fit(lesson: Lesson<'_>, task: &Task) -> Result<Self, Cancelled> {
        let all = (0..lesson.classes.len()).collect();
        Self::grow(lesson, all, ALONE, lesson.rows.ncols(), &mut task.stream(&["tree"]), task)
    }

    /// Grows a tree of these rows; at each question only `tried` columns are looked at.
    pub(super) fn grow<'r>(
        lesson: Lesson<'_>,
        rows: Vec<usize>,
        limits: Limits,
        tried: usize,
        random: &'r mut impl Rng,
        task: &'r Task,
    ) -> Result<Self, Cancelled> {
        let mut growing = Growing { lesson, limits, tried, random, nodes: Vec::new(), task };
        growing.node(rows, 0)?;
        Ok(Self { nodes: growing.nodes })
    }

    /// The shares of the classes where this row ends.
    pub fn probabilities(&self, row: &[f64]) -> &[f64] {
        let mut at_node = 0;
        loop {
            match &self.nodes[at_node] {
                Node::Leaf { shares } => return shares,
                Node::Question { column, at, low, high, .. } => {
                    at_node = if row[*column] <= *at { *low } else { *high }
                }
            }
        }
    }

    /// The impurity that each column took away.
    pub(super) fn gains(&self, width: usize) -> Vec<f64> {
        let mut gains = vec![0.0; width];
        for node in &self.nodes {
            if let Node::Question { column, gain, .. } = node {
                gains[*column] += gain;
            }
        }
        gains
    }

    pub(super) fn is_whole(&self, k: usize, width: usize) -> bool {
        let whole = |(place, node): (usize, &Node)| match node {
            Node::Leaf { shares } => shares.len() == k,
            Node::Question { column, at, low, high, .. } => {
                // Each question leads on, so that a row comes to an end.
                let onwards = |next: &usize| *next > place && *next < self.nodes.len();
                *column < width && !at.is_nan() && onwards(low) && onwards(high)
            }
        };
        !self.nodes.is_empty() && self.nodes.iter().enumerate().all(whole)
    }
}

struct Growing<'a, 'r, R> {
    lesson: Lesson<'a>,
    limits: Limits,
    tried: usize,
    random: &'r mut R,
    nodes: Vec<Node>,
    task: &'r Task,
}

/// A question that parts rows.
struct Parting {
    column: usize,
    at: f64,
    gain: f64,
}

impl<R: Rng> Growing<'_, '_, R> {
    /// Grows the node of these rows and all below it; returns its place.
    fn node(&mut self, rows: Vec<usize>, depth: usize) -> Result<usize, Cancelled> {
        self.task.check()?;
        let place = self.nodes.len();
        self.nodes.push(self.leaf(&rows));
        let Some(parting) = (depth < self.limits.depth).then(|| self.best(&rows)).flatten() else { return Ok(place) };
        let Parting { column, at, gain } = parting;
        let (low, high): (Vec<usize>, Vec<usize>) =
            rows.into_iter().partition(|&row| self.lesson.rows[[row, column]] <= at);
        let low = self.node(low, depth + 1)?;
        let high = self.node(high, depth + 1)?;
        self.nodes[place] = Node::Question { column, at, low, high, gain };
        Ok(place)
    }

    fn leaf(&self, rows: &[usize]) -> Node {
        let counts = self.counts(rows);
        let all = (rows.len() + self.lesson.k) as f64;
        Node::Leaf { shares: counts.into_iter().map(|count| (count + 1.0) / all).collect() }
    }

    fn counts(&self, rows: &[usize]) -> Vec<f64> {
        let mut counts = vec![0.0; self.lesson.k];
        rows.iter().for_each(|&row| counts[self.lesson.classes[row]] += 1.0);
        counts
    }

    /// The question that takes most impurity away; of equals the one on the first column, at the lowest value.
    fn best(&mut self, rows: &[usize]) -> Option<Parting> {
        let width = self.lesson.rows.ncols();
        let mut columns: Vec<usize> = match self.tried < width {
            true => index::sample(self.random, width, self.tried).into_vec(),
            false => (0..width).collect(),
        };
        columns.sort_unstable();
        let better = |best: Option<Parting>, next: Parting| match best {
            Some(best) if best.gain >= next.gain => Some(best),
            _ => Some(next),
        };
        columns.into_iter().filter_map(|column| self.best_of(rows, column)).fold(None, better)
    }

    fn best_of(&self, rows: &[usize], column: usize) -> Option<Parting> {
        let mut values: Vec<(f64, usize)> =
            rows.iter().map(|&row| (self.lesson.rows[[row, column]], self.lesson.classes[row])).collect();
        values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut above = self.counts(rows);
        let mut below = vec![0.0; self.lesson.k];
        let all = impurity(&above);
        let mut best: Option<Parting> = None;
        for (place, pair) in values.windows(2).enumerate() {
            let ((value, class), next) = (pair[0], pair[1].0);
            below[class] += 1.0;
            above[class] -= 1.0;
            let smallest = (place + 1).min(values.len() - place - 1);
            if value == next || smallest < self.limits.leaf {
                continue;
            }
            let gain = all - impurity(&below) - impurity(&above);
            if gain > 1e-12 * all.max(1.0) && best.as_ref().is_none_or(|best| gain > best.gain) {
                best = Some(Parting { column, at: between(value, next), gain });
            }
        }
        best
    }
}

/// The number of rows times Gini's impurity: n − Σ n_c²/n.
fn impurity(counts: &[f64]) -> f64 {
    let rows: f64 = counts.iter().sum();
    if rows > 0.0 { rows - counts.iter().map(|count| count * count).sum::<f64>() / rows } else { 0.0 }
}

/// A value from `low` on and below `high`.
fn between(low: f64, high: f64) -> f64 {
    let middle = f64::midpoint(low, high);
    if middle < high { middle } else { low }
}
