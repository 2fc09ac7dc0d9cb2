//! The versions of a store.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{History, StoreError};
use crate::model::Model;

/// Digits of the hash in a file's name.
const DIGITS: usize = 12;

/// One model of a store.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Version {
    /// 1, 2, …; no number is given twice.
    pub number: u64,
    /// The first digits of the BLAKE3 hash of its file.
    pub hash: String,
    /// When it was saved, where the history says so.
    pub saved: Option<String>,
    /// What it is, where the history says so.
    pub about: Option<About>,
}

/// What a model is, in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// The model's name.
    pub name: String,
    /// How many segments it has.
    pub segments: usize,
    /// Customers that it was made with.
    pub customers: usize,
    /// Its mean silhouette.
    pub silhouette: Option<f64>,
    /// The weakest segment's mean Jaccard over the redraws.
    pub holds: Option<f64>,
}

impl About {
    /// Of a model.
    pub fn of(model: &Model) -> Self {
        Self {
            name: model.name(),
            segments: model.segments.list.len(),
            customers: model.training.used,
            silhouette: model.fit.metrics.silhouette,
            holds: model.fit.holds,
        }
    }
}

impl Version {
    /// Its file in this store.
    pub fn path(&self, store: &Path) -> PathBuf {
        folder(store).join(format!("{:04}-{}.json", self.number, self.hash))
    }

    /// Of a file's name; `None` where it is none of a version.
    fn of(name: &str) -> Option<Self> {
        let (number, hash) = name.strip_suffix(".json")?.split_once('-')?;
        let is_hash = hash.len() == DIGITS && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = number.parse().ok()?;
        is_hash.then(|| Self { number, hash: hash.to_owned(), saved: None, about: None })
    }
}

/// The folder of the versions.
pub fn folder(store: &Path) -> PathBuf {
    store.join("versions")
}

/// The first digits of the hash of a model file.
pub fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..DIGITS].to_owned()
}

/// The versions that are there, the oldest first, with what the history says of them.
pub fn list(store: &Path, history: &History) -> Result<Vec<Version>, StoreError> {
    let folder = folder(store);
    let mut versions = Vec::new();
    for entry in fs::read_dir(&folder).map_err(StoreError::at(&folder))? {
        let name = entry.map_err(StoreError::at(&folder))?.file_name();
        versions.extend(Version::of(&name.to_string_lossy()).map(|version| history.known(version)));
    }
    versions.sort_by_key(|version| version.number);
    Ok(versions)
}
