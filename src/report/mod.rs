//! The HTML, CSV, Parquet and JSON hand-over; all writes atomic.

mod atomic;
mod error;
mod export;
mod lookup;
mod marks;
mod parquet;
mod placed;
mod pseudonym;
mod rows;
mod sql;

pub use atomic::{Draft, write_atomic};
pub use error::ReportError;
pub use export::{Handover, Written, export};
pub use lookup::lookup_path;
pub use marks::{COLUMNS, Mark, free_name, free_names};
pub use parquet::write_parquet;
pub use placed::{OUT_OF_RANGE, PlacedCount, PlacedRows, Said};
pub use pseudonym::Pseudonyms;
pub use rows::{RowFormat, RowSink, sink};
