//! Jobs off the caller's thread: submit, progress, cancel, newest wins.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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

/// The jobs of one owner, who gets events of type `E`. In each slot at most one job counts: a newer one
/// cancels it, and what the old one still says falls away.
/// Dropping the owner cancels everything and waits for nothing.
pub struct Jobs<E> {
    sender: Sender<E>,
    receiver: Receiver<E>,
    wake: Sender<()>,
    running: Arc<Register>,
    beat: Beat<E>,
}

/// Makes the event that tells how far the running jobs are.
type Beat<E> = Arc<dyn Fn(Vec<JobStatus>) -> E + Send + Sync>;

/// Sends early results of a job.
pub struct Reporter<E> {
    sender: Sender<E>,
    running: Arc<Register>,
    slot: &'static str,
    generation: u64,
}

impl<E> Reporter<E> {
    /// Tells what stands so far, unless a newer job took the slot. A gone owner is no reason to stop.
    pub fn tell(&self, event: E) {
        if self.running.is_current(self.slot, self.generation) {
            let _gone = self.sender.send(event);
        }
    }
}

impl<E: Send + 'static> Jobs<E> {
    /// No jobs yet; `beat` makes the event that tells how far they are.
    pub fn new(beat: impl Fn(Vec<JobStatus>) -> E + Send + Sync + 'static) -> Self {
        let beat: Beat<E> = Arc::new(beat);
        let (sender, receiver) = unbounded();
        let (wake, woken) = bounded(1);
        let running = Arc::new(Register::default());
        spawn_beat(sender.clone(), woken, Arc::clone(&running), Arc::clone(&beat));
        Self { sender, receiver, wake, running, beat }
    }

    /// Where the events arrive.
    pub fn events(&self) -> &Receiver<E> {
        &self.receiver
    }

    /// Starts `work` on `pool` in `slot`, superseding what ran there. Where it fails, is cancelled or panics,
    /// `failed` makes the event.
    pub fn submit(
        &self,
        pool: &Arc<ThreadPool>,
        slot: &'static str,
        task: Task,
        work: impl FnOnce(&Task, &Reporter<E>) -> Result<E> + Send + 'static,
        failed: impl Fn(Error) -> E + Send + 'static,
    ) {
        let generation = self.running.enter(slot, task.clone());
        let (pool, beat) = (Arc::clone(pool), Arc::clone(&self.beat));
        let reporter = Reporter { sender: self.sender.clone(), running: Arc::clone(&self.running), slot, generation };
        let started = thread::Builder::new().name(format!("job-{slot}")).spawn(move || {
            pool::be_nice();
            let event = contained(|| pool.install(|| work(&task, &reporter))).unwrap_or_else(failed);
            reporter.running.leave(slot, generation, |left| {
                // That it runs no longer is known before what it found, and no beat of before comes behind.
                let _gone = reporter.sender.send(beat(left)).and_then(|()| reporter.sender.send(event));
            });
        });
        if started.is_err() {
            self.running.leave(slot, generation, |_| ());
        }
        let _awake = self.wake.try_send(());
    }

    /// Asks the job in `slot` to stop; it answers with its last event. Whether there was one.
    pub fn cancel(&self, slot: &str) -> bool {
        self.running.cancel(slot)
    }

    /// How far the running jobs are, by slot.
    pub fn running(&self) -> Vec<JobStatus> {
        self.running.tell(|status| status)
    }
}

impl<E> Drop for Jobs<E> {
    fn drop(&mut self) {
        self.running.cancel_all();
    }
}

/// One beat after the other while something runs, and a last one that says that nothing does;
/// in between it sleeps until it is woken, so that an idle program costs nothing.
fn spawn_beat<E: Send + 'static>(sender: Sender<E>, woken: Receiver<()>, running: Arc<Register>, beat: Beat<E>) {
    let beats = move || {
        for () in &woken {
            loop {
                thread::sleep(BEAT);
                let goes_on = running.tell(|status| {
                    let over = status.is_empty();
                    sender.send(beat(status)).is_ok() && !over
                });
                if !goes_on {
                    break;
                }
            }
        }
    };
    // Without this thread the work goes on, only its progress is not told.
    let _unstarted = thread::Builder::new().name("beat".into()).spawn(beats);
}

/// A panic becomes an error.
pub(super) fn contained<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
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

/// The job that counts in each slot.
#[derive(Default)]
struct Register(Mutex<Slots>);

#[derive(Default)]
struct Slots {
    newest: u64,
    jobs: BTreeMap<&'static str, (u64, Task)>,
}

impl Register {
    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the slot and cancels who had it; the generation of the new job.
    fn enter(&self, slot: &'static str, task: Task) -> u64 {
        let mut slots = self.slots();
        slots.newest += 1;
        let generation = slots.newest;
        if let Some((_, old)) = slots.jobs.insert(slot, (generation, task)) {
            old.cancel();
        }
        generation
    }

    fn is_current(&self, slot: &str, generation: u64) -> bool {
        self.slots().jobs.get(slot).is_some_and(|(current, _)| *current == generation)
    }

    /// Leaves the slot; where the job still had it, `told` hears who is left before anybody comes or goes.
    fn leave(&self, slot: &str, generation: u64, told: impl FnOnce(Vec<JobStatus>)) {
        let mut slots = self.slots();
        if slots.jobs.get(slot).is_some_and(|(current, _)| *current == generation) {
            slots.jobs.remove(slot);
            told(slots.status());
        }
    }

    /// `told` hears who runs before anybody comes or goes.
    fn tell<T>(&self, told: impl FnOnce(Vec<JobStatus>) -> T) -> T {
        let slots = self.slots();
        told(slots.status())
    }

    fn cancel(&self, slot: &str) -> bool {
        self.slots().jobs.get(slot).map(|(_, task)| task.cancel()).is_some()
    }

    fn cancel_all(&self) {
        self.slots().jobs.values().for_each(|(_, task)| task.cancel());
    }
}

impl Slots {
    fn status(&self) -> Vec<JobStatus> {
        self.jobs.iter().map(|(slot, (_, task))| JobStatus { slot, progress: task.progress() }).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[derive(Debug, PartialEq)]
    enum Event {
        Value(u32),
        Failed(String),
        Beat(Vec<JobStatus>),
    }

    fn jobs() -> (Jobs<Event>, Arc<ThreadPool>) {
        (Jobs::new(Event::Beat), pool::workers(Some(2)).unwrap())
    }

    fn failed(error: Error) -> Event {
        Event::Failed(error.what)
    }

    /// The next event that is not a beat.
    fn next(jobs: &Jobs<Event>) -> Event {
        std::iter::repeat_with(|| jobs.events().recv().unwrap()).find(|event| !matches!(event, Event::Beat(_))).unwrap()
    }

    #[test]
    fn early_and_final_results_arrive_in_order() {
        let (jobs, pool) = jobs();
        let work = |_: &Task, reporter: &Reporter<Event>| {
            reporter.tell(Event::Value(1));
            Ok(Event::Value(2))
        };
        jobs.submit(&pool, "study", Task::default(), work, failed);
        assert_eq!(next(&jobs), Event::Value(1));
        assert_eq!(next(&jobs), Event::Value(2));
        assert!(jobs.running().is_empty());
    }

    #[test]
    fn what_a_job_found_comes_when_it_runs_no_longer() {
        let (jobs, pool) = jobs();
        for number in 0..200 {
            jobs.submit(&pool, "study", Task::default(), move |_, _| Ok(Event::Value(number)), failed);
            let mut running = true;
            loop {
                match jobs.events().recv().unwrap() {
                    Event::Beat(status) => running = !status.is_empty(),
                    found => break assert_eq!(found, Event::Value(number)),
                }
            }
            assert!(!running, "job {number} is told of as running though it is over");
        }
    }

    #[test]
    fn the_newest_submission_of_a_slot_wins_and_the_old_one_is_cancelled() {
        let (jobs, pool) = jobs();
        let (old, (release, held)) = (Task::default(), bounded::<()>(0));
        let work = move |_: &Task, _: &Reporter<Event>| {
            let _released = held.recv();
            Ok(Event::Value(1))
        };
        jobs.submit(&pool, "look", old.clone(), work, failed);
        jobs.submit(&pool, "look", Task::default(), |_, _| Ok(Event::Value(2)), failed);
        assert!(old.is_cancelled());
        release.send(()).unwrap();
        assert_eq!(next(&jobs), Event::Value(2));
        jobs.submit(&pool, "look", Task::default(), |_, _| Ok(Event::Value(3)), failed);
        assert_eq!(next(&jobs), Event::Value(3));
    }

    #[test]
    fn a_cancelled_job_says_so() {
        let (jobs, pool) = jobs();
        let (release, held) = bounded::<()>(0);
        let work = move |task: &Task, _: &Reporter<Event>| {
            let _released = held.recv();
            task.check()?;
            Ok(Event::Value(1))
        };
        jobs.submit(&pool, "study", Task::default(), work, failed);
        assert!(jobs.cancel("study") && !jobs.cancel("other"));
        release.send(()).unwrap();
        assert_eq!(next(&jobs), Event::Failed("cancelled".into()));
    }

    #[test]
    fn a_panic_is_a_failed_job() {
        let (jobs, pool) = jobs();
        jobs.submit(&pool, "study", Task::default(), |_, _| panic!("broken invariant"), failed);
        assert!(matches!(next(&jobs), Event::Failed(what) if what.contains("broken invariant")));
    }

    #[test]
    fn progress_is_told_while_a_job_runs_and_once_after() {
        let (jobs, pool) = jobs();
        let (release, held) = bounded::<()>(0);
        let work = move |task: &Task, _: &Reporter<Event>| {
            task.begin("redraws", 4);
            task.advance(1);
            let _released = held.recv();
            Ok(Event::Value(1))
        };
        jobs.submit(&pool, "study", Task::default(), work, failed);
        let told = Progress { done: 1, total: 4, what: "redraws".into() };
        let beat = Event::Beat(vec![JobStatus { slot: "study", progress: told }]);
        while jobs.events().recv().unwrap() != beat {}
        release.send(()).unwrap();
        while jobs.events().recv().unwrap() != Event::Beat(Vec::new()) {}
    }
}
