//! The report (HTML, Markdown, pictures) and the hand-over of rows (CSV, Parquet, JSON, XLSX, databases); all writes atomic.

mod atomic;
mod error;
mod export;
mod figures;
mod lookup;
mod marks;
pub mod page;
mod parquet;
mod png;
mod pseudonym;
mod rows;
mod sql;
mod svg;
mod words;

pub use atomic::{Draft, write_atomic};
pub use error::ReportError;
pub use export::{Handover, Written, export};
pub use figures::{Figure, View};
pub use lookup::lookup_path;
pub use marks::{COLUMNS, Mark, free_names};
pub use parquet::write_parquet;
pub use pseudonym::Pseudonyms;
pub use rows::{RowFormat, RowSink, sink};
