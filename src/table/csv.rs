//! Delimited text: its first records, its columns' names, and its scan by polars.

use std::sync::Arc;

use polars::prelude::{
    DataType, LazyCsvReader, LazyFileListReader, LazyFrame, PlRefPath, ScanSources, Schema,
};

use super::error::Fault;
use super::lines::Lines;
use super::source::{Bytes, Head};
use super::values::Dialect;

/// A parser of this dialect that keeps ragged lines as they are.
fn parser(dialect: &Dialect) -> csv::ReaderBuilder {
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(dialect.delimiter as u8);
    match dialect.quote {
        Some(quote) => builder.quote(quote as u8),
        None => builder.quoting(false),
    };
    builder
}

/// The first complete records of a text, at most `limit`.
pub(super) fn records(head: &Head, dialect: &Dialect, limit: usize) -> Vec<Vec<String>> {
    let mut parser = parser(dialect).from_reader(head.bytes.as_slice());
    let mut records = Vec::new();
    let mut record = csv::ByteRecord::new();
    while records.len() < limit && parser.read_byte_record(&mut record).unwrap_or(false) {
        // The last record of a cut text may be cut itself.
        if !head.whole && parser.is_done() {
            break;
        }
        records.push(record.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect());
    }
    records
}

/// Distinct names for the columns: trimmed, empty ones by their place, repeated ones numbered.
pub(super) fn names(first: &[String], header: bool) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(first.len());
    for (place, text) in (1..).zip(first) {
        let trimmed = text.trim();
        let wanted = if header && !trimmed.is_empty() { trimmed.to_owned() } else { format!("column_{place}") };
        let numbered = (2..).map(|number| format!("{wanted}_{number}"));
        let free = std::iter::once(wanted.clone()).chain(numbered).find(|name| !names.contains(name));
        names.push(free.unwrap_or(wanted));
    }
    names
}

/// Scans a text lazily with every column as text. What polars would misread is rewritten in memory first.
pub(super) fn scan(bytes: &Bytes, dialect: &Dialect, names: &[String], lines: &Lines) -> Result<LazyFrame, Fault> {
    let schema: Schema = names.iter().map(|name| (name.as_str().into(), DataType::String)).collect();
    let frame = LazyCsvReader::new_with_sources(sources(bytes, dialect, lines)?)
        .with_glob(false)
        .with_cache(false)
        .with_schema(Some(Arc::new(schema)))
        .with_has_header(dialect.header)
        .with_separator(dialect.delimiter as u8)
        .with_quote_char(dialect.quote.map(|quote| quote as u8))
        .with_missing_is_null(false)
        .with_raise_if_empty(false)
        .finish()?;
    Ok(frame)
}

fn sources(bytes: &Bytes, dialect: &Dialect, lines: &Lines) -> Result<ScanSources, Fault> {
    Ok(match bytes {
        _ if !lines.plain => ScanSources::Buffers(Arc::new([rewritten(bytes, dialect)?.into()])),
        Bytes::File(path) => ScanSources::Paths([PlRefPath::try_from_path(path)?].into_iter().collect()),
        Bytes::Memory(bytes) => ScanSources::Buffers(Arc::new([bytes.to_vec().into()])),
    })
}

/// The same records with the quotes where they belong, no blank lines and LF between them.
fn rewritten(bytes: &Bytes, dialect: &Dialect) -> Result<Vec<u8>, Fault> {
    let mut writer = csv::WriterBuilder::new();
    writer.delimiter(dialect.delimiter as u8).quote(dialect.quote.unwrap_or('"') as u8);
    let mut writer = writer.from_writer(Vec::new());
    let mut parser = parser(dialect).from_reader(bytes.reader()?);
    let mut record = csv::ByteRecord::new();
    while parser.read_byte_record(&mut record)? {
        writer.write_byte_record(&record)?;
    }
    writer.into_inner().map_err(|error| Fault::Io(error.into_error()))
}
