//! Where in the table what was noticed stands: rows, and the lines of the file.

use super::findings::{beyond, repeats};
use super::typing::parse_amount;
use super::values::{Finding, FindingKind, Remedy, Table};
use crate::matrix::{Coded, Values};
use crate::task::{Cancelled, Task};

impl Table {
    /// The line of the file in which a row begins, from 1; of a source without lines the row's number, from 1.
    pub fn line(&self, row: u32) -> u64 {
        self.source.lines.as_ref().map_or(u64::from(row) + 1, |lines| lines.of(row as usize))
    }
}

/// The rows that a finding is about, ascending; empty where it is about whole columns.
///
/// # Errors
/// [`Cancelled`] where the task is.
pub fn places(table: &Table, finding: &Finding, task: &Task) -> Result<Vec<u32>, Cancelled> {
    task.check()?;
    use FindingKind as K;
    Ok(match finding.kind {
        K::DuplicateRows | K::DuplicateButId | K::DuplicateId => {
            repeats(table, finding, task)?.into_iter().map(|(row, _)| row).collect()
        }
        K::Missing | K::Unreadable | K::Impossible | K::Outliers | K::Spellings | K::NumbersAsText | K::MixedTypes => {
            of_column(table, finding)
        }
        _ => Vec::new(),
    })
}

fn of_column(table: &Table, finding: &Finding) -> Vec<u32> {
    let Some(field) = finding.column.as_deref().and_then(|name| table.field(name)) else { return Vec::new() };
    let unreadable = |row: u32| field.unreadable.binary_search_by_key(&row, |(row, _)| *row).is_ok();
    let values = &field.column.values;
    let rows = 0..u32::try_from(values.len()).unwrap_or(u32::MAX);
    match (finding.kind, values) {
        (FindingKind::Unreadable, _) => field.unreadable.iter().map(|(row, _)| *row).collect(),
        (FindingKind::Missing, values) => {
            rows.filter(|&row| values.is_missing(row as usize) && !unreadable(row)).collect()
        }
        (FindingKind::Impossible | FindingKind::Outliers, Values::Number(numbers)) => {
            let Some(bounds) = bounds(finding) else { return Vec::new() };
            rows.filter(|&row| beyond(numbers[row as usize], bounds)).collect()
        }
        (FindingKind::Spellings, Values::Text(coded)) => {
            let merged: Vec<&String> = finding.remedies.iter().filter_map(merged).flatten().collect();
            with_levels(coded, |text| merged.iter().any(|other| *other == text))
        }
        (FindingKind::NumbersAsText | FindingKind::MixedTypes, Values::Text(coded)) => {
            with_levels(coded, |text| parse_amount(text).is_none())
        }
        _ => Vec::new(),
    }
}

/// The bounds outside of which the values of a finding lie.
fn bounds(finding: &Finding) -> Option<(Option<f64>, Option<f64>)> {
    finding.remedies.iter().find_map(|remedy| match remedy {
        Remedy::Cap { low, high, .. } | Remedy::DropOutside { low, high, .. } => Some((*low, *high)),
        _ => None,
    })
}

fn merged(remedy: &Remedy) -> Option<&Vec<String>> {
    match remedy {
        Remedy::Merge { from, .. } => Some(from),
        _ => None,
    }
}

/// The rows whose text is one of these.
fn with_levels(coded: &Coded, is: impl Fn(&str) -> bool) -> Vec<u32> {
    let wanted: Vec<bool> = coded.levels.iter().map(|text| is(text)).collect();
    let rows = (0..).zip(&coded.codes);
    rows.filter(|&(_, &code)| wanted.get(code as usize).copied().unwrap_or(false)).map(|(row, _)| row).collect()
}
