//! How sure the segments of a run are: refitted in other ways, and put in words.

use super::sampling;
use super::steps::task_of;
use crate::error::Result;
use crate::recipe::{Prepared, Recipe};
use crate::segments::{self, Proof, Segments};
use crate::study::{self, Run};
use crate::task::Task;

/// Tries a run's segments with other seeds, without each feature, without the customers farthest out, by halves, and
/// against customers without groups.
///
/// # Errors
/// The task was cancelled.
pub fn prove(prepared: &Prepared, recipe: &Recipe, run: &Run, segments: &Segments, task: &Task) -> Result<Proof> {
    let prepared = sampling::rows_of(prepared, run);
    let tried = study::sensitivity(&prepared.matrix, &prepared.origin, run, &task_of(recipe, task)?)?;
    Ok(segments::proof(run, segments, &tried, &prepared.pipeline.inputs))
}
