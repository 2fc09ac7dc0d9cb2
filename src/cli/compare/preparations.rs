//! `compare --preparations`: the same study over several preparations, by what can be set side by side.

use serde::Serialize;

use super::super::args::Format;
use super::super::grid::{self, Grid, Side};
use super::super::out::Output;
use super::super::source::{self, SCHEMA_VERSION, SourceJson};
use super::super::street::Ready;
use super::text::wrapped;
use crate::cluster::Settings;
use crate::engine::preparations::{Agreement, Found, Trial, Trials};
use crate::error::Result;
use crate::plot::number;
use crate::study::Structure;

/// What `compare --preparations` says in JSON.
#[derive(Serialize)]
struct PreparationsJson<'a> {
    schema_version: u32,
    source: SourceJson,
    features: &'a [String],
    outcomes: &'a [String],
    seed: u64,
    memory: &'a str,
    preparations: Vec<TrialJson<'a>>,
    reasons: &'a [String],
}

#[derive(Serialize)]
struct TrialJson<'a> {
    id: &'static str,
    about: &'static str,
    reason: Option<&'a str>,
    structure: Structure,
    columns: Option<usize>,
    run: Option<&'a str>,
    params: Option<Settings>,
    clusters: Option<usize>,
    sizes: &'a [usize],
    assigned: Option<f64>,
    smallest: Option<usize>,
    stability: Option<f64>,
    holds: Option<f64>,
    agreement: Vec<AgreementJson>,
    outcomes: Vec<OutcomeJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<&'a [u32]>,
}

#[derive(Serialize)]
struct AgreementJson {
    with: &'static str,
    #[serde(flatten)]
    of: Agreement,
}

#[derive(Serialize)]
struct OutcomeJson<'a> {
    column: &'a str,
    size: f64,
}

/// The preparations in the output's format.
pub fn written(ready: &Ready, trials: &Trials, output: &Output, labels: bool) -> Result<String> {
    Ok(match output.format {
        Format::Json => source::json(&json(ready, trials, labels))?,
        Format::Csv => csv(trials),
        Format::Md => markdown(ready, trials),
        Format::Table => text(ready, trials, output.width()),
    })
}

fn json<'a>(ready: &'a Ready, trials: &'a Trials, labels: bool) -> PreparationsJson<'a> {
    PreparationsJson {
        schema_version: SCHEMA_VERSION,
        source: SourceJson::of(&ready.loaded.table),
        features: &ready.recipe.roles.cluster,
        outcomes: &trials.outcomes,
        seed: ready.recipe.seed,
        memory: &ready.recipe.study.memory,
        preparations: (0..trials.list.len()).map(|place| trial(trials, place, labels)).collect(),
        reasons: &trials.reasons,
    }
}

fn trial(trials: &Trials, place: usize, labels: bool) -> TrialJson<'_> {
    let Trial { preparation, found } = &trials.list[place];
    let ok = found.as_ref().ok();
    let run = ok.map(|found| &found.run);
    let effects = ok.map_or(&[][..], |found| &found.effects);
    TrialJson {
        id: preparation.id(),
        about: preparation.about(),
        reason: found.as_ref().err().map(String::as_str),
        structure: ok.map_or(Structure::None, |found| found.structure),
        columns: ok.map(|found| found.columns),
        run: run.map(|run| run.id.as_str()),
        params: run.map(|run| run.candidate.settings),
        clusters: run.map(|run| run.labels.clusters()),
        sizes: run.map_or(&[], |run| run.labels.sizes()),
        assigned: run.map(|run| run.labels.assigned()),
        smallest: run.and_then(|run| run.smallest()),
        stability: run.and_then(|run| run.metrics.stability),
        holds: run.and_then(|run| run.holds()),
        agreement: others(trials, place).map(|(with, of)| AgreementJson { with, of }).collect(),
        outcomes: effects.iter().map(|effect| OutcomeJson { column: &effect.column, size: effect.size }).collect(),
        labels: run.filter(|_| labels).map(|run| run.labels.as_slice()),
    }
}

/// How far one of the list agrees with each of the others.
fn others(trials: &Trials, place: usize) -> impl Iterator<Item = (&'static str, Agreement)> {
    let others = trials.list.iter().zip(&trials.agreement[place]).enumerate();
    others
        .filter(move |(other, _)| *other != place)
        .filter_map(|(_, (trial, of))| Some((trial.preparation.id(), (*of)?)))
}

/// Shortest round-trip form; nothing where there is no value.
fn plain<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn csv(trials: &Trials) -> String {
    let fixed = ["preparation", "reason", "run", "clusters", "assigned", "smallest", "stability", "holds"];
    let pairs = trials.list.iter().map(|trial| format!("ari_{}", trial.preparation.id()));
    let outcomes = trials.outcomes.iter().map(|name| format!("outcome {name}"));
    let head: Vec<String> = fixed.map(str::to_owned).into_iter().chain(pairs).chain(outcomes).collect();
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let row = |(trial, agreement): (&Trial, &Vec<Option<Agreement>>)| {
        let run = trial.found.as_ref().ok().map(|found| &found.run);
        let mut row = vec![
            trial.preparation.id().to_owned(),
            trial.found.as_ref().err().cloned().unwrap_or_default(),
            plain(run.map(|run| run.id.clone())),
            plain(run.map(|run| run.labels.clusters())),
            plain(run.map(|run| run.labels.assigned())),
            plain(run.and_then(|run| run.smallest())),
            plain(run.and_then(|run| run.metrics.stability)),
            plain(run.and_then(|run| run.holds())),
        ];
        row.extend(agreement.iter().map(|of| plain(of.map(|of| of.ari))));
        row.extend(trials.outcomes.iter().map(|name| plain(effect(trial, name))));
        row
    };
    grid::csv(&head, trials.list.iter().zip(&trials.agreement).map(row))
}

fn effect(trial: &Trial, outcome: &str) -> Option<f64> {
    let found = trial.found.as_ref().ok()?;
    found.effects.iter().find(|effect| effect.column == outcome).map(|effect| effect.size)
}

fn text(ready: &Ready, trials: &Trials, width: usize) -> String {
    let mut lines = vec![about(ready), String::new()];
    lines.extend(trials.reasons.iter().flat_map(|reason| wrapped(reason, width)));
    lines.push(String::new());
    lines.extend(figures(trials).lines(None));
    lines.extend([String::new(), "Who finds the same (ARI: 1 is the same, 0 is chance)".to_owned()]);
    lines.extend(agreement(trials).lines(None));
    if !trials.outcomes.is_empty() {
        lines.extend([String::new(), "How much outcomes differ between the segments (η², Cramér’s V)".to_owned()]);
        lines.extend(outcomes(trials).lines(None));
    }
    lines.extend(missing(trials).flat_map(|line| wrapped(&line, width)));
    lines.join("\n") + "\n"
}

fn markdown(ready: &Ready, trials: &Trials) -> String {
    let mut parts = vec![format!("# {}\n", about(ready)), trials.reasons.join("\n\n") + "\n"];
    parts.extend([figures(trials).markdown(), agreement(trials).markdown()]);
    if !trials.outcomes.is_empty() {
        parts.push(outcomes(trials).markdown());
    }
    parts.extend(missing(trials).map(|line| line + "\n"));
    parts.join("\n")
}

fn about(ready: &Ready) -> String {
    let (table, recipe) = (&ready.loaded.table, &ready.recipe);
    let features = recipe.roles.cluster.join(", ");
    format!(
        "{} · {} customers · {features} · seed {}",
        table.source.path.display(),
        number::whole(table.rows),
        recipe.seed
    )
}

fn figures(trials: &Trials) -> Grid {
    let mut grid = Grid::new([
        ("preparation", Side::Left),
        ("run", Side::Left),
        ("seg", Side::Right),
        ("structure", Side::Left),
        ("holds", Side::Right),
        ("ARI redrawn", Side::Right),
        ("least", Side::Right),
        ("assigned", Side::Right),
    ]);
    for Trial { preparation, found } in &trials.list {
        let Ok(Found { structure, run, .. }) = found else { continue };
        grid.push(vec![
            preparation.id().to_owned(),
            run.id.clone(),
            run.labels.clusters().to_string(),
            format!("{structure:?}").to_lowercase(),
            ratio(run.holds()),
            ratio(run.metrics.stability),
            run.smallest().map_or_else(none, number::whole),
            number::percent(run.labels.assigned(), 1),
        ]);
    }
    grid
}

fn agreement(trials: &Trials) -> Grid {
    let found: Vec<usize> = (0..trials.list.len()).filter(|&place| trials.list[place].found.is_ok()).collect();
    let ids = found.iter().map(|&place| (trials.list[place].preparation.id(), Side::Right));
    let mut grid = Grid::new(std::iter::once(("", Side::Left)).chain(ids));
    for &place in &found {
        let trial = &trials.list[place];
        let cells = found.iter().map(|&other| ratio(trials.agreement[place][other].map(|of| of.ari)));
        grid.push(std::iter::once(trial.preparation.id().to_owned()).chain(cells).collect());
    }
    grid
}

fn outcomes(trials: &Trials) -> Grid {
    let names = trials.outcomes.iter().map(|name| (name.as_str(), Side::Right));
    let mut grid = Grid::new(std::iter::once(("", Side::Left)).chain(names));
    for trial in trials.list.iter().filter(|trial| trial.found.is_ok()) {
        let cells = trials.outcomes.iter().map(|name| ratio(effect(trial, name)));
        grid.push(std::iter::once(trial.preparation.id().to_owned()).chain(cells).collect());
    }
    grid
}

/// The preparations that found nothing, each with its reason.
fn missing(trials: &Trials) -> impl Iterator<Item = String> {
    trials.list.iter().filter_map(|trial| {
        let why = trial.found.as_ref().err()?;
        Some(format!("{} is not compared: {why}", trial.preparation.id()))
    })
}

fn ratio(value: Option<f64>) -> String {
    value.map_or_else(none, |value| number::ratio(value, 2))
}

fn none() -> String {
    number::NONE.to_owned()
}
