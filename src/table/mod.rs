//! Sources and what was read from them: named, typed columns with roles, and findings.

mod csv;
mod dialect;
mod error;
mod frame;
mod lines;
mod names;
mod parquet;
mod read;
mod roles;
mod source;
#[cfg(test)]
mod testing;
mod typing;
mod values;

pub use error::{Fault, TableError};
pub use read::{preview, read};
pub use source::SAMPLE;
pub use values::{
    Dialect, Field, Finding, FindingKind, Format, Kind, Preview, Remedy, Role, Severity, Shape, SourceInfo, SourceSpec,
    Table,
};
