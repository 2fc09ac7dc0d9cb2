//! Stores of models: what is done to them from the command line.

use std::path::Path;

use crate::error::Result;
use crate::model::Model;
use crate::model::store::{Store, Version};

/// Who does what a command asks for.
pub const COMMAND: &str = "command line";

/// Puts a model into a store, made where there is none; where none serves yet, or `promote` says so, it serves. The new
/// version, and whether it serves.
///
/// # Errors
/// The store is open elsewhere, or cannot be written.
pub fn add(folder: &Path, model: &Model, by: &str, promote: bool) -> Result<(Version, bool)> {
    let mut store = Store::create(folder)?;
    let version = store.add(model, by)?;
    let first = store.shelf().serving().is_none();
    if promote || first {
        store.promote(version.number, by, if first { "the first one" } else { "" })?;
    }
    let serves = store.shelf().serving() == Some(version.number);
    Ok((version, serves))
}

/// Lets a version serve.
///
/// # Errors
/// There is none of this number, it is damaged, or the store is open elsewhere.
pub fn promote(folder: &Path, number: u64) -> Result<Model> {
    Ok(Store::open(folder)?.promote(number, COMMAND, "")?)
}

/// Lets the version serve that served before.
///
/// # Errors
/// There is none, it is damaged, or the store is open elsewhere.
pub fn roll_back(folder: &Path) -> Result<(u64, Model)> {
    Ok(Store::open(folder)?.roll_back(COMMAND, "")?)
}
