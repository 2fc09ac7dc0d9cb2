//! `features`: what each feature is worth, and whether a small segment would be found.

use serde::Serialize;

use super::Verdict;
use super::args::{FeaturesArgs, Format};
use super::grid::{self, Grid, Side};
use super::out::Output;
use super::source::{self, SCHEMA_VERSION, SourceJson};
use super::street::{Ready, Street};
use crate::engine::features::{self, Worth, Worths};
use crate::engine::steps;
use crate::error::Result;
use crate::plot::number;
use crate::study::{Run, Smallest};

/// The word for the recommended run.
const RECOMMENDED: &str = "recommended";

/// Ranks the features of a file.
pub fn features(street: &Street, args: &FeaturesArgs) -> Result<Verdict> {
    let output = Output::of(&args.output)?;
    let ready = street.ready(&args.file, &args.study)?;
    let run = match args.run.as_deref() {
        Some(id) => Some(chosen(street, &ready, id)?),
        None => None,
    };
    let of = ready.clone();
    let worths =
        street.work(move |task| features::worths(&of.prepared, run.as_ref(), &steps::task_of(&of.recipe, task)?))?;
    output.write(&match output.format {
        Format::Json => source::json(&json(&ready, &worths))?,
        Format::Csv => csv(&worths),
        Format::Md => format!("{}\n{}\n", table(&worths).markdown(), told(&worths).join("\n\n")),
        Format::Table => text(&worths, output.width()),
    })?;
    Ok(Verdict::Fine)
}

fn chosen(street: &Street, ready: &Ready, id: &str) -> Result<Run> {
    let studied = street.study(ready.clone())?;
    let id = Some(id).filter(|id| *id != RECOMMENDED);
    Ok((*street.profile(&studied, id)?.0).clone())
}

#[derive(Serialize)]
struct FeaturesJson<'a> {
    schema_version: u32,
    source: SourceJson,
    method: Option<&'a str>,
    segments: Option<usize>,
    rows: Option<usize>,
    chance: Option<f64>,
    run: Option<&'a str>,
    features: Vec<WorthJson<'a>>,
    balance: BalanceJson<'a>,
    advice: &'a [String],
}

#[derive(Serialize)]
struct WorthJson<'a> {
    name: &'a str,
    weight: f64,
    relevance: Option<f64>,
    double: Option<&'a str>,
    correlation: Option<f64>,
    moves: Option<f64>,
    without: Option<f64>,
}

#[derive(Serialize)]
struct BalanceJson<'a> {
    without: Option<SmallestJson>,
    with: Option<SmallestJson>,
    told: &'a str,
}

#[derive(Serialize)]
struct SmallestJson {
    segments: usize,
    customers: usize,
    share: f64,
    separation: f64,
}

fn json<'a>(ready: &Ready, worths: &'a Worths) -> FeaturesJson<'a> {
    let relevance = worths.relevance.as_ref();
    let smallest = |of: &Smallest| SmallestJson {
        segments: of.segments,
        customers: of.customers,
        share: of.share,
        separation: of.separation,
    };
    FeaturesJson {
        schema_version: SCHEMA_VERSION,
        source: SourceJson::of(&ready.loaded.table),
        method: relevance.map(|of| of.method),
        segments: relevance.map(|of| of.segments),
        rows: relevance.map(|of| of.rows),
        chance: relevance.map(|of| of.chance),
        run: worths.run.as_deref(),
        features: worths.list.iter().map(worth).collect(),
        balance: BalanceJson {
            without: worths.balance.plain.as_ref().map(smallest),
            with: worths.balance.balanced.as_ref().map(smallest),
            told: &worths.balance.told,
        },
        advice: &worths.advice,
    }
}

fn worth(of: &Worth) -> WorthJson<'_> {
    WorthJson {
        name: &of.feature,
        weight: of.weight,
        relevance: of.relevance,
        double: of.double.as_ref().map(|(name, _)| name.as_str()),
        correlation: of.double.as_ref().map(|(_, r)| *r),
        moves: of.importance.map(|of| of.moves),
        without: of.importance.and_then(|of| of.without),
    }
}

fn csv(worths: &Worths) -> String {
    let head = ["feature", "weight", "relevance", "double", "correlation", "moves", "without"];
    let some = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let row = |of: &Worth| {
        let of = worth(of);
        let double = of.double.unwrap_or_default().to_owned();
        let texts = [of.name.to_owned(), of.weight.to_string(), some(of.relevance), double];
        texts.into_iter().chain([of.correlation, of.moves, of.without].map(some)).collect()
    };
    grid::csv(&head, worths.list.iter().map(row))
}

fn text(worths: &Worths, width: usize) -> String {
    let mut lines = table(worths).lines(Some(width));
    lines.push(String::new());
    lines.extend(told(worths));
    lines.join("\n") + "\n"
}

/// How the ranking was made, and what it comes to.
fn told(worths: &Worths) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(of) = &worths.relevance {
        let (rows, chance) = (number::whole(of.rows), number::ratio(of.chance, 2));
        lines.push(format!(
            "relevance: the share of a feature's variance between {} segments by {}, {rows} customers; chance gives up to {chance}",
            of.segments, of.method
        ));
    }
    if let Some(run) = &worths.run {
        lines.push(format!(
            "moves: customers of {run} that change their segment where the feature is shuffled; alike: how far the same are together without it (ARI)"
        ));
    }
    lines.extend(worths.advice.iter().cloned());
    lines
}

fn table(worths: &Worths) -> Grid {
    let heads = [("feature", Side::Left), ("relevance", Side::Right), ("weighs", Side::Right)];
    let more = [("moves", Side::Right), ("alike", Side::Right), ("nearest double", Side::Flow)];
    let mut grid = Grid::new(heads.into_iter().chain(more));
    let ratio = |value: Option<f64>| value.map_or_else(|| number::NONE.to_owned(), |value| number::ratio(value, 2));
    for of in &worths.list {
        let double = of.double.as_ref().map(|(name, r)| format!("{name} {}", number::ratio(*r, 2)));
        let moves = of.importance.map_or_else(|| number::NONE.to_owned(), |of| number::percent(of.moves, 0));
        grid.push(vec![
            of.feature.clone(),
            ratio(of.relevance),
            number::percent(of.weight, 1),
            moves,
            ratio(of.importance.and_then(|of| of.without)),
            double.unwrap_or_default(),
        ]);
    }
    grid
}
