//! The backend that runs the orders of the loop as jobs of the engine.

use std::sync::Arc;

use crossbeam_channel::Receiver;
use rayon::ThreadPool;

use super::backend::{Backend, Event, Generation, Job, JobStatus, News, Order, Work};
use super::work::{self, Beginning};
use crate::engine::{self, Jobs};
use crate::task::Task;

/// Runs orders on the engine's threads.
pub struct Engine {
    jobs: Jobs<Event>,
    /// A study fills its pool for seconds; what a screen waits for has one of its own.
    pools: Pools,
    beginning: Arc<Beginning>,
}

/// The threads of studies and those of all else.
pub struct Pools {
    /// Of studies.
    pub study: Arc<ThreadPool>,
    /// Of what is over soon.
    pub short: Arc<ThreadPool>,
}

/// Opening, profiling and drawing do not stand in each other's way, so each has a slot of its own.
const SLOTS: [(&str, Job, &str, bool); 17] = [
    ("open", Job::Open, "reading", true),
    ("explore", Job::Explore, "exploring", false),
    ("look", Job::Look, "finding rows", false),
    ("prepare", Job::Prepare, "preparing", true),
    ("study", Job::Study, "study", true),
    ("profile", Job::Profile, "profiling", false),
    ("silhouettes", Job::Profile, "silhouettes", false),
    ("orders", Job::Explore, "orders over time", true),
    ("reachability", Job::Map, "reachability", true),
    ("embedding", Job::Map, "t-SNE", true),
    ("projection", Job::Map, "map", false),
    ("dendrogram", Job::Map, "dendrogram", true),
    ("rank", Job::Map, "ranking", true),
    ("follow", Job::Profile, "other file", true),
    ("export", Job::Export, "export", true),
    ("save", Job::Export, "saving", false),
    ("complete", Job::Explore, "looking for files", false),
];

impl Engine {
    /// An engine on these pools, for what the workbench was opened with.
    pub fn new(pools: Pools, beginning: Beginning) -> Self {
        let beat = |running: Vec<engine::JobStatus>| Event {
            generation: 0,
            news: News::Progress(running.into_iter().map(status).collect()),
        };
        Self { jobs: Jobs::new(beat), pools, beginning: Arc::new(beginning) }
    }

    /// Starts the work in its slot; its news carry the order's generation.
    fn submit(&self, generation: Generation, work: Work) {
        let slot = work::slot(&work);
        let (job, beginning) = (job_of(slot), Arc::clone(&self.beginning));
        let stamped = move |news| Event { generation, news };
        let pool = if job == Job::Study { &self.pools.study } else { &self.pools.short };
        self.jobs.submit(
            pool,
            slot,
            Task::default(),
            move |task, reporter| {
                work::carry_out(work, &beginning, task, &|news| reporter.tell(stamped(news))).map(stamped)
            },
            move |error| stamped(News::Failed(job, Arc::new(error))),
        );
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
            Work::Cancel(job) => self.cancel(job),
            work => self.submit(generation, work),
        }
    }

    fn receiver(&self) -> &Receiver<Event> {
        self.jobs.events()
    }
}

/// The job whose orders run in this slot.
pub fn job_of(slot: &str) -> Job {
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
