//! A recipe fitted to data, and its application to any later row.

use std::borrow::Cow;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::feature::{Encoding, Feature, Gone, Placed};
use super::make::{self, Maker};
use super::reduce::Reduction;
use super::{Fate, RecipeError};
use crate::matrix::{Block, Column, Matrix};
use crate::task::{Cancelled, Task};

/// A recipe fitted to data: medians, bounds, categories, means, scales. Turns any later row into the same space: first
/// columns are made of others, then each feature becomes columns of the matrix, then these may be put together to fewer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pipeline {
    /// The columns that the features are made of, in order.
    pub inputs: Vec<String>,
    /// The names of the matrix columns it makes, in order.
    pub outputs: Vec<String>,
    /// What makes columns of others, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub makers: Vec<Maker>,
    /// What was fitted for each input column.
    pub features: Vec<Feature>,
    /// What puts the columns together to fewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reduction: Option<Reduction>,
}

impl Pipeline {
    /// The pipeline of these fitted columns.
    pub(super) fn new(features: Vec<Feature>) -> Self {
        Self {
            inputs: features.iter().map(|feature| feature.column.clone()).collect(),
            outputs: features.iter().flat_map(Feature::outputs).collect(),
            makers: Vec::new(),
            features,
            reduction: None,
        }
    }

    /// The same, its columns put together to fewer.
    pub(super) fn reduced_by(self, reduction: Reduction) -> Self {
        Self { outputs: reduction.names(), reduction: Some(reduction), ..self }
    }

    /// The columns of the source that it needs: the inputs, and what those are made of.
    pub fn sources(&self) -> Vec<&str> {
        let mut needed: Vec<&str> = self.inputs.iter().map(String::as_str).collect();
        for maker in self.makers.iter().rev() {
            let made = maker.outputs();
            if needed.iter().any(|name| made.iter().any(|made| made == name)) {
                let inputs = maker.inputs();
                needed.retain(|name| !made.iter().any(|made| made == name) || inputs.contains(name));
                needed.extend(inputs);
            }
        }
        needed.sort_unstable();
        needed.dedup();
        needed
    }

    /// For each column of the matrix the index of the input column it comes from; empty where the columns are
    /// components, which come from all.
    pub fn origin(&self) -> Vec<usize> {
        if self.reduction.is_some() { Vec::new() } else { self.origin_of_features() }
    }

    /// The same for the columns before they are put together to fewer.
    pub(super) fn origin_of_features(&self) -> Vec<usize> {
        let repeat = |(index, feature): (usize, &Feature)| vec![index; feature.outputs().len()];
        self.features.iter().enumerate().flat_map(repeat).collect()
    }

    /// The categories among the columns of the matrix.
    pub fn blocks(&self) -> Vec<Block> {
        if self.reduction.is_some() { Vec::new() } else { self.blocks_of_features() }
    }

    fn blocks_of_features(&self) -> Vec<Block> {
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
    /// [`RecipeError::NoColumn`] where an input column is missing; [`RecipeError::Step`] where a column cannot be made.
    pub fn apply(&self, columns: &[&Column]) -> Result<(Matrix, Vec<Fate>), RecipeError> {
        self.apply_watched(columns, &Task::default())
    }

    /// As [`Pipeline::apply`], for many rows.
    ///
    /// # Errors
    /// As [`Pipeline::apply`]; the task was cancelled.
    pub fn apply_watched(&self, columns: &[&Column], task: &Task) -> Result<(Matrix, Vec<Fate>), RecipeError> {
        let rows = columns.first().map_or(0, |column| column.values.len());
        let made = make::made(&self.makers, columns)?;
        // What was made last goes before what it replaced.
        let all: Vec<&Column> = made.iter().rev().chain(columns.iter().copied()).collect();
        let (matrix, fates) = self.place(&all, vec![None; rows], task)?;
        Ok((self.reduced(matrix, task)?, fates))
    }

    /// The columns of the features, in their order: of `columns`, or made of them.
    ///
    /// # Errors
    /// As [`Pipeline::apply`].
    pub fn feature_columns<'a>(&self, columns: &[&'a Column]) -> Result<Vec<Cow<'a, Column>>, RecipeError> {
        let made = make::made(&self.makers, columns)?;
        let of = |name: &String| match made.iter().rev().find(|column| column.name == *name) {
            Some(column) => Ok(Cow::Owned(column.clone())),
            None => make::find(name, &[], columns).map(Cow::Borrowed),
        };
        self.inputs.iter().map(of).collect()
    }

    /// The matrix with its columns put together to fewer, where that is asked for.
    pub(super) fn reduced(&self, matrix: Matrix, task: &Task) -> Result<Matrix, Cancelled> {
        match &self.reduction {
            Some(reduction) => reduction.apply(&matrix, task),
            None => Ok(matrix),
        }
    }

    /// The features' columns, of rows for which no reason against them is given already; `columns` are all there are,
    /// those that were made among them.
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
            let column = make::find(&feature.column, &[], columns)?;
            let placed = feature.place(column, &self.by_others(feature, column, columns, task)?);
            mark(&placed, index, &feature.column, &mut fates);
            values.extend(placed.columns);
        }
        Ok((self.gather(&values, &fates, task)?, fates))
    }

    /// The rows whose gap in this feature is filled by other customers, ascending, and with what.
    fn by_others(
        &self,
        feature: &Feature,
        column: &Column,
        columns: &[&Column],
        task: &Task,
    ) -> Result<Vec<(usize, f64)>, RecipeError> {
        let Encoding::Number(number) = &feature.encoding else { return Ok(Vec::new()) };
        let Some(nearest) = &number.nearest else { return Ok(Vec::new()) };
        let gaps: Vec<usize> =
            number.read(column).iter().enumerate().filter(|(_, value)| value.is_nan()).map(|(row, _)| row).collect();
        let others = nearest.columns.iter().map(|name| self.comparable(name, columns, column.values.len()));
        let others: Vec<Vec<f64>> = others.collect::<Result<_, _>>()?;
        let others: Vec<&[f64]> = others.iter().map(Vec::as_slice).collect();
        let filled = nearest.fill(&gaps, &others, task)?;
        Ok(gaps.into_iter().zip(filled).collect())
    }

    /// A feature as customers are compared by it; one that was left out is missing everywhere.
    fn comparable(&self, name: &str, columns: &[&Column], rows: usize) -> Result<Vec<f64>, RecipeError> {
        match self.features.iter().find(|feature| feature.column == name).map(|feature| &feature.encoding) {
            Some(Encoding::Number(number)) => Ok(number.comparable(make::find(name, &[], columns)?)),
            _ => Ok(vec![f64::NAN; rows]),
        }
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
        let names = self.features.iter().flat_map(Feature::outputs).collect();
        Ok(Matrix { values: matrix, names, rows, blocks: self.blocks_of_features() })
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
