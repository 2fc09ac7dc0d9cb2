//! Making a model of a run.

use super::kept::{self, kept};
use super::{Baseline, Fit, Model, ModelError, Training, regions::regions};
use crate::recipe::{Prepared, Recipe};
use crate::segments::Segments;
use crate::study::Run;
use crate::table::{Reading, Table};
use crate::task::Task;

impl Model {
    /// The model of a run over the rows of `prepared`; `table` is the one that was read.
    ///
    /// # Errors
    /// [`ModelError::NoSegments`] where the run was not fitted; the task was cancelled.
    pub fn of(
        table: &Table,
        recipe: &Recipe,
        prepared: &Prepared,
        run: &Run,
        segments: &Segments,
        task: &Task,
    ) -> Result<Self, ModelError> {
        let clusterer = run.clusterer.as_ref().ok_or_else(|| ModelError::NoSegments(run.id.clone()))?;
        let (rows, labels) = (prepared.matrix.values.view(), run.labels.as_slice());
        let task = task.with_seed(recipe.seed);
        let (clusterer, kept) = kept(clusterer, rows, labels, kept::MOST, &task)?;
        let (regions, outskirts) = regions(rows, labels, run.labels.clusters());
        let sources = prepared.pipeline.sources();
        let features = prepared.features(table).into_iter();
        Ok(Self {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            training: Training {
                fingerprint: table.source.fingerprint.clone(),
                rows: table.rows,
                used: prepared.matrix.nrows(),
            },
            recipe: recipe.clone(),
            columns: sources.iter().filter_map(|name| table.field(name)).map(Reading::of).collect(),
            pipeline: prepared.pipeline.clone(),
            fit: Fit {
                run: run.id.clone(),
                algorithm: run.candidate.algorithm.id().to_owned(),
                settings: run.candidate.settings,
                metrics: run.metrics,
                holds: run.holds(),
            },
            clusterer,
            kept,
            segments: segments.clone(),
            regions,
            outskirts,
            baseline: features.map(|field| Baseline::of(&field.column, &prepared.matrix.rows)).collect(),
        })
    }
}
