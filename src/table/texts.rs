//! Every row of a source as its original text, in order: what an export writes beside the segments.

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use polars::prelude::{DataFrame, StringChunked};

use super::error::{Fault, TableError};
use super::plan::plan;
use super::spec::{SourceInfo, SourceSpec};
use super::{columns, frame, read};
use crate::task::Task;

/// Hands over every row as its original text (one text a column, empty where there is none), in the file's
/// order, the header left out, until told to stop.
///
/// # Errors
/// [`TableError`] where the source cannot be read any more.
pub fn texts(source: &SourceInfo, row: &mut dyn FnMut(usize, &[&str]) -> ControlFlow<()>) -> Result<(), TableError> {
    stream(source, row).map_err(|fault| fault.at(&source.path))
}

/// Whether a Parquet file has a row in which this text is a value; `None` where the file is none.
///
/// # Errors
/// As [`texts`].
pub fn holds(path: &Path, text: &str) -> Result<Option<bool>, TableError> {
    let mut magic = [0; 4];
    let read =
        File::open(path).and_then(|mut file| file.read(&mut magic)).map_err(|error| Fault::Io(error).at(path))?;
    if magic[..read] != *b"PAR1" {
        return Ok(None);
    }
    let spec = SourceSpec::new(path);
    let mut found = false;
    texts(&read::preview(&spec)?.source, &mut |_, values| {
        found = values.contains(&text);
        if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(Some(found))
}

fn stream(source: &SourceInfo, row: &mut dyn FnMut(usize, &[&str]) -> ControlFlow<()>) -> Result<(), Fault> {
    let spec = read::again(source);
    let task = Task::default();
    let (_, plan) = plan(&spec, &task)?;
    let mut next = 0;
    let mut stopped = false;
    frame::batches(plan.frame, &task, &mut |batch| {
        let flow = rows(&batch, &mut next, row)?;
        stopped = flow.is_break();
        Ok(flow)
    })?;
    if stopped || next == plan.rows { Ok(()) } else { Err(Fault::Rows { expected: plan.rows, found: next }) }
}

fn rows(
    batch: &DataFrame,
    next: &mut usize,
    row: &mut dyn FnMut(usize, &[&str]) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, Fault> {
    let columns = batch.columns().iter().map(columns::texts).collect::<Result<Vec<StringChunked>, _>>()?;
    let mut values: Vec<_> = columns.iter().map(|column| column.iter()).collect();
    let mut texts: Vec<&str> = Vec::with_capacity(columns.len());
    for _ in 0..batch.height() {
        texts.clear();
        texts.extend(values.iter_mut().map(|column| column.next().flatten().unwrap_or_default()));
        if row(*next, &texts).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        *next += 1;
    }
    Ok(ControlFlow::Continue(()))
}
