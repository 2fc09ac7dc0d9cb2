//! What stood when a recipe was run: enough to say later whether it would be the same again.

use serde::{Deserialize, Serialize};

use super::{KeptSegment, RecipeError};
use crate::table::Noted;

/// The version of the lock's format.
const VERSION: u32 = 1;

/// What a recipe was run with and what came of it. It holds no clock and no customer's data: the same run gives the
/// same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lock {
    /// The version of the lock's format: 1.
    pub version: u32,
    /// The program's version.
    pub program: String,
    /// The seed.
    pub seed: u64,
    /// `blake3:` and the hash of the recipe file's bytes.
    pub recipe: String,
    /// The sources, in the recipe's order.
    pub data: Vec<Data>,
    /// What was noticed about the data.
    pub findings: Vec<Noted>,
    /// The run whose segments were taken; none where nothing is recommended.
    pub run: Option<String>,
    /// The figures of the result, as they stand in the metrics file.
    pub metrics: serde_json::Map<String, serde_json::Value>,
    /// The segments, so that the next run finds them again by their centres; none of few customers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<KeptSegment>,
}

/// A source as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Data {
    /// Its path as the recipe (or `--input`) names it.
    pub path: String,
    /// `blake3:` and the hash of its bytes.
    pub fingerprint: Option<String>,
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
}

impl Lock {
    /// A lock of this program; `recipe` is the recipe file's text.
    pub fn new(recipe: &str, seed: u64) -> Self {
        Self {
            version: VERSION,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            seed,
            recipe: format!("blake3:{}", blake3::hash(recipe.as_bytes()).to_hex()),
            data: Vec::new(),
            findings: Vec::new(),
            run: None,
            metrics: serde_json::Map::new(),
            segments: Vec::new(),
        }
    }

    /// Reads a lock; `file` stands in the error.
    ///
    /// # Errors
    /// [`RecipeError::Lock`] where it is none.
    pub fn from_json(text: &str, file: &str) -> Result<Self, RecipeError> {
        serde_json::from_str(text).map_err(|error| RecipeError::Lock { file: file.to_owned(), why: error.to_string() })
    }

    /// Writes the lock.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The metrics alone, flat, as DVC and the like read them.
    pub fn metrics_json(&self) -> String {
        serde_json::to_string_pretty(&self.metrics).unwrap_or_default() + "\n"
    }

    /// What is not as it was in `before`, in sentences; none where the same would come out again.
    pub fn changes(&self, before: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        for (place, data) in self.data.iter().enumerate() {
            changes.extend(data.change(before.data.get(place)));
        }
        if self.data.len() < before.data.len() {
            changes.push(format!("the recipe has {} sources, the lock {}", self.data.len(), before.data.len()));
        }
        if self.recipe != before.recipe {
            changes.push("the recipe is not the one of the lock".to_owned());
        }
        if self.program != before.program {
            changes.push(format!("the lock is by version {}, this is {}", before.program, self.program));
        }
        changes
    }

    /// Whether the sources are the ones of `before`.
    pub fn has_data_of(&self, before: &Self) -> bool {
        let prints = |lock: &Self| lock.data.iter().map(|data| data.fingerprint.clone()).collect::<Vec<_>>();
        prints(self) == prints(before)
    }
}

impl Data {
    fn change(&self, before: Option<&Self>) -> Option<String> {
        let Some(before) = before else { return Some(format!("{} is not in the lock", self.path)) };
        if self.fingerprint == before.fingerprint {
            return None;
        }
        let size = match (self.rows, self.columns) == (before.rows, before.columns) {
            true => "as many rows and columns, other values".to_owned(),
            false => format!(
                "{} rows and {} columns, where there were {} and {}",
                self.rows, self.columns, before.rows, before.columns
            ),
        };
        Some(format!("the data differ from the lock's: {} has {size}", self.path))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn lock(fingerprint: &str, rows: usize) -> Lock {
        let data = Data { path: "a.csv".into(), fingerprint: Some(fingerprint.into()), rows, columns: 3 };
        Lock { data: vec![data], ..Lock::new("version = 1", 42) }
    }

    #[test]
    fn what_changed_is_told() {
        let before = lock("blake3:1", 10);
        assert!(before.changes(&before).is_empty() && before.has_data_of(&before));
        let after = Lock { recipe: "blake3:other".into(), ..lock("blake3:2", 12) };
        let told = "the data differ from the lock's: a.csv has 12 rows and 3 columns, where there were 10 and 3";
        assert_eq!(after.changes(&before), [told, "the recipe is not the one of the lock"]);
        assert!(!after.has_data_of(&before));
    }

    #[test]
    fn a_lock_read_again_is_the_same() {
        let mut lock = lock("blake3:1", 10);
        lock.metrics.insert("silhouette".into(), 0.1.into());
        let text = lock.to_json();
        assert_eq!(Lock::from_json(&text, "a.lock").unwrap(), lock);
        assert_eq!(lock.metrics_json(), "{\n  \"silhouette\": 0.1\n}\n");
        assert!(Lock::from_json("{}", "a.lock").unwrap_err().to_string().starts_with("a.lock is no lock"));
    }
}
