//! What can go wrong with a source, each as one sentence for the user.

use std::path::{Path, PathBuf};

use polars::error::PolarsError;

use super::place::shown;
use crate::error::Error;
use crate::task::Cancelled;

/// A source could not be read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The user cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// Something is wrong with this source.
    #[error("{}: {fault}", path.display())]
    At {
        /// The source as the user named it.
        path: PathBuf,
        /// What is wrong with it.
        fault: Fault,
    },
}

/// What is wrong with a source.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The user cancelled: no fault of the source.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// There is no such file.
    #[error("no such file")]
    NotFound {
        /// The file in the same folder whose name is nearest.
        nearest: Option<String>,
    },
    /// The path names a folder in which no table lies.
    #[error("this is a folder without a table")]
    Folder,
    /// The file has no bytes, or only blank lines.
    #[error("the file is empty")]
    Empty,
    /// The file names columns but has no rows.
    #[error("the file has a header but no rows")]
    HeaderOnly,
    /// The file is of a kind that is not read.
    #[error("this is {what}, which cannot be read")]
    Unsupported {
        /// What it is.
        what: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// A line is not UTF-8, though the text was said to be.
    #[error("line {line} is not UTF-8: byte 0x{byte:02X}")]
    NotUtf8 {
        /// The line, from 1.
        line: u64,
        /// The first byte that cannot be.
        byte: u8,
    },
    /// Most lines do not fit the first one.
    #[error("most lines are no rows of the table: line {line}, {why}{}", and_others(*others))]
    Ragged {
        /// The first such line, from 1.
        line: u64,
        /// Why it is none, e.g. `3 fields in place of 4`.
        why: String,
        /// How many more such lines there are.
        others: usize,
    },
    /// A pattern or folder stands for no file.
    #[error("no file matches")]
    NoMatch,
    /// The pattern cannot be read.
    #[error("the pattern cannot be read: {0}")]
    Pattern(String),
    /// Nothing comes on the standard input.
    #[error("nothing comes on the standard input")]
    NoInput,
    /// The workbook cannot be read.
    #[error("the workbook cannot be read: {0}")]
    Sheet(String),
    /// The JSON cannot be read.
    #[error("the JSON cannot be read: {0}")]
    Json(String),
    /// A server, store or database refused.
    #[error("{0}")]
    Remote(String),
    /// A table or query is needed.
    #[error("the database needs a table or a query")]
    NoQuery {
        /// Its tables.
        tables: Vec<String>,
    },
    /// Something that the user said of the source cannot be.
    #[error("{what}")]
    Option {
        /// What cannot be.
        what: String,
        /// What to do.
        hint: String,
    },
    /// Something is wrong with one of several files or sources.
    #[error("{}: {what}", path.display())]
    Within {
        /// Which one.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
        /// What to do.
        hint: Option<String>,
    },
    /// A delimiter that is not one ASCII character.
    #[error("{0:?} cannot be a delimiter")]
    Delimiter(char),
    /// A column that was asked for is not there.
    #[error("no column {name:?}")]
    NoColumn {
        /// The name that was asked for.
        name: String,
        /// The nearest name there is.
        nearest: Option<String>,
    },
    /// The parser and the check of the lines disagree on the number of rows.
    #[error("read {found} rows where the file has {expected}")]
    Rows {
        /// The rows that were counted.
        expected: usize,
        /// The rows that were parsed.
        found: usize,
    },
    /// The system refused.
    #[error("cannot read the file: {0}")]
    Io(#[from] std::io::Error),
    /// The parser refused.
    #[error("cannot parse the file: {0}")]
    Polars(#[from] PolarsError),
}

fn and_others(others: usize) -> String {
    match others {
        0 => String::new(),
        1 => " (and 1 more such line)".to_owned(),
        n => format!(" (and {n} more such lines)"),
    }
}

impl From<csv::Error> for Fault {
    fn from(error: csv::Error) -> Self {
        Self::Io(error.into())
    }
}

impl Fault {
    /// The same fault, saying which source it is about.
    pub(super) fn at(self, path: &Path) -> TableError {
        match self {
            Self::Cancelled(cancelled) => TableError::Cancelled(cancelled),
            fault => TableError::At { path: shown(path).into_owned(), fault },
        }
    }

    /// The same fault of one of several files or sources.
    pub(super) fn within(self, path: &Path) -> Self {
        match self {
            Self::Cancelled(_) | Self::Within { .. } => self,
            fault => {
                let (what, hint) = (fault.to_string(), fault.hint());
                Self::Within { path: shown(path).into_owned(), what, hint }
            }
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NotFound { nearest: Some(name) } | Self::NoColumn { nearest: Some(name), .. } => {
                format!("did you mean {name:?}?")
            }
            Self::Unsupported { hint, .. } => (*hint).to_owned(),
            Self::NotUtf8 { .. } => "name the encoding, e.g. --encoding windows-1252, or mixed".to_owned(),
            Self::Ragged { .. } => "name the right delimiter, or the lines to skip above the table".to_owned(),
            Self::Delimiter(_) => "name one character, e.g. ';'".to_owned(),
            Self::Folder => "name a file, or a folder of CSV or Parquet files".to_owned(),
            Self::NoInput => "send rows through a pipe: psql … | segmenta -".to_owned(),
            Self::NoQuery { tables } if tables.is_empty() => "add ?table=NAME or ?query=SELECT…".to_owned(),
            Self::NoQuery { tables } => format!("add ?table=NAME; its tables: {}", tables.join(", ")),
            Self::Option { hint, .. } => hint.clone(),
            Self::Within { hint, .. } => return hint.clone(),
            _ => return None,
        })
    }
}

impl From<TableError> for Error {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Cancelled(cancelled) => cancelled.into(),
            TableError::At { path, fault } => {
                let usage = matches!(
                    fault,
                    Fault::NoColumn { .. } | Fault::Delimiter(_) | Fault::Option { .. } | Fault::NoQuery { .. }
                );
                let made = if usage { Self::usage(fault.to_string()) } else { Self::failed(fault.to_string()) };
                let placed = made.at(path.display().to_string());
                match fault.hint() {
                    Some(hint) => placed.hint(hint),
                    None => placed,
                }
                .caused_by(fault)
            }
        }
    }
}
