//! `explore`: summaries, histograms and correlations of the columns.

use std::sync::Arc;

use serde::Serialize;

use super::args::{ExploreArgs, Format};
use super::grid::{self, Grid, Side};
use super::out::Output;
use super::source::{self, SCHEMA_VERSION, SourceJson};
use super::street::Street;
use super::{Verdict, inspect};
use crate::engine::looking::{self, Looking};
use crate::engine::steps;
use crate::error::Result;
use crate::explore::{Correlation, Exploration, Numbers, Summary, Tendency};
use crate::matrix::Labels;
use crate::plot::{bars, number};
use crate::recipe::Prepared;
use crate::table::{Kind, Role, SourceSpec, Table};

/// Correlations that are told in words.
const TOLD: usize = 8;
/// Below this nobody need hear of a correlation.
const WEAKEST: f64 = 0.3;
const SPARK: usize = 10;

/// Shows what the columns look like.
pub fn explore(street: &Street, args: &ExploreArgs) -> Result<Verdict> {
    let of = &args.of;
    let output = Output::of(&of.output)?;
    let source = of.source.of(&of.file)?;
    let (whole, run) = match asks_for_segments(args, &source)? {
        true => studied(street, source, args)?,
        false => (street.load(source)?.table, None),
    };
    let (table, rows) = (Arc::clone(&whole), args.rows.clone());
    let (table, exploration, tendency) = street.work(move |task| {
        let table = some_rows(table, run, rows)?;
        let (exploration, tendency) = (steps::explore(&table, task)?, steps::tendency(&table, task)?);
        Ok((table, exploration, tendency))
    })?;
    if table.rows < whole.rows && output.format == Format::Table {
        eprintln!("{} of {} rows", number::whole(table.rows), number::whole(whole.rows));
    }
    output.write(&match output.format {
        Format::Json => source::json(&json(&table, &exploration, tendency.as_ref()))?,
        Format::Csv => csv(&exploration),
        Format::Md => summaries(&exploration).markdown(),
        Format::Table => text(&exploration, tendency.as_ref(), output.width()),
    })?;
    Ok(Verdict::Fine)
}

/// Whether the rows may be those of a segment, or a study is asked for by name.
fn asks_for_segments(args: &ExploreArgs, source: &SourceSpec) -> Result<bool> {
    if args.run.is_some() || args.study.recipe.is_some() {
        return Ok(true);
    }
    let Some(rows) = &args.rows else { return Ok(false) };
    Ok(looking::names_segment_beside(rows, &steps::preview(source)?.columns))
}

/// A matrix and the labels of its rows.
type Segmented = Option<(Arc<Prepared>, Arc<Labels>)>;

/// The table with the columns that the recipe makes, and, where the rows name the segment, those of the run.
fn studied(street: &Street, source: SourceSpec, args: &ExploreArgs) -> Result<(Arc<Table>, Segmented)> {
    let ready = street.ready(source, &args.study)?;
    let table = ready.prepared.table.clone().unwrap_or_else(|| Arc::clone(&ready.loaded.table));
    let named = args.rows.as_deref().is_some_and(|rows| looking::names_segment(rows, &table));
    if !named {
        return Ok((table, None));
    }
    let studied = street.study(ready)?;
    let (run, _) = street.profile(&studied, args.run.as_deref())?;
    let prepared = &studied.ready.prepared;
    let prepared = prepared.sample.as_ref().map_or_else(|| Arc::clone(prepared), |sample| Arc::clone(&sample.full));
    Ok((table, Some((prepared, Arc::clone(&run.labels)))))
}

/// The rows for which the expression holds.
fn some_rows(table: Arc<Table>, run: Segmented, expression: Option<String>) -> Result<Arc<Table>> {
    let Some(expression) = expression else { return Ok(table) };
    let looked = looking::look(&Looking { expression, table: Arc::clone(&table), run })?;
    Ok(Arc::new(table.taken(&looked.rows)))
}

#[derive(Serialize)]
struct ExploreJson<'a> {
    schema_version: u32,
    source: SourceJson,
    columns: Vec<SummaryJson<'a>>,
    correlation: CorrelationJson<'a>,
    /// Null where there are no numeric features.
    tendency: Option<TendencyJson<'a>>,
}

#[derive(Serialize)]
struct TendencyJson<'a> {
    hopkins: f64,
    sample: usize,
    rows: usize,
    features: &'a [String],
}

#[derive(Serialize)]
struct SummaryJson<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: Kind,
    role: Role,
    count: usize,
    missing: usize,
    distinct: usize,
    numbers: Option<NumbersJson>,
    levels: Option<Vec<LevelJson<'a>>>,
}

#[derive(Serialize)]
struct NumbersJson {
    mean: f64,
    sd: f64,
    min: f64,
    p5: f64,
    q1: f64,
    median: f64,
    q3: f64,
    p95: f64,
    max: f64,
    skew: f64,
    outliers: usize,
    histogram: Vec<BinJson>,
}

#[derive(Serialize)]
struct BinJson {
    low: f64,
    high: f64,
    count: usize,
}

#[derive(Serialize)]
struct LevelJson<'a> {
    name: &'a str,
    count: usize,
}

#[derive(Serialize)]
struct CorrelationJson<'a> {
    columns: &'a [String],
    /// One list a row; null where a column is constant.
    values: Vec<&'a [f64]>,
}

fn json<'a>(table: &Table, exploration: &'a Exploration, tendency: Option<&'a Tendency>) -> ExploreJson<'a> {
    let correlation = &exploration.correlation;
    ExploreJson {
        schema_version: SCHEMA_VERSION,
        source: SourceJson::of(table),
        columns: exploration.summaries.iter().map(summary).collect(),
        correlation: CorrelationJson {
            columns: &correlation.columns,
            values: correlation.values.chunks(correlation.columns.len().max(1)).collect(),
        },
        tendency: tendency.map(|of| TendencyJson {
            hopkins: of.hopkins,
            sample: of.sample,
            rows: of.rows,
            features: &of.features,
        }),
    }
}

fn summary(of: &Summary) -> SummaryJson<'_> {
    SummaryJson {
        name: &of.column,
        kind: of.kind,
        role: of.role,
        count: of.count,
        missing: of.missing,
        distinct: of.distinct,
        numbers: of.numbers.as_ref().map(numbers),
        levels: of.texts.as_ref().map(|texts| {
            texts.levels.iter().map(|level| LevelJson { name: &level.name, count: level.count }).collect()
        }),
    }
}

fn numbers(of: &Numbers) -> NumbersJson {
    NumbersJson {
        mean: of.mean,
        sd: of.sd,
        min: of.min,
        p5: of.p5,
        q1: of.q1,
        median: of.median,
        q3: of.q3,
        p95: of.p95,
        max: of.max,
        skew: of.skew,
        outliers: of.outliers,
        histogram: of.histogram.iter().map(|bin| BinJson { low: bin.low, high: bin.high, count: bin.count }).collect(),
    }
}

fn csv(exploration: &Exploration) -> String {
    const HEAD: [&str; 14] = [
        "column", "type", "role", "count", "missing", "distinct", "mean", "sd", "min", "q1", "median", "q3", "max",
        "outliers",
    ];
    grid::csv(&HEAD, exploration.summaries.iter().map(csv_row))
}

fn csv_row(of: &Summary) -> Vec<String> {
    let mut row = vec![of.column.clone(), of.kind.title().to_owned(), inspect::role(of.role).to_owned()];
    row.extend([of.count, of.missing, of.distinct].map(|count| count.to_string()));
    match &of.numbers {
        Some(of) => {
            row.extend([of.mean, of.sd, of.min, of.q1, of.median, of.q3, of.max].map(|number| number.to_string()));
            row.push(of.outliers.to_string());
        }
        None => row.extend(std::iter::repeat_n(String::new(), 8)),
    }
    row
}

fn text(exploration: &Exploration, tendency: Option<&Tendency>, width: usize) -> String {
    let mut lines = summaries(exploration).lines(Some(width));
    let told = correlations(&exploration.correlation);
    if !told.is_empty() {
        lines.push(String::new());
        lines.push("── go together (Pearson's r) ──".to_owned());
        lines.extend(told);
    }
    if let Some(tendency) = tendency {
        lines.extend([String::new(), in_words(tendency)]);
    }
    lines.join("\n") + "\n"
}

/// Hopkins' statistic with its scale.
fn in_words(of: &Tendency) -> String {
    let features = of.features.len();
    format!(
        "tendency to cluster: Hopkins {} (.50 scattered evenly, 1 in groups or few far out), {} probes of {} customers, {features} feature{}",
        number::ratio(of.hopkins, 2),
        number::whole(of.sample),
        number::whole(of.rows),
        if features == 1 { "" } else { "s" }
    )
}

fn summaries(exploration: &Exploration) -> Grid {
    let heads = [("column", Side::Left), ("gaps", Side::Right), ("spread", Side::Left), ("mean", Side::Right)];
    let more = [("sd", Side::Right), ("min", Side::Right), ("median", Side::Right), ("max", Side::Right)];
    let last = [("outliers", Side::Right), ("levels", Side::Flow)];
    let mut grid = Grid::new(heads.into_iter().chain(more).chain(last));
    for summary in &exploration.summaries {
        grid.push(row(summary));
    }
    grid
}

fn row(of: &Summary) -> Vec<String> {
    let mut row = vec![of.column.clone(), none_if_zero(of.missing), spread(of)];
    match &of.numbers {
        Some(numbers) => {
            let shown = [numbers.mean, numbers.sd, numbers.min, numbers.median, numbers.max];
            row.extend(shown.map(|value| shown_value(of.kind, value)));
            if of.kind == Kind::Date {
                // A standard deviation of dates is a number of seconds: nobody reads that.
                row[4] = number::NONE.to_owned();
            }
            row.push(none_if_zero(numbers.outliers));
        }
        None => row.extend(std::iter::repeat_n(String::new(), 6)),
    }
    row.push(levels(of));
    row
}

fn shown_value(kind: Kind, value: f64) -> String {
    match kind {
        Kind::Date => crate::plot::time::date(value),
        Kind::Year => format!("{value:.0}"),
        _ => number::short(value),
    }
}

fn none_if_zero(count: usize) -> String {
    if count == 0 { number::NONE.to_owned() } else { number::whole(count) }
}

/// The histogram or the levels as a sparkline.
fn spread(of: &Summary) -> String {
    let counts: Vec<f64> = match (&of.numbers, &of.texts) {
        (Some(numbers), _) => numbers.histogram.iter().map(|bin| bin.count as f64).collect(),
        (None, Some(texts)) => texts.levels.iter().take(SPARK).map(|level| level.count as f64).collect(),
        (None, None) => Vec::new(),
    };
    bars::sparkline(&bars::pooled(&counts, SPARK))
}

fn levels(of: &Summary) -> String {
    let Some(texts) = &of.texts else { return String::new() };
    let named = texts.levels.iter().take(3).map(|level| format!("{} {}", level.name, number::whole(level.count)));
    let more = if texts.levels.len() > 3 || texts.others > 0 { ", …" } else { "" };
    named.collect::<Vec<_>>().join(", ") + more
}

/// The strongest pairs.
fn correlations(of: &Correlation) -> Vec<String> {
    let size = of.columns.len();
    let mut pairs: Vec<(usize, usize, f64)> = (0..size)
        .flat_map(|a| (a + 1..size).map(move |b| (a, b)))
        .filter_map(|(a, b)| of.values.get(a * size + b).map(|&r| (a, b, r)))
        .filter(|(_, _, r)| r.abs() >= WEAKEST)
        .collect();
    pairs.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
    let said =
        |(a, b, r): (usize, usize, f64)| format!("{:>5}  {} – {}", number::ratio(r, 2), of.columns[a], of.columns[b]);
    pairs.into_iter().take(TOLD).map(said).collect()
}
