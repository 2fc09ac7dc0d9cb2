//! A session's command log carried out again without a screen: every file that was written is written anew, from its
//! source, by the recipe of that moment.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::backend::{News, ShownRun, Subject, Work};
use super::log::{Entry, Written};
use super::panes::Shown;
use super::update::work_of;
use super::work::{self, Beginning};
use super::world::World;
use crate::engine::looking::{Looking, names_segment};
use crate::error::{Error, Result};
use crate::recipe::Recipe;
use crate::table::{Finding, SourceSpec, Table};
use crate::task::Task;

/// Writes the files of a log, into the folder `to` where one is named; says each unless `quiet`.
///
/// # Errors
/// The log cannot be read, or a file cannot be written; those before it are.
pub fn replay(log: &Path, to: Option<&Path>, quiet: bool) -> Result<()> {
    let named = |error: Error| error.at(log.display().to_string());
    let text = std::fs::read_to_string(log).map_err(|error| named(Error::usage(format!("cannot be read: {error}"))))?;
    let mut known: Option<Known> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let entry = serde_json::from_str(line).map_err(|error| {
            Error::usage(format!("line {number} is no line of a command log: {error}")).at(log.display().to_string())
        })?;
        let Entry::Write { what, path, sources, recipe, run, pseudonyms, figure, chart, rows } = entry else {
            continue;
        };
        let path = to.map_or_else(|| path.clone(), |to| to.join(path.file_name().unwrap_or_default()));
        let subject = match known.take().filter(|known| known.sources == sources && known.recipe == recipe) {
            Some(known) => known,
            None => Known::read(sources, recipe)?,
        };
        match (what, chart) {
            (Written::Chart, Some(chart)) => subject.draw(&chart, run, rows, path.clone())?,
            _ => subject.write(what, run.as_deref(), pseudonyms, figure, path.clone())?,
        }
        if !quiet {
            eprintln!("written: {}", path.display());
        }
        known = Some(subject);
    }
    Ok(())
}

/// What was read and prepared for the file before: the next one mostly asks for the same.
struct Known {
    sources: Vec<SourceSpec>,
    recipe: String,
    subject: Subject,
    findings: Arc<Vec<Finding>>,
}

impl Known {
    fn read(sources: Vec<SourceSpec>, text: String) -> Result<Self> {
        let source = SourceSpec::joining(&sources).ok_or_else(|| Error::usage("the log names no source"))?;
        let recipe = Recipe::from_toml(&text, "log")?;
        let News::Loaded(loaded, recipe) = done(Work::Resume(Box::new(source), Box::new(recipe)))? else {
            return Err(unexpected());
        };
        let prepare = Work::Prepare(Arc::clone(&loaded.table), recipe.clone());
        let News::Prepared(prepared) = done(prepare)? else { return Err(unexpected()) };
        let subject = Subject { table: loaded.table, recipe, prepared };
        Ok(Self { sources, recipe: text, subject, findings: loaded.findings })
    }

    fn write(&self, what: Written, run: Option<&str>, pseudonyms: bool, figure: String, path: PathBuf) -> Result<()> {
        let findings = Arc::clone(&self.findings);
        let work = match what {
            Written::Recipe => Work::Save(self.subject.recipe.clone(), path),
            Written::Rows => Work::Export { shown: self.shown(run)?, pseudonyms, path },
            Written::Contacts => Work::Contacts { shown: self.shown(run)?, pseudonyms, path },
            Written::Report => Work::Report { shown: self.shown(run)?, findings, pseudonyms, figure, path },
            Written::Model => Work::Model { shown: self.shown(run)?, path },
            Written::Chart => return Err(Error::usage("the log does not say which chart it was")),
        };
        done(work).map(drop)
    }

    /// Draws a chart of these rows again.
    fn draw(&self, shown: &Shown, run: Option<String>, rows: Option<String>, path: PathBuf) -> Result<()> {
        let Subject { table, recipe, prepared } = &self.subject;
        let whole = prepared.table.clone().unwrap_or_else(|| Arc::clone(table));
        let studied = shown.needs_study() || rows.as_deref().is_some_and(|rows| names_segment(rows, &whole));
        let study = if studied { Some(self.shown(run.as_deref())?.study) } else { None };
        let mut world = World {
            read: Some(Arc::clone(table)),
            recipe: Some((**recipe).clone()),
            prepared: Some(Arc::clone(prepared)),
            chosen: run,
            study,
            table: Some(Arc::clone(&whole)),
            ..World::default()
        };
        self.explore(&mut world, whole, rows)?;
        let run = world.run_id().unwrap_or_default().to_owned();
        if let Some(work) = shown.needs(&run).and_then(|need| work_of(&world, need)) {
            known(&mut world, done(work)?);
        }
        let chart = shown.chart(&world).ok_or_else(|| Error::failed("there is no such chart of these data"))?;
        done(Work::Chart { chart: Box::new(chart), again: None, path }).map(drop)
    }

    /// What the columns look like, of all rows or of some.
    fn explore(&self, world: &mut World, table: Arc<Table>, rows: Option<String>) -> Result<()> {
        let Some(expression) = rows else {
            known(world, done(Work::Explore(table))?);
            return Ok(());
        };
        let labels = world.run_id().and_then(|run| Some(Arc::clone(&world.study.as_ref()?.run(run)?.labels)));
        let run = labels.map(|labels| (Arc::clone(&self.subject.prepared), labels));
        known(world, done(Work::Look(Looking { expression, table, run }))?);
        Ok(())
    }

    fn shown(&self, run: Option<&str>) -> Result<ShownRun> {
        let News::Study { study, .. } = done(Work::Study(self.subject.clone()))? else { return Err(unexpected()) };
        let run = run.or(study.recommendation.id.as_deref()).unwrap_or_default().to_owned();
        Ok(ShownRun { subject: self.subject.clone(), study, run, segments: None })
    }
}

fn done(work: Work) -> Result<News> {
    work::carry_out(work, &Beginning::default(), &Task::default(), &|_| ())
}

/// Takes what was computed into the world.
fn known(world: &mut World, news: News) {
    match news {
        News::Explored(exploration) => world.exploration = Some(exploration),
        News::Looked(looked) => world.looked = Some(looked),
        News::OverTime(found, None) => world.over_time = Some(found),
        News::OverTime(found, Some(_)) => world.over_time_looked = Some(found),
        News::Segments(segments) => drop(world.segments.insert(segments.run.clone(), segments)),
        News::Silhouettes { run, values } => drop(world.silhouettes.insert(run, values)),
        News::Dendrogram(tree) => world.dendrogram = Some(tree),
        News::Projection(projection) => world.projection = Some(projection),
        News::Embedding(embedding) => world.embedding = Some(embedding),
        News::Reachability { run, reached } => drop(world.reachability.insert(run, reached)),
        _ => (),
    }
}

fn unexpected() -> Error {
    Error::failed("this is a fault of the program: an order was answered by something else")
}
