//! What stands in a report, in words: the same values make the HTML page, the Markdown and the JSON.

mod answer;
mod card;
mod data;
mod glossary;
mod look_up;
mod model;
mod moved;
mod results;
mod runs;
mod write;

use serde::Serialize;

use super::figures::{self, Branches, Figure, View};
use super::{Pseudonyms, ReportError};
use crate::recipe::{Prepared, Recipe};
use crate::segments::Segments;
use crate::segments::migration::{Forecast, Migration};
use crate::study::{Run, Study};
use crate::table::{Finding, Table};
use crate::task::Task;

pub use answer::{Answer, Sure, TrialLine};
pub use card::{Card, Line};
pub use data::{ColumnLine, Fact};
pub use look_up::LookUp;
pub use model::OfModel;
pub use moved::Moved;
pub use results::{GoodLine, ResultLine};
pub use runs::RunLine;

use answer::About;

/// The version of the report's JSON.
const SCHEMA_VERSION: u32 = 1;

/// What a report is made of.
pub struct Told<'a> {
    /// The table that was read.
    pub table: &'a Table,
    /// What was noticed about it.
    pub findings: &'a [Finding],
    /// The recipe, its files without the folders of this machine.
    pub recipe: &'a Recipe,
    /// The recipe fitted to the table, all rows.
    pub prepared: &'a Prepared,
    /// The runs and the recommendation.
    pub study: &'a Study,
    /// The answer that was chosen first, then the alternatives.
    pub replies: &'a [Reply],
    /// The customers as points.
    pub view: &'a View,
    /// Who moved, where two periods were asked for.
    pub migration: Option<(&'a Migration, Option<&'a Forecast>)>,
    /// In place of ids; without them no customer is named.
    pub pseudonyms: Option<&'a Pseudonyms>,
}

/// One answer: a run over all rows and what its segments are.
pub struct Reply {
    /// The run.
    pub run: Run,
    /// Its segments, as a report may show them.
    pub segments: Segments,
    /// The silhouette of each row of the matrix.
    pub silhouettes: Vec<f64>,
    /// Its tree, where the run is hierarchical.
    pub tree: Option<Branches>,
}

/// Everything that stands in a report.
#[derive(Debug, Clone, Serialize)]
pub struct Page {
    /// The version of this value as JSON.
    pub schema_version: u32,
    /// What the report is about.
    pub title: String,
    /// Customers, features, seed, in a line.
    pub subtitle: String,
    /// The recommendation in a sentence.
    pub headline: String,
    /// Why, in sentences.
    pub reasons: Vec<String>,
    /// What fewer and more segments would do.
    pub alternatives: Vec<String>,
    /// The answers, the chosen one first.
    pub answers: Vec<Answer>,
    /// Who moved, where two periods were asked for.
    pub migration: Option<Moved>,
    /// The runs side by side.
    pub runs: Vec<RunLine>,
    /// How many runs are not listed.
    pub more_runs: usize,
    /// What the indices say about the number of segments.
    pub votes: Vec<Fact>,
    /// What the chosen run was held to.
    pub gates: Vec<Fact>,
    /// The curves over the number of segments.
    pub curves: Vec<Picture>,
    /// The source in facts.
    pub data: Vec<Fact>,
    /// The columns.
    pub columns: Vec<ColumnLine>,
    /// What was noticed, and what became of it.
    pub findings: Vec<Fact>,
    /// The preparation, step by step.
    pub steps: Vec<Fact>,
    /// The recipe's text.
    pub recipe: String,
    /// How it was done.
    pub method: Vec<Fact>,
    /// The terms.
    pub glossary: Vec<Fact>,
    /// With what it was done.
    pub provenance: Vec<Fact>,
    /// Pseudonyms with their segments.
    pub look_up: Option<LookUp>,
}

/// A drawing as it stands in a page.
#[derive(Debug, Clone, Serialize)]
pub struct Picture {
    /// What `--figure` calls it.
    pub name: String,
    /// What it shows.
    pub title: String,
    /// What can be seen.
    pub words: String,
    /// The drawing.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub svg: String,
}

impl From<&Figure> for Picture {
    fn from(figure: &Figure) -> Self {
        Self {
            name: figure.name.clone(),
            title: figure.title.clone(),
            words: figure.words.clone(),
            svg: figure.svg.inline(),
        }
    }
}

impl Page {
    /// Puts the report together.
    ///
    /// # Errors
    /// The source cannot be read again for the pseudonyms, or the task was cancelled.
    pub fn of(told: &Told<'_>, task: &Task) -> Result<Self, ReportError> {
        let recommendation = &told.study.recommendation;
        let (headline, reasons) = said(told);
        let mut answers = Vec::with_capacity(told.replies.len());
        for (place, reply) in told.replies.iter().enumerate() {
            task.check()?;
            answers.push(Answer::of(&About::reply(told, reply, place == 0)));
        }
        let chosen = told.replies.first();
        let (runs, more_runs) = runs::lines(told.study);
        Ok(Self {
            schema_version: SCHEMA_VERSION,
            title: data::title(told.table),
            subtitle: data::subtitle(told),
            headline,
            reasons,
            alternatives: recommendation.alternatives.iter().map(|other| other.what.clone()).collect(),
            answers,
            migration: told.migration.map(|(migration, forecast)| Moved::of(migration, forecast)),
            runs,
            more_runs,
            votes: runs::votes(told.study),
            gates: runs::gates(told.study),
            curves: figures_of_runs(told).iter().map(Picture::from).collect(),
            data: data::facts(told),
            columns: data::columns(told),
            findings: data::findings(told.findings),
            steps: data::steps(told.prepared),
            recipe: told.recipe.to_toml(),
            method: data::method(told, chosen.map(|reply| &reply.run)),
            glossary: glossary::glossary(told.study),
            provenance: data::provenance(told),
            look_up: look_up::look_up(told, task)?,
        })
    }
}

/// The recommendation's first sentence and the others; where another run was asked for, that comes first.
fn said(told: &Told<'_>) -> (String, Vec<String>) {
    let recommendation = &told.study.recommendation;
    let mut reasons = recommendation.reasons.clone();
    let advised = if reasons.is_empty() { "No recommendation".to_owned() } else { reasons.remove(0) };
    match told.replies.first() {
        Some(reply) if recommendation.id.as_ref() != Some(&reply.run.id) => {
            let (count, title) = (reply.run.labels.clusters(), reply.run.candidate.algorithm.title());
            let asked = format!("{count} segments by {title}, because they were asked for");
            reasons.insert(0, format!("What the comparison itself says: {advised}"));
            (asked, reasons)
        }
        _ => (advised, reasons),
    }
}

/// The pictures of the chosen answer and of the comparison, as files of their own.
pub fn figures(told: &Told<'_>) -> Vec<Figure> {
    let of_answer = told.replies.first().map(|reply| answer::figures(&About::reply(told, reply, true)));
    let flow = told.migration.and_then(|(migration, _)| figures::flow(migration));
    of_answer.into_iter().flatten().chain(flow).chain(figures_of_runs(told)).collect()
}

fn figures_of_runs(told: &Told<'_>) -> Vec<Figure> {
    runs::figures(told.study, told.replies.first().map(|reply| &reply.run))
}
