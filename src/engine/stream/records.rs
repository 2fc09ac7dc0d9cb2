//! Rows as delimited text: a header, then a record a line; within quotes it may go on in the next.

use std::borrow::Cow;
use std::io::Write;

use super::batch::{Batch, Cell};
use super::{Form, LONGEST, broken};
use crate::engine::predict::Summary;
use crate::error::{Error, Result};
use crate::model::{Model, ModelError, Placed};
use crate::report::{ACTION, COLUMNS, OUT_OF_RANGE, free_name};
use crate::table::{Broken, Kind};
use crate::task::Task;

const QUOTE: u8 = b'"';

/// The records of a text.
pub(super) struct Records<'a> {
    batch: Batch<'a>,
    delimiter: u8,
    /// Known from the first number on that has one.
    decimal: Option<char>,
    /// Whether what could be tried is told.
    actions: bool,
    /// For each field of a record which of the model's columns it is.
    places: Vec<Option<usize>>,
    /// The texts of the rows of the batch.
    texts: Vec<u8>,
    ends: Vec<usize>,
    /// A record whose quote is not closed yet, with its first line.
    open: Option<(u64, Vec<u8>)>,
    /// The model's columns that are not there.
    pub missing: Vec<String>,
}

impl<'a> Records<'a> {
    /// Reads the header and writes that of the answers.
    pub fn begin(batch: Batch<'a>, line: &[u8], form: Form, out: &mut Vec<u8>) -> Result<Self> {
        let header = std::str::from_utf8(line).map_err(|_| Error::failed("line 1 is not UTF-8"))?;
        let delimiter = form.delimiter.and_then(|mark| u8::try_from(mark).ok()).unwrap_or_else(|| delimiter(line));
        let names = fields(header, delimiter);
        let names: Vec<&str> = names.iter().map(|name| name.trim()).collect();
        let columns = &batch.model.columns;
        let places = names.iter().map(|name| columns.iter().position(|reading| reading.column == *name)).collect();
        let absent = columns.iter().map(|reading| &reading.column).filter(|name| !names.contains(&name.as_str()));
        let missing: Vec<String> = absent.cloned().collect();
        if missing.len() == columns.len() {
            return Err(Error::from(ModelError::NoColumns(missing.join(", "))).at("line 1"));
        }
        out.extend_from_slice(line);
        for name in [OUT_OF_RANGE].into_iter().chain(COLUMNS).chain(form.actions.then_some(ACTION)) {
            out.push(delimiter);
            write_field(&free_name(name, &names), delimiter, out);
        }
        out.push(b'\n');
        let (texts, ends) = (Vec::new(), Vec::new());
        let Form { decimal, actions, .. } = form;
        Ok(Self { batch, delimiter, decimal, actions, places, texts, ends, open: None, missing })
    }

    /// Takes a line.
    pub fn take(&mut self, number: u64, line: &[u8]) -> Result<(), String> {
        if let Some((first, mut text)) = self.open.take() {
            text.push(b'\n');
            text.extend_from_slice(line);
            return self.take_text(first, text.into());
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        self.take_text(number, line.into())
    }

    fn take_text(&mut self, first: u64, text: Cow<'_, [u8]>) -> Result<(), String> {
        if memchr::memchr(QUOTE, &text).is_some() && is_open(&text, self.delimiter) {
            if text.len() > LONGEST {
                return Err(format!("the quote that opens in line {first} is not closed"));
            }
            self.open = Some((first, text.into_owned()));
            return Ok(());
        }
        let record = std::str::from_utf8(&text).map_err(|_| "it is not UTF-8".to_owned())?;
        self.put(record)?;
        self.texts.extend_from_slice(&text);
        self.ends.push(self.texts.len());
        Ok(())
    }

    fn put(&mut self, record: &str) -> Result<(), String> {
        let fields = fields(record, self.delimiter);
        if fields.len() != self.places.len() {
            return Err(format!("{} fields in place of {}", fields.len(), self.places.len()));
        }
        for (place, field) in self.places.iter().zip(fields) {
            let Some(column) = *place else { continue };
            if self.decimal.is_none() && self.batch.model.columns[column].kind == Kind::Number {
                self.decimal = decimal(&field, self.delimiter);
            }
            self.batch.put(column, Cell::Text(field), self.decimal.unwrap_or('.'));
        }
        self.batch.end_row();
        Ok(())
    }

    /// A record whose quote was not closed at the end.
    pub fn unclosed(&mut self) -> Option<Broken> {
        let (line, text) = self.open.take()?;
        Some(broken(line, &text, "its quote is never closed".to_owned()))
    }

    /// Writes what the model says of the rows so far.
    pub fn answer(&mut self, summary: &mut Summary, out: &mut Vec<u8>, task: &Task) -> Result<()> {
        if self.batch.rows == 0 {
            return Ok(());
        }
        let mut start = 0;
        for (placed, &end) in self.batch.place(task)?.iter().zip(&self.ends) {
            summary.count(placed);
            out.extend_from_slice(&self.texts[start..end]);
            write_answer(placed, self.actions.then_some(self.batch.model), self.delimiter, out);
            start = end;
        }
        self.texts.clear();
        self.ends.clear();
        Ok(())
    }
}

/// `model` where it is asked what could be tried.
fn write_answer(placed: &Placed, model: Option<&Model>, delimiter: u8, out: &mut Vec<u8>) {
    let yes_no = |of: Option<bool>| of.map_or("", |is| if is { "yes" } else { "no" });
    out.push(delimiter);
    out.extend_from_slice(yes_no(placed.out_of_range).as_bytes());
    out.push(delimiter);
    if let Some(segment) = placed.segment {
        // Writing into memory cannot fail.
        let _infallible = write!(out, "{segment}");
    }
    for text in [placed.key, placed.name] {
        out.push(delimiter);
        write_field(text, delimiter, out);
    }
    out.push(delimiter);
    if let Some(confidence) = placed.confidence {
        let _infallible = write!(out, "{confidence}");
    }
    for text in [yes_no(placed.border), &placed.note] {
        out.push(delimiter);
        write_field(text, delimiter, out);
    }
    if let Some(model) = model {
        out.push(delimiter);
        write_field(model.action(placed.segment).unwrap_or_default(), delimiter, out);
    }
    out.push(b'\n');
}

fn write_field(text: &str, delimiter: u8, out: &mut Vec<u8>) {
    let plain = |byte: &u8| *byte != delimiter && !matches!(byte, b'"' | b'\n' | b'\r');
    if text.as_bytes().iter().all(plain) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(QUOTE);
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(QUOTE);
}

/// The delimiter that stands most often in the header.
fn delimiter(header: &[u8]) -> u8 {
    let count = |mark: u8| memchr::memchr_iter(mark, header).count();
    // Of equals the first: `max_by_key` would take the last.
    [b',', b';', b'\t', b'|'].into_iter().rev().max_by_key(|&mark| count(mark)).unwrap_or(b',')
}

/// The decimal mark of a number with one; a comma only where no comma stands between fields.
fn decimal(text: &str, delimiter: u8) -> Option<char> {
    let comma = delimiter != b',' && text.contains(',') && !text.contains('.');
    if comma { Some(',') } else { text.contains('.').then_some('.') }
}

/// Whether a quote opens that is not closed; it opens only where a field begins.
fn is_open(text: &[u8], delimiter: u8) -> bool {
    let (mut quoted, mut begins) = (false, true);
    for &byte in text {
        if quoted {
            // A doubled quote closes and opens again at once.
            quoted = byte != QUOTE;
            begins = byte == QUOTE;
        } else {
            quoted = byte == QUOTE && begins;
            begins = byte == delimiter;
        }
    }
    quoted
}

/// The fields of a record.
fn fields(record: &str, delimiter: u8) -> Vec<Cow<'_, str>> {
    if memchr::memchr(QUOTE, record.as_bytes()).is_none() {
        return record.split(char::from(delimiter)).map(Cow::Borrowed).collect();
    }
    let mut fields = Vec::new();
    let mut rest = record;
    loop {
        let (field, after) = field(rest, delimiter);
        fields.push(field);
        match after {
            Some(after) => rest = after,
            None => return fields,
        }
    }
}

/// The first field, and what comes behind its delimiter.
fn field(text: &str, delimiter: u8) -> (Cow<'_, str>, Option<&str>) {
    let mark = char::from(delimiter);
    let Some(quoted) = text.strip_prefix('"') else {
        return match text.split_once(mark) {
            Some((field, after)) => (Cow::Borrowed(field), Some(after)),
            None => (Cow::Borrowed(text), None),
        };
    };
    let mut end = 0;
    while let Some(at) = quoted[end..].find('"') {
        end += at + 1;
        if !quoted[end..].starts_with('"') {
            break;
        }
        end += 1;
    }
    let inside = quoted[..end].strip_suffix('"').unwrap_or(quoted);
    let (behind, after) = quoted[end..].split_once(mark).map_or((&quoted[end..], None), |(b, after)| (b, Some(after)));
    let plain = if inside.contains('"') { Cow::Owned(inside.replace("\"\"", "\"")) } else { Cow::Borrowed(inside) };
    (if behind.is_empty() { plain } else { plain + behind }, after)
}
