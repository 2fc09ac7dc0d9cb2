//! The engine of the walk: the real work, done when the walk asks for it, on few rows and few candidates, its files in
//! a folder that goes away; what was answered once is answered again without working.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;
use tempfile::TempDir;

use crate::engine::values::Loaded;
use crate::error::Error;
use crate::matrix::{Coded, Values};
use crate::recipe::Recipe;
use crate::table::{Field, SourceSpec, Table};
use crate::task::Task;
use crate::tui::backend::{Event, Job, JobStatus, News, Order, ShownRun, Subject, Work};
use crate::tui::engine::job_of;
use crate::tui::work::{self, Beginning};

/// Rows that a walk looks at.
const ROWS: usize = 80;

pub struct Sandbox {
    source: String,
    files: TempDir,
    orders: Vec<Order>,
    events: VecDeque<Event>,
    known: HashMap<String, Vec<News>>,
}

impl Sandbox {
    pub fn new(source: &str) -> Self {
        let files = tempfile::tempdir().unwrap();
        Self { source: source.to_owned(), files, orders: Vec::new(), events: VecDeque::new(), known: HashMap::new() }
    }

    /// Takes an order: a newer one of the same slot supersedes it, as with the engine's jobs.
    pub fn send(&mut self, order: Order) {
        if let Work::Cancel(job) = order.work {
            return self.cancel(job);
        }
        let slot = work::slot(&order.work);
        self.orders.retain(|other| work::slot(&other.work) != slot);
        self.orders.push(order);
    }

    fn cancel(&mut self, job: Job) {
        let (stopped, left) = self.orders.drain(..).partition(|order| job_of(work::slot(&order.work)) == job);
        self.orders = left;
        let stopped: Vec<Order> = stopped;
        for order in stopped {
            let news = News::Failed(job, Arc::new(Error::cancelled()));
            self.events.push_back(Event { generation: order.generation, news });
        }
    }

    pub fn is_idle(&self) -> bool {
        self.orders.is_empty() && self.events.is_empty()
    }

    /// The next thing that the engine says.
    pub fn next(&mut self, rng: &mut Xoshiro256PlusPlus) -> Option<Event> {
        if rng.gen_bool(0.1) {
            return Some(Event { generation: 0, news: News::Progress(self.running()) });
        }
        if self.events.is_empty() && !self.orders.is_empty() {
            let order = self.orders.remove(rng.gen_range(0..self.orders.len()));
            self.do_work(order);
        }
        if self.events.is_empty() && rng.gen_bool(0.9) {
            return None;
        }
        self.events.pop_front()
    }

    fn running(&self) -> Vec<JobStatus> {
        let status = |order: &Order| {
            let slot = work::slot(&order.work);
            JobStatus {
                job: job_of(slot),
                name: slot.to_owned(),
                done: 3,
                total: 8,
                what: "redraws".into(),
                can_cancel: true,
            }
        };
        self.orders.iter().map(status).collect()
    }

    fn do_work(&mut self, Order { generation, work }: Order) {
        let work = self.tamed(work);
        let key = key_of(&work);
        let news = match key.as_ref().and_then(|key| self.known.get(key)) {
            Some(news) => news.clone(),
            None => done(work),
        };
        self.known.extend(key.map(|key| (key, news.clone())));
        self.events.extend(news.into_iter().map(|news| Event { generation, news }));
    }

    /// A file in the walk's own folder.
    fn file(&self, path: &Path) -> PathBuf {
        let name = path.file_name().map_or_else(|| "nameless".into(), |name| name.to_string_lossy().into_owned());
        let name: String = name.chars().filter(|char| !char.is_control()).take(60).collect();
        self.files.path().join(name)
    }

    /// A source that is no other than the walk's own, or one that is not there.
    fn source(&self, path: &Path) -> PathBuf {
        let own = path.as_os_str() == self.source.as_str();
        if own || path.as_os_str().len().is_multiple_of(2) { PathBuf::from(&self.source) } else { self.file(path) }
    }

    /// The same work where it touches nothing outside and takes no longer than a test may.
    fn tamed(&self, work: Work) -> Work {
        match work {
            Work::Open(spec) => Work::Open(Box::new(SourceSpec { path: self.source(&spec.path), ..*spec })),
            Work::RollUp(spec, how) => {
                Work::RollUp(Box::new(SourceSpec { path: self.source(&spec.path), ..*spec }), how)
            }
            Work::Prepare(table, recipe) => Work::Prepare(table, short(recipe)),
            Work::Study(subject) => Work::Study(of_few(subject)),
            Work::Profile(subject, study, run) => Work::Profile(of_few(subject), study, run),
            Work::Export { shown, pseudonyms: _, path } => {
                Work::Export { shown: local(shown), pseudonyms: false, path: self.file(&path) }
            }
            Work::Contacts { shown, pseudonyms: _, path } => {
                Work::Contacts { shown: local(shown), pseudonyms: false, path: self.file(&path) }
            }
            Work::Movers { migrated, way, path, .. } => {
                Work::Movers { migrated, way, pseudonyms: false, path: self.file(&path) }
            }
            Work::Report { shown, findings, figure, path, .. } => {
                Work::Report { shown, findings, pseudonyms: false, figure, path: self.file(&path) }
            }
            Work::Model { shown, path } => Work::Model { shown, path: self.file(&path) },
            Work::Migrate { shown, to } => {
                Work::Migrate { shown, to: self.source(Path::new(&to)).display().to_string() }
            }
            Work::Feedback { shown, file } => {
                Work::Feedback { shown, file: self.source(Path::new(&file)).display().to_string() }
            }
            Work::Chart { chart, path } => Work::Chart { chart, path: self.file(&path) },
            Work::Text { text, path } => Work::Text { text, path: self.file(&path) },
            Work::Complete(_) => Work::Complete("tests/nasty/handmade/".to_owned()),
            Work::Save(recipe, path) => Work::Save(recipe, self.file(&path)),
            Work::Problems { loaded, schema, shown, path } => {
                Work::Problems { loaded, schema, shown, path: self.file(&path) }
            }
            other => other,
        }
    }
}

/// What the work says, one after the other.
fn done(work: Work) -> Vec<News> {
    // Nobody's own files are touched.
    if let Work::Kept(_) = work {
        return vec![News::Kept(vec![("session".to_owned(), "a file".to_owned())])];
    }
    let job = job_of(work::slot(&work));
    let told = std::cell::RefCell::new(Vec::new());
    let task = Task::default();
    let last = work::carry_out(work, &Beginning::default(), &task, &|news| told.borrow_mut().push(news));
    let mut told = told.into_inner();
    // The first and the last of what stands on the way.
    if told.len() > 3 {
        told.drain(2..told.len() - 1);
    }
    told.push(last.map_or_else(|error| News::Failed(job, Arc::new(error)), cut));
    told
}

/// What is asked where the same question gives the same answer.
fn key_of(work: &Work) -> Option<String> {
    let matrix = |subject: &Subject| format!("{:p} {:?}", Arc::as_ptr(&subject.table), subject.recipe);
    Some(match work {
        Work::Open(spec) => format!("open {spec:?}"),
        Work::RollUp(spec, how) => format!("roll {spec:?} {how:?}"),
        Work::Prepare(table, recipe) => format!("prepare {:p} {recipe:?}", Arc::as_ptr(table)),
        Work::Study(subject) => format!("study {}", matrix(subject)),
        Work::Profile(subject, _, run) => format!("profile {run} {}", matrix(subject)),
        _ => return None,
    })
}

/// A study that is over soon, whatever was asked.
fn short(mut recipe: Box<Recipe>) -> Box<Recipe> {
    let study = &mut recipe.study;
    if study.algorithms.is_empty() {
        study.algorithms = ["kmeans", "dbscan"].map(str::to_owned).to_vec();
    }
    if crate::engine::steps::plan(&recipe).is_ok_and(|plan| plan.k.end() - plan.k.start() > 1) {
        recipe.study.k = "2..3".into();
    }
    recipe.study.stability = Some(2);
    recipe
}

fn of_few(subject: Subject) -> Subject {
    Subject { recipe: short(subject.recipe), ..subject }
}

/// Handed over to files only.
fn local(mut shown: ShownRun) -> ShownRun {
    shown.subject.recipe.export.lines = None;
    shown
}

/// A table of few rows.
fn cut(news: News) -> News {
    match news {
        News::Loaded(loaded, recipe)
            if loaded.table.rows > ROWS && loaded.table.shape == crate::table::Shape::Customers =>
        {
            let fields = loaded.table.fields.iter().map(first_rows).collect();
            let table = Table { fields, rows: ROWS, ..(*loaded.table).clone() };
            News::Loaded(Loaded { table: Arc::new(table), ..loaded }, recipe)
        }
        other => other,
    }
}

fn first_rows(field: &Field) -> Field {
    let mut field = field.clone();
    field.column.values = match field.column.values {
        Values::Number(values) => Values::Number(values[..ROWS].to_vec()),
        Values::Text(coded) => Values::Text(Coded { codes: coded.codes[..ROWS].to_vec(), levels: coded.levels }),
    };
    field
}
