//! `rfm`: order lines or events rolled up to one row a customer, ready for `segmenta FILE`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Verdict;
use super::args::Format;
use super::grid::{self, Grid, Side};
use super::out::Output;
use super::rollup::{self, RfmArgs};
use super::source::{self, SCHEMA_VERSION};
use super::street::Street;
use crate::engine::rollups::{self, Keep, RolledUp};
use crate::error::Result;
use crate::matrix::Values;
use crate::plot::number;
use crate::recipe::rfm::{GRID, OTHERS, RollUp, Rolled};
use crate::report;
use crate::table::Kind;

/// Customers that the table for reading shows.
const SHOWN: usize = 20;

/// Rolls a file of order lines up.
pub fn rfm(street: &Street, args: &RfmArgs) -> Result<Verdict> {
    let spec = rollup::spec(&args.rollup)?;
    let parquet = args.output.output.as_deref().filter(|file| args.output.format.is_none() && is_parquet(file));
    let output = if parquet.is_some() { Output::printed(&args.output) } else { Output::of(&args.output)? };
    let source = args.source.of(&args.file)?;
    let keep = if args.rollup.no_cache { Keep::nowhere() } else { Keep::of_user() };
    let done = street.work(move |task| rollups::roll_up(&source, &spec, &keep, task))?;
    match parquet {
        Some(file) => {
            let table = done.rolled.table(done.source.clone());
            report::write_atomic(file, |out| report::write_parquet(&table, out))?;
        }
        None => output.write(&written(&done, &output)?)?,
    }
    street.say.line(&definitions(&done));
    Ok(Verdict::Fine)
}

fn is_parquet(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet") || ending.eq_ignore_ascii_case("pq"))
}

fn written(done: &RolledUp, output: &Output) -> Result<String> {
    let rolled = &done.rolled;
    Ok(match output.format {
        Format::Json => source::json(&json_of(done))?,
        Format::Csv => grid::csv(&rolled.names(), (0..rolled.customers()).map(|row| rolled.row(row))),
        Format::Md => grid_of(rolled, rolled.customers()).markdown(),
        Format::Table => text(rolled, output.width()),
    })
}

#[derive(Serialize)]
struct RfmJson<'a> {
    schema_version: u32,
    source: Value,
    customer: &'a str,
    columns: BTreeMap<&'a str, &'a str>,
    snapshot: String,
    lines_used: u64,
    lines_without_customer: u64,
    lines_not_positive: u64,
    lines_later: u64,
    lines_broken: u64,
    models: Option<crate::recipe::clv::Models>,
    definitions: Map<String, Value>,
    customers: Vec<Map<String, Value>>,
}

fn json_of(done: &RolledUp) -> RfmJson<'_> {
    let RolledUp { rolled, source, .. } = done;
    let counts = rolled.counts;
    RfmJson {
        schema_version: SCHEMA_VERSION,
        source: json!({
            "path": source.path.display().to_string(), "rows": counts.lines, "fingerprint": source.fingerprint,
        }),
        customer: rolled.customer(),
        columns: rolled.columns.iter().collect(),
        snapshot: moment(rolled.snapshot),
        lines_used: counts.used,
        lines_without_customer: counts.without_customer,
        lines_not_positive: counts.not_positive,
        lines_later: counts.later,
        lines_broken: counts.broken,
        models: rolled.models,
        definitions: rolled.features.iter().map(|of| (of.name.clone(), json!(of.meaning))).collect(),
        customers: (0..rolled.customers()).map(|row| customer(rolled, row)).collect(),
    }
}

fn customer(rolled: &RollUp, row: usize) -> Map<String, Value> {
    let id = rolled.row_id(row);
    let value = |of: &Rolled| match &of.values {
        Values::Text(coded) => json!(coded.get(row)),
        Values::Number(numbers) if numbers[row].is_nan() => Value::Null,
        Values::Number(numbers) if of.kind == Kind::Whole => json!(numbers[row] as i64),
        Values::Number(numbers) => json!(numbers[row]),
    };
    let features = rolled.features.iter().map(|of| (of.name.clone(), value(of)));
    std::iter::once(("id".to_owned(), json!(id))).chain(features).collect()
}

fn grid_of(rolled: &RollUp, rows: usize) -> Grid {
    let side = |of: &Rolled| if of.kind == Kind::Text { Side::Left } else { Side::Right };
    let heads = std::iter::once(Side::Left).chain(rolled.features.iter().map(side));
    let mut grid = Grid::new(rolled.names().into_iter().zip(heads));
    for row in 0..rows.min(rolled.customers()) {
        let cells = rolled.features.iter().map(|of| cell(of, row));
        grid.push(std::iter::once(rolled.row_id(row)).chain(cells).collect());
    }
    grid
}

/// Counts and days whole, money with cents, shares and the like with four digits.
fn cell(of: &Rolled, row: usize) -> String {
    match &of.values {
        Values::Text(coded) => coded.get(row).unwrap_or_default().to_owned(),
        Values::Number(numbers) => match numbers[row] {
            value if value.is_nan() => "–".to_owned(),
            value if of.kind == Kind::Whole && value >= 0.0 => number::whole(value as usize),
            value if matches!(of.name.as_str(), "monetary" | "order_value" | "clv" | "purchase_value") => {
                number::fixed(value, 2)
            }
            value => number::fixed(value, 4),
        },
    }
}

fn text(rolled: &RollUp, width: usize) -> String {
    let mut lines = grid_of(rolled, SHOWN).lines(Some(width));
    if rolled.customers() > SHOWN {
        lines.push(format!("and {} more: -o customers.csv has them all", number::whole(rolled.customers() - SHOWN)));
    }
    if let Some(segments) = segments(rolled) {
        lines.push(String::new());
        lines.extend(segments.lines(Some(width)));
    }
    lines.join("\n") + "\n"
}

/// The named segments with their sizes and means, in the order of the grid.
fn segments(rolled: &RollUp) -> Option<Grid> {
    let named = rolled.feature("rfm_segment")?.values.text()?;
    let base: Vec<&[f64]> = rolled.features.iter().take(3).filter_map(|of| of.values.numbers()).collect();
    let third = &rolled.features.get(2)?.name;
    let heads = ["segment", "customers", "share", "recency", "frequency", third.as_str(), "all of it"];
    let sides = std::iter::once(Side::Left).chain(std::iter::repeat(Side::Right));
    let mut grid = Grid::new(heads.into_iter().zip(sides));
    let all: f64 = base.get(2)?.iter().sum();
    for name in GRID.iter().map(|(name, _)| *name).chain([OTHERS]) {
        let rows: Vec<usize> = (0..rolled.customers()).filter(|&row| named.get(row) == Some(name)).collect();
        if rows.is_empty() {
            continue;
        }
        let sum = |values: &[f64]| rows.iter().map(|&row| values[row]).sum::<f64>();
        let size = rows.len() as f64;
        let mut cells = vec![name.to_owned(), number::whole(rows.len()), percent(size / rolled.customers() as f64)];
        cells.extend(base.iter().map(|values| number::fixed(sum(values) / size, 1)));
        cells.push(percent(sum(base[2]) / all));
        grid.push(cells);
    }
    Some(grid)
}

fn percent(share: f64) -> String {
    format!("{} %", number::fixed(100.0 * share, 1))
}

fn moment(seconds: f64) -> String {
    chrono::DateTime::from_timestamp(seconds as i64, 0).map_or_else(String::new, |time| time.naive_utc().to_string())
}

/// What the figures mean, and what was left out.
fn definitions(done: &RolledUp) -> String {
    let RolledUp { rolled, kept, .. } = done;
    let counts = rolled.counts;
    let whole = |count: u64| number::whole(usize::try_from(count).unwrap_or(usize::MAX));
    let kept = if *kept { " (kept from an earlier time)" } else { "" };
    let columns: Vec<String> = rolled.columns.iter().map(|(what, name)| format!("{what} {name}")).collect();
    let mut lines = vec![
        format!(
            "{} customers from {} of {} lines{kept}.",
            number::whole(rolled.customers()),
            whole(counts.used),
            whole(counts.lines)
        ),
        format!("Columns: {}. Snapshot: {}.", columns.join(", "), moment(rolled.snapshot)),
    ];
    let left = [
        (counts.without_customer, "without a customer or a date"),
        (counts.not_positive, "whose quantity or price is not above 0"),
        (counts.later, "after the snapshot"),
        (counts.broken, "with more or fewer fields than the first line"),
    ];
    let left: Vec<String> =
        left.iter().filter(|(count, _)| *count > 0).map(|(count, why)| format!("{} {why}", whole(*count))).collect();
    if !left.is_empty() {
        lines.push(format!("Left out: {}.", left.join(", ")));
    }
    lines.extend(rolled.features.iter().map(|of| format!("{}: {}.", of.name, of.meaning)));
    lines.join("\n")
}
