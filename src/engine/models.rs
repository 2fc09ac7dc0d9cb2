//! Models: made of a run, saved, read, and used to place later rows.

use std::path::{Path, PathBuf};

use super::rollups::{self, Keep};
use super::{sampling, stores};
use crate::error::{Error, Result, nearest};
use crate::matrix::Column;
use crate::model::store::{self, Shelf};
use crate::model::{Model, Placed};
use crate::recipe::{Prepared, Recipe};
use crate::report;
use crate::segments::Segments;
use crate::study::Run;
use crate::table::{self, Field, Shape, SourceSpec, Table};
use crate::task::Task;

/// Where the rows of a table were placed.
#[derive(Debug, Clone)]
pub struct Scored<'a> {
    /// One a row of the table.
    pub rows: Vec<Placed<'a>>,
    /// The model's columns that the table does not have, each with the name that may be meant.
    pub missing: Vec<(String, Option<String>)>,
}

/// The model of a run.
///
/// # Errors
/// The run has no segments, or the task was cancelled.
pub fn model_of(
    table: &Table,
    recipe: &Recipe,
    prepared: &Prepared,
    run: &Run,
    segments: &Segments,
    task: &Task,
) -> Result<Model> {
    // The same run gives the same file, whether it was tried further or not.
    let segments = Segments { proof: None, baskets: None, ..segments.clone() };
    Ok(Model::of(table, recipe, sampling::rows_of(prepared, run), run, &segments, task)?)
}

/// Where a model was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The file, or the store.
    pub place: PathBuf,
    /// In a store: the number of the version, and whether it serves.
    pub version: Option<(u64, bool)>,
}

impl Saved {
    /// In words, e.g. `models, as version 4: \`segmenta store promote\` lets it serve`.
    pub fn told(&self) -> String {
        let place = self.place.display();
        match self.version {
            None => place.to_string(),
            Some((number, true)) => format!("{place}, as version {number}, which serves"),
            Some((number, false)) => format!("{place}, as version {number}: `segmenta store promote` lets it serve"),
        }
    }
}

/// Writes a model file, whole or not at all; a folder that is a store gets a new version.
///
/// # Errors
/// It cannot be written.
pub fn save(model: &Model, place: &Path) -> Result<Saved> {
    if store::is_store(place) {
        let (version, serves) = stores::add(place, model, stores::COMMAND, false)?;
        return Ok(Saved { place: place.to_owned(), version: Some((version.number, serves)) });
    }
    let bytes = model.to_bytes().map_err(|error| Error::from(error).at(place.display().to_string()))?;
    report::write_atomic(place, |out| out.write_all(&bytes))?;
    Ok(Saved { place: place.to_owned(), version: None })
}

/// Whether a file is a model, whatever its name, or a folder a store of them.
pub fn is_one(file: &Path) -> bool {
    crate::model::is_model(file) || store::is_store(file)
}

/// That a source is no model.
///
/// # Errors
/// It is one (exit 2).
pub fn refuse(source: &SourceSpec) -> Result<()> {
    if !is_one(&source.path) {
        return Ok(());
    }
    Err(Error::usage("this is a model, not a table of customers")
        .at(source.path.display().to_string())
        .hint("`segmenta profile` shows its segments, `segmenta predict` places customers in them"))
}

/// Reads a model file, or the model that serves of a store.
///
/// # Errors
/// It cannot be read, is no model, or a damaged or newer one; no version of the store serves.
pub fn read(file: &Path) -> Result<Model> {
    if store::is_store(file) {
        return Ok(Shelf::read(file)?.served()?.1);
    }
    Model::read(file).map_err(|error| Error::from(error).at(file.display().to_string()))
}

/// Reads the rows that a model is to place: customers, or the order lines that it takes, rolled up.
///
/// # Errors
/// The source cannot be read, or holds order lines where the model takes customers.
pub fn load_rows(model: &Model, source: &SourceSpec, task: &Task) -> Result<Table> {
    if let Some(spec) = &model.recipe.rollup {
        return Ok(rollups::roll_up(source, spec, &Keep::of_user(), task)?.into_table());
    }
    let mut table = table::read(source, None, task)?;
    table.source.fingerprint = Some(table::fingerprint(source, task)?);
    match &table.shape {
        Shape::OrderLines { customer, .. } if model.find(&table).is_err() => {
            let what = format!("these are order lines (column \"{customer}\"), and the model takes customers");
            Err(Error::failed(what)
                .at(table.source.path.display().to_string())
                .hint("roll them up first: segmenta rfm"))
        }
        _ => Ok(table),
    }
}

/// Places each row of a table: segment, key, name, confidence, border. A column that is missing is one without values,
/// which the model's recipe fills or leaves out.
///
/// # Errors
/// No column of the model is there, or the task was cancelled.
pub fn score<'a>(model: &'a Model, table: &Table, task: &Task) -> Result<Scored<'a>> {
    let at = |error: Error| error.at(table.source.path.display().to_string());
    let found = model.find(table).map_err(|error| at(error.into()))?;
    let columns: Vec<&Column> = found.columns.iter().map(AsRef::as_ref).collect();
    let rows = model.place(&columns, task)?;
    let meant = |name: String| {
        let near = nearest(&name, table.fields.iter().map(Field::name)).map(str::to_owned);
        (name, near)
    };
    Ok(Scored { rows, missing: found.missing.into_iter().map(meant).collect() })
}

#[cfg(test)]
mod code_tests;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod tests;
