//! What the rows are, and rows that stand there twice.

use std::collections::HashMap;

use super::super::figures::{count, counted};
use super::super::values::{Field, Finding, FindingKind, Remedy, Role, Severity, Shape, Table};
use super::{EXAMPLES, note};
use crate::matrix::Values;
use crate::task::{Cancelled, Task};

/// In fewer columns customers have to be alike.
const FEW: usize = 4;
/// In fewer columns two customers may well be alike.
const TELLING: usize = 8;

/// The findings about rows.
pub(super) fn check(table: &Table, task: &Task) -> Result<Vec<Finding>, Cancelled> {
    let found = [shape(table), repeated_keys(table, task)?];
    Ok(found.into_iter().flatten().chain(duplicates(table, task)?).collect())
}

fn shape(table: &Table) -> Option<Finding> {
    let rows = counted(table.rows, "row");
    Some(match &table.shape {
        Shape::Customers => return None,
        Shape::OrderLines { customers, .. } => {
            let message =
                format!("order lines: {rows}, {}: roll up with segmenta rfm", counted(*customers, "customer"));
            note(FindingKind::OrderLines, None, table.rows, message).severe(Severity::Error)
        }
        Shape::Sales { .. } => {
            let sales = counted(table.rows, "sale");
            let message = format!("{sales} and no column that names the customer: segments are of sales");
            note(FindingKind::NoCustomer, None, table.rows, message).severe(Severity::Warning)
        }
    })
}

fn key(table: &Table) -> Option<&Field> {
    table.fields.iter().find(|field| field.role == Role::Id)
}

/// The text of a row's key, or the row's number where there is none.
fn name(key: Option<&Field>, row: usize) -> String {
    let text = key.and_then(|key| match &key.column.values {
        Values::Text(coded) => coded.get(row).map(str::to_owned),
        Values::Number(values) => values.get(row).map(ToString::to_string),
    });
    text.unwrap_or_else(|| format!("row {}", row + 1))
}

/// Customers' identifiers that stand in several rows.
fn repeated_keys(table: &Table, task: &Task) -> Result<Option<Finding>, Cancelled> {
    let repeats = |field: &&Field| field.distinct + field.missing < table.rows && table.shape == Shape::Customers;
    let Some(key) = key(table).filter(repeats) else { return Ok(None) };
    let mut groups = Groups::new(table.rows);
    groups.split_by(&key.column.values, task)?;
    let again: Vec<usize> = groups.repeats().filter(|&row| !key.column.values.is_missing(row)).collect();
    let others = table.fields.iter().map(Field::name).filter(|name| *name != key.name());
    let remedy = Remedy::DropDuplicates { except: others.map(str::to_owned).collect() };
    let message = format!("{} with a {} that stands above already", counted(again.len(), "row"), key.name());
    let found = note(FindingKind::DuplicateId, Some(key.name()), again.len(), message)
        .severe(Severity::Warning)
        .with_examples(again.iter().take(EXAMPLES).map(|&row| name(Some(key), row)))
        .with_remedies([remedy]);
    Ok((!again.is_empty()).then_some(found))
}

/// Rows that repeat another, with and without the key.
fn duplicates(table: &Table, task: &Task) -> Result<Vec<Finding>, Cancelled> {
    let key = key(table);
    let mut groups = Groups::new(table.rows);
    let mut fields: Vec<&Field> = table.fields.iter().filter(|field| field.role != Role::Id).collect();
    // Once every row is alone, the other columns need no look: so those that tell most apart come first.
    fields.sort_by_key(|field| std::cmp::Reverse(field.distinct));
    for field in fields {
        groups.split_by(&field.column.values, task)?;
    }
    let but_key = groups.clone();
    if let Some(key) = key {
        groups.split_by(&key.column.values, task)?;
    }
    let exact = groups.repeats().count();
    let found = [
        (exact > 0).then(|| exact_repeats(table, key, &groups, exact)),
        key.and_then(|key| repeats_but_key(table, key, &but_key, exact)),
    ];
    task.advance(1);
    Ok(found.into_iter().flatten().collect())
}

/// The rows that repeat an earlier one as this finding says, each with that earlier one.
pub(in crate::table) fn repeats(table: &Table, finding: &Finding, task: &Task) -> Result<Vec<(u32, u32)>, Cancelled> {
    let key = key(table);
    let compared = |field: &&Field| match finding.kind {
        FindingKind::DuplicateId => key.is_some_and(|key| key.name() == field.name()),
        _ => field.role != Role::Id,
    };
    let mut fields: Vec<&Field> = table.fields.iter().filter(compared).collect();
    fields.sort_by_key(|field| std::cmp::Reverse(field.distinct));
    let mut groups = Groups::new(table.rows);
    for field in fields {
        groups.split_by(&field.column.values, task)?;
    }
    let mut exact = groups.clone();
    if let Some(key) = key.filter(|_| finding.kind != FindingKind::DuplicateId) {
        exact.split_by(&key.column.values, task)?;
    }
    let has_key = |row: usize| key.is_none_or(|key| !key.column.values.is_missing(row));
    let pairs: Vec<(u32, u32)> = match finding.kind {
        FindingKind::DuplicateRows => pairs(&exact, |_| true),
        FindingKind::DuplicateButId => pairs(&groups, |row| exact.first(row) == row),
        _ => pairs(&groups, has_key),
    };
    Ok(pairs)
}

fn pairs(groups: &Groups, wanted: impl Fn(usize) -> bool) -> Vec<(u32, u32)> {
    groups.repeats().filter(|&row| wanted(row)).map(|row| (row as u32, groups.first(row) as u32)).collect()
}

fn exact_repeats(table: &Table, key: Option<&Field>, groups: &Groups, repeats: usize) -> Finding {
    let message = format!("{} in every column", repeat(repeats));
    let telling = table.fields.len() >= TELLING || key.is_some();
    let severity = if telling { Severity::Warning } else { Severity::Note };
    note(FindingKind::DuplicateRows, None, repeats, message)
        .severe(severity)
        .with_examples(groups.repeats().take(EXAMPLES).map(|row| name(key, row)))
        .with_remedies([Remedy::DropDuplicates { except: Vec::new() }])
}

fn repeats_but_key(table: &Table, key: &Field, groups: &Groups, exact: usize) -> Option<Finding> {
    let repeats = groups.repeats().count().checked_sub(exact).filter(|&repeats| repeats > 0)?;
    if table.shape != Shape::Customers || table.fields.len() < FEW {
        return None;
    }
    let message = format!("{} but for {}: the same people?", repeat(repeats), key.name());
    let severity = if table.fields.len() >= TELLING { Severity::Warning } else { Severity::Note };
    let pairs = groups.repeats().take(EXAMPLES);
    let examples = pairs.map(|row| format!("{} as {}", name(Some(key), row), name(Some(key), groups.first(row))));
    let found = note(FindingKind::DuplicateButId, None, repeats, message).severe(severity).with_examples(examples);
    Some(found.with_remedies([Remedy::DropDuplicates { except: vec![key.name().to_owned()] }]))
}

fn repeat(rows: usize) -> String {
    if rows == 1 { "1 row repeats another".to_owned() } else { format!("{} rows repeat another", count(rows)) }
}

/// Rows grouped by equal values, refined column by column.
#[derive(Clone)]
struct Groups {
    of: Vec<u32>,
    /// The first row of each group.
    first: Vec<usize>,
}

impl Groups {
    /// All rows in one group.
    fn new(rows: usize) -> Self {
        Self { of: vec![0; rows], first: vec![0; usize::from(rows > 0)] }
    }

    /// Splits every group by the values of one more column; gaps are equal to each other.
    fn split_by(&mut self, values: &Values, task: &Task) -> Result<(), Cancelled> {
        task.check()?;
        if self.first.len() == self.of.len() {
            return Ok(());
        }
        let mut seen: HashMap<(u32, u64), u32> = HashMap::with_capacity(self.first.len());
        self.first.clear();
        for row in 0..self.of.len() {
            if row.is_multiple_of(1 << 14) {
                task.check()?;
            }
            let next = self.first.len() as u32;
            let group = *seen.entry((self.of[row], bits(values, row))).or_insert(next);
            if group == next {
                self.first.push(row);
            }
            self.of[row] = group;
        }
        Ok(())
    }

    fn first(&self, row: usize) -> usize {
        self.first[self.of[row] as usize]
    }

    /// Rows that are not the first of their group.
    fn repeats(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.of.len()).filter(|&row| self.first(row) != row)
    }
}

/// A value as bits that are equal where the values are.
fn bits(values: &Values, row: usize) -> u64 {
    match values {
        Values::Text(coded) => u64::from(coded.codes[row]),
        Values::Number(numbers) if numbers[row].is_nan() => u64::MAX,
        Values::Number(numbers) => (numbers[row] + 0.0).to_bits(),
    }
}
