//! The rows of a delimited text by the careful way: names above them, totals below them left out.

use std::collections::VecDeque;
use std::io::Read;

use polars::prelude::{Column, DataFrame};

use super::csv::names;
use super::dialect::{Sniffed, is_short_header};
use super::error::Fault;
use super::lines::LineNumbers;
use super::records::{Noticed, Record, Records};
use super::spool::{Collecting, Spool};
use super::typing::{is_missing, parse_number};
use crate::task::Task;

/// Rows at the end that may be totals.
const TOTALS: usize = 3;

/// The rows of a text, one after the other.
pub(super) struct Rows<'a> {
    records: Records<'a>,
    /// The last records read: what is still held at the end may be no rows.
    held: VecDeque<Record>,
    footer: Option<usize>,
    ended: bool,
    /// The columns' names.
    pub names: Vec<String>,
    /// Lines above the header that hold something.
    pub above: Vec<String>,
}

impl<'a> Rows<'a> {
    /// Opens a text: what stands above the rows is read.
    pub fn open(bytes: impl Read + 'a, sniffed: &Sniffed) -> Result<Self, Fault> {
        let Sniffed { dialect, encoding, width } = sniffed;
        let mut records = Records::new(bytes, *encoding, dialect);
        let mut above = records.skip(dialect.skip)?;
        above.retain(|line| !line.trim().is_empty() && !line.to_lowercase().trim_matches('"').starts_with("sep="));
        let first = records.next()?.ok_or(Fault::Empty)?;
        let mut rows =
            Self { records, held: VecDeque::new(), footer: dialect.footer, ended: false, names: Vec::new(), above };
        rows.begin(first, dialect.header, *width)?;
        rows.records.noticed.blank = 0;
        Ok(rows)
    }

    fn begin(&mut self, first: Record, header: bool, width: usize) -> Result<(), Fault> {
        if !header {
            self.names = names(&first.fields, false);
            self.records.expected = Some(first.fields.len());
            self.held.push_back(first);
            return Ok(());
        }
        let mut titles = first.fields;
        if titles.len() + 1 == width && is_short_header(&titles) {
            self.records.expected = Some(width);
            // R leaves the column of row names without a name, others end each line with a delimiter.
            let ends_empty = self.records.next()?.is_none_or(|record| {
                let empty = record.fields.last().is_some_and(String::is_empty);
                self.held.push_back(record);
                empty
            });
            titles.insert(if ends_empty { titles.len() } else { 0 }, String::new());
        }
        self.records.expected = Some(titles.len());
        self.names = names(&titles, true);
        Ok(())
    }

    /// The next row.
    pub fn next(&mut self) -> Result<Option<Record>, Fault> {
        let room = self.footer.unwrap_or(TOTALS);
        while self.held.len() <= room && !self.ended {
            match self.records.next()? {
                Some(record) => self.held.push_back(record),
                None => self.end(),
            }
        }
        Ok(self.held.pop_front())
    }

    /// All rows, each column as text.
    pub fn held(mut self) -> Result<DataFrame, Fault> {
        let mut texts = vec![Vec::new(); self.names.len()];
        let mut height = 0;
        while let Some(record) = self.next()? {
            texts.iter_mut().zip(record.fields).for_each(|(column, text)| column.push(text));
            height += 1;
        }
        let columns = self.names.iter().zip(texts).map(|(name, texts)| Column::new(name.as_str().into(), texts));
        Ok(DataFrame::new(height, columns.collect())?)
    }

    /// Leaves out what stands below the rows.
    fn end(&mut self) {
        self.ended = true;
        let totals = match self.footer {
            Some(rows) => rows.min(self.held.len()),
            None => self.held.iter().rev().take(TOTALS).take_while(|record| is_total(&record.fields)).count(),
        };
        for record in self.held.split_off(self.held.len() - totals) {
            let why = if is_total(&record.fields) { "a total, not a customer" } else { "below the table" };
            self.records.leave_out(record.line, &record.fields.join(","), why.to_owned());
        }
    }
}

/// A row that sums the others up: its first text says so, and a number follows.
pub(super) fn is_total(fields: &[String]) -> bool {
    const WORDS: [&str; 15] = [
        "total",
        "totals",
        "grand total",
        "sub total",
        "subtotal",
        "sum",
        "sums",
        "summe",
        "gesamt",
        "gesamtsumme",
        "insgesamt",
        "total général",
        "totale",
        "suma",
        "overall total",
    ];
    let mut present = fields.iter().map(|field| field.trim()).filter(|field| !field.is_empty());
    let first = present.next().unwrap_or_default().trim_end_matches([':', '.']).trim_end().to_lowercase();
    let number = |field: &str| is_missing(field) || parse_number(field, '.').or(parse_number(field, ',')).is_some();
    let (mut rest, mut any) = (present, false);
    WORDS.contains(&first.as_str()) && rest.all(|field| std::mem::replace(&mut any, true) || number(field)) && any
}

/// A text that was cleaned: the same records as plain CSV, without header.
pub(super) struct Cleaned {
    pub spool: Spool,
    pub names: Vec<String>,
    pub rows: usize,
    pub lines: LineNumbers,
    pub noticed: Noticed,
    pub above: Vec<String>,
}

/// Rewrites a text as plain CSV.
pub(super) fn clean(bytes: impl Read, sniffed: &Sniffed, task: &Task) -> Result<Cleaned, Fault> {
    let mut rows = Rows::open(bytes, sniffed)?;
    let mut writer = ::csv::WriterBuilder::new().has_headers(false).from_writer(Collecting::new());
    let mut lines = LineNumbers::default();
    let mut count = 0;
    task.begin("reading lines", 0);
    while let Some(record) = rows.next()? {
        if count % 1024 == 0 {
            task.check()?;
            task.advance(1024);
        }
        lines.note(count, record.line);
        writer.write_record(&record.fields)?;
        count += 1;
    }
    writer.flush()?;
    let spool = writer.into_inner().map_err(|error| Fault::Io(error.into_error()))?.done()?;
    let Rows { records, names, above, .. } = rows;
    Ok(Cleaned { spool, names, rows: count, lines, noticed: records.noticed, above })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn totals_are_told_from_customers() {
        let total = |fields: &[&str]| is_total(&fields.iter().map(|&field| field.to_owned()).collect::<Vec<_>>());
        assert!(total(&["Total", "60"]) && total(&["", "Grand total:", "1,200", ""]) && total(&["Summe", "1.234,56"]));
        assert!(
            !total(&["Total", ""])
                && !total(&["Totality", "3"])
                && !total(&["3", "total"])
                && !total(&["Total", "Inc"])
        );
    }
}
