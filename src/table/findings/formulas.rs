//! Texts that a spreadsheet would take for formulas.

use super::super::figures::counted;
use super::super::typing::parse_number;
use super::super::values::{Field, Finding, FindingKind};
use super::note;

/// Values that begin with `=` or `@`, or with a sign that makes no number of them.
pub(super) fn check(field: &Field) -> Option<Finding> {
    let coded = field.column.values.text()?;
    let suspect: Vec<bool> = coded.levels.iter().map(|level| is_formula(level)).collect();
    let rows = coded.codes.iter().filter(|&&code| suspect.get(code as usize) == Some(&true)).count();
    let begin = if rows == 1 { "begins like a formula" } else { "begin like formulas" };
    let message = format!("{} {begin}: a spreadsheet that opens an export would run it", counted(rows, "value"));
    let examples = coded.levels.iter().zip(&suspect).filter(|(_, suspect)| **suspect).map(|(level, _)| level.clone());
    let found = note(FindingKind::Formulas, Some(field.name()), rows, message);
    (rows > 0).then(|| found.with_examples(examples).by_default("written as they stand"))
}

fn is_formula(text: &str) -> bool {
    match text.as_bytes() {
        [b'=' | b'@', _, ..] => true,
        // A phone number or a dash is none.
        [b'+' | b'-', rest @ ..] => {
            let sum = rest.iter().any(|byte| matches!(byte, b'+' | b'*' | b'/' | b'(' | b'!'));
            sum && rest.first().is_some_and(u8::is_ascii_alphanumeric) && parse_number(text, '.').is_none()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_told_from_numbers_and_dashes() {
        for text in ["=1+1", "@SUM(A1)", "-2+3", "=HYPERLINK(\"x\")", "+A1*2"] {
            assert!(is_formula(text), "{text}");
        }
        for text in ["-5", "+49 30 123", "- none -", "-", "a=b", "=", "-(unknown)"] {
            assert!(!is_formula(text), "{text}");
        }
    }
}
