//! Reads a source: a preview from its head, or the whole of it as a table.

use std::borrow::Cow;
use std::collections::BTreeMap;

use polars::prelude::{Column as Series, DataFrame};

use super::error::{Fault, TableError};
use super::names::Words;
use super::parts::{self, Part};
use super::plan::{self, Marks, Named, Plan, plan};
use super::rows::Rows;
use super::spec::{Format, SourceInfo, SourceSpec};
use super::told::{self, Told};
use super::typing::Typed;
use super::values::{Field, Preview, Table};
use super::{columns, dialect, frame, personal, roles};
use crate::error::nearest;
use crate::matrix::Column;
use crate::task::Task;

/// Rows that a preview holds.
const PREVIEW: usize = 200;

/// The first rows of a source, from its first 256 KB (of Parquet: its metadata and first rows). What comes from
/// elsewhere is fetched.
///
/// # Errors
/// [`TableError`] where the source cannot be read.
pub fn preview(spec: &SourceSpec) -> Result<Preview, TableError> {
    parts::refresh(spec);
    spec.joined.iter().for_each(parts::refresh);
    look(spec).map_err(|fault| fault.at(&spec.path))
}

fn look(spec: &SourceSpec) -> Result<Preview, Fault> {
    if !spec.joined.is_empty() {
        return look_at_columns(spec);
    }
    let task = Task::default();
    let parts = parts::of(spec, &task)?;
    let Some(first) = parts.first() else { return Err(Fault::NoMatch) };
    look_at_first(spec, &parts, first, &task)
        .map_err(|fault| if parts.len() > 1 { fault.within(&first.path) } else { fault })
}

fn look_at_first(spec: &SourceSpec, parts: &[Part], first: &Part, task: &Task) -> Result<Preview, Fault> {
    let format = plan::format(spec, &first.bytes.head()?, &first.path)?;
    if matches!(format, Format::Parquet | Format::Arrow) {
        return look_at_columns(spec);
    }
    let mut info = plan::info(spec, parts, format)?;
    let (bytes, _) = plan::as_text(spec, &first.bytes, format, &mut info, task)?;
    let sniffed = plan::sniffed(spec, &bytes, format)?;
    let head = bytes.head()?;
    let mut rows = Rows::open(head.bytes.as_slice(), &sniffed)?;
    info.dialect = (format == Format::Csv).then(|| sniffed.dialect.clone());
    let (first, total) = first_rows(&mut rows, head.whole)?;
    Ok(Preview { source: info, columns: rows.names.clone(), rows: first, total: total.filter(|_| parts.len() == 1) })
}

/// The first rows, and the number of all where that can be said. The last of a cut text may be cut itself.
fn first_rows(rows: &mut Rows<'_>, whole: bool) -> Result<(Vec<Vec<String>>, Option<usize>), Fault> {
    let mut first = Vec::new();
    let mut count = 0;
    while whole || count <= PREVIEW {
        match rows.next() {
            Ok(Some(record)) if count < PREVIEW => first.push(record.fields),
            Ok(Some(_)) => {}
            Ok(None) => {
                if !whole {
                    first.pop();
                }
                break;
            }
            Err(Fault::NotUtf8 { .. }) if !whole => break,
            Err(fault) => return Err(fault),
        }
        count += 1;
    }
    Ok((first, whole.then_some(count)))
}

fn look_at_columns(spec: &SourceSpec) -> Result<Preview, Fault> {
    let (source, plan) = plan(spec, &Task::default())?;
    let (columns, total) = (plan.names(), Some(plan.rows));
    let first = frame::collect(plan.frame.limit(PREVIEW as u32), &Task::default())?.unwrap_or_default();
    let texts = first.columns().iter().map(columns::texts).collect::<Result<Vec<_>, _>>()?;
    let text = |row| texts.iter().map(|column| column.get(row).unwrap_or_default().to_owned()).collect();
    let rows = (0..first.height()).map(text).collect();
    Ok(Preview { source, columns, rows, total })
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
    let (named, told) = (plan.columns.clone(), said_of_columns(spec, &plan.names())?);
    let chosen = chosen(&plan.names(), columns)?;
    let mut fields = Vec::with_capacity(chosen.len());
    for group in chosen.chunks(held_columns(&plan, source.bytes)) {
        let frame = plan.collect(group, task)?;
        if frame.height() == 0 {
            return Err(Fault::HeaderOnly);
        }
        fields.extend(self::fields(&frame, &named, &told, task)?);
    }
    let shape = roles::shape(&fields);
    roles::assign(&mut fields, &shape);
    Ok(Table { source, shape, fields, rows: plan.rows })
}

/// How many columns are held as texts at a time: the others are read in further passes, so that a long source needs
/// little more memory than its table.
fn held_columns(plan: &Plan, bytes: u64) -> usize {
    const HELD: u64 = 768 << 20;
    // A text has 16 bytes beside what stands in the file, twice while it is typed.
    let each = plan.rows as u64 * 32 + bytes / plan.columns.len().max(1) as u64;
    usize::try_from(HELD / each.max(1)).unwrap_or(usize::MAX).max(1)
}

fn chosen(names: &[String], columns: Option<&[String]>) -> Result<Vec<String>, Fault> {
    let wanted = columns.unwrap_or(names);
    if let Some(name) = wanted.iter().find(|name| !names.contains(name)) {
        let nearest = nearest(name, names.iter().map(String::as_str)).map(str::to_owned);
        return Err(Fault::NoColumn { name: name.clone(), nearest });
    }
    Ok(names.iter().filter(|name| wanted.contains(name)).cloned().collect())
}

/// What is said of columns, of this source and of those joined to it.
fn said_of_columns(spec: &SourceSpec, names: &[String]) -> Result<BTreeMap<String, Told>, Fault> {
    let all = spec.joined.iter().rev().chain([spec]).flat_map(|spec| &spec.types);
    let told: BTreeMap<String, Told> = all.map(|(name, told)| (name.clone(), told.clone())).collect();
    match told.keys().find(|name| !names.contains(name)) {
        Some(name) => {
            let nearest = nearest(name, names.iter().map(String::as_str)).map(str::to_owned);
            Err(Fault::NoColumn { name: name.clone(), nearest })
        }
        None => Ok(told),
    }
}

fn fields(frame: &DataFrame, named: &[Named], told: &BTreeMap<String, Told>, task: &Task) -> Result<Vec<Field>, Fault> {
    task.begin("typing columns", frame.width() as u64);
    let typed = frame.columns().iter().map(|column| {
        task.check()?;
        let marks = named.iter().find(|named| named.name == column.name().as_str()).and_then(|named| named.written);
        let typed = match (marks, told.get(column.name().as_str())) {
            (Some(marks), told) => written(column, marks, told, task)?,
            (None, Some(told)) => {
                let texts = columns::texts(column)?;
                told::read(told, column.name(), &texts.iter().collect::<Vec<_>>(), '.', task)?
            }
            (None, None) => columns::typed(column, task)?,
        };
        task.advance(1);
        Ok(field(column.name(), typed))
    });
    typed.collect()
}

fn written(column: &Series, marks: Marks, told: Option<&Told>, task: &Task) -> Result<Typed, Fault> {
    let column_texts = column.str()?;
    let texts: Vec<Option<&str>> = column_texts.iter().collect();
    let Some(mark) = marks.thousands.filter(|mark| !matches!(mark, '.' | ',')) else {
        return typed(column.name(), &texts, marks.decimal, told, task);
    };
    let plain: Vec<Option<Cow<'_, str>>> = texts.iter().map(|text| text.map(|t| ungrouped(t, mark, marks))).collect();
    let plain: Vec<Option<&str>> = plain.iter().map(Option::as_deref).collect();
    typed(column.name(), &plain, marks.decimal, told, task)
}

/// Texts of a source, read as was said or as they suggest.
pub(super) fn typed(
    name: &str,
    texts: &[Option<&str>],
    decimal: char,
    told: Option<&Told>,
    task: &Task,
) -> Result<Typed, Fault> {
    match told {
        Some(told) => told::read(told, name, texts, decimal, task),
        None => Ok(Typed::from_written(texts, &Words::of(name), decimal, task)?),
    }
}

/// A number without the marks between its groups of digits; any other text as it is.
fn ungrouped(text: &str, mark: char, marks: Marks) -> Cow<'_, str> {
    match dialect::is_grouped(text.trim(), mark, marks.decimal) {
        true => Cow::Owned(text.replace(mark, "")),
        false => Cow::Borrowed(text),
    }
}

/// A text of a source may be read again: the same way, with what was guessed written down.
pub fn again(source: &SourceInfo) -> SourceSpec {
    SourceSpec::joining(&source.pinned()).unwrap_or_default()
}

/// The field of a typed column, its role still open.
pub(super) fn field(name: &str, typed: Typed) -> Field {
    let read = Field::of(Column { name: name.to_owned(), values: typed.values }, typed.kind);
    let Typed { date_format, yes_no, unreadable, gaps, dressed, .. } = typed;
    let field = Field { date_format, yes_no, unreadable, gaps, dressed, ..read };
    Field { personal: personal::of(&field), ..field }
}
