//! The steps of the street as the commands walk them: off the main thread, with progress and cancel.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::ThreadPool;

use super::args::{KeepArgs, OutputArgs, SegmentArgs, StudyArgs};
use super::options;
use super::say::Say;
use super::signals::Signals;
use crate::engine::baskets::{self, Asked};
use crate::engine::privacy::Privacy;
use crate::engine::values::{Choices, Exported, Loaded};
use crate::engine::{JobStatus, Jobs, contacts, handover, models, pool, proof, sampling, steps};
use crate::error::{Error, Result};
use crate::plot::number;
use crate::recipe::{self, Prepared, Recipe};
use crate::report;
use crate::segments::{self, Segments};
use crate::study::{Run, Status, Study};
use crate::table::{self, SourceSpec};
use crate::task::Task;

/// Walks the street for one command.
pub struct Street {
    pool: Arc<ThreadPool>,
    task: Task,
    /// Says what happens.
    pub say: Say,
    /// How people are kept out of what is handed over.
    pub privacy: Privacy,
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
        Ok((Self { pool, task, say: Say::new(options.quiet), privacy: Privacy::default() }, signals))
    }

    /// The same street, keeping people out of what is handed over.
    #[must_use]
    pub fn with(self, privacy: Privacy) -> Self {
        Self { privacy, ..self }
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
    pub fn load(&self, source: impl Into<SourceSpec>) -> Result<Loaded> {
        let source = source.into();
        self.work(move |task| steps::load(&source, None, task))
    }

    /// Reads a file and fits the recipe that it proposes, or the one that is named, with the options put into it.
    ///
    /// # Errors
    /// An option is wrong, the file cannot be read, or the recipe does not fit it.
    pub fn ready(&self, source: impl Into<SourceSpec>, args: &StudyArgs) -> Result<Ready> {
        let choices = options::choices(args)?;
        let file_of = args.recipe.as_deref().map(RecipeFile::read).transpose()?;
        let base = file_of.as_ref().map(|file| file.recipe.clone());
        let source = source.into();
        let rolled = choices.rollup.is_some() || base.as_ref().is_some_and(|base| base.rollup.is_some());
        if !rolled {
            options::check_columns(&choices, &steps::preview(&source)?.columns, base.as_ref())?;
        }
        let ready = self.work(move |task| {
            let loaded = steps::load_for(&source, base.as_ref(), &choices, task)?;
            let recipe = steps::recipe_for(&loaded, base, &choices)?;
            fit(loaded, recipe, choices.truth.clone(), task)
        });
        let ready = ready.map_err(|error| file_of.iter().fold(error, |error, file| file.located(error)))?;
        if let Some(file) = &args.save_recipe {
            steps::save_recipe(&ready.recipe, file)?;
        }
        Ok(ready)
    }

    /// Reads the source that a recipe names, or `input` in its place, and fits the recipe to it.
    ///
    /// # Errors
    /// The recipe is broken, its source cannot be read, or it does not fit: where the recipe's text is to blame, its line.
    pub fn ready_by(&self, file: &RecipeFile, input: Option<&Path>) -> Result<Ready> {
        let declared = file.recipe.clone();
        let source = source_of(&declared, &file.path, input)?;
        let ready = self.work(move |task| {
            let choices = Choices::default();
            let loaded = steps::load_for(&source, Some(&declared), &choices, task)?;
            let recipe = steps::recipe_for(&loaded, Some(declared), &choices)?;
            fit(loaded, recipe, None, task)
        });
        ready.map_err(|error| file.located(error))
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
        let (run, segments) = self.work(move |task| {
            let run = sampling::on_all_rows(&of.prepared, &of.recipe, &study, &chosen, task)?;
            let segments = steps::profile(&of.loaded.table, &of.recipe, &of.prepared, &run, task)?;
            Ok((Arc::new(run), segments))
        })?;
        if let (_, Some(small)) = self.privacy.of_report(segments.clone()) {
            self.say.line(&small);
        }
        Ok((run, Arc::new(segments)))
    }

    /// The segments with how sure they are: refitted in other ways.
    ///
    /// # Errors
    /// It was cancelled.
    pub fn prove(&self, studied: &Studied, run: &Arc<Run>, segments: &Arc<Segments>) -> Result<Arc<Segments>> {
        let (of, run, mut segments) = (studied.ready.clone(), Arc::clone(run), (**segments).clone());
        self.work(move |task| {
            segments.proof = Some(proof::prove(&of.prepared, &of.recipe, &run, &segments, task)?);
            Ok(Arc::new(segments))
        })
    }

    /// The segments with what they buy, where there are order lines.
    ///
    /// # Errors
    /// The lines cannot be read, or do not say what was asked for.
    pub fn with_baskets(
        &self,
        studied: &Studied,
        run: &Arc<Run>,
        segments: &Arc<Segments>,
        asked: Asked,
    ) -> Result<Arc<Segments>> {
        let (of, run, mut segments) = (studied.ready.clone(), Arc::clone(run), (**segments).clone());
        self.work(move |task| {
            segments.baskets = baskets::baskets(&asked, &of.loaded.table, &of.recipe, (&of.prepared, &run), task)?;
            Ok(Arc::new(segments))
        })
    }

    /// Writes the model of a run where the options ask for it, and says so.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep(&self, studied: &Studied, run: &Arc<Run>, segments: &Arc<Segments>, args: &KeepArgs) -> Result<()> {
        let Some(file) = args.save_model.clone() else { return Ok(()) };
        steps::spare_input(&studied.ready.loaded.table.source.path, &file)?;
        let (of, run, segments) = (studied.ready.clone(), Arc::clone(run), Arc::clone(segments));
        let (model, saved) = self.work(move |task| {
            let model = models::model_of(&of.loaded.table, &of.recipe, &of.prepared, &run, &segments, task)?;
            let saved = models::save(&model, &file)?;
            Ok((model, saved))
        })?;
        let kept = model.kept.map(|kept| {
            let (rows, of) = (number::whole(kept.rows), number::whole(kept.of));
            let alike = number::percent(kept.agreement, 1);
            format!("; it keeps {rows} of {of} rows to compare with, which place {alike} of the customers as all did")
        });
        self.say.line(&format!("The model is in {}{}.", saved.told(), kept.unwrap_or_default()));
        Ok(())
    }

    /// Writes the recipe with the segments' keys and names, where the options ask for it.
    ///
    /// # Errors
    /// No recipe is to be written (exit 2), or it cannot be.
    pub fn keep_names(&self, studied: &Studied, segments: &Segments, keep: bool, args: &StudyArgs) -> Result<()> {
        match (&args.save_recipe, keep) {
            (_, false) => Ok(()),
            (None, true) => Err(Error::usage("--keep-names puts them into a recipe").hint("add --save-recipe FILE")),
            (Some(file), true) => {
                let kept = segments::kept(segments);
                steps::save_recipe(&Recipe { kept, ..(*studied.ready.recipe).clone() }, file)
            }
        }
    }

    /// Writes whom to contact where the options ask for it, and says so.
    ///
    /// # Errors
    /// The table has no id, the order lines cannot be read, or the file cannot be written.
    pub fn contacts(
        &self,
        studied: &Studied,
        run: &Arc<Run>,
        segments: &Arc<Segments>,
        args: &SegmentArgs,
    ) -> Result<()> {
        let Some(target) = args.contacts.clone() else { return Ok(()) };
        let control = args.control.as_deref().map(|text| handover::control(text, &args.campaign)).transpose()?;
        let segments = match segments.baskets {
            Some(_) => Arc::clone(segments),
            None => self.with_baskets(studied, run, segments, options::lines(args))?,
        };
        let (of, run, privacy, file) = (studied.ready.clone(), Arc::clone(run), self.privacy.clone(), target.clone());
        let list = self.work(move |task| {
            let from = (&*of.prepared, &*run, &*segments);
            contacts::write(&of.loaded.table, &of.recipe, from, control.as_ref(), &privacy, &file, task)
        })?;
        self.say.line(&format!("{}.", list.told(&target)));
        Ok(())
    }

    /// Writes every row with its segment, and says so.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn export(&self, studied: &Studied, run: &Arc<Run>, segments: &Arc<Segments>, target: &Path) -> Result<()> {
        let (of, run, segments, file) =
            (studied.ready.clone(), Arc::clone(run), Arc::clone(segments), target.to_owned());
        let privacy = self.privacy.clone();
        let written = self.work(move |task| {
            handover::export(&of.loaded.table, &of.prepared, &of.recipe, &run, &segments, &privacy, &file, task)
        })?;
        self.tell_export(&written, studied.ready.recipe.export.since.is_some());
        if written.upserted.is_none() {
            self.tell_names(studied);
        }
        Ok(())
    }

    /// Says what was handed over; `since`: only what changed.
    pub fn tell_export(&self, written: &Exported, since: bool) {
        if let Some(words) = written.told() {
            self.say.line(&format!("{}: {words}.", written.file.display()));
            return;
        }
        let unused = match written.unused {
            0 => String::new(),
            unused => format!(", {} of them without a segment, see segment_note", number::whole(unused)),
        };
        let (file, lookup) = (written.file.display(), written.lookup.display());
        self.say.line(&format!("{} rows in {file}{unused}; the segments in {lookup}", number::whole(written.rows)));
        if written.control > 0 {
            self.say.line(&format!(
                "{} of them are to be left alone: contact_group says who.",
                number::whole(written.control)
            ));
        }
        if since {
            let (same, gone) = (number::whole(written.unchanged), number::whole(written.gone));
            self.say.line(&format!("{same} as in the earlier export: not written; {gone} of it are gone."));
        }
        if written.withheld > 0 {
            let withheld = number::whole(written.withheld);
            self.say.line(&format!("{withheld} customers must not be contacted: they are not in it."));
        }
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

/// A recipe with the file that it stands in.
pub struct RecipeFile {
    /// The file.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// What it says.
    pub recipe: Recipe,
}

impl RecipeFile {
    /// Reads a recipe file.
    ///
    /// # Errors
    /// It is not there, or broken: the line and the key.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            let what = match error.kind() {
                std::io::ErrorKind::NotFound => "no such file".to_owned(),
                std::io::ErrorKind::IsADirectory => "this is a folder, not a file".to_owned(),
                _ => format!("cannot be read: {error}"),
            };
            Error::failed(what).at(path.display().to_string())
        })?;
        let recipe = Recipe::from_toml(&text, path)?;
        Ok(Self { path: path.to_owned(), text, recipe })
    }

    /// The error with the line of the recipe that is to blame, where one is.
    pub fn located(&self, error: Error) -> Error {
        recipe::located(error, &self.text, &self.path)
    }
}

/// A path as a recipe in this folder means it; what is no file of this machine stays as it is.
fn beside(folder: &Path, path: &Path) -> PathBuf {
    let elsewhere = table::is_sample(path) || table::is_remote(path);
    if elsewhere { path.to_owned() } else { folder.join(path) }
}

/// The recipe's sources joined, their paths taken from the recipe's folder; `input` in place of the first.
///
/// # Errors
/// It names none.
pub fn source_of(recipe: &Recipe, file: &Path, input: Option<&Path>) -> Result<SourceSpec> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let beside = |source: &SourceSpec| SourceSpec { path: beside(folder, &source.path), ..source.clone() };
    let mut sources: Vec<SourceSpec> = recipe.source.iter().map(beside).collect();
    if let (Some(first), Some(input)) = (sources.first_mut(), input) {
        first.path = input.to_owned();
    }
    SourceSpec::joining(&sources)
        .ok_or_else(|| Error::usage("the recipe names no source").at(file.display().to_string()))
}
