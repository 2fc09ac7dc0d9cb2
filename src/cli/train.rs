//! `train`: classifiers for the segment or an outcome, by columns that are cheaper to collect.

use std::sync::Arc;

use serde::Serialize;

use super::args::{Format, TrainArgs};
use super::grid::{self, Grid, Side};
use super::out::Output;
use super::source::{self, SCHEMA_VERSION, SourceJson};
use super::street::Street;
use super::{Verdict, options, verdict};
use crate::engine::train::{self, Target, Trained};
use crate::engine::{models, steps};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::plot::number;
use crate::table::Table;

/// What is learnt, and from which table.
struct Lesson {
    table: Arc<Table>,
    target: Target,
    /// The model whose segments are told; none for an outcome.
    model: Option<Model>,
    seed: u64,
}

/// Tries classifiers, says what each is worth, and saves the best where that is asked for.
pub fn train(street: &Street, args: &TrainArgs) -> Result<Verdict> {
    let output = Output::of(&args.output)?;
    let by = options::names("--by", &args.by)?;
    if args.target.is_some() && args.keep.save_model.is_some() {
        return Err(Error::usage("only segments have a model: an outcome is told by no segment").at("--save-model"));
    }
    let lesson = lesson(street, args)?;
    let (lesson, trained) = street.work(move |task| {
        let trained = train::train(&lesson.table, &lesson.target, &by, lesson.seed, task)?;
        Ok((lesson, trained))
    })?;
    if let (Some(file), Some(model)) = (&args.keep.save_model, lesson.model) {
        steps::spare_input(&lesson.table.source.path, file)?;
        let saved = models::save(&train::serving(model, &lesson.table, &trained, &lesson.target), file)?;
        street.say.line(&format!(
            "The model is in {}; it places customers by {}.",
            saved.told(),
            trained.by.join(", ")
        ));
    }
    output.write(&written(&lesson.table, &trained, &output)?)?;
    // Strictly, it has to be better than one that never looks.
    Ok(verdict(args.output.strict, trained.tried[0].accuracy > trained.most_frequent))
}

fn lesson(street: &Street, args: &TrainArgs) -> Result<Lesson> {
    let source = args.source.of(&args.file)?;
    let choices = options::choices(&args.study)?;
    let seed = choices.seed.unwrap_or(crate::task::DEFAULT_SEED);
    if let Some(column) = &args.target {
        let table = street.work(move |task| Ok(steps::load_for(&source, None, &choices, task)?.table))?;
        let target = Target::column(&table, column).map_err(|error| error.at("--target"))?;
        return Ok(Lesson { table, target, model: None, seed });
    }
    if let Some(file) = &args.model {
        let model = models::read(file)?;
        return street.work(move |task| {
            let table = models::load_rows(&model, &source, task)?;
            scored(model, Arc::new(table), seed, task)
        });
    }
    let studied = street.study(street.ready(source, &args.study)?)?;
    let (run, segments) = street.profile(&studied, args.run.as_deref())?;
    let of = studied.ready.clone();
    street.work(move |task| {
        let model = models::model_of(&of.loaded.table, &of.recipe, &of.prepared, &run, &segments, task)?;
        scored(model, Arc::clone(&of.loaded.table), seed, task)
    })
}

/// The segments that a model gives the rows of a table.
fn scored(model: Model, table: Arc<Table>, seed: u64, task: &crate::task::Task) -> Result<Lesson> {
    let labels: Vec<Option<u32>> = models::score(&model, &table, task)?.rows.iter().map(|row| row.segment).collect();
    let target = Target::segments(&model, labels.into_iter());
    Ok(Lesson { table, target, model: Some(model), seed })
}

#[derive(Serialize)]
struct TrainJson<'a> {
    schema_version: u32,
    source: SourceJson,
    #[serde(flatten)]
    trained: &'a Trained,
}

fn written(table: &Table, trained: &Trained, output: &Output) -> Result<String> {
    Ok(match output.format {
        Format::Json => {
            source::json(&TrainJson { schema_version: SCHEMA_VERSION, source: SourceJson::of(table), trained })?
        }
        Format::Csv => csv(trained),
        Format::Table => {
            let grids =
                [tried(trained), confusion(trained), importances(trained)].map(|grid| grid.lines(None).join("\n"));
            format!("{}\n\n{}\n", told(trained), grids.join("\n\n"))
        }
        Format::Md => {
            let grids = [tried(trained), confusion(trained), importances(trained)].map(|grid| grid.markdown());
            format!("# {}\n\n{}", told(trained), grids.join("\n"))
        }
    })
}

fn told(trained: &Trained) -> String {
    let best = &trained.tried[0];
    let [right, blind] = [best.accuracy, trained.most_frequent].map(|share| number::percent(share, 1));
    format!(
        "{} by {}: {} is right for {right} of {} rows it has not seen; naming the most frequent is for {blind}",
        trained.target,
        trained.by.join(", "),
        best.kind.title(),
        number::whole(trained.rows),
    )
}

fn tried(trained: &Trained) -> Grid {
    let figures = ["accuracy", "macro F1", "log loss", "calibration error"].map(|name| (name, Side::Right));
    let mut grid = Grid::new([("classifier", Side::Left)].into_iter().chain(figures));
    for of in &trained.tried {
        let figures =
            [of.accuracy, of.macro_f1, of.log_loss, of.calibration_error].map(|value| number::ratio(value, 3));
        grid.push([of.kind.title().to_owned()].into_iter().chain(figures).collect());
    }
    grid
}

/// Of the best: a row a true class, a column where its rows were placed.
fn confusion(trained: &Trained) -> Grid {
    let places = (1..=trained.classes.len()).map(|place| (format!("→ {place}"), Side::Right));
    let heads = [(String::new(), Side::Right), (trained.target.clone(), Side::Left)];
    let mut grid = Grid::new(heads.into_iter().chain(places));
    for (place, (class, row)) in trained.classes.iter().zip(&trained.tried[0].confusion).enumerate() {
        let counts = row.iter().map(|&count| number::whole(count));
        grid.push([(place + 1).to_string(), class.clone()].into_iter().chain(counts).collect());
    }
    grid
}

fn importances(trained: &Trained) -> Grid {
    let mut grid = Grid::new([("column", Side::Left), ("decides", Side::Right)]);
    for (column, share) in &trained.importances {
        grid.push(vec![column.clone(), number::percent(*share, 1)]);
    }
    grid
}

fn csv(trained: &Trained) -> String {
    let heads = ["classifier", "accuracy", "macro_f1", "log_loss", "calibration_error", "most_frequent", "rows"];
    let row = |of: &crate::model::classify::Judged| {
        let figures = [of.accuracy, of.macro_f1, of.log_loss, of.calibration_error, trained.most_frequent];
        let figures = figures.map(|value| value.to_string());
        [of.kind.title().to_owned()].into_iter().chain(figures).chain([trained.rows.to_string()]).collect()
    };
    grid::csv(&heads, trained.tried.iter().map(row))
}
