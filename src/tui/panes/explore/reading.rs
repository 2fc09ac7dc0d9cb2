//! The cursor on a chart: what a bar holds, in words, and which rows.

use super::column::shown;
use crate::explore::{OverTime, Period, Summary};
use crate::matrix::Values;
use crate::plot::{number, time};
use crate::table::{Field, Kind, Table};
use crate::tui::panes::parts::rows::{self, between, named};
use crate::tui::panes::parts::rows_here;

/// A place of a chart: across, and from the top down.
pub type Mark = (usize, usize);

/// How many bars the chart of a column has.
pub fn bars(summary: &Summary) -> usize {
    match (&summary.numbers, &summary.texts) {
        (Some(numbers), _) => numbers.histogram.len(),
        (None, Some(texts)) => texts.levels.len(),
        (None, None) => 0,
    }
}

/// The highest of them.
pub fn highest(summary: &Summary) -> usize {
    let bins = summary.numbers.iter().flat_map(|numbers| &numbers.histogram);
    first_largest(bins.map(|bin| bin.count))
}

/// Where the largest is; of equal ones the first.
pub fn first_largest(counts: impl Iterator<Item = usize>) -> usize {
    counts.enumerate().max_by_key(|&(at, count)| (count, std::cmp::Reverse(at))).map_or(0, |(at, _)| at)
}

/// `40,000 to 60,000: 512 rows, 23.1 %`.
pub fn words(summary: &Summary, bar: usize) -> String {
    let (what, count) = match (&summary.numbers, &summary.texts) {
        (Some(numbers), _) => match numbers.histogram.get(bar) {
            Some(bin) => (range(summary, bin.low, bin.high), bin.count),
            None => return String::new(),
        },
        (None, Some(texts)) => match texts.levels.get(bar) {
            Some(level) => (level.name.clone(), level.count),
            None => return String::new(),
        },
        (None, None) => return String::new(),
    };
    format!("{what}: {}, {}", rows_here::counted(count), number::percent(count as f64 / summary.count.max(1) as f64, 1))
}

/// Whole numbers end before the next bin begins.
fn range(summary: &Summary, low: f64, high: f64) -> String {
    let whole = matches!(summary.kind, Kind::Whole | Kind::Year);
    match whole {
        true if high - low <= 1.0 => shown(summary.kind, low),
        true => format!("{} to {}", shown(summary.kind, low), shown(summary.kind, high - 1.0)),
        false => format!("{} to {}", shown(summary.kind, low), shown(summary.kind, high)),
    }
}

/// The rows of the table that a bar stands for.
pub fn rows(table: &Table, summary: &Summary, bar: usize) -> Vec<usize> {
    let Some(field) = table.field(&summary.column) else { return Vec::new() };
    match (&summary.numbers, &summary.texts) {
        (Some(numbers), _) => {
            let Some(bin) = numbers.histogram.get(bar) else { return Vec::new() };
            let is_last = bar + 1 == numbers.histogram.len();
            let inside = |value: f64| value >= bin.low && (value < bin.high || (is_last && value <= bin.high));
            where_number(field, inside)
        }
        (None, Some(texts)) => texts.levels.get(bar).map_or_else(Vec::new, |level| of_level(field, &level.name)),
        (None, None) => Vec::new(),
    }
}

/// The rows of a bar as an expression, where one can say it.
pub fn expression(table: &Table, summary: &Summary, bar: usize) -> Option<String> {
    let field = table.field(&summary.column)?;
    match (&summary.numbers, &summary.texts) {
        (Some(numbers), _) => {
            let bin = numbers.histogram.get(bar)?;
            let end = if bar + 1 == numbers.histogram.len() { "<=" } else { "<" };
            between(field, (bin.low, bin.high), end)
        }
        (None, Some(texts)) => {
            let level = texts.levels.get(bar).filter(|_| field.personal.is_none())?;
            let is_number = field.yes_no.is_none() && field.column.values.numbers().is_some();
            let value = if is_number { level.name.clone() } else { rows::text(&level.name) };
            Some(format!("{} = {value}", named(field.name())))
        }
        (None, None) => None,
    }
}

/// The rows whose number is so.
pub fn where_number(field: &Field, is: impl Fn(f64) -> bool) -> Vec<usize> {
    let values = field.column.values.numbers().unwrap_or_default();
    values.iter().enumerate().filter(|(_, value)| is(**value)).map(|(row, _)| row).collect()
}

fn of_level(field: &Field, name: &str) -> Vec<usize> {
    match &field.column.values {
        Values::Text(coded) => {
            let is: Vec<bool> = coded.levels.iter().map(|level| field.discreet(level) == name).collect();
            let codes = coded.codes.iter().enumerate();
            codes.filter(|(_, code)| is.get(**code as usize) == Some(&true)).map(|(row, _)| row).collect()
        }
        Values::Number(_) => {
            let yes = field.yes_no.as_ref().map_or("1", |(_, yes)| yes.as_str()) == name;
            where_number(field, |value| value == f64::from(yes))
        }
    }
}

/// `week of 2011-11-14: 669 orders of 569 customers, 312,004 in value`.
pub fn period_words(found: &OverTime, at: usize) -> String {
    let Some(of) = found.periods.get(at) else { return String::new() };
    let who = if of.customers > 0 { format!(" of {} customers", number::whole(of.customers)) } else { String::new() };
    let value = if found.has_value { format!(", {} in value", number::fixed(of.value, 0)) } else { String::new() };
    format!("{} of {}: {} orders{who}{value}", found.every.title(), time::date(of.from), number::whole(of.orders))
}

/// The lines of a period, where the table's rows are lines, and the expression that holds for them.
pub fn period_rows(table: &Table, of: &Period) -> (Vec<usize>, Option<String>) {
    let date = table.order_columns().date;
    let Some(field) = date.as_deref().and_then(|name| table.field(name)) else { return (Vec::new(), None) };
    (where_number(field, |at| at >= of.from && at < of.to), between(field, (of.from, of.to), "<"))
}
