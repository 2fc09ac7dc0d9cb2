//! The finished runs of a session, a file each: written once they are measured and once more when their redraws are in.
//! No customer's row stands in them: where a clusterer keeps rows of the matrix, their numbers are written.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ndarray::{Array2, ArrayView1};
use serde::{Deserialize, Serialize};

use super::put;
use crate::cluster::{Algorithm, Clusterer, Ending, Settings};
use crate::error::Result;
use crate::matrix::{Labels, Matrix};
use crate::metrics::Metrics;
use crate::recipe::Recipe;
use crate::study::{Candidate, Run, Stability, Status};

/// What the runs of a study depend on: the program, the matrix, seed, budget and known classes.
pub fn key(matrix: &Matrix, recipe: &Recipe, truth: Option<&str>) -> String {
    let mut hash = blake3::Hasher::new();
    let settings = (env!("CARGO_PKG_VERSION"), &matrix.names, &matrix.blocks, recipe.seed, &recipe.study.memory, truth);
    hash.update(format!("{settings:?}").as_bytes());
    for value in matrix.as_slice() {
        hash.update(&value.to_le_bytes());
    }
    hash.finalize().to_hex()[..24].to_owned()
}

/// A run as it is written.
#[derive(Serialize, Deserialize)]
struct Written {
    id: String,
    algorithm: Algorithm,
    settings: Settings,
    status: Status,
    reason: Option<String>,
    warnings: Vec<String>,
    #[serde(default)]
    ending: Option<Ending>,
    labels: Vec<u32>,
    clusterer: Option<Clusterer>,
    /// The rows of the matrix that the clusterer keeps; their values stand in the matrix.
    rows: Vec<u32>,
    metrics: Metrics,
    cluster_silhouettes: Vec<f64>,
    stability: Option<(usize, f64, Vec<f64>)>,
    rules: Option<f64>,
    seconds: f64,
}

/// Writes the runs that were not written yet as they are now. `known` remembers what was.
///
/// # Errors
/// A file cannot be written.
pub fn write(folder: &Path, key: &str, matrix: &Matrix, runs: &[Run], known: &mut HashMap<String, bool>) -> Result<()> {
    for run in runs.iter().filter(|run| is_finished(run)) {
        let (file, drawn) = (file_of(folder, key, &run.id), stability_of(run).is_some());
        let name = format!("{key} {}", run.id);
        if known.get(&name).is_some_and(|before| *before || !drawn) {
            continue;
        }
        let text = serde_json::to_vec(&Written::of(run, matrix)).unwrap_or_default();
        put(&file, &text)?;
        known.insert(name, drawn);
    }
    Ok(())
}

/// The runs of this key that were written; what cannot be read counts as not there.
pub fn read(folder: &Path, key: &str, matrix: &Matrix) -> Vec<Run> {
    let Ok(entries) = fs::read_dir(folder.join(key)) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    let run = |path: &PathBuf| serde_json::from_slice::<Written>(&fs::read(path).ok()?).ok()?.run(matrix);
    files.iter().filter_map(run).collect()
}

fn file_of(folder: &Path, key: &str, id: &str) -> PathBuf {
    let name: String = id.chars().map(|char| if char.is_ascii_alphanumeric() { char } else { '-' }).collect();
    folder.join(key).join(format!("{name}-{}.json", &blake3::hash(id.as_bytes()).to_hex()[..8]))
}

fn is_finished(run: &Run) -> bool {
    match run.status {
        Status::Done => run.clusterer.is_some(),
        Status::Failed => true,
        Status::Waiting | Status::LeftOut => false,
    }
}

fn stability_of(run: &Run) -> Option<(usize, f64, Vec<f64>)> {
    let found = run.stability.as_ref().filter(|found| found.is_final())?;
    Some((found.planned, found.mean_ari, found.jaccards.clone()))
}

impl Written {
    fn of(run: &Run, matrix: &Matrix) -> Self {
        let (clusterer, rows) = match run.clusterer.as_deref() {
            Some(clusterer) => {
                let (bare, rows) = without_rows(clusterer.clone(), matrix);
                (Some(bare), rows)
            }
            None => (None, Vec::new()),
        };
        Self {
            id: run.id.clone(),
            algorithm: run.candidate.algorithm,
            settings: run.candidate.settings,
            status: run.status,
            reason: run.reason.clone(),
            warnings: run.warnings.clone(),
            ending: run.ending,
            labels: run.labels.as_slice().to_vec(),
            clusterer,
            rows,
            metrics: run.metrics,
            cluster_silhouettes: run.cluster_silhouettes.clone(),
            stability: stability_of(run),
            rules: run.rules,
            seconds: run.seconds,
        }
    }

    /// `None` where it is not of this matrix.
    fn run(self, matrix: &Matrix) -> Option<Run> {
        let raw: Vec<Option<u32>> = self.labels.iter().map(|&label| (label > 0).then_some(label)).collect();
        let labels = Labels::from_raw(&raw);
        let is_whole = self.labels.is_empty() || self.labels.len() == matrix.nrows();
        if !is_whole || labels.as_slice() != self.labels {
            return None;
        }
        let clusterer = match self.clusterer {
            Some(bare) => Some(Arc::new(with_rows(bare, &self.rows, matrix)?)),
            None => None,
        };
        let stability = self.stability.map(|(planned, mean_ari, jaccards)| Stability {
            redraws: planned,
            planned,
            mean_ari,
            jaccards,
        });
        Some(Run {
            id: self.id,
            candidate: Candidate { algorithm: self.algorithm, settings: self.settings },
            status: self.status,
            reason: self.reason,
            warnings: self.warnings,
            ending: self.ending,
            labels: Arc::new(labels),
            clusterer,
            metrics: self.metrics,
            cluster_silhouettes: self.cluster_silhouettes,
            stability,
            rules: self.rules,
            same_as: None,
            against: Vec::new(),
            rank: None,
            seconds: self.seconds,
        })
    }
}

/// The clusterer without the rows of the matrix that it keeps, and which these are.
fn without_rows(clusterer: Clusterer, matrix: &Matrix) -> (Clusterer, Vec<u32>) {
    match clusterer {
        Clusterer::Cores { points, labels, eps } => {
            let (points, rows) = numbers_of(points, matrix);
            (Clusterer::Cores { points, labels, eps }, rows)
        }
        Clusterer::Nearest { points, labels, centres } => {
            let (points, rows) = numbers_of(points.to_owned(), matrix);
            (Clusterer::Nearest { points: points.into_shared(), labels, centres }, rows)
        }
        Clusterer::Members { points, labels, strengths } => {
            let (points, rows) = numbers_of(points, matrix);
            (Clusterer::Members { points, labels, strengths }, rows)
        }
        Clusterer::Prototypes { points, measure } => {
            let (points, rows) = numbers_of(points, matrix);
            (Clusterer::Prototypes { points, measure }, rows)
        }
        other => (other, Vec::new()),
    }
}

/// The clusterer with its rows; `None` where the matrix has not these.
fn with_rows(clusterer: Clusterer, rows: &[u32], matrix: &Matrix) -> Option<Clusterer> {
    if rows.is_empty() {
        return Some(clusterer);
    }
    let rows: Vec<usize> = rows.iter().map(|&row| row as usize).collect();
    if rows.iter().any(|&row| row >= matrix.nrows()) {
        return None;
    }
    let points = || matrix.values.select(ndarray::Axis(0), &rows);
    Some(match clusterer {
        Clusterer::Cores { labels, eps, .. } => Clusterer::Cores { points: points(), labels, eps },
        Clusterer::Nearest { labels, centres, .. } => {
            Clusterer::Nearest { points: points().into_shared(), labels, centres }
        }
        Clusterer::Members { labels, strengths, .. } => Clusterer::Members { points: points(), labels, strengths },
        Clusterer::Prototypes { measure, .. } => Clusterer::Prototypes { points: points(), measure },
        other => other,
    })
}

/// Which rows of the matrix these are, in place of them; points that stand in no row stay as they are.
fn numbers_of(points: Array2<f64>, matrix: &Matrix) -> (Array2<f64>, Vec<u32>) {
    let mut next = 0;
    let mut number = |point: ArrayView1<f64>| {
        let all = (next..matrix.nrows()).chain(0..next);
        let row = all.into_iter().find(|&row| matrix.values.row(row) == point)?;
        next = row + 1;
        u32::try_from(row).ok()
    };
    match points.rows().into_iter().map(&mut number).collect() {
        Some(rows) => (Array2::zeros((0, points.ncols())), rows),
        None => (points, Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::study::{self, Plan};
    use crate::task::Task;
    use rand::Rng;

    fn matrix() -> Matrix {
        let mut random = Task::new(3).stream(&["rows"]);
        let near = |row: usize| (row % 3) as f64 * 5.0;
        Matrix::from_values(Array2::from_shape_fn((90, 2), |(row, _)| near(row) + random.gen_range(-0.5..0.5)))
    }

    #[test]
    fn runs_come_back_as_they_were_with_no_row_in_their_files() {
        let (folder, matrix, task) = (tempfile::tempdir().unwrap(), matrix(), Task::new(42));
        let plan = Plan::parse(
            &["kmeans", "ward", "gmm", "dbscan", "hdbscan", "kmedoids", "kernel"].map(str::to_owned),
            "2..4",
            None,
            None,
            None,
        )
        .unwrap();
        let study = study::run(&matrix, &plan, None, &[], &task, &mut |_| {}).unwrap();
        let mut known = HashMap::new();
        write(folder.path(), "a", &matrix, &study.runs, &mut known).unwrap();
        let files = fs::read_dir(folder.path().join("a")).unwrap().count();
        assert_eq!(files, known.len());
        let again = read(folder.path(), "a", &matrix);
        for run in study.runs.iter().filter(|run| is_finished(run)) {
            let back = again.iter().find(|back| back.id == run.id).unwrap();
            assert_eq!((&back.labels, &back.metrics, &back.clusterer), (&run.labels, &run.metrics, &run.clusterer));
            assert_eq!((back.candidate, &back.warnings, back.rules), (run.candidate, &run.warnings, run.rules));
        }
        let resumed = study::resume(&matrix, &plan, None, &[], &again, &task, &mut |_| {}).unwrap();
        assert_eq!(format!("{:?}", resumed.recommendation), format!("{:?}", study.recommendation));
        let core = format!("{}", matrix.values[[7, 0]]);
        for entry in fs::read_dir(folder.path().join("a")).unwrap() {
            let path = entry.unwrap().path();
            assert!(!fs::read_to_string(&path).unwrap().contains(&core), "{}", path.display());
        }
        assert!(read(folder.path(), "b", &matrix).is_empty());
    }
}
