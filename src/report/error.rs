//! What can go wrong when something is handed over.

use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::table::{TableError, shown};
use crate::task::Cancelled;

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The task was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The source could not be read again.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The file's ending names no format for rows.
    #[error("rows cannot be written as \"{}\"", shown(.0).display())]
    Ending(PathBuf),
    /// The target is a folder.
    #[error("this is a folder, not a file")]
    Folder(PathBuf),
    /// The source no longer has the rows or columns that were read.
    #[error("the source has changed since it was read: {0}")]
    Changed(String),
    /// The key of pseudonyms is too short.
    #[error("the key of pseudonyms has fewer than {0} bytes")]
    ShortKey(usize),
    /// There is no id that a pseudonym could replace.
    #[error("no column names the customers, so there is nothing that a pseudonym replaces")]
    NoId,
    /// A table of this name is there, and no export of ours.
    #[error("there is a table \"{0}\" already, which was not written by an export")]
    Taken(String),
    /// A column that is to be written is not there.
    #[error("there is no column \"{column}\" to write")]
    NoColumn {
        /// What was named.
        column: String,
        /// The nearest that there is.
        near: Option<String>,
    },
    /// A row was handed over twice.
    #[error("the id \"{0}\" stands in several rows: by it no customer can be told")]
    SameId(String),
    /// The table of a database has no such column.
    #[error("the table {table} has no column \"{column}\"")]
    NoSuchColumn {
        /// The table.
        table: String,
        /// What is to be written.
        column: String,
        /// The nearest that the table has.
        near: Option<String>,
    },
    /// An upsert goes by ids that stand once.
    #[error("the column \"{column}\" of the table {table} is not unique")]
    NotUnique {
        /// The table.
        table: String,
        /// The column of ids.
        column: String,
    },
    /// An upsert names its table.
    #[error("an upsert needs the name of a table")]
    NoTable,
    /// Only SQLite and PostgreSQL.
    #[error("an upsert goes into SQLite or PostgreSQL only")]
    NoUpsert,
    /// An earlier export has other columns.
    #[error("the earlier export has no column \"{column}\"")]
    Former {
        /// The earlier export.
        file: PathBuf,
        /// What it lacks.
        column: String,
    },
    /// A workbook has a sheet for each segment.
    #[error("a workbook needs the column segment: it has a sheet for each")]
    NoSegment,
    /// Two columns would have one name.
    #[error("two columns would be written as \"{0}\"")]
    Twice(String),
    /// A server, store or database refused.
    #[error("{0}")]
    Elsewhere(String),
    /// A picture cannot be rendered.
    #[error("the picture cannot be rendered: {0}")]
    Picture(String),
    /// A report cannot be written.
    #[error("the report cannot be written: {0}")]
    Template(String),
    /// The file cannot be written.
    #[error("cannot be written: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl ReportError {
    /// A write to `path` failed.
    pub(super) fn write(path: &Path) -> impl Fn(io::Error) -> Self + Copy + '_ {
        move |source| Self::Write { path: path.to_owned(), source }
    }
}

impl From<ReportError> for Error {
    fn from(error: ReportError) -> Self {
        let what = error.to_string();
        match error {
            ReportError::Cancelled(cancelled) => cancelled.into(),
            ReportError::Table(table) => table.into(),
            ReportError::Ending(_) => Self::usage(what)
                .hint("name a file that ends in .csv, .tsv, .parquet, .jsonl or .xlsx, or a database's table"),
            ReportError::ShortKey(_) => Self::usage(what).hint("e.g. `head -c 32 /dev/urandom | base64` makes one"),
            ReportError::NoId => Self::usage(what).hint("name it with --id"),
            ReportError::Folder(path) => Self::usage(what).at(path.display().to_string()),
            ReportError::NoColumn { near: Some(near), .. } => {
                Self::usage(what).hint(format!("did you mean \"{near}\"?"))
            }
            ReportError::SameId(_) => Self::failed(what).hint("nothing was written; leave the copies out first"),
            ReportError::NoSuchColumn { near, .. } => {
                let add = "nothing was written; add the column to the table, or name others under [export] columns";
                let near = near.map(|near| format!("did you mean \"{near}\"? write {near} = column"));
                Self::failed(what).hint(near.unwrap_or_else(|| add.to_owned()))
            }
            ReportError::NotUnique { .. } => {
                Self::failed(what).hint("nothing was written; make it the primary key, or a unique index on it")
            }
            ReportError::NoTable => Self::usage(what).hint("write …?table=NAME"),
            ReportError::NoUpsert => Self::usage(what).hint("without --upsert a table of its own is written"),
            ReportError::Former { file, .. } => {
                Self::failed(what).at(shown(&file).display().to_string()).hint("name one with the same columns")
            }
            ReportError::NoColumn { .. } | ReportError::Twice(_) | ReportError::NoSegment => {
                Self::usage(what).hint("write name = column")
            }
            ReportError::Taken(_) => Self::failed(what).hint("name another table, or drop this one"),
            ReportError::Elsewhere(_) => Self::failed(what).hint("nothing was written"),
            ReportError::Picture(_) | ReportError::Template(_) => Self::failed(what),
            ReportError::Changed(_) => Self::failed(what).hint("run it again"),
            ReportError::Write { path, source } => {
                Self::failed(what).at(shown(&path).display().to_string()).caused_by(source)
            }
        }
    }
}
