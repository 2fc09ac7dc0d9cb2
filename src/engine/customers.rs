//! Customers of a source, and of the order lines of one request, each in the segment where a model places it.

use super::models;
use super::rollups::{self, Keep};
use crate::error::{Error, Result};
use crate::model::{Model, Placed};
use crate::recipe::rfm::RollUpSpec;
use crate::table::{self, Field, Role, SourceSpec, Table};
use crate::task::Task;

/// A customer in a segment.
#[derive(Debug, Clone, PartialEq)]
pub struct Customer {
    /// Its id, as it stands in the source.
    pub id: String,
    /// The segment, 0 in none.
    pub segment: u32,
    /// In [0, 1].
    pub confidence: Option<f64>,
    /// Whether another segment is nearer.
    pub border: Option<bool>,
    /// Whether it may be contacted; where the source says nothing of that, it may.
    pub may_contact: bool,
}

/// The customers of a source that can be placed, in its order.
///
/// # Errors
/// The source cannot be read, has no id or none of the model's columns, or the task was cancelled.
pub fn of_source(model: &Model, source: &SourceSpec, task: &Task) -> Result<Vec<Customer>> {
    let table = models::load_rows(model, source, task)?;
    let id = id(model, &table).ok_or_else(|| {
        Error::failed("the source has no column that names the customers").hint("make the model with --id COLUMN")
    })?;
    let consent = consent(model, &table);
    let scored = models::score(model, &table, task)?;
    let customer = |(row, placed): (usize, Placed<'_>)| {
        Some(Customer {
            id: table::value(&id.column.values, row),
            segment: placed.segment?,
            confidence: placed.confidence,
            border: placed.border,
            may_contact: consent.is_none_or(|field| table::may_contact(field, row)),
        })
    };
    Ok(scored.rows.into_iter().enumerate().filter_map(customer).collect())
}

fn id<'a>(model: &Model, table: &'a Table) -> Option<&'a Field> {
    let named = model.recipe.roles.id.as_deref().and_then(|id| table.field(id));
    named.or_else(|| table.fields.iter().find(|field| field.role == Role::Id))
}

fn consent<'a>(model: &Model, table: &'a Table) -> Option<&'a Field> {
    let named = model.recipe.roles.consent.as_deref().and_then(|name| table.field(name));
    named.or_else(|| table.fields.iter().find(|field| field.role == Role::Consent))
}

/// The customers of some order lines, one row each as the model takes them, up to the moment `at`.
///
/// # Errors
/// The model takes customers; no moment is said; a feature is made of all customers together, so that those of one
/// request cannot tell it; the lines cannot be read; or the task was cancelled.
pub fn of_lines(model: &Model, lines: &SourceSpec, at: Option<&str>, task: &Task) -> Result<Table> {
    let Some(spec) = &model.recipe.rollup else {
        return Err(Error::usage("this model takes customers, not order lines"));
    };
    let snapshot = at.map(str::to_owned).or_else(|| spec.snapshot.clone()).ok_or_else(|| {
        Error::usage("recency counts back from a moment, and none is said").hint("say it: ?at=2026-01-31")
    })?;
    // Scores and lifetimes come of all customers together.
    let spec = RollUpSpec { snapshot: Some(snapshot), scores: None, horizon: None, ..spec.clone() };
    let table = rollups::roll_up(lines, &spec, &Keep::nowhere(), task)?.into_table();
    let missing = model.find(&table)?.missing;
    match missing.is_empty() {
        true => Ok(table),
        false => Err(Error::usage(format!(
            "{} come of all customers together: the lines of one request cannot tell them",
            missing.join(", ")
        ))
        .hint("`segmenta predict MODEL FILE` places them from a whole file")),
    }
}

/// The ids of the rows of a rolled-up table.
pub fn ids(table: &Table) -> Vec<String> {
    let Some(first) = table.fields.first() else { return Vec::new() };
    (0..table.rows).map(|row| table::value(&first.column.values, row)).collect()
}
