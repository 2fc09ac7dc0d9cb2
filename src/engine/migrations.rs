//! Migration: the customers of several periods, placed by one frozen model, and where each is likely to be next.

mod customers;

pub use customers::{Way, write};

use super::models;
use super::rollups::{self, Keep};
use crate::error::{Error, Result};
use crate::matrix::Column;
use crate::model::Model;
use crate::segments::migration::{self, Customer, Forecast, Migration, Period, Twice};
use crate::table::{self, SourceSpec, Table};
use crate::task::Task;

/// Where customers were in the last two periods, what that comes to, and what is likely next.
#[derive(Debug, Clone)]
pub struct Migrated {
    /// Every customer of the last two periods once.
    pub customers: Vec<Customer>,
    /// One a pair of periods that follow each other.
    pub migrations: Vec<Migration>,
    /// `None` where too few customers were seen.
    pub forecast: Option<Forecast>,
}

/// The periods of one file of order lines: all lines up to each of these moments, in time's order.
///
/// # Errors
/// The model takes customers, the lines cannot be read, or the task was cancelled.
pub fn periods_at(model: &Model, source: &SourceSpec, moments: &[String], task: &Task) -> Result<Vec<Period>> {
    let Some(spec) = &model.recipe.rollup else {
        return Err(Error::usage("the model takes customers, not order lines")
            .at("--at")
            .hint("name one file for each period"));
    };
    let period = |moment: &String| {
        let spec = crate::recipe::rfm::RollUpSpec { snapshot: Some(moment.clone()), ..spec.clone() };
        let table = rollups::roll_up(source, &spec, &Keep::of_user(), task)?.into_table();
        period(model, &table, moment.clone(), task)
    };
    moments.iter().map(period).collect()
}

/// The customers of one source as the model places them.
///
/// # Errors
/// The source cannot be read, has no id or none of the model's columns, or the task was cancelled.
pub fn period_of(model: &Model, source: &SourceSpec, task: &Task) -> Result<Period> {
    let name = source.path.file_stem().unwrap_or(source.path.as_os_str()).to_string_lossy().into_owned();
    period(model, &models::load_rows(model, source, task)?, name, task)
}

/// The customers of a table as the model places them.
///
/// # Errors
/// As [`period_of`].
pub fn period(model: &Model, table: &Table, name: String, task: &Task) -> Result<Period> {
    let at = |error: Error| error.at(table.source.path.display().to_string());
    let id = model.recipe.roles.id.as_deref().and_then(|id| table.field(id));
    let id = id.ok_or_else(|| {
        at(Error::failed("there is no column that names the customers"))
            .hint("migration follows customers by their id: make the model with --id COLUMN")
    })?;
    let found = model.find(table).map_err(|error| at(error.into()))?;
    let columns: Vec<&Column> = found.columns.iter().map(AsRef::as_ref).collect();
    let placed = model.place(&columns, task).map_err(|error| at(error.into()))?;
    let (matrix, _) = model.pipeline.apply_watched(&columns, task)?;
    let mut space = vec![Vec::new(); table.rows];
    matrix.rows.iter().enumerate().for_each(|(at, &row)| space[row as usize] = matrix.row(at).to_vec());
    let inputs = &model.pipeline.inputs;
    let numbers = columns.iter().filter(|column| inputs.contains(&column.name));
    let features = numbers.filter_map(|column| Some((column.name.clone(), column.values.numbers()?.to_vec())));
    Ok(Period {
        name,
        ids: (0..table.rows).map(|row| table::value(&id.column.values, row)).collect(),
        labels: placed.iter().map(|placed| placed.segment).collect(),
        features: features.collect(),
        space,
    })
}

/// Follows the customers through the periods, in time's order.
///
/// # Errors
/// Fewer than two periods (exit 2), a customer stands twice in one, or the task was cancelled.
pub fn migrate(model: &Model, periods: &[Period], task: &Task) -> Result<Migrated> {
    if periods.len() < 2 {
        return Err(Error::usage("migration needs two periods").hint("name two files, or --at with two moments"));
    }
    let names: Vec<String> = model.segments.list.iter().map(|segment| segment.name.clone()).collect();
    let pairs: Vec<Vec<Customer>> =
        periods.windows(2).map(|two| migration::customers(&two[0], &two[1])).collect::<Result<_, Twice>>()?;
    let task = task.with_seed(model.recipe.seed);
    let forecast = migration::forecast(periods, &pairs, &task)?;
    let pair =
        |(two, customers): (&[Period], &Vec<Customer>)| migration::migration(&two[0], &two[1], customers, &names);
    let migrations = periods.windows(2).zip(&pairs).map(pair).collect();
    Ok(Migrated { customers: pairs.into_iter().last().unwrap_or_default(), migrations, forecast })
}

impl Migrated {
    /// The migration between the last two periods.
    pub fn last(&self) -> Option<&Migration> {
        self.migrations.last()
    }

    /// The chances of each place for a customer of the last period, in the forecast's order; empty where there are none.
    pub fn chances(&self, customer: &Customer) -> &[f64] {
        let chances = self.forecast.as_ref().zip(customer.row_after).and_then(|(of, row)| of.chances.get(row));
        chances.map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests;
