//! `migrate`: who moved between segments, placed by one model, and where each customer is likely to be next.

use std::sync::Arc;

use serde::Serialize;

use super::Verdict;
use super::args::{Format, MigrateArgs};
use super::grid::{self, Grid, Side};
use super::options;
use super::out::Output;
use super::source::{self, SCHEMA_VERSION};
use super::street::Street;
use crate::engine::migrations::{self, Migrated};
use crate::engine::{models, steps};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::plot::{bars, number};
use crate::segments::migration::{Driver, Flow, Forecast, Migration, State};
use crate::table::SourceSpec;

/// Flows that are told in words.
const TOLD: usize = 12;
const BAR: usize = 20;

/// Follows the customers through the periods.
pub fn migrate(street: &Street, args: &MigrateArgs) -> Result<Verdict> {
    let output = Output::of(&args.output)?;
    for (target, input) in
        args.customers.iter().flat_map(|target| args.periods.iter().map(move |input| (target, input)))
    {
        steps::spare_input(input, target)?;
    }
    let model = Arc::new(models::read(&args.model)?);
    let way = migrations::Way::of(args.from.as_deref(), args.to.as_deref(), &model.segments)?;
    let migrated = Arc::new(followed(street, args, &model)?);
    if let Some(target) = &args.customers {
        let written = migrations::write(&migrated, &way, &street.privacy, target)?;
        street.say.line(&format!("{} customers in {}.", number::whole(written), target.display()));
    }
    output.write(&written(&migrated, &output)?)?;
    Ok(Verdict::Fine)
}

fn followed(street: &Street, args: &MigrateArgs, model: &Arc<Model>) -> Result<Migrated> {
    let sources: Vec<SourceSpec> = args.periods.iter().map(|file| args.source.of(file)).collect::<Result<_>>()?;
    let moments = args.at.as_deref().map(|list| options::names("--at", list)).transpose()?.unwrap_or_default();
    let model = Arc::clone(model);
    match sources.as_slice() {
        [lines] if args.at.is_some() => {
            let lines = lines.clone();
            street.work(move |task| {
                let periods = migrations::periods_at(&model, &lines, &moments, task)?;
                migrations::migrate(&model, &periods, task)
            })
        }
        [_, _, ..] if args.at.is_none() => street.work(move |task| {
            let period = |source: &SourceSpec| migrations::period_of(&model, source, task);
            let periods: Vec<_> = sources.iter().map(period).collect::<Result<_>>()?;
            migrations::migrate(&model, &periods, task)
        }),
        _ => Err(Error::usage("migration needs two periods or more")
            .hint("name two or three files, or one file of order lines with --at DAY,DAY")),
    }
}

#[derive(Serialize)]
struct MigrateJson<'a> {
    schema_version: u32,
    migrations: &'a [Migration],
    sentence: String,
    forecast: Option<&'a Forecast>,
    forecast_in_words: Option<String>,
}

fn written(migrated: &Migrated, output: &Output) -> Result<String> {
    let Some(last) = migrated.last() else { return Ok(String::new()) };
    Ok(match output.format {
        Format::Json => source::json(&MigrateJson {
            schema_version: SCHEMA_VERSION,
            migrations: &migrated.migrations,
            sentence: last.sentence(),
            forecast: migrated.forecast.as_ref(),
            forecast_in_words: migrated.forecast.as_ref().map(Forecast::sentence),
        })?,
        Format::Csv => csv(migrated),
        Format::Table => text(migrated),
        Format::Md => markdown(migrated),
    })
}

/// One line a flow, of all pairs of periods; what is expected next as a flow of everyone.
fn csv(migrated: &Migrated) -> String {
    let head =
        ["before", "after", "from", "from_name", "to", "to_name", "customers", "share", "low", "high", "drivers"];
    let flows = migrated.migrations.iter().flat_map(|of| of.flows.iter().map(move |flow| flow_row(of, flow)));
    grid::csv(&head, flows.chain(expected_rows(migrated)))
}

fn numbered(state: State) -> String {
    state.number().map(|number| number.to_string()).unwrap_or_default()
}

fn flow_row(of: &Migration, flow: &Flow) -> Vec<String> {
    let some = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let (low, high) = flow.interval.unzip();
    let drivers: Vec<String> = flow.drivers.iter().map(Driver::words).collect();
    let way = [numbered(flow.from), flow.from.name(&of.names), numbered(flow.to), flow.to.name(&of.names)];
    let figures = [some(flow.share), some(low), some(high), drivers.join("; ")];
    of.periods.iter().cloned().chain(way).chain([flow.customers.to_string()]).chain(figures).collect()
}

fn expected_rows(migrated: &Migrated) -> Vec<Vec<String>> {
    let Some((forecast, last)) = migrated.forecast.as_ref().zip(migrated.last()) else { return Vec::new() };
    let all: f64 = forecast.expected.iter().sum();
    let row = |(state, expected): (&State, &f64)| {
        let (from, to) = ([String::new(), "everyone".to_owned()], [numbered(*state), state.name(&last.names)]);
        let figures = [expected.to_string(), (expected / all).to_string()];
        let periods = [last.periods[1].clone(), "next".to_owned()];
        let rest = [const { String::new() }; 3];
        periods.into_iter().chain(from).chain(to).chain(figures).chain(rest).collect()
    };
    forecast.states.iter().zip(&forecast.expected).map(row).collect()
}

fn text(migrated: &Migrated) -> String {
    let pair = |of: &Migration| {
        let flows: Vec<String> =
            of.changes().into_iter().take(TOLD).map(|flow| format!("  {}", of.flow_in_words(flow))).collect();
        format!("{}\n\n{}\n\n── who moved ──\n{}\n", of.sentence(), matrix(of).lines(None).join("\n"), flows.join("\n"))
    };
    let pairs: Vec<String> = migrated.migrations.iter().map(pair).collect();
    let expected =
        forecast(migrated).map(|(words, grid)| format!("\n── next ──\n{words}\n\n{}\n", grid.lines(None).join("\n")));
    pairs.join("\n") + &expected.unwrap_or_default()
}

fn markdown(migrated: &Migrated) -> String {
    let pair = |of: &Migration| {
        let flows: Vec<String> =
            of.changes().into_iter().take(TOLD).map(|flow| format!("- {}\n", of.flow_in_words(flow))).collect();
        let title = of.periods.join(" → ");
        format!("# {title}\n\n{}\n\n{}\n## Who moved\n\n{}", of.sentence(), matrix(of).markdown(), flows.concat())
    };
    let pairs: Vec<String> = migrated.migrations.iter().map(pair).collect();
    let expected = forecast(migrated).map(|(words, grid)| format!("\n## Next\n\n{words}\n\n{}", grid.markdown()));
    pairs.join("\n") + &expected.unwrap_or_default()
}

/// Customers by place before (lines) and after (columns).
fn matrix(of: &Migration) -> Grid {
    let short = |state: &State| match state {
        State::Absent => "went".to_owned(),
        state => state.number().map_or_else(|| state.name(&of.names), |number| number.to_string()),
    };
    let heads = of.states.iter().map(|state| (short(state), Side::Right));
    let first = [("before ↓  after →".to_owned(), Side::Left)];
    let mut grid = Grid::new(
        first.into_iter().chain(heads).chain([("all".to_owned(), Side::Right), ("stay".to_owned(), Side::Right)]),
    );
    for (from, row) in of.states.iter().zip(&of.counts) {
        let all: usize = row.iter().sum();
        let name = match from {
            State::Absent => "came".to_owned(),
            State::Segment(number) => format!("{number} {}", from.name(&of.names)),
            other => other.name(&of.names),
        };
        let stayed = of.states.iter().position(|state| state == from).map_or(0, |at| row[at]);
        let stay = match from {
            State::Segment(_) if all > 0 => number::percent(stayed as f64 / all as f64, 1),
            _ => number::NONE.to_owned(),
        };
        let counts = row.iter().map(|&count| if count == 0 { number::NONE.to_owned() } else { number::whole(count) });
        grid.push([name].into_iter().chain(counts).chain([number::whole(all), stay]).collect());
    }
    grid
}

/// What is likely next, and how many customers are expected where.
fn forecast(migrated: &Migrated) -> Option<(String, Grid)> {
    let (forecast, last) = migrated.forecast.as_ref().zip(migrated.last())?;
    let mut grid = Grid::new([("place", Side::Left), ("expected", Side::Right), ("", Side::Left)]);
    let most = forecast.expected.iter().copied().fold(1.0, f64::max);
    for (state, expected) in forecast.states.iter().zip(&forecast.expected) {
        let name = if *state == State::Absent { "gone".to_owned() } else { state.name(&last.names) };
        grid.push(vec![name, number::fixed(*expected, 0), bars::horizontal(*expected, most, BAR)]);
    }
    Some((forecast.sentence(), grid))
}
