//! Orders over time, of order lines or of customers that were rolled up from some.

use std::borrow::Cow;
use std::collections::HashSet;

use super::looking::Looked;
use crate::error::{Error, Result};
use crate::explore::{self, OverTime};
use crate::recipe::Recipe;
use crate::recipe::rfm::Returns;
use crate::table::{self, Key, Keys, OrderColumns, Shape, Table};
use crate::task::Task;

/// Whether a table has orders over time: its rows are lines of them, or were rolled up from some.
pub fn has_orders(table: &Table, recipe: Option<&Recipe>) -> bool {
    let rolled = recipe.is_some_and(|recipe| recipe.rollup.is_some());
    rolled || matches!(table.shape, Shape::OrderLines { .. } | Shape::Sales { .. })
}

/// The orders by day, week or month. Where the table was rolled up its source is read again, the columns that are needed.
/// Where only some rows are `looked` at, the orders of these: lines of orders, or all lines of these customers.
///
/// # Errors
/// The source cannot be read, no line has a date, or the task was cancelled.
pub fn over_time(table: &Table, recipe: &Recipe, looked: Option<&Looked>, task: &Task) -> Result<OverTime> {
    let (lines, columns, returns) = match &recipe.rollup {
        Some(spec) => {
            let columns = spec.columns();
            let names: Vec<String> = columns.iter().map(|(_, name)| name.to_owned()).collect();
            let lines = table::read(&table::again(&table.source), Some(&names), task)?;
            let lines = looked.map(|looked| of_customers(&lines, &columns, table, looked)).unwrap_or(lines);
            (Cow::Owned(lines), columns, spec.returns)
        }
        None => {
            let lines = looked.map_or(Cow::Borrowed(table), |looked| Cow::Owned(table.taken(&looked.rows)));
            (lines, table.order_columns(), Returns::default())
        }
    };
    match explore::over_time(&lines, &columns, returns, task)? {
        None if looked.is_some() => Ok(OverTime::none()),
        found => found.ok_or_else(|| Error::failed("no line of the orders has a date and counts")),
    }
}

/// The lines of the customers that are looked at.
fn of_customers(lines: &Table, columns: &OrderColumns, customers: &Table, looked: &Looked) -> Table {
    let name = columns.customer.as_deref().unwrap_or_default();
    let keys = |table: &Table| table.field(name).map(|field| Keys::of_column(&field.column.values).of);
    let (Some(of_lines), Some(of_customers)) = (keys(lines), keys(customers)) else { return lines.taken(&[]) };
    // An id of digits may be a number in one table and a text in the other.
    let as_text = |key: Key| key.text().map_or(key, |text| Key::of_text(&text));
    let wanted: HashSet<u64> =
        looked.rows.iter().filter_map(|&row| of_customers.get(row as usize)).map(|key| as_text(*key).mixed()).collect();
    let rows = (0..).zip(of_lines).filter(|(_, key)| wanted.contains(&as_text(*key).mixed()));
    lines.taken(&rows.map(|(row, _)| row).collect::<Vec<u32>>())
}
