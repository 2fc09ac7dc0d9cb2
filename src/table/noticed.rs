//! What was noticed while a text was read, as findings: lines left out, what stands around the table, encodings.

use std::path::Path;

use super::figures::counted;
use super::records::Noticed;
use super::rows::Cleaned;
use super::spec::{Broken, SourceInfo};
use super::values::{Finding, FindingKind, Severity};

/// Examples that a finding holds.
const EXAMPLES: usize = 5;
/// Broken lines that a source holds.
const KEPT: usize = 10_000;

/// A finding about the source as a whole.
pub(super) fn finding(kind: FindingKind, severity: Severity, rows: usize, message: String) -> Finding {
    Finding {
        kind,
        column: None,
        rows,
        severity,
        message,
        examples: Vec::new(),
        remedies: Vec::new(),
        default: String::new(),
    }
}

/// What was noticed in a text; `name`: which of several files it is.
pub(super) fn text(info: &mut SourceInfo, cleaned: &Cleaned, name: Option<&Path>) {
    let noticed = &cleaned.noticed;
    let (totals, broken): (Vec<_>, Vec<_>) = noticed.broken.iter().cloned().partition(is_below);
    let torn = noticed.broken_lines - totals.len();
    let found = [above(cleaned), below(&totals), lines(&broken, torn), blank(noticed), bytes(noticed), zeros(noticed)];
    info.noticed.extend(found.into_iter().flatten().chain(undecodable(noticed, info)).map(|finding| of(finding, name)));
    keep(info, noticed.broken.clone());
}

/// What was noticed in JSON.
pub(super) fn json(info: &mut SourceInfo, broken: Vec<Broken>, name: Option<&Path>) {
    info.noticed.extend(lines(&broken, broken.len()).map(|finding| of(finding, name)));
    keep(info, broken);
}

fn keep(info: &mut SourceInfo, broken: Vec<Broken>) {
    let room = KEPT.saturating_sub(info.broken.len());
    info.broken.extend(broken.into_iter().take(room));
}

/// The same finding, saying which file it is about.
pub(super) fn of(finding: Finding, name: Option<&Path>) -> Finding {
    let message = match name {
        Some(name) => format!("{}: {}", name.display(), finding.message),
        None => finding.message,
    };
    Finding { message, ..finding }
}

fn is_below(broken: &Broken) -> bool {
    broken.why.starts_with("a total") || broken.why.starts_with("below")
}

fn examples(broken: &[Broken]) -> Vec<String> {
    broken.iter().take(EXAMPLES).map(|broken| format!("line {}: {}", broken.line, broken.text)).collect()
}

fn above(cleaned: &Cleaned) -> Option<Finding> {
    let first = cleaned.above.first()?;
    let message = format!("{} above the table: {}", counted(cleaned.above.len(), "line"), shortened(first));
    let found = finding(FindingKind::Surroundings, Severity::Note, cleaned.above.len(), message);
    let examples = cleaned.above.iter().take(EXAMPLES).map(|line| shortened(line)).collect();
    Some(Finding { examples, default: "left out".to_owned(), ..found })
}

fn shortened(line: &str) -> String {
    const MOST: usize = 60;
    let short: String = line.trim().chars().take(MOST).collect();
    if short.len() < line.trim().len() { short + "…" } else { short }
}

fn below(totals: &[Broken]) -> Option<Finding> {
    let first = totals.first()?;
    let message = match totals.len() {
        1 => format!("line {} is {}: {}", first.line, first.why, shortened(&first.text)),
        rows => {
            format!("the last {rows} rows are no customers, from line {} on: {}", first.line, shortened(&first.text))
        }
    };
    let found = finding(FindingKind::Surroundings, Severity::Warning, totals.len(), message);
    Some(Finding { examples: examples(totals), default: "left out".to_owned(), ..found })
}

fn lines(broken: &[Broken], count: usize) -> Option<Finding> {
    let first = broken.first()?;
    let others = match count {
        1 => String::new(),
        2 => ", and 1 more line".to_owned(),
        several => format!(", and {} more lines", several - 1),
    };
    let message = format!("line {}: {}{others}", first.line, first.why);
    let found = finding(FindingKind::BrokenLines, Severity::Warning, count, message);
    Some(Finding { examples: examples(broken), default: "left out".to_owned(), ..found })
}

fn blank(noticed: &Noticed) -> Option<Finding> {
    let message = format!("{} without any value", counted(noticed.blank, "line"));
    let found = finding(FindingKind::Surroundings, Severity::Note, noticed.blank, message);
    (noticed.blank > 0).then(|| Finding { default: "left out".to_owned(), ..found })
}

fn at(lines: &[u64]) -> String {
    let first: Vec<String> = lines.iter().take(EXAMPLES).map(u64::to_string).collect();
    let more = if lines.len() > EXAMPLES { " …" } else { "" };
    format!("line{} {}{more}", if lines.len() == 1 { "" } else { "s" }, first.join(", "))
}

fn bytes(noticed: &Noticed) -> Option<Finding> {
    let lines = &noticed.western;
    let message = format!("{} not UTF-8 as the others: {}", counted_are(lines.len()), at(lines));
    let found = finding(FindingKind::Encoding, Severity::Warning, lines.len(), message);
    (!lines.is_empty()).then(|| Finding { default: "read as windows-1252".to_owned(), ..found })
}

fn counted_are(lines: usize) -> String {
    if lines == 1 { "1 line is".to_owned() } else { format!("{lines} lines are") }
}

fn zeros(noticed: &Noticed) -> Option<Finding> {
    let lines = &noticed.zeros;
    let message = format!("zero bytes in {}", at(lines));
    let found = finding(FindingKind::Encoding, Severity::Note, lines.len(), message);
    (!lines.is_empty()).then(|| Finding { default: "left out".to_owned(), ..found })
}

fn undecodable(noticed: &Noticed, info: &SourceInfo) -> Option<Finding> {
    let lines = &noticed.undecodable;
    let encoding = info.dialect.as_ref().map_or("", |dialect| dialect.encoding.as_str());
    let message = format!("bytes that are no {encoding} in {}", at(lines));
    let found = finding(FindingKind::Encoding, Severity::Warning, lines.len(), message);
    (!lines.is_empty()).then(|| Finding { default: "shown as \u{fffd}".to_owned(), ..found })
}
