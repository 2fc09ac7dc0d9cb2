//! The command log of a session, a JSON line each: what was opened, decided and written. What was written stands there
//! with all that it takes to write it again.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::backend::{Again, ShownRun, Subject, Work};
use super::panes::Shown;
use crate::engine::sessions::Session;
use crate::recipe::Recipe;
use crate::table::SourceSpec;

/// One line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Entry {
    /// A source was opened.
    Open {
        /// The source and those joined to it.
        sources: Vec<SourceSpec>,
    },
    /// Some rows were looked at: files are of all rows all the same.
    Look {
        /// The expression that holds for them; empty for all.
        rows: String,
    },
    /// Something was decided.
    Decide {
        /// What, as the screen said it.
        what: String,
        /// The recipe from then on.
        recipe: String,
    },
    /// A file was written.
    Write {
        /// What it is.
        what: Written,
        /// Where it lies.
        path: PathBuf,
        /// The source and those joined to it.
        sources: Vec<SourceSpec>,
        /// The recipe.
        recipe: String,
        /// The run.
        run: Option<String>,
        /// Whether it has pseudonyms in place of ids.
        pseudonyms: bool,
        /// The picture that a report's file was to hold.
        figure: String,
        /// The chart.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chart: Option<Shown>,
        /// The rows that were looked at, where the file is of these alone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rows: Option<String>,
    },
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Written {
    /// The rows with their segments.
    Rows,
    /// Whom to contact.
    Contacts,
    /// A report, or a picture of it.
    Report,
    /// A model.
    Model,
    /// The recipe.
    Recipe,
    /// A chart.
    Chart,
}

/// The line of an order that writes a file or opens a source; `None` of others.
pub fn of_order(work: &Work, source: &SourceSpec) -> Option<Entry> {
    let sources = Session::sources_of(source)?;
    let write = |what, path: &Path, recipe: &Recipe, run: Option<&str>, pseudonyms, figure: &str| Entry::Write {
        what,
        path: std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
        sources: sources.clone(),
        recipe: recipe.to_toml(),
        run: run.map(str::to_owned),
        pseudonyms,
        figure: figure.to_owned(),
        chart: None,
        rows: None,
    };
    let of_run = |what, shown: &ShownRun, pseudonyms, path: &Path, figure: &str| {
        let Subject { recipe, .. } = &shown.subject;
        write(what, path, recipe, Some(&shown.run), pseudonyms, figure)
    };
    Some(match work {
        Work::Open(_) | Work::RollUp(..) | Work::Resume(..) => Entry::Open { sources },
        Work::Export { shown, pseudonyms, path } => of_run(Written::Rows, shown, *pseudonyms, path, ""),
        Work::Contacts { shown, pseudonyms, path } => of_run(Written::Contacts, shown, *pseudonyms, path, ""),
        Work::Report { shown, pseudonyms, figure, path, .. } => {
            of_run(Written::Report, shown, *pseudonyms, path, figure)
        }
        Work::Model { shown, path } => of_run(Written::Model, shown, false, path, ""),
        Work::Chart { again: Some(again), path, .. } => {
            let Again { shown, recipe, run, rows } = &**again;
            write(Written::Chart, path, recipe, run.as_deref(), false, "").of(shown, rows.as_deref())
        }
        Work::Save(recipe, path) => write(Written::Recipe, path, recipe, None, false, ""),
        _ => return None,
    })
}

impl Entry {
    /// The line of a file that holds this chart, of these rows.
    fn of(mut self, shown: &Shown, looked_at: Option<&str>) -> Self {
        if let Self::Write { chart, rows, .. } = &mut self {
            (*chart, *rows) = (Some(shown.clone()), looked_at.map(str::to_owned));
        }
        self
    }

    /// As a line of the log.
    pub fn line(&self) -> String {
        // A line that cannot be written down is left out.
        serde_json::to_string(self).map_or_else(|_| String::new(), |line| line + "\n")
    }
}
