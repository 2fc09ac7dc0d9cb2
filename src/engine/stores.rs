//! Stores of models: what is done to them from the command line.

use std::path::Path;

use super::retrain::{self, Asked, Config, Outcome};
use super::rollups::Keep;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::model::store::{Recorded, Store, Version};
use crate::segments::feedback::Feedback;
use crate::table::SourceSpec;
use crate::task::Task;

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

/// Makes a new version of the rows of a source, and lets it serve where `promote` says so and every gate passes.
///
/// # Errors
/// The store is open elsewhere or none of its versions serves, or as [`retrain::challenge`].
pub fn retrain(
    folder: &Path,
    source: &SourceSpec,
    asked: &Asked,
    promote: bool,
    config: &Config,
    task: &Task,
) -> Result<Outcome> {
    let mut store = Store::open(folder)?;
    store.keep(config.training.keep);
    let (number, champion) = store.shelf().served()?;
    let feedback = store.shelf().feedback()?;
    let held_to = (&config.gates, &feedback);
    let challenger = retrain::challenge(&champion, source, &Keep::of_user(), asked, held_to, task)?;
    retrain::settle(&mut store, &challenger, number, (promote, COMMAND), task)
}

/// Adds what a campaign did to what a store has recorded, as counts by segment.
///
/// # Errors
/// The folder is no store, it is open elsewhere, or it cannot be written.
pub fn record(folder: &Path, model: &Model, told: &Feedback) -> Result<u64> {
    let mut more = Recorded::default();
    for of in &told.segments {
        let key = of.segment.map(|number| model.named(number).0.to_owned()).unwrap_or_default();
        let groups = more.0.entry(key).or_default();
        for (tally, group) in [(&mut groups.contacted, of.contacted), (&mut groups.control, of.control)] {
            (tally.customers, tally.responded) = (group.customers as u64, group.responded as u64);
        }
    }
    if more.customers() == 0 {
        return Err(Error::failed("no row stands in a segment: there is nothing to record"));
    }
    Store::open(folder)?.add_feedback(&more, COMMAND)?;
    Ok(more.customers())
}
