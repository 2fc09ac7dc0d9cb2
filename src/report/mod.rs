//! The report (HTML, Markdown, pictures) and the hand-over of rows (CSV, Parquet, JSON, XLSX, databases); all writes atomic.

mod atomic;
mod cells;
pub mod chart;
mod crm;
mod error;
mod export;
mod figures;
mod link;
mod lookup;
mod marks;
pub mod page;
mod parquet;
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
pub use export::{Handover, Written, export, print, upsert};
pub use figures::{Branches, Figure, View};
pub use lookup::{Maker, lookup_path};
pub use marks::{ACTION, Beside, COLUMNS, GROUP, Mark, Marks, OUT_OF_RANGE, free_name, free_names, next_name};
pub use parquet::write_parquet;
pub use pseudonym::Pseudonyms;
pub use rows::RowFormat;
pub use upsert::Upserted;
