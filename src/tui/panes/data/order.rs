//! The order in which the rows of the whole table stand.

use std::cmp::Ordering;

use crate::matrix::{Coded, Values};
use crate::table::Table;

/// So many rows are sorted while one waits.
const MOST: usize = 2_000_000;

/// Rows sorted by a column.
#[derive(Debug, Clone)]
pub struct Order {
    /// The column.
    pub column: usize,
    /// Whether the largest comes first.
    pub falling: bool,
    rows: Vec<u32>,
}

impl Order {
    /// The rows by this column, those without a value last; `None` where they are too many to wait for.
    pub fn by(table: &Table, column: usize, falling: bool) -> Option<Self> {
        let values = &table.fields.get(column).filter(|_| table.rows <= MOST)?.column.values;
        let mut rows: Vec<u32> = (0..u32::try_from(table.rows).ok()?).collect();
        match values {
            Values::Number(numbers) => {
                rows.sort_by(|&a, &b| by_number(numbers[a as usize], numbers[b as usize], falling))
            }
            Values::Text(coded) => {
                let ranks = ranks(coded);
                let rank = |row: u32| ranks.get(coded.codes[row as usize] as usize).map(|rank| *rank as f64);
                let rank = |row: u32| rank(row).unwrap_or(f64::NAN);
                rows.sort_by(|&a, &b| by_number(rank(a), rank(b), falling));
            }
        }
        Some(Self { column, falling, rows })
    }

    /// All rows of the table, as they stand.
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// The column, and whether the largest comes first.
    pub fn by_which(&self) -> (usize, bool) {
        (self.column, self.falling)
    }

    /// The row of the table that stands at this place.
    pub fn row(&self, place: usize) -> usize {
        self.rows.get(place).map_or(place, |&row| row as usize)
    }

    /// Where a row of the table stands.
    pub fn place(&self, row: usize) -> usize {
        self.rows.iter().position(|&other| other as usize == row).unwrap_or(row)
    }
}

fn by_number(a: f64, b: f64, falling: bool) -> Ordering {
    let known = a.is_nan().cmp(&b.is_nan());
    let order = a.partial_cmp(&b).unwrap_or(Ordering::Equal);
    known.then(if falling { order.reverse() } else { order })
}

/// The place of each level in the alphabet.
fn ranks(coded: &Coded) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..coded.levels.len()).collect();
    sorted.sort_by_key(|&level| coded.levels[level].to_lowercase());
    let mut ranks = vec![0; sorted.len()];
    sorted.iter().enumerate().for_each(|(rank, &level)| ranks[level] = rank);
    ranks
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn rows_stand_by_value_and_gaps_last() {
        let mut table = crate::tui::fixtures::table();
        let income = table.fields.iter().position(|field| field.name() == "Income").unwrap();
        let up = Order::by(&table, income, false).unwrap();
        let down = Order::by(&table, income, true).unwrap();
        assert_eq!(down.row(0), 7, "666,666 is the largest");
        assert_eq!((up.row(57), down.place(7), up.place(7)), (7, 0, 57));
        assert!([11, 23].contains(&up.row(59)) && [11, 23].contains(&down.row(59)));
        let education = table.fields.iter().position(|field| field.name() == "Education").unwrap();
        let words = Order::by(&table, education, false).unwrap();
        let texts = table.fields[education].column.values.text().unwrap();
        assert_eq!((texts.get(words.row(0)), texts.get(words.row(59))), (Some("Graduation"), Some("PhD")));
        table.rows = MOST + 1;
        assert!(Order::by(&table, income, false).is_none());
    }
}
