//! The report (HTML, Markdown, pictures) and the hand-over of rows (CSV, Parquet, JSON, XLSX, databases); all writes atomic.

mod atomic;
mod cells;
mod crm;
mod error;
mod export;
mod figures;
mod link;
mod lookup;
mod marks;
pub mod page;
mod parquet;
mod placed;
mod png;
mod pseudonym;
mod rows;
mod since;
mod sql;
mod svg;
mod upsert;
mod words;
mod workbook;

pub use atomic::{Draft, write_atomic};
pub use crm::Columns;
pub use error::ReportError;
pub use export::{Handover, Written, export, upsert};
pub use figures::{Branches, Figure, View};
pub use lookup::lookup_path;
pub use marks::{COLUMNS, Mark, free_name, free_names};
pub use parquet::write_parquet;
pub use placed::{OUT_OF_RANGE, PlacedCount, PlacedRows, Said};
pub use pseudonym::Pseudonyms;
pub use rows::{RowFormat, RowSink, sink};
pub use upsert::Upserted;
