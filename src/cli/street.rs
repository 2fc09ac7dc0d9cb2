//! The steps of the street as the commands walk them: off the main thread, with progress and cancel.

use std::path::Path;
use std::sync::Arc;

use rayon::ThreadPool;

use super::args::{OutputArgs, StudyArgs};
use super::options;
use super::say::Say;
use super::signals::Signals;
use crate::engine::values::{Choices, Loaded};
use crate::engine::{JobStatus, Jobs, pool, sampling, steps};
use crate::error::{Error, Result};
use crate::plot::number;
use crate::recipe::{Prepared, Recipe};
use crate::report;
use crate::segments::Segments;
use crate::study::{Run, Status, Study};
use crate::table::SourceSpec;
use crate::task::Task;

/// Walks the street for one command.
pub struct Street {
    pool: Arc<ThreadPool>,
    task: Task,
    /// Says what happens.
    pub say: Say,
}

/// A recipe fitted to what was read.
#[derive(Clone)]
pub struct Ready {
    /// The table and its findings.
    pub loaded: Loaded,
    /// The recipe.
    pub recipe: Arc<Recipe>,
    /// The matrix and the pipeline.
    pub prepared: Arc<Prepared>,
    /// The column of known classes.
    pub truth: Option<String>,
}

/// A finished study.
pub struct Studied {
    /// What it is about.
    pub ready: Ready,
    /// The runs and the recommendation.
    pub study: Arc<Study>,
}

enum Event<T> {
    Done(T),
    Failed(Error),
    Beat(Vec<JobStatus>),
}

impl Street {
    /// A street with these options; signals cancel what runs on it.
    ///
    /// # Errors
    /// No threads could be started.
    pub fn new(options: &OutputArgs) -> Result<(Self, Signals)> {
        let task = Task::default();
        let signals = Signals::cancel(&task);
        let pool = pool::workers(options.threads.map(usize::from))?;
        Ok((Self { pool, task, say: Say::new(options.quiet) }, signals))
    }

    /// Does `work` on the pool, showing how far it is.
    ///
    /// # Errors
    /// What the work fails with; a panic in it is an error too.
    pub fn work<T: Send + 'static>(&self, work: impl FnOnce(&Task) -> Result<T> + Send + 'static) -> Result<T> {
        let bar = self.say.bar();
        let jobs = Jobs::new(Event::Beat);
        jobs.submit(&self.pool, "work", self.task.clone(), move |task, _| work(task).map(Event::Done), Event::Failed);
        for event in jobs.events() {
            match event {
                Event::Done(value) => return Ok(value),
                Event::Failed(error) => return Err(error),
                Event::Beat(running) => running.iter().for_each(|job| bar.show(&job.progress)),
            }
        }
        Err(Error::failed("the work ended without a result"))
    }

    /// Reads a source and checks it.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn load(&self, file: &Path) -> Result<Loaded> {
        let source = options::source(file);
        self.work(move |task| steps::load(&source, None, task))
    }

    /// Reads a file and fits the recipe that it proposes, or the one that is named, with the options put into it.
    ///
    /// # Errors
    /// An option is wrong, the file cannot be read, or the recipe does not fit it.
    pub fn ready(&self, file: &Path, args: &StudyArgs) -> Result<Ready> {
        let choices = options::choices(args)?;
        let base = args.recipe.as_deref().map(read_recipe).transpose()?;
        let source = options::source(file);
        let rolled = choices.rollup.is_some() || base.as_ref().is_some_and(|base| base.rollup.is_some());
        if !rolled {
            options::check_columns(&choices, &steps::preview(&source)?.columns)?;
        }
        let ready = self.work(move |task| {
            let loaded = steps::load_for(&source, base.as_ref(), &choices, task)?;
            let recipe = steps::recipe_for(&loaded, base, &choices)?;
            fit(loaded, recipe, choices.truth.clone(), task)
        })?;
        if let Some(file) = &args.save_recipe {
            steps::save_recipe(&ready.recipe, file)?;
        }
        Ok(ready)
    }

    /// Reads the source that a recipe names and fits the recipe to it.
    ///
    /// # Errors
    /// The recipe is broken, its source cannot be read, or it does not fit.
    pub fn ready_by(&self, recipe: &Path) -> Result<Ready> {
        let declared = read_recipe(recipe)?;
        let source = source_of(&declared, recipe)?;
        let ready = self.work(move |task| {
            let choices = Choices::default();
            let loaded = steps::load_for(&source, Some(&declared), &choices, task)?;
            let recipe = steps::recipe_for(&loaded, Some(declared), &choices)?;
            fit(loaded, recipe, None, task)
        })?;
        self.tell_changes(&ready);
        Ok(ready)
    }

    fn tell_changes(&self, ready: &Ready) {
        let declared = ready.recipe.source.first().and_then(|source| source.fingerprint.as_ref());
        if declared.is_some() && declared != ready.loaded.table.source.fingerprint.as_ref() {
            self.say.line("The source is not the one that the recipe was made with: its fingerprint differs.");
        }
    }

    /// Fits and judges all candidates; says first what that will take.
    ///
    /// # Errors
    /// Nothing could be fitted.
    pub fn study(&self, ready: Ready) -> Result<Studied> {
        let estimate = steps::estimate(&ready.prepared, &ready.recipe)?;
        let gigabytes = number::fixed((estimate.bytes as f64 / 1e9).max(0.1), 1);
        self.say.line(&format!("{} runs, {gigabytes} GB", number::whole(estimate.runs)));
        let of = ready.clone();
        let study = self.work(move |task| {
            let truth = of.truth.as_deref();
            steps::compare(&of.loaded.table, &of.prepared, &of.recipe, truth, task, &mut |_| ()).map(Arc::new)
        })?;
        something_fitted(&study)?;
        Ok(Studied { ready, study })
    }

    /// What the segments of a run are: of the one that is named, else of the recommended, over all rows.
    ///
    /// # Errors
    /// There is no such run, or nothing is recommended.
    pub fn profile(&self, studied: &Studied, run: Option<&str>) -> Result<(Arc<Run>, Arc<Segments>)> {
        let chosen = steps::choose(&studied.study, &studied.ready.recipe, run)?.clone();
        let (of, study) = (studied.ready.clone(), Arc::clone(&studied.study));
        self.work(move |task| {
            let run = sampling::on_all_rows(&of.prepared, &of.recipe, &study, &chosen, task)?;
            let segments = steps::profile(&of.loaded.table, &of.recipe, &of.prepared, &run, task)?;
            Ok((Arc::new(run), Arc::new(segments)))
        })
    }

    /// Writes every row with its segment, and says so.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn export(&self, studied: &Studied, run: &Arc<Run>, segments: &Arc<Segments>, target: &Path) -> Result<()> {
        let (of, run, segments, file) =
            (studied.ready.clone(), Arc::clone(run), Arc::clone(segments), target.to_owned());
        let written = self.work(move |task| {
            steps::export(&of.loaded.table, &of.prepared, &of.recipe, &run, &segments, &file, task)
        })?;
        let unused = match written.unused {
            0 => String::new(),
            unused => format!(", {} of them without a segment, see segment_note", number::whole(unused)),
        };
        let (file, lookup) = (written.file.display(), written.lookup.display());
        self.say.line(&format!("{} rows in {file}{unused}; the segments in {lookup}", number::whole(written.rows)));
        self.tell_names(studied);
        Ok(())
    }

    fn tell_names(&self, studied: &Studied) {
        let taken: Vec<&str> = studied.ready.loaded.table.fields.iter().map(|field| field.name()).collect();
        let renamed = report::COLUMNS.iter().zip(report::free_names(&taken)).filter(|(name, free)| *name != free);
        for (name, free) in renamed {
            self.say.line(&format!("The input has a column {name}: ours is {free}."));
        }
    }
}

/// A comparison of nothing is no answer.
fn something_fitted(study: &Study) -> Result<()> {
    if study.runs.iter().any(|run| run.status == Status::Done) {
        return Ok(());
    }
    let why = study.runs.iter().find_map(|run| run.reason.as_deref()).unwrap_or("there is nothing to fit");
    Err(Error::failed(format!("nothing could be fitted: {why}")))
}

fn fit(loaded: Loaded, recipe: Recipe, truth: Option<String>, task: &Task) -> Result<Ready> {
    let prepared = steps::prepare(&loaded.table, &recipe, task)?;
    Ok(Ready { loaded, recipe: Arc::new(recipe), prepared: Arc::new(prepared), truth })
}

/// Reads a recipe file.
///
/// # Errors
/// It is not there, or broken: the line and the key.
pub fn read_recipe(file: &Path) -> Result<Recipe> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        let what = match error.kind() {
            std::io::ErrorKind::NotFound => "no such file".to_owned(),
            std::io::ErrorKind::IsADirectory => "this is a folder, not a file".to_owned(),
            _ => format!("cannot be read: {error}"),
        };
        Error::failed(what).at(file.display().to_string())
    })?;
    Ok(Recipe::from_toml(&text, file.display().to_string())?)
}

/// The recipe's first source, its path taken from the recipe's folder.
fn source_of(recipe: &Recipe, file: &Path) -> Result<SourceSpec> {
    let Some(source) = recipe.source.first() else {
        return Err(Error::usage("the recipe names no source").at(file.display().to_string()));
    };
    let folder = file.parent().unwrap_or(Path::new(""));
    let bundled = crate::table::is_sample(&source.path);
    let path = if bundled { source.path.clone() } else { folder.join(&source.path) };
    Ok(SourceSpec { path, ..source.clone() })
}
