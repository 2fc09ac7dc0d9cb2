//! What can be wrong with a recipe, or between a recipe and a table.

use crate::error::Error;
use crate::task::Cancelled;

/// Why a recipe could not be read or fitted.
#[derive(Debug, thiserror::Error)]
pub enum RecipeError {
    /// The task was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The file is not a recipe.
    #[error("{what}")]
    Toml {
        /// The file and the line, e.g. `recipe.toml:12`.
        place: String,
        /// What is wrong there.
        what: String,
        /// What was probably meant.
        hint: Option<String>,
    },
    /// The recipe is of another version of the format.
    #[error("this recipe has version {0}, this program reads version 1")]
    Version(u32),
    /// The file is not a lock.
    #[error("{file} is no lock: {why}")]
    Lock {
        /// The file.
        file: String,
        /// Why not.
        why: String,
    },
    /// A column that is named is not in the data.
    #[error("no column \"{column}\"")]
    NoColumn {
        /// The name.
        column: String,
        /// Where it is named, e.g. `roles.cluster`.
        place: String,
        /// The nearest column.
        nearest: Option<String>,
    },
    /// A column stands in two roles, or twice in one.
    #[error("\"{column}\" stands in {first} and again in {second}")]
    TwoRoles {
        /// The column.
        column: String,
        /// The role named first.
        first: &'static str,
        /// The role named second.
        second: &'static str,
    },
    /// Nothing to cluster on.
    #[error("no column to cluster on")]
    NoFeature {
        /// What could be chosen.
        hint: String,
    },
    /// A step cannot be done to this column.
    #[error("{what}")]
    Step {
        /// The step, e.g. `log1p of "Income"`.
        place: String,
        /// Why not.
        what: String,
        /// What to do instead.
        hint: String,
    },
    /// A feature without any value.
    #[error("\"{0}\" has no value in any row")]
    AllMissing(String),
    /// Every feature has one value only.
    #[error("every feature has the same value in all rows: {0}")]
    AllConstant(String),
    /// No row is left.
    #[error("no row is left of {rows}: {why}")]
    NoRows {
        /// Rows of the table.
        rows: usize,
        /// The reason that most rows share.
        why: String,
    },
}

impl From<RecipeError> for Error {
    fn from(error: RecipeError) -> Self {
        let what = error.to_string();
        let told = match &error {
            RecipeError::Cancelled(cancelled) => return (*cancelled).into(),
            RecipeError::Toml { place, hint, .. } => with_hint(Self::usage(what).at(place), hint.clone()),
            RecipeError::NoColumn { place, nearest, .. } => {
                let hint = nearest.as_ref().map(|name| format!("did you mean \"{name}\"?"));
                with_hint(Self::usage(what).at(place), hint)
            }
            RecipeError::Version(_) | RecipeError::TwoRoles { .. } => Self::usage(what),
            RecipeError::Lock { .. } => Self::failed(what).hint("remove it; the next run writes a new one"),
            RecipeError::NoFeature { hint } => Self::failed(what).hint(hint),
            RecipeError::Step { place, hint, .. } => Self::failed(what).at(place).hint(hint),
            RecipeError::AllMissing(_) | RecipeError::AllConstant(_) => {
                Self::failed(what).hint("choose other columns with --features or in roles.cluster")
            }
            RecipeError::NoRows { .. } => {
                Self::failed(what).hint("fill gaps instead of dropping rows, or widen the bounds")
            }
        };
        // Kept, so that a front end can say on which line of the recipe it stands.
        told.caused_by(error)
    }
}

fn with_hint(error: Error, hint: Option<String>) -> Error {
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}
