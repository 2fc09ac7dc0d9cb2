//! A recipe fitted to data, and its application to any later row.

use serde::{Deserialize, Serialize};

/// A recipe fitted to data: medians, bounds, categories, means, scales. Turns any later row into the same space.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pipeline {
    /// The input columns it needs, in order.
    pub inputs: Vec<String>,
    /// The names of the matrix columns it makes, in order.
    pub outputs: Vec<String>,
}
