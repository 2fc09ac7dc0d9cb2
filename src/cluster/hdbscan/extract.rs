//! Flat clusters from the condensed tree, how strongly rows belong to them, and which rows lie outside.

use super::{Condensate, Condensed, Extraction};

/// Sums of equal stabilities differ by as much, by the order of the rows.
const ROUNDING: f64 = 1e-9;

impl Condensed {
    /// The clusters taken, ascending; never the root.
    pub fn extract(&self, extraction: Extraction) -> Vec<usize> {
        match extraction {
            Extraction::Eom => self.longest(),
            Extraction::Leaf => (0..self.clusters.len()).filter(|&number| self.is_leaf(number)).collect(),
        }
    }

    fn is_leaf(&self, number: usize) -> bool {
        let Condensate { parent, children, .. } = &self.clusters[number];
        parent.is_some() && children.is_empty()
    }

    /// The clusters, none within another, whose stabilities have the largest sum.
    fn longest(&self) -> Vec<usize> {
        let mut best = vec![0.0; self.clusters.len()];
        let mut is_taken = vec![false; self.clusters.len()];
        for (number, cluster) in self.clusters.iter().enumerate() {
            let below: f64 = cluster.children.iter().map(|&child| best[child]).sum();
            is_taken[number] = cluster.parent.is_some() && cluster.stability >= below * (1.0 - ROUNDING);
            best[number] = if is_taken[number] { cluster.stability } else { below };
        }
        // From the root down: what lies within a taken cluster is not taken.
        let mut is_within = vec![false; self.clusters.len()];
        for (number, cluster) in self.clusters.iter().enumerate().rev() {
            is_within[number] = cluster.parent.is_some_and(|parent| is_within[parent] || is_taken[parent]);
        }
        (0..self.clusters.len()).filter(|&number| is_taken[number] && !is_within[number]).collect()
    }

    /// For each cluster the one of `chosen` that it lies within.
    fn chosen_of(&self, chosen: &[usize]) -> Vec<Option<usize>> {
        let mut within = vec![None; self.clusters.len()];
        for number in (0..self.clusters.len()).rev() {
            let of_parent = self.clusters[number].parent.and_then(|parent: usize| within[parent]);
            within[number] = if chosen.binary_search(&number).is_ok() { Some(number) } else { of_parent };
        }
        within
    }

    /// For each row the one of `chosen` (ascending) that it belongs to; `None`: noise.
    pub fn labels(&self, chosen: &[usize]) -> Vec<Option<usize>> {
        let within = self.chosen_of(chosen);
        self.last.iter().map(|last| within[(*last)?]).collect()
    }

    /// How strongly each row belongs to its one of `chosen`, in [0, 1]: the λ at which it leaves, as a share
    /// of the largest at which any does; 0 for noise.
    pub fn strengths(&self, chosen: &[usize]) -> Vec<f64> {
        let strength = |(cluster, &lambda): (Option<usize>, &f64)| {
            cluster
                .map_or(0.0, |cluster: usize| lambda.min(self.clusters[cluster].death) / self.clusters[cluster].death)
        };
        self.labels(chosen).into_iter().zip(&self.lambda).map(strength).collect()
    }

    /// How far outside each row lies, in [0, 1] (GLOSH: Campello et al. 2015): 1 − λ/λmax, with the largest
    /// λ of the cluster that it leaves last and of all within; 0 where there is no cluster.
    pub fn outliers(&self) -> Vec<f64> {
        let mut deaths: Vec<f64> = self.clusters.iter().map(|cluster| cluster.death).collect();
        for (number, cluster) in self.clusters.iter().enumerate() {
            if let Some(parent) = cluster.parent {
                deaths[parent] = deaths[parent].max(deaths[number]);
            }
        }
        let score = |(last, lambda): (&Option<usize>, &f64)| last.map_or(0.0, |last| 1.0 - lambda / deaths[last]);
        self.last.iter().zip(&self.lambda).map(score).collect()
    }
}
