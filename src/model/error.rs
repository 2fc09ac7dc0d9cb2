//! What can be wrong with a model file, or between a model and rows.

use std::path::PathBuf;

use crate::error::Error;
use crate::recipe::RecipeError;
use crate::task::Cancelled;

/// Why a model could not be made, read or used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The task was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The pipeline cannot be applied.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// The file cannot be read.
    #[error("cannot be read: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no model.
    #[error("this is no model")]
    NotOne(PathBuf),
    /// The file is larger than any model.
    #[error("it has {bytes} bytes, a model has {most} at most")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
        /// The bound.
        most: u64,
    },
    /// The file is of a later version of the format.
    #[error("this model has version {0} of the format, this program reads up to {1}")]
    Newer(u32, u32),
    /// The file is not as it was written.
    #[error("the model is damaged: {0}")]
    Damaged(String),
    /// The run has nothing that places rows.
    #[error("the run {0} has no segments")]
    NoSegments(String),
    /// A classifier could not be fitted.
    #[error("the classifier cannot be fitted: {0}")]
    Classifier(String),
    /// The model has no code.
    #[error("this model cannot be written as code: {0}")]
    NoCode(String),
    /// None of the columns that it needs is there.
    #[error("none of the model's columns is there: {0}")]
    NoColumns(String),
}

impl From<ModelError> for Error {
    fn from(error: ModelError) -> Self {
        let what = error.to_string();
        match error {
            ModelError::Cancelled(cancelled) => cancelled.into(),
            ModelError::Recipe(recipe) => recipe.into(),
            ModelError::Read { path, source } => Self::failed(what).at(path.display().to_string()).caused_by(source),
            ModelError::NotOne(path) => Self::failed(what)
                .at(path.display().to_string())
                .hint("`segmenta segment FILE --save-model M` writes one"),
            ModelError::TooLarge { path, .. } => Self::failed(what).at(path.display().to_string()),
            ModelError::Newer(..) => Self::failed(what).hint("a later segmenta wrote it: update this one"),
            ModelError::Damaged(_) => Self::failed(what).hint("take a copy that is whole, or save it again"),
            ModelError::NoSegments(_) => Self::failed(what),
            ModelError::Classifier(_) => Self::failed(what).hint("take other columns"),
            ModelError::NoCode(_) => Self::failed(what).hint("score with `segmenta predict`"),
            ModelError::NoColumns(_) => Self::failed(what).hint("it has to be a file like the one it was made with"),
        }
    }
}
