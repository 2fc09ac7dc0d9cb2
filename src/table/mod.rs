//! Sources and what was read from them: named, typed columns with roles, and findings.

mod consent;
mod csv;
mod dialect;
mod error;
mod figures;
mod findings;
mod frame;
mod lines;
mod names;
mod notes;
mod parquet;
mod personal;
mod places;
mod problems;
pub mod quantiles;
mod read;
mod roles;
pub mod schema;
mod source;
#[cfg(test)]
mod testing;
mod texts;
mod typing;
mod values;

pub use consent::may_contact;
pub use error::{Fault, TableError};
pub use findings::findings;
pub use notes::{Change, Noted, compare_notes};
pub use personal::Personal;
pub use places::{Lines, lines, places};
pub use problems::{Problem, problems};
pub use read::{preview, read};
pub use source::{SAMPLE, fingerprint};
pub use schema::Schema;
pub use texts::{holds, texts};
pub use typing::{parse_amount, seconds};
pub use values::{
    Dialect, Field, Finding, FindingKind, Format, Kind, Preview, Remedy, Role, Severity, Shape, SourceInfo, SourceSpec,
    Table,
};

#[cfg(test)]
#[cfg(test)]
mod tests;
