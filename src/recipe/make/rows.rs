//! The rows of a table for which an expression holds.

use super::derive::Derive;
use super::{Make, known};
use crate::matrix::Column;
use crate::recipe::RecipeError;
use crate::table::{Field, Kind, Table};

/// How errors call the place of the expression.
const PLACE: &str = "rows";

/// The rows (0-based, ascending) for which an expression is true, as [`crate::recipe::check_expression`] takes them; a row
/// for which it is neither true nor false is none of them. `more` are columns beside those of the table.
///
/// # Errors
/// [`RecipeError::Step`] with the expression and what is wrong with it.
pub fn rows_where(expression: &str, table: &Table, more: &[Field]) -> Result<Vec<u32>, RecipeError> {
    let field = |column: &str| match more.iter().find(|field| field.name() == column) {
        Some(field) => Ok(field),
        None => known(column, PLACE, table),
    };
    let rows = || -> Result<Vec<u32>, RecipeError> {
        let derive = Derive::over(PLACE, expression, field)?;
        let columns: Vec<&Column> =
            derive.inputs().into_iter().map(|name| field(name).map(|field| &field.column)).collect::<Result<_, _>>()?;
        let made = derive.make(&columns)?;
        let truths = made.iter().find(|made| made.kind == Kind::YesNo).and_then(|made| made.values.numbers());
        let truths = truths.ok_or_else(|| no_truth(expression))?;
        Ok((0..).zip(truths).filter(|(_, truth)| **truth == 1.0).map(|(row, _)| row).collect())
    };
    rows().map_err(placed)
}

fn no_truth(expression: &str) -> RecipeError {
    RecipeError::Step {
        place: PLACE.to_owned(),
        what: format!("in `{expression}`: it is neither true nor false"),
        hint: "compare: Income > 50000, City = 'Paris', Visits IS NULL".to_owned(),
    }
}

/// The error of an expression that makes no column.
fn placed(error: RecipeError) -> RecipeError {
    match error {
        RecipeError::Step { what, hint, .. } => RecipeError::Step { place: PLACE.to_owned(), what, hint },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::matrix::Values;
    use crate::table::{SourceSpec, read};
    use crate::task::Task;

    fn table() -> Table {
        let file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
        let text = "id,Income,City,Smoker,Since\n1,100,Paris,yes,2020-01-05\n2,,Rome,no,2021-02-01\n3,300,Paris,no,2022-03-09\n4,50,Bonn,yes,2023-04-02\n";
        std::fs::write(file.path(), text).unwrap();
        read(&SourceSpec::new(file.path()), None, &Task::default()).unwrap()
    }

    fn rows(expression: &str) -> Vec<u32> {
        rows_where(expression, &table(), &[]).unwrap()
    }

    fn refused(expression: &str) -> String {
        let error: crate::error::Error = rows_where(expression, &table(), &[]).unwrap_err().into();
        error.to_string()
    }

    #[test]
    fn rows_are_those_for_which_it_is_true() {
        assert_eq!(rows("Income > 60"), [0, 2]);
        assert_eq!(rows("Income <= 60 OR City = 'Rome'"), [1, 3], "a gap is neither more nor less");
        assert_eq!(rows("Income IS NULL"), [1]);
        assert_eq!(rows("\"City\" LIKE 'P%' AND Smoker = 0"), [2]);
        assert_eq!(rows("City IN ('Bonn', 'Rome')"), [1, 3]);
        assert_eq!(rows("Since >= '2021-06-01'"), [2, 3]);
        assert_eq!(rows("Since BETWEEN '2021-01-01' AND '2022-12-31'"), [1, 2]);
        assert_eq!(rows("Income > 1000"), [] as [u32; 0]);
        assert_eq!(rows("Since = '2022-03-09 00:00:00' OR '2020-12-31' > Since"), [0, 2]);
        assert_eq!(rows("Smoker = 'yes' AND NOT City = 'Bonn'"), [0]);
    }

    #[test]
    fn other_columns_can_be_named() {
        let numbers = Values::Number(vec![1.0, 2.0, f64::NAN, 2.0]);
        let segment = Field::of(Column { name: "segment".into(), values: numbers }, Kind::Whole);
        let more = [segment];
        assert_eq!(rows_where("segment = 2 AND Income > 10", &table(), &more).unwrap(), [3]);
        assert_eq!(rows_where("segment IS NULL", &table(), &more).unwrap(), [2]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(refused("Incme > 3").contains("no column \"Incme\""), "{}", refused("Incme > 3"));
        assert!(refused("Income + 1").contains("neither true nor false"));
        assert!(refused("avg(Income) > 3").contains("looks at other rows"));
        assert!(refused("Income >").starts_with("rows: in `Income >`"), "{}", refused("Income >"));
        assert!(
            refused("Since > 'spring'").ends_with("a day is written '2026-01-31'"),
            "{}",
            refused("Since > 'spring'")
        );
        assert!(refused("Income > 'x'").ends_with("numbers stand without quotes"), "{}", refused("Income > 'x'"));
        for garbage in ["", "'", "\"", ")(", "1 = 1", "Income = 'x'"] {
            assert!(!refused(garbage).is_empty());
        }
    }
}
