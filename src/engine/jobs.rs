//! Jobs off the caller's thread: submit, progress, cancel, newest wins, results stamped with a generation.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use rayon::ThreadPool;

use super::pool;
use crate::error::{Error, Result};
use crate::task::{Progress, Task};

/// How often the progress of running jobs is told: eight times a second.
const BEAT: Duration = Duration::from_millis(125);

/// How far a running job is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobStatus {
    /// The slot it runs in, e.g. `study`.
    pub slot: &'static str,
    /// How far it is.
    pub progress: Progress,
}

/// What a job tells its owner. `generation` is the one that [`Jobs::submit`] returned.
#[derive(Debug)]
pub enum Message<T> {
    /// An early result; more will come.
    Partial {
        /// The slot.
        slot: &'static str,
        /// The submission it answers.
        generation: u64,
        /// The result so far.
        value: T,
    },
    /// The result.
    Done {
        /// The slot.
        slot: &'static str,
        /// The submission it answers.
        generation: u64,
        /// The result.
        value: T,
    },
    /// The job failed, was cancelled or panicked.
    Failed {
        /// The slot.
        slot: &'static str,
        /// The submission it answers.
        generation: u64,
        /// Why.
        error: Error,
    },
    /// Something runs; ask [`Jobs::running`] how far it is.
    Beat,
}

/// Sends early results of a job.
pub struct Reporter<'a, T> {
    sender: &'a Sender<Message<T>>,
    slot: &'static str,
    generation: u64,
}

impl<T> Reporter<'_, T> {
    /// Tells what stands so far. A gone owner is no reason to stop.
    pub fn partial(&self, value: T) {
        let _gone = self.sender.send(Message::Partial { slot: self.slot, generation: self.generation, value });
    }
}

struct Running {
    generation: u64,
    task: Task,
}

/// The jobs of one owner. In each slot at most one job counts: a newer one cancels it, and what the
/// old one still says is told apart by its generation ([`Jobs::settle`]).
/// Dropping the owner cancels everything and waits for nothing.
pub struct Jobs<T> {
    pool: Arc<ThreadPool>,
    sender: Sender<Message<T>>,
    receiver: Receiver<Message<T>>,
    wake: Sender<()>,
    running: BTreeMap<&'static str, Running>,
    generation: u64,
}

impl<T: Send + 'static> Jobs<T> {
    /// No jobs yet; what they compute runs on `pool`.
    pub fn new(pool: Arc<ThreadPool>) -> Self {
        let (sender, receiver) = unbounded();
        let (wake, woken) = bounded(1);
        spawn_beat(sender.clone(), woken);
        Self { pool, sender, receiver, wake, running: BTreeMap::new(), generation: 0 }
    }

    /// Where the messages arrive.
    pub fn messages(&self) -> &Receiver<Message<T>> {
        &self.receiver
    }

    /// Starts `work` in `slot` and cancels what ran there. Returns the generation of this submission.
    pub fn submit(
        &mut self,
        slot: &'static str,
        task: Task,
        work: impl FnOnce(&Task, &Reporter<'_, T>) -> Result<T> + Send + 'static,
    ) -> u64 {
        self.cancel(slot);
        self.generation += 1;
        let generation = self.generation;
        self.running.insert(slot, Running { generation, task: task.clone() });
        let (pool, sender) = (Arc::clone(&self.pool), self.sender.clone());
        let started = thread::Builder::new().name(format!("job-{slot}")).spawn(move || {
            pool::be_nice();
            let reporter = Reporter { sender: &sender, slot, generation };
            let outcome = contained(|| pool.install(|| work(&task, &reporter)));
            let _gone = sender.send(match outcome {
                Ok(value) => Message::Done { slot, generation, value },
                Err(error) => Message::Failed { slot, generation, error },
            });
        });
        if let Err(error) = started {
            let error = Error::failed("no thread for the job could be started").caused_by(error);
            let _gone = self.sender.send(Message::Failed { slot, generation, error });
        }
        let _awake = self.wake.try_send(());
        generation
    }

    /// Asks the job in `slot` to stop; whether there was one.
    pub fn cancel(&mut self, slot: &str) -> bool {
        let job = self.running.remove(slot);
        if let Some(job) = &job {
            job.task.cancel();
        }
        job.is_some()
    }

    /// Takes note of a message: `true` where it answers the newest submission of its slot,
    /// `false` where it comes too late and must fall away.
    pub fn settle(&mut self, message: &Message<T>) -> bool {
        let (slot, generation, last) = match message {
            Message::Partial { slot, generation, .. } => (*slot, *generation, false),
            Message::Done { slot, generation, .. } | Message::Failed { slot, generation, .. } => {
                (*slot, *generation, true)
            }
            Message::Beat => {
                if !self.running.is_empty() {
                    let _awake = self.wake.try_send(());
                }
                return true;
            }
        };
        let current = self.running.get(slot).is_some_and(|job| job.generation == generation);
        if current && last {
            self.running.remove(slot);
        }
        current
    }

    /// Whether a job runs in `slot`.
    pub fn is_running(&self, slot: &str) -> bool {
        self.running.contains_key(slot)
    }

    /// How far the running jobs are, by slot.
    pub fn running(&self) -> Vec<JobStatus> {
        self.running.iter().map(|(slot, job)| JobStatus { slot, progress: job.task.progress() }).collect()
    }
}

impl<T> Drop for Jobs<T> {
    fn drop(&mut self) {
        for job in self.running.values() {
            job.task.cancel();
        }
    }
}

/// One beat for each time it is woken: the owner wakes it again while something runs, so that an idle
/// program costs nothing.
fn spawn_beat<T: Send + 'static>(sender: Sender<Message<T>>, woken: Receiver<()>) {
    let _unstarted = thread::Builder::new().name("beat".into()).spawn(move || {
        for () in &woken {
            thread::sleep(BEAT);
            if sender.send(Message::Beat).is_err() {
                break;
            }
        }
    });
}

/// A panic becomes an error.
fn contained<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        Err(Error::failed(format!("this is a fault of the program: {}", panic_text(panic.as_ref())))
            .hint("the rest goes on; please report it"))
    })
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a message")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn jobs() -> Jobs<u32> {
        Jobs::new(pool::workers(Some(2)).unwrap())
    }

    /// The next message that is not a beat and answers the newest submission.
    fn next(jobs: &mut Jobs<u32>) -> Message<u32> {
        loop {
            let message = jobs.messages().recv().unwrap();
            if jobs.settle(&message) && !matches!(message, Message::Beat) {
                return message;
            }
        }
    }

    #[test]
    fn early_and_final_results_arrive_in_order() {
        let mut jobs = jobs();
        let generation = jobs.submit("study", Task::default(), |_, reporter| {
            reporter.partial(1);
            Ok(2)
        });
        assert!(matches!(next(&mut jobs), Message::Partial { value: 1, generation: g, .. } if g == generation));
        assert!(matches!(next(&mut jobs), Message::Done { value: 2, .. }));
        assert!(!jobs.is_running("study"));
    }

    #[test]
    fn the_newest_submission_of_a_slot_wins() {
        let mut jobs = jobs();
        let (release, held) = bounded::<()>(0);
        jobs.submit("look", Task::default(), move |task, _| {
            let _released = held.recv();
            task.check()?;
            Ok(1)
        });
        jobs.submit("look", Task::default(), |_, _| Ok(2));
        release.send(()).unwrap();
        assert!(matches!(next(&mut jobs), Message::Done { value: 2, .. }));
        assert!(jobs.running().is_empty());
    }

    #[test]
    fn a_panic_is_a_failed_job() {
        let mut jobs = jobs();
        jobs.submit("study", Task::default(), |_, _| panic!("broken invariant"));
        let Message::Failed { error, .. } = next(&mut jobs) else { panic!("not failed") };
        assert!(error.what.contains("broken invariant"));
    }

    #[test]
    fn progress_is_told_while_a_job_runs() {
        let mut jobs = jobs();
        let (release, held) = bounded::<()>(0);
        jobs.submit("study", Task::default(), move |task, _| {
            task.begin("redraws", 4);
            task.advance(1);
            let _released = held.recv();
            Ok(1)
        });
        while !matches!(jobs.messages().recv().unwrap(), Message::Beat) {}
        assert_eq!(jobs.running()[0].progress, Progress { done: 1, total: 4, what: "redraws".into() });
        release.send(()).unwrap();
    }
}
