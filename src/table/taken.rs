//! Some rows of a table.

use super::typing;
use super::values::{Field, Table};
use crate::matrix::{Coded, Column, Values};

impl Table {
    /// The table of these rows alone, in this order; what was said of single cells is left behind.
    pub fn taken(&self, rows: &[u32]) -> Self {
        let fields = self.fields.iter().map(|field| field.taken(rows)).collect();
        Self { fields, rows: rows.len(), source: self.source.clone(), shape: self.shape.clone() }
    }
}

impl Field {
    fn taken(&self, rows: &[u32]) -> Self {
        let values = match &self.column.values {
            Values::Number(values) => Values::Number(rows.iter().map(|&row| values[row as usize]).collect()),
            Values::Text(coded) => Values::Text(Coded::from_texts(rows.iter().map(|&row| coded.get(row as usize)))),
        };
        Self {
            missing: typing::missing(&values),
            distinct: typing::distinct(&values),
            column: Column { name: self.column.name.clone(), values },
            kind: self.kind,
            role: self.role,
            reason: self.reason.clone(),
            date_format: self.date_format.clone(),
            yes_no: self.yes_no.clone(),
            unreadable: Vec::new(),
            gaps: Vec::new(),
            dressed: Vec::new(),
            personal: self.personal,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{SourceSpec, read};
    use crate::task::Task;

    #[test]
    fn a_table_of_some_rows_is_one_that_was_read_so() {
        let of = |lines: &[&str]| {
            let file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
            std::fs::write(file.path(), format!("id,income,city\n{}\n", lines.join("\n"))).unwrap();
            read(&SourceSpec::new(file.path()), None, &Task::default()).unwrap()
        };
        let lines = ["1,10.5,Rome", "2,20.25,Paris", "3,,Paris", "4,40.5,Bonn", "5,20.25,"];
        let taken = of(&lines).taken(&[1, 2, 4]);
        let read = of(&[lines[1], lines[2], lines[4]]);
        assert_eq!(taken.rows, 3);
        for (taken, read) in taken.fields.iter().zip(&read.fields) {
            assert_eq!((taken.missing, taken.distinct), (read.missing, read.distinct), "{}", read.name());
            assert_eq!(format!("{:?}", taken.column), format!("{:?}", read.column));
        }
    }
}
