//! The tautology guard: does one column alone explain the segments?

use super::Tautology;
use crate::matrix::{Coded, Column, Labels, UNASSIGNED, Values};
use crate::metrics::external::{ami, ami_of_subsets};

/// From this adjusted mutual information on the segments say no more than the column does.
const SAME: f64 = 0.6;
/// Columns of more values explain nothing by themselves.
const LEVELS: usize = 20;
/// Rows that are compared at most.
const ROWS: usize = 20_000;

/// A column that says what the segments say, or a value of it that is one of them; the clearest one.
pub(super) fn tautology(explainers: &[Column], labels: &Labels) -> Option<Tautology> {
    let step = labels.len().div_ceil(ROWS).max(1);
    let of: Vec<u32> = labels.as_slice().iter().copied().step_by(step).collect();
    let usable = explainers.iter().filter(|column| column.values.len() == labels.len());
    let found = usable.filter_map(|column| explain(column, &of, step));
    found.reduce(|best, next| if next.ami > best.ami { next } else { best })
}

fn explain(column: &Column, labels: &[u32], step: usize) -> Option<Tautology> {
    let (codes, levels) = coded(&column.values, step);
    if !(2..=LEVELS).contains(&levels.len()) {
        return None;
    }
    let whole = ami(&codes, labels);
    let (level, part) = clearest_level(&codes, levels.len(), labels);
    // Where the column is no better as a whole, one value of it says it all.
    let level = (part > whole + 1e-9).then(|| levels[level].clone());
    let ami = whole.max(part);
    (ami >= SAME).then(|| Tautology { column: column.name.clone(), level, ami })
}

/// The value that is most like one segment, and how much.
fn clearest_level(codes: &[u32], levels: usize, labels: &[u32]) -> (usize, f64) {
    let segments = labels.iter().copied().max().unwrap_or(0) as usize;
    let mut both = vec![vec![0usize; segments + 1]; levels];
    for (&code, &label) in codes.iter().zip(labels) {
        both[code as usize][label as usize] += 1;
    }
    let of_level: Vec<usize> = both.iter().map(|row| row.iter().sum()).collect();
    let of_segment: Vec<usize> = (0..=segments).map(|segment| both.iter().map(|row| row[segment]).sum()).collect();
    let pairs = (0..levels).flat_map(|level| (UNASSIGNED as usize + 1..=segments).map(move |segment| (level, segment)));
    let score = |(level, segment): (usize, usize)| {
        (level, ami_of_subsets(codes.len(), of_level[level], of_segment[segment], both[level][segment]))
    };
    pairs.map(score).reduce(|best, next| if next.1 > best.1 { next } else { best }).unwrap_or((0, 0.0))
}

/// Every `step`th row as a code, and the values; a missing value is one of its own.
fn coded(values: &Values, step: usize) -> (Vec<u32>, Vec<String>) {
    let text = |row: usize| match values {
        _ if values.is_missing(row) => "missing".to_owned(),
        Values::Number(numbers) => numbers[row].to_string(),
        Values::Text(coded) => coded.get(row).unwrap_or_default().to_owned(),
    };
    let texts: Vec<String> = (0..values.len()).step_by(step).map(text).collect();
    let coded = Coded::from_texts(texts.iter().map(|text| Some(text.as_str())));
    (coded.codes, coded.levels)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn text(name: &str, of: impl Fn(usize) -> &'static str) -> Column {
        let texts: Vec<&str> = (0..90).map(of).collect();
        Column { name: name.into(), values: Values::Text(Coded::from_texts(texts.into_iter().map(Some))) }
    }

    fn labels() -> Labels {
        Labels::from_raw(&(0..90).map(|row| Some(row % 3)).collect::<Vec<_>>())
    }

    #[test]
    fn a_column_that_is_the_segments_is_named() {
        let region = text("Region", |row| ["north", "south", "west"][row % 3]);
        let colour = text("Colour", |row| ["red", "blue"][row % 2]);
        let found = tautology(&[colour.clone(), region], &labels()).unwrap();
        assert_eq!((found.column.as_str(), found.level), ("Region", None));
        assert!((found.ami - 1.0).abs() < 1e-9);
        assert_eq!(tautology(&[colour], &labels()), None);
    }

    #[test]
    fn one_value_that_is_one_segment_is_named() {
        let internet = text("Internet", |row| if row % 3 == 1 { "No" } else { ["DSL", "Fiber", "Cable"][row / 3 % 3] });
        let found = tautology(&[internet], &labels()).unwrap();
        assert_eq!((found.column.as_str(), found.level.as_deref()), ("Internet", Some("No")));
    }

    #[test]
    fn yes_and_no_as_numbers_explain_too_and_other_lengths_are_passed_over() {
        let flag = Column {
            name: "flag".into(),
            values: Values::Number((0..90).map(|row| f64::from(u8::from(row % 3 == 0))).collect()),
        };
        let short = Column { name: "short".into(), values: Values::Number(vec![1.0]) };
        assert_eq!(tautology(&[short, flag], &labels()).unwrap().column, "flag");
    }
}
