//! Gaps, constants, identifiers, codes, results, and values that could not be read.

use std::collections::BTreeMap;

use super::super::figures::{count, counted, grouped, listed};
use super::super::quantiles::quantile;
use super::super::values::{Field, Finding, FindingKind, Kind, Remedy, Role, Severity, Table};
use super::{note, sorted};

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
    let used = matches!(field.role, Role::Cluster | Role::Describe | Role::Outcome | Role::Id);
    if field.distinct == 0 || !used {
        return None;
    }
    if field.role == Role::Id {
        let message = format!("{} without a customer", counted(gaps, "row"));
        return Some(note(FindingKind::Missing, Some(field.name()), gaps, message));
    }
    let share = gaps as f64 / table.rows as f64;
    let fill = Remedy::Impute { column: field.name().to_owned() };
    let found = note(FindingKind::Missing, Some(field.name()), gaps, counted(gaps, "gap"));
    let default = if field.role == Role::Cluster { filling(field) } else { "not counted".to_owned() };
    let found = found.by_default(default);
    if share < MOSTLY_GAPS {
        return Some(found.with_remedies([fill]));
    }
    let message = format!("{}, {} % of the rows", counted(gaps, "gap"), (share * 100.0).round());
    Some(Finding { message, ..found }.severe(Severity::Warning).with_remedies([ignore(field), fill]))
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
    let found = note(FindingKind::Outcome, None, table.rows, message).with_remedies(remedies);
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
