//! Sources and what was read from them: named, typed columns with roles, and findings.

mod columnar;
mod columns;
mod consent;
mod csv;
mod dialect;
mod encoding;
mod error;
mod figures;
mod findings;
mod frame;
mod join;
mod json;
mod keys;
mod lines;
mod names;
#[cfg(test)]
mod nasty_tests;
mod notes;
mod noticed;
mod parts;
mod personal;
mod place;
mod places;
mod plan;
mod problems;
pub mod quantiles;
mod read;
mod reading;
mod records;
mod remote;
mod roles;
mod rows;
pub mod schema;
mod settings;
mod sheets;
mod source;
#[cfg(test)]
mod sources_tests;
mod spec;
mod spool;
mod sql;
pub mod stream;
mod taken;
#[cfg(test)]
mod testing;
mod texts;
mod told;
mod typing;
mod values;

pub use consent::may_contact;
pub use error::{Fault, TableError};
pub use findings::{findings, until};
pub use keys::{Key, Keys};
pub use lines::LineNumbers;
pub use notes::{Change, Noted, compare_notes};
pub use personal::Personal;
pub use place::{Database, Engine, Place, encoded_path, is_remote, place, scrubbed, shown};
pub use places::places;
pub use problems::{Problem, problems};
pub use read::{again, preview, read};
pub use reading::Reading;
pub use remote::{Waiter, refused, send};
pub use schema::Schema;
pub use settings::SETTINGS;
pub use source::{SAMPLE, fingerprint, is_sample};
pub use spec::{Broken, Dialect, Format, How, SourceInfo, SourceSpec};
pub use sql::quoted;
pub use texts::{holds, rows, texts, value};
pub use told::Told;
pub use typing::{parse_amount, seconds};
pub use values::{Field, Finding, FindingKind, Kind, OrderColumns, Preview, Remedy, Role, Severity, Shape, Table};

#[cfg(test)]
mod tests;
