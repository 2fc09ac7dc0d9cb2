//! Some lines of a long text, from its beginning, its middle and its end: what tells how its columns are written.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::super::csv;
use super::super::error::{Fault, TableError};
use super::super::names::Words;
use super::super::read::{field, preview};
use super::super::source::{self, Bytes, Head};
use super::super::typing::Typed;
use super::super::values::{Dialect, Preview, Shape, SourceInfo, SourceSpec, Table};
use crate::task::Task;

/// Places that lines are taken from, beside the beginning.
const PLACES: u64 = 16;
/// Bytes that are taken at each.
const SLICE: u64 = 1 << 16;

/// Some of the rows of a source as a table, typed as the whole would be: of a text file from many places, of other
/// sources the first ones.
///
/// # Errors
/// The source cannot be read.
pub fn sample(spec: &SourceSpec) -> Result<Table, TableError> {
    let at = |fault: Fault| fault.at(&spec.path);
    let (bytes, head, source) = source::open(spec).map_err(at)?;
    match (source.dialect.clone(), bytes) {
        (Some(dialect), Bytes::File(path)) => drawn(source, &dialect, &path, &head).map_err(at),
        _ => first_rows(preview(spec)?).map_err(at),
    }
}

fn first_rows(preview: Preview) -> Result<Table, Fault> {
    let Preview { source, columns, rows, .. } = preview;
    let decimal = source.dialect.as_ref().map_or('.', |dialect| dialect.decimal);
    table(source, decimal, &columns, &rows)
}

fn drawn(source: SourceInfo, dialect: &Dialect, path: &Path, head: &Head) -> Result<Table, Fault> {
    let mut rows = csv::records(head, dialect, usize::MAX);
    let first = rows.first().ok_or(Fault::Empty)?;
    let names = csv::names(first, dialect.header);
    if dialect.header {
        rows.remove(0);
    }
    if !head.whole {
        let mut file = File::open(path)?;
        for place in 1..=PLACES {
            rows.extend(lines_at(&mut file, source.bytes * place / (PLACES + 1), dialect)?);
        }
    }
    rows.retain(|row| row.len() == names.len());
    table(source, dialect.decimal, &names, &rows)
}

/// The whole lines of a slice.
fn lines_at(file: &mut File, from: u64, dialect: &Dialect) -> Result<Vec<Vec<String>>, Fault> {
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(SLICE).read_to_end(&mut bytes)?;
    let start = memchr::memchr(b'\n', &bytes).map_or(bytes.len(), |at| at + 1);
    let end = memchr::memrchr(b'\n', &bytes).map_or(0, |at| at + 1);
    let lines = bytes.get(start..end).unwrap_or_default().to_vec();
    Ok(csv::records(&Head { bytes: lines, whole: true }, dialect, usize::MAX))
}

fn table(source: SourceInfo, decimal: char, names: &[String], rows: &[Vec<String>]) -> Result<Table, Fault> {
    let task = Task::default();
    let typed = names.iter().enumerate().map(|(column, name)| {
        let texts: Vec<Option<&str>> = rows.iter().map(|row| Some(row[column].as_str())).collect();
        Ok(field(name, Typed::from_written(&texts, &Words::of(name), decimal, &task)?))
    });
    let fields = typed.collect::<Result<Vec<_>, Fault>>()?;
    Ok(Table { source, shape: Shape::Customers, fields, rows: rows.len() })
}
