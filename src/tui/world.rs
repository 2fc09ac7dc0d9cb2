//! What the workbench knows: the newest plain value of each room, as the engine handed it over.

use std::collections::HashMap;
use std::sync::Arc;

use crate::engine::features::Worths;
use crate::engine::looking::Looked;
use crate::engine::migrations::Migrated;
use crate::engine::values::{Dendrogram, Embedding, Projection, Reachability};
use crate::error::Error;
use crate::explore::{Exploration, OverTime};
use crate::model::drift::Drift;
use crate::recipe::{KeptSegment, Prepared, Recipe};
use crate::segments::{self, Segments};
use crate::study::Study;
use crate::table::{Field, Finding, Preview, Table};

/// How a finding was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The remedy with this index was taken.
    Taken(usize),
    /// It was left as it is.
    Left,
}

/// Segments that were shown, and the features by which they were found.
#[derive(Debug, Clone, Default)]
pub struct Former {
    features: Vec<String>,
    kept: Vec<KeptSegment>,
}

/// The newest plain value of each room. Panes read it; only the update of the whole state writes it.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// The file's name as the title bar shows it.
    pub title: String,
    /// Where nothing but the first rows is here: why, and what can be done.
    pub unread: Option<(String, &'static str)>,
    /// The first rows.
    pub preview: Option<Arc<Preview>>,
    /// The table as it was read.
    pub read: Option<Arc<Table>>,
    /// The table once it was read, with the columns that the recipe makes.
    pub table: Option<Arc<Table>>,
    /// The findings.
    pub findings: Arc<Vec<Finding>>,
    /// How they were answered, by index.
    pub answers: HashMap<usize, Answer>,
    /// Summaries and correlations.
    pub exploration: Option<Arc<Exploration>>,
    /// The expression of the rows that are to be looked at; all of them without one.
    pub filter: Option<String>,
    /// The rows that are looked at, once they were found.
    pub looked: Option<Arc<Looked>>,
    /// Orders over time, where the rows are lines of them or were rolled up from some.
    pub over_time: Option<Arc<OverTime>>,
    /// Those of the rows that are looked at.
    pub over_time_looked: Option<Arc<OverTime>>,
    /// The recipe as it stands now; its roles overrule the table's proposals.
    pub recipe: Option<Recipe>,
    /// The matrix of the newest recipe, once prepared.
    pub prepared: Option<Arc<Prepared>>,
    /// Why there is none.
    pub unprepared: Option<Arc<Error>>,
    /// What the features are worth, where it was asked.
    pub worths: Option<Arc<Worths>>,
    /// The newest snapshot of the study.
    pub study: Option<Arc<Study>>,
    /// Whether the study is still running.
    pub studying: bool,
    /// The segments of the runs that were looked at, by run id.
    pub segments: HashMap<String, Arc<Segments>>,
    /// The segments that were shown before the study was changed: those that come again keep their keys and names.
    pub former: Former,
    /// The run whose segments are shown; the recommended one where nothing was chosen.
    pub chosen: Option<String>,
    /// Who moved to another period.
    pub migrated: Option<Arc<Migrated>>,
    /// Whether later rows moved.
    pub drift: Option<Arc<Drift>>,
    /// The PCA view of the matrix.
    pub projection: Option<Arc<Projection>>,
    /// The silhouette of each row of the matrix, by run id.
    pub silhouettes: HashMap<String, Arc<Vec<f64>>>,
    /// The reachability of the rows, by run id.
    pub reachability: HashMap<String, Arc<Reachability>>,
    /// The t-SNE view of the matrix.
    pub embedding: Option<Arc<Embedding>>,
    /// Whether the view that takes longest was stopped: it is not begun again unasked.
    pub stopped: bool,
    /// The Ward dendrogram of the matrix.
    pub dendrogram: Option<Arc<Dendrogram>>,
    /// Runs that were pinned.
    pub pinned: Vec<String>,
    /// Whether exports have pseudonyms in place of ids.
    pub pseudonyms: bool,
    /// Whether personal data are shown as they stand; they are masked otherwise.
    pub shows_personal: bool,
}

impl World {
    /// The id of the run whose segments are shown.
    pub fn run_id(&self) -> Option<&str> {
        let study = self.study.as_ref()?;
        match self.chosen.as_deref() {
            // A chosen run of a session that goes on is first to be fitted.
            Some(id) if study.run(id).is_some_and(|run| !run.labels.is_empty()) => Some(id),
            _ => study.recommendation.id.as_deref().or_else(|| study.ranked().first().map(|run| run.id.as_str())),
        }
    }

    /// Whether a row of the table is looked at.
    pub fn looks_at(&self, row: usize) -> bool {
        self.looked.as_ref().is_none_or(|looked| looked.has(row))
    }

    /// Summaries and correlations of the rows that are looked at.
    pub fn explored(&self) -> Option<&Arc<Exploration>> {
        match &self.looked {
            Some(looked) => looked.exploration.as_ref(),
            None => self.exploration.as_ref(),
        }
    }

    /// Orders over time of the rows that are looked at.
    pub fn orders(&self) -> Option<&Arc<OverTime>> {
        if self.looked.is_some() { self.over_time_looked.as_ref() } else { self.over_time.as_ref() }
    }

    /// Which rows are looked at: another value for others.
    pub fn looked_key(&self) -> usize {
        self.looked.as_ref().map_or(0, |looked| Arc::as_ptr(looked) as usize)
    }

    /// Remembers the segments that are shown, before another study takes their place.
    pub fn remember_segments(&mut self) {
        let shown = self.shown_segments().map(|shown| segments::kept(shown)).filter(|kept| !kept.is_empty());
        if let Some((kept, recipe)) = shown.zip(self.recipe.as_ref()) {
            self.former = Former { features: recipe.roles.cluster.clone(), kept };
        }
    }

    /// The recipe, knowing the segments that were shown before: by the same features they keep their keys and names.
    pub fn remembering(&self) -> Option<Recipe> {
        let recipe = self.recipe.clone()?;
        if recipe.roles.cluster != self.former.features {
            return Some(recipe);
        }
        Some(Recipe { kept: segments::known(&recipe.kept, &self.former.kept), ..recipe })
    }

    /// A value of a column as it may be shown: masked where it is personal, unless the user asked to see it.
    pub fn shown(&self, field: &Field, text: String) -> String {
        match field.personal {
            Some(kind) if !self.shows_personal => kind.mask(&text),
            _ => text,
        }
    }

    /// The segments of that run, once they were profiled.
    pub fn shown_segments(&self) -> Option<&Arc<Segments>> {
        self.segments.get(self.run_id()?)
    }
}
