//! Sources and what was read from them: named, typed columns with roles, and findings.

mod values;

pub use values::{
    Dialect, Field, Finding, FindingKind, Format, Kind, Preview, Remedy, Role, Severity, Shape, SourceInfo, SourceSpec,
    Table,
};
