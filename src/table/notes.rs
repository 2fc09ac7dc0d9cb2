//! Findings as a lock keeps them, and what got better or worse since.

use serde::{Deserialize, Serialize};

use super::values::{Finding, FindingKind, Severity};

/// A finding in short, as a lock file keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// What kind of thing.
    pub kind: FindingKind,
    /// The column; absent where it is about rows or several columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// How many rows it concerns.
    pub rows: usize,
    /// How bad it is.
    pub severity: Severity,
}

impl Finding {
    /// The finding in short.
    pub fn noted(&self) -> Noted {
        Noted { kind: self.kind, column: self.column.clone(), rows: self.rows, severity: self.severity }
    }
}

/// What became of a finding since the last lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "change")]
pub enum Change {
    /// It was not there before.
    New(Noted),
    /// More rows than before, or more severe.
    Worse {
        /// As it is now.
        #[serde(flatten)]
        now: Noted,
        /// The rows before.
        before: usize,
    },
    /// Fewer rows than before, or less severe.
    Better {
        /// As it is now.
        #[serde(flatten)]
        now: Noted,
        /// The rows before.
        before: usize,
    },
    /// It is there no more.
    Gone(Noted),
}

/// What got better or worse between two lists of findings: those of now in their order, then those that are gone.
/// Findings about all rows of a file (keys, constants, protected traits) count as equal whatever their rows.
pub fn compare_notes(before: &[Noted], now: &[Noted]) -> Vec<Change> {
    let old = |note: &Noted| before.iter().find(|other| is_same(other, note));
    let gone = before.iter().filter(|old| !now.iter().any(|note| is_same(old, note)));
    let changed = now.iter().filter_map(|note| match old(note) {
        None => Some(Change::New(note.clone())),
        Some(old) => moved(old, note),
    });
    changed.chain(gone.cloned().map(Change::Gone)).collect()
}

fn is_same(a: &Noted, b: &Noted) -> bool {
    a.kind == b.kind && a.column == b.column
}

fn moved(old: &Noted, now: &Noted) -> Option<Change> {
    let rows = if is_of_the_column(now.kind) { (0, 0) } else { (old.rows, now.rows) };
    let (was, is) = ((old.severity, rows.0), (now.severity, rows.1));
    match is.cmp(&was) {
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(Change::Worse { now: now.clone(), before: old.rows }),
        std::cmp::Ordering::Less => Some(Change::Better { now: now.clone(), before: old.rows }),
    }
}

/// Its rows are those of the file, or say nothing of how bad it is.
fn is_of_the_column(kind: FindingKind) -> bool {
    use FindingKind as K;
    matches!(
        kind,
        K::Identifier
            | K::Constant
            | K::Codes
            | K::Outcome
            | K::OrderLines
            | K::NoCustomer
            | K::AmbiguousDates
            | K::Personal
            | K::Protected
            | K::Collinear
            | K::Leak
            | K::NumbersAsText
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(kind: FindingKind, column: &str, rows: usize, severity: Severity) -> Noted {
        Noted { kind, column: Some(column.into()), rows, severity }
    }

    #[test]
    fn what_changed_is_told_and_what_did_not_is_not() {
        use FindingKind::{Constant, Missing, Outliers, Skew};
        let before = [
            noted(Missing, "a", 24, Severity::Note),
            noted(Missing, "b", 24, Severity::Note),
            noted(Outliers, "a", 1, Severity::Warning),
            noted(Constant, "c", 100, Severity::Note),
        ];
        let now = [
            noted(Missing, "a", 30, Severity::Note),
            noted(Missing, "b", 3, Severity::Note),
            noted(Skew, "a", 9, Severity::Note),
            noted(Constant, "c", 200, Severity::Note),
        ];
        let expected = [
            Change::Worse { now: now[0].clone(), before: 24 },
            Change::Better { now: now[1].clone(), before: 24 },
            Change::New(now[2].clone()),
            Change::Gone(before[2].clone()),
        ];
        assert_eq!(compare_notes(&before, &now), expected);
        assert_eq!(compare_notes(&before, &before), []);
    }
}
