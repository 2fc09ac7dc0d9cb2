//! The quality check: what one should know about a table before it is clustered.

mod amounts;
mod columns;
mod copies;
mod dates;
mod formulas;
mod levels;
mod people;
mod rows;
mod written;

pub use dates::until;

use super::names::Words;
use super::values::{Field, Finding, FindingKind, Remedy, Severity, Table};
use crate::task::{Cancelled, Task};

/// Examples that a finding holds.
const EXAMPLES: usize = 5;

/// Everything that the quality check notices: the worst first, then in the columns' order, rows last.
///
/// # Errors
/// [`Cancelled`] where the task is.
pub fn findings(table: &Table, task: &Task) -> Result<Vec<Finding>, Cancelled> {
    task.begin("checking the data", table.fields.len() as u64 + 1);
    let mut found = table.source.noticed.clone();
    for field in &table.fields {
        task.check()?;
        found.extend(columns::check(table, field));
        found.extend(amounts::check(table, field));
        found.extend(levels::check(table, field));
        found.extend(dates::check(field));
        found.extend(written::check(field));
        found.extend(people::check(field));
        found.extend(formulas::check(field));
        task.advance(1);
    }
    found.extend(amounts::check_all(table));
    found.extend(columns::outcomes(table));
    found.extend(copies::check(table, task)?);
    found.extend(rows::check(table, task)?);
    let place = |finding: &Finding| {
        let named = finding.column.as_ref();
        named.and_then(|name| table.fields.iter().position(|field| field.name() == name)).unwrap_or(usize::MAX)
    };
    found.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), place(finding)));
    Ok(found)
}

/// A note without remedy; the rest is filled in where it is made.
fn note(kind: FindingKind, column: Option<&str>, rows: usize, message: String) -> Finding {
    Finding {
        kind,
        column: column.map(str::to_owned),
        rows,
        severity: Severity::Note,
        message,
        examples: Vec::new(),
        remedies: Vec::new(),
        default: String::new(),
    }
}

impl Finding {
    fn severe(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    fn with_examples(mut self, examples: impl IntoIterator<Item = String>) -> Self {
        self.examples = examples.into_iter().take(EXAMPLES).collect();
        self
    }

    fn with_remedies(mut self, remedies: impl IntoIterator<Item = Remedy>) -> Self {
        self.remedies = remedies.into_iter().collect();
        self
    }

    fn by_default(mut self, default: impl Into<String>) -> Self {
        self.default = default.into();
        self
    }
}

pub(super) use amounts::outside as beyond;
pub(super) use rows::repeats;

/// Several remedies of one finding as one: they are answered alike.
fn together(mut remedies: Vec<Remedy>) -> Option<Remedy> {
    match remedies.len() {
        0 | 1 => remedies.pop(),
        _ => Some(Remedy::All { remedies }),
    }
}

/// The words of a field's name.
fn words(field: &Field) -> Words {
    Words::of(field.name())
}

/// The field's numbers without the missing, ascending; empty for text.
fn sorted(field: &Field) -> Vec<f64> {
    let numbers = field.column.values.numbers().unwrap_or_default();
    let mut sorted: Vec<f64> = numbers.iter().copied().filter(|value| !value.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests;
