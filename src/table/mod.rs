//! Sources and what was read from them: named, typed columns with roles, and findings.

mod csv;
mod dialect;
mod error;
mod figures;
mod findings;
mod frame;
mod lines;
mod names;
mod parquet;
pub mod quantiles;
mod read;
mod roles;
mod source;
#[cfg(test)]
mod testing;
mod texts;
mod typing;
mod values;

pub use error::{Fault, TableError};
pub use findings::findings;
pub use read::{preview, read};
pub use source::{SAMPLE, fingerprint};
pub use texts::texts;
pub use typing::seconds;
pub use values::{
    Dialect, Field, Finding, FindingKind, Format, Kind, Preview, Remedy, Role, Severity, Shape, SourceInfo, SourceSpec,
    Table,
};

#[cfg(test)]
#[cfg(test)]
mod tests;
