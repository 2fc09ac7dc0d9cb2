//! Which version serves.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Event, StoreError, disk};

const FORMAT: &str = "segmenta-store";
const VERSION: u32 = 1;
/// Versions that can be gone back through.
const LONGEST: usize = 100;

/// The file that says which version serves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pointer {
    format: String,
    version: u32,
    /// The versions that served, each let in over the one before it; the last one serves.
    pub chain: Vec<u64>,
    /// The line of the history that tells of this change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Event>,
}

impl Default for Pointer {
    fn default() -> Self {
        Self { format: FORMAT.to_owned(), version: VERSION, chain: Vec::new(), event: None }
    }
}

impl Pointer {
    /// To the last of these versions, by this event.
    pub fn of(chain: Vec<u64>, event: Event) -> Self {
        Self { chain, event: Some(event), ..Self::default() }
    }

    /// Where it stands.
    pub fn place(folder: &Path) -> PathBuf {
        folder.join("serving.json")
    }

    /// Reads it.
    pub fn read(folder: &Path) -> Result<Self, StoreError> {
        let place = Self::place(folder);
        let bytes = disk::read_if_there(&place)?.ok_or_else(|| StoreError::NotOne(folder.to_owned()))?;
        let pointer: Self = serde_json::from_slice(&bytes).map_err(|error| StoreError::Pointer(error.to_string()))?;
        match () {
            () if pointer.format != FORMAT => Err(StoreError::NotOne(folder.to_owned())),
            () if pointer.version > VERSION => Err(StoreError::Newer(pointer.version, VERSION)),
            () => Ok(pointer),
        }
    }

    /// Replaces it.
    pub fn write(&self, folder: &Path) -> Result<(), StoreError> {
        let from = self.chain.len().saturating_sub(LONGEST);
        let shown = Self { chain: self.chain[from..].to_vec(), ..self.clone() };
        let bytes = serde_json::to_vec(&shown).map_err(|error| StoreError::Pointer(error.to_string()))?;
        disk::write(&Self::place(folder), &bytes)
    }
}
