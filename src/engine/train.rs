//! Classifiers trained to tell a segment or an outcome from chosen columns.

use serde::Serialize;

use super::choosing;
use super::values::Choices;
use crate::error::{Error, Result};
use crate::matrix::{UNASSIGNED, Values};
use crate::model::Model;
use crate::model::classify::{Classifier, Judged, Kind, Lesson, judge};
use crate::recipe::{self, Prepared, Recipe};
use crate::table::{Field, Table, value};
use crate::task::Task;

/// More classes than a classifier is asked to tell apart.
const MOST_CLASSES: usize = 50;
/// Fewer rows of a class cannot be dealt out to five folds.
const LEAST_ROWS: usize = 5;

/// What is to be told: a class a row of the table.
#[derive(Debug, Clone)]
pub struct Target {
    /// What it is called, e.g. `segment`.
    pub name: String,
    /// The classes' names.
    pub classes: Vec<String>,
    /// The class of each row, 0..; `None` where it has none.
    pub of: Vec<Option<usize>>,
}

/// The classifiers that were tried, the best first.
#[derive(Debug, Clone, Serialize)]
pub struct Trained {
    /// What is told.
    pub target: String,
    /// The classes' names, in the order of the confusion.
    pub classes: Vec<String>,
    /// The columns by which.
    pub by: Vec<String>,
    /// Rows that were learnt from.
    pub rows: usize,
    /// The share of the most frequent class: what one is right in without looking.
    pub most_frequent: f64,
    /// What each is worth on rows that it has not seen, the smallest log loss first.
    pub tried: Vec<Judged>,
    /// How much each column decides in the best, largest first, summing to 1.
    pub importances: Vec<(String, f64)>,
    /// The best, fitted to all rows.
    #[serde(skip)]
    pub best: Classifier,
    /// The recipe of the columns.
    #[serde(skip)]
    pub recipe: Recipe,
    /// The columns as the classifier sees them.
    #[serde(skip)]
    pub prepared: Prepared,
}

impl Target {
    /// The segments of rows, by a model's names; rows without one are not learnt from.
    pub fn segments(model: &Model, labels: impl Iterator<Item = Option<u32>>) -> Self {
        let classes = model.segments.list.iter().map(|segment| segment.name.clone()).collect();
        let class = |label: Option<u32>| label.filter(|&label| label != UNASSIGNED).map(|label| label as usize - 1);
        Self { name: "segment".to_owned(), classes, of: labels.map(class).collect() }
    }

    /// The values of a column.
    ///
    /// # Errors
    /// There is no such column, or it has too many values or only one.
    pub fn column(table: &Table, name: &str) -> Result<Self> {
        choosing::known(table, name)?;
        let Some(field) = table.field(name) else { return Err(Error::usage(format!("there is no column \"{name}\""))) };
        let classes = classes(field);
        if !(2..=MOST_CLASSES).contains(&classes.len()) {
            let what = format!("\"{name}\" has {} values, a classifier tells 2 to {MOST_CLASSES}", classes.len());
            return Err(Error::failed(what).hint("put numbers into bins with the step `bin` first"));
        }
        let class = |row| (!field.column.values.is_missing(row)).then(|| value(&field.column.values, row));
        let place = |text: String| classes.iter().position(|class| *class == text);
        let of = (0..table.rows).map(|row| class(row).and_then(place)).collect();
        Ok(Self { name: name.to_owned(), classes, of })
    }
}

/// The values of a column as texts, sorted: numbers by size.
fn classes(field: &Field) -> Vec<String> {
    match &field.column.values {
        Values::Number(values) => {
            let mut values: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
            values.sort_by(f64::total_cmp);
            values.dedup();
            values.iter().map(ToString::to_string).collect()
        }
        Values::Text(coded) => {
            let mut levels = coded.levels.clone();
            levels.sort_unstable();
            levels
        }
    }
}

/// Tries all classifiers on the columns `by`, by cross-validation, and fits the best to all rows.
///
/// # Errors
/// A column is not there, the classes have too few rows, or the task was cancelled.
pub fn train(table: &Table, target: &Target, by: &[String], seed: u64, task: &Task) -> Result<Trained> {
    let task = task.with_seed(seed);
    if by.contains(&target.name) {
        return Err(Error::usage(format!("\"{}\" is what is to be told", target.name)).at("--by"));
    }
    let choices = Choices { features: Some(by.to_vec()), seed: Some(seed), ..Choices::default() };
    let recipe = choosing::propose(table, &choices)?;
    let prepared = recipe::fit(&recipe, table, &task)?;
    let (rows, classes) = learnt(&prepared, target)?;
    let values = prepared.matrix.values.select(ndarray::Axis(0), &rows);
    let lesson = Lesson { rows: values.view(), classes: &classes, k: target.classes.len() };
    task.begin("trying classifiers", Kind::ALL.len() as u64);
    let mut tried = Vec::new();
    for kind in Kind::ALL {
        tried.push(judge(kind, lesson, &task)?);
        task.advance(1);
    }
    tried.sort_by(|a, b| a.log_loss.total_cmp(&b.log_loss));
    let best = Classifier::fit(tried[0].kind, lesson, &task)?;
    Ok(Trained {
        target: target.name.clone(),
        classes: target.classes.clone(),
        by: prepared.pipeline.inputs.clone(),
        rows: rows.len(),
        most_frequent: most_frequent(&classes, target.classes.len()),
        importances: importances(&best, &prepared),
        tried,
        best,
        recipe,
        prepared,
    })
}

/// The rows of the matrix that have a class, with it; every class has enough of them.
fn learnt(prepared: &Prepared, target: &Target) -> Result<(Vec<usize>, Vec<usize>)> {
    let class = |(place, &row): (usize, &u32)| Some((place, target.of.get(row as usize).copied().flatten()?));
    let (rows, classes): (Vec<usize>, Vec<usize>) = prepared.matrix.rows.iter().enumerate().filter_map(class).unzip();
    let count = |class: usize| classes.iter().filter(|&&other| other == class).count();
    match (0..target.classes.len()).find(|&class| count(class) < LEAST_ROWS) {
        None => Ok((rows, classes)),
        Some(few) => {
            let what = format!("only {} rows are \"{}\", too few to learn it", count(few), target.classes[few]);
            Err(Error::failed(what).hint(format!("each class needs {LEAST_ROWS} rows")))
        }
    }
}

fn most_frequent(classes: &[usize], k: usize) -> f64 {
    let most = (0..k).map(|class| classes.iter().filter(|&&other| other == class).count()).max().unwrap_or(0);
    most as f64 / classes.len().max(1) as f64
}

/// How much each column of the source decides: the sum over its columns of the matrix.
fn importances(best: &Classifier, prepared: &Prepared) -> Vec<(String, f64)> {
    let inputs = &prepared.pipeline.inputs;
    let mut sums = vec![0.0; inputs.len()];
    for (share, &input) in best.importances(prepared.matrix.ncols()).iter().zip(&prepared.origin) {
        sums[input] += share;
    }
    let mut named: Vec<(String, f64)> = inputs.iter().cloned().zip(sums).collect();
    named.sort_by(|a, b| b.1.total_cmp(&a.1));
    named
}

/// The model with the best classifier in place of its clusterer.
pub fn serving(model: Model, table: &Table, trained: &Trained, target: &Target) -> Model {
    let recipe = Recipe { rollup: model.recipe.rollup.clone(), ..trained.recipe.clone() };
    let rows = trained.prepared.matrix.rows.iter();
    let label =
        |&row: &u32| target.of.get(row as usize).copied().flatten().map_or(UNASSIGNED, |class| class as u32 + 1);
    let labels: Vec<u32> = rows.map(label).collect();
    model.classified(trained.best.clone(), table, &recipe, &trained.prepared, &labels)
}
