//! Orders over time: how many and for how much, in days, weeks or months.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime};

use crate::plot::scale::extent;
use crate::recipe::rfm::{Returns, Worth};
use crate::table::{Key, Keys, OrderColumns, Table};
use crate::task::{Cancelled, Task};

const DAY: f64 = 86_400.0;
/// Up to so many days are shown one by one …
const DAYS: f64 = 45.0;
/// … up to so many week by week, more month by month.
const WEEKS: f64 = 800.0;
/// Lines between two looks at the task.
const CHUNK: usize = 1 << 14;

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// A day.
    Day,
    /// A week from Monday on.
    Week,
    /// A month.
    Month,
}

/// What was ordered in a period.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Period {
    /// Its first moment, in seconds.
    pub from: f64,
    /// The first moment after it.
    pub to: f64,
    /// Different orders: a customer's lines of one order, or of one moment where orders have no number.
    pub orders: usize,
    /// Different customers, 0 where the lines name none.
    pub customers: usize,
    /// What its lines come to.
    pub value: f64,
}

/// The orders of a table of order lines.
#[derive(Debug, Clone, PartialEq)]
pub struct OverTime {
    /// How long a period is.
    pub every: Every,
    /// All periods from the first line to the last, those without orders too.
    pub periods: Vec<Period>,
    /// The first and the last moment of a line that counts.
    pub span: (f64, f64),
    /// Lines that count.
    pub lines: usize,
    /// Lines that count for nothing: given back, without a date or a customer.
    pub left_out: usize,
    /// Whether lines say what they come to; else a line's value is 1.
    pub has_value: bool,
}

impl OverTime {
    /// No orders at all.
    pub fn none() -> Self {
        Self { every: Every::Day, periods: Vec::new(), span: (0.0, 0.0), lines: 0, left_out: 0, has_value: false }
    }
}

/// The orders by period; lines count as in a roll-up ([`Worth`]). `None` where no line has a date.
///
/// # Errors
/// [`Cancelled`] where the task is.
pub fn over_time(
    table: &Table,
    columns: &OrderColumns,
    returns: Returns,
    task: &Task,
) -> Result<Option<OverTime>, Cancelled> {
    let lines = Lines::new(table, columns);
    let counting = lines.counting(table.rows, returns, task)?;
    let Some((first, last)) = extent(counting.iter().map(|&(row, _)| lines.date[row])) else { return Ok(None) };
    let every = Every::over(first, last);
    let begin = every.index(first);
    let mut periods: Vec<Period> = (begin..=every.index(last)).map(|index| every.period(index)).collect();
    let (mut orders, mut customers) = (Vec::with_capacity(counting.len()), Vec::with_capacity(counting.len()));
    for (at, &(row, value)) in counting.iter().enumerate() {
        if at % CHUNK == 0 {
            task.check()?;
        }
        let place = (every.index(lines.date[row]) - begin) as usize;
        periods[place].value += value;
        orders.push((place, lines.order(row)));
        customers.extend(lines.customer.as_ref().map(|keys| (place, keys.of[row].mixed())));
    }
    different(orders).for_each(|place| periods[place].orders += 1);
    different(customers).for_each(|place| periods[place].customers += 1);
    Ok(Some(OverTime {
        every,
        span: (first, last),
        lines: counting.len(),
        left_out: table.rows - counting.len(),
        has_value: lines.price.is_some() || lines.amount.is_some(),
        periods,
    }))
}

/// The period of each different thing in it.
fn different(mut found: Vec<(usize, u64)>) -> impl Iterator<Item = usize> {
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|(place, _)| place)
}

struct Lines<'a> {
    customer: Option<Keys>,
    order: Option<Keys>,
    date: &'a [f64],
    quantity: Option<&'a [f64]>,
    price: Option<&'a [f64]>,
    amount: Option<&'a [f64]>,
}

impl<'a> Lines<'a> {
    fn new(table: &'a Table, columns: &OrderColumns) -> Self {
        let values = |name: &Option<String>| Some(&table.field(name.as_deref()?)?.column.values);
        let numbers = |name| values(name).and_then(|values| values.numbers());
        let keys = |name| values(name).map(Keys::of_column);
        Self {
            customer: keys(&columns.customer),
            order: keys(&columns.order),
            date: numbers(&columns.date).unwrap_or_default(),
            quantity: numbers(&columns.quantity),
            price: numbers(&columns.price),
            amount: numbers(&columns.amount),
        }
    }

    /// The lines that count, with what they come to.
    fn counting(&self, rows: usize, returns: Returns, task: &Task) -> Result<Vec<(usize, f64)>, Cancelled> {
        let mut found = Vec::with_capacity(rows);
        task.begin("order lines", rows as u64);
        for row in 0..rows.min(self.date.len()) {
            if row % CHUNK == 0 {
                task.check()?;
                task.advance(CHUNK.min(rows - row) as u64);
            }
            let nobody = self.customer.as_ref().is_some_and(|keys| keys.of[row] == Key::MISSING);
            if let (Worth::Counts(value), false) = (self.worth(row, returns), nobody || self.date[row].is_nan()) {
                found.push((row, value));
            }
        }
        Ok(found)
    }

    fn worth(&self, row: usize, returns: Returns) -> Worth {
        let at = |column: Option<&[f64]>| column.map(|values| values[row]);
        Worth::of(at(self.quantity), at(self.price), at(self.amount), returns)
    }

    /// What tells orders apart.
    fn order(&self, row: usize) -> u64 {
        let named = self.order.as_ref().map(|keys| keys.of[row]).filter(|&key| key != Key::MISSING);
        let order = named.unwrap_or_else(|| Key::of_number(self.date[row])).mixed();
        let customer = self.customer.as_ref().map_or(0, |keys| keys.of[row].mixed());
        order ^ customer.rotate_left(23)
    }
}

impl Every {
    fn over(first: f64, last: f64) -> Self {
        match (last - first) / DAY {
            days if days <= DAYS => Self::Day,
            days if days <= WEEKS => Self::Week,
            _ => Self::Month,
        }
    }

    /// `day`, `week` or `month`.
    pub fn title(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// Days since 1970, weeks since its first Monday, months since year 0.
    fn index(self, seconds: f64) -> i64 {
        let day = (seconds / DAY).floor() as i64;
        match self {
            Self::Day => day,
            // 1970 began on a Thursday.
            Self::Week => (day + 3).div_euclid(7),
            Self::Month => DateTime::from_timestamp(day * DAY as i64, 0)
                .map_or(0, |date| i64::from(date.year()) * 12 + i64::from(date.month0())),
        }
    }

    fn begin(self, index: i64) -> f64 {
        match self {
            Self::Day => index as f64 * DAY,
            Self::Week => (index * 7 - 3) as f64 * DAY,
            Self::Month => {
                let (year, month) = (index.div_euclid(12) as i32, index.rem_euclid(12) as u32 + 1);
                let first = NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default();
                first.and_time(NaiveTime::MIN).and_utc().timestamp() as f64
            }
        }
    }

    fn period(self, index: i64) -> Period {
        Period { from: self.begin(index), to: self.begin(index + 1), ..Period::default() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::plot::time::date;
    use crate::table::{SourceSpec, read};

    fn of(text: &str) -> OverTime {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let table = read(&SourceSpec::new(file.path()), None, &Task::default()).unwrap();
        let columns = OrderColumns {
            customer: Some("customer".into()),
            date: Some("day".into()),
            order: Some("order".into()),
            quantity: Some("quantity".into()),
            price: Some("price".into()),
            ..OrderColumns::default()
        };
        over_time(&table, &columns, Returns::LeaveOut, &Task::default()).unwrap().unwrap()
    }

    const LINES: &str = "order,customer,day,quantity,price\nA1,c1,2024-01-01,2,1.50\nA1,c1,2024-01-01,1,4.00\n\
                         A2,c2,2024-01-07,1,2.00\nA3,c1,2024-01-08,1,8.00\nA4,,2024-01-08,1,9.00\n\
                         A5,c2,2024-01-22,-1,2.00\nA6,c2,2024-03-04,4,0.25\n";

    #[test]
    fn weeks_begin_on_mondays_and_empty_ones_are_there() {
        let found = of(LINES);
        assert_eq!((found.every, found.lines, found.left_out, found.has_value), (Every::Week, 5, 2, true));
        let told: Vec<(usize, usize, f64)> =
            found.periods.iter().map(|of| (of.orders, of.customers, of.value)).collect();
        assert_eq!(told[..3], [(2, 2, 9.0), (1, 1, 8.0), (0, 0, 0.0)]);
        assert_eq!((told.len(), told[9]), (10, (1, 1, 1.0)));
        assert_eq!(
            (date(found.periods[0].from), date(found.periods[0].to)),
            ("2024-01-01".into(), "2024-01-08".into())
        );
    }

    #[test]
    fn the_span_decides_how_long_a_period_is() {
        let days = of(&LINES.replace("2024-03-04", "2024-01-31"));
        assert_eq!((days.every, days.periods.len(), days.periods[6].orders), (Every::Day, 31, 1));
        let months = of(&LINES.replace("2024-03-04", "2027-02-04"));
        assert_eq!((months.every, months.periods.len()), (Every::Month, 38));
        let last = months.periods[37];
        assert_eq!((date(last.from), date(last.to), last.value), ("2027-02-01".into(), "2027-03-01".into(), 1.0));
    }
}
