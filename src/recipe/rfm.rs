//! Order lines rolled up to one row a customer: recency, frequency, monetary value.

use std::collections::{HashMap, HashSet};

use crate::matrix::{Coded, Values};
use crate::table::{Shape, Table};
use crate::task::{Cancelled, Task};

const DAY: f64 = 86_400.0;

/// One row a customer, ascending by id.
#[derive(Debug, Clone, PartialEq)]
pub struct RollUp {
    /// The name of the customer column.
    pub customer: String,
    /// The customers.
    pub rows: Vec<CustomerRow>,
    /// Lines that were used.
    pub lines_used: usize,
    /// Lines without a customer or a date.
    pub lines_without_customer: usize,
    /// Lines whose quantity or price is not above 0 (cancellations, gifts, corrections).
    pub lines_not_positive: usize,
    /// The moment that recency counts back from: one day after the last line used (seconds since 1970).
    pub snapshot: f64,
}

/// What one customer bought.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerRow {
    /// The customer's id.
    pub id: String,
    /// Whole days (24-hour spans) from the last purchase to the snapshot.
    pub recency: u64,
    /// Distinct orders; distinct moments of purchase where no column names the order.
    pub frequency: usize,
    /// Σ quantity · price, in line order.
    pub monetary: f64,
}

/// Why lines could not be rolled up.
#[derive(Debug, thiserror::Error)]
pub enum RollUpError {
    /// The task was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The table is not one of order lines.
    #[error("these are not order lines: a customer that repeats, a date and an amount are needed")]
    NotOrderLines,
    /// Every line was left out.
    #[error("no line has a customer, a date, and a quantity and price above 0")]
    NothingLeft,
}

impl From<RollUpError> for crate::error::Error {
    fn from(error: RollUpError) -> Self {
        match error {
            RollUpError::Cancelled(cancelled) => cancelled.into(),
            other => Self::failed(other.to_string()).hint("`segmenta inspect FILE` says what the columns are"),
        }
    }
}

/// The columns of a table of order lines.
struct Lines<'a> {
    customer: &'a Values,
    date: &'a [f64],
    order: Option<&'a Values>,
    quantity: Option<&'a [f64]>,
    price: Option<&'a [f64]>,
}

impl<'a> Lines<'a> {
    fn of(table: &'a Table) -> Option<(Self, &'a str)> {
        let Shape::OrderLines { customer, date, order, quantity, price, .. } = &table.shape else { return None };
        let values = |name: &str| table.field(name).map(|field| &field.column.values);
        let numbers = |name: &Option<String>| name.as_deref().and_then(values).and_then(Values::numbers);
        let lines = Self {
            customer: values(customer)?,
            date: values(date)?.numbers()?,
            order: order.as_deref().and_then(values),
            quantity: numbers(quantity),
            price: numbers(price),
        };
        (lines.quantity.is_some() || lines.price.is_some()).then_some((lines, customer))
    }

    /// Quantity times price; a column that is not there counts 1. `None` unless both are above 0.
    fn amount(&self, line: usize) -> Option<f64> {
        let factor = |column: Option<&[f64]>| column.map_or(1.0, |values| values[line]);
        let (quantity, price) = (factor(self.quantity), factor(self.price));
        (quantity > 0.0 && price > 0.0).then_some(quantity * price)
    }

    /// What tells orders apart.
    fn order(&self, line: usize) -> u64 {
        self.order.and_then(|order| identity(order, line)).unwrap_or(self.date[line].to_bits())
    }
}

/// Equal exactly where the values are; `None` where the value is missing.
fn identity(values: &Values, row: usize) -> Option<u64> {
    match values {
        Values::Number(numbers) => (!numbers[row].is_nan()).then(|| numbers[row].to_bits()),
        Values::Text(coded) => (coded.codes[row] != Coded::MISSING).then_some(u64::from(coded.codes[row])),
    }
}

#[derive(Default)]
struct Account {
    first_line: usize,
    last: f64,
    orders: HashSet<u64>,
    monetary: f64,
}

/// Rolls order lines up to one row a customer. Lines without a customer or a date, and lines whose
/// quantity or price is not above 0, are left out and counted.
///
/// # Errors
/// [`RollUpError`].
pub fn roll_up(table: &Table, task: &Task) -> Result<RollUp, RollUpError> {
    let (lines, customer) = Lines::of(table).ok_or(RollUpError::NotOrderLines)?;
    let mut accounts: HashMap<u64, Account> = HashMap::new();
    let (mut without, mut not_positive) = (0, 0);
    task.begin("order lines", table.rows as u64);
    for line in 0..table.rows {
        if line % 65_536 == 0 {
            task.check()?;
            task.advance(65_536.min(table.rows - line) as u64);
        }
        let id = identity(lines.customer, line).filter(|_| !lines.date[line].is_nan());
        match (id, lines.amount(line)) {
            (None, _) => without += 1,
            (_, None) => not_positive += 1,
            (Some(id), Some(amount)) => {
                let account = accounts.entry(id).or_insert_with(|| Account {
                    first_line: line,
                    last: f64::NEG_INFINITY,
                    ..Account::default()
                });
                account.last = account.last.max(lines.date[line]);
                account.orders.insert(lines.order(line));
                account.monetary += amount;
            }
        }
    }
    let snapshot = accounts.values().map(|account| account.last).fold(f64::NEG_INFINITY, f64::max) + DAY;
    if !snapshot.is_finite() {
        return Err(RollUpError::NothingLeft);
    }
    Ok(RollUp {
        customer: customer.to_owned(),
        rows: sorted_rows(accounts.into_values().collect(), lines.customer, snapshot),
        lines_used: table.rows - without - not_positive,
        lines_without_customer: without,
        lines_not_positive: not_positive,
        snapshot,
    })
}

/// Ascending by id: numbers as numbers, texts as texts.
fn sorted_rows(mut accounts: Vec<Account>, customer: &Values, snapshot: f64) -> Vec<CustomerRow> {
    match customer {
        Values::Number(ids) => accounts.sort_by(|a, b| ids[a.first_line].total_cmp(&ids[b.first_line])),
        Values::Text(ids) => accounts.sort_by(|a, b| ids.get(a.first_line).cmp(&ids.get(b.first_line))),
    }
    let row = |account: Account| CustomerRow {
        id: match customer {
            Values::Number(ids) => ids[account.first_line].to_string(),
            Values::Text(ids) => ids.get(account.first_line).unwrap_or_default().to_owned(),
        },
        recency: ((snapshot - account.last) / DAY).floor() as u64,
        frequency: account.orders.len(),
        monetary: account.monetary,
    };
    accounts.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::matrix::Column;
    use crate::table::{Field, Kind, Role, SourceInfo};

    fn field(name: &str, kind: Kind, values: Values) -> Field {
        let column = Column { name: name.into(), values };
        Field { role: Role::Describe, ..Field::of(column, kind) }
    }

    fn lines() -> Table {
        let days = [0.0, 1.5, 1.5, 10.0, 3.0, 9.0];
        let texts = |all: [&str; 6]| Values::Text(Coded::from_texts(all.map(|t| (!t.is_empty()).then_some(t))));
        Table {
            source: SourceInfo { path: "orders.csv".into(), ..SourceInfo::default() },
            shape: Shape::OrderLines {
                customer: "customer".into(),
                customers: 2,
                date: "date".into(),
                order: Some("order".into()),
                quantity: Some("quantity".into()),
                price: Some("price".into()),
            },
            fields: vec![
                field("customer", Kind::Text, texts(["b", "a", "a", "a", "", "b"])),
                field("date", Kind::Date, Values::Number(days.map(|day| day * DAY).to_vec())),
                field("order", Kind::Text, texts(["o1", "o2", "o2", "o3", "o4", "o5"])),
                field("quantity", Kind::Whole, Values::Number(vec![2.0, 1.0, 3.0, 1.0, 1.0, -1.0])),
                field("price", Kind::Number, Values::Number(vec![5.0, 1.5, 2.0, 4.0, 9.0, 5.0])),
            ],
            rows: 6,
        }
    }

    #[test]
    fn order_lines_become_customers() {
        let rolled = roll_up(&lines(), &Task::default()).unwrap();
        let row = |id: &str, recency, frequency, monetary| CustomerRow { id: id.into(), recency, frequency, monetary };
        assert_eq!(rolled.rows, [row("a", 1, 2, 11.5), row("b", 11, 1, 10.0)]);
        assert_eq!((rolled.lines_used, rolled.lines_without_customer, rolled.lines_not_positive), (4, 1, 1));
        assert!((rolled.snapshot - 11.0 * DAY).abs() < 1e-9);
    }

    #[test]
    fn customers_are_not_order_lines_and_nothing_left_is_said() {
        let mut table = lines();
        table.shape = Shape::Customers;
        assert!(matches!(roll_up(&table, &Task::default()), Err(RollUpError::NotOrderLines)));
        let mut table = lines();
        table.fields[3].column.values = Values::Number(vec![-1.0; 6]);
        assert!(matches!(roll_up(&table, &Task::default()), Err(RollUpError::NothingLeft)));
    }
}
