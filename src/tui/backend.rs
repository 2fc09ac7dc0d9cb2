//! What the workbench asks the engine for, and what it gets back. The loop knows nothing else of the engine.

use std::path::PathBuf;
use std::sync::Arc;

use crossbeam_channel::Receiver;

use crate::engine::contacts::Contacts;
use crate::engine::features::Worths;
use crate::engine::looking::{Looked, Looking};
use crate::engine::migrations::{Migrated, Way};
use crate::engine::sessions::Session;
use crate::engine::train::Trained;
use crate::engine::values::{Dendrogram, Embedding, Exported, Loaded, Projection, Reachability};
use crate::error::Error;
use crate::explore::{Exploration, OverTime};
use crate::model::drift::Drift;
use crate::plot::chart::Chart;
use crate::recipe::rfm::RollUpSpec;
use crate::recipe::{Prepared, Recipe};
use crate::segments::Segments;
use crate::study::Study;
use crate::table::{Finding, Preview, Schema, SourceSpec, Table};

/// Which question an answer belongs to: answers to older questions fall away.
pub type Generation = u64;

/// Runs the work. The loop sends orders and receives events; neither ever blocks.
pub trait Backend {
    /// Begins the work. Work of the same job that is still running for an older generation is cancelled.
    fn send(&mut self, order: Order);

    /// Where the events come from. A closed channel means that the engine is gone.
    fn receiver(&self) -> &Receiver<Event>;
}

/// One question to the engine, with everything that is needed to answer it.
#[derive(Debug, Clone)]
pub struct Order {
    /// To be stamped on the answer.
    pub generation: Generation,
    /// What to do.
    pub work: Work,
}

/// What to do. Each variant names the news that answer it; every one may be answered by [`News::Failed`].
#[derive(Debug, Clone)]
pub enum Work {
    /// Read a source: [`News::Preview`] at once, then [`News::Loaded`].
    Open(Box<SourceSpec>),
    /// Read a source with its lines rolled up in this way, or as they are: the same news.
    RollUp(Box<SourceSpec>, Option<Box<RollUpSpec>>),
    /// Read a source, and go on with this recipe in place of the proposal: the same news.
    Resume(Box<SourceSpec>, Box<Recipe>),
    /// Summaries and correlations: [`News::Explored`].
    Explore(Arc<Table>),
    /// Find the rows that are looked at: [`News::Looked`], then once more with what their columns look like.
    Look(Looking),
    /// Fit the recipe: [`News::Prepared`].
    Prepare(Arc<Table>, Box<Recipe>),
    /// Fit and judge the candidates: [`News::Study`], several times. The newest wins.
    Study(Subject),
    /// Profile the segments of a run: [`News::Segments`].
    Profile(Subject, Arc<Study>, String),
    /// The silhouette of each row of a run: [`News::Silhouettes`].
    Silhouettes(Subject, Arc<Study>, String),
    /// Orders over time, of lines or of what they were rolled up to: [`News::OverTime`].
    OverTime(Arc<Table>, Box<Recipe>),
    /// The reachability of the rows for a run: [`News::Reachability`].
    Reachability(Subject, Arc<Study>, String),
    /// The t-SNE view: [`News::Embedding`].
    Embedding(Arc<Prepared>, Box<Recipe>),
    /// The PCA view: [`News::Projection`].
    Projection(Arc<Prepared>),
    /// The Ward dendrogram: [`News::Dendrogram`].
    Dendrogram(Arc<Prepared>),
    /// Write the rows with the segments of a run: [`News::Exported`].
    Export {
        /// The run.
        shown: ShownRun,
        /// Whether ids are replaced by pseudonyms.
        pseudonyms: bool,
        /// Where to.
        path: PathBuf,
    },
    /// Write whom to contact: [`News::Listed`].
    Contacts {
        /// The run.
        shown: ShownRun,
        /// Whether ids are replaced by pseudonyms.
        pseudonyms: bool,
        /// Where to.
        path: PathBuf,
    },
    /// Write the customers who moved: [`News::Listed`].
    Movers {
        /// Who moved.
        migrated: Arc<Migrated>,
        /// Which of them.
        way: Way,
        /// Whether ids are replaced by pseudonyms.
        pseudonyms: bool,
        /// Where to.
        path: PathBuf,
    },
    /// Write the report of a run: [`News::Reported`].
    Report {
        /// The run.
        shown: ShownRun,
        /// What was noticed about the table.
        findings: Arc<Vec<Finding>>,
        /// Whether customers can be looked up by pseudonym.
        pseudonyms: bool,
        /// The picture, where the file is to hold one.
        figure: String,
        /// Where to.
        path: PathBuf,
    },
    /// Write the model of a run: [`News::Model`].
    Model {
        /// The run.
        shown: ShownRun,
        /// Where to.
        path: PathBuf,
    },
    /// Try classifiers that tell the segments of a run by other columns: [`News::Trained`].
    Train {
        /// The run.
        shown: ShownRun,
        /// The columns.
        by: Vec<String>,
    },
    /// Follow the customers of a run to another period: [`News::Migrated`].
    Migrate {
        /// The run.
        shown: ShownRun,
        /// A file, or days of the order lines, split by commas.
        to: String,
    },
    /// Hold later rows against those of a run: [`News::Drift`].
    Drift {
        /// The run.
        shown: ShownRun,
        /// The file.
        file: String,
    },
    /// What a campaign did in the segments of a run: [`News::Campaign`].
    Feedback {
        /// The run.
        shown: ShownRun,
        /// Who was contacted and who responded.
        file: String,
    },
    /// Rank the features, also for a run: [`News::Ranked`].
    Rank(Subject, Option<(Arc<Study>, String)>),
    /// Write the recipe: [`News::Saved`].
    Save(Box<Recipe>, PathBuf),
    /// Write the problems of a table, personal data as they stand where `shown`: [`News::Problems`].
    Problems {
        /// The table and its findings.
        loaded: Loaded,
        /// The schema that it is held against.
        schema: Schema,
        /// Whether personal data are written as they stand.
        shown: bool,
        /// Where to.
        path: PathBuf,
    },
    /// Write a chart as its file's ending says: [`News::Copied`].
    Chart {
        /// The chart.
        chart: Box<Chart>,
        /// Where to.
        path: PathBuf,
    },
    /// Write a text: [`News::Copied`].
    Text {
        /// The text.
        text: String,
        /// Where to.
        path: PathBuf,
    },
    /// Say what a path that is being typed could be: [`News::Completed`].
    Complete(String),
    /// Say what is kept of anybody's data, or wipe it: [`News::Kept`].
    Kept(Keeping),
    /// Stop a job; what it has so far is kept where that makes sense (a study). Answered by [`News::Progress`].
    Cancel(Job),
}

/// What to do with what is kept of anybody's data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keeping {
    /// List it.
    List,
    /// Remove it.
    Clear,
    /// Remove a person from it.
    Forget(String),
}

/// A table with its recipe and the matrix that was made by it.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The table.
    pub table: Arc<Table>,
    /// The recipe as it stands.
    pub recipe: Box<Recipe>,
    /// The matrix.
    pub prepared: Arc<Prepared>,
}

/// A run of a study as it is shown.
#[derive(Debug, Clone)]
pub struct ShownRun {
    /// What was studied.
    pub subject: Subject,
    /// The runs.
    pub study: Arc<Study>,
    /// The run.
    pub run: String,
    /// Its segments with the names that the user gave, where they were profiled.
    pub segments: Option<Arc<Segments>>,
}

/// A kind of work that runs in the background; of each kind at most one runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Job {
    /// Reading a source.
    Open,
    /// Summaries.
    Explore,
    /// Finding the rows that are looked at.
    Look,
    /// Fitting the recipe.
    Prepare,
    /// The study.
    Study,
    /// Profiles and silhouettes.
    Profile,
    /// Projection and dendrogram.
    Map,
    /// Writing files.
    Export,
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobStatus {
    /// Which.
    pub job: Job,
    /// How the status line calls it, e.g. `study`.
    pub name: String,
    /// Units done.
    pub done: u64,
    /// Units in all, 0 where nobody knows.
    pub total: u64,
    /// What is being counted, e.g. `redraws`.
    pub what: String,
    /// Whether Esc stops it.
    pub can_cancel: bool,
}

/// Something new from the engine.
#[derive(Debug, Clone)]
pub struct Event {
    /// The generation of the order that it answers.
    pub generation: Generation,
    /// What is new.
    pub news: News,
}

/// What is new.
#[derive(Debug, Clone)]
pub enum News {
    /// A session of the source that could be gone on with.
    Offered(Box<Session>),
    /// The first rows.
    Preview(Arc<Preview>),
    /// The table, its findings, and the recipe that is proposed for it (or was given).
    Loaded(Loaded, Box<Recipe>),
    /// Summaries and correlations.
    Explored(Arc<Exploration>),
    /// The rows that are looked at.
    Looked(Arc<Looked>),
    /// The matrix.
    Prepared(Arc<Prepared>),
    /// A snapshot of the study; `finished` with the last one.
    Study {
        /// The snapshot.
        study: Arc<Study>,
        /// Whether it is the last.
        finished: bool,
    },
    /// The segments of a run.
    Segments(Arc<Segments>),
    /// The silhouette of each row of a run.
    Silhouettes {
        /// The run's id.
        run: String,
        /// One a row of the matrix.
        values: Arc<Vec<f64>>,
    },
    /// Orders over time.
    OverTime(Arc<OverTime>),
    /// The reachability of the rows for a run.
    Reachability {
        /// The run's id.
        run: String,
        /// In walking order.
        reached: Arc<Reachability>,
    },
    /// The t-SNE view.
    Embedding(Arc<Embedding>),
    /// The PCA view.
    Projection(Arc<Projection>),
    /// The dendrogram.
    Dendrogram(Arc<Dendrogram>),
    /// What classifiers are worth.
    Trained(Arc<Trained>),
    /// What the features are worth.
    Ranked(Arc<Worths>),
    /// The rows were written.
    Exported(Exported),
    /// The list of contacts was written.
    Listed(Contacts, PathBuf),
    /// The recipe was written.
    Saved(PathBuf),
    /// The report was written.
    Reported(PathBuf),
    /// Who moved.
    Migrated(Arc<Migrated>),
    /// Whether later rows moved.
    Drift(Arc<Drift>),
    /// What a campaign did, in paragraphs.
    Campaign(Vec<(String, String)>),
    /// The model was written: where, in words.
    Model(String),
    /// What is kept, or was removed: files, each with what it is.
    Kept(Vec<(String, String)>),
    /// The text was written.
    Copied(PathBuf),
    /// What the path that was typed could be.
    Completed(String, Vec<String>),
    /// So many problems were written.
    Problems(usize, PathBuf),
    /// A job failed or was cancelled.
    Failed(Job, Arc<Error>),
    /// The jobs that run now (whatever the generation), at most eight times a second.
    Progress(Vec<JobStatus>),
}
