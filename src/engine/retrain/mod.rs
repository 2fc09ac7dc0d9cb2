//! Retraining: a challenger made of new rows as the serving model was made, held to gates, and let in where it passes.

mod config;
mod gates;
mod settle;

pub use config::{Config, Customers, Retrain, Training};
pub use gates::{Gate, Limits};
pub use settle::{Outcome, settle};

use std::sync::Arc;

use super::rollups::Keep;
use super::values::Choices;
use super::{models, rollups, sampling, steps};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::model::store::Recorded;
use crate::recipe::{Recipe, StudySpec};
use crate::segments;
use crate::study::{Run, Study};
use crate::table::{SourceSpec, Table};
use crate::task::Task;

/// What is asked for beside the serving model's recipe; `None`: as there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Candidates as on the command line; without them those of the recipe, else the algorithm that serves.
    pub algorithms: Option<Vec<String>>,
    /// The numbers of segments, e.g. `2..10`.
    pub k: Option<String>,
    /// The run that is taken, e.g. `kmeans-k5`; without it the recommended one.
    pub run: Option<String>,
    /// The seed.
    pub seed: Option<u64>,
}

/// A model made of new rows, and how it does beside the one that serves.
#[derive(Debug, Clone)]
pub struct Challenger {
    /// The model.
    pub model: Model,
    /// The rows that it was made of.
    pub table: Arc<Table>,
    /// What it is held to.
    pub gates: Vec<Gate>,
    /// Keys of the serving model's segments that it has again.
    pub again: Vec<String>,
    /// Keys of those that it has no more.
    pub gone: Vec<String>,
    /// The share of the customers whom the two models place in segments of different keys.
    pub moved: Option<f64>,
}

/// That what is asked for can be done with this model.
///
/// # Errors
/// An unknown algorithm or setting, a range that is none (exit 2); a classifier serves.
pub fn check(champion: &Model, asked: &Asked) -> Result<()> {
    if champion.classifier.is_some() {
        let what =
            "a classifier places the customers of this model, and the columns that it was learnt from are not its own";
        return Err(Error::failed(what).hint("segment anew, then `segmenta train`, and put that model into the store"));
    }
    if let Some(seed) = asked.seed.filter(|&seed| i64::try_from(seed).is_err()) {
        return Err(Error::usage(format!("a recipe cannot hold the seed {seed}: it ends at {}", i64::MAX)).at("seed"));
    }
    steps::plan(&recipe_of(champion, asked)).map(|_| ())
}

/// The champion's recipe with what is asked for; it knows the champion's segments.
fn recipe_of(champion: &Model, asked: &Asked) -> Recipe {
    let recipe = &champion.recipe;
    let spec = &recipe.study;
    let is_new = asked.algorithms.is_some() || asked.k.is_some();
    let served = || match spec.algorithms.is_empty() {
        true => vec![champion.fit.algorithm.clone()],
        false => spec.algorithms.clone(),
    };
    let study = StudySpec {
        algorithms: asked.algorithms.clone().unwrap_or_else(served),
        k: asked.k.clone().unwrap_or_else(|| spec.k.clone()),
        choose: asked.run.clone().or_else(|| spec.choose.clone().filter(|_| !is_new)),
        ..spec.clone()
    };
    let kept = segments::known(&recipe.kept, &segments::kept(&champion.segments));
    Recipe { study, kept, seed: asked.seed.unwrap_or(recipe.seed), ..recipe.clone() }
}

/// Makes a challenger of the rows of a source by the same steps as `segment --save-model`, and holds it to the gates.
///
/// # Errors
/// The rows cannot be read or do not fit the recipe, nothing is found in them, or the task was cancelled.
pub fn challenge(
    champion: &Model,
    source: &SourceSpec,
    keep: &Keep,
    asked: &Asked,
    (limits, feedback): (&Limits, &Recorded),
    task: &Task,
) -> Result<Challenger> {
    check(champion, asked)?;
    let base = recipe_of(champion, asked);
    let loaded = match &base.rollup {
        Some(spec) => rollups::load(source, spec, keep, task)?,
        None => steps::load(source, None, task)?,
    };
    task.begin("preparing", 0);
    let recipe = steps::recipe_for(&loaded, Some(base), &Choices::default())?;
    let prepared = steps::prepare(&loaded.table, &recipe, task)?;
    let study = steps::compare(&loaded.table, &prepared, &recipe, None, task, &mut |_| ())?;
    let chosen = chosen(&study, &recipe, champion)?;
    let run = sampling::on_all_rows(&prepared, &recipe, &study, chosen, task)?;
    task.begin("describing the segments", 0);
    let profiled = steps::profile(&loaded.table, &recipe, &prepared, &run, task)?;
    // What was kept by hand stays so; of the rest the model's own segments tell.
    let recipe = Recipe { kept: champion.recipe.kept.clone(), ..recipe };
    let model = models::model_of(&loaded.table, &recipe, &prepared, &run, &profiled, task)?;
    task.begin("comparing with the model that serves", 0);
    let (again, gone) = found_again(champion, &model);
    let facts = gates::Facts::of(champion, &model, (&loaded.table, sampling::rows_of(&prepared, &run), &run), task)?;
    let gates = gates::gates(&facts, &again, feedback, limits);
    Ok(Challenger { model, table: loaded.table, gates, again, gone, moved: facts.moved })
}

/// The run that is asked for, else the recommended one, else that which serves now.
fn chosen<'a>(study: &'a Study, recipe: &Recipe, champion: &Model) -> Result<&'a Run> {
    let found = steps::choose(study, recipe, None);
    match found {
        Err(_) if recipe.study.choose.is_none() => {
            let same = study.run(&champion.fit.run).filter(|run| run.clusterer.is_some());
            same.map_or(found, Ok)
        }
        found => found,
    }
}

/// The champion's keys that the challenger has, and those that it has not.
fn found_again(champion: &Model, challenger: &Model) -> (Vec<String>, Vec<String>) {
    let has = |key: &String| challenger.segments.list.iter().any(|segment| segment.key == *key);
    champion.segments.list.iter().map(|segment| segment.key.clone()).partition(has)
}
