//! What can go wrong with a source, each as one sentence for the user.

use std::path::{Path, PathBuf};

use polars::error::PolarsError;

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
    /// The path names a folder.
    #[error("this is a folder, not a file")]
    Folder,
    /// The file has no bytes, or only blank lines.
    #[error("the file is empty")]
    Empty,
    /// The file names columns but has no rows.
    #[error("the file has a header but no rows")]
    HeaderOnly,
    /// The file is of a kind that is not read.
    #[error("this is {0}, which cannot be read")]
    Unsupported(&'static str),
    /// The text is UTF-16.
    #[error("the text is UTF-16, not UTF-8")]
    Utf16,
    /// The text is not UTF-8.
    #[error("line {line} is not UTF-8: byte 0x{byte:02X} at offset {offset}")]
    NotUtf8 {
        /// The line, from 1.
        line: u64,
        /// The first byte that cannot be.
        byte: u8,
        /// Where it stands in the file.
        offset: u64,
    },
    /// A line has more or fewer fields than the first one.
    #[error("line {line} has {fields}, the first line has {expected}{}", and_others(*others))]
    Ragged {
        /// The line, from 1.
        line: u64,
        /// Its fields, e.g. `3 fields`.
        fields: String,
        /// The fields of the first line.
        expected: usize,
        /// How many more such lines there are.
        others: usize,
    },
    /// A quote is never closed.
    #[error("the quote that opens in line {line} is never closed")]
    UnclosedQuote {
        /// The line, from 1.
        line: u64,
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
            fault => TableError::At { path: path.to_owned(), fault },
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NotFound { nearest: Some(name) } | Self::NoColumn { nearest: Some(name), .. } => {
                format!("did you mean {name:?}?")
            }
            Self::Utf16 => "save it as UTF-8".to_owned(),
            Self::Unsupported(_) => "save it as CSV or Parquet".to_owned(),
            Self::NotUtf8 { .. } => "save it as UTF-8, e.g. with iconv -f WINDOWS-1252 -t UTF-8".to_owned(),
            Self::Ragged { .. } => "mend the line, or name the right delimiter".to_owned(),
            Self::UnclosedQuote { .. } => "close the quote, or double it inside a field".to_owned(),
            Self::Delimiter(_) => "name one ASCII character, e.g. ';'".to_owned(),
            _ => return None,
        })
    }
}

impl From<TableError> for Error {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Cancelled(cancelled) => cancelled.into(),
            TableError::At { path, fault } => {
                let usage = matches!(fault, Fault::NoColumn { .. } | Fault::Delimiter(_));
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
