//! What a column's line says at its end: the one thing worth knowing of it.

use super::findings::is_pending;
use crate::explore::Summary;
use crate::plot::number;
use crate::table::{Field, Finding, FindingKind, Kind, Role};
use crate::tui::world::World;

/// The note, and whether it wants a word.
pub fn of(world: &World, field: &Field, summary: Option<&Summary>) -> (String, bool) {
    let findings = world.findings.iter().enumerate();
    let mine = findings.filter(|(_, finding)| finding.column.as_deref() == Some(field.name()));
    let mut notes: Vec<(bool, String)> = mine
        .map(|(index, finding)| (is_pending(world, index), short(finding)))
        .filter(|(_, note)| !note.is_empty())
        .collect();
    notes.sort_by_key(|(wants, _)| !wants);
    match notes.into_iter().next() {
        Some((wants, note)) => (note, wants),
        None => (plain(field, summary), false),
    }
}

/// A finding in two or three words.
fn short(finding: &Finding) -> String {
    let rows = number::whole(finding.rows);
    let example = finding.examples.first().map(String::as_str);
    match finding.kind {
        FindingKind::Missing => String::new(),
        FindingKind::Constant => "one value only".into(),
        FindingKind::Identifier => "key".into(),
        FindingKind::DuplicateRows | FindingKind::DuplicateButId | FindingKind::DuplicateId => format!("{rows} repeat"),
        FindingKind::Outliers if finding.rows == 1 => example.map_or_else(|| "1 far out".into(), shown),
        FindingKind::Outliers => format!("{rows} far out"),
        FindingKind::Impossible if finding.rows == 1 => example.map_or_else(|| "1 impossible".into(), str::to_owned),
        FindingKind::Impossible => beyond(finding).unwrap_or_else(|| format!("{rows} impossible")),
        FindingKind::Skew => "skewed".into(),
        FindingKind::Spellings => "spellings".into(),
        FindingKind::RareLevels => format!("{} rare", finding.message.split(' ').next().unwrap_or("some")),
        FindingKind::Codes => "codes".into(),
        FindingKind::Outcome => String::new(),
        FindingKind::AmbiguousDates => "day or month?".into(),
        FindingKind::OrderLines => "order lines".into(),
        FindingKind::NoCustomer => String::new(),
        FindingKind::Unreadable => format!("{rows} unreadable"),
        FindingKind::NumbersAsText => "numbers as text".into(),
        FindingKind::MixedTypes => "numbers and words".into(),
        FindingKind::Collinear => example.map_or_else(|| "counts twice".into(), |other| format!("like {other}")),
        FindingKind::Leak => "tells the result".into(),
        FindingKind::Personal => "personal".into(),
        FindingKind::Protected => "protected".into(),
        FindingKind::Consent => format!("{rows} said no"),
        FindingKind::Schema => format!("{rows} break the schema"),
        FindingKind::BrokenLines | FindingKind::Surroundings | FindingKind::Encoding | FindingKind::Join => {
            String::new()
        }
        FindingKind::Formulas => "formulas?".into(),
    }
}

/// `3 before 1901`, where the message says it as shortly.
fn beyond(finding: &Finding) -> Option<String> {
    const ROOM: usize = 16;
    let (claim, _) = finding.message.split_once(':')?;
    let short = claim.replacen(" rows ", " ", 1);
    (short.len() <= ROOM).then_some(short)
}

/// An example as it stands in the source; a large number with its thousands set off.
fn shown(example: &str) -> String {
    let number = example.parse::<f64>().ok().filter(|number| number.abs() >= 10_000.0 && number.fract() == 0.0);
    number.map_or_else(|| example.to_owned(), |number| number::fixed(number, 0))
}

fn plain(field: &Field, summary: Option<&Summary>) -> String {
    match (field.kind, &field.date_format, summary.and_then(|summary| summary.numbers.as_ref())) {
        _ if field.role == Role::Id => "key".into(),
        (Kind::Date, Some(format), _) => format.replace('%', "").to_lowercase(),
        (Kind::YesNo, _, Some(numbers)) => format!("{} yes", number::percent(numbers.mean, 1)),
        _ => String::new(),
    }
}
