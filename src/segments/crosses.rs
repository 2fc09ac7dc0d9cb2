//! The segments beside groups that were known before: the RFM names, and segmentations that the file holds.

use super::Cross;
use super::columns::{Observed, by_frequency};
use super::contingency::Contingency;
use super::nouns::Noun;
use super::show::percent;
use crate::matrix::{Coded, Labels, Matrix, Values};
use crate::recipe::rfm::{self, Best, Ties};
use crate::table::{Field, Kind, Role, Table};

/// The name of the cross table with RFM names that were worked out here.
pub(super) const RFM: &str = "RFM";
/// A segmentation with more groups is none.
const MOST: usize = 30;
/// Words that a column of groups is called by …
const NAMED: [&str; 8] = ["segment", "segments", "segmentation", "cluster", "tier", "persona", "grade", "lifecycle"];
/// … or these, where the customer is named too.
const KINDS: [&str; 4] = ["type", "class", "group", "status"];
const CUSTOMERS: [&str; 5] = ["customer", "member", "client", "loyalty", "user"];

/// The cross tables: the RFM names first, then each column of groups in the file's order.
pub(super) fn crosses(table: &Table, matrix: &Matrix, labels: &Labels, nouns: &[Noun]) -> Vec<Cross> {
    let held = table.fields.iter().zip(nouns).filter(|(field, noun)| is_segmentation(field, noun));
    let held: Vec<Cross> = held.filter_map(|(field, _)| of_column(field, matrix, labels)).collect();
    let has_names = held.iter().any(|cross| is_rfm(&cross.levels));
    let worked_out = if has_names { None } else { rfm_names(table, matrix, labels, nouns) };
    worked_out.into_iter().chain(held).collect()
}

/// Whether these are names of the RFM grid.
pub(super) fn is_rfm(levels: &[String]) -> bool {
    let known = |level: &String| level == rfm::OTHERS || rfm::GRID.iter().any(|(name, _)| name == level);
    !levels.is_empty() && levels.iter().all(known)
}

fn is_segmentation(field: &Field, noun: &Noun) -> bool {
    let has = |list: &[&str]| noun.words.iter().any(|word| list.contains(&word.as_str()));
    let groups = (2..=MOST).contains(&field.distinct) && matches!(field.kind, Kind::Text | Kind::Whole | Kind::YesNo);
    groups && field.role != Role::Id && field.personal.is_none() && (has(&NAMED) || has(&KINDS) && has(&CUSTOMERS))
}

fn of_column(field: &Field, matrix: &Matrix, labels: &Labels) -> Option<Cross> {
    let numbered;
    let coded = match &field.column.values {
        Values::Text(coded) => coded,
        Values::Number(values) => {
            let texts: Vec<Option<String>> =
                values.iter().map(|value| (!value.is_nan()).then(|| value.to_string())).collect();
            numbered = Coded::from_texts(texts.iter().map(Option::as_deref));
            &numbered
        }
    };
    cross(field.name(), by_frequency(coded, &matrix.rows), labels)
}

/// The names of the grid, scored over the rows that are used.
fn rfm_names(table: &Table, matrix: &Matrix, labels: &Labels, nouns: &[Noun]) -> Option<Cross> {
    let scored = |word: &str, best: Best| {
        let place = nouns.iter().position(|noun| noun.words == [word])?;
        let values = table.fields[place].column.values.numbers()?;
        let used: Vec<f64> = matrix.rows.iter().map(|&row| values[row as usize]).collect();
        (!used.iter().any(|value| value.is_nan())).then(|| rfm::scores(&used, best, Ties::default()))
    };
    let r = scored("recency", Best::Low)?;
    let (f, m) = (scored("frequency", Best::High)?, scored("monetary", Best::High)?);
    let names: Vec<Option<&str>> = (0..r.len()).map(|row| Some(rfm::segment([r[row], f[row], m[row]]))).collect();
    let rows: Vec<u32> = (0..names.len() as u32).collect();
    cross(RFM, by_frequency(&Coded::from_texts(names), &rows), labels)
}

fn cross(with: &str, observed: Observed, labels: &Labels) -> Option<Cross> {
    let Observed::Levels(codes, levels) = observed else { return None };
    let table = Contingency::new(&codes, levels.len(), labels);
    let v = table.cramers_v();
    let words = words(with, &levels, &table.table, v);
    (levels.len() > 1).then_some(Cross { with: with.to_owned(), levels, counts: table.table, v, words })
}

/// How far both say the same, then a sentence for each segment of which at least half is one group.
fn words(with: &str, levels: &[String], counts: &[Vec<usize>], v: f64) -> Vec<String> {
    let alike = match v {
        v if v >= 0.8 => "say nearly the same as",
        v if v >= 0.5 => "go along with",
        v if v >= 0.2 => "have something to do with",
        _ => "have next to nothing to do with",
    };
    let name = if with == RFM { "the RFM names" } else { with };
    let all: usize = counts.iter().flatten().sum();
    let of_level = |level: usize| counts.iter().map(|row| row[level]).sum::<usize>();
    let share = |part: usize, whole: usize| percent(part as f64 / whole.max(1) as f64);
    let of_segment = |(number, row): (usize, &Vec<usize>)| {
        let size: usize = row.iter().sum();
        let (level, &count) = row.iter().enumerate().rev().max_by_key(|(_, count)| **count)?;
        let mostly = if count == size { "all" } else { "mostly" };
        (2 * count >= size && count > 0).then(|| {
            let (own, everyone) = (share(count, size), share(of_level(level), all));
            let reached = share(count, of_level(level));
            format!(
                "Segment {number}: {mostly} {} ({own}; everyone: {everyone}), {reached} of all these.",
                levels[level]
            )
        })
    };
    let first = format!("The segments {alike} {name} (Cramér's V {v:.2}).");
    std::iter::once(first).chain((1..).zip(counts).filter_map(of_segment)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cross_table_is_told_in_words() {
        let levels = ["gold".to_owned(), "basic".to_owned()];
        let told = words("tier", &levels, &[vec![9, 1], vec![0, 10]], 0.904_534);
        assert_eq!(
            told,
            [
                "The segments say nearly the same as tier (Cramér's V 0.90).",
                "Segment 1: mostly gold (90 %; everyone: 45 %), 100 % of all these.",
                "Segment 2: all basic (100 %; everyone: 55 %), 90.9 % of all these.",
            ]
        );
        assert!(is_rfm(&["Lost".to_owned(), "Others".to_owned()]) && !is_rfm(&["gold".to_owned()]));
    }
}
