//! A connection to a database, and the statements that are asked over it.

use std::path::Path;

use sqlx::any::{AnyArguments, AnyConnectOptions, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe, ConnectOptions, Connection, Executor, Row};

use super::ReportError;
use crate::table::{self, Database, Engine, Fault, Waiter};
use crate::task::Task;

/// Values that one statement takes (SQLite allows 32,766).
pub(super) const VALUES: usize = 30_000;

/// A value that is bound to a statement.
pub(super) enum Value {
    Text(String),
    Null,
    Whole(Option<i64>),
    Number(Option<f64>),
}

/// A connection; dropped, what was not committed is gone.
pub(super) struct Link {
    link: AnyConnection,
    waiter: Waiter,
    pub engine: Engine,
    task: Task,
}

impl Link {
    /// Connects; a file of SQLite is made where it is not there.
    pub fn open(database: &Database, task: &Task) -> Result<Self, ReportError> {
        let waiter = Waiter::new().map_err(elsewhere)?;
        let link = waiter.wait(task, open(database)).map_err(elsewhere)?;
        Ok(Self { link, waiter, engine: database.engine, task: task.clone() })
    }

    /// Has one statement done.
    pub fn execute(&mut self, statement: String) -> Result<(), ReportError> {
        let link = &mut self.link;
        let work = async { link.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await };
        let work = async { work.await.map(|_| ()).map_err(table::refused) };
        self.waiter.wait(&self.task, work).map_err(elsewhere)
    }

    /// The rows that a query gives, all columns as text.
    pub fn ask(&mut self, query: String) -> Result<Vec<Vec<Option<String>>>, ReportError> {
        let link = &mut self.link;
        let work = async { sqlx::query::<Any>(AssertSqlSafe(query)).fetch_all(link).await.map_err(table::refused) };
        let rows: Vec<AnyRow> = self.waiter.wait(&self.task, work).map_err(elsewhere)?;
        let texts = |row: &AnyRow| {
            (0..row.len())
                .map(|at| row.try_get(at))
                .collect::<Result<_, _>>()
                .map_err(table::refused)
                .map_err(elsewhere)
        };
        rows.iter().map(texts).collect()
    }

    /// The number that a query gives.
    pub fn count(&mut self, query: String) -> Result<usize, ReportError> {
        let link = &mut self.link;
        let work = async { sqlx::query::<Any>(AssertSqlSafe(query)).fetch_one(link).await.map_err(table::refused) };
        let row = self.waiter.wait(&self.task, work).map_err(elsewhere)?;
        let count: i64 = row.try_get(0).map_err(table::refused).map_err(elsewhere)?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// Inserts rows into a table; `name` is quoted already.
    pub fn insert(&mut self, name: &str, rows: Vec<Vec<Value>>) -> Result<(), ReportError> {
        let Some(columns) = rows.first().map(Vec::len) else { return Ok(()) };
        let mark = |place: usize| if self.engine == Engine::Postgres { format!("${place}") } else { "?".to_owned() };
        let row = |row: usize| {
            let marks: Vec<String> = (1..=columns).map(|column| mark(row * columns + column)).collect();
            format!("({})", marks.join(", "))
        };
        let marks: Vec<String> = (0..rows.len()).map(row).collect();
        let statement = format!("INSERT INTO {name} VALUES {}", marks.join(", "));
        let query = rows.into_iter().flatten().fold(sqlx::query::<Any>(AssertSqlSafe(statement)), bound);
        let link = &mut self.link;
        let work = async { query.execute(link).await.map(|_| ()).map_err(table::refused) };
        self.waiter.wait(&self.task, work).map_err(elsewhere)
    }
}

/// A column's name: a point in it parts nothing.
pub(super) fn column_name(name: &str, engine: Engine) -> String {
    let mark = if engine == Engine::Mysql { '`' } else { '"' };
    format!("{mark}{}{mark}", name.replace(mark, &format!("{mark}{mark}")))
}

fn bound<'q>(query: Query<'q, Any, AnyArguments>, value: Value) -> Query<'q, Any, AnyArguments> {
    match value {
        Value::Text(text) => query.bind(text),
        Value::Null => query.bind(None::<String>),
        Value::Whole(number) => query.bind(number),
        Value::Number(number) => query.bind(number),
    }
}

async fn open(database: &Database) -> Result<AnyConnection, Fault> {
    sqlx::any::install_default_drivers();
    let url = match database.engine {
        Engine::Sqlite => {
            let path = std::path::absolute(Path::new(&database.url))?;
            format!("sqlite://{}?mode=rwc", table::encoded_path(&path))
        }
        _ => database.url.clone(),
    };
    let options: AnyConnectOptions = url.parse().map_err(table::refused)?;
    AnyConnection::connect_with(&options.disable_statement_logging()).await.map_err(table::refused)
}

fn elsewhere(fault: Fault) -> ReportError {
    match fault {
        Fault::Cancelled(cancelled) => ReportError::Cancelled(cancelled),
        fault => ReportError::Elsewhere(fault.to_string()),
    }
}
