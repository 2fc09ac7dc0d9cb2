//! The report of a saved model: what its segments are, without the rows that they were found in.

use super::answer::{self, About, Answer};
use super::data::{ColumnLine, Fact};
use super::{Figure, Page, SCHEMA_VERSION, glossary};
use crate::cluster::Algorithm;
use crate::plot::number;
use crate::recipe::Recipe;
use crate::segments::Segments;

/// What a report of a model is made of.
pub struct OfModel<'a> {
    /// The model file's name.
    pub name: String,
    /// The run.
    pub run: &'a str,
    /// What was fitted.
    pub algorithm: Option<Algorithm>,
    /// The silhouette.
    pub separation: Option<f64>,
    /// How the weakest segment came back in the redraws.
    pub holds: Option<f64>,
    /// Customers that it was made with.
    pub used: usize,
    /// The segments, as a report may show them.
    pub segments: &'a Segments,
    /// The recipe, its files without the folders of this machine.
    pub recipe: &'a Recipe,
    /// Where the customers of another file are placed, in words; empty without one.
    pub placed: Vec<Fact>,
    /// What it was made with.
    pub provenance: Vec<Fact>,
}

impl Page {
    /// The report of a model.
    pub fn of_model(of: &OfModel<'_>) -> Self {
        let (count, used) = (of.segments.list.len(), number::whole(of.used));
        let (roles, answer) = (&of.recipe.roles, Answer::of(&of.about()));
        let column =
            |role: &'static str| move |name: &String| ColumnLine { name: name.clone(), role, ..ColumnLine::default() };
        let features = roles.cluster.iter().map(column("feature"));
        let described = roles.describe.iter().map(column("describes"));
        let outcomes = roles.outcome.iter().map(column("outcome"));
        Self {
            schema_version: SCHEMA_VERSION,
            title: format!("Customer segments of {}", of.name),
            subtitle: format!("{used} customers · {} · seed {}", super::data::features(of.recipe), of.recipe.seed),
            headline: format!("{count} segments of {used} customers"),
            reasons: reasons(&answer),
            alternatives: Vec::new(),
            answers: vec![answer],
            migration: None,
            runs: Vec::new(),
            more_runs: 0,
            votes: Vec::new(),
            gates: Vec::new(),
            curves: Vec::new(),
            data: [Fact::new("rows used", used)].into_iter().chain(of.placed.clone()).collect(),
            columns: features.chain(described).chain(outcomes).collect(),
            findings: Vec::new(),
            steps: Vec::new(),
            recipe: of.recipe.to_toml(),
            method: super::data::cautions(of.algorithm),
            glossary: glossary::terms(of.algorithm.into_iter().collect()),
            provenance: of.provenance.clone(),
            look_up: None,
        }
    }
}

fn reasons(answer: &Answer) -> Vec<String> {
    let saved = "The segments of a saved model, as they were when it was made".to_owned();
    std::iter::once(saved).chain(answer.standing.clone()).collect()
}

impl OfModel<'_> {
    fn about(&self) -> About<'_> {
        let name = self.algorithm.map_or_else(|| self.run.to_owned(), |of| of.title().to_owned());
        About {
            id: self.run,
            title: format!("{} segments: {name}", self.segments.list.len()),
            chosen: true,
            separation: self.separation,
            holds: self.holds,
            segments: self.segments,
            rows: None,
        }
    }

    /// The pictures of the segments, as files of their own.
    pub fn figures(&self) -> Vec<Figure> {
        answer::figures(&self.about())
    }
}
