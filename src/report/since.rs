//! What changed since an earlier export: customers who are new, or of whom something else is written now.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::Path;

use super::ReportError;
use super::cells::{Cell, Head};
use crate::table::{self, SourceSpec};

/// An earlier export, as one checksum a customer.
pub(super) struct Former {
    rows: HashMap<String, blake3::Hash>,
    seen: HashSet<String>,
    /// Customers of whom nothing changed.
    pub unchanged: usize,
}

impl Former {
    /// Reads an earlier export with these columns; `id` is the id's place among them.
    pub fn read(file: &Path, heads: &[Head], id: usize) -> Result<Self, ReportError> {
        let preview = table::preview(&SourceSpec::new(file))?;
        let place = |head: &Head| {
            preview
                .columns
                .iter()
                .position(|name| *name == head.name)
                .ok_or_else(|| ReportError::Former { file: file.to_owned(), column: head.name.clone() })
        };
        let places = heads.iter().map(place).collect::<Result<Vec<_>, _>>()?;
        let mut rows = HashMap::new();
        table::texts(&preview.source, &mut |_, texts| {
            let values: Vec<String> =
                places.iter().map(|&at| texts.get(at).copied().unwrap_or_default().to_owned()).collect();
            rows.insert(values[id].clone(), checksum(&values));
            ControlFlow::Continue(())
        })?;
        Ok(Self { rows, seen: HashSet::new(), unchanged: 0 })
    }

    /// Whether this customer was not there, or differs.
    pub fn differs(&mut self, cells: &[Cell<'_>], id: usize) -> bool {
        let values: Vec<String> = cells.iter().map(Cell::text).collect();
        let same = self.rows.get(&values[id]).is_some_and(|former| *former == checksum(&values));
        self.unchanged += usize::from(same);
        self.seen.insert(values[id].clone());
        !same
    }

    /// Customers of the earlier export who did not come again.
    pub fn gone(&self) -> usize {
        self.rows.keys().filter(|id| !self.seen.contains(*id)).count()
    }
}

fn checksum(values: &[String]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for value in values {
        hasher.update(&(value.len() as u64).to_le_bytes()).update(value.as_bytes());
    }
    hasher.finalize()
}
