//! Whole files placed by a model, and written.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::handover::{self, Extra};
use super::models::{self, Scored};
use super::privacy::Privacy;
use super::steps;
use super::values::Exported;
use crate::error::Result;
use crate::matrix::UNASSIGNED;
use crate::model::{Model, Placed};
use crate::recipe::{ExportSpec, Recipe};
use crate::report::{self, Handover, Mark, RowFormat};
use crate::segments::Segments;
use crate::table::{Field, Role, SourceSpec, Table};
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

/// What is written of each row beside its segment.
#[derive(Debug, Clone, Default)]
pub struct Further {
    /// What could be tried with the segment.
    pub actions: bool,
    /// The best good not bought yet, as an export writes it.
    pub export: ExportSpec,
}

/// Places the rows of a source and writes them: the input's columns, `out_of_range`, the columns of an export.
///
/// # Errors
/// The source cannot be read or has none of the model's columns, or something cannot be written.
pub fn predict(
    model: &Model,
    source: &SourceSpec,
    further: &Further,
    target: Target,
    privacy: &Privacy,
    task: &Task,
) -> Result<Summary> {
    let table = models::load_rows(model, source, task)?;
    let scored = models::score(model, &table, task)?;
    let mut summary = summary(model, &scored);
    let Further { actions, export: spec } = further;
    let rows = Rows { model, table: &table, scored: &scored, listed: &model.segments, actions: *actions, spec };
    summary.withheld = match target {
        Target::Place(place) => rows.hand_over(privacy, task, |from| {
            let from = Handover { has_lookup: false, ..*from };
            Ok(report::export(&from, &place, task)?.withheld)
        })?,
        Target::Text(format, mut out) => {
            rows.hand_over(privacy, task, |from| Ok(report::print(from, format, out.as_mut(), task)?.withheld))?
        }
        Target::Nowhere => 0,
    };
    summary.missing = scored.missing;
    Ok(summary)
}

/// Hands the rows of a source over as `spec` says, each with the segment in which the model places it; the look-up file
/// beside them counts these rows.
///
/// # Errors
/// As [`predict`].
pub fn export(
    model: &Model,
    source: &SourceSpec,
    spec: &ExportSpec,
    privacy: &Privacy,
    target: &Path,
    task: &Task,
) -> Result<(Exported, Summary)> {
    steps::spare_input(&source.path, target)?;
    let table = models::load_rows(model, source, task)?;
    let scored = models::score(model, &table, task)?;
    let mut summary = summary(model, &scored);
    let (listed, _) = privacy.of_report(counted(&model.segments, &summary));
    let rows = Rows { model, table: &table, scored: &scored, listed: &listed, actions: false, spec };
    let exported = rows.hand_over(privacy, task, |from| handover::written(from, spec, target, task))?;
    summary.withheld = exported.withheld;
    summary.missing = scored.missing;
    Ok((exported, summary))
}

fn summary(model: &Model, scored: &Scored<'_>) -> Summary {
    let mut summary = Summary::new(model.segments.list.len());
    scored.rows.iter().for_each(|placed| summary.count(placed));
    summary
}

/// The segments with the sizes that they have among the rows.
fn counted(segments: &Segments, summary: &Summary) -> Segments {
    let placed: usize = summary.sizes.iter().sum();
    let mut counted = segments.clone();
    for segment in &mut counted.list {
        segment.size = summary.sizes.get(segment.number as usize).copied().unwrap_or_default();
        segment.share = segment.size as f64 / placed.max(1) as f64;
    }
    counted
}

/// Rows that a model placed.
struct Rows<'a> {
    model: &'a Model,
    table: &'a Table,
    scored: &'a Scored<'a>,
    listed: &'a Segments,
    actions: bool,
    spec: &'a ExportSpec,
}

impl Rows<'_> {
    /// Has `work` done with the hand-over of the rows.
    fn hand_over<T>(&self, privacy: &Privacy, task: &Task, work: impl FnOnce(&Handover<'_>) -> Result<T>) -> Result<T> {
        let Self { model, table, scored, listed, actions, spec } = *self;
        let labels: Vec<u32> = scored.rows.iter().map(|placed| placed.segment.unwrap_or(UNASSIGNED)).collect();
        let extra = Extra::of(spec, table, &model.recipe, (&labels, model.segments.list.len()), None, task)?;
        let roles = &model.recipe.roles;
        work(&Handover {
            table,
            mark: &|row| scored.rows.get(row).map(|placed| mark(placed, model)).unwrap_or_default(),
            beside: report::Beside { action: actions, ..extra.beside(true) },
            listed,
            maker: &handover::maker(table, model.name()),
            has_lookup: true,
            id: roles.id.as_deref().filter(|id| table.field(id).is_some()),
            consent: consent(&model.recipe, table),
            pseudonyms: privacy.pseudonyms.as_ref(),
            columns: &spec.columns,
            since: spec.since.as_deref(),
        })
    }
}

/// The column that says who may be contacted: the model's, or one that these rows have, where the model's own customers
/// had none, or none that said no.
fn consent<'a>(recipe: &Recipe, table: &'a Table) -> Option<&'a Field> {
    let named = recipe.roles.consent.as_deref().and_then(|name| table.field(name));
    let is_free = |field: &&Field| recipe.role(field.name()) == Role::Ignore;
    named.or_else(|| table.fields.iter().find(|field| field.role == Role::Consent).filter(is_free))
}

/// A placed row as an export writes it.
fn mark<'a>(placed: &'a Placed<'_>, model: &'a Model) -> Mark<'a> {
    Mark {
        out_of_range: placed.out_of_range,
        segment: placed.segment,
        key: placed.key,
        name: placed.name,
        confidence: placed.confidence,
        border: placed.border,
        note: placed.note.clone(),
        action: model.action(placed.segment).unwrap_or_default(),
        ..Mark::default()
    }
}
