//! `inspect` as JSON.

use serde::Serialize;

use super::Inspected;
use crate::cli::source::SCHEMA_VERSION;
use crate::engine::values::Checked;
use crate::table::{
    Change, Dialect, Field, Finding, FindingKind, Format, Kind, Personal, Remedy, Role, Severity, Shape,
};

/// The whole answer.
#[derive(Serialize)]
pub struct InspectJson<'a> {
    schema_version: u32,
    source: SourceJson<'a>,
    columns: Vec<ColumnJson<'a>>,
    findings: Vec<FindingJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<SchemaJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<&'a [Change]>,
}

/// Whether the declared schema is kept, and where not.
#[derive(Serialize)]
struct SchemaJson<'a> {
    kept: bool,
    breaches: Vec<BreachJson<'a>>,
}

#[derive(Serialize)]
struct BreachJson<'a> {
    column: &'a str,
    rule: &'a str,
    rows: usize,
    lines: &'a [u64],
}

#[derive(Serialize)]
struct SourceJson<'a> {
    path: String,
    rows: usize,
    columns: usize,
    fingerprint: Option<&'a str>,
    shape: &'a Shape,
    format: Format,
    /// What was guessed about a delimited text.
    dialect: Option<&'a Dialect>,
    sheet: Option<&'a str>,
    files: usize,
    joined: Vec<String>,
}

#[derive(Serialize)]
struct ColumnJson<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: Kind,
    role: Role,
    reason: &'a str,
    missing: usize,
    distinct: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    personal: Option<Personal>,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    kind: FindingKind,
    column: Option<&'a str>,
    rows: usize,
    severity: Severity,
    message: &'a str,
    examples: &'a [String],
    remedy: Option<&'a Remedy>,
    remedies: &'a [Remedy],
}

impl<'a> InspectJson<'a> {
    /// What was found, as JSON has it.
    pub(super) fn of(found: &'a Inspected) -> Self {
        let loaded = &found.checked.loaded;
        let table = &loaded.table;
        Self {
            schema_version: SCHEMA_VERSION,
            source: SourceJson {
                path: table.source.path.display().to_string(),
                rows: table.rows,
                columns: table.fields.len(),
                fingerprint: table.source.fingerprint.as_deref(),
                shape: &table.shape,
                format: table.source.format,
                dialect: table.source.dialect.as_ref(),
                sheet: table.source.sheet.as_deref(),
                files: table.source.files,
                joined: table.source.joined.iter().map(|joined| joined.path.display().to_string()).collect(),
            },
            columns: table.fields.iter().map(column).collect(),
            findings: loaded.findings.iter().map(finding).collect(),
            schema: found.contract.then(|| schema(&found.checked)),
            changes: found.changes.as_deref(),
        }
    }
}

fn schema(checked: &Checked) -> SchemaJson<'_> {
    let breaches = checked.breaches.iter().map(|(lines, breach)| BreachJson {
        column: &breach.column,
        rule: &breach.rule,
        rows: breach.rows.len(),
        lines,
    });
    SchemaJson { kept: checked.breaches.is_empty(), breaches: breaches.collect() }
}

fn column(field: &Field) -> ColumnJson<'_> {
    ColumnJson {
        name: field.name(),
        kind: field.kind,
        role: field.role,
        reason: &field.reason,
        missing: field.missing,
        distinct: field.distinct,
        personal: field.personal,
    }
}

fn finding(of: &Finding) -> FindingJson<'_> {
    FindingJson {
        kind: of.kind,
        column: of.column.as_deref(),
        rows: of.rows,
        severity: of.severity,
        message: &of.message,
        examples: &of.examples,
        remedy: of.remedies.first(),
        remedies: &of.remedies,
    }
}
