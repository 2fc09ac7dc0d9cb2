//! Orders over time, of order lines or of customers that were rolled up from some.

use crate::error::{Error, Result};
use crate::explore::{self, OverTime};
use crate::recipe::Recipe;
use crate::recipe::rfm::Returns;
use crate::table::{self, Shape, Table};
use crate::task::Task;

/// Whether a table has orders over time: its rows are lines of them, or were rolled up from some.
pub fn has_orders(table: &Table, recipe: Option<&Recipe>) -> bool {
    let rolled = recipe.is_some_and(|recipe| recipe.rollup.is_some());
    rolled || matches!(table.shape, Shape::OrderLines { .. } | Shape::Sales { .. })
}

/// The orders by day, week or month. Where the table was rolled up its source is read again, the columns that are needed.
///
/// # Errors
/// The source cannot be read, no line has a date, or the task was cancelled.
pub fn over_time(table: &Table, recipe: &Recipe, task: &Task) -> Result<OverTime> {
    let found = match &recipe.rollup {
        Some(spec) => {
            let columns = spec.columns();
            let names: Vec<String> = columns.iter().map(|(_, name)| name.to_owned()).collect();
            let lines = table::read(&table::again(&table.source), Some(&names), task)?;
            explore::over_time(&lines, &columns, spec.returns, task)?
        }
        None => explore::over_time(table, &table.order_columns(), Returns::default(), task)?,
    };
    found.ok_or_else(|| Error::failed("no line of the orders has a date and counts"))
}
