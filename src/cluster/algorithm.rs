//! The list of algorithms and their settings.

use serde::{Deserialize, Serialize};

use super::Covariance;
use super::hdbscan::Extraction;
use crate::kernel::measure::Distance;

/// An algorithm of the list; its id is what the command line and the JSON use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// k-means (Lloyd, greedy k-means++, restarts, random swap).
    Kmeans,
    /// linfa's incremental k-means.
    Minibatch,
    /// k-medoids (FasterPAM, CLARA) by any distance.
    Kmedoids,
    /// k-prototypes: numbers and categories together.
    Kprototypes,
    /// k-modes: categories alone.
    Kmodes,
    /// Gaussian mixture, full covariance.
    Gmm,
    /// Gaussian mixture, one covariance for all.
    #[serde(rename = "gmm-tied")]
    GmmTied,
    /// Gaussian mixture, a variance for each column and component.
    #[serde(rename = "gmm-diag")]
    GmmDiag,
    /// Gaussian mixture, one variance a component.
    #[serde(rename = "gmm-spherical")]
    GmmSpherical,
    /// Hierarchical, Ward's criterion.
    Ward,
    /// Hierarchical, complete linkage.
    Complete,
    /// Hierarchical, average linkage.
    Average,
    /// Hierarchical, single linkage.
    Single,
    /// Hierarchical, weighted average linkage.
    Weighted,
    /// Hierarchical, centroid linkage.
    Centroid,
    /// Hierarchical, median linkage.
    Median,
    /// k-means that parts the widest segment again and again.
    Bisecting,
    /// linfa-hierarchical's clustering by a Gaussian kernel.
    Kernel,
    /// Merges along the minimum spanning tree, sizes kept from growing unequal.
    Genie,
    /// Density: DBSCAN.
    Dbscan,
    /// Density: OPTICS.
    Optics,
    /// Density: HDBSCAN.
    Hdbscan,
}

/// How an algorithm comes to its segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Parts the rows into the number of segments that is asked for.
    Parts,
    /// Grows one tree that is cut into any number of segments.
    Tree,
    /// Finds dense groups, their number too, and leaves thin regions out.
    Density,
}

impl Algorithm {
    /// All algorithms, in the order in which they are listed.
    pub const ALL: [Self; 22] = [
        Self::Kmeans,
        Self::Ward,
        Self::Gmm,
        Self::Genie,
        Self::Hdbscan,
        Self::Dbscan,
        Self::Kprototypes,
        Self::Kmodes,
        Self::Kmedoids,
        Self::Complete,
        Self::Average,
        Self::Weighted,
        Self::Single,
        Self::Centroid,
        Self::Median,
        Self::GmmTied,
        Self::GmmDiag,
        Self::GmmSpherical,
        Self::Bisecting,
        Self::Minibatch,
        Self::Kernel,
        Self::Optics,
    ];
    /// What a study of numbers fits where no algorithms are named.
    pub const DEFAULT: [Self; 6] = [Self::Kmeans, Self::Ward, Self::Gmm, Self::Genie, Self::Hdbscan, Self::Dbscan];
    /// The same where a category is among the features: its columns are no Gaussian, so that prototypes take the place
    /// of the mixture.
    pub const MIXED: [Self; 6] =
        [Self::Kmeans, Self::Ward, Self::Kprototypes, Self::Genie, Self::Hdbscan, Self::Dbscan];

    /// Its id, its family and, for who chooses among them, what it does.
    const fn entry(self) -> (&'static str, Family, &'static str) {
        match self {
            Self::Kmeans => ("kmeans", Family::Parts, "round groups around their means; fast"),
            Self::Minibatch => ("minibatch", Family::Parts, "k-means from samples, for many rows"),
            Self::Kmedoids => ("kmedoids", Family::Parts, "groups around typical customers, by any distance"),
            Self::Kprototypes => ("kprototypes", Family::Parts, "groups of numbers and categories together"),
            Self::Kmodes => ("kmodes", Family::Parts, "groups by categories alone"),
            Self::Gmm => ("gmm", Family::Parts, "overlapping groups of any tilt and spread"),
            Self::GmmTied => ("gmm-tied", Family::Parts, "overlapping groups of one tilt and spread"),
            Self::GmmDiag => ("gmm-diag", Family::Parts, "overlapping groups along the axes"),
            Self::GmmSpherical => ("gmm-spherical", Family::Parts, "round overlapping groups of any size"),
            Self::Ward => ("ward", Family::Tree, "a tree of merges that keeps groups compact"),
            Self::Complete => ("complete", Family::Tree, "a tree by the farthest pair"),
            Self::Average => ("average", Family::Tree, "a tree by the mean distance"),
            Self::Single => ("single", Family::Tree, "a tree by the nearest pair; follows chains"),
            Self::Genie => ("genie", Family::Tree, "groups of any shape, none of them tiny"),
            Self::Weighted => ("weighted", Family::Tree, "a tree by the mean distance, both parts alike"),
            Self::Centroid => ("centroid", Family::Tree, "a tree by the distance of the means"),
            Self::Median => ("median", Family::Tree, "a tree by the distance of the middles"),
            Self::Bisecting => ("bisecting", Family::Parts, "k-means that parts the widest group in two"),
            Self::Kernel => ("kernel", Family::Parts, "a tree over a Gaussian kernel"),
            Self::Dbscan => ("dbscan", Family::Density, "dense groups of any shape; leaves the thin rest out"),
            Self::Optics => ("optics", Family::Density, "dense groups of differing density"),
            Self::Hdbscan => ("hdbscan", Family::Density, "dense groups of differing density that last"),
        }
    }

    /// The id, e.g. `kmeans`.
    pub fn id(self) -> &'static str {
        self.entry().0
    }

    /// The name on the screen, e.g. `k-means`.
    pub fn title(self) -> &'static str {
        match self {
            Self::Kmeans => "k-means",
            Self::Kmedoids => "k-medoids",
            Self::Kprototypes => "k-prototypes",
            Self::Kmodes => "k-modes",
            Self::Gmm => "mixture",
            Self::GmmTied => "mixture-tied",
            Self::GmmDiag => "mixture-diag",
            Self::GmmSpherical => "mixture-spherical",
            Self::Minibatch => "mini-batch",
            other => other.id(),
        }
    }

    /// What it does, in a few words.
    pub fn about(self) -> &'static str {
        self.entry().2
    }

    /// The algorithm with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.id() == id)
    }

    /// What the covariances differ in, of a mixture.
    pub fn covariance(self) -> Option<Covariance> {
        match self {
            Self::Gmm => Some(Covariance::Full),
            Self::GmmTied => Some(Covariance::Tied),
            Self::GmmDiag => Some(Covariance::Diag),
            Self::GmmSpherical => Some(Covariance::Spherical),
            _ => None,
        }
    }

    /// Whether the number of segments is a setting (density methods find it themselves).
    pub fn takes_k(self) -> bool {
        self.entry().1 != Family::Density
    }

    /// Whether one tree serves every k.
    pub fn is_tree(self) -> bool {
        self.entry().1 == Family::Tree
    }
}

/// The settings of a candidate; what an algorithm does not take is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The number of segments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub k: Option<usize>,
    /// The radius of a neighbourhood (≤ eps), in the space that is clustered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eps: Option<f64>,
    /// How many points make a neighbourhood dense, counting the point itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_samples: Option<usize>,
    /// Genie: the limit to the Gini index of the segments' sizes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gini: Option<f64>,
    /// HDBSCAN, OPTICS: the fewest rows that make a segment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_cluster_size: Option<usize>,
    /// HDBSCAN: which clusters of its tree are taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<Extraction>,
    /// How far apart two rows are; Euclidean where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance: Option<Distance>,
    /// What a category that differs counts beside squared distances of numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gamma: Option<f64>,
}
