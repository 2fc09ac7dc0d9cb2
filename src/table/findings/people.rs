//! What concerns persons: personal data, protected traits, and who must not be contacted.

use super::super::consent::may_contact;
use super::super::figures::counted;
use super::super::values::{Field, Finding, FindingKind, Remedy, Role};
use super::{note, words};

/// What the column tells about people.
pub(super) fn check(field: &Field) -> Vec<Finding> {
    [personal(field), protected(field), consent(field)].into_iter().flatten().collect()
}

fn present(field: &Field) -> usize {
    field.column.values.len() - field.missing
}

fn personal(field: &Field) -> Option<Finding> {
    let kind = field.personal?;
    let message = format!("personal data: {}", kind.noun());
    let found = note(FindingKind::Personal, Some(field.name()), present(field), message);
    let examples = field.column.values.text().map(|coded| coded.levels.iter().take(2).map(|text| kind.mask(text)));
    let key = Remedy::SetRole { column: field.name().to_owned(), role: Role::Ignore };
    Some(found.with_examples(examples.into_iter().flatten()).with_remedies([key]).by_default("masked, never a feature"))
}

/// The protected trait that a column tells: by its name, or because its values are sexes.
fn trait_of(field: &Field) -> Option<&'static str> {
    const SEXES: [&str; 12] = [
        "male",
        "female",
        "m",
        "f",
        "man",
        "woman",
        "männlich",
        "weiblich",
        "divers",
        "other",
        "unknown",
        "non-binary",
    ];
    let sexes = || {
        let levels = &field.column.values.text()?.levels;
        let known = |text: &String| SEXES.contains(&text.trim().to_lowercase().as_str());
        let told = |text: &String| text.trim().len() == 1 || text.to_lowercase().contains("male");
        (levels.len() >= 2 && levels.iter().all(known) && levels.iter().any(told)).then_some("gender")
    };
    words(field).protected().or_else(sexes)
}

/// What follows from a protected trait: it may describe, but nothing may be decided by it.
fn protected(field: &Field) -> Option<Finding> {
    let used = matches!(field.role, Role::Cluster | Role::Describe | Role::Outcome);
    let what = trait_of(field).filter(|_| used && field.distinct > 1)?;
    let message = format!("tells {what}: no price, credit, insurance, housing or job by it");
    let (next, default) = match field.role {
        Role::Cluster => (Role::Describe, "clustered on"),
        _ => (Role::Ignore, "describes, not clustered on"),
    };
    let remedy = Remedy::SetRole { column: field.name().to_owned(), role: next };
    let found = note(FindingKind::Protected, Some(field.name()), present(field), message);
    Some(found.with_remedies([remedy]).by_default(default))
}

/// Who must not be contacted.
fn consent(field: &Field) -> Option<Finding> {
    let rows = field.column.values.len();
    let not = (0..rows).filter(|&row| !may_contact(field, row)).count();
    let message = format!("{} must not be contacted", counted(not, "customer"));
    let found = note(FindingKind::Consent, Some(field.name()), not, message).by_default("counted, not exported");
    (field.role == Role::Consent).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::read_text;
    use super::*;

    #[test]
    fn traits_are_told_by_names_and_by_values() {
        let table = read_text("Genre,Age,religion,size,sexes\nMale,20,x,M,a\nFemale,30,y,F,b\nMale,31,x,XL,c\n");
        let traits: Vec<Option<&str>> = table.fields.iter().map(trait_of).collect();
        assert_eq!(traits, [Some("gender"), Some("age"), Some("religion"), None, None]);
    }
}
