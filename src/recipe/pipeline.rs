//! A recipe fitted to data, and its application to any later row.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::feature::{Feature, Gone, Placed};
use super::{Fate, RecipeError};
use crate::error::nearest;
use crate::matrix::{Block, Column, Matrix};
use crate::task::{Cancelled, Task};

/// A recipe fitted to data: medians, bounds, categories, means, scales. Turns any later row into the same space.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pipeline {
    /// The input columns it needs, in order.
    pub inputs: Vec<String>,
    /// The names of the matrix columns it makes, in order.
    pub outputs: Vec<String>,
    /// What was fitted for each input column.
    pub features: Vec<Feature>,
}

impl Pipeline {
    /// The pipeline of these fitted columns.
    pub(super) fn new(features: Vec<Feature>) -> Self {
        Self {
            inputs: features.iter().map(|feature| feature.column.clone()).collect(),
            outputs: features.iter().flat_map(Feature::outputs).collect(),
            features,
        }
    }

    /// For each column of the matrix the index of the input column it comes from.
    pub fn origin(&self) -> Vec<usize> {
        let repeat = |(index, feature): (usize, &Feature)| vec![index; feature.outputs().len()];
        self.features.iter().enumerate().flat_map(repeat).collect()
    }

    /// The categories among the columns of the matrix.
    pub fn blocks(&self) -> Vec<Block> {
        let mut first = 0;
        let mut blocks = Vec::new();
        for feature in &self.features {
            blocks.extend(feature.block(first));
            first += feature.outputs().len();
        }
        blocks
    }

    /// Places rows in the fitted space: the matrix of those that can be placed, and one fate a row.
    /// The columns may stand in any order and beside others.
    ///
    /// # Errors
    /// [`RecipeError::NoColumn`] where an input column is missing.
    pub fn apply(&self, columns: &[&Column]) -> Result<(Matrix, Vec<Fate>), RecipeError> {
        let rows = columns.first().map_or(0, |column| column.values.len());
        self.place(columns, vec![None; rows], &Task::default())
    }

    /// As [`Pipeline::apply`], without the rows for which a reason is given already.
    pub(super) fn place(
        &self,
        columns: &[&Column],
        gone: Vec<Option<String>>,
        task: &Task,
    ) -> Result<(Matrix, Vec<Fate>), RecipeError> {
        let mut fates: Vec<Fate> = gone.into_iter().map(|why| why.map_or(Fate::Used, Fate::Dropped)).collect();
        let mut values = Vec::with_capacity(self.outputs.len());
        for (index, feature) in (0..).zip(&self.features) {
            task.check()?;
            let placed = feature.place(input(columns, &feature.column)?);
            mark(&placed, index, &feature.column, &mut fates);
            values.extend(placed.columns);
        }
        Ok((self.gather(&values, &fates, task)?, fates))
    }

    /// The matrix of the rows that were not dropped.
    fn gather(&self, values: &[Vec<f64>], fates: &[Fate], task: &Task) -> Result<Matrix, Cancelled> {
        let kept = fates.iter().enumerate().filter(|(_, fate)| !matches!(fate, Fate::Dropped(_)));
        let rows: Vec<u32> = kept.map(|(row, _)| u32::try_from(row).unwrap_or(u32::MAX)).collect();
        let mut matrix = Array2::zeros((rows.len(), values.len()));
        for (mut column, values) in matrix.columns_mut().into_iter().zip(values) {
            task.check()?;
            column.iter_mut().zip(&rows).for_each(|(cell, &row)| *cell = values[row as usize]);
        }
        Ok(Matrix { values: matrix, names: self.outputs.clone(), rows, blocks: self.blocks() })
    }
}

/// Writes down what one feature did to the rows; the first reason to drop a row stands.
fn mark(placed: &Placed, index: u32, column: &str, fates: &mut [Fate]) {
    for &(row, gone) in &placed.gone {
        if !matches!(fates[row], Fate::Dropped(_)) {
            fates[row] = Fate::Dropped(why(column, gone));
        }
    }
    for &row in &placed.filled {
        match &mut fates[row] {
            Fate::Imputed(features) => features.push(index),
            Fate::Used => fates[row] = Fate::Imputed(vec![index]),
            Fate::Dropped(_) => {}
        }
    }
}

/// E.g. `Income is missing`.
pub(super) fn why(column: &str, gone: Gone) -> String {
    format!("{column} {gone}")
}

fn input<'a>(columns: &[&'a Column], name: &str) -> Result<&'a Column, RecipeError> {
    columns.iter().find(|column| column.name == name).copied().ok_or_else(|| RecipeError::NoColumn {
        column: name.to_owned(),
        place: "the pipeline's inputs".to_owned(),
        nearest: nearest(name, columns.iter().map(|column| column.name.as_str())).map(str::to_owned),
    })
}
