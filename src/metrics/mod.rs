//! Indices of a labelling: internal, external, interpretability.

mod density;
pub mod external;
mod internal;
mod jaccard;
mod knee;
mod matching;
pub mod rules;
mod sample;
mod simplified;
#[cfg(test)]
mod tests;

pub use density::dbcv;
pub use internal::{Internal, compactness, internal, means, neighbour, silhouettes};
pub use jaccard::best_jaccards;
pub use knee::{Knee, knee};
pub use matching::largest_matching;
pub use simplified::simplified_silhouette;

use serde::{Deserialize, Serialize};

/// The indices of one run. What does not exist for it is `None`, never 0, 1 or NaN.
/// Unassigned rows are left out. All are in the space that was clustered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// Mean silhouette (Rousseeuw 1987), 2 ≤ clusters ≤ n−1.
    pub silhouette: Option<f64>,
    /// Where the silhouette was taken on a sample: its rows and standard error.
    pub silhouette_sample: Option<SilhouetteSample>,
    /// Mean simplified silhouette: by the distances to the segments' means.
    pub simplified_silhouette: Option<f64>,
    /// Davies-Bouldin (1979), lower is better.
    pub davies_bouldin: Option<f64>,
    /// Calinski-Harabasz (1974).
    pub calinski_harabasz: Option<f64>,
    /// Within-cluster sum of squared distances to the cluster means.
    pub wcss: Option<f64>,
    /// −2 log L + p ln n (mixtures).
    pub bic: Option<f64>,
    /// −2 log L + 2 p (mixtures).
    pub aic: Option<f64>,
    /// BIC − 2 Σ ln of each row's own posterior, lower is better (mixtures; Biernacki et al. 2000).
    pub icl: Option<f64>,
    /// log L over all rows (mixtures).
    pub log_likelihood: Option<f64>,
    /// How often near neighbours of the segment with the worst border are parted, as a share of how often k-means parts
    /// those of customers without groups: 0 set apart, 1 cut through. Where nearly everybody is placed.
    pub contact: Option<f64>,
    /// Density-based validation (Moulavi et al. 2014; density methods), higher is better.
    pub dbcv: Option<f64>,
    /// Mean ARI between the labels and those of refits on resamples.
    pub stability: Option<f64>,
    /// Prediction strength (Tibshirani and Walther 2005) of the recommended run: how often pairs that one half of the
    /// customers puts together are together by the other half too, in the weakest segment.
    pub prediction_strength: Option<f64>,
    /// Adjusted Rand index against the known classes, where a truth column is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ari: Option<f64>,
    /// Adjusted mutual information (arithmetic) against the known classes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ami: Option<f64>,
    /// Normalised mutual information (arithmetic) against the known classes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nmi: Option<f64>,
    /// V-measure against the known classes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub v_measure: Option<f64>,
    /// Fowlkes-Mallows against the known classes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fowlkes_mallows: Option<f64>,
    /// The share of rows in the segment that is matched, one to one and best, to their known class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
}

/// How a sampled silhouette was taken.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SilhouetteSample {
    /// Rows in the sample.
    pub rows: usize,
    /// Standard error of the mean.
    pub se: f64,
}
