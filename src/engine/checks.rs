//! What the quality check gives beyond findings: a recipe's schema held against the table, the cells and rows that have
//! a problem, and what changed since the last lock.

use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;

use super::values::{Checked, Loaded};
use crate::error::{Error, Result};
use crate::plot::number;
use crate::recipe::Recipe;
use crate::report;
use crate::table::schema::{self, Breach, Schema};
use crate::table::{self, Change, Finding, Noted, Problem, Role, Table};
use crate::task::Task;

/// Holds the table against a schema. Where it breaks it, the breaches are the first findings.
///
/// # Errors
/// The task was cancelled.
pub fn check(loaded: &Loaded, schema: &Schema, task: &Task) -> Result<Checked> {
    let breaches = schema::check(schema, &loaded.table);
    if breaches.is_empty() {
        return Ok(Checked { loaded: loaded.clone(), breaches: Vec::new() });
    }
    task.check()?;
    let at = |breach: &Breach| -> Vec<u64> { breach.rows.iter().map(|&row| loaded.table.line(row)).collect() };
    let broken = breaches.iter().map(|breach| breach.finding(&at(breach)));
    let findings: Vec<Finding> = broken.chain(loaded.findings.iter().cloned()).collect();
    let loaded = Loaded { table: Arc::clone(&loaded.table), findings: Arc::new(findings) };
    let breaches = breaches.into_iter().map(|breach| (at(&breach), breach)).collect();
    Ok(Checked { loaded, breaches })
}

/// Every cell and row that has a problem, with its line; personal data are masked unless `shown`.
///
/// # Errors
/// The source cannot be read any more, or the task was cancelled.
pub fn problems(checked: &Checked, shown: bool, task: &Task) -> Result<Vec<Problem>> {
    let breaches: Vec<Breach> = checked.breaches.iter().map(|(_, breach)| breach.clone()).collect();
    Ok(table::problems(&checked.loaded.table, &checked.loaded.findings, &breaches, shown, task)?)
}

/// The problems as CSV: line, column, value, reason.
pub fn problems_csv(problems: &[Problem]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = writer.write_record(["line", "column", "value", "reason"]);
    let rows = problems.iter().map(|problem| {
        [problem.line.to_string(), problem.column.clone(), problem.value.clone(), problem.reason.clone()]
    });
    let written = rows.fold(header, |done, row| done.and_then(|()| writer.write_record(row)));
    // A Vec takes every byte.
    written
        .ok()
        .and_then(|()| writer.into_inner().ok())
        .map_or_else(String::new, |bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Writes the problems of a table as CSV; returns how many there are.
///
/// # Errors
/// The source cannot be read any more, the file cannot be written, or the task was cancelled.
pub fn write_problems(loaded: &Loaded, schema: &Schema, shown: bool, file: &Path, task: &Task) -> Result<usize> {
    let found = problems(&check(loaded, schema, task)?, shown, task)?;
    report::write_atomic(file, |out| out.write_all(problems_csv(&found).as_bytes()))?;
    Ok(found.len())
}

/// The findings that a lock keeps.
#[derive(Deserialize)]
struct Locked {
    findings: Vec<Noted>,
}

/// What got better or worse since a lock was written.
///
/// # Errors
/// The lock cannot be read.
pub fn changes(lock: &Path, findings: &[Finding]) -> Result<Vec<Change>> {
    let failed = |what: String| Error::failed(what).at(lock.display().to_string());
    let text = std::fs::read_to_string(lock).map_err(|error| failed(format!("cannot be read: {error}")))?;
    let locked: Locked =
        serde_json::from_str(&text).map_err(|error| failed(format!("this is no lock of a recipe: {error}")))?;
    let now: Vec<Noted> = findings.iter().map(Finding::noted).collect();
    Ok(table::compare_notes(&locked.findings, &now))
}

/// The schema that the table keeps, as a recipe's TOML.
pub fn proposed_schema(loaded: &Loaded) -> Result<String> {
    #[derive(serde::Serialize)]
    struct Part {
        schema: Schema,
    }
    let part = Part { schema: schema::propose(&loaded.table, &loaded.findings) };
    toml::to_string_pretty(&part).map_err(|error| Error::failed("the schema cannot be written").caused_by(error))
}

/// Personal data are never a feature.
///
/// # Errors
/// The recipe clusters on some (exit 2).
pub fn refuse_personal(table: &Table, recipe: &Recipe) -> Result<()> {
    let features = recipe.roles.cluster.iter().filter_map(|name| table.field(name));
    match features.filter_map(|field| Some((field, field.personal?))).next() {
        None => Ok(()),
        Some((field, kind)) => Err(Error::usage(format!("\"{}\" holds {}", field.name(), kind.noun()))
            .at("the features")
            .hint("personal data are never a feature: give it another role, or leave it out")),
    }
}

/// How many customers must not be contacted, in words; `None` where no column says so.
pub fn without_consent(table: &Table, recipe: &Recipe) -> Option<String> {
    let field = table.fields.iter().find(|field| recipe.role(field.name()) == Role::Consent)?;
    let not = (0..table.rows).filter(|&row| !table::may_contact(field, row)).count();
    let customers = if not == 1 { "customer" } else { "customers" };
    Some(format!("{} {customers} must not be contacted ({})", number::whole(not), field.name()))
}

#[cfg(test)]
mod tests;
