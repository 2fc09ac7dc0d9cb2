//! Rows with their segments into a table of a database: all of them, or nothing is changed.

use std::io;

use super::cells::{Cell, CellSink, Held};
use super::link::{Link, VALUES, Value, column_name};
use super::lookup::{HEADER, Line};
use super::{Columns, ReportError};
use crate::table::{Database, Engine, quoted};
use crate::task::Task;

/// The table where the target names none.
const TABLE: &str = "segments";

/// The table of a target, and the one of its segments.
pub(super) fn tables(database: &Database) -> (String, String) {
    let rows = database.table.clone().unwrap_or_else(|| TABLE.to_owned());
    let lookup = format!("{rows}_segments");
    (rows, lookup)
}

/// A table being written, in one transaction.
pub(super) struct SqlSink {
    link: Link,
    rows: String,
    lookup: String,
    columns: usize,
    waiting: Vec<Vec<Value>>,
}

impl SqlSink {
    /// Connects, and begins the tables. A table of that name is replaced where it was written by an export.
    pub fn begin(database: &Database, columns: &Columns, task: &Task) -> Result<Self, ReportError> {
        let (rows, lookup) = tables(database);
        let heads = columns.heads();
        let names: Vec<&str> = heads.iter().map(|head| head.name.as_str()).collect();
        let ours: Vec<&str> = columns.ours().into_iter().map(|at| names[at]).collect();
        let link = Link::open(database, task)?;
        let engine = link.engine;
        let mut sink = Self { link, rows, lookup, columns: names.len(), waiting: Vec::new() };
        sink.spare(&sink.rows.clone(), if ours.is_empty() { &names } else { &ours })?;
        sink.spare(&sink.lookup.clone(), &HEADER[..3])?;
        sink.execute(if engine == Engine::Mysql { "START TRANSACTION" } else { "BEGIN" }.to_owned())?;
        sink.create(&sink.rows.clone(), &names, |place| kind(heads[place].held))?;
        sink.create(&sink.lookup.clone(), &HEADER, |place| kind(lookup_held(place)))?;
        Ok(sink)
    }

    /// A table that was not written by an export stays as it is.
    fn spare(&mut self, table: &str, ours: &[&str]) -> Result<(), ReportError> {
        let name = quoted(table, self.link.engine);
        if self.execute(format!("SELECT 1 FROM {name} WHERE 1 = 0")).is_err() {
            return Ok(());
        }
        // With the table's name before it: SQLite takes an unknown name in quotes for a text.
        let columns: Vec<String> =
            ours.iter().map(|column| format!("t.{}", column_name(column, self.link.engine))).collect();
        let known = self.execute(format!("SELECT {} FROM {name} AS t WHERE 1 = 0", columns.join(", ")));
        known.map_err(|_| ReportError::Taken(table.to_owned()))
    }

    fn execute(&mut self, statement: String) -> Result<(), ReportError> {
        self.link.execute(statement)
    }

    /// MySQL ends a transaction with each table that is made: there the new table takes its place at the end.
    fn made(&self, table: &str) -> String {
        if self.link.engine == Engine::Mysql { format!("{table}__new") } else { table.to_owned() }
    }

    fn create(&mut self, table: &str, names: &[&str], kind: impl Fn(usize) -> &'static str) -> Result<(), ReportError> {
        let name = quoted(&self.made(table), self.link.engine);
        let column = |(place, name): (usize, &&str)| format!("{} {}", column_name(name, self.link.engine), kind(place));
        let columns: Vec<String> = names.iter().enumerate().map(column).collect();
        self.execute(format!("DROP TABLE IF EXISTS {name}"))?;
        self.execute(format!("CREATE TABLE {name} ({})", columns.join(", ")))
    }

    fn insert(&mut self, table: &str, rows: Vec<Vec<Value>>) -> Result<(), ReportError> {
        let name = quoted(&self.made(table), self.link.engine);
        self.link.insert(&name, rows)
    }

    fn flush(&mut self) -> Result<(), ReportError> {
        let waiting = std::mem::take(&mut self.waiting);
        self.insert(&self.rows.clone(), waiting)
    }

    /// Writes the segments, and lets all be seen.
    pub fn commit(mut self, segments: &[Line]) -> Result<(), ReportError> {
        self.flush()?;
        self.insert(&self.lookup.clone(), lookup_values(segments))?;
        self.execute("COMMIT".to_owned())?;
        if self.link.engine == Engine::Mysql {
            for table in [self.rows.clone(), self.lookup.clone()] {
                let (new, place) = (quoted(&self.made(&table), self.link.engine), quoted(&table, self.link.engine));
                self.execute(format!("DROP TABLE IF EXISTS {place}"))?;
                self.execute(format!("RENAME TABLE {new} TO {place}"))?;
            }
        }
        Ok(())
    }
}

impl CellSink for SqlSink {
    fn cells(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        let value = |cell: &Cell<'_>| match cell {
            Cell::Text(text) => Value::Text((*text).to_owned()),
            Cell::Whole(number) => Value::Whole(number.map(i64::from)),
            Cell::Number(number) => Value::Number(*number),
        };
        self.waiting.push(cells.iter().map(value).collect());
        if (self.waiting.len() + 1) * self.columns > VALUES {
            self.flush().map_err(io::Error::other)?;
        }
        Ok(())
    }

    /// Nothing is to be done: [`SqlSink::commit`] ends it.
    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The type of a column.
pub(super) fn kind(held: Held) -> &'static str {
    match held {
        Held::Count | Held::Whole => "BIGINT",
        Held::Ratio | Held::Number => "DOUBLE PRECISION",
        Held::Text => "TEXT",
    }
}

/// How a column of the look-up table is held.
pub(super) fn lookup_held(place: usize) -> Held {
    match HEADER[place] {
        "segment" | "size" => Held::Count,
        "share" => Held::Ratio,
        _ => Held::Text,
    }
}

/// The rows of the look-up table.
pub(super) fn lookup_values(lines: &[Line]) -> Vec<Vec<Value>> {
    let value = |(place, text): (usize, &String)| match lookup_held(place) {
        Held::Count => Value::Whole(text.parse().ok()),
        Held::Ratio => Value::Number(text.parse().ok()),
        _ => Value::Text(text.clone()),
    };
    lines.iter().map(|line| line.iter().enumerate().map(value).collect()).collect()
}
