//! What can go wrong with a study.

use crate::cluster::Algorithm;
use crate::error::{Error, nearest};
use crate::task::Cancelled;

/// Why there is no study.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    /// The task was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// No algorithm has this id.
    #[error("no algorithm \"{0}\"")]
    UnknownAlgorithm(String),
    /// The algorithm has no such setting.
    #[error("{algorithm} has no setting \"{setting}\"")]
    UnknownSetting {
        /// The algorithm's id.
        algorithm: &'static str,
        /// What was written.
        setting: String,
        /// What it takes.
        takes: &'static [&'static str],
    },
    /// A setting or an option has a value that it cannot have.
    #[error("{name} cannot be \"{value}\"")]
    Value {
        /// The setting or option.
        name: &'static str,
        /// What was written.
        value: String,
        /// What it can be.
        wants: &'static str,
    },
    /// A run of a sample cannot be fitted to all rows.
    #[error("{id} cannot be refitted on all {rows} rows: {reason}")]
    Refit {
        /// The run.
        id: String,
        /// All rows.
        rows: usize,
        /// Why.
        reason: String,
    },
    /// There is nothing to compare.
    #[error("{rows} rows of {columns} features are too few to be segmented")]
    TooSmall {
        /// Rows of the matrix.
        rows: usize,
        /// Columns of the matrix.
        columns: usize,
    },
}

impl From<StudyError> for Error {
    fn from(error: StudyError) -> Self {
        let what = error.to_string();
        match error {
            StudyError::Cancelled(cancelled) => cancelled.into(),
            StudyError::UnknownAlgorithm(id) => Self::usage(what).at("--algorithms").hint(known_algorithms(&id)),
            StudyError::UnknownSetting { setting, takes, .. } => {
                Self::usage(what).at("--algorithms").hint(known_settings(&setting, takes))
            }
            StudyError::Value { wants, .. } => Self::usage(what).hint(format!("give {wants}")),
            StudyError::Refit { .. } => {
                Self::failed(what).hint("raise --memory, or take another run with --run, e.g. one of kmeans")
            }
            StudyError::TooSmall { .. } => Self::failed(what).hint("choose more features or check what was dropped"),
        }
    }
}

fn known_algorithms(id: &str) -> String {
    let ids = || Algorithm::ALL.into_iter().map(Algorithm::id);
    match nearest(id, ids().chain(["all"])) {
        Some(name) => format!("did you mean \"{name}\"?"),
        None => format!("there are {} and all", ids().collect::<Vec<_>>().join(", ")),
    }
}

fn known_settings(setting: &str, takes: &[&'static str]) -> String {
    match nearest(setting, takes.iter().copied()) {
        Some(name) => format!("did you mean \"{name}\"?"),
        None => format!("it takes {}", takes.join(" and ")),
    }
}
