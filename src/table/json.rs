//! JSON: an array of objects, an object of columns, or one object a line, as plain CSV with a header.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read};

use serde_json::{Map, Value};

use super::error::Fault;
use super::source::Bytes;
use super::spec::Broken;
use super::spool::{Collecting, Spool};
use crate::task::Task;

/// Broken lines that are kept.
const KEPT: usize = 10_000;

/// JSON as CSV, with the lines that were none.
pub(super) fn read(bytes: &Bytes, task: &Task) -> Result<(Spool, Vec<Broken>), Fault> {
    if is_lines(bytes)? { lines(bytes, task) } else { document(bytes, task).map(|spool| (spool, Vec::new())) }
}

/// Whether the first line is an object of its own, and more than a document of columns on one line.
fn is_lines(bytes: &Bytes) -> Result<bool, Fault> {
    let mut lines = BufReader::new(bytes.unpacked()?).split(b'\n');
    let mut next = || lines.find_map(|line| line.ok().filter(|line| !line.trim_ascii().is_empty()));
    let Some(first) = next().and_then(|line| object(&String::from_utf8_lossy(&line)).ok()) else { return Ok(false) };
    Ok(next().is_some() || rows(Value::Object(first)).is_none())
}

fn object(line: &str) -> Result<Map<String, Value>, String> {
    match serde_json::from_str(line.trim_start_matches('\u{feff}').trim()) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err("no object".to_owned()),
        Err(error) => Err(format!("no JSON: {}", reason(&error))),
    }
}

fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

/// Two passes: one for the keys, one for the rows.
fn lines(bytes: &Bytes, task: &Task) -> Result<(Spool, Vec<Broken>), Fault> {
    let (mut columns, mut broken) = (Columns::default(), Vec::new());
    each_line(bytes, task, &mut |number, line| {
        match object(line) {
            Ok(object) => columns.meet(&object, ""),
            Err(why) if broken.len() < KEPT => {
                broken.push(Broken { line: number, text: line.chars().take(200).collect(), why });
            }
            Err(_) => {}
        }
        Ok(())
    })?;
    let mut sheet = columns.sheet()?;
    each_line(bytes, task, &mut |_, line| object(line).map_or(Ok(()), |object| sheet.row(&object)))?;
    Ok((sheet.done()?, broken))
}

fn each_line(bytes: &Bytes, task: &Task, each: &mut dyn FnMut(u64, &str) -> Result<(), Fault>) -> Result<(), Fault> {
    let mut reader = BufReader::new(bytes.unpacked()?);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if number % 1024 == 1 {
            task.check()?;
        }
        let text = String::from_utf8_lossy(&line);
        if !text.trim().is_empty() {
            each(number, text.trim_end())?;
        }
    }
    Ok(())
}

fn document(bytes: &Bytes, task: &Task) -> Result<Spool, Fault> {
    let mut content = Vec::new();
    bytes.unpacked()?.read_to_end(&mut content)?;
    let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&content);
    let value: Value = serde_json::from_slice(content).map_err(|error| Fault::Json(error.to_string()))?;
    let rows =
        rows(value).ok_or_else(|| Fault::Json("neither an array of objects nor one object a line".to_owned()))?;
    let mut columns = Columns::default();
    rows.iter().for_each(|row| columns.meet(row, ""));
    let mut sheet = columns.sheet()?;
    for (number, row) in rows.iter().enumerate() {
        if number % 1024 == 0 {
            task.check()?;
        }
        sheet.row(row)?;
    }
    sheet.done()
}

/// The rows of a document: `[{…}, …]`, `{"data": [{…}, …]}`, `{"a": [1, 2], "b": [3, 4]}` or `{"a": {"0": 1, …}, …}`.
fn rows(value: Value) -> Option<Vec<Map<String, Value>>> {
    match value {
        Value::Array(items) => items.into_iter().map(as_object).collect(),
        Value::Object(object) => {
            let nested = object.values().find(|value| is_rows(value)).cloned();
            nested.map_or_else(|| transposed(&object), rows)
        }
        _ => None,
    }
}

fn as_object(value: Value) -> Option<Map<String, Value>> {
    if let Value::Object(object) = value { Some(object) } else { None }
}

fn is_rows(value: &Value) -> bool {
    value.as_array().is_some_and(|items| !items.is_empty() && items.iter().all(Value::is_object))
}

/// An object of columns as rows; the columns have to be of one length.
fn transposed(columns: &Map<String, Value>) -> Option<Vec<Map<String, Value>>> {
    let values = |column: &Value| -> Option<Vec<Value>> {
        match column {
            Value::Array(items) => Some(items.clone()),
            Value::Object(items) => Some(items.values().cloned().collect()),
            _ => None,
        }
    };
    let all: Vec<Vec<Value>> = columns.values().map(values).collect::<Option<_>>()?;
    let rows = all.first()?.len();
    let row = |row: usize| columns.keys().cloned().zip(all.iter().map(|column| column[row].clone())).collect();
    all.iter().all(|column| column.len() == rows).then(|| (0..rows).map(row).collect())
}

/// The keys in the order in which they are met; those of objects within objects as `outer.inner`.
#[derive(Default)]
struct Columns {
    names: Vec<String>,
    known: HashSet<String>,
}

impl Columns {
    fn meet(&mut self, object: &Map<String, Value>, prefix: &str) {
        for (key, value) in object {
            let name = format!("{prefix}{key}");
            match value {
                Value::Object(inner) if !inner.is_empty() => self.meet(inner, &format!("{name}.")),
                _ if !self.known.contains(&name) => {
                    self.known.insert(name.clone());
                    self.names.push(name);
                }
                _ => {}
            }
        }
    }

    fn sheet(self) -> Result<Sheet, Fault> {
        if self.names.is_empty() {
            return Err(Fault::Empty);
        }
        let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Collecting::new());
        writer.write_record(&self.names)?;
        Ok(Sheet { writer, names: self.names })
    }
}

struct Sheet {
    writer: csv::Writer<Collecting>,
    names: Vec<String>,
}

impl Sheet {
    fn row(&mut self, object: &Map<String, Value>) -> Result<(), Fault> {
        let texts = self.names.iter().map(|name| find(object, name).map(text).unwrap_or_default());
        Ok(self.writer.write_record(texts)?)
    }

    fn done(self) -> Result<Spool, Fault> {
        Ok(self.writer.into_inner().map_err(|error| Fault::Io(error.into_error()))?.done()?)
    }
}

/// The value under `outer.inner`, where the keys themselves may hold points.
fn find<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    if let Some(value) = object.get(name) {
        return Some(value);
    }
    name.match_indices('.').find_map(|(at, _)| find(object.get(&name[..at])?.as_object()?, &name[at + 1..]))
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(inner) if inner.is_empty() => String::new(),
        other => other.to_string(),
    }
}
