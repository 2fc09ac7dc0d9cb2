//! Reads a source: a preview from its head, or the whole of it as a table.

use polars::prelude::{Column as Series, DataFrame, Expr, LazyFrame};

use super::error::{Fault, TableError};
use super::names::Words;
use super::source::{self, Bytes, Head};
use super::typing::{self, Typed};
use super::values::{Dialect, Field, Preview, Role, SourceInfo, SourceSpec, Table};
use super::{csv, frame, lines, parquet, roles};
use crate::error::nearest;
use crate::matrix::Column;
use crate::task::Task;

/// Rows that a preview holds.
const PREVIEW: usize = 200;

/// The first rows of a source, from its first 256 KB (of Parquet: its metadata and first rows).
///
/// # Errors
/// [`TableError`] where the source cannot be read.
pub fn preview(spec: &SourceSpec) -> Result<Preview, TableError> {
    look(spec).map_err(|fault| fault.at(&spec.path))
}

fn look(spec: &SourceSpec) -> Result<Preview, Fault> {
    let (bytes, head, info) = source::open(spec)?;
    match &info.dialect {
        Some(dialect) => look_at_text(&head, dialect, &info),
        None => look_at_parquet(&bytes, info),
    }
}

fn look_at_text(head: &Head, dialect: &Dialect, info: &SourceInfo) -> Result<Preview, Fault> {
    let mut utf8 = lines::Utf8::default();
    utf8.take(&head.bytes)?;
    let limit = if head.whole { usize::MAX } else { PREVIEW + 1 };
    let mut rows = csv::records(head, dialect, limit);
    let columns = csv::names(rows.first().ok_or(Fault::Empty)?, dialect.header);
    if dialect.header {
        rows.remove(0);
    }
    let total = head.whole.then_some(rows.len());
    rows.truncate(PREVIEW);
    rows.iter_mut().for_each(|row| row.resize(columns.len(), String::new()));
    Ok(Preview { source: info.clone(), columns, rows, total })
}

fn look_at_parquet(bytes: &Bytes, source: SourceInfo) -> Result<Preview, Fault> {
    let first = parquet::scan(bytes)?.limit(PREVIEW as u32);
    let frame = frame::collect(first, &Task::default())?.unwrap_or_default();
    let columns = frame.columns().iter().map(|column| column.name().to_string()).collect();
    let texts = frame.columns().iter().map(parquet::texts).collect::<Result<Vec<_>, _>>()?;
    let text = |row| texts.iter().map(|column| column.get(row).unwrap_or_default().to_owned()).collect();
    let rows = (0..frame.height()).map(text).collect();
    Ok(Preview { source, columns, rows, total: Some(parquet::rows(bytes)?) })
}

/// Reads a source as a table: all columns or only these (in the source's order), typed, with proposed roles.
///
/// # Errors
/// [`TableError`] where the source cannot be read, a column is not there, or the task is cancelled.
pub fn read(spec: &SourceSpec, columns: Option<&[String]>, task: &Task) -> Result<Table, TableError> {
    load(spec, columns, task).map_err(|fault| fault.at(&spec.path))
}

fn load(spec: &SourceSpec, columns: Option<&[String]>, task: &Task) -> Result<Table, Fault> {
    let (source, plan) = plan(spec, task)?;
    let frame = plan.collect(columns, task)?.filter(|frame| frame.height() > 0).ok_or(Fault::HeaderOnly)?;
    let mut fields = fields(&frame, &source, task)?;
    let shape = roles::shape(&fields);
    roles::assign(&mut fields, &shape);
    Ok(Table { source, shape, fields, rows: frame.height() })
}

/// A checked source, ready to be read.
pub(super) struct Plan {
    pub frame: LazyFrame,
    pub names: Vec<String>,
    /// The rows that it must give.
    pub rows: usize,
}

/// Opens and checks a source.
pub(super) fn plan(spec: &SourceSpec, task: &Task) -> Result<(SourceInfo, Plan), Fault> {
    let (bytes, head, info) = source::open(spec)?;
    let plan = match &info.dialect {
        Some(dialect) => plan_text(&bytes, &head, dialect, task)?,
        None => plan_parquet(&bytes)?,
    };
    Ok((info, plan))
}

fn plan_text(bytes: &Bytes, head: &Head, dialect: &Dialect, task: &Task) -> Result<Plan, Fault> {
    let lines = lines::check(bytes, dialect, task)?;
    let first = csv::records(head, dialect, 1);
    let names = csv::names(first.first().ok_or(Fault::Empty)?, dialect.header);
    let frame = csv::scan(bytes, dialect, &names, &lines)?;
    Ok(Plan { frame, names, rows: lines.records - usize::from(dialect.header) })
}

fn plan_parquet(bytes: &Bytes) -> Result<Plan, Fault> {
    let mut frame = parquet::scan(bytes)?;
    let names = frame.collect_schema()?.iter_names().map(ToString::to_string).collect();
    Ok(Plan { frame, names, rows: parquet::rows(bytes)? })
}

impl Plan {
    fn collect(self, columns: Option<&[String]>, task: &Task) -> Result<Option<DataFrame>, Fault> {
        let chosen = chosen(&self.names, columns)?;
        task.begin("reading rows", self.rows as u64);
        let frame = frame::collect(self.frame.select(chosen), task)?;
        let found = frame.as_ref().map_or(0, DataFrame::height);
        if found == self.rows { Ok(frame) } else { Err(Fault::Rows { expected: self.rows, found }) }
    }
}

fn chosen(names: &[String], columns: Option<&[String]>) -> Result<Vec<Expr>, Fault> {
    let wanted = columns.unwrap_or(names);
    if let Some(name) = wanted.iter().find(|name| !names.contains(name)) {
        let nearest = nearest(name, names.iter().map(String::as_str)).map(str::to_owned);
        return Err(Fault::NoColumn { name: name.clone(), nearest });
    }
    // Not `col`, which takes `*` and `^…$` for patterns.
    let exact = |name: &String| Expr::Column(name.as_str().into());
    Ok(names.iter().filter(|name| wanted.contains(name)).map(exact).collect())
}

fn fields(frame: &DataFrame, source: &SourceInfo, task: &Task) -> Result<Vec<Field>, Fault> {
    task.begin("typing columns", frame.width() as u64);
    let typed = frame.columns().iter().map(|column| {
        task.check()?;
        let typed = match &source.dialect {
            Some(dialect) => written(column, dialect, task)?,
            None => parquet::typed(column, task)?,
        };
        task.advance(1);
        Ok(field(column.name(), typed))
    });
    typed.collect()
}

fn written(column: &Series, dialect: &Dialect, task: &Task) -> Result<Typed, Fault> {
    let texts: Vec<Option<&str>> = column.str()?.iter().collect();
    Ok(Typed::from_written(&texts, &Words::of(column.name()), dialect.decimal, task)?)
}

/// The field of a typed column, its role still open.
pub(super) fn field(name: &str, typed: Typed) -> Field {
    Field {
        kind: typed.kind,
        role: Role::Ignore,
        reason: String::new(),
        missing: typing::missing(&typed.values),
        distinct: typing::distinct(&typed.values),
        date_format: typed.date_format,
        yes_no: typed.yes_no,
        unreadable: typed.unreadable,
        column: Column { name: name.to_owned(), values: typed.values },
    }
}
