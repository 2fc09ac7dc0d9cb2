//! Whole files placed by a model, and written.

use std::io::Write;
use std::path::PathBuf;

use super::models::{self, Scored};
use super::privacy::Privacy;
use crate::error::Result;
use crate::model::{Model, Placed};
use crate::report::{Mark, PlacedCount, PlacedRows, ReportError, RowFormat, Said};
use crate::table::{SourceSpec, Table};
use crate::task::Task;

/// Where placed rows go.
pub enum Target {
    /// A file or a table of a database, whole or not at all.
    Place(PathBuf),
    /// Text.
    Text(RowFormat, Box<dyn Write + Send>),
    /// Nowhere: only the count is wanted.
    Nowhere,
}

/// What a model said of a source's rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows of the source.
    pub rows: usize,
    /// Rows a segment, unassigned first.
    pub sizes: Vec<usize>,
    /// Rows that could not be used.
    pub unused: usize,
    /// Rows on a border.
    pub border: usize,
    /// Rows unlike all that the model was made with.
    pub out_of_range: usize,
    /// Rows that were not written, because these customers must not be contacted.
    pub withheld: usize,
    /// The model's columns that the source does not have, each with the name that may be meant.
    pub missing: Vec<(String, Option<String>)>,
}

impl Summary {
    /// Nothing yet, of a model of `k` segments.
    pub fn new(k: usize) -> Self {
        Self { sizes: vec![0; k + 1], ..Self::default() }
    }

    /// Counts a row.
    pub fn count(&mut self, placed: &Placed) {
        self.rows += 1;
        match placed.segment.and_then(|segment| self.sizes.get_mut(segment as usize)) {
            Some(size) => *size += 1,
            None => self.unused += 1,
        }
        self.border += usize::from(placed.border == Some(true));
        self.out_of_range += usize::from(placed.out_of_range == Some(true));
    }
}

/// Places the rows of a source and writes them: the input's columns, `out_of_range`, the columns of an export.
///
/// # Errors
/// The source cannot be read or has none of the model's columns, or something cannot be written.
pub fn predict(model: &Model, source: &SourceSpec, target: Target, privacy: &Privacy, task: &Task) -> Result<Summary> {
    let table = models::load_rows(model, source, task)?;
    let scored = models::score(model, &table, task)?;
    let mut summary = Summary::new(model.segments.list.len());
    scored.rows.iter().for_each(|placed| summary.count(placed));
    summary.withheld = write(model, &table, &scored, target, privacy, task)?.withheld;
    summary.missing = scored.missing;
    Ok(summary)
}

fn write(
    model: &Model,
    table: &Table,
    scored: &Scored,
    target: Target,
    privacy: &Privacy,
    task: &Task,
) -> Result<PlacedCount> {
    let said = |row: usize| scored.rows.get(row).map(said).unwrap_or_default();
    let roles = &model.recipe.roles;
    let pseudonyms = privacy.pseudonyms.as_ref();
    let id = roles.id.as_deref().filter(|id| table.field(id).is_some());
    if pseudonyms.is_some() && id.is_none() {
        return Err(ReportError::NoId.into());
    }
    let consent = roles.consent.as_deref().and_then(|name| table.field(name));
    let rows = PlacedRows { table, said: &said, segments: &model.segments, id, consent, pseudonyms };
    Ok(match target {
        Target::Place(place) => rows.write(&place, task)?,
        Target::Text(format, mut out) => rows.print(format, out.as_mut(), task)?,
        Target::Nowhere => PlacedCount::default(),
    })
}

/// A placed row as an export writes it.
pub fn said<'a>(placed: &'a Placed<'_>) -> Said<'a> {
    let mark = Mark {
        segment: placed.segment,
        key: placed.key,
        name: placed.name,
        confidence: placed.confidence,
        border: placed.border,
        note: placed.note.clone(),
    };
    (placed.out_of_range, mark)
}
