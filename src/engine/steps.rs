//! The steps of the street, one function each: the command line, the workbench and the server ask
//! only for these, so that the same question gives the same answer from all of them.

use std::path::Path;
use std::sync::Arc;

use super::rollups::{self, Keep};
use super::values::{Choices, Loaded};
use super::{checks, choosing, models, playbook, sampling};
use crate::error::{Error, Result, nearest};
use crate::explore::{self, Exploration, Tendency};
use crate::matrix::{Coded, Column, Labels, Values};
use crate::metrics;
use crate::plot::number;
use crate::recipe::{self, Prepared, Recipe};
use crate::report;
use crate::segments::{self, Segments};
use crate::study::{self, Estimate, Plan, Run, Study};
use crate::table::{self, Preview, Shape, SourceSpec, Table};
use crate::task::Task;

/// The first rows of a source, before anything else is read.
///
/// # Errors
/// The source cannot be opened or read.
pub fn preview(source: &SourceSpec) -> Result<Preview> {
    models::refuse(source)?;
    Ok(table::preview(source)?)
}

/// Reads a source (`columns`: only these), takes its fingerprint, and checks it.
///
/// # Errors
/// The source cannot be read, or the task was cancelled.
pub fn load(source: &SourceSpec, columns: Option<&[String]>, task: &Task) -> Result<Loaded> {
    models::refuse(source)?;
    let mut table = table::read(source, columns, task)?;
    table.source.fingerprint = Some(table::fingerprint(source, task)?);
    let findings = table::findings(&table, task)?;
    Ok(Loaded { table: Arc::new(table), findings: Arc::new(findings), rollup: None })
}

/// Reads a source as the recipe or the choices say: order lines are rolled up where one of them asks for it.
///
/// # Errors
/// As [`load`] and [`rollups::roll_up`].
pub fn load_for(source: &SourceSpec, base: Option<&Recipe>, choices: &Choices, task: &Task) -> Result<Loaded> {
    match choices.rollup.as_ref().or(base.and_then(|recipe| recipe.rollup.as_ref())) {
        Some(spec) => rollups::load(source, spec, &Keep::of_user(), task),
        None => load(source, None, task),
    }
}

/// The recipe for what was loaded: the one that was given, or the one that the table proposes, with the choices.
///
/// # Errors
/// As [`choosing::propose`].
pub fn recipe_for(loaded: &Loaded, base: Option<Recipe>, choices: &Choices) -> Result<Recipe> {
    let mut recipe = match base {
        Some(base) => choosing::adapt(base, &loaded.table, choices)?,
        None => choosing::propose(&loaded.table, choices)?,
    };
    recipe.rollup = loaded.rollup.as_deref().cloned();
    Ok(recipe)
}

/// Summaries and correlations of all columns.
///
/// # Errors
/// The task was cancelled.
pub fn explore(table: &Table, task: &Task) -> Result<Exploration> {
    Ok(explore::explore(table, task)?)
}

/// How clustered the table's features are (Hopkins); `None` where that cannot be said.
///
/// # Errors
/// The task was cancelled.
pub fn tendency(table: &Table, task: &Task) -> Result<Option<Tendency>> {
    Ok(explore::tendency(table, task)?)
}

/// Writes a recipe so that its source is found from the recipe's folder. Over a recipe that stands there already only
/// what changed is written: its comments and its order stay.
///
/// # Errors
/// The file cannot be written.
pub fn save_recipe(recipe: &Recipe, file: &Path) -> Result<()> {
    let mut saved = recipe.clone();
    let beside = file.parent().is_none_or(|folder| folder.as_os_str().is_empty());
    let elsewhere = |path: &Path| table::is_sample(path) || table::is_remote(path);
    for source in saved.source.iter_mut().filter(|source| !beside && !elsewhere(&source.path)) {
        if let Ok(path) = std::path::absolute(&source.path) {
            source.path = path;
        }
    }
    let former = std::fs::read_to_string(file).ok();
    let text = former.and_then(|former| recipe::patched(&former, &saved)).unwrap_or_else(|| saved.to_toml());
    Ok(report::write_atomic(file, |out| out.write_all(text.as_bytes()))?)
}

/// What the recipe's study asks for, checked.
///
/// # Errors
/// An unknown algorithm or setting, a range that is none (exit 2).
pub fn plan(recipe: &Recipe) -> Result<Plan> {
    let spec = &recipe.study;
    spec.sample.map_or(Ok(()), sampling::check_size)?;
    Ok(Plan::parse(&spec.algorithms, &spec.k, spec.stability, spec.segments.as_deref(), spec.smallest)?)
}

/// A task with the recipe's seed and memory budget, sharing cancel and progress with `task`.
///
/// # Errors
/// The budget is no number of bytes (exit 2).
pub fn task_of(recipe: &Recipe, task: &Task) -> Result<Task> {
    Ok(task.with_seed(recipe.seed).with_memory(choosing::parse_bytes(&recipe.study.memory)?))
}

/// Fits the recipe's pipeline and makes the matrix, of a sample where the recipe asks for one.
///
/// # Errors
/// The recipe does not fit the table, nothing is left to cluster, or the task was cancelled.
pub fn prepare(table: &Table, recipe: &Recipe, task: &Task) -> Result<Prepared> {
    refuse_order_lines(table)?;
    checks::refuse_personal(table, recipe)?;
    sampling::drawn(recipe::fit(recipe, table, task)?, recipe, task)
}

/// Lines of orders say nothing about customers until they are rolled up.
fn refuse_order_lines(table: &Table) -> Result<()> {
    let Shape::OrderLines { customer, customers, .. } = &table.shape else { return Ok(()) };
    let path = table.source.path.display();
    Err(Error::failed(format!(
        "these are {} order lines of {} customers (column \"{customer}\"), not customers",
        number::whole(table.rows),
        number::whole(*customers),
    ))
    .at(path.to_string())
    .hint("roll them up to one row a customer first: --rollup, or segmenta rfm FILE -o customers.csv"))
}

/// How many runs the study will have and what memory they will take at most.
///
/// # Errors
/// As [`plan`].
pub fn estimate(prepared: &Prepared, recipe: &Recipe) -> Result<Estimate> {
    Ok(study::estimate(&prepared.matrix, &plan(recipe)?))
}

/// Fits and judges all candidates; `column` holds the known classes. `on_change` gets a snapshot whenever something new is known.
///
/// # Errors
/// Nothing could be fitted, or the task was cancelled.
pub fn compare(
    table: &Table,
    prepared: &Prepared,
    recipe: &Recipe,
    column: Option<&str>,
    task: &Task,
    on_change: &mut dyn FnMut(&Study),
) -> Result<Study> {
    compare_knowing(table, prepared, recipe, column, &[], task, on_change)
}

/// As [`compare`], with runs that are `known` from before, of the same matrix and recipe: they are not fitted again.
///
/// # Errors
/// As [`compare`].
pub fn compare_knowing(
    table: &Table,
    prepared: &Prepared,
    recipe: &Recipe,
    column: Option<&str>,
    known: &[Run],
    task: &Task,
    on_change: &mut dyn FnMut(&Study),
) -> Result<Study> {
    let (table, task) = (prepared.whole(table), task_of(recipe, task)?);
    let truth = column.map(|column| classes(table, column, &prepared.matrix.rows)).transpose()?;
    let explainers = explainers(table, &prepared.matrix.rows);
    let mut study =
        study::resume(&prepared.matrix, &plan(recipe)?, truth.as_deref(), &explainers, known, &task, on_change)?;
    sampling::complete(&mut study, table, prepared, recipe, column, &task)?;
    Ok(study)
}

/// The known classes of the used rows, as labels from 1; 0 where the class is missing.
pub(super) fn classes(table: &Table, column: &str, rows: &[u32]) -> Result<Vec<u32>> {
    choosing::known(table, column)?;
    let values = table.field(column).map(|field| pick(&field.column.values, rows));
    let raw: Vec<Option<u64>> = match values {
        Some(Values::Number(numbers)) => {
            numbers.iter().map(|number| (!number.is_nan()).then(|| number.to_bits())).collect()
        }
        Some(Values::Text(coded)) => {
            coded.codes.iter().map(|&code| (code != Coded::MISSING).then_some(u64::from(code))).collect()
        }
        None => Vec::new(),
    };
    Ok(Labels::from_raw(&raw).as_slice().to_vec())
}

/// The columns with few values: those that could explain the segments all alone.
fn explainers(table: &Table, rows: &[u32]) -> Vec<Column> {
    const MOST_LEVELS: usize = 20;
    table
        .fields
        .iter()
        .filter(|field| (2..=MOST_LEVELS).contains(&field.distinct))
        .map(|field| Column { name: field.column.name.clone(), values: pick(&field.column.values, rows) })
        .collect()
}

/// The values of these rows.
fn pick(values: &Values, rows: &[u32]) -> Values {
    match values {
        Values::Number(numbers) => Values::Number(rows.iter().map(|&row| numbers[row as usize]).collect()),
        Values::Text(coded) => Values::Text(Coded {
            codes: rows.iter().map(|&row| coded.codes[row as usize]).collect(),
            levels: coded.levels.clone(),
        }),
    }
}

/// The run with this id, or the one that the recipe chooses, or the recommended one, or the only one: whoever names an
/// algorithm and a number of segments wants them cut.
///
/// # Errors
/// There is no such run, it has no segments, or nothing is recommended of several.
pub fn choose<'a>(study: &'a Study, recipe: &Recipe, id: Option<&str>) -> Result<&'a Run> {
    let Some(id) = id.or(recipe.study.choose.as_deref()) else {
        let only = || study.runs.first().filter(|run| study.runs.len() == 1 && run.clusterer.is_some());
        return study.recommended().or_else(only).ok_or_else(|| no_structure(study));
    };
    let run = study.run(id).ok_or_else(|| {
        let error = Error::usage(format!("there is no run \"{id}\""));
        match nearest(id, study.runs.iter().map(|run| run.id.as_str())) {
            Some(name) => error.hint(format!("did you mean \"{name}\"?")),
            None => error,
        }
    })?;
    if run.clusterer.is_none() {
        let why = run.reason.as_deref().unwrap_or("it was not fitted");
        return Err(Error::failed(format!("the run {id} has no segments: {why}")));
    }
    Ok(run)
}

fn no_structure(study: &Study) -> Error {
    let why = study.recommendation.reasons.first().map_or("no clear structure", String::as_str);
    Error::failed(why.to_owned())
        .hint("name an algorithm and a number of segments to cut all the same: --algorithms kmeans --k 4")
}

/// The silhouette of each row of the matrix; NaN where it is unassigned.
///
/// # Errors
/// The task was cancelled.
pub fn silhouettes(prepared: &Prepared, run: &Run, task: &Task) -> Result<Vec<f64>> {
    Ok(metrics::silhouettes(&sampling::rows_of(prepared, run).matrix, &run.labels, task)?)
}

/// What the segments of a run are.
///
/// # Errors
/// The task was cancelled.
pub fn profile(table: &Table, recipe: &Recipe, prepared: &Prepared, run: &Run, task: &Task) -> Result<Segments> {
    let (silhouettes, task) = (silhouettes(prepared, run, task)?, &task_of(recipe, task)?);
    let (table, prepared) = (prepared.whole(table), sampling::rows_of(prepared, run));
    let mut segments = segments::profile(table, recipe, prepared, run, &silhouettes, task)?;
    segments::act(&mut segments, &playbook::of(recipe)?);
    Ok(segments)
}

/// An export never replaces its input.
///
/// # Errors
/// `target`, or the look-up file beside it, is the source (exit 2).
pub fn spare_input(source: &Path, target: &Path) -> Result<()> {
    let real = |path: &Path| match table::is_remote(path) {
        true => Some(table::shown(path).into_owned()),
        false => std::fs::canonicalize(path).ok(),
    };
    let input = real(source);
    let written = [target.to_owned(), report::lookup_path(target)];
    match written.into_iter().find(|file| input.is_some() && real(file) == input) {
        None => Ok(()),
        Some(file) => Err(Error::usage("this is the input, which stays as it is")
            .at(file.display().to_string())
            .hint("name another file")),
    }
}
