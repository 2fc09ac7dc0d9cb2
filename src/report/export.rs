//! Every row of the input with its segment, and the look-up file beside it.

use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::atomic::Draft;
use super::cells::{Cell, CellSink, Head};
use super::marks::Marks;
use super::rows::{RowFormat, RowSink, cell_sink, our_cells};
use super::since::Former;
use super::sql::SqlSink;
use super::upsert::UpsertSink;
use super::workbook::WorkbookSink;
use super::{Columns, Mark, Pseudonyms, ReportError, Upserted, lookup, lookup_path};
use crate::metrics;
use crate::recipe::{Prepared, Recipe};
use crate::segments::Segments;
use crate::study::Run;
use crate::table::{self, Database, Field, Place, Table};
use crate::task::Task;

/// What an export needs, as the rooms before made it.
#[derive(Clone, Copy)]
pub struct Handover<'a> {
    /// The table, all its columns read.
    pub table: &'a Table,
    /// The recipe fitted to it.
    pub prepared: &'a Prepared,
    /// The recipe.
    pub recipe: &'a Recipe,
    /// The run whose segments are written.
    pub run: &'a Run,
    /// What they are.
    pub segments: &'a Segments,
    /// The segments that the look-up file may name.
    pub listed: &'a Segments,
    /// In place of ids, personal data masked.
    pub pseudonyms: Option<&'a Pseudonyms>,
    /// The columns that are written, `column` or `name = column`; all where it names none.
    pub columns: &'a [String],
    /// An earlier export: only what changed since is written.
    pub since: Option<&'a Path>,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The rows with their segments.
    pub file: PathBuf,
    /// The look-up file beside it.
    pub lookup: PathBuf,
    /// Rows written.
    pub rows: usize,
    /// Of them with an empty segment and a note.
    pub unused: usize,
    /// Rows that were not written, because these customers must not be contacted.
    pub withheld: usize,
    /// Rows that were not written, because nothing changed since the earlier export.
    pub unchanged: usize,
    /// Customers of the earlier export who are not among the rows any more.
    pub gone: usize,
}

impl Handover<'_> {
    /// The place of the column that names the customers.
    fn id(&self) -> Option<usize> {
        let id = self.recipe.roles.id.as_deref()?;
        self.table.fields.iter().position(|field| field.name() == id)
    }
}

/// Rows between two looks at the task.
const STRIDE: usize = 4096;

/// Writes every row, in order and with its original text, with its segment, and the look-up file beside it.
/// Both appear at the end, or none.
///
/// # Errors
/// The ending names no format, a file cannot be read or written, or the task was cancelled.
pub fn export(from: &Handover<'_>, target: &Path, task: &Task) -> Result<Written, ReportError> {
    let format = RowFormat::of(target)?;
    if from.pseudonyms.is_some() && from.id().is_none() {
        return Err(ReportError::NoId);
    }
    if let Place::Sql(database) = table::place(target) {
        return export_to_table(from, target, &database, task);
    }
    let silhouettes = metrics::silhouettes(&from.prepared.matrix, &from.run.labels, task)?;
    let confidence = confidence(from);
    let labels = from.run.labels.as_slice();
    let marks = Marks::new(from.prepared, from.segments, labels, &confidence, &silhouettes);
    let (mut rows, mut lookup) = (Draft::begin(target)?, Draft::begin(&lookup_path(target))?);
    let failed = ReportError::write(target);
    let fingerprint = from.table.source.fingerprint.as_deref();
    let typed = matches!(format, RowFormat::Parquet | RowFormat::Workbook);
    let columns = Columns::of(from.table, from.columns, from.recipe.roles.id.as_deref(), typed)?;
    let sink: Box<dyn CellSink> = match format {
        RowFormat::Workbook => {
            let lines = lookup::lines(from.listed, fingerprint);
            let by = columns.position(from.table.fields.len()).ok_or(ReportError::NoSegment)?;
            Box::new(WorkbookSink::new(columns.heads(), by, lines, &mut rows))
        }
        format => cell_sink(format, &columns.heads(), &mut rows).map_err(failed)?,
    };
    let id = from.id().and_then(|id| columns.position(id));
    let former =
        from.since.map(|file| Former::read(file, &columns.heads(), id.ok_or(ReportError::NoId)?)).transpose()?;
    let mut sink = Picked { columns, sink, former, id: id.unwrap_or(0) };
    let mut writing =
        Writing { from, id: from.id(), marks, sink: &mut sink, target, task, count: Written::nothing(target) };
    writing.write()?;
    let mut count = writing.count;
    if let Some(former) = &sink.former {
        (count.unchanged, count.gone) = (former.unchanged, former.gone());
        count.rows -= count.unchanged;
    }
    sink.sink.end().map_err(failed)?;
    drop(sink);
    lookup::write(from.listed, fingerprint, &mut lookup).map_err(ReportError::write(lookup.target()))?;
    rows.publish()?;
    lookup.publish()?;
    Ok(count)
}

/// Brings every row with its segment into a table that is there already: known customers are updated by their id, new
/// ones are added; `dry`: all is tried and taken back.
///
/// # Errors
/// The target is no table of SQLite or PostgreSQL, it does not fit, it refuses, or the task was cancelled; nothing is
/// written then.
pub fn upsert(from: &Handover<'_>, target: &Path, dry: bool, task: &Task) -> Result<Upserted, ReportError> {
    let Place::Sql(database) = table::place(target) else { return Err(ReportError::NoUpsert) };
    let id = from.id().ok_or(ReportError::NoId)?;
    let columns = Columns::of(from.table, from.columns, from.recipe.roles.id.as_deref(), false)?;
    let silhouettes = metrics::silhouettes(&from.prepared.matrix, &from.run.labels, task)?;
    let (confidence, labels) = (confidence(from), from.run.labels.as_slice());
    let marks = Marks::new(from.prepared, from.segments, labels, &confidence, &silhouettes);
    let mut sink = UpsertSink::begin(&database, columns, id, from.table.fields.len(), task)?;
    let count = Written::nothing(target);
    Writing { from, id: Some(id), marks, sink: &mut sink, target, task, count }.write()?;
    sink.end(dry)
}

/// The same into a table of a database, and a second one for the segments.
fn export_to_table(
    from: &Handover<'_>,
    target: &Path,
    database: &Database,
    task: &Task,
) -> Result<Written, ReportError> {
    let silhouettes = metrics::silhouettes(&from.prepared.matrix, &from.run.labels, task)?;
    let (confidence, labels) = (confidence(from), from.run.labels.as_slice());
    let marks = Marks::new(from.prepared, from.segments, labels, &confidence, &silhouettes);
    let names: Vec<&str> = from.table.fields.iter().map(Field::name).collect();
    let mut sink = SqlSink::begin(database, &names, task)?;
    let mut writing =
        Writing { from, id: from.id(), marks, sink: &mut sink, target, task, count: Written::nothing(target) };
    writing.write()?;
    let count = writing.count;
    sink.commit(&lookup::lines(from.listed, from.table.source.fingerprint.as_deref()))?;
    Ok(count)
}

/// The confidence of each row of the matrix; none where the run has no clusterer.
fn confidence(from: &Handover<'_>) -> Vec<f64> {
    let clusterer = from.run.clusterer.as_ref();
    clusterer.map(|clusterer| clusterer.assign(from.prepared.matrix.values.view()).confidence).unwrap_or_default()
}

impl Written {
    fn nothing(target: &Path) -> Self {
        let shown = |path: &Path| table::shown(path).into_owned();
        Self {
            file: shown(target),
            lookup: shown(&lookup_path(target)),
            rows: 0,
            unused: 0,
            withheld: 0,
            unchanged: 0,
            gone: 0,
        }
    }
}

/// Rows with their marks, of which only some columns are written.
struct Picked<'a> {
    columns: Columns,
    sink: Box<dyn CellSink + 'a>,
    /// Where only what changed is written: the earlier export.
    former: Option<Former>,
    /// Where the id stands among the columns.
    id: usize,
}

impl RowSink for Picked<'_> {
    fn row(&mut self, texts: &[&str], mark: &Mark<'_>) -> io::Result<()> {
        let ours = our_cells(mark);
        let cell = |&(place, _): &(usize, Head)| match texts.get(place) {
            Some(text) => Cell::Text(text),
            None => ours.get(place - texts.len()).copied().unwrap_or(Cell::Text("")),
        };
        let cells: Vec<Cell> = self.columns.picked.iter().map(cell).collect();
        let id = self.id;
        match self.former.as_mut().is_none_or(|former| former.differs(&cells, id)) {
            true => self.sink.cells(&cells),
            false => Ok(()),
        }
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.sink.end()
    }
}

struct Writing<'a> {
    from: &'a Handover<'a>,
    /// The column of ids.
    id: Option<usize>,
    marks: Marks<'a>,
    sink: &'a mut dyn RowSink,
    target: &'a Path,
    task: &'a Task,
    count: Written,
}

impl Writing<'_> {
    fn write(&mut self) -> Result<(), ReportError> {
        let read = self.from.table.rows;
        self.task.begin("writing rows", read as u64);
        let mut outcome = Ok(());
        table::rows(self.from.table, &mut |row, texts| {
            outcome = self.row(row, texts);
            if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        outcome?;
        let found = self.count.rows + self.count.withheld;
        if found == read { Ok(()) } else { Err(ReportError::Changed(format!("{found} rows where {read} were read"))) }
    }

    fn row(&mut self, row: usize, texts: &[&str]) -> Result<(), ReportError> {
        if row.is_multiple_of(STRIDE) {
            self.task.check()?;
            self.task.advance(STRIDE as u64);
        }
        let columns = self.from.table.fields.len();
        if texts.len() != columns {
            return Err(ReportError::Changed(format!("{} columns where {columns} were read", texts.len())));
        }
        let discreet = self.from.pseudonyms.map(|pseudonyms| self.discreet(texts, pseudonyms));
        let discreet: Option<Vec<&str>> = discreet.as_ref().map(|texts| texts.iter().map(String::as_str).collect());
        let mark = self.marks.of(row);
        if !self.may_be_contacted(row) {
            self.count.withheld += 1;
            let texts = discreet.as_deref().unwrap_or(texts);
            return self.sink.withheld(texts, &mark).map_err(ReportError::write(self.target));
        }
        self.sink.row(discreet.as_deref().unwrap_or(texts), &mark).map_err(ReportError::write(self.target))?;
        self.count.rows += 1;
        self.count.unused += usize::from(mark.segment.is_none());
        Ok(())
    }

    /// The row with a pseudonym in place of the id, personal data masked.
    fn discreet(&self, texts: &[&str], pseudonyms: &Pseudonyms) -> Vec<String> {
        let columns = self.from.table.fields.iter().zip(texts).enumerate();
        let text = |(column, (field, text)): (usize, (&Field, &&str))| {
            if self.id == Some(column) { pseudonyms.of(text) } else { field.discreet(text) }
        };
        columns.map(text).collect()
    }

    /// Without a consent column everybody; with one only who said yes.
    fn may_be_contacted(&self, row: usize) -> bool {
        let consent = self.from.recipe.roles.consent.as_deref();
        let table = self.from.prepared.whole(self.from.table);
        consent.and_then(|name| table.field(name)).is_none_or(|field| table::may_contact(field, row))
    }
}
