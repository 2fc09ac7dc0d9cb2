//! The steps of the street, one function each: the command line, the workbench and the server ask
//! only for these, so that the same question gives the same answer from all of them.

use std::path::Path;
use std::sync::Arc;

use super::rollups::{self, Keep};
use super::values::{Choices, Loaded};
use super::{checks, handover, models, playbook, sampling};
use crate::error::{Error, Result, nearest};
use crate::explore::{self, Exploration, Tendency};
use crate::matrix::{Coded, Column, Labels, Values};
use crate::metrics;
use crate::plot::number;
use crate::recipe::{self, Prepared, Recipe, Scaling, Step};
use crate::report;
use crate::segments::{self, Segments};
use crate::study::{self, Estimate, Plan, Run, Study};
use crate::table::{self, Preview, Role, Shape, SourceSpec, Table};
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
/// As [`propose`].
pub fn recipe_for(loaded: &Loaded, base: Option<Recipe>, choices: &Choices) -> Result<Recipe> {
    let mut recipe = match base {
        Some(base) => adapt(base, &loaded.table, choices)?,
        None => propose(&loaded.table, choices)?,
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

/// The recipe that the table proposes, with the user's choices put into it.
///
/// # Errors
/// A choice names a column or an algorithm that is not there, or contradicts another (exit 2).
pub fn propose(table: &Table, choices: &Choices) -> Result<Recipe> {
    adapt(Recipe::propose(table), table, choices)
}

/// A recipe with the user's choices put into it.
///
/// # Errors
/// As [`propose`].
pub fn adapt(mut recipe: Recipe, table: &Table, choices: &Choices) -> Result<Recipe> {
    choose_roles(&mut recipe, table, choices)?;
    choose_scaling(&mut recipe, choices.scale);
    choose_study(&mut recipe, choices);
    plan(&recipe)?;
    if let Some(share) = &recipe.export.control {
        handover::control(share, &recipe.export.campaign)?;
    }
    Ok(recipe)
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

/// Lists the columns of each role as they stand in the table: the same question asked in another order
/// gives the same bits. Outcomes keep their order: what stands first matters most.
pub fn order_roles(recipe: &mut Recipe, table: &Table) {
    // What the recipe makes stands behind what the table has.
    let place = |name: &String| table.fields.iter().position(|field| field.name() == name).unwrap_or(usize::MAX);
    let roles = &mut recipe.roles;
    for list in [&mut roles.cluster, &mut roles.describe] {
        list.sort_by_key(place);
    }
}

/// Puts the choices that name columns into the recipe's roles.
fn choose_roles(recipe: &mut Recipe, table: &Table, choices: &Choices) -> Result<()> {
    if let Some(features) = &choices.features {
        for column in std::mem::take(&mut recipe.roles.cluster) {
            recipe.set_role(&column, Role::Describe);
        }
        set_roles(recipe, table, "--features", features, Role::Cluster)?;
    }
    set_roles(recipe, table, "--exclude", &choices.exclude, Role::Ignore)?;
    set_roles(recipe, table, "--outcome", &choices.outcome, Role::Outcome)?;
    set_roles(recipe, table, "--truth", choices.truth.as_slice(), Role::Outcome)?;
    set_roles(recipe, table, "--id", choices.id.as_slice(), Role::Id)?;
    order_roles(recipe, table);
    // What was named matters more than what was recognised.
    let named = |name: &String| choices.outcome.iter().position(|named| named == name).unwrap_or(usize::MAX);
    recipe.roles.outcome.sort_by_key(named);
    Ok(())
}

fn set_roles(recipe: &mut Recipe, table: &Table, option: &str, columns: &[String], role: Role) -> Result<()> {
    for column in columns {
        if !recipe.makes(column) {
            known(table, column).map_err(|error| error.at(option))?;
        }
        recipe.set_role(column, role);
    }
    Ok(())
}

/// The column must be in the table.
pub(super) fn known(table: &Table, column: &str) -> Result<()> {
    if table.field(column).is_some() {
        return Ok(());
    }
    let error = Error::usage(format!("there is no column \"{column}\""));
    Err(match nearest(column, table.fields.iter().map(table::Field::name)) {
        Some(name) => error.hint(format!("did you mean \"{name}\"?")),
        None => error.hint("`segmenta inspect FILE` lists the columns"),
    })
}

/// Replaces the scaling of all features.
fn choose_scaling(recipe: &mut Recipe, scale: Option<Scaling>) {
    let Some(method) = scale else { return };
    recipe.steps.retain(|step| !matches!(step, Step::Scale { .. }));
    recipe.steps.push(Step::Scale { method, columns: Vec::new() });
}

fn choose_study(recipe: &mut Recipe, choices: &Choices) {
    let spec = &mut recipe.study;
    if let Some(algorithms) = &choices.algorithms {
        spec.algorithms.clone_from(algorithms);
    }
    if let Some(k) = &choices.k {
        spec.k.clone_from(k);
    }
    if let Some(memory) = &choices.memory {
        spec.memory.clone_from(memory);
    }
    if let Some(seed) = choices.seed {
        recipe.seed = seed;
    }
    spec.stability = choices.stability.or(spec.stability);
    spec.segments = choices.segments.clone().or(spec.segments.take());
    spec.smallest = choices.smallest.or(spec.smallest);
    spec.sample = choices.sample.or(spec.sample);
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
    Ok(task.with_seed(recipe.seed).with_memory(parse_bytes(&recipe.study.memory)?))
}

/// A number of bytes as people write it: `512MiB`, `4GiB`, `2GB`, `1000000`.
///
/// # Errors
/// It is none (exit 2).
pub fn parse_bytes(text: &str) -> Result<u64> {
    const UNITS: [(&str, f64); 9] = [
        ("kib", 1024.0),
        ("mib", 1_048_576.0),
        ("gib", 1_073_741_824.0),
        ("tib", 1_099_511_627_776.0),
        ("kb", 1e3),
        ("mb", 1e6),
        ("gb", 1e9),
        ("tb", 1e12),
        ("b", 1.0),
    ];
    let lower = text.trim().to_lowercase();
    let (number, factor) = UNITS
        .iter()
        .find_map(|(unit, factor)| lower.strip_suffix(unit).map(|number| (number, *factor)))
        .unwrap_or((&lower, 1.0));
    match number.trim().parse::<f64>() {
        Ok(value) if value.is_finite() && value > 0.0 => Ok((value * factor) as u64),
        _ => Err(Error::usage(format!("\"{text}\" is not an amount of memory")).hint("write it like 4GiB or 500MB")),
    }
}

/// A share as people write it: `5%` or `0.05`, of this option.
///
/// # Errors
/// It is none, or 1 and more (exit 2).
pub fn parse_share(option: &str, text: &str) -> Result<f64> {
    let (number, unit) = match text.trim().strip_suffix('%') {
        Some(number) => (number, 100.0),
        None => (text, 1.0),
    };
    let share =
        number.trim().parse::<f64>().map(|number| number / unit).ok().filter(|share| (0.0..1.0).contains(share));
    share.ok_or_else(|| Error::usage(format!("\"{text}\" is no share")).at(option).hint("write it like 5%"))
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
    known(table, column)?;
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn shares_are_read_as_people_write_them() {
        assert_eq!(parse_share("--smallest", "5%").unwrap(), 0.05);
        assert_eq!(parse_share("--smallest", "0.02").unwrap(), 0.02);
        for bad in ["5", "much", "-1%", "100%"] {
            assert_eq!(parse_share("--smallest", bad).unwrap_err().exit as i32, 2, "{bad}");
        }
    }

    #[test]
    fn amounts_of_memory_are_read_as_people_write_them() {
        assert_eq!(parse_bytes("4GiB").unwrap(), 4 << 30);
        assert_eq!(parse_bytes(" 1.5 mib").unwrap(), 1_572_864);
        assert_eq!(parse_bytes("2GB").unwrap(), 2_000_000_000);
        assert_eq!(parse_bytes("1000").unwrap(), 1000);
        for bad in ["", "much", "-1GiB", "0", "nan"] {
            assert_eq!(parse_bytes(bad).unwrap_err().exit as i32, 2, "{bad}");
        }
    }
}
