//! Tables and queries of databases, read only, as columns of numbers, yes and no, and text.

use std::io::Write;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use futures_util::StreamExt;
use polars::prelude::{DataType, LazyCsvReader, LazyFileListReader, LazyFrame, ParquetWriter, Schema};
use sqlx::mysql::{MySqlConnectOptions, MySqlRow};
use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Database as Driver, Executor, Row, TypeInfo, ValueRef};

use super::error::Fault;
use super::frame;
use super::place::{Database, Engine};
use super::remote::{refused, wait};
use super::spool::{Collecting, Spool};
use crate::task::Task;

/// Rows between two reports of progress.
const STRIDE: usize = 1024;

/// Fetches a table or query; it is kept as Parquet.
pub(super) fn fetch(database: &Database, task: &Task) -> Result<Spool, Fault> {
    task.begin("reading the database", 0);
    let rows = match database.engine {
        Engine::Sqlite => wait(task, sqlite(database, task)),
        Engine::Postgres => wait(task, postgres(database, task)),
        Engine::Mysql => wait(task, mysql(database, task)),
    }?;
    rows.ok_or(Fault::HeaderOnly)?.done(task)
}

/// A name as SQL takes it, whatever it holds: `schema.table` has two.
///
/// The quote is doubled within the name, so that no name can end it.
pub fn quoted(name: &str, engine: Engine) -> String {
    let mark = if engine == Engine::Mysql { '`' } else { '"' };
    let part = |part: &str| format!("{mark}{}{mark}", part.replace(mark, &format!("{mark}{mark}")));
    match engine {
        Engine::Sqlite => part(name),
        _ => name.split('.').map(part).collect::<Vec<_>>().join("."),
    }
}

/// The statement that is asked; the only table where none is named.
fn statement(database: &Database, tables: Vec<String>) -> Result<String, Fault> {
    let of = |table: &str| format!("SELECT * FROM {}", quoted(table, database.engine));
    match (&database.query, &database.table, tables.as_slice()) {
        (Some(query), ..) => Ok(query.clone()),
        (None, Some(table), _) => Ok(of(table)),
        (None, None, [only]) => Ok(of(only)),
        _ => Err(Fault::NoQuery { tables }),
    }
}

fn is_said(database: &Database) -> bool {
    database.table.is_some() || database.query.is_some()
}

async fn sqlite(database: &Database, task: &Task) -> Result<Option<Texts>, Fault> {
    let path = Path::new(&database.url);
    if !path.is_file() {
        return Err(Fault::NotFound { nearest: None });
    }
    let options = SqliteConnectOptions::new().filename(path).read_only(true).disable_statement_logging();
    let mut link = options.connect().await.map_err(refused)?;
    const TABLES: &str = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1";
    let tables = if is_said(database) { Vec::new() } else { names(&mut link, TABLES).await? };
    collect(&mut link, statement(database, tables)?, of_sqlite, task).await
}

async fn postgres(database: &Database, task: &Task) -> Result<Option<Texts>, Fault> {
    let options = PgConnectOptions::from_str(&database.url).map_err(refused)?;
    let options = options.options([("default_transaction_read_only", "on"), ("datestyle", "ISO")]);
    let mut link = options.disable_statement_logging().connect().await.map_err(refused)?;
    const TABLES: &str = "SELECT table_name::text FROM information_schema.tables \
                          WHERE table_schema = ANY (current_schemas(false)) ORDER BY 1";
    let tables = if is_said(database) { Vec::new() } else { names(&mut link, TABLES).await? };
    collect(&mut link, statement(database, tables)?, of_postgres, task).await
}

async fn mysql(database: &Database, task: &Task) -> Result<Option<Texts>, Fault> {
    let options = MySqlConnectOptions::from_str(&database.url).map_err(refused)?;
    let mut link = options.disable_statement_logging().connect().await.map_err(refused)?;
    link.execute("SET SESSION TRANSACTION READ ONLY").await.map_err(refused)?;
    const TABLES: &str = "SELECT CAST(table_name AS CHAR) FROM information_schema.tables \
                          WHERE table_schema = DATABASE() ORDER BY 1";
    let tables = if is_said(database) { Vec::new() } else { names(&mut link, TABLES).await? };
    collect(&mut link, statement(database, tables)?, of_mysql, task).await
}

/// The first column of a statement's rows.
async fn names<C>(link: &mut C, statement: &'static str) -> Result<Vec<String>, Fault>
where
    C: sqlx::Connection,
    for<'c> &'c mut C: Executor<'c, Database = C::Database>,
    usize: sqlx::ColumnIndex<<C::Database as Driver>::Row>,
    String: for<'r> sqlx::Decode<'r, C::Database>,
{
    let rows = link.fetch_all(sqlx::raw_sql(statement)).await.map_err(refused)?;
    rows.iter().map(|row| row.try_get_unchecked::<String, _>(0).map_err(refused)).collect()
}

/// How the cells of a row are read.
type Reading<D> = fn(&<D as Driver>::Row) -> Result<Vec<Cell>, sqlx::Error>;

/// Runs a statement; `None` where it gives no row.
async fn collect<C>(
    link: &mut C,
    statement: String,
    cells: Reading<C::Database>,
    task: &Task,
) -> Result<Option<Texts>, Fault>
where
    C: sqlx::Connection,
    for<'c> &'c mut C: Executor<'c, Database = C::Database>,
{
    let mut rows = link.fetch(sqlx::raw_sql(AssertSqlSafe(statement)));
    let mut texts: Option<Texts> = None;
    while let Some(row) = rows.next().await {
        let row = row.map_err(refused)?;
        let names = || row.columns().iter().map(|column| column.name().to_owned()).collect();
        let texts = texts.get_or_insert_with(|| Texts::new(names()));
        texts.row(cells(&row).map_err(refused)?)?;
        if texts.rows.is_multiple_of(STRIDE) {
            task.advance(STRIDE as u64);
        }
    }
    Ok(texts)
}

/// What stands in a row's column.
struct Cell {
    kind: Kind,
    text: Option<String>,
}

/// What a column holds; of several kinds the later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Nothing,
    YesNo,
    Whole,
    Number,
    Text,
}

impl Kind {
    fn of_type(name: &str) -> Self {
        match name.trim_end_matches(" UNSIGNED") {
            "BOOL" | "BOOLEAN" => Self::YesNo,
            "INT2" | "INT4" | "INT8" | "OID" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" | "YEAR" => {
                Self::Whole
            }
            "FLOAT4" | "FLOAT8" | "NUMERIC" | "DECIMAL" | "FLOAT" | "DOUBLE" => Self::Number,
            _ => Self::Text,
        }
    }

    /// A column that held both: yes and no among numbers are text.
    fn with(self, other: Self) -> Self {
        match (self.min(other), self.max(other)) {
            (Self::YesNo, Self::Whole | Self::Number) => Self::Text,
            (_, wider) => wider,
        }
    }
}

fn of_sqlite(row: &SqliteRow) -> Result<Vec<Cell>, sqlx::Error> {
    let cell = |at: usize| {
        let raw = row.try_get_raw(at)?;
        let kind = if raw.is_null() { "NULL".to_owned() } else { raw.type_info().name().to_owned() };
        Ok(match kind.as_str() {
            "NULL" => Cell { kind: Kind::Nothing, text: None },
            "INTEGER" | "INT8" | "BOOLEAN" => {
                Cell { kind: Kind::Whole, text: Some(row.try_get_unchecked::<i64, _>(at)?.to_string()) }
            }
            "REAL" => Cell { kind: Kind::Number, text: Some(row.try_get_unchecked::<f64, _>(at)?.to_string()) },
            "BLOB" => Cell { kind: Kind::Text, text: Some(hex(&row.try_get_unchecked::<Vec<u8>, _>(at)?)) },
            _ => Cell { kind: Kind::Text, text: Some(row.try_get_unchecked::<String, _>(at)?) },
        })
    };
    (0..row.len()).map(cell).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn of_postgres(row: &PgRow) -> Result<Vec<Cell>, sqlx::Error> {
    let cell = |(at, column): (usize, &sqlx::postgres::PgColumn)| {
        let text = row.try_get_unchecked::<Option<String>, _>(at)?;
        let name = column.type_info().name();
        let text = match (name, text) {
            ("BOOL", Some(text)) => Some(if text == "t" { "true" } else { "false" }.to_owned()),
            ("TIMESTAMPTZ", Some(text)) => Some(zoned(text)),
            ("CHAR" | "BPCHAR", Some(text)) => Some(text.trim_end().to_owned()),
            (_, text) => text,
        };
        Ok(declared(name, text))
    };
    row.columns().iter().enumerate().map(cell).collect()
}

/// `2024-05-01 10:00:00+02` with the minutes of its zone.
fn zoned(text: String) -> String {
    let hours_only = text.len() > 3 && matches!(text.as_bytes()[text.len() - 3], b'+' | b'-');
    if hours_only { text + ":00" } else { text }
}

fn of_mysql(row: &MySqlRow) -> Result<Vec<Cell>, sqlx::Error> {
    let cell = |(at, column): (usize, &sqlx::mysql::MySqlColumn)| {
        let name = column.type_info().name();
        let text = match name {
            "BLOB" | "VARBINARY" | "BINARY" | "LONGBLOB" => {
                row.try_get_unchecked::<Option<Vec<u8>>, _>(at)?.map(|b| hex(&b))
            }
            _ => row.try_get_unchecked::<Option<String>, _>(at)?,
        };
        let text = match (name, text.as_deref()) {
            ("BOOLEAN", Some("1")) => Some("true".to_owned()),
            ("BOOLEAN", Some("0")) => Some("false".to_owned()),
            _ => text,
        };
        Ok(declared(name, text))
    };
    row.columns().iter().enumerate().map(cell).collect()
}

/// A cell of a column with a declared type. What such a column cannot hold here stays text.
fn declared(name: &str, text: Option<String>) -> Cell {
    let Some(text) = text else { return Cell { kind: Kind::Nothing, text: None } };
    let kind = match Kind::of_type(name) {
        Kind::Whole if text.parse::<i64>().is_err() => Kind::Text,
        Kind::Number if text.parse::<f64>().is_err() => Kind::Text,
        Kind::YesNo if text != "true" && text != "false" => Kind::Text,
        kind => kind,
    };
    Cell { kind, text: Some(text) }
}

/// Rows as CSV, with what their columns hold.
struct Texts {
    writer: csv::Writer<Collecting>,
    names: Vec<String>,
    kinds: Vec<Kind>,
    rows: usize,
}

impl Texts {
    fn new(columns: Vec<String>) -> Self {
        let names = super::csv::names(&columns, true);
        let kinds = vec![Kind::Nothing; names.len()];
        let writer = csv::WriterBuilder::new().has_headers(false).from_writer(Collecting::new());
        Self { writer, names, kinds, rows: 0 }
    }

    fn row(&mut self, cells: Vec<Cell>) -> Result<(), Fault> {
        for (kind, cell) in self.kinds.iter_mut().zip(&cells) {
            *kind = kind.with(cell.kind);
        }
        self.rows += 1;
        Ok(self.writer.write_record(cells.iter().map(|cell| cell.text.as_deref().unwrap_or_default()))?)
    }

    fn done(self, task: &Task) -> Result<Spool, Fault> {
        let rows = self.rows;
        let types = self.names.iter().zip(&self.kinds).map(|(name, kind)| (name.as_str().into(), data_type(*kind)));
        let schema: Schema = types.collect();
        let spool = self.writer.into_inner().map_err(|error| Fault::Io(error.into_error()))?.done()?;
        let frame = LazyCsvReader::new_with_sources(spool.scanned()?)
            .with_glob(false)
            .with_cache(false)
            .with_schema(Some(Arc::new(schema.clone())))
            .with_has_header(false)
            .with_ignore_errors(true)
            .with_missing_is_null(true)
            .finish()?;
        as_parquet(frame, &schema, rows, task)
    }
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::YesNo => DataType::Boolean,
        Kind::Whole => DataType::Int64,
        Kind::Number => DataType::Float64,
        Kind::Nothing | Kind::Text => DataType::String,
    }
}

fn as_parquet(frame: LazyFrame, schema: &Schema, rows: usize, task: &Task) -> Result<Spool, Fault> {
    let mut spool = Collecting::new();
    let mut writer = ParquetWriter::new(&mut spool).batched(schema)?;
    let mut written = 0;
    frame::batches(frame, task, &mut |batch| {
        written += batch.height();
        writer.write_batch(&batch)?;
        Ok(std::ops::ControlFlow::Continue(()))
    })?;
    writer.finish()?;
    drop(writer);
    spool.flush()?;
    if written == rows { Ok(spool.done()?) } else { Err(Fault::Rows { expected: rows, found: written }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_can_end_its_quotes() {
        assert_eq!(quoted("a\"; DROP TABLE b; --", Engine::Sqlite), "\"a\"\"; DROP TABLE b; --\"");
        assert_eq!(quoted("shop.customers", Engine::Postgres), "\"shop\".\"customers\"");
        assert_eq!(quoted("a`b", Engine::Mysql), "`a``b`");
    }

    #[test]
    fn what_a_column_holds_grows() {
        assert_eq!(Kind::Nothing.with(Kind::Whole).with(Kind::Number), Kind::Number);
        assert_eq!(Kind::Whole.with(Kind::YesNo), Kind::Text);
        assert_eq!(zoned("2024-05-01 10:00:00+02".to_owned()), "2024-05-01 10:00:00+02:00");
    }
}
