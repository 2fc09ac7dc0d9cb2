//! What came back of contacts: counts by segment, nobody's name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{StoreError, disk};

/// Customers, how many of them responded, and what that was worth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// Customers.
    pub customers: u64,
    /// Of them who responded.
    pub responded: u64,
    /// The sum of what the responses were worth, where that was told.
    #[serde(default)]
    pub value: f64,
}

/// The contacts and responses of each segment, by its key.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Recorded(pub BTreeMap<String, Groups>);

/// Who was contacted, and who was left alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Groups {
    /// Who was contacted.
    pub contacted: Tally,
    /// Who was left alone.
    pub control: Tally,
}

impl Tally {
    fn add(&mut self, more: Self) {
        self.customers += more.customers;
        self.responded += more.responded;
        self.value += more.value;
    }
}

impl Recorded {
    fn place(folder: &Path) -> PathBuf {
        folder.join("feedback.json")
    }

    pub(super) fn read(folder: &Path) -> Result<Self, StoreError> {
        let bytes = disk::read_if_there(&Self::place(folder))?;
        let parsed = bytes.map(|bytes| serde_json::from_slice(&bytes)).transpose();
        let read = parsed.map_err(|error| StoreError::at(Self::place(folder))(error.into()))?;
        Ok(read.unwrap_or_default())
    }

    pub(super) fn write(&self, folder: &Path) -> Result<(), StoreError> {
        let bytes = serde_json::to_vec(self).map_err(|error| StoreError::Unwritable(error.to_string()))?;
        disk::write(&Self::place(folder), &bytes)
    }

    /// Counts one customer of a segment.
    pub fn count(&mut self, key: &str, contacted: bool, responded: bool, value: f64) {
        let groups = self.0.entry(key.to_owned()).or_default();
        let tally = if contacted { &mut groups.contacted } else { &mut groups.control };
        tally.add(Tally { customers: 1, responded: u64::from(responded), value });
    }

    /// Adds other counts.
    pub fn add(&mut self, more: &Self) {
        for (key, groups) in &more.0 {
            let own = self.0.entry(key.clone()).or_default();
            own.contacted.add(groups.contacted);
            own.control.add(groups.control);
        }
    }

    /// Customers that were counted.
    pub fn customers(&self) -> u64 {
        self.0.values().map(|groups| groups.contacted.customers + groups.control.customers).sum()
    }
}
