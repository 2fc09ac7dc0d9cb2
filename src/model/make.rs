//! Making a model of a run.

use ndarray::{Array2, ArrayView2};

use super::classify::Classifier;
use super::kept::{self, kept};
use super::regions::{Region, distance, regions};
use super::{Baseline, Distribution, Fit, Model, ModelError, Training};
use crate::cluster::Clusterer;
use crate::recipe::{Prepared, Recipe};
use crate::segments::Segments;
use crate::study::Run;
use crate::table::{Reading, Table};
use crate::task::Task;

impl Model {
    /// The model of a run over the rows of `prepared`; `table` is the one that was read.
    ///
    /// # Errors
    /// [`ModelError::NoSegments`] where the run has none; the task was cancelled.
    pub fn of(
        table: &Table,
        recipe: &Recipe,
        prepared: &Prepared,
        run: &Run,
        segments: &Segments,
        task: &Task,
    ) -> Result<Self, ModelError> {
        let clusterer = run.clusterer.as_ref().filter(|_| run.labels.clusters() > 0);
        let clusterer = clusterer.ok_or_else(|| ModelError::NoSegments(run.id.clone()))?;
        let (rows, labels) = (prepared.matrix.values.view(), run.labels.as_slice());
        let task = task.with_seed(recipe.seed);
        let (clusterer, kept) = kept(clusterer, rows, labels, kept::MOST, &task)?;
        let (regions, outskirts) = regions(rows, labels, run.labels.clusters());
        let distances = Some(distances(&regions, rows, labels));
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
            classifier: None,
            kept,
            segments: segments.clone(),
            regions,
            outskirts,
            baseline: features.map(|field| Baseline::of(&field.column, &prepared.matrix.rows)).collect(),
            distances,
        })
    }

    /// The same segments placed by a classifier over the features of another recipe. `labels` are the segments of the
    /// rows of `prepared`.
    #[must_use]
    pub fn classified(
        self,
        classifier: Classifier,
        table: &Table,
        recipe: &Recipe,
        prepared: &Prepared,
        labels: &[u32],
    ) -> Self {
        let rows = prepared.matrix.values.view();
        let (regions, outskirts) = regions(rows, labels, self.segments.list.len());
        let distances = Some(distances(&regions, rows, labels));
        let centre = |(row, column): (usize, usize)| regions[row].centre[column];
        let centres = Array2::from_shape_fn((regions.len(), rows.ncols()), centre);
        let features = prepared.features(table).into_iter();
        Self {
            recipe: recipe.clone(),
            columns: prepared.pipeline.sources().iter().filter_map(|name| table.field(name)).map(Reading::of).collect(),
            pipeline: prepared.pipeline.clone(),
            clusterer: Clusterer::Centres { centres },
            classifier: Some(classifier),
            kept: None,
            regions,
            outskirts,
            baseline: features.map(|field| Baseline::of(&field.column, &prepared.matrix.rows)).collect(),
            distances,
            ..self
        }
    }
}

/// How far rows (n, d) lie from the centres of their segments.
fn distances(regions: &[Region], rows: ArrayView2<f64>, labels: &[u32]) -> Distribution {
    let of = |(row, &label): (ndarray::ArrayView1<f64>, &u32)| distance(regions, label, &row.to_vec());
    Distribution::of_numbers(rows.outer_iter().zip(labels).map(of))
}
