//! Every row of the input with its segment, and the look-up file beside it.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::atomic::Draft;
use super::cells::{Cell, CellSink};
use super::lookup::{Line, Maker};
use super::rows::{RowFormat, cell_sink};
use super::since::Former;
use super::sql::SqlSink;
use super::upsert::UpsertSink;
use super::workbook::WorkbookSink;
use super::{Beside, Columns, Mark, Pseudonyms, ReportError, Upserted, lookup, lookup_path};
use crate::segments::Segments;
use crate::table::{self, Field, Place, Table};
use crate::task::Task;

/// What is handed over, of a run or of a model: rows, and what is written behind each.
#[derive(Clone, Copy)]
pub struct Handover<'a> {
    /// The table, all its columns read.
    pub table: &'a Table,
    /// What is written behind a row.
    pub mark: &'a dyn Fn(usize) -> Mark<'a>,
    /// Which columns that is.
    pub beside: Beside<'a>,
    /// The segments that the look-up file may name.
    pub listed: &'a Segments,
    /// What it says of all of them.
    pub maker: &'a Maker,
    /// Whether a look-up file is written beside a file of rows; a database always gets its table.
    pub has_lookup: bool,
    /// The column that names the customers.
    pub id: Option<&'a str>,
    /// The column that says who may be contacted; it may be one that the recipe made.
    pub consent: Option<&'a Field>,
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
    /// Of them to be left alone.
    pub control: usize,
    /// Rows that were not written, because these customers must not be contacted.
    pub withheld: usize,
    /// Rows that were not written, because nothing changed since the earlier export.
    pub unchanged: usize,
    /// Customers of the earlier export who are not among the rows any more.
    pub gone: usize,
}

/// Rows between two looks at the task.
const STRIDE: usize = 4096;

/// Writes every row, in order and with its original text, with its segment, and the look-up file beside it: to files,
/// which appear at the end or not at all, or to tables of a database.
///
/// # Errors
/// The ending names no format, a file cannot be read or written, or the task was cancelled.
pub fn export(from: &Handover<'_>, target: &Path, task: &Task) -> Result<Written, ReportError> {
    let format = RowFormat::of(target)?;
    let columns = from.picked(matches!(format, RowFormat::Parquet | RowFormat::Workbook))?;
    if let Place::Sql(database) = table::place(target) {
        let mut sink = SqlSink::begin(&database, &columns, task)?;
        let written = from.write(columns, &mut sink, target, task)?;
        sink.commit(&from.lines())?;
        return Ok(written);
    }
    let mut rows = Draft::begin(target)?;
    let beside = lookup_path(target);
    let mut lookup = from.has_lookup.then(|| Draft::begin(&beside)).transpose()?;
    let written = from.write_file(format, columns, &mut rows, target, task)?;
    if let Some(lookup) = &mut lookup {
        lookup::write(&from.lines(), lookup).map_err(ReportError::write(&beside))?;
    }
    rows.publish()?;
    lookup.map_or(Ok(()), Draft::publish)?;
    Ok(written)
}

/// Writes the same rows as text.
///
/// # Errors
/// As [`export`].
pub fn print(from: &Handover<'_>, format: RowFormat, out: &mut dyn Write, task: &Task) -> Result<Written, ReportError> {
    from.write_file(format, from.picked(false)?, out, Path::new("the output"), task)
}

/// Brings every row with its segment into a table that is there already: known customers are updated by their id, new
/// ones are added, the table of the segments beside it is written anew; `dry`: all is tried and taken back.
///
/// # Errors
/// The target is no table of SQLite or PostgreSQL, it does not fit, it refuses, or the task was cancelled; nothing is
/// written then.
pub fn upsert(from: &Handover<'_>, target: &Path, dry: bool, task: &Task) -> Result<Upserted, ReportError> {
    let Place::Sql(database) = table::place(target) else { return Err(ReportError::NoUpsert) };
    let columns = from.picked(false)?;
    let id = from.id_place().and_then(|id| columns.position(id)).ok_or(ReportError::NoId)?;
    let mut sink = UpsertSink::begin(&database, columns.clone(), id, task)?;
    from.write(columns, &mut sink, target, task)?;
    sink.finish(&from.lines(), dry)
}

impl Handover<'_> {
    /// The columns that are asked for.
    fn picked(&self, typed: bool) -> Result<Columns, ReportError> {
        if (self.pseudonyms.is_some() || self.beside.control.is_some()) && self.id_place().is_none() {
            return Err(ReportError::NoId);
        }
        Columns::of(self.table, self.columns, &self.beside, self.id, typed)
    }

    /// The place of the column that names the customers.
    fn id_place(&self) -> Option<usize> {
        let id = self.id?;
        self.table.fields.iter().position(|field| field.name() == id)
    }

    fn lines(&self) -> Vec<Line> {
        lookup::lines(self.listed, self.maker)
    }

    fn write_file(
        &self,
        format: RowFormat,
        columns: Columns,
        out: &mut dyn Write,
        target: &Path,
        task: &Task,
    ) -> Result<Written, ReportError> {
        let failed = ReportError::write(target);
        let mut sink: Box<dyn CellSink + '_> = match format {
            RowFormat::Workbook => {
                let by = columns.position(self.table.fields.len() + self.beside.segment());
                Box::new(WorkbookSink::new(columns.heads(), by.ok_or(ReportError::NoSegment)?, self.lines(), out))
            }
            format => cell_sink(format, &columns.heads(), out).map_err(failed)?,
        };
        let written = self.write(columns, sink.as_mut(), target, task)?;
        sink.end().map_err(failed)?;
        Ok(written)
    }

    /// Gives every row to a sink.
    fn write(
        &self,
        columns: Columns,
        sink: &mut dyn CellSink,
        target: &Path,
        task: &Task,
    ) -> Result<Written, ReportError> {
        let id = self.id_place();
        let place = id.and_then(|id| columns.position(id));
        let former = |file| Former::read(file, &columns.heads(), place.ok_or(ReportError::NoId)?);
        let former = self.since.map(former).transpose()?;
        let count = Written::nothing(target);
        let mut writing = Writing { from: self, id, columns, former, sink, target, task, count };
        writing.write()?;
        let mut count = writing.count;
        if let Some(former) = &writing.former {
            (count.unchanged, count.gone) = (former.unchanged, former.gone());
            count.rows -= count.unchanged;
        }
        Ok(count)
    }
}

impl Written {
    fn nothing(target: &Path) -> Self {
        let shown = |path: &Path| table::shown(path).into_owned();
        Self {
            file: shown(target),
            lookup: shown(&lookup_path(target)),
            rows: 0,
            unused: 0,
            control: 0,
            withheld: 0,
            unchanged: 0,
            gone: 0,
        }
    }
}

struct Writing<'w, 'a> {
    from: &'w Handover<'a>,
    /// The column of ids.
    id: Option<usize>,
    columns: Columns,
    /// Where only what changed is written: the earlier export.
    former: Option<Former>,
    sink: &'w mut dyn CellSink,
    target: &'w Path,
    task: &'w Task,
    count: Written,
}

impl<'a> Writing<'_, 'a> {
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
        let mark = self.mark(row);
        let cells = self.cells(discreet.as_deref().unwrap_or(texts), &mark);
        self.give(row, &cells, &mark).map_err(ReportError::write(self.target))
    }

    /// Gives a row to the sink, and counts it.
    fn give(&mut self, row: usize, cells: &[Cell<'_>], mark: &Mark<'_>) -> io::Result<()> {
        if self.from.consent.is_some_and(|field| !table::may_contact(field, row)) {
            self.count.withheld += 1;
            return self.sink.withheld(cells);
        }
        self.count.rows += 1;
        let place = self.id.and_then(|id| self.columns.position(id)).unwrap_or(0);
        if self.former.as_mut().is_some_and(|former| !former.differs(cells, place)) {
            return Ok(());
        }
        self.count.unused += usize::from(mark.segment.is_none());
        self.count.control += usize::from(mark.group == crate::segments::CONTROL);
        self.sink.cells(cells)
    }

    fn mark(&self, row: usize) -> Mark<'a> {
        let mark = (self.from.mark)(row);
        let Beside { control, next, .. } = self.from.beside;
        let id = || self.id.map_or_else(String::new, |id| table::value(&self.from.table.fields[id].column.values, row));
        let group = control.map_or("", |control| control.word(&id()));
        let next = next.and_then(|baskets| baskets.next.get(row)).map_or("", String::as_str);
        Mark { group, next, ..mark }
    }

    /// The columns that are asked for, of a row's texts and what stands behind them.
    fn cells<'c>(&self, texts: &[&'c str], mark: &'c Mark<'_>) -> Vec<Cell<'c>> {
        let ours = self.from.beside.cells(mark);
        let cell = |place: usize| match texts.get(place) {
            Some(text) => Cell::Text(text),
            None => ours.get(place - texts.len()).copied().unwrap_or(Cell::Text("")),
        };
        self.columns.picked.iter().map(|(place, _)| cell(*place)).collect()
    }

    /// The row with a pseudonym in place of the id, personal data masked.
    fn discreet(&self, texts: &[&str], pseudonyms: &Pseudonyms) -> Vec<String> {
        let columns = self.from.table.fields.iter().zip(texts).enumerate();
        let text = |(column, (field, text)): (usize, (&Field, &&str))| {
            if self.id == Some(column) { pseudonyms.of(text) } else { field.discreet(text) }
        };
        columns.map(text).collect()
    }
}
