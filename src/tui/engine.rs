//! The backend that runs the orders of the loop as jobs of the engine.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossbeam_channel::Receiver;
use rayon::ThreadPool;

use super::backend::{Backend, Event, Generation, Job, JobStatus, Keeping, News, Order, ShownRun, Subject, Work};
use super::follow;
use crate::config::Paths;
use crate::engine::contacts::Contacts;
use crate::engine::features::Worths;
use crate::engine::keeping::{self, Forgotten, Kept};
use crate::engine::privacy::{self, Privacy};
use crate::engine::train::{Target, Trained};
use crate::engine::values::Choices;
use crate::engine::{
    self, Jobs, Reporter, baskets, checks, contacts, features, handover, migrations, models, pictures, proof, reports,
    sampling, steps,
};
use crate::error::{Error, Result};
use crate::live;
use crate::recipe::Recipe;
use crate::segments::Segments;
use crate::study::{Run, Stability, Study};
use crate::table::{Finding, SourceSpec};
use crate::task::Task;

/// Runs orders on the engine's threads.
pub struct Engine {
    jobs: Jobs<Event>,
    /// A study fills its pool for seconds; what a screen waits for has one of its own.
    pools: Pools,
    choices: Choices,
    recipe: Option<Recipe>,
}

/// The threads of studies and those of all else.
pub struct Pools {
    /// Of studies.
    pub study: Arc<ThreadPool>,
    /// Of what is over soon.
    pub short: Arc<ThreadPool>,
}

/// Opening, profiling and drawing do not stand in each other's way, so each has a slot of its own.
const SLOTS: [(&str, Job, &str, bool); 12] = [
    ("open", Job::Open, "reading", true),
    ("explore", Job::Explore, "exploring", false),
    ("prepare", Job::Prepare, "preparing", true),
    ("study", Job::Study, "study", true),
    ("profile", Job::Profile, "profiling", false),
    ("silhouettes", Job::Profile, "silhouettes", false),
    ("projection", Job::Map, "map", false),
    ("dendrogram", Job::Map, "dendrogram", true),
    ("rank", Job::Map, "ranking", true),
    ("follow", Job::Profile, "other file", true),
    ("export", Job::Export, "export", true),
    ("save", Job::Export, "saving", false),
];

impl Engine {
    /// An engine on these pools. `choices` go into every recipe that is proposed; a `recipe` replaces the proposal.
    pub fn new(pools: Pools, choices: Choices, recipe: Option<Recipe>) -> Self {
        let beat = |running: Vec<engine::JobStatus>| Event {
            generation: 0,
            news: News::Progress(running.into_iter().map(status).collect()),
        };
        Self { jobs: Jobs::new(beat), pools, choices, recipe }
    }

    /// Starts `work` in `slot`; its news carry the order's generation.
    fn submit(
        &self,
        slot: &'static str,
        generation: Generation,
        work: impl FnOnce(&Task, &Reporter<Event>) -> Result<News> + Send + 'static,
    ) {
        let job = job_of(slot);
        let stamped = move |news| Event { generation, news };
        let pool = if job == Job::Study { &self.pools.study } else { &self.pools.short };
        self.jobs.submit(
            pool,
            slot,
            Task::default(),
            move |task, reporter| work(task, reporter).map(stamped),
            move |error| stamped(News::Failed(job, Arc::new(error))),
        );
    }

    fn open(&self, generation: Generation, source: SourceSpec, choices: Choices, recipe: Option<Recipe>) {
        self.submit("open", generation, move |task, reporter| {
            let preview = Arc::new(steps::preview(&source)?);
            reporter.tell(Event { generation, news: News::Preview(preview) });
            let loaded = steps::load_for(&source, recipe.as_ref(), &choices, task)?;
            let recipe = steps::recipe_for(&loaded, recipe, &choices)?;
            let loaded = checks::check(&loaded, &recipe.schema, task)?.loaded;
            Ok(News::Loaded(loaded, Box::new(recipe)))
        });
    }

    /// A study that is cancelled keeps what it has so far.
    fn study(&self, generation: Generation, subject: Subject) {
        let truth = self.choices.truth.clone();
        self.submit("study", generation, move |task, reporter| {
            let mut newest = None;
            let mut on_change = |study: &Study| {
                let study = Arc::new(study.clone());
                newest = Some(Arc::clone(&study));
                reporter.tell(Event { generation, news: News::Study { study, finished: false } });
            };
            let Subject { table, recipe, prepared } = &subject;
            let outcome = steps::compare(table, prepared, recipe, truth.as_deref(), task, &mut on_change);
            match (outcome, newest) {
                (Ok(study), _) => Ok(News::Study { study: Arc::new(study), finished: true }),
                (Err(_), Some(study)) if task.is_cancelled() => Ok(News::Study { study, finished: true }),
                (Err(error), _) => Err(error),
            }
        });
    }

    fn profile(&self, generation: Generation, subject: Subject, study: Arc<Study>, id: String) {
        self.submit("profile", generation, move |task, reporter| {
            let mut segments = profile(&subject, &study, &id, task)?;
            if let Some(run) = study.run(&id).filter(|run| run.stability.as_ref().is_some_and(Stability::is_final)) {
                reporter.tell(Event { generation, news: News::Segments(Arc::new(segments.clone())) });
                let Subject { recipe, prepared, .. } = &subject;
                segments.proof = Some(proof::prove(prepared, recipe, run, &segments, task)?);
                let asked = handover::lines(&recipe.export);
                segments.baskets = baskets::baskets(&asked, &subject.table, recipe, (prepared, run), task)?;
            }
            Ok(News::Segments(Arc::new(segments)))
        });
    }

    fn silhouettes(&self, generation: Generation, subject: Subject, study: Arc<Study>, id: String) {
        self.submit("silhouettes", generation, move |task, _| {
            let run = steps::choose(&study, &subject.recipe, Some(&id))?;
            let values = Arc::new(steps::silhouettes(&subject.prepared, run, task)?);
            Ok(News::Silhouettes { run: id, values })
        });
    }

    fn cancel(&self, job: Job) {
        for (slot, ..) in SLOTS.iter().filter(|(_, of, ..)| *of == job) {
            self.jobs.cancel(slot);
        }
    }
}

impl Backend for Engine {
    fn send(&mut self, Order { generation, work }: Order) {
        match work {
            Work::Open(source) => self.open(generation, *source, self.choices.clone(), self.recipe.clone()),
            // What was chosen at the start was about the other rows.
            Work::RollUp(source, spec) => {
                let choices = Choices { rollup: spec.map(|spec| *spec), ..Choices::default() };
                self.open(generation, *source, choices, None);
            }
            Work::Explore(table) => self.submit("explore", generation, move |task, _| {
                Ok(News::Explored(Arc::new(steps::explore(&table, task)?)))
            }),
            Work::Prepare(table, recipe) => self.submit("prepare", generation, move |task, _| {
                Ok(News::Prepared(Arc::new(steps::prepare(&table, &recipe, task)?)))
            }),
            Work::Study(subject) => self.study(generation, subject),
            Work::Profile(subject, study, run) => self.profile(generation, subject, study, run),
            Work::Silhouettes(subject, study, run) => self.silhouettes(generation, subject, study, run),
            Work::Projection(prepared) => self.submit("projection", generation, move |task, _| {
                Ok(News::Projection(Arc::new(pictures::projection(&prepared, task)?)))
            }),
            Work::Dendrogram(prepared) => self.submit("dendrogram", generation, move |task, _| {
                Ok(News::Dendrogram(Arc::new(pictures::dendrogram(&prepared, task)?)))
            }),
            Work::Export { shown, pseudonyms, path } => {
                self.submit("export", generation, move |task, _| export(&shown, &privacy(pseudonyms)?, &path, task))
            }
            Work::Contacts { shown, pseudonyms, path } => self.submit("export", generation, move |task, _| {
                Ok(News::Listed(list(&shown, &privacy(pseudonyms)?, &path, task)?, path))
            }),
            Work::Movers { migrated, way, pseudonyms, path } => self.submit("export", generation, move |_, _| {
                let customers = migrations::write(&migrated, &way, &privacy(pseudonyms)?, &path)?;
                Ok(News::Listed(Contacts { customers, ..Contacts::default() }, path))
            }),
            Work::Report { shown, findings, pseudonyms, figure, path } => {
                self.submit("export", generation, move |task, _| {
                    let privacy = privacy(pseudonyms)?;
                    Ok(News::Reported(report(&shown, &findings, &privacy, (&path, &figure), task)?))
                })
            }
            Work::Model { shown, path } => self.submit("save", generation, move |task, _| {
                save_model(&shown, &path, task)?;
                Ok(News::Model(path))
            }),
            Work::Train { shown, by } => {
                self.submit("rank", generation, move |task, _| Ok(News::Trained(Arc::new(train(&shown, &by, task)?))))
            }
            Work::Migrate { shown, to } => self.submit("follow", generation, move |task, _| {
                let (run, segments) = in_full(&shown, task)?;
                Ok(News::Migrated(Arc::new(follow::migrate(&shown, &run, &segments, &to, task)?)))
            }),
            Work::Drift { shown, file } => self.submit("follow", generation, move |task, _| {
                let (run, segments) = in_full(&shown, task)?;
                Ok(News::Drift(Arc::new(follow::drift(&shown, &run, &segments, &file, task)?)))
            }),
            Work::Feedback { shown, file } => self.submit("follow", generation, move |task, _| {
                let (run, segments) = in_full(&shown, task)?;
                Ok(News::Campaign(follow::campaign(&shown, &run, &segments, &file, task)?))
            }),
            Work::Rank(subject, run) => self.submit("rank", generation, move |task, _| {
                Ok(News::Ranked(Arc::new(rank(&subject, run.as_ref(), task)?)))
            }),
            Work::Save(recipe, path) => self.submit("save", generation, move |_, _| {
                steps::save_recipe(&recipe, &path)?;
                Ok(News::Saved(path))
            }),
            Work::Kept(what) => self.submit("save", generation, move |task, _| Ok(News::Kept(keep(&what, task)?))),
            Work::Problems { loaded, schema, shown, path } => self.submit("save", generation, move |task, _| {
                let count = checks::write_problems(&loaded, &schema, shown, &path, task)?;
                Ok(News::Problems(count, path))
            }),
            Work::Cancel(job) => self.cancel(job),
        }
    }

    fn receiver(&self) -> &Receiver<Event> {
        self.jobs.events()
    }
}

/// Does what is asked with what is kept of anybody's data; each file with what it is or what became of it.
fn keep(what: &Keeping, task: &Task) -> Result<Vec<(String, String)>> {
    let paths = Paths::of_user().ok_or_else(|| Error::failed("there is no home folder"))?;
    let listed = |kept: Vec<Kept>, what: &str| -> Vec<(String, String)> {
        let line = |file: Kept| (format!("{what}{}", file.what), file.path.display().to_string());
        kept.into_iter().map(line).collect()
    };
    Ok(match what {
        Keeping::List => listed(keeping::list(&paths)?, ""),
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

fn save_model(shown: &ShownRun, path: &Path, task: &Task) -> Result<()> {
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
    engine::train::train(table, &target, by, recipe.seed, task)
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

fn job_of(slot: &str) -> Job {
    SLOTS.iter().find(|(name, ..)| *name == slot).map_or(Job::Open, |(_, job, ..)| *job)
}

fn status(running: engine::JobStatus) -> JobStatus {
    let (_, job, name, can_cancel) = SLOTS.iter().find(|(slot, ..)| *slot == running.slot).copied().unwrap_or(SLOTS[0]);
    let progress = running.progress;
    JobStatus {
        job,
        name: name.to_owned(),
        done: progress.done,
        total: progress.total,
        what: progress.what,
        can_cancel,
    }
}
