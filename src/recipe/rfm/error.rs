//! Why lines could not be rolled up.

use crate::error::Error;
use crate::task::Cancelled;

/// Why lines could not be rolled up.
#[derive(Debug, thiserror::Error)]
pub enum RollUpError {
    /// The task was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// A column that is needed was neither named nor guessed.
    #[error("no column is seen to be the {0}")]
    NotGuessed(&'static str),
    /// A column that was named is not there.
    #[error("no column \"{name}\"")]
    NoColumn {
        /// The name.
        name: String,
        /// What it was named for, e.g. `customer`.
        what: &'static str,
        /// The nearest column.
        nearest: Option<String>,
    },
    /// A column does not hold what it is taken for.
    #[error("\"{name}\" holds no {needed}")]
    WrongKind {
        /// The column.
        name: String,
        /// E.g. `dates`.
        needed: &'static str,
        /// What it was taken for.
        what: &'static str,
    },
    /// A moment that cannot be read.
    #[error("\"{0}\" is no date")]
    NoDate(String),
    /// Every line was left out.
    #[error("no line can be used: {0}")]
    NothingLeft(String),
    /// What was saved of a roll-up cannot be gone on with.
    #[error("what was saved of an earlier roll-up cannot be read")]
    Broken,
    /// A model could not be fitted.
    #[error("{0}")]
    Model(String),
}

impl From<RollUpError> for Error {
    fn from(error: RollUpError) -> Self {
        let what = error.to_string();
        match error {
            RollUpError::Cancelled(cancelled) => cancelled.into(),
            RollUpError::NotGuessed(column) => {
                Self::failed(what).hint(format!("name it with --{column}; `segmenta inspect FILE` lists the columns"))
            }
            RollUpError::NoColumn { what: option, nearest, .. } => {
                let error = Self::usage(what).at(format!("--{option}"));
                match nearest {
                    Some(name) => error.hint(format!("did you mean \"{name}\"?")),
                    None => error.hint("`segmenta inspect FILE` lists the columns"),
                }
            }
            RollUpError::WrongKind { what: option, .. } => {
                Self::failed(what).hint(format!("name another column with --{option}"))
            }
            RollUpError::NoDate(_) => Self::usage(what).hint("write it like 2011-12-10 or 2011-12-10 12:50:00"),
            RollUpError::NothingLeft(_) => Self::failed(what).hint("`segmenta inspect FILE` says what the columns are"),
            RollUpError::Broken => Self::failed(what),
            RollUpError::Model(_) => Self::failed(what).hint("the models need customers who came back"),
        }
    }
}
