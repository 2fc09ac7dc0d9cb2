//! Rows that are answered together.

use std::borrow::Cow;

use crate::error::Result;
use crate::matrix::{Column, Values};
use crate::model::{Model, Placed};
use crate::table::{Kind, Reading};
use crate::task::Task;

/// Rows by the model's columns.
pub(super) struct Batch<'a> {
    pub model: &'a Model,
    slots: Vec<Slot>,
    pub rows: usize,
    /// Which of the model's columns is being read: after an error the one where it happened.
    pub reading: Option<usize>,
    /// Sees the rows that were placed.
    watch: Option<Watch<'a>>,
}

/// Sees rows that were placed, by the model's columns.
pub type Watch<'a> = &'a dyn Fn(&[&Column], &[Placed<'_>]);

/// The values of one of the model's columns so far.
enum Slot {
    Numbers(Vec<f64>),
    Texts(Vec<Option<String>>),
}

/// A value as it comes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'t> {
    Nothing,
    Truth(bool),
    Number(f64),
    Text(Cow<'t, str>),
}

impl<'a> Batch<'a> {
    pub fn new(model: &'a Model) -> Self {
        let slot = |reading: &Reading| match reading.kind {
            Kind::Text => Slot::Texts(Vec::new()),
            _ => Slot::Numbers(Vec::new()),
        };
        Self { model, slots: model.columns.iter().map(slot).collect(), rows: 0, reading: None, watch: None }
    }

    /// The same, seen by `watch`.
    pub fn watched(self, watch: Watch<'a>) -> Self {
        Self { watch: Some(watch), ..self }
    }

    /// The batch, an empty one in its place.
    pub fn taken(&mut self) -> Self {
        std::mem::replace(self, Self { watch: self.watch, ..Self::new(self.model) })
    }

    /// Puts a value of the row that is being taken into one of the model's columns.
    pub fn put(&mut self, column: usize, cell: Cell<'_>, decimal: char) {
        let reading = &self.model.columns[column];
        match &mut self.slots[column] {
            Slot::Numbers(values) => values.push(number(reading, &cell, decimal)),
            Slot::Texts(values) => values.push(text(cell)),
        }
    }

    /// Ends the row: columns without a value have none.
    pub fn end_row(&mut self) {
        self.rows += 1;
        for slot in &mut self.slots {
            match slot {
                Slot::Numbers(values) => values.resize(self.rows, f64::NAN),
                Slot::Texts(values) => values.resize(self.rows, None),
            }
        }
    }

    /// Takes back what was put into the row that is being taken.
    pub fn forget_row(&mut self) {
        self.reading = None;
        for slot in &mut self.slots {
            match slot {
                Slot::Numbers(values) => values.truncate(self.rows),
                Slot::Texts(values) => values.truncate(self.rows),
            }
        }
    }

    /// Places the rows and begins anew.
    pub fn place(&mut self, task: &Task) -> Result<Vec<Placed<'a>>> {
        let readings = self.model.columns.iter();
        let columns: Vec<Column> = readings.zip(&mut self.slots).map(|(reading, slot)| column(reading, slot)).collect();
        self.rows = 0;
        let columns: Vec<&Column> = columns.iter().collect();
        let placed = self.model.place(&columns, task)?;
        self.watch.iter().for_each(|watch| watch(&columns, &placed));
        Ok(placed)
    }
}

fn column(reading: &Reading, slot: &mut Slot) -> Column {
    let values = match slot {
        Slot::Numbers(values) => {
            let room = values.len();
            Values::Number(std::mem::replace(values, Vec::with_capacity(room)))
        }
        Slot::Texts(texts) => reading.values(std::mem::take(texts).iter().map(Option::as_deref), '.'),
    };
    Column { name: reading.column.clone(), values }
}

fn number(reading: &Reading, cell: &Cell<'_>, decimal: char) -> f64 {
    match cell {
        Cell::Nothing => f64::NAN,
        Cell::Text(text) => reading.number(text, decimal),
        Cell::Truth(truth) if reading.kind == Kind::YesNo => f64::from(u8::from(*truth)),
        Cell::Truth(_) => f64::NAN,
        Cell::Number(number) if reading.kind == Kind::Date => reading.number(&number.to_string(), '.'),
        Cell::Number(number) => *number,
    }
}

fn text(cell: Cell<'_>) -> Option<String> {
    match cell {
        Cell::Nothing => None,
        Cell::Truth(truth) => Some(truth.to_string()),
        Cell::Number(number) => Some(number.to_string()),
        Cell::Text(text) => Some(text.into_owned()),
    }
}
