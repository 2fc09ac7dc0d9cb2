//! Delimited text as polars scans it, every column as text.

use std::sync::Arc;

use polars::prelude::{DataType, LazyCsvReader, LazyFileListReader, LazyFrame, ScanSources, Schema};

use super::error::Fault;
use super::spec::Dialect;

/// Distinct names for the columns: trimmed, empty ones by their place, repeated ones numbered.
pub(super) fn names(first: &[String], header: bool) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(first.len());
    let mut taken = std::collections::HashSet::new();
    for (place, text) in (1..).zip(first) {
        let trimmed = text.trim();
        let wanted = if header && !trimmed.is_empty() { trimmed.to_owned() } else { format!("column_{place}") };
        let numbered = (2..).map(|number| format!("{wanted}_{number}"));
        let free = std::iter::once(wanted.clone()).chain(numbered).find(|name| !taken.contains(name));
        let name = free.unwrap_or(wanted);
        taken.insert(name.clone());
        names.push(name);
    }
    names
}

/// Scans a plain text as it lies there, without a copy.
pub(super) fn scan(sources: ScanSources, dialect: &Dialect, names: &[String]) -> Result<LazyFrame, Fault> {
    let schema: Schema = names.iter().map(|name| (name.as_str().into(), DataType::String)).collect();
    let frame = LazyCsvReader::new_with_sources(sources)
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

/// Scans a text that was cleaned.
pub(super) fn scan_clean(sources: ScanSources, names: &[String]) -> Result<LazyFrame, Fault> {
    scan(sources, &Dialect { header: false, ..Dialect::default() }, names)
}
