//! What each order does: one plain function from work to news, wherever it runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::backend::{Keeping, News, ShownRun, Subject, Work};
use super::{follow, paths};
use crate::config::Paths;
use crate::engine::contacts::Contacts;
use crate::engine::features::Worths;
use crate::engine::keeping::{self, Forgotten, Kept};
use crate::engine::looking::{self, Looking};
use crate::engine::privacy::{self, Privacy};
use crate::engine::sessions::{self, runs};
use crate::engine::train::{self, Target, Trained};
use crate::engine::values::Choices;
use crate::engine::{
    baskets, charts, checks, contacts, features, handover, migrations, models, orders, pictures, proof, reports,
    sampling, steps,
};
use crate::error::{Error, Result};
use crate::live;
use crate::recipe::{Prepared, Recipe};
use crate::report as files;
use crate::segments::Segments;
use crate::study::{Run, Stability, Study};
use crate::table::{Finding, SourceSpec};
use crate::task::Task;

/// What the workbench was opened with.
#[derive(Debug, Clone, Default)]
pub struct Beginning {
    /// They go into every recipe that is proposed.
    pub choices: Choices,
    /// It replaces the proposal.
    pub recipe: Option<Recipe>,
    /// Where sessions are kept: runs that they finished are not fitted again, and those of a file that is opened are
    /// offered.
    pub sessions: Option<PathBuf>,
}

/// Hears early news of a work that goes on.
pub type Tell<'a> = &'a dyn Fn(News);

/// The slot that the work takes: newer work of one slot supersedes the older.
pub fn slot(work: &Work) -> &'static str {
    match work {
        Work::Open(_) | Work::RollUp(..) | Work::Resume(..) => "open",
        Work::Explore(_) => "explore",
        Work::Look(_) => "look",
        Work::Prepare(..) => "prepare",
        Work::Study(_) => "study",
        Work::Profile(..) => "profile",
        Work::Silhouettes(..) => "silhouettes",
        Work::OverTime(..) => "orders",
        Work::Reachability(..) => "reachability",
        Work::Embedding(..) => "embedding",
        Work::Projection(_) => "projection",
        Work::Dendrogram(_) => "dendrogram",
        Work::Train { .. } | Work::Rank(..) => "rank",
        Work::Migrate { .. } | Work::Drift { .. } | Work::Feedback { .. } => "follow",
        Work::Export { .. } | Work::Contacts { .. } | Work::Movers { .. } | Work::Report { .. } => "export",
        Work::Complete(_) => "complete",
        Work::Text { .. } | Work::Chart { .. } => "save",
        Work::Model { .. } | Work::Save(..) | Work::Kept(_) | Work::Problems { .. } | Work::Cancel(_) => "save",
    }
}

/// Does the work and answers it; what stands on the way is told.
///
/// # Errors
/// What the work fails with.
pub fn carry_out(work: Work, beginning: &Beginning, task: &Task, tell: Tell<'_>) -> Result<News> {
    match work {
        Work::Open(source) => {
            offer(&source, beginning, tell);
            open(&source, &beginning.choices, beginning.recipe.clone(), task, tell)
        }
        Work::Resume(source, recipe) => open(&source, &Choices::default(), Some(*recipe), task, tell),
        // What was chosen at the start was about the other rows.
        Work::RollUp(source, spec) => {
            let choices = Choices { rollup: spec.map(|spec| *spec), ..Choices::default() };
            open(&source, &choices, None, task, tell)
        }
        Work::Explore(table) => Ok(News::Explored(Arc::new(steps::explore(&table, task)?))),
        Work::Look(looking) => look(&looking, task, tell),
        Work::Prepare(table, recipe) => Ok(News::Prepared(Arc::new(steps::prepare(&table, &recipe, task)?))),
        Work::Study(subject) => study(&subject, beginning, task, tell),
        Work::Profile(subject, study, run) => describe(&subject, &study, &run, task, tell),
        Work::Silhouettes(subject, study, run) => silhouettes(&subject, &study, run, task),
        Work::OverTime(table, recipe, looked) => {
            let found = orders::over_time(&table, &recipe, looked.as_deref(), task)?;
            Ok(News::OverTime(Arc::new(found), looked))
        }
        Work::Reachability(subject, study, run) => reachability(&subject, &study, run, task),
        Work::Embedding(prepared, recipe) => {
            let task = steps::task_of(&recipe, task)?;
            Ok(News::Embedding(Arc::new(pictures::embedding(&prepared, &task)?)))
        }
        Work::Projection(prepared) => Ok(News::Projection(Arc::new(pictures::projection(&prepared, task)?))),
        Work::Dendrogram(prepared) => Ok(News::Dendrogram(Arc::new(pictures::dendrogram(&prepared, task)?))),
        Work::Rank(subject, run) => Ok(News::Ranked(Arc::new(rank(&subject, run.as_ref(), task)?))),
        Work::Train { shown, by } => Ok(News::Trained(Arc::new(train(&shown, &by, task)?))),
        Work::Migrate { shown, to } => {
            let (run, segments) = in_full(&shown, task)?;
            Ok(News::Migrated(Arc::new(follow::migrate(&shown, &run, &segments, &to, task)?)))
        }
        Work::Drift { shown, file } => {
            let (run, segments) = in_full(&shown, task)?;
            Ok(News::Drift(Arc::new(follow::drift(&shown, &run, &segments, &file, task)?)))
        }
        Work::Feedback { shown, file } => {
            let (run, segments) = in_full(&shown, task)?;
            Ok(News::Campaign(follow::campaign(&shown, &run, &segments, &file, task)?))
        }
        Work::Kept(what) => Ok(News::Kept(keep(&what, task)?)),
        Work::Complete(typed) => {
            let found = paths::complete(&typed);
            Ok(News::Completed(typed, found))
        }
        Work::Cancel(_) => Ok(News::Progress(Vec::new())),
        written => write(written, task),
    }
}

/// Writes a file.
fn write(work: Work, task: &Task) -> Result<News> {
    match work {
        Work::Export { shown, pseudonyms, path } => export(&shown, &privacy(pseudonyms)?, &path, task),
        Work::Contacts { shown, pseudonyms, path } => {
            Ok(News::Listed(list(&shown, &privacy(pseudonyms)?, &path, task)?, path))
        }
        Work::Movers { migrated, way, pseudonyms, path } => {
            let customers = migrations::write(&migrated, &way, &privacy(pseudonyms)?, &path)?;
            Ok(News::Listed(Contacts { customers, ..Contacts::default() }, path))
        }
        Work::Report { shown, findings, pseudonyms, figure, path } => {
            Ok(News::Reported(report(&shown, &findings, &privacy(pseudonyms)?, (&path, &figure), task)?))
        }
        Work::Model { shown, path } => Ok(News::Model(save_model(&shown, &path, task)?.told())),
        Work::Save(recipe, path) => {
            steps::save_recipe(&recipe, &path)?;
            Ok(News::Saved(path))
        }
        Work::Chart { chart, path, .. } => {
            let bytes = charts::bytes(&chart, &path)?;
            files::write_atomic(&path, |out| out.write_all(&bytes))?;
            Ok(News::Copied(path))
        }
        Work::Text { text, path } => {
            files::write_atomic(&path, |out| out.write_all(text.as_bytes()))?;
            Ok(News::Copied(path))
        }
        Work::Problems { loaded, schema, shown, path } => {
            let count = checks::write_problems(&loaded, &schema, shown, &path, task)?;
            Ok(News::Problems(count, path))
        }
        _ => Err(Error::failed("there is nothing to write")),
    }
}

/// Tells of a session of this source that could be gone on with; a recipe that was named is no such session's.
fn offer(source: &SourceSpec, beginning: &Beginning, tell: Tell<'_>) {
    let folder = beginning.sessions.as_ref().filter(|_| beginning.recipe.is_none());
    let found = folder.and_then(|folder| sessions::newest(folder, Some(source)));
    if let Some(found) = found.filter(|found| found.session.is_worth_going_on()) {
        tell(News::Offered(Box::new(found.session)));
    }
}

fn open(source: &SourceSpec, choices: &Choices, recipe: Option<Recipe>, task: &Task, tell: Tell<'_>) -> Result<News> {
    tell(News::Preview(Arc::new(steps::preview(source)?)));
    let loaded = steps::load_for(source, recipe.as_ref(), choices, task)?;
    let recipe = steps::recipe_for(&loaded, recipe, choices)?;
    let loaded = checks::check(&loaded, &recipe.schema, task)?.loaded;
    Ok(News::Loaded(loaded, Box::new(recipe)))
}

/// The rows at once, then what their columns look like.
fn look(looking: &Looking, task: &Task, tell: Tell<'_>) -> Result<News> {
    let looked = looking::look(looking)?;
    tell(News::Looked(Arc::new(looked.clone())));
    let exploration = looking::explored(&looked, &looking.table, task)?;
    Ok(News::Looked(Arc::new(looked.with(Arc::new(exploration)))))
}

/// A study that is cancelled keeps what it has so far.
fn study(subject: &Subject, beginning: &Beginning, task: &Task, tell: Tell<'_>) -> Result<News> {
    let mut newest = None;
    let mut on_change = |study: &Study| {
        let study = Arc::new(study.clone());
        newest = Some(Arc::clone(&study));
        tell(News::Study { study, finished: false });
    };
    let Subject { table, recipe, prepared } = subject;
    let truth = beginning.choices.truth.as_deref();
    let known = known(beginning, prepared, recipe);
    let outcome = steps::compare_knowing(table, prepared, recipe, truth, &known, task, &mut on_change);
    match (outcome, newest) {
        (Ok(study), _) => Ok(News::Study { study: Arc::new(study), finished: true }),
        (Err(_), Some(study)) if task.is_cancelled() => Ok(News::Study { study, finished: true }),
        (Err(error), _) => Err(error),
    }
}

/// The runs of this matrix that sessions finished.
fn known(beginning: &Beginning, prepared: &Prepared, recipe: &Recipe) -> Vec<Run> {
    let key = runs::key(&prepared.matrix, recipe, beginning.choices.truth.as_deref());
    let kept = beginning.sessions.iter().flat_map(|folder| sessions::list(folder));
    kept.flat_map(|found| runs::read(&found.folder, &key, &prepared.matrix)).collect()
}

/// The segments, then once more with how sure they are.
fn describe(subject: &Subject, study: &Study, id: &str, task: &Task, tell: Tell<'_>) -> Result<News> {
    let mut segments = profile(subject, study, id, task)?;
    if let Some(run) = study.run(id).filter(|run| run.stability.as_ref().is_some_and(Stability::is_final)) {
        tell(News::Segments(Arc::new(segments.clone())));
        let Subject { recipe, prepared, .. } = subject;
        segments.proof = Some(proof::prove(prepared, recipe, run, &segments, task)?);
        let asked = handover::lines(&recipe.export);
        segments.baskets = baskets::baskets(&asked, &subject.table, recipe, (prepared, run), task)?;
    }
    Ok(News::Segments(Arc::new(segments)))
}

fn silhouettes(subject: &Subject, study: &Study, id: String, task: &Task) -> Result<News> {
    let run = steps::choose(study, &subject.recipe, Some(&id))?;
    let values = Arc::new(steps::silhouettes(&subject.prepared, run, task)?);
    Ok(News::Silhouettes { run: id, values })
}

fn reachability(subject: &Subject, study: &Study, id: String, task: &Task) -> Result<News> {
    let run = steps::choose(study, &subject.recipe, Some(&id))?;
    let task = steps::task_of(&subject.recipe, task)?;
    let reached = pictures::reachability(&subject.prepared, &run.candidate.settings, &task)?;
    Ok(News::Reachability { run: id, reached: Arc::new(reached) })
}

/// Does what is asked with what is kept of anybody's data; each file with what it is or what became of it.
fn keep(what: &Keeping, task: &Task) -> Result<Vec<(String, String)>> {
    let paths = Paths::of_user().ok_or_else(|| Error::failed("there is no home folder"))?;
    let listed = |kept: Vec<Kept>, what: &str| -> Vec<(String, String)> {
        let line = |file: Kept| (format!("{what}{}", file.what), file.path.display().to_string());
        kept.into_iter().map(line).collect()
    };
    Ok(match what {
        Keeping::List => by_folder(keeping::list(&paths)?),
        Keeping::Clear => listed(keeping::clear(&paths)?, "removed: "),
        Keeping::Forget(id) => {
            let line = |done| match done {
                Forgotten::Removed(path) => ("removed".to_owned(), path.display().to_string()),
                Forgotten::Lines(path, lines) => (format!("{lines} lines taken out"), path.display().to_string()),
            };
            let streams = live::forget(&paths, id)?.into_iter();
            let streams = streams.map(|stream| ("stream".to_owned(), stream.words()));
            streams.chain(keeping::forget(&paths, id, task)?.into_iter().map(line)).collect()
        }
    })
}

/// What is kept, a line each kind and folder: how many files.
fn by_folder(kept: Vec<Kept>) -> Vec<(String, String)> {
    let mut folders: Vec<(String, PathBuf, usize)> = Vec::new();
    for file in kept {
        let folder = file.path.parent().unwrap_or(&file.path).to_owned();
        match folders.iter_mut().find(|(what, known, _)| *what == file.what && *known == folder) {
            Some((.., count)) => *count += 1,
            None => folders.push((file.what.to_string(), folder, 1)),
        }
    }
    let files = |count| if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    folders
        .into_iter()
        .map(|(what, folder, count)| (what, format!("{} in {}", files(count), folder.display())))
        .collect()
}

fn profile(subject: &Subject, study: &Study, id: &str, task: &Task) -> Result<Segments> {
    let Subject { table, recipe, prepared } = subject;
    let run = steps::choose(study, recipe, Some(id))?;
    steps::profile(table, recipe, prepared, run, task)
}

/// Writes the rows with the names that the user gave their segments.
/// With pseudonyms in place of ids where they are asked for.
fn privacy(pseudonyms: bool) -> Result<Privacy> {
    let pseudonyms = pseudonyms.then(|| privacy::pseudonyms(None)).transpose()?;
    Ok(Privacy { pseudonyms, ..Privacy::default() })
}

/// What the features are worth, for a run on all rows where one is named.
fn rank(subject: &Subject, run: Option<&(Arc<Study>, String)>, task: &Task) -> Result<Worths> {
    let Subject { recipe, prepared, .. } = subject;
    let full = run
        .map(|(study, id)| {
            let run = steps::choose(study, recipe, Some(id))?;
            sampling::on_all_rows(prepared, recipe, study, run, task)
        })
        .transpose()?;
    features::worths(prepared, full.as_ref(), &steps::task_of(recipe, task)?)
}

fn export(shown: &ShownRun, privacy: &Privacy, path: &Path, task: &Task) -> Result<News> {
    let Subject { table, recipe, prepared } = &shown.subject;
    let (full, segments) = in_full(shown, task)?;
    Ok(News::Exported(handover::export(table, prepared, recipe, &full, &segments, privacy, path, task)?))
}

/// Writes whom to contact, with the control group and the next good as the recipe's hand-over says.
fn list(shown: &ShownRun, privacy: &Privacy, path: &Path, task: &Task) -> Result<Contacts> {
    let Subject { table, recipe, prepared } = &shown.subject;
    let (full, mut segments) = in_full(shown, task)?;
    let export = &recipe.export;
    let control = export.control.as_deref().map(|share| handover::control(share, &export.campaign)).transpose()?;
    if segments.baskets.is_none() {
        let asked = handover::lines(export);
        segments.baskets = baskets::baskets(&asked, table, recipe, (prepared, &full), task)?;
    }
    contacts::write(table, recipe, (prepared, &full, &segments), control.as_ref(), privacy, path, task)
}

fn report(
    shown: &ShownRun,
    findings: &[Finding],
    privacy: &Privacy,
    (path, figure): (&Path, &str),
    task: &Task,
) -> Result<PathBuf> {
    let (run, segments) = in_full(shown, task)?;
    let ShownRun { subject: Subject { table, recipe, prepared }, study, .. } = shown;
    let periods = reports::Periods::None;
    let about = reports::Subject { table, findings, recipe, prepared, study, run: &run, segments: &segments, periods };
    reports::report(&about, privacy, task)?.write(path, Some(figure))
}

fn save_model(shown: &ShownRun, path: &Path, task: &Task) -> Result<models::Saved> {
    let Subject { table, recipe, prepared } = &shown.subject;
    steps::spare_input(&table.source.path, path)?;
    let (full, segments) = in_full(shown, task)?;
    models::save(&models::model_of(table, recipe, prepared, &full, &segments, task)?, path)
}

/// Classifiers that tell the segments of a run.
fn train(shown: &ShownRun, by: &[String], task: &Task) -> Result<Trained> {
    let Subject { table, recipe, prepared } = &shown.subject;
    let (full, segments) = in_full(shown, task)?;
    let model = models::model_of(table, recipe, prepared, &full, &segments, task)?;
    let labels = models::score(&model, table, task)?.rows;
    let target = Target::segments(&model, labels.iter().map(|row| row.segment));
    train::train(table, &target, by, recipe.seed, task)
}

/// A run over all rows and its segments with the names that the user gave, profiled first where they were not yet.
fn in_full(shown: &ShownRun, task: &Task) -> Result<(Run, Segments)> {
    let Subject { table, recipe, prepared } = &shown.subject;
    let named = shown.segments.as_deref();
    let run = steps::choose(&shown.study, recipe, Some(&shown.run))?;
    let full = sampling::on_all_rows(prepared, recipe, &shown.study, run, task)?;
    let segments = match named {
        Some(segments) if prepared.sample.is_none() => segments.clone(),
        _ => steps::profile(table, recipe, prepared, &full, task)?,
    };
    Ok((full, with_names(segments, named)))
}

/// The segments with the names that those of the same key have.
fn with_names(mut segments: Segments, named: Option<&Segments>) -> Segments {
    for segment in &mut segments.list {
        let same = named.and_then(|named| named.list.iter().find(|other| other.key == segment.key));
        if let Some(same) = same {
            segment.name.clone_from(&same.name);
        }
    }
    segments
}
