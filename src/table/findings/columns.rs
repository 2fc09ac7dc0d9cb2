//! Gaps, constants, identifiers, codes, results, and values that could not be read.

use std::collections::BTreeMap;

use super::super::figures::{count, counted, grouped, listed};
use super::super::quantiles::quantile;
use super::super::values::{Field, Finding, FindingKind, Kind, Remedy, Role, Severity, Table};
use super::{note, sorted, together};
use crate::matrix::Values;

/// From this share of gaps on a column says little.
const MOSTLY_GAPS: f64 = 0.4;

/// What a column's counts and role say.
pub(super) fn check(table: &Table, field: &Field) -> Vec<Finding> {
    [unreadable(field), gaps(table, field), constant(table, field), identifier(table, field), codes(table, field)]
        .into_iter()
        .flatten()
        .collect()
}

fn ignore(field: &Field) -> Remedy {
    Remedy::SetRole { column: field.name().to_owned(), role: Role::Ignore }
}

fn unreadable(field: &Field) -> Option<Finding> {
    let texts: Vec<String> = field.unreadable.iter().map(|(_, text)| text.clone()).collect();
    let kind = if field.kind == Kind::Date { "date" } else { "number" };
    let what = if texts.len() == 1 { format!("is no {kind}") } else { format!("are no {kind}s") };
    let message = format!("{} {what}: {}", counted(texts.len(), "value"), listed(&texts, 3));
    let found = note(FindingKind::Unreadable, Some(field.name()), texts.len(), message)
        .severe(Severity::Warning)
        .with_remedies([Remedy::Impute { column: field.name().to_owned() }, ignore(field)])
        .by_default("taken as gaps");
    (!texts.is_empty()).then(|| found.with_examples(texts))
}

fn gaps(table: &Table, field: &Field) -> Option<Finding> {
    let gaps = field.missing.checked_sub(field.unreadable.len()).filter(|&gaps| gaps > 0)?;
    if field.distinct == 0 {
        return None;
    }
    let examples: Vec<String> = field.gaps.iter().map(|(text, _)| format!("{text:?}")).collect();
    let found = |message| note(FindingKind::Missing, Some(field.name()), gaps, message).with_examples(examples);
    if field.role == Role::Id {
        return Some(found(format!("{} without a customer", counted(gaps, "row"))));
    }
    let share = gaps as f64 / table.rows as f64;
    let mostly = share >= MOSTLY_GAPS && field.role != Role::Ignore;
    let part = if mostly { format!(", {} % of the rows", (share * 100.0).round()) } else { String::new() };
    let alike = shared_value(table, field);
    let because = alike.as_ref().map(|alike| format!(", all where {} is {}", alike.column, alike.value));
    let message = format!("{}{part}{}{}", counted(gaps, "gap"), spelled(field), because.unwrap_or_default());
    let found = found(message).by_default(match field.role {
        Role::Cluster => filling(field),
        Role::Ignore => "left out".to_owned(),
        _ => "not counted".to_owned(),
    });
    Some(if mostly { found.severe(Severity::Warning) } else { found }.with_remedies(fills(field, mostly, alike)))
}

/// Median or mode first; a column that is mostly gaps is left out first.
fn fills(field: &Field, mostly: bool, alike: Option<Alike>) -> Vec<Remedy> {
    let column = || field.name().to_owned();
    let fill = Remedy::Impute { column: column() };
    let zero = alike.filter(|alike| alike.value == "0").map(|_| Remedy::FillWith { column: column(), value: 0.0 });
    let rows = Remedy::DropGaps { column: column() };
    match field.role {
        _ if mostly => vec![ignore(field), fill],
        Role::Cluster => [Some(fill), zero, Some(rows)].into_iter().flatten().collect(),
        _ => Vec::new(),
    }
}

/// How the gaps are written, where they are more than empty: `, 11 written " "`.
fn spelled(field: &Field) -> String {
    let written = field.gaps.iter().filter(|(text, _)| !text.is_empty());
    let texts: Vec<String> = written.map(|(text, rows)| format!("{} {text:?}", count(*rows))).collect();
    match (&texts[..], field.gaps.len()) {
        ([], _) => String::new(),
        ([_], 1) => format!(", written {:?}", field.gaps[0].0),
        _ => format!(", of them {}", listed(&texts, 3)),
    }
}

/// A value of another column that all the rows with a gap have, and no other row.
struct Alike {
    column: String,
    value: String,
}

/// Gaps that have a reason: all of them, and only they, stand where another column has this value.
fn shared_value(table: &Table, field: &Field) -> Option<Alike> {
    const ENOUGH: usize = 3;
    let rows: Vec<usize> = (0..table.rows).filter(|&row| field.column.values.is_missing(row)).collect();
    if rows.len() < ENOUGH || field.role == Role::Ignore {
        return None;
    }
    let others = table.fields.iter().filter(|other| {
        other.name() != field.name() && matches!(other.role, Role::Cluster | Role::Describe) && other.distinct > 1
    });
    others.filter_map(|other| Some(Alike { column: other.name().to_owned(), value: common(other, &rows)? })).next()
}

/// The value that these rows have and no other.
fn common(other: &Field, rows: &[usize]) -> Option<String> {
    match &other.column.values {
        Values::Number(numbers) => {
            let value = numbers[rows[0]];
            let same = |row: &usize| numbers[*row] == value;
            let all = rows.iter().all(same) && numbers.iter().filter(|other| **other == value).count() == rows.len();
            all.then(|| value.to_string())
        }
        Values::Text(coded) => {
            let code = coded.codes[rows[0]];
            let same = |row: &usize| coded.codes[*row] == code;
            let all = rows.iter().all(same) && coded.codes.iter().filter(|other| **other == code).count() == rows.len();
            all.then(|| coded.levels.get(code as usize).cloned()).flatten()
        }
    }
}

/// What the recipe fills a feature's gaps with.
fn filling(field: &Field) -> String {
    let sorted = sorted(field);
    if sorted.is_empty() { "most frequent".to_owned() } else { format!("median, {}", grouped(quantile(&sorted, 0.5))) }
}

fn constant(table: &Table, field: &Field) -> Option<Finding> {
    let message = match field.distinct {
        0 => "no values at all",
        1 => "one value only",
        _ => return None,
    };
    let found = note(FindingKind::Constant, Some(field.name()), table.rows, message.to_owned());
    let value = field.reason.strip_prefix("constant: ").map(str::to_owned);
    Some(found.with_examples(value).with_remedies([ignore(field)]).by_default("left out"))
}

fn identifier(table: &Table, field: &Field) -> Option<Finding> {
    let other = field.role == Role::Ignore && field.reason == "an identifier";
    if field.role != Role::Id && !other {
        return None;
    }
    let distinct = count(field.distinct);
    let message = if other { format!("an identifier, {distinct} values") } else { format!("key, {distinct} values") };
    let found = note(FindingKind::Identifier, Some(field.name()), table.rows, message);
    Some(found.with_remedies([ignore(field)]).by_default("left out of the features"))
}

fn codes(table: &Table, field: &Field) -> Option<Finding> {
    let codes = field.reason.strip_prefix("codes ")?;
    let message = format!("numbers {codes} look like codes, not amounts");
    let feature = Remedy::SetRole { column: field.name().to_owned(), role: Role::Cluster };
    let found = note(FindingKind::Codes, Some(field.name()), table.rows, message);
    Some(found.with_remedies([feature]).by_default("describes, not clustered on"))
}

/// All results in one finding: they are answered alike.
pub(super) fn outcomes(table: &Table) -> Option<Finding> {
    let names: Vec<String> = table.names(Role::Outcome).into_iter().map(str::to_owned).collect();
    let message = format!("{}: {}", runs(&names).join(", "), if names.len() == 1 { "a result" } else { "results" });
    let feature = |name: &String| Remedy::SetRole { column: name.clone(), role: Role::Describe };
    let remedies: Vec<Remedy> = names.iter().map(feature).collect();
    let found = note(FindingKind::Outcome, None, table.rows, message).with_remedies(together(remedies));
    (!names.is_empty()).then(|| found.with_examples(names).by_default("kept out, used to judge"))
}

/// Names that differ only in a final number as one, `AcceptedCmp1–5`, behind the others.
fn runs(names: &[String]) -> Vec<String> {
    let stem = |name: &str| name.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned();
    let mut numbered: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for name in names {
        numbered.entry(stem(name)).or_default().extend(name[stem(name).len()..].parse::<u64>());
    }
    let is_run = |stem: &str| numbered.get(stem).is_some_and(|numbers| numbers.len() > 1);
    let single = names.iter().filter(|name| !is_run(&stem(name))).cloned();
    let run = |(stem, numbers): (&String, &Vec<u64>)| {
        let (low, high) = (numbers.iter().min()?, numbers.iter().max()?);
        (numbers.len() > 1).then(|| format!("{stem}{low}–{high}"))
    };
    single.chain(numbered.iter().filter_map(run)).collect()
}
