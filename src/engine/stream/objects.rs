//! Rows as JSON, an object a line.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::batch::{Batch, Cell};
use crate::engine::predict::Summary;
use crate::error::Result;
use crate::model::{Model, Placed};
use crate::report::{ACTION, COLUMNS, OUT_OF_RANGE, free_name};
use crate::task::Task;

/// The objects of a text.
pub(super) struct Objects<'a> {
    batch: Batch<'a>,
    /// Whether what could be tried is told.
    actions: bool,
    /// The rows of the batch, each without its last bracket.
    texts: Vec<u8>,
    rows: Vec<Row>,
}

/// A row of the batch.
struct Row {
    end: usize,
    /// Whether it has no key.
    empty: bool,
    /// Our names, where some of its own are the same.
    names: Option<Box<[String; 8]>>,
}

impl<'a> Objects<'a> {
    pub fn new(batch: Batch<'a>, actions: bool) -> Self {
        Self { batch, actions, texts: Vec::new(), rows: Vec::new() }
    }

    /// Takes a line.
    pub fn take(&mut self, line: &[u8]) -> Result<(), String> {
        let line = line.trim_ascii();
        if line.is_empty() {
            return Ok(());
        }
        let seen = self.read(line).inspect_err(|_| self.batch.forget_row())?;
        self.batch.end_row();
        let text = line.strip_suffix(b"}").unwrap_or(line).trim_ascii_end();
        self.texts.extend_from_slice(text);
        self.rows.push(Row { end: self.texts.len(), empty: text.len() == 1, names: seen.names.map(Box::new) });
        Ok(())
    }

    fn read(&mut self, line: &[u8]) -> Result<Seen, String> {
        let mut reader = serde_json::Deserializer::from_slice(line);
        let seen = Object { batch: &mut self.batch }.deserialize(&mut reader).map_err(|error| told(&error))?;
        reader.end().map_err(|error| told(&error))?;
        if seen.found == 0 {
            return Err("it has none of the model's columns".to_owned());
        }
        Ok(seen)
    }

    /// Writes what the model says of the rows so far.
    pub fn answer(&mut self, summary: &mut Summary, out: &mut Vec<u8>, task: &Task) -> Result<()> {
        if self.batch.rows == 0 {
            return Ok(());
        }
        let mut start = 0;
        for (placed, row) in self.batch.place(task)?.iter().zip(&self.rows) {
            summary.count(placed);
            out.extend_from_slice(&self.texts[start..row.end]);
            write_answer(placed, self.actions.then_some(self.batch.model), row, out);
            start = row.end;
        }
        self.texts.clear();
        self.rows.clear();
        Ok(())
    }
}

/// serde's words, without the line, which is always 1.
fn told(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or_default();
    format!("it is no JSON object of plain values: {what}")
}

const OURS: [&str; 8] = [OUT_OF_RANGE, COLUMNS[0], COLUMNS[1], COLUMNS[2], COLUMNS[3], COLUMNS[4], COLUMNS[5], ACTION];

/// `model` where it is asked what could be tried.
fn write_answer(placed: &Placed, model: Option<&Model>, row: &Row, out: &mut Vec<u8>) {
    let yes_no = |of: Option<bool>| of.map_or(Value::Null, |is| Value::from(if is { "yes" } else { "no" }));
    let values = [
        yes_no(placed.out_of_range),
        placed.segment.into(),
        placed.key.into(),
        placed.name.into(),
        placed.confidence.into(),
        yes_no(placed.border),
        placed.note.as_str().into(),
    ];
    let name = |place: usize| row.names.as_ref().map_or(OURS[place], |names| names[place].as_str());
    let action = model.map(|model| model.action(placed.segment).into());
    for (place, value) in values.iter().chain(&action).enumerate() {
        if place > 0 || !row.empty {
            out.push(b',');
        }
        // Writing into memory cannot fail.
        let _infallible = serde_json::to_writer(&mut *out, name(place));
        out.push(b':');
        let _infallible = serde_json::to_writer(&mut *out, value);
    }
    out.extend_from_slice(b"}\n");
}

/// What was seen of an object.
pub(super) struct Seen {
    /// How many of the model's columns.
    pub found: usize,
    /// Our names, where some of its own are the same.
    names: Option<[String; 8]>,
}

/// Reads an object into a batch.
pub(super) struct Object<'b, 'a> {
    pub batch: &'b mut Batch<'a>,
}

impl<'de> DeserializeSeed<'de> for Object<'_, '_> {
    type Value = Seen;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Seen, D::Error> {
        input.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_, '_> {
    type Value = Seen;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Seen, A::Error> {
        let mut found = vec![false; self.batch.model.columns.len()];
        let mut keys: Vec<String> = Vec::new();
        while let Some(Key(key)) = map.next_key_seed(KeySeed)? {
            if OURS.contains(&key.as_ref()) {
                keys.push(key.to_string());
            }
            let Some(column) = self.batch.model.columns.iter().position(|reading| reading.column == key) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if std::mem::replace(&mut found[column], true) {
                return Err(A::Error::custom(format!("\"{key}\" stands there twice")));
            }
            self.batch.reading = Some(column);
            let cell = map.next_value_seed(CellSeed)?;
            self.batch.reading = None;
            self.batch.put(column, cell, '.');
        }
        let taken: Vec<&str> = keys.iter().map(String::as_str).collect();
        let names = (!taken.is_empty()).then(|| OURS.map(|name| free_name(name, &taken)));
        Ok(Seen { found: found.iter().filter(|found| **found).count(), names })
    }
}

struct Key<'de>(Cow<'de, str>);
struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key<'de>;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Key<'de>, D::Error> {
        match input.deserialize_str(CellSeed)? {
            Cell::Text(text) => Ok(Key(text)),
            _ => Err(D::Error::custom("a key is no text")),
        }
    }
}

/// Reads a plain value.
struct CellSeed;

impl<'de> DeserializeSeed<'de> for CellSeed {
    type Value = Cell<'de>;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Cell<'de>, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for CellSeed {
    type Value = Cell<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, a text, true, false or null")
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Cell<'de>, E> {
        Ok(Cell::Truth(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Cell<'de>, E> {
        Ok(Cell::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Cell<'de>, E> {
        Ok(Cell::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Cell<'de>, E> {
        Ok(Cell::Number(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Cell<'de>, E> {
        Ok(Cell::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Cell<'de>, A::Error> {
        Err(A::Error::custom("a list is no plain value"))
    }
}
