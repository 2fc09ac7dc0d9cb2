//! A sample of the rows that are used.

use std::sync::Arc;

use super::words::count;
use super::{Fate, Prepared, SampleOf, StepReport};

/// Why a row is left out that is not in the sample.
const NOT_DRAWN: &str = "not in the sample";

impl Prepared {
    /// These rows of the matrix alone, by the same pipeline; `strata`: the groups that they were drawn from.
    #[must_use]
    pub fn sampled(self, rows: Vec<usize>, strata: usize) -> Self {
        let matrix = self.matrix.select(&rows);
        let mut steps = self.steps.clone();
        steps.push(StepReport {
            step: None,
            title: "sample".to_owned(),
            detail: format!("stratified by {} groups of customers alike", count(strata)),
            rows_before: self.matrix.nrows(),
            rows_after: rows.len(),
            columns_after: matrix.ncols(),
        });
        Self {
            pipeline: self.pipeline.clone(),
            fates: fates(&self.fates, &self.matrix.rows, &rows),
            matrix,
            origin: self.origin.clone(),
            weights: self.weights.clone(),
            steps,
            table: self.table.clone(),
            sample: Some(SampleOf { full: Arc::new(self), rows, strata }),
        }
    }

    /// All rows that are used, whether the study is one of a sample or not.
    pub fn full(&self) -> &Self {
        self.sample.as_ref().map_or(self, |sample| &sample.full)
    }
}

/// The fates of the table's rows: those of `used` whose place is not `drawn` are left out.
fn fates(fates: &[Fate], used: &[u32], drawn: &[usize]) -> Vec<Fate> {
    let mut fates = fates.to_vec();
    let mut next = drawn.iter().peekable();
    for (place, &row) in used.iter().enumerate() {
        if next.next_if_eq(&&place).is_none() {
            fates[row as usize] = Fate::Dropped(NOT_DRAWN.to_owned());
        }
    }
    fates
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_are_not_drawn_are_left_out() {
        let old = [Fate::Used, Fate::Dropped("a".into()), Fate::Imputed(vec![0]), Fate::Used];
        let new = fates(&old, &[0, 2, 3], &[1]);
        let out = Fate::Dropped(NOT_DRAWN.into());
        assert_eq!(new, [out.clone(), Fate::Dropped("a".into()), Fate::Imputed(vec![0]), out]);
    }
}
