//! Segments into a table that belongs to somebody else, a CRM's: known customers are updated by their id, new ones are
//! added, nothing else is touched. All in one transaction; a dry run does the same and takes it back.

use std::io;

use super::cells::{Cell, CellSink, Head};
use super::link::{Link, VALUES, Value, column_name};
use super::lookup::{HEADER, Line};
use super::sql::{self, lookup_held, lookup_values};
use super::{Columns, ReportError};
use crate::table::{Database, Engine, quoted};
use crate::task::Task;

/// The rows wait in this table, which only this connection sees.
const STAGE: &str = "segmenta_stage";

/// What an upsert did, or would do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Upserted {
    /// Customers that were not in the table.
    pub added: usize,
    /// Customers of whom something changed.
    pub changed: usize,
    /// Customers of whom nothing changed: they were not written.
    pub same: usize,
    /// Customers who must not be contacted any more: their segment was taken out.
    pub cleared: usize,
    /// Rows without an id, which no customer can be found by.
    pub nameless: usize,
    /// Whether all was taken back.
    pub dry: bool,
}

/// Rows on their way into a table.
pub(super) struct UpsertSink {
    link: Link,
    table: String,
    lookup: String,
    columns: Columns,
    /// Where the id stands among the columns.
    id: usize,
    waiting: Vec<Vec<Value>>,
    nameless: usize,
}

impl UpsertSink {
    /// Connects and begins; `id` is the id's place among the columns.
    pub fn begin(database: &Database, columns: Columns, id: usize, task: &Task) -> Result<Self, ReportError> {
        if database.engine == Engine::Mysql {
            return Err(ReportError::NoUpsert);
        }
        let table = database.table.clone().ok_or(ReportError::NoTable)?;
        let (_, lookup) = sql::tables(database);
        let mut link = Link::open(database, task)?;
        link.execute(if link.engine == Engine::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" }.to_owned())?;
        let places: Vec<String> = (0..columns.picked.len()).map(|place| format!("c{place} TEXT")).collect();
        link.execute(format!("CREATE TEMP TABLE {STAGE} ({}, withheld TEXT)", places.join(", ")))?;
        Ok(Self { link, table, lookup, columns, id, waiting: Vec::new(), nameless: 0 })
    }

    /// A customer: `withheld` where it must not be contacted.
    fn customer(&mut self, cells: &[Cell<'_>], withheld: bool) -> Result<(), ReportError> {
        let mut row: Vec<Value> = cells.iter().map(|cell| value(cell.text())).collect();
        if matches!(row.get(self.id), Some(Value::Null) | None) {
            self.nameless += 1;
            return Ok(());
        }
        row.push(value(if withheld { "yes" } else { "no" }.to_owned()));
        self.waiting.push(row);
        if (self.waiting.len() + 1) * (self.columns.picked.len() + 1) > VALUES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), ReportError> {
        let waiting = std::mem::take(&mut self.waiting);
        self.link.insert(STAGE, waiting)
    }

    /// Brings what waits into the table, and the segments into the one beside it, or says only what that would do.
    pub fn finish(mut self, segments: &[Line], dry: bool) -> Result<Upserted, ReportError> {
        self.flush()?;
        self.one_row_each()?;
        let types = self.types()?;
        let words = Words::new(&self, &types);
        let mut done = Upserted { nameless: self.nameless, dry, ..Upserted::default() };
        done.added = self.link.count(words.added())?;
        done.changed = self.link.count(words.changed())?;
        let all = self.link.count(format!("SELECT count(*) FROM {STAGE} WHERE withheld = 'no'"))?;
        done.same = all.saturating_sub(done.added + done.changed);
        done.cleared = self.link.count(words.to_clear())?;
        self.link.execute(words.upsert())?;
        if !words.ours.is_empty() {
            self.link.execute(words.clear())?;
        }
        self.look_up(segments)?;
        self.link.execute(if dry { "ROLLBACK" } else { "COMMIT" }.to_owned())?;
        Ok(done)
    }

    /// An id that stands twice would be written twice, once wrong.
    fn one_row_each(&mut self) -> Result<(), ReportError> {
        let id = format!("c{}", self.id);
        let twice = format!("SELECT {id} FROM {STAGE} GROUP BY {id} HAVING count(*) > 1 ORDER BY {id} LIMIT 1");
        match self.link.ask(twice)?.into_iter().flatten().flatten().next() {
            Some(id) => Err(ReportError::SameId(id)),
            None => Ok(()),
        }
    }

    /// The types of our columns in the table, which is made where it is not there.
    fn types(&mut self) -> Result<Vec<String>, ReportError> {
        let found = self.columns_there(&self.table.clone())?;
        if found.is_empty() {
            return self.make();
        }
        let missing = |head: &&Head| !found.iter().any(|(name, _)| *name == head.name);
        let heads = self.columns.heads();
        if let Some(head) = heads.iter().find(missing) {
            let near = crate::error::nearest(&head.name, found.iter().map(|(name, _)| name.as_str()));
            return Err(ReportError::NoSuchColumn {
                table: self.table.clone(),
                column: head.name.clone(),
                near: near.map(str::to_owned),
            });
        }
        self.unique()?;
        let kind = |head: &Head| found.iter().find(|(name, _)| *name == head.name).map(|(_, kind)| kind.clone());
        Ok(heads.iter().filter_map(kind).collect())
    }

    /// Writes the table of the segments anew; one of that name that no export wrote stays as it is.
    fn look_up(&mut self, segments: &[Line]) -> Result<(), ReportError> {
        let (engine, name) = (self.link.engine, self.lookup.clone());
        let found = self.columns_there(&name)?;
        let quoted = quoted(&name, engine);
        if found.is_empty() {
            let column =
                |(at, name): (usize, &&str)| format!("{} {}", column_name(name, engine), sql::kind(lookup_held(at)));
            let columns: Vec<String> = HEADER.iter().enumerate().map(column).collect();
            self.link.execute(format!("CREATE TABLE {quoted} ({})", columns.join(", ")))?;
        } else if found.iter().map(|(name, _)| name.as_str()).ne(HEADER) {
            return Err(ReportError::Taken(name));
        } else {
            self.link.execute(format!("DELETE FROM {quoted}"))?;
        }
        self.link.insert(&quoted, lookup_values(segments))
    }

    /// A table's columns with their types; none where there is no such table.
    fn columns_there(&mut self, table: &str) -> Result<Vec<(String, String)>, ReportError> {
        let query = match self.link.engine {
            Engine::Sqlite => format!("SELECT name, type FROM pragma_table_info({})", literal(table)),
            _ => format!(
                "SELECT attname::text, format_type(atttypid, atttypmod)::text FROM pg_attribute WHERE attrelid = \
                 to_regclass({}) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
                literal(&quoted(table, self.link.engine))
            ),
        };
        let rows = self.link.ask(query)?;
        let pair = |mut row: Vec<Option<String>>| Some((row.first_mut()?.take()?, row.get_mut(1)?.take()?));
        Ok(rows.into_iter().filter_map(pair).collect())
    }

    fn make(&mut self) -> Result<Vec<String>, ReportError> {
        let engine = self.link.engine;
        let columns = self.columns.heads().into_iter().enumerate().map(|(place, head)| {
            let key = if place == self.id { " PRIMARY KEY" } else { "" };
            format!("{} TEXT{key}", column_name(&head.name, engine))
        });
        let columns: Vec<String> = columns.collect();
        self.link.execute(format!("CREATE TABLE {} ({})", quoted(&self.table, engine), columns.join(", ")))?;
        Ok(vec!["TEXT".to_owned(); columns.len()])
    }

    /// An upsert by id needs ids that stand once.
    fn unique(&mut self) -> Result<(), ReportError> {
        let name = self.columns.picked.get(self.id).map(|(_, head)| head.name.clone()).unwrap_or_default();
        let query = match self.link.engine {
            Engine::Sqlite => format!(
                "SELECT (SELECT count(*) FROM pragma_index_list({table}) AS list WHERE list.\"unique\" = 1 AND list.partial = 0 \
                 AND (SELECT group_concat(name, ',') FROM pragma_index_info(list.name)) = {name}) + \
                 (SELECT count(*) FROM pragma_table_info({table}) WHERE pk = 1 AND name = {name} AND \
                 (SELECT max(pk) FROM pragma_table_info({table})) = 1)",
                table = literal(&self.table),
                name = literal(&name)
            ),
            _ => format!(
                "SELECT count(*) FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] \
                 WHERE i.indrelid = to_regclass({}) AND i.indisunique AND i.indpred IS NULL AND i.indnkeyatts = 1 AND \
                 a.attname = {}",
                literal(&quoted(&self.table, self.link.engine)),
                literal(&name)
            ),
        };
        match self.link.count(query)? {
            0 => Err(ReportError::NotUnique { table: self.table.clone(), column: name }),
            _ => Ok(()),
        }
    }
}

impl CellSink for UpsertSink {
    fn cells(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.customer(cells, false).map_err(io::Error::other)
    }

    fn withheld(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.customer(cells, true).map_err(io::Error::other)
    }

    /// Nothing is to be done: [`UpsertSink::finish`] ends it.
    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The statements, put together for one table.
struct Words {
    engine: Engine,
    table: String,
    /// Names, quoted.
    names: Vec<String>,
    /// The staged values in the table's types.
    values: Vec<String>,
    id: usize,
    /// The places of our own columns.
    ours: Vec<usize>,
}

impl Words {
    fn new(sink: &UpsertSink, types: &[String]) -> Self {
        let engine = sink.link.engine;
        let value = |(place, kind): (usize, &String)| match engine {
            Engine::Sqlite => format!("s.c{place}"),
            _ => format!("CAST(s.c{place} AS {kind})"),
        };
        Self {
            engine,
            table: quoted(&sink.table, engine),
            names: sink.columns.picked.iter().map(|(_, head)| column_name(&head.name, engine)).collect(),
            values: types.iter().enumerate().map(value).collect(),
            id: sink.id,
            ours: sink.columns.ours(),
        }
    }

    fn differ(&self) -> &'static str {
        if self.engine == Engine::Sqlite { "IS NOT" } else { "IS DISTINCT FROM" }
    }

    /// The staged customers beside those of the table.
    fn joined(&self, how: &str) -> String {
        let (name, value) = (&self.names[self.id], &self.values[self.id]);
        format!("FROM {STAGE} AS s {how} {} AS t ON t.{name} = {value}", self.table)
    }

    fn added(&self) -> String {
        let joined = self.joined("LEFT JOIN");
        format!("SELECT count(*) {joined} WHERE s.withheld = 'no' AND t.{} IS NULL", self.names[self.id])
    }

    fn changed(&self) -> String {
        let other = |(name, value): (&String, &String)| format!("t.{name} {} {value}", self.differ());
        let others: Vec<String> = self.names.iter().zip(&self.values).map(other).collect();
        format!("SELECT count(*) {} WHERE s.withheld = 'no' AND ({})", self.joined("JOIN"), others.join(" OR "))
    }

    fn to_clear(&self) -> String {
        let full: Vec<String> = self.ours.iter().map(|&at| format!("t.{} IS NOT NULL", self.names[at])).collect();
        let full = if full.is_empty() { "1 = 0".to_owned() } else { full.join(" OR ") };
        format!("SELECT count(*) {} WHERE s.withheld = 'yes' AND ({full})", self.joined("JOIN"))
    }

    /// Adds who is new, changes of whom something changed.
    fn upsert(&self) -> String {
        let names = self.names.join(", ");
        let others: Vec<&String> =
            self.names.iter().enumerate().filter(|(at, _)| *at != self.id).map(|(_, name)| name).collect();
        let set: Vec<String> = others.iter().map(|name| format!("{name} = excluded.{name}")).collect();
        let other = |name: &&&String| format!("t.{name} {} excluded.{name}", self.differ());
        let differ: Vec<String> = others.iter().map(|name| other(&name)).collect();
        let then = match set.is_empty() {
            true => "NOTHING".to_owned(),
            false => format!("UPDATE SET {} WHERE {}", set.join(", "), differ.join(" OR ")),
        };
        format!(
            "INSERT INTO {} AS t ({names}) SELECT {} FROM {STAGE} AS s WHERE s.withheld = 'no' ON CONFLICT ({}) DO {then}",
            self.table,
            self.values.join(", "),
            self.names[self.id]
        )
    }

    /// Takes the segment of those away who must not be contacted any more.
    fn clear(&self) -> String {
        let set: Vec<String> = self.ours.iter().map(|&at| format!("{} = NULL", self.names[at])).collect();
        format!(
            "UPDATE {table} SET {} WHERE {id} IN (SELECT {} FROM {STAGE} AS s WHERE s.withheld = 'yes')",
            set.join(", "),
            self.values[self.id],
            table = self.table,
            id = self.names[self.id]
        )
    }
}

fn value(text: String) -> Value {
    if text.is_empty() { Value::Null } else { Value::Text(text) }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
