//! `store`: versions of a model, which one serves, what happened.

use serde::Serialize;

use super::args::{Format, OutputArgs, StoreCommand};
use super::grid::{self, Grid, Side};
use super::out::Output;
use super::say::Say;
use super::source::{self, SCHEMA_VERSION};
use super::store_args::{AddArgs, PromoteArgs, RetrainArgs, StoreArgs};
use super::street::Street;
use super::{Failure, Signals, Verdict, options};
use crate::engine::retrain::{Asked, Config, Gate, Outcome};
use crate::engine::{models, stores};
use crate::error::Result;
use crate::model::store::{Event, Shelf, Version};
use crate::plot::number;

/// Does what is asked of a store.
pub fn dispatch(what: &StoreCommand) -> Result<Verdict, Failure> {
    let done = match what {
        StoreCommand::Train(args) => return super::on_street(&args.output, |street| train(street, args)),
        StoreCommand::List(args) => list(args),
        StoreCommand::History(args) => history(args),
        StoreCommand::Add(args) => add(args),
        StoreCommand::Promote(args) => promote(args),
        StoreCommand::Rollback(args) => roll_back(args),
    };
    done.map(|()| Verdict::Fine).map_err(|error| (error, Signals::default()))
}

fn add(args: &AddArgs) -> Result<()> {
    let model = models::read(&args.model)?;
    let (version, serves) = stores::add(&args.store, &model, stores::COMMAND, args.promote)?;
    let more = if serves { "it serves" } else { "`segmenta store promote` lets it serve" };
    say(&args.output, &format!("{} is version {}: {more}.", model.name(), version.number));
    Ok(())
}

fn promote(args: &PromoteArgs) -> Result<()> {
    let model = stores::promote(&args.store, args.version)?;
    say(&args.output, &format!("Version {} serves: {}.", args.version, model.name()));
    Ok(())
}

fn roll_back(args: &StoreArgs) -> Result<()> {
    let (number, model) = stores::roll_back(&args.store)?;
    say(&args.output, &format!("Version {number} serves again: {}.", model.name()));
    Ok(())
}

fn say(args: &OutputArgs, text: &str) {
    Say::new(args.quiet).line(text);
}

/// Makes a challenger and lets it serve where every gate passes.
fn train(street: &Street, args: &RetrainArgs) -> Result<Verdict> {
    let output = Output::of(&args.output)?;
    let config = args.config.as_deref().map(Config::read).transpose()?.unwrap_or_default();
    let (folder, source) = (args.store.clone(), args.source.of(&args.file)?);
    let asked = Asked {
        algorithms: args.algorithms.as_deref().map(|list| options::names("--algorithms", list)).transpose()?,
        k: args.k.clone(),
        run: args.run.clone(),
        seed: args.seed,
    };
    let promote = !args.candidate;
    let outcome = street.work(move |task| stores::retrain(&folder, &source, &asked, promote, &config, task))?;
    output.write(&match output.format {
        Format::Json => source::json(&TrainedJson { schema_version: SCHEMA_VERSION, outcome: &outcome })?,
        Format::Csv => grid::csv(&GATES.map(|(name, _)| name), outcome.gates.iter().map(gate)),
        format => gridded(&GATES, outcome.gates.iter().map(gate), format, &output),
    })?;
    let place = if outcome.promoted { "it serves" } else { "it does not serve" };
    street.say.line(&format!("Version {} ({}): {place}; {}.", outcome.version, outcome.run, outcome.words));
    let fine = outcome.gates.iter().all(|gate| gate.pass) && outcome.promoted == promote;
    Ok(if fine { Verdict::Fine } else { Verdict::No })
}

#[derive(Serialize)]
struct TrainedJson<'a> {
    schema_version: u32,
    #[serde(flatten)]
    outcome: &'a Outcome,
}

const GATES: [(&str, Side); 5] = [
    ("gate", Side::Left),
    ("value", Side::Right),
    ("limit", Side::Right),
    ("passes", Side::Left),
    ("in words", Side::Flow),
];

fn gate(of: &Gate) -> Vec<String> {
    let ratio = |value: f64| number::ratio(value, 2);
    let passes = if of.pass { "yes" } else { "no" };
    vec![
        of.name.clone(),
        of.value.map_or_else(|| number::NONE.to_owned(), ratio),
        ratio(of.limit),
        passes.to_owned(),
        of.words.clone(),
    ]
}

/// A version as it is listed.
#[derive(Serialize)]
struct Listed<'a> {
    #[serde(flatten)]
    version: &'a Version,
    /// `serves`, `before`, or nothing.
    place: &'static str,
}

#[derive(Serialize)]
struct ListJson<'a> {
    schema_version: u32,
    serving: Option<u64>,
    versions: Vec<Listed<'a>>,
}

fn list(args: &StoreArgs) -> Result<()> {
    let shelf = Shelf::read(&args.store)?;
    let output = Output::of(&args.output)?;
    let place = |number: u64| match () {
        () if shelf.serving() == Some(number) => "serves",
        () if shelf.before() == Some(number) => "before",
        () => "",
    };
    let versions: Vec<Listed<'_>> =
        shelf.versions().iter().map(|version| Listed { version, place: place(version.number) }).collect();
    output.write(&match output.format {
        Format::Json => source::json(&ListJson { schema_version: SCHEMA_VERSION, serving: shelf.serving(), versions })?,
        Format::Csv => grid::csv(&HEADS.map(|(name, _)| name), versions.iter().map(row)),
        format => gridded(&HEADS, versions.iter().map(row), format, &output),
    })
}

const HEADS: [(&str, Side); 8] = [
    ("version", Side::Right),
    ("", Side::Left),
    ("model", Side::Left),
    ("segments", Side::Right),
    ("customers", Side::Right),
    ("silhouette", Side::Right),
    ("holds", Side::Right),
    ("saved", Side::Left),
];

fn row(of: &Listed<'_>) -> Vec<String> {
    let about = of.version.about.as_ref();
    let ratio = |value: Option<f64>| value.map_or_else(String::new, |value| number::ratio(value, 2));
    let of_about = |text: fn(&crate::model::store::About) -> String| about.map(text).unwrap_or_default();
    vec![
        of.version.number.to_string(),
        of.place.to_owned(),
        of_about(|about| about.name.clone()),
        of_about(|about| about.segments.to_string()),
        of_about(|about| about.customers.to_string()),
        ratio(about.and_then(|about| about.silhouette)),
        ratio(about.and_then(|about| about.holds)),
        of.version.saved.clone().unwrap_or_default(),
    ]
}

#[derive(Serialize)]
struct HistoryJson<'a> {
    schema_version: u32,
    events: &'a [Event],
    /// Lines that are not whole.
    torn: &'a [usize],
}

fn history(args: &StoreArgs) -> Result<()> {
    const HEADS: [(&str, Side); 5] =
        [("when", Side::Left), ("what", Side::Left), ("version", Side::Right), ("by", Side::Left), ("why", Side::Flow)];
    let shelf = Shelf::read(&args.store)?;
    let (events, torn) = (&shelf.history().events, &shelf.history().torn);
    let output = Output::of(&args.output)?;
    let rows = events.iter().map(line);
    output.write(&match output.format {
        Format::Json => source::json(&HistoryJson { schema_version: SCHEMA_VERSION, events, torn })?,
        Format::Csv => grid::csv(&HEADS.map(|(name, _)| name), rows),
        format => gridded(&HEADS, rows, format, &output),
    })?;
    for line in torn {
        say(&args.output, &format!("Line {line} is not whole: the program was ended while it wrote it."));
    }
    Ok(())
}

fn line(event: &Event) -> Vec<String> {
    let version = event.version.map(|number| number.to_string()).unwrap_or_default();
    vec![event.at.clone(), event.event.word().to_owned(), version, event.by.clone(), event.words.clone()]
}

fn gridded(
    heads: &[(&'static str, Side)],
    rows: impl Iterator<Item = Vec<String>>,
    format: Format,
    output: &Output,
) -> String {
    let mut grid = Grid::new(heads.iter().copied());
    rows.for_each(|row| grid.push(row));
    match format {
        Format::Md => grid.markdown(),
        _ => grid.lines(Some(output.width())).join("\n") + "\n",
    }
}
