//! Rows that a model placed: the input's columns, whether they are out of range, their segments.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;

use super::atomic::Draft;
use super::rows::{RowFormat, RowSink, sink};
use super::sql::SqlSink;
use super::{Mark, Pseudonyms, ReportError, free_name, lookup};
use crate::segments::Segments;
use crate::table::{self, Field, Place, Table};
use crate::task::Task;

/// The column that says whether a row is unlike all that the model was made with.
pub const OUT_OF_RANGE: &str = "out_of_range";
/// Rows between two looks at the task.
const STRIDE: usize = 4096;

/// What a row is, as a model says: whether it is out of range, and its mark.
pub type Said<'a> = (Option<bool>, Mark<'a>);

/// Rows and what a model says of them.
pub struct PlacedRows<'a> {
    /// The table.
    pub table: &'a Table,
    /// Of each row.
    pub said: &'a dyn Fn(usize) -> Said<'a>,
    /// The model's segments.
    pub segments: &'a Segments,
    /// The column that names the customers.
    pub id: Option<&'a str>,
    /// The column that says who may be contacted.
    pub consent: Option<&'a Field>,
    /// In place of ids, personal data masked.
    pub pseudonyms: Option<&'a Pseudonyms>,
}

/// How many rows were written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PlacedCount {
    /// Written.
    pub rows: usize,
    /// Not written, because these customers must not be contacted.
    pub withheld: usize,
}

impl PlacedRows<'_> {
    /// Writes them to a file, whole or not at all, or to a table of a database.
    ///
    /// # Errors
    /// The ending names no format, something cannot be read or written, or the task was cancelled.
    pub fn write(&self, target: &Path, task: &Task) -> Result<PlacedCount, ReportError> {
        let (format, names) = (RowFormat::of(target)?, self.names());
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let failed = ReportError::write(target);
        if let Place::Sql(database) = table::place(target) {
            let mut sink = SqlSink::begin(&database, &names, task)?;
            let count = self.write_to(&mut sink, target, task)?;
            sink.commit(&lookup::lines(self.segments, self.table.source.fingerprint.as_deref()))?;
            return Ok(count);
        }
        let mut draft = Draft::begin(target)?;
        let mut sink = sink(format, &names, &mut draft).map_err(failed)?;
        let count = self.write_to(sink.as_mut(), target, task)?;
        sink.finish().map_err(failed)?;
        draft.publish()?;
        Ok(count)
    }

    /// Writes them as text.
    ///
    /// # Errors
    /// As [`PlacedRows::write`].
    pub fn print(&self, format: RowFormat, out: &mut dyn Write, task: &Task) -> Result<PlacedCount, ReportError> {
        let (target, names) = (Path::new("the output"), self.names());
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut sink = sink(format, &names, out).map_err(ReportError::write(target))?;
        let count = self.write_to(sink.as_mut(), target, task)?;
        sink.finish().map_err(ReportError::write(target))?;
        Ok(count)
    }

    /// The input's columns, and ours before those of an export.
    fn names(&self) -> Vec<String> {
        let taken: Vec<&str> = self.table.fields.iter().map(Field::name).collect();
        let ours = free_name(OUT_OF_RANGE, &taken);
        taken.into_iter().map(str::to_owned).chain([ours]).collect()
    }

    fn write_to(&self, sink: &mut dyn RowSink, target: &Path, task: &Task) -> Result<PlacedCount, ReportError> {
        task.begin("writing rows", self.table.rows as u64);
        let (mut count, mut outcome) = (PlacedCount::default(), Ok(()));
        table::rows(self.table, &mut |row, texts| {
            outcome = self.row(row, texts, sink, &mut count, task).map_err(|error| match error {
                Stop::Asked(cancelled) => cancelled.into(),
                Stop::Broken(error) => ReportError::write(target)(error),
            });
            if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        outcome?;
        let (found, read) = (count.rows + count.withheld, self.table.rows);
        if found == read {
            Ok(count)
        } else {
            Err(ReportError::Changed(format!("{found} rows where {read} were read")))
        }
    }

    fn row(
        &self,
        row: usize,
        texts: &[&str],
        sink: &mut dyn RowSink,
        count: &mut PlacedCount,
        task: &Task,
    ) -> Result<(), Stop> {
        if row.is_multiple_of(STRIDE) {
            task.check().map_err(Stop::Asked)?;
            task.advance(STRIDE as u64);
        }
        if !self.consent.is_none_or(|field| table::may_contact(field, row)) {
            count.withheld += 1;
            return Ok(());
        }
        let (outside, mark) = (self.said)(row);
        let outside = outside.map_or("", |outside| if outside { "yes" } else { "no" });
        let discreet = self.pseudonyms.map(|pseudonyms| self.discreet(texts, pseudonyms));
        let mut all: Vec<&str> = match &discreet {
            Some(discreet) => discreet.iter().map(String::as_str).collect(),
            None => texts.to_vec(),
        };
        all.push(outside);
        count.rows += 1;
        sink.row(&all, &mark).map_err(Stop::Broken)
    }

    /// The row with a pseudonym in place of the id, personal data masked.
    fn discreet(&self, texts: &[&str], pseudonyms: &Pseudonyms) -> Vec<String> {
        let text = |(field, text): (&Field, &&str)| {
            if self.id == Some(field.name()) { pseudonyms.of(text) } else { field.discreet(text) }
        };
        self.table.fields.iter().zip(texts).map(text).collect()
    }
}

/// Why no further row is written.
enum Stop {
    Asked(crate::task::Cancelled),
    Broken(io::Error),
}
