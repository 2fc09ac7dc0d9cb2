//! The rows that are looked at: those for which an expression holds. What is computed, and what is written, stays whole.

use std::sync::Arc;

use super::steps;
use crate::error::{Error, Result};
use crate::explore::Exploration;
use crate::matrix::{Column, Labels, UNASSIGNED, Values};
use crate::recipe::{Prepared, names_column, rows_where};
use crate::report;
use crate::table::{Field, Kind, Table};
use crate::task::Task;

/// Which rows are wanted.
#[derive(Debug, Clone)]
pub struct Looking {
    /// The expression; it can name the segment beside the table's columns.
    pub expression: String,
    /// The table.
    pub table: Arc<Table>,
    /// The matrix and the labels of the run that is shown, where the expression names the segment.
    pub run: Option<(Arc<Prepared>, Arc<Labels>)>,
}

impl Looking {
    /// Whether both want the same rows of the very same values.
    pub fn is(&self, other: &Self) -> bool {
        let same_run = match (&self.run, &other.run) {
            (Some(one), Some(two)) => Arc::ptr_eq(&one.0, &two.0) && Arc::ptr_eq(&one.1, &two.1),
            (None, None) => true,
            _ => false,
        };
        same_run && self.expression == other.expression && Arc::ptr_eq(&self.table, &other.table)
    }
}

/// The rows that are looked at.
#[derive(Debug, Clone, Default)]
pub struct Looked {
    /// The expression that holds for them.
    pub expression: String,
    /// The rows of the table, ascending.
    pub rows: Vec<u32>,
    /// Whether each row of the table is one of them.
    among: Vec<bool>,
    /// What their columns look like, once they are summed up.
    pub exploration: Option<Arc<Exploration>>,
}

impl Looked {
    /// These rows (ascending) of a table with `all` rows.
    pub fn new(expression: String, rows: Vec<u32>, all: usize) -> Self {
        let mut among = vec![false; all];
        rows.iter().for_each(|&row| among[row as usize] = true);
        Self { expression, rows, among, exploration: None }
    }

    /// With what their columns look like.
    pub fn with(self, exploration: Arc<Exploration>) -> Self {
        Self { exploration: Some(exploration), ..self }
    }

    /// Whether a row of the table is one of them.
    pub fn has(&self, row: usize) -> bool {
        self.among.get(row).copied().unwrap_or(false)
    }

    /// The rows of the table.
    pub fn all(&self) -> usize {
        self.among.len()
    }
}

/// The name by which an expression calls the segment: `segment`, with `_2`, … where the table has such a column.
pub fn segment_column(table: &Table) -> String {
    let names: Vec<&str> = table.fields.iter().map(Field::name).collect();
    segment_beside(&names)
}

fn segment_beside(columns: &[&str]) -> String {
    let [segment, ..] = report::free_names(columns);
    segment
}

/// Whether an expression names the segment.
pub fn names_segment(expression: &str, table: &Table) -> bool {
    names_column(expression, &segment_column(table))
}

/// As [`names_segment`], where no more than the names of the table's columns are known.
pub fn names_segment_beside(expression: &str, columns: &[String]) -> bool {
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    names_column(expression, &segment_beside(&columns))
}

/// The name by which an expression calls the row's place in the file, from 1: `row`, with `_2`, … where the table has
/// such a column.
pub fn row_column(table: &Table) -> String {
    let names: Vec<&str> = table.fields.iter().map(Field::name).collect();
    report::free_name("row", &names)
}

/// The expression that holds for these rows of the table (0-based, ascending) and no others.
pub fn these_rows(rows: &[usize], table: &Table) -> String {
    let name = row_column(table);
    let runs: Vec<&[usize]> = rows.chunk_by(|a, b| a + 1 == *b).collect();
    let lone = runs.iter().filter(|run| run.len() < 3).flat_map(|run| run.iter());
    let lone: Vec<String> = lone.map(|row| (row + 1).to_string()).collect();
    let long = runs.iter().filter(|run| run.len() >= 3);
    let between = |run: &&[usize]| format!("{name} BETWEEN {} AND {}", run[0] + 1, run[run.len() - 1] + 1);
    let listed = (!lone.is_empty()).then(|| format!("{name} IN ({})", lone.join(", ")));
    long.map(between).chain(listed).collect::<Vec<_>>().join(" OR ")
}

/// Finds the rows.
///
/// # Errors
/// The expression says nothing of a row, or names what is not there.
pub fn look(looking: &Looking) -> Result<Looked> {
    let Looking { expression, table, run } = looking;
    let mut more: Vec<Field> = run.iter().map(|(prepared, labels)| segments(table, prepared, labels)).collect();
    if expression.contains(&row_column(table)) {
        more.push(places(table));
    }
    let rows = rows_where(expression, table, &more).map_err(|error| without_run(error.into(), looking))?;
    Ok(Looked::new(expression.clone(), rows, table.rows))
}

/// What the columns of these rows look like.
///
/// # Errors
/// [`crate::task::Cancelled`].
pub fn explored(looked: &Looked, table: &Table, task: &Task) -> Result<Exploration> {
    steps::explore(&table.taken(&looked.rows), task)
}

/// The segment of each row of the table; a gap where it has none.
fn segments(table: &Table, prepared: &Prepared, labels: &Labels) -> Field {
    let mut values = vec![f64::NAN; table.rows];
    let labelled = prepared.matrix.rows.iter().zip(labels.as_slice()).filter(|(_, label)| **label != UNASSIGNED);
    labelled.for_each(|(&row, &label)| values[row as usize] = f64::from(label));
    Field::of(Column { name: segment_column(table), values: Values::Number(values) }, Kind::Whole)
}

/// The place of each row in the table, from 1.
fn places(table: &Table) -> Field {
    let values = (1..=table.rows).map(|row| row as f64).collect();
    Field::of(Column { name: row_column(table), values: Values::Number(values) }, Kind::Whole)
}

/// Without a run nobody has a segment.
fn without_run(error: Error, looking: &Looking) -> Error {
    let missing = looking.run.is_none() && error.what.contains(&format!("\"{}\"", segment_column(&looking.table)));
    if missing { error.hint("there are no segments yet: 4 Compare") } else { error }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::recipe::Recipe;
    use crate::table::{SourceSpec, read};

    fn looking(expression: &str, labels: Option<&[Option<u32>]>) -> Looking {
        let table = Arc::new(read(&SourceSpec::new("sample:mall"), None, &Task::default()).unwrap());
        let run = labels.map(|labels| {
            let prepared = steps::prepare(&table, &Recipe::propose(&table), &Task::default()).unwrap();
            let labels: Vec<Option<u32>> =
                (0..prepared.matrix.rows.len()).map(|row| labels[row % labels.len()]).collect();
            (Arc::new(prepared), Arc::new(Labels::from_raw(&labels)))
        });
        Looking { expression: expression.to_owned(), table, run }
    }

    #[test]
    fn the_segment_can_be_named_beside_the_columns() {
        let raw = [Some(7), Some(7), Some(9), None];
        let all = looking("segment = 1 AND age >= 18", Some(&raw));
        let looked = look(&all).unwrap();
        let ages = all.table.field("age").unwrap().column.values.numbers().unwrap();
        assert!(!looked.rows.is_empty());
        for (row, age) in ages.iter().enumerate() {
            let place = all.run.as_ref().unwrap().0.matrix.rows.iter().position(|&at| at as usize == row);
            let wanted = place.is_some_and(|place| raw[place % 4] == Some(7)) && *age >= 18.0;
            assert_eq!(looked.has(row), wanted, "row {row}");
        }
        let explored = explored(&looked, &all.table, &Task::default()).unwrap();
        assert_eq!(explored.rows, looked.rows.len());
    }

    #[test]
    fn rows_can_be_named_by_their_places() {
        let all = looking("age > 0", None);
        for rows in [vec![0], vec![3, 4, 5, 6], vec![1, 7, 8, 20, 21, 22, 599], (0..600).step_by(2).collect()] {
            let expression = these_rows(&rows, &all.table);
            let looked = look(&Looking { expression: expression.clone(), ..all.clone() }).unwrap();
            assert_eq!(looked.rows.iter().map(|&row| row as usize).collect::<Vec<_>>(), rows, "{expression}");
        }
        assert_eq!(these_rows(&[1, 7, 8, 9, 20], &all.table), "row BETWEEN 8 AND 10 OR row IN (2, 21)");
    }

    #[test]
    fn without_a_run_the_error_says_where_segments_come_from() {
        let error = look(&looking("segment = 1", None)).unwrap_err();
        assert!(error.to_string().contains("4 Compare"), "{error}");
        assert!(look(&looking("age > 40", None)).is_ok());
    }
}
