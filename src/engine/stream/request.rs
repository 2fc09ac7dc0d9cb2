//! The rows of one request: all of them are placed, or none.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;

use super::batch::Batch;
use super::objects::{Object, Seen};
use super::{Form, Stream, Watch};
use crate::engine::predict::Summary;
use crate::error::Error;
use crate::model::{Model, Placed};
use crate::task::Task;

/// Why the rows of a request were not placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong with them.
    pub fault: Fault,
    /// The row, from 1 on, where it is one.
    pub row: Option<usize>,
    /// The column, where it is one.
    pub field: Option<String>,
    /// In words.
    pub why: String,
}

/// What is wrong with the rows of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// They cannot be read at all.
    Malformed,
    /// They can be read, but are no rows for this model.
    Rows,
    /// There are more than are taken at once.
    TooMany,
    /// It is not their fault: the work failed or was cancelled.
    Work,
}

impl Refusal {
    fn new(fault: Fault, row: usize, why: impl Into<String>) -> Self {
        Self { fault, row: (row > 0).then_some(row), field: None, why: why.into() }
    }
}

/// Places the rows of a JSON text: an object, or a list of at most `most` objects; `watch` sees them.
///
/// # Errors
/// The text is no such thing, or an object has none of the model's columns or one of them twice.
pub fn json<'a>(
    model: &'a Model,
    text: &[u8],
    most: usize,
    watch: Watch<'a>,
    task: &Task,
) -> Result<Vec<Placed<'a>>, Refusal> {
    let mut rows = Rows { batch: Batch::new(model).watched(watch), most, row: 0 };
    let mut reader = serde_json::Deserializer::from_slice(text);
    let read = (&mut rows).deserialize(&mut reader).and_then(|()| reader.end());
    match read {
        Ok(()) => rows.batch.place(task).map_err(|error| Refusal::new(Fault::Work, 0, error.to_string())),
        Err(error) => Err(refusal(&error, &rows)),
    }
}

fn refusal(error: &serde_json::Error, rows: &Rows<'_>) -> Refusal {
    let fault = match error.classify() {
        Category::Data if rows.row > rows.most => Fault::TooMany,
        Category::Data => Fault::Rows,
        Category::Syntax | Category::Eof | Category::Io => Fault::Malformed,
    };
    let field = rows.batch.reading.map(|column| rows.batch.model.columns[column].column.clone());
    Refusal { field, ..Refusal::new(fault, rows.row, error.to_string()) }
}

/// Places the rows of a CSV text and answers as CSV: the rows as they stand, and what the model says of each. `watch`
/// sees them in pieces, before a later line may refuse them all.
///
/// # Errors
/// The header has none of the model's columns, a line is no row, or there are more than `most`.
pub fn csv(
    model: &Model,
    text: &[u8],
    most: usize,
    watch: Watch<'_>,
    task: &Task,
) -> Result<(Vec<u8>, Summary), Refusal> {
    const PIECE: usize = 1 << 18;
    let refused = |error: Error| Refusal::new(Fault::Rows, 0, error.to_string());
    let (mut stream, mut out) = (Stream::new(model, Form::default()).watched(watch), Vec::new());
    if text.trim_ascii_start().starts_with(b"{") {
        return Err(Refusal::new(Fault::Malformed, 0, "this is JSON, not CSV; say so in Content-Type"));
    }
    for piece in text.chunks(PIECE) {
        stream.feed(piece, &mut out, task).map_err(refused)?;
        sound(&stream, most)?;
    }
    stream.finish(&mut out, task).map_err(refused)?;
    sound(&stream, most)?;
    Ok((out, stream.summary))
}

fn sound(stream: &Stream<'_>, most: usize) -> Result<(), Refusal> {
    if let Some(broken) = stream.broken.first() {
        // The header is line 1.
        let row = usize::try_from(broken.line).unwrap_or(usize::MAX).saturating_sub(1);
        return Err(Refusal::new(Fault::Rows, row, format!("line {}: {}", broken.line, broken.why)));
    }
    match stream.summary.rows > most {
        true => Err(Refusal::new(Fault::TooMany, most + 1, too_many(most))),
        false => Ok(()),
    }
}

fn too_many(most: usize) -> String {
    format!("at most {most} rows are taken at once; send them in parts")
}

/// Reads an object or a list of objects into a batch.
struct Rows<'a> {
    batch: Batch<'a>,
    most: usize,
    /// The row that is being read, from 1 on.
    row: usize,
}

impl Rows<'_> {
    /// Ends the row that was read.
    fn end<E: serde::de::Error>(&mut self, seen: &Seen) -> Result<(), E> {
        if seen.found == 0 {
            return Err(E::custom("it has none of the model's columns"));
        }
        self.batch.end_row();
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for &mut Rows<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Rows<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list of objects")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.row = 1;
        let seen = Object { batch: &mut self.batch }.visit_map(map)?;
        self.end(&seen)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        loop {
            self.row += 1;
            if self.row > self.most {
                return match list.next_element::<serde::de::IgnoredAny>()? {
                    Some(_) => Err(A::Error::custom(too_many(self.most))),
                    None => Ok(()),
                };
            }
            match list.next_element_seed(Object { batch: &mut self.batch })? {
                Some(seen) => self.end(&seen)?,
                None => return Ok(()),
            }
        }
    }
}
