//! The source as every JSON output names it.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::table::Table;

/// The version of all JSON outputs.
pub const SCHEMA_VERSION: u32 = 1;
/// Bytes that the labelled study of some hundred rows takes: to grow its text step by step takes longer than to write it.
const ROOM: usize = 1 << 18;

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
pub fn json<T: Serialize>(value: &T) -> Result<String> {
    let failed = || Error::failed("the result cannot be written as JSON");
    let mut text = Vec::with_capacity(ROOM);
    serde_json::to_writer_pretty(&mut text, value).map_err(|error| failed().caused_by(error))?;
    text.push(b'\n');
    String::from_utf8(text).map_err(|error| failed().caused_by(error))
}
