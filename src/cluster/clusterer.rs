//! What a fit leaves behind to place new rows.

use ndarray::{ArcArray2, Array1, Array2, Array3};
use serde::{Deserialize, Serialize};

use crate::kernel::measure::Measure;

/// Places rows of the clustered space in segments, in agreement with the fit that made it.
/// Segment numbers are 1..=k; row k−1 of `centres` and the like belongs to segment k.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "by")]
pub enum Clusterer {
    /// The nearest centre.
    Centres {
        /// (k, d).
        centres: Array2<f64>,
    },
    /// The nearest medoid or prototype by a distance of its own.
    Prototypes {
        /// (k, d), rows of the clustered space; a category's columns hold one of its levels.
        points: Array2<f64>,
        /// The distance.
        measure: Measure,
    },
    /// The component with the largest posterior.
    Mixture {
        /// (k), summing to 1.
        weights: Array1<f64>,
        /// (k, d).
        means: Array2<f64>,
        /// (k, d, d), lower Cholesky factors of the precisions' inverse, i.e. of the covariances.
        cholesky: Array3<f64>,
    },
    /// The nearest core point within `eps`, else unassigned (ties: the lowest row).
    Cores {
        /// (m, d), in row order.
        points: Array2<f64>,
        /// The segment of each core point.
        labels: Vec<u32>,
        /// The radius.
        eps: f64,
    },
    /// The label of the nearest training row (ties: the lowest row), unassigned included.
    Nearest {
        /// (n, d), the training rows, shared by the cuts of one tree.
        points: ArcArray2<f64>,
        /// The label of each.
        labels: Vec<u32>,
        /// (k, d), the segments' means, for the confidence.
        centres: Array2<f64>,
    },
    /// The label of the nearest training row (ties: the lowest row), unassigned included, with its strength.
    Members {
        /// (n, d), the training rows.
        points: Array2<f64>,
        /// The label of each.
        labels: Vec<u32>,
        /// How strongly each belongs to its segment, in [0, 1].
        strengths: Vec<f64>,
    },
}

/// Where rows were placed.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// 1..=k, 0 unassigned.
    pub labels: Vec<u32>,
    /// In [0, 1]: posterior; (d2 − d1)/d2 over the two nearest centres; core 1, border 0.5, noise 0; HDBSCAN's
    /// strength.
    pub confidence: Vec<f64>,
}
