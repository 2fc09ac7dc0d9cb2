//! What can go wrong with a store.

use std::path::PathBuf;

use crate::error::Error;

/// Why a store cannot be used as was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder is no store.
    #[error("this is no store of models")]
    NotOne(PathBuf),
    /// The folder holds something else.
    #[error("this folder holds other files: no store is made of it")]
    Others(PathBuf),
    /// No version serves.
    #[error("no version of this store serves yet")]
    Empty(PathBuf),
    /// Somebody else changes it.
    #[error("the store is open elsewhere{}", .1.map(|pid| format!(" (process {pid})")).unwrap_or_default())]
    Locked(PathBuf, Option<u32>),
    /// A later program wrote it.
    #[error("the store is of version {0}, this program reads up to {1}")]
    Newer(u32, u32),
    /// The file that says which version serves.
    #[error("the store's serving.json is damaged: {0}")]
    Pointer(String),
    /// No such version.
    #[error("there is no version {number}; there are: {there}")]
    NoVersion {
        /// What was asked for.
        number: u64,
        /// The numbers that are there.
        there: String,
    },
    /// A version's file.
    #[error("version {number} is damaged: {why}")]
    Damaged {
        /// The version.
        number: u64,
        /// What is wrong with it.
        why: String,
    },
    /// Nothing served before.
    #[error("no version served before this one")]
    NothingBefore,
    /// A model that cannot be written.
    #[error("the model cannot be written: {0}")]
    Unwritable(String),
    /// A file or folder.
    #[error("cannot be read or written: {source}")]
    Disk {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl StoreError {
    /// Of this path.
    pub(super) fn at(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Disk { path, source }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        let what = error.to_string();
        let shown = |path: &PathBuf| path.display().to_string();
        match error {
            StoreError::NotOne(path) => {
                Self::failed(what).at(shown(&path)).hint("`segmenta store add FOLDER MODEL` makes one")
            }
            StoreError::Others(path) => Self::usage(what).at(shown(&path)).hint("name a new or an empty folder"),
            StoreError::Empty(path) => Self::failed(what)
                .at(shown(&path))
                .hint("`segmenta store add FOLDER MODEL --promote` puts one in that does"),
            StoreError::Locked(path, _) => Self::failed(what)
                .at(shown(&path))
                .hint("a server that has it takes the same over HTTP: POST /v1/models/{version}/promote, /v1/rollback"),
            StoreError::Newer(..) => Self::failed(what).hint("a later segmenta wrote it: update this one"),
            StoreError::Pointer(_) => Self::failed(what).hint("take a copy of the store that is whole"),
            StoreError::NoVersion { .. } => Self::usage(what).hint("`segmenta store list FOLDER` lists them"),
            StoreError::Damaged { .. } => {
                Self::failed(what).hint("let another version serve: `segmenta store promote`")
            }
            StoreError::NothingBefore => {
                Self::failed(what).hint("`segmenta store promote FOLDER VERSION` lets any other serve")
            }
            StoreError::Unwritable(_) => Self::failed(what),
            StoreError::Disk { path, source } => Self::failed(what).at(shown(&path)).caused_by(source),
        }
    }
}
