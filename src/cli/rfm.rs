//! `rfm`: order lines rolled up to one row a customer, ready for `segmenta FILE`.

use serde::Serialize;

use super::Verdict;
use super::args::{FileArgs, Format};
use super::grid::{self, Grid, Side};
use super::out::Output;
use super::source::{self, SCHEMA_VERSION, SourceJson};
use super::street::Street;
use crate::engine::steps;
use crate::error::Result;
use crate::plot::number;
use crate::recipe::rfm::{CustomerRow, RollUp};
use crate::table::Table;

/// Customers that the table for reading shows.
const SHOWN: usize = 20;

#[derive(Serialize)]
struct RfmJson<'a> {
    schema_version: u32,
    source: SourceJson,
    customer: &'a str,
    lines_used: usize,
    lines_without_customer: usize,
    lines_not_positive: usize,
    customers: Vec<CustomerJson<'a>>,
}

#[derive(Serialize)]
struct CustomerJson<'a> {
    id: &'a str,
    recency: u64,
    frequency: usize,
    monetary: f64,
}

/// Rolls a file of order lines up.
pub fn rfm(street: &Street, args: &FileArgs) -> Result<Verdict> {
    let output = Output::of(&args.output)?;
    let loaded = street.load(args.source.of(&args.file)?)?;
    let table = std::sync::Arc::clone(&loaded.table);
    let rolled = street.work(move |task| steps::roll_up(&table, task))?;
    output.write(&match output.format {
        Format::Json => source::json(&json(&loaded.table, &rolled))?,
        Format::Csv => csv(&rolled),
        Format::Md => grid_of(&rolled, rolled.rows.len()).markdown(),
        Format::Table => text(&rolled, output.width()),
    })?;
    street.say.line(&definition(&rolled));
    Ok(Verdict::Fine)
}

fn json<'a>(table: &Table, rolled: &'a RollUp) -> RfmJson<'a> {
    let customer = |row: &'a CustomerRow| CustomerJson {
        id: &row.id,
        recency: row.recency,
        frequency: row.frequency,
        monetary: row.monetary,
    };
    RfmJson {
        schema_version: SCHEMA_VERSION,
        source: SourceJson::of(table),
        customer: &rolled.customer,
        lines_used: rolled.lines_used,
        lines_without_customer: rolled.lines_without_customer,
        lines_not_positive: rolled.lines_not_positive,
        customers: rolled.rows.iter().map(customer).collect(),
    }
}

fn csv(rolled: &RollUp) -> String {
    let row = |row: &CustomerRow| {
        vec![row.id.clone(), row.recency.to_string(), row.frequency.to_string(), row.monetary.to_string()]
    };
    grid::csv(&[&rolled.customer, "recency", "frequency", "monetary"], rolled.rows.iter().map(row))
}

fn grid_of(rolled: &RollUp, rows: usize) -> Grid {
    let heads = [rolled.customer.as_str(), "recency", "frequency", "monetary"];
    let mut grid = Grid::new(heads.iter().enumerate().map(|(column, &head)| (head, side(column))));
    for row in rolled.rows.iter().take(rows) {
        let counts = [number::whole(row.recency as usize), number::whole(row.frequency)];
        let [recency, frequency] = counts;
        grid.push(vec![row.id.clone(), recency, frequency, number::fixed(row.monetary, 2)]);
    }
    grid
}

fn side(column: usize) -> Side {
    if column == 0 { Side::Left } else { Side::Right }
}

fn text(rolled: &RollUp, width: usize) -> String {
    let mut lines = grid_of(rolled, SHOWN).lines(Some(width));
    if rolled.rows.len() > SHOWN {
        lines.push(format!("and {} more: -o customers.csv has them all", number::whole(rolled.rows.len() - SHOWN)));
    }
    lines.join("\n") + "\n"
}

/// What the figures mean, and what was left out.
fn definition(rolled: &RollUp) -> String {
    format!(
        "{} customers from {} order lines; left out: {} without a customer or date, {} whose quantity or price is not above 0.\n\
         recency: whole days of 24 hours from the last purchase to one day after the last line used; \
         frequency: distinct orders; monetary: the sum of quantity times price.",
        number::whole(rolled.rows.len()),
        number::whole(rolled.lines_used),
        number::whole(rolled.lines_without_customer),
        number::whole(rolled.lines_not_positive),
    )
}
