//! Studies of a sample: what is drawn, and what the chosen run is on all rows.

use super::steps::{classes, task_of};
use crate::error::{Error, Result};
use crate::recipe::{Prepared, Recipe};
use crate::study::{self, Run, Study};
use crate::table::Table;
use crate::task::Task;

/// Fewer customers say nothing about all of them.
const LEAST: usize = 100;

/// That a sample of `size` can be studied.
///
/// # Errors
/// It is too small (exit 2).
pub fn check_size(size: usize) -> Result<()> {
    if size >= LEAST {
        return Ok(());
    }
    Err(Error::usage(format!("a sample of {size} is too small")).at("--sample").hint(format!("give {LEAST} or more")))
}

/// The sample that the recipe asks for; everything where it asks for none, or for more than there is.
pub(super) fn drawn(prepared: Prepared, recipe: &Recipe, task: &Task) -> Result<Prepared> {
    let Some(size) = recipe.study.sample else { return Ok(prepared) };
    check_size(size)?;
    if size >= prepared.matrix.nrows() {
        return Ok(prepared);
    }
    let sample = study::sample(&prepared.matrix, size, &task_of(recipe, task)?)?;
    Ok(prepared.sampled(sample.rows, sample.strata))
}

/// Where the study is one of a sample: what the run that the recipe chooses, or the recommended one, is on all rows.
/// A run that cannot be fitted to so many is told in the reasons.
pub(super) fn complete(
    study: &mut Study,
    table: &Table,
    prepared: &Prepared,
    recipe: &Recipe,
    truth: Option<&str>,
    task: &Task,
) -> Result<()> {
    let Some(sample) = &prepared.sample else { return Ok(()) };
    let chosen = recipe.study.choose.as_deref().or(study.recommendation.id.as_deref());
    let Some(run) = chosen.and_then(|id| study.run(id)).filter(|run| run.clusterer.is_some()) else { return Ok(()) };
    let full = &sample.full.matrix;
    let truth = truth.map(|column| classes(table, column, &full.rows)).transpose()?;
    match study::refit(full, &prepared.matrix, run, truth.as_deref(), task) {
        Ok(run) => study.complete(run, &sample.rows),
        Err(study::StudyError::Cancelled(cancelled)) => return Err(cancelled.into()),
        Err(error) => study.recommendation.reasons.push(format!("The sample is all there is: {error}")),
    }
    Ok(())
}

/// The run over all rows: as it is, or refitted where the study is one of a sample.
///
/// # Errors
/// It cannot be fitted to all rows, or the task was cancelled.
pub fn on_all_rows(prepared: &Prepared, recipe: &Recipe, study: &Study, run: &Run, task: &Task) -> Result<Run> {
    let Some(sample) = &prepared.sample else { return Ok(run.clone()) };
    match study.full.as_ref().filter(|full| full.run.id == run.id) {
        Some(full) => Ok(full.run.clone()),
        None => Ok(study::refit(&sample.full.matrix, &prepared.matrix, run, None, &task_of(recipe, task)?)?),
    }
}

/// The rows that a run is about: all of them, or those of the sample.
pub(super) fn rows_of<'a>(prepared: &'a Prepared, run: &Run) -> &'a Prepared {
    let full = prepared.full();
    if run.labels.len() == full.matrix.nrows() { full } else { prepared }
}
