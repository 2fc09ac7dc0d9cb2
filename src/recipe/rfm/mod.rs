//! Order lines and event logs rolled up to one row a customer: recency, frequency, monetary, and what else is asked for.

mod columns;
mod error;
mod features;
mod ledger;
mod lifetime;
mod long;
mod lot;
mod rolled;
mod saved;
mod scores;
mod spec;

pub use columns::resolve;
pub use error::RollUpError;
pub use features::{DAY, finish};
pub use ledger::Ledger;
pub use long::Long;
pub use lot::{Counts, LABELS, Lines, Lot, Worth};
pub use rolled::{RollUp, Rolled};
pub use scores::{Best, GRID, OTHERS, Ties, grid_in_words, scores, segment};
pub use spec::{Extra, Returns, RollUpSpec};

use chrono::{NaiveDate, NaiveDateTime};

use crate::kernel::fold;
use crate::matrix::{Coded, Values};
use crate::table::{Keys, OrderColumns, Table};
use crate::task::Task;

/// Rows that are sorted at a time.
const STRETCH: usize = 1 << 15;
/// Stretches that are sorted before they are entered.
const WAVE: usize = 16;

/// Rolls the lines of a table up to one row a customer.
///
/// # Errors
/// [`RollUpError`].
pub fn roll_up(table: &Table, spec: &RollUpSpec, task: &Task) -> Result<RollUp, RollUpError> {
    let columns = resolve(spec, table.order_columns(), &table.fields)?;
    let until = moment_of(spec.snapshot.as_deref())?;
    let read = Read::new(table, &columns, until);
    let mut ledger = Ledger::default();
    task.begin("order lines", table.rows as u64);
    for start in (0..table.rows).step_by(STRETCH * WAVE) {
        task.check()?;
        let rows = (table.rows - start).min(STRETCH * WAVE);
        let sorted =
            |range: std::ops::Range<usize>| read.lines(start + range.start..start + range.end).sorted(spec.returns, 0);
        ledger.take(&fold::chunks_of(STRETCH, rows, sorted));
        task.advance(rows as u64);
    }
    finish(ledger, &columns, spec, until, task)
}

/// The columns of a table, ready to be cut into stretches.
struct Read<'a> {
    customer: Keys,
    order: Option<Keys>,
    date: &'a [f64],
    quantity: Option<&'a [f64]>,
    price: Option<&'a [f64]>,
    amount: Option<&'a [f64]>,
    labels: [Option<Coded>; LABELS],
    until: f64,
}

impl<'a> Read<'a> {
    fn new(table: &'a Table, columns: &OrderColumns, until: Option<f64>) -> Self {
        let field = |name: &Option<String>| name.as_deref().and_then(|name| table.field(name));
        let numbers = |name| field(name).and_then(|field| field.column.values.numbers());
        let keys = |name| field(name).map(|field| Keys::of_column(&field.column.values));
        let label = |name| field(name).map(|field| labels(&field.column.values));
        Self {
            customer: keys(&columns.customer).unwrap_or_default(),
            order: keys(&columns.order),
            date: numbers(&columns.date).unwrap_or_default(),
            quantity: numbers(&columns.quantity),
            price: numbers(&columns.price),
            amount: numbers(&columns.amount),
            labels: [label(&columns.category), label(&columns.channel), label(&columns.kind)],
            until: until.unwrap_or(f64::INFINITY),
        }
    }

    fn lines(&self, rows: std::ops::Range<usize>) -> Lines<'_> {
        let cut = |values: Option<&'a [f64]>| values.map(|values| &values[rows.clone()]);
        let label = |place: usize| {
            self.labels[place].as_ref().map(|coded| (&coded.codes[rows.clone()], coded.levels.as_slice()))
        };
        Lines {
            customer: &self.customer.of[rows.clone()],
            names: Some(&self.customer),
            date: &self.date[rows.clone()],
            order: self.order.as_ref().map(|keys| &keys.of[rows.clone()]),
            quantity: cut(self.quantity),
            price: cut(self.price),
            amount: cut(self.amount),
            until: self.until,
            labels: [label(0), label(1), label(2)],
        }
    }
}

/// A column as labels: numbers are codes that name something.
fn labels(values: &Values) -> Coded {
    match values {
        Values::Text(coded) => coded.clone(),
        Values::Number(numbers) => {
            let texts: Vec<Option<String>> =
                numbers.iter().map(|number| (!number.is_nan()).then(|| number.to_string())).collect();
            Coded::from_texts(texts.iter().map(Option::as_deref))
        }
    }
}

/// The seconds since 1970 of a moment as people write it.
///
/// # Errors
/// [`RollUpError::NoDate`].
pub fn moment_of(text: Option<&str>) -> Result<Option<f64>, RollUpError> {
    let Some(text) = text.map(str::trim) else { return Ok(None) };
    let times = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];
    let time = times.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().and_then(|day| day.and_hms_opt(0, 0, 0));
    let moment = time.or_else(day).ok_or_else(|| RollUpError::NoDate(text.to_owned()))?;
    Ok(Some(moment.and_utc().timestamp() as f64))
}

#[cfg(test)]
mod tests;
