//! Sources and what was read from them: named, typed columns with roles, and findings.

mod csv;
mod dialect;
mod error;
mod figures;
mod findings;
mod frame;
mod keys;
mod lines;
mod names;
mod parquet;
pub mod quantiles;
mod read;
mod roles;
mod source;
pub mod stream;
#[cfg(test)]
mod testing;
mod texts;
mod typing;
mod values;

pub use error::{Fault, TableError};
pub use findings::findings;
pub use keys::{Key, Keys};
pub use read::{preview, read};
pub use source::{SAMPLE, fingerprint, is_sample};
pub use texts::{rows, texts, value};
pub use values::{
    Dialect, Field, Finding, FindingKind, Format, Kind, OrderColumns, Preview, Remedy, Role, Severity, Shape,
    SourceInfo, SourceSpec, Table,
};

/// How many rows have no value, and how many distinct values there are.
pub fn missing_and_distinct(values: &crate::matrix::Values) -> (usize, usize) {
    (typing::missing(values), typing::distinct(values))
}

#[cfg(test)]
mod tests;
