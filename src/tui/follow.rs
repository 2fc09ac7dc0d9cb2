//! What a shown run says of other files: the same customers in another period, and what became of a campaign.

use super::backend::ShownRun;
use crate::engine::drift;
use crate::engine::feedback::{self, Asked};
use crate::engine::migrations::{self, Migrated};
use crate::engine::models;
use crate::error::Result;
use crate::model::Model;
use crate::model::drift::Drift;
use crate::recipe::rfm::moment_of;
use crate::segments::feedback::Uplift;
use crate::segments::{Segments, migration::Period};
use crate::study::Run;
use crate::table::{self, SourceSpec};
use crate::task::Task;

/// The model of the shown run.
fn model(shown: &ShownRun, run: &Run, segments: &Segments, task: &Task) -> Result<Model> {
    let subject = &shown.subject;
    models::model_of(&subject.table, &subject.recipe, &subject.prepared, run, segments, task)
}

/// Follows the customers from the shown table to those of a file; or, where days of the order lines are named (split by
/// commas), from one to the next.
///
/// # Errors
/// The file cannot be read or placed, or the task was cancelled.
pub fn migrate(shown: &ShownRun, run: &Run, segments: &Segments, to: &str, task: &Task) -> Result<Migrated> {
    let model = model(shown, run, segments, task)?;
    let table = &shown.subject.table;
    let moments: Vec<String> = to.split(',').map(|moment| moment.trim().to_owned()).collect();
    let are_moments = moments.len() > 1 && moments.iter().all(|moment| moment_of(Some(moment)).is_ok());
    let periods: Vec<Period> = if are_moments {
        migrations::periods_at(&model, &table::again(&table.source), &moments, task)?
    } else {
        let now =
            table.source.path.file_stem().map_or_else(|| "now".into(), |stem| stem.to_string_lossy().into_owned());
        vec![migrations::period(&model, table, now, task)?, migrations::period_of(&model, &SourceSpec::new(to), task)?]
    };
    migrations::migrate(&model, &periods, task)
}

/// Whether the rows of a file are still like those that were studied.
///
/// # Errors
/// The file cannot be read or placed, or the task was cancelled.
pub fn drift(shown: &ShownRun, run: &Run, segments: &Segments, file: &str, task: &Task) -> Result<Drift> {
    drift::of_source(&model(shown, run, segments, task)?, &SourceSpec::new(file), task)
}

/// What a campaign did, as paragraphs: everyone, then each segment.
///
/// # Errors
/// The file cannot be read, or does not say who was contacted and who responded.
pub fn campaign(
    shown: &ShownRun,
    run: &Run,
    segments: &Segments,
    file: &str,
    task: &Task,
) -> Result<Vec<(String, String)>> {
    let model = model(shown, run, segments, task)?;
    let told = feedback::feedback(&model, &SourceSpec::new(file), &Asked::default(), task)?;
    let line = |of: &Uplift| (of.name.clone(), of.words.clone());
    let all = std::iter::once(line(&told.feedback.everyone)).chain(told.feedback.segments.iter().map(line));
    let from = format!("{} and {}; segments: {}", told.contacted, told.responded, told.segments_from);
    Ok(all.chain([("rests on".to_owned(), from)]).collect())
}
