//! Placing later rows: the one way for files, streams and requests.

use std::borrow::Cow;

use serde::Serialize;

use super::{Model, ModelError, regions};
use crate::cluster::Assignment;
use crate::matrix::{Column, Matrix, UNASSIGNED};
use crate::recipe::Fate;
use crate::table::{Reading, Table};
use crate::task::{Cancelled, Task};

/// Where a row was placed.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Placed<'a> {
    /// 1..=k, 0 unassigned; `None` where the row cannot be used.
    pub segment: Option<u32>,
    /// The segment's key; empty where the row cannot be used.
    pub key: &'a str,
    /// Its name; empty where there is none.
    pub name: &'a str,
    /// In [0, 1].
    pub confidence: Option<f64>,
    /// Whether another segment is nearer.
    pub border: Option<bool>,
    /// Whether it lies farther out than any row that the model was made with.
    pub out_of_range: Option<bool>,
    /// How far it lies from the centre of its segment.
    #[serde(skip)]
    pub distance: Option<f64>,
    /// Why it has no segment, or what was filled.
    pub note: String,
}

/// The columns that a model found in a table.
#[derive(Debug, Clone)]
pub struct Found<'a> {
    /// In the order of [`Model::columns`]; those that are missing have no value.
    pub columns: Vec<Cow<'a, Column>>,
    /// The names of those that are missing.
    pub missing: Vec<String>,
}

impl Model {
    /// The model's columns as this table has them.
    ///
    /// # Errors
    /// [`ModelError::NoColumns`] where none is there.
    pub fn find<'a>(&self, table: &'a Table) -> Result<Found<'a>, ModelError> {
        let decimal = table.source.dialect.as_ref().map_or('.', |dialect| dialect.decimal);
        let mut missing = Vec::new();
        let mut column = |reading: &Reading| match table.field(&reading.column) {
            Some(field) => reading.column(field, decimal),
            None => {
                missing.push(reading.column.clone());
                Cow::Owned(Column { name: reading.column.clone(), values: reading.nothing(table.rows) })
            }
        };
        let columns: Vec<Cow<'a, Column>> = self.columns.iter().map(&mut column).collect();
        if missing.len() == columns.len() {
            return Err(ModelError::NoColumns(missing.join(", ")));
        }
        Ok(Found { columns, missing })
    }

    /// Places rows; `columns` are the model's, in any order.
    ///
    /// # Errors
    /// [`ModelError::Recipe`] where a column is missing or cannot be made; the task was cancelled.
    pub fn place(&self, columns: &[&Column], task: &Task) -> Result<Vec<Placed<'_>>, ModelError> {
        let (matrix, fates) = self.pipeline.apply_watched(columns, task)?;
        let assigned = self.assigned(&matrix, task)?;
        let mut placed: Vec<Placed> =
            fates.iter().map(|fate| Placed { note: self.note(fate), ..Placed::default() }).collect();
        let labels = assigned.labels.iter().zip(&assigned.confidence);
        for ((&row, values), (&label, &confidence)) in matrix.rows.iter().zip(matrix.values.outer_iter()).zip(labels) {
            let values = values.to_vec();
            let placed = &mut placed[row as usize];
            (placed.key, placed.name) = self.named(label);
            placed.segment = Some(label);
            placed.confidence = Some(confidence);
            placed.border = Some(label != UNASSIGNED && regions::on_border(&self.regions, label, &values));
            let distance = regions::distance(&self.regions, label, &values);
            placed.out_of_range = Some(regions::is_outside(&self.regions, self.outskirts, label, distance));
            placed.distance = Some(distance);
        }
        Ok(placed)
    }

    /// By the clusterer, or by the classifier that serves in its place.
    fn assigned(&self, matrix: &Matrix, task: &Task) -> Result<Assignment, Cancelled> {
        let Some(classifier) = &self.classifier else { return self.clusterer.place(matrix.values.view(), task) };
        let (mut labels, mut confidence) = (Vec::with_capacity(matrix.nrows()), Vec::with_capacity(matrix.nrows()));
        for row in 0..matrix.nrows() {
            task.check()?;
            let (class, probability) = classifier.class(matrix.row(row));
            labels.push(class as u32 + 1);
            confidence.push(probability);
        }
        Ok(Assignment { labels, confidence })
    }

    fn note(&self, fate: &Fate) -> String {
        match fate {
            Fate::Used => String::new(),
            Fate::Dropped(why) => why.clone(),
            Fate::Imputed(inputs) => {
                let names = inputs.iter().filter_map(|&input| self.pipeline.inputs.get(input as usize));
                format!("filled: {}", names.map(String::as_str).collect::<Vec<_>>().join(", "))
            }
        }
    }
}
