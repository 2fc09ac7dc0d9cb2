//! Some lines of a long text, from its beginning, its middle and its end: what tells how its columns are written.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use super::super::error::{Fault, TableError};
use super::super::read::{field, preview, typed};
use super::super::spec::{Dialect, SourceInfo, SourceSpec};
use super::super::values::{Preview, Shape, Table};
use super::chunks::is_plain;
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
    let Preview { source, columns, mut rows, total } = preview(spec)?;
    let at = |fault: Fault| fault.at(&spec.path);
    if let (Some(dialect), None) = (source.dialect.as_ref().filter(|_| is_plain(&source)), total) {
        let more = lines(&source, dialect).map_err(at)?;
        rows.extend(more.into_iter().filter(|row| row.len() == columns.len()));
    }
    table(source, &columns, &rows).map_err(at)
}

/// Whole lines from many places of a file.
fn lines(source: &SourceInfo, dialect: &Dialect) -> Result<Vec<Vec<String>>, Fault> {
    let mut file = File::open(&source.path)?;
    let mut rows = Vec::new();
    for place in 0..=PLACES {
        file.seek(SeekFrom::Start(source.bytes * place / (PLACES + 1)))?;
        let mut bytes = Vec::new();
        (&file).take(SLICE).read_to_end(&mut bytes)?;
        let start = memchr::memchr(b'\n', &bytes).map_or(bytes.len(), |at| at + 1);
        let end = memchr::memrchr(b'\n', &bytes).map_or(0, |at| at + 1);
        records(bytes.get(start..end).unwrap_or_default(), dialect, &mut rows);
    }
    Ok(rows)
}

fn records(bytes: &[u8], dialect: &Dialect, rows: &mut Vec<Vec<String>>) {
    let mut parser = csv::ReaderBuilder::new();
    parser.has_headers(false).flexible(true).delimiter(dialect.delimiter as u8);
    parser.quote(dialect.quote.map_or(b'"', |quote| quote as u8)).quoting(dialect.quote.is_some());
    let texts =
        |record: csv::ByteRecord| record.iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect();
    rows.extend(parser.from_reader(bytes).into_byte_records().map_while(Result::ok).map(texts));
}

fn table(source: SourceInfo, names: &[String], rows: &[Vec<String>]) -> Result<Table, Fault> {
    let task = Task::default();
    let decimal = source.dialect.as_ref().map_or('.', |dialect| dialect.decimal);
    let fields = names.iter().enumerate().map(|(column, name)| {
        let texts: Vec<Option<&str>> = rows.iter().map(|row| row.get(column).map(String::as_str)).collect();
        Ok(field(name, typed(name, &texts, decimal, source.asked.types.get(name), &task)?))
    });
    let fields = fields.collect::<Result<Vec<_>, Fault>>()?;
    Ok(Table { source, shape: Shape::Customers, fields, rows: rows.len() })
}
