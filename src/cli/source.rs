//! The source as every JSON output names it.

use serde::Serialize;

use crate::table::Table;

/// The version of all JSON outputs.
pub const SCHEMA_VERSION: u32 = 1;

/// Where the rows came from.
#[derive(Debug, Clone, Serialize)]
pub struct SourceJson {
    path: String,
    rows: usize,
    columns: usize,
    fingerprint: Option<String>,
}

impl SourceJson {
    /// The source of a table.
    pub fn of(table: &Table) -> Self {
        Self {
            path: table.source.path.display().to_string(),
            rows: table.rows,
            columns: table.fields.len(),
            fingerprint: table.source.fingerprint.clone(),
        }
    }
}

/// A value as indented JSON with a line end.
///
/// # Errors
/// Never for the values of this program; the type says otherwise.
pub fn json<T: Serialize>(value: &T) -> crate::error::Result<String> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| crate::error::Error::failed("the result cannot be written as JSON").caused_by(error))?;
    Ok(text + "\n")
}
