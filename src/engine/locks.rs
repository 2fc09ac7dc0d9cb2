//! The lock of a recipe and its metrics: what stood when it was run.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::privacy::SMALL;
use super::values::Loaded;
use crate::error::{Error, Result};
use crate::matrix::UNASSIGNED;
use crate::recipe::{Data, KeptSegment, Lock, Prepared, Recipe};
use crate::report;
use crate::segments::{self, Segments};
use crate::study::{Run, Study};
use crate::table::{self, Finding, Table};

/// `customers.toml` has `customers.lock` beside it.
pub fn lock_path(recipe: &Path) -> PathBuf {
    recipe.with_extension("lock")
}

/// `customers.toml` has `customers.metrics.json` beside it.
pub fn metrics_path(recipe: &Path) -> PathBuf {
    recipe.with_extension("metrics.json")
}

/// The lock beside a recipe, where there is one.
///
/// # Errors
/// It cannot be read.
pub fn read(recipe: &Path) -> Result<Option<Lock>> {
    let path = lock_path(recipe);
    let file = path.display().to_string();
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(Lock::from_json(&text, &file)?)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::failed(format!("cannot be read: {error}")).at(file)),
    }
}

/// Writes the lock and the metrics beside the recipe.
///
/// # Errors
/// They cannot be written.
pub fn write(lock: &Lock, recipe: &Path) -> Result<()> {
    write_to(lock, &lock_path(recipe), &metrics_path(recipe))
}

/// Writes the lock and the metrics to these files.
///
/// # Errors
/// They cannot be written.
pub fn write_to(lock: &Lock, file: &Path, metrics: &Path) -> Result<()> {
    report::write_atomic(file, |out| out.write_all(lock.to_json().as_bytes()))?;
    Ok(report::write_atomic(metrics, |out| out.write_all(lock.metrics_json().as_bytes()))?)
}

/// The lock of a run; `text` is the recipe file's, `path` the source as it was named.
pub fn lock(
    text: &str,
    path: &Path,
    loaded: &Loaded,
    recipe: &Recipe,
    prepared: &Prepared,
    chosen: Option<(&Run, &Segments)>,
) -> Lock {
    Lock {
        data: vec![data(path, &loaded.table)],
        findings: loaded.findings.iter().map(Finding::noted).collect(),
        run: chosen.map(|(run, _)| run.id.clone()),
        metrics: metrics(&loaded.table, prepared, chosen),
        segments: chosen.map(|(_, segments)| kept(segments)).unwrap_or_default(),
        ..Lock::new(text, recipe.seed)
    }
}

/// The segments as the next run finds them: the centre of few customers would tell single ones.
fn kept(segments: &Segments) -> Vec<KeptSegment> {
    let sizes = segments.list.iter().map(|segment| segment.size);
    let many = segments::kept(segments).into_iter().zip(sizes).filter(|(_, size)| *size >= SMALL);
    many.map(|(kept, _)| kept).collect()
}

/// The recipe, knowing the segments that it found when it was run before: these keep their keys, names and plays.
pub fn remembering(recipe: &Recipe, former: &Lock) -> Recipe {
    Recipe { kept: segments::known(&recipe.kept, &former.segments), ..recipe.clone() }
}

fn data(path: &Path, table: &Table) -> Data {
    Data {
        path: table::shown(path).display().to_string(),
        fingerprint: table.source.fingerprint.clone(),
        rows: table.rows,
        columns: table.fields.len(),
    }
}

/// Flat, numbers only; a figure that does not exist is left out.
fn metrics(table: &Table, prepared: &Prepared, chosen: Option<(&Run, &Segments)>) -> Map<String, Value> {
    let full = prepared.full();
    let mut found: Vec<(&str, Option<Value>)> = vec![
        ("customers", Some(table.rows.into())),
        ("customers_used", Some(full.matrix.nrows().into())),
        ("features", Some(full.pipeline.inputs.len().into())),
        ("columns", Some(full.matrix.ncols().into())),
    ];
    if let Some((run, segments)) = chosen {
        let (labels, metrics) = (&run.labels, &run.metrics);
        let unassigned = labels.as_slice().iter().filter(|&&label| label == UNASSIGNED).count();
        found.extend([
            ("segments", Some(segments.list.len().into())),
            ("smallest", run.smallest().map(Value::from)),
            ("unassigned", Some(unassigned.into())),
            ("silhouette", metrics.silhouette.map(Value::from)),
            ("davies_bouldin", metrics.davies_bouldin.map(Value::from)),
            ("calinski_harabasz", metrics.calinski_harabasz.map(Value::from)),
            ("wcss", metrics.wcss.map(Value::from)),
            ("stability", metrics.stability.map(Value::from)),
            ("holds", run.holds().map(Value::from)),
            ("rules", run.rules.map(Value::from)),
        ]);
    }
    found
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value.filter(|value| !value.is_null())?)))
        .collect()
}

/// The run that a recipe without a choice takes, where one is recommended.
pub fn recommended(study: &Study, recipe: &Recipe) -> Option<String> {
    recipe.study.choose.clone().or_else(|| study.recommendation.id.clone())
}
