//! Segments that are to keep their key and name when the study is run again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A segment as it was: found again by its centre.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptSegment {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What somebody wrote about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Its mean in each feature, in the file's own units; of a category `column=level` and its share.
    pub centre: BTreeMap<String, f64>,
}
