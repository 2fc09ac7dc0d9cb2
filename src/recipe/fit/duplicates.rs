//! Rows that repeat another.

use std::collections::HashMap;

use super::super::words::{count, counted};
use super::Fitting;
use crate::matrix::{Column, Values};
use crate::task::Cancelled;

/// Rows between two looks at the task.
const STRIDE: usize = 4096;

impl Fitting<'_> {
    /// Leaves out rows that repeat an earlier one in all columns but `except`; returns what that did.
    pub(super) fn drop_duplicates(&mut self, except: &[String]) -> Result<String, Cancelled> {
        let before = self.rows.left();
        let compared = self.table.fields.iter().filter(|field| !except.iter().any(|name| name == field.name()));
        let columns: Vec<&Column> = compared.map(|field| &field.column).collect();
        let mut first: HashMap<[u8; 32], usize> = HashMap::with_capacity(self.table.rows);
        for row in 0..self.table.rows {
            if row.is_multiple_of(STRIDE) {
                self.task.check()?;
            }
            let earlier = *first.entry(row_hash(&columns, row)).or_insert(row);
            if earlier != row {
                self.rows.0[row] = Some(format!("repeats row {}", count(earlier + 1)));
            }
        }
        let repeats = before - self.rows.left();
        Ok(format!("{} an earlier one", counted(repeats, "row repeats", "rows repeat")))
    }
}

/// A hash of the row's values that equal rows share.
fn row_hash(columns: &[&Column], row: usize) -> [u8; 32] {
    let mut hash = blake3::Hasher::new();
    for column in columns {
        let bits = match &column.values {
            Values::Number(values) if values[row].is_nan() => u64::MAX,
            Values::Number(values) => (values[row] + 0.0).to_bits(),
            Values::Text(coded) => u64::from(coded.codes[row]),
        };
        hash.update(&bits.to_le_bytes());
    }
    *hash.finalize().as_bytes()
}
