//! Every cell and row that has a problem, with its line in the file: to be sent back to whoever supplied the data.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::error::TableError;
use super::figures::grouped;
use super::findings::repeats;
use super::places::places;
use super::schema::Breach;
use super::texts;
use super::values::{Finding, FindingKind, Remedy, Table};
use crate::task::Task;

/// A cell or row that has a problem.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// The line of the file in which its row begins, from 1; of a file without lines the row, from 1.
    pub line: u64,
    /// The column; empty where it is about the row.
    pub column: String,
    /// What stands there, masked where it is personal.
    pub value: String,
    /// What is wrong with it.
    pub reason: String,
}

/// A problem before its text and line are known.
struct Place {
    row: u32,
    column: Option<usize>,
    reason: String,
    /// Another row, whose line the reason names in place of `{}`.
    other: Option<u32>,
}

/// All problems, by row, then by column. `shown` writes personal data as they stand.
///
/// # Errors
/// The source cannot be read any more, or the task was cancelled.
pub fn problems(
    table: &Table,
    findings: &[Finding],
    breaches: &[Breach],
    shown: bool,
    task: &Task,
) -> Result<Vec<Problem>, TableError> {
    let mut found = Vec::new();
    for finding in findings {
        found.extend(of_finding(table, finding, task)?);
    }
    found.extend(breaches.iter().flat_map(|breach| of_breach(table, breach)));
    found.sort_by_key(|place| (place.row, place.column));
    let texts = values(table, &found, shown, task)?;
    let problem = |(place, value): (Place, String)| Problem {
        line: table.line(place.row),
        column: place.column.map_or(String::new(), |column| table.fields[column].name().to_owned()),
        value,
        reason: match place.other {
            Some(other) => place.reason.replace("{}", &table.line(other).to_string()),
            None => place.reason,
        },
    };
    let mut all: Vec<Problem> = found.into_iter().zip(texts).map(problem).collect();
    // Lines that are no rows are read by nobody, so nobody knows what they tell of a person.
    let hidden = |text: &str| {
        if shown || !table.fields.iter().any(|field| field.personal.is_some()) {
            text.to_owned()
        } else {
            String::new()
        }
    };
    all.extend(table.source.broken.iter().map(|broken| Problem {
        line: broken.line,
        column: String::new(),
        value: hidden(&broken.text),
        reason: broken.why.clone(),
    }));
    all.sort_by_key(|problem| problem.line);
    Ok(all)
}

fn column(table: &Table, name: Option<&str>) -> Option<usize> {
    table.fields.iter().position(|field| Some(field.name()) == name)
}

fn of_finding(table: &Table, finding: &Finding, task: &Task) -> Result<Vec<Place>, TableError> {
    let at = column(table, finding.column.as_deref());
    if let Some(what) = repeated(finding) {
        let pairs = repeats(table, finding, task)?;
        let place = |(row, first)| Place { row, column: at, reason: what.to_owned(), other: Some(first) };
        return Ok(pairs.into_iter().map(place).collect());
    }
    let reason = reason(table, finding);
    let rows = places(table, finding, task)?;
    Ok(rows.into_iter().map(|row| Place { row, column: at, reason: reason.clone(), other: None }).collect())
}

fn of_breach<'a>(table: &'a Table, breach: &'a Breach) -> impl Iterator<Item = Place> + 'a {
    let at = column(table, Some(&breach.column));
    breach.rows.iter().map(move |&row| Place { row, column: at, reason: breach.rule.clone(), other: None })
}

/// How a repeated row repeats another, where the finding is of that kind.
fn repeated(finding: &Finding) -> Option<&'static str> {
    match finding.kind {
        FindingKind::DuplicateRows => Some("repeats line {}"),
        FindingKind::DuplicateButId => Some("repeats line {} but for its key"),
        FindingKind::DuplicateId => Some("stands already in line {}"),
        _ => None,
    }
}

/// What is wrong with the cells of a finding.
fn reason(table: &Table, finding: &Finding) -> String {
    let field = finding.column.as_deref().and_then(|name| table.field(name));
    let kind = if field.is_some_and(|field| field.date_format.is_some()) { "date" } else { "number" };
    let remedy = finding.remedies.first();
    match (finding.kind, remedy) {
        (FindingKind::Missing, _) => "missing".to_owned(),
        (FindingKind::Unreadable | FindingKind::NumbersAsText | FindingKind::MixedTypes, _) => format!("no {kind}"),
        (FindingKind::Impossible, Some(Remedy::DropOutside { low, high, .. } | Remedy::Cap { low, high, .. })) => {
            let text = |bound: &f64| field.map_or(grouped(*bound), |field| super::figures::shown(field, *bound));
            match (low, high) {
                (Some(low), None) => format!("impossible: below {}", text(low)),
                (None, Some(high)) => format!("impossible: above {}", text(high)),
                (Some(low), Some(high)) => format!("impossible: outside {}–{}", text(low), text(high)),
                (None, None) => "impossible".to_owned(),
            }
        }
        (FindingKind::Outliers, _) => finding
            .message
            .split_once(", ")
            .map_or_else(|| finding.message.clone(), |(_, next)| format!("stands alone: {next}")),
        (FindingKind::Spellings, Some(Remedy::Merge { to, .. })) => format!("elsewhere written {to:?}"),
        _ => finding.message.clone(),
    }
}

/// The texts of the places as they stand in the source; of a whole row its key.
fn values(table: &Table, places: &[Place], shown: bool, task: &Task) -> Result<Vec<String>, TableError> {
    let key = table.fields.iter().position(|field| field.role == super::Role::Id);
    let mut wanted: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, place) in places.iter().enumerate() {
        wanted.entry(place.row as usize).or_default().push(index);
    }
    let mut values = vec![String::new(); places.len()];
    let Some(&last) = wanted.keys().next_back() else { return Ok(values) };
    let mut stopped = Ok(());
    texts(&table.source, &mut |row, texts| {
        if row.is_multiple_of(4096) {
            stopped = task.check();
        }
        for &index in wanted.get(&row).into_iter().flatten() {
            let column = places[index].column.or(key);
            let text = column.and_then(|column| texts.get(column)).copied().unwrap_or_default();
            let masked = column.filter(|_| !shown).map(|column| table.fields[column].discreet(text));
            values[index] = masked.unwrap_or_else(|| text.to_owned());
        }
        if row >= last || stopped.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    stopped?;
    Ok(values)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeMap;

    use super::super::schema::{Bound, Expectation};
    use super::super::{findings, read, testing};
    use super::*;

    #[test]
    fn every_problem_stands_with_its_line_in_the_file() {
        let mut text = String::from("customer_id,note,Year_Birth,city,email\n");
        for row in 0..40_usize {
            let note = if row % 10 == 3 { "\"two\nlines\"" } else { "one" };
            let born = ["1893", "NA"].get(row.wrapping_sub(20)).map_or((1950 + row).to_string(), ToString::to_string);
            let city = if row == 30 { "koeln " } else { ["Koeln", "Bonn"][row % 2] };
            let mail = if row == 31 { String::new() } else { format!("c{row}@example.org") };
            text += &format!("C{row:02},{note},{born},{city},{mail}\r\n");
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let table = read(&testing::spec(file.path()), None, &Task::default()).unwrap();
        let found = findings(&table, &Task::default()).unwrap();
        let rule = Expectation { max: Some(Bound::Number(1985.0)), ..Expectation::default() };
        let schema = BTreeMap::from([("Year_Birth".to_owned(), rule)]);
        let breaches = super::super::schema::check(&schema, &table);
        let listed = problems(&table, &found, &breaches, false, &Task::default()).unwrap();
        let listed: Vec<String> =
            listed.iter().map(|p| format!("{} {} {:?} {}", p.line, p.column, p.value, p.reason)).collect();
        // Rows 3, 13, 23 and 33 take two lines each.
        let expected = [
            "24 Year_Birth \"1893\" impossible: below 1901",
            "25 Year_Birth \"NA\" missing",
            "35 city \"koeln \" elsewhere written \"Koeln\"",
            "36 email \"\" missing",
            "42 Year_Birth \"1986\" must be at most 1985",
            "43 Year_Birth \"1987\" must be at most 1985",
            "44 Year_Birth \"1988\" must be at most 1985",
            "45 Year_Birth \"1989\" must be at most 1985",
        ];
        assert_eq!(listed, expected);
    }
}
