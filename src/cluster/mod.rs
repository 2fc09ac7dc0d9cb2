//! The algorithms, one file each, behind one trait.

mod algorithm;
mod assign;
mod bisecting;
mod check;
mod clusterer;
mod dbscan;
mod genie;
mod gmm;
pub mod hdbscan;
mod hierarchical;
mod kernel;
mod kmeans;
mod linfa_traits;
mod medoids;
mod minibatch;
pub mod optics;
mod prototypes;
mod quick;
#[cfg(test)]
mod samples;

pub use algorithm::{Algorithm, Settings};
pub use assign::lexicographic;
pub use bisecting::Bisecting;
pub use clusterer::{Assignment, Clusterer};
pub use dbscan::{Dbscan, k_distances};
pub use genie::Genie;
pub use gmm::{Covariance, GaussianMixture, Groups};
pub use hdbscan::Hdbscan;
pub use hierarchical::{Hierarchical, Merge, Tree, cut_of, from_tree};
pub use kernel::GaussianKernel;
pub use kmeans::KMeans;
pub use medoids::{KMedoids, Measured};
pub use minibatch::MiniBatch;
pub use optics::Optics;
pub use prototypes::KPrototypes;
pub use quick::{QuickKMeans, quick};

use serde::{Deserialize, Serialize};

use crate::error::Error;
pub use crate::kernel::measure::Distance;
use crate::matrix::{Labels, Matrix};
use crate::task::{Cancelled, Task};

/// How the search for the solution that was kept came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// Steps on the way from its start: rounds over all rows (k-means, prototypes), steps of EM (mixtures), swaps
    /// (medoids).
    pub steps: usize,
    /// Whether the last step changed nothing to speak of; else it was stopped.
    pub converged: bool,
}

impl Ending {
    /// The same after so many other steps.
    #[must_use]
    fn after(self, steps: usize) -> Self {
        Self { steps: self.steps + steps, ..self }
    }
}

/// What a fit hands on.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// One label a row of the matrix.
    pub labels: Labels,
    /// Assigns new rows in agreement with the fit; its segments are numbered as the labels are.
    pub clusterer: Clusterer,
    /// What the user should know, e.g. `not converged after 300 iterations`.
    pub warnings: Vec<String>,
    /// How the search ended, where the algorithm goes step by step.
    pub ending: Option<Ending>,
    /// HDBSCAN: how far outside each row lies, in [0, 1] (GLOSH).
    pub outliers: Option<Vec<f64>>,
    /// Mixtures: log L over all rows (natural log).
    pub log_likelihood: Option<f64>,
    /// Mixtures: the number of free parameters.
    pub parameters: Option<usize>,
    /// Mixtures: the sum over all rows of ln of the posterior of the own component, at most 0.
    pub certainty: Option<f64>,
}

impl Fitted {
    /// A fit without warnings and without a likelihood.
    fn plain(labels: Labels, clusterer: Clusterer) -> Self {
        Self {
            labels,
            clusterer,
            warnings: Vec::new(),
            ending: None,
            outliers: None,
            log_likelihood: None,
            parameters: None,
            certainty: None,
        }
    }
}

/// Why a fit gave no labels.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// The task was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// A setting is outside what the algorithm takes.
    #[error("{0}")]
    Settings(String),
    /// More segments were asked for than there are distinct rows.
    #[error("{k} segments were asked for, but there are only {distinct} distinct rows")]
    TooManySegments {
        /// Segments asked for.
        k: usize,
        /// Distinct rows.
        distinct: usize,
    },
    /// It would not fit into the memory budget.
    #[error("would need {needed} of memory, the budget is {budget}")]
    Memory {
        /// What it would take, for reading.
        needed: String,
        /// The budget, for reading.
        budget: String,
    },
    /// The algorithm itself gave up.
    #[error("{0}")]
    Failed(String),
    /// linfa gave up.
    #[error(transparent)]
    Linfa(#[from] linfa::Error),
}

impl From<ClusterError> for Error {
    fn from(error: ClusterError) -> Self {
        let what = error.to_string();
        match error {
            ClusterError::Cancelled(_) => Self::cancelled(),
            ClusterError::Settings(_) => Self::usage(what),
            ClusterError::TooManySegments { distinct, .. } => {
                Self::failed(what).hint(format!("ask for {distinct} segments at most, with --k"))
            }
            ClusterError::Memory { .. } => {
                Self::failed(what).hint("raise --memory, or take kmeans, which needs little")
            }
            ClusterError::Failed(_) | ClusterError::Linfa(_) => Self::failed(what),
        }
    }
}

/// An algorithm with its settings, checked, ready to be fitted.
pub trait Cluster: Send + Sync {
    /// Fits `matrix` (n, d). Deterministic in the task's seed, whatever the number of threads;
    /// answers a cancel within 100 ms.
    ///
    /// # Errors
    /// [`ClusterError`], where no labels could be found.
    fn fit(&self, matrix: &Matrix, task: &Task) -> Result<Fitted, ClusterError>;
}

/// The algorithm with its settings, checked.
///
/// # Errors
/// [`ClusterError::Settings`] where a setting is missing, is not taken or is out of range.
pub fn algorithm(algorithm: Algorithm, settings: Settings) -> Result<Box<dyn Cluster>, ClusterError> {
    let k = || settings.k.ok_or_else(|| missing(algorithm, "k=5"));
    Ok(match algorithm {
        Algorithm::Kmeans => Box::new(KMeans::new(k()?)?),
        Algorithm::Kmedoids => Box::new(KMedoids::new(k()?, settings.distance.unwrap_or_default())?),
        Algorithm::Kprototypes => Box::new(KPrototypes::new(k()?, settings.gamma)?),
        Algorithm::Kmodes => Box::new(KPrototypes::modes(k()?)?),
        Algorithm::Gmm | Algorithm::GmmTied | Algorithm::GmmDiag | Algorithm::GmmSpherical => {
            Box::new(GaussianMixture::new(k()?)?.with_covariance(algorithm.covariance().unwrap_or_default()))
        }
        Algorithm::Genie => Box::new(Genie::new(k()?, settings.gini.unwrap_or(genie::GINI))?),
        Algorithm::Bisecting => Box::new(Bisecting::new(k()?)?),
        Algorithm::Ward
        | Algorithm::Complete
        | Algorithm::Average
        | Algorithm::Single
        | Algorithm::Weighted
        | Algorithm::Centroid
        | Algorithm::Median => Box::new(Hierarchical::new(algorithm, k()?)?),
        Algorithm::Dbscan => {
            let eps = settings.eps.ok_or_else(|| missing(algorithm, "eps=0.5"))?;
            Box::new(Dbscan::new(eps, settings.min_samples.unwrap_or(MIN_SAMPLES))?)
        }
        Algorithm::Minibatch => Box::new(MiniBatch::new(k()?)?),
        Algorithm::Kernel => Box::new(GaussianKernel::new(k()?)?),
        Algorithm::Hdbscan => Box::new(Hdbscan::new(
            settings.min_cluster_size,
            settings.min_samples,
            settings.method.unwrap_or_default(),
        )?),
        Algorithm::Optics => {
            Box::new(Optics::new(settings.min_samples.unwrap_or(MIN_SAMPLES), settings.eps, settings.min_cluster_size)?)
        }
    })
}

/// Why an algorithm cannot be fitted to a matrix, whatever its settings.
pub fn why_not(algorithm: Algorithm, matrix: &Matrix) -> Option<String> {
    let wants = match algorithm {
        Algorithm::Kmodes => "compares categories",
        Algorithm::Kprototypes => "is for numbers and categories together",
        _ => return None,
    };
    let reason = || {
        format!("{} {wants}, and no feature is a category: take kmeans, or name one with --features", algorithm.id())
    };
    matrix.blocks.is_empty().then(reason)
}

/// How many points make a neighbourhood dense where nothing else is asked for.
pub const MIN_SAMPLES: usize = 5;

/// That a setting, given as an example, is missing.
fn missing(algorithm: Algorithm, example: &str) -> ClusterError {
    let (id, name) = (algorithm.id(), example.split('=').next().unwrap_or(example));
    ClusterError::Settings(format!("{id} needs {name}, e.g. {id}:{example}"))
}

/// The memory that a fit of n rows and d columns takes beside the matrix, in bytes, roughly.
pub fn bytes_needed(algorithm: Algorithm, n: usize, d: usize) -> u64 {
    if algorithm == Algorithm::Kmedoids {
        return medoids::bytes_needed(n, d);
    }
    let (wide, d) = (n as u64, d as u64);
    match algorithm {
        // The kernel, its upper triangle and the distances.
        Algorithm::Kernel => wide * wide * 8 + pairs(wide) * 16,
        _ if hierarchical::takes_pairs(algorithm) && n <= hierarchical::MOST_ROWS => pairs(wide) * 8,
        _ => wide * (3 * d + 8) * 8,
    }
}

/// The least memory with which it can be done, in bytes: a tree over pairs begins with fewer micro-clusters.
pub fn bytes_least(algorithm: Algorithm, n: usize, d: usize) -> u64 {
    let linear = if hierarchical::takes_pairs(algorithm) { Algorithm::Ward } else { algorithm };
    bytes_needed(linear, n, d)
}

fn pairs(n: u64) -> u64 {
    n * n.saturating_sub(1) / 2
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::error::Exit;

    #[test]
    fn every_algorithm_of_the_list_can_be_had_and_fits() {
        let matrix = samples::blobs(90, 3, 2, 0.3);
        let known: Vec<u32> = (0..90).map(|row| row % 3 + 1).collect();
        let settings = Settings { k: Some(3), eps: Some(2.0), min_samples: Some(4), ..Settings::default() };
        for id in Algorithm::ALL {
            if why_not(id, &matrix).is_some() {
                continue;
            }
            let fitted = algorithm(id, settings).unwrap().fit(&matrix, &Task::default()).unwrap();
            assert!(samples::same_partition(fitted.labels.as_slice(), &known), "{}", id.id());
            assert_eq!(fitted.labels.as_slice(), known, "{}", id.id());
        }
    }

    #[test]
    fn a_missing_setting_is_wrong_usage_and_says_which() {
        let say = |id| Error::from(algorithm(id, Settings::default()).err().unwrap());
        assert_eq!(say(Algorithm::Dbscan).to_string(), "dbscan needs eps, e.g. dbscan:eps=0.5");
        let error = say(Algorithm::Ward);
        assert_eq!((error.to_string().as_str(), error.exit), ("ward needs k, e.g. ward:k=5", Exit::Usage));
    }

    #[test]
    fn trees_over_pairs_need_quadratic_memory() {
        assert_eq!(bytes_needed(Algorithm::Average, 20_000, 5), 1_599_920_000);
        assert!(bytes_needed(Algorithm::Ward, 20_000, 5) < 10_000_000);
        assert!(bytes_least(Algorithm::Average, 20_000, 5) < 10_000_000);
    }
}
