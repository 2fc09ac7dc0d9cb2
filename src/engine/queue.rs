//! Work that waits its turn: one job at a time, on a pool of its own, a bounded number waiting.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use rayon::ThreadPool;

use super::{jobs, pool};
use crate::error::{Error, Exit, Result};
use crate::task::{Progress, Task};

/// Jobs that ended and are still told of.
const REMEMBERED: usize = 100;

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase<T> {
    /// Others are before it.
    Waiting,
    /// It is being done.
    Running(Progress),
    /// It is done.
    Done(T),
    /// It failed: why.
    Failed(String),
    /// It was cancelled; nothing of it was kept.
    Cancelled,
}

impl<T> Phase<T> {
    /// Whether nothing more will happen.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Done(_) | Self::Failed(_) | Self::Cancelled)
    }
}

/// A job as it is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job<T> {
    /// 1, 2, …
    pub id: u64,
    /// Who asked for it.
    pub by: String,
    /// How far it is.
    pub phase: Phase<T>,
}

type Work<T> = Box<dyn FnOnce(&Task) -> Result<T> + Send>;

struct Slot<T> {
    job: Job<T>,
    task: Task,
    work: Option<Work<T>>,
}

struct State<T> {
    last: u64,
    jobs: VecDeque<Slot<T>>,
    closed: bool,
}

struct Shared<T> {
    state: Mutex<State<T>>,
    woken: Condvar,
    most: usize,
}

/// A queue of jobs. Dropping it cancels what runs.
pub struct Queue<T>(Arc<Shared<T>>);

impl<T: Clone + Send + 'static> Queue<T> {
    /// A queue of at most `most` jobs that are not over, done on `pool` one after the other.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn new(pool: Arc<ThreadPool>, most: usize) -> Result<Self> {
        let state = Mutex::new(State { last: 0, jobs: VecDeque::new(), closed: false });
        let shared = Arc::new(Shared { state, woken: Condvar::new(), most });
        let of = Arc::clone(&shared);
        thread::Builder::new()
            .name("queue".to_owned())
            .spawn(move || {
                pool::be_nice();
                work_off(&of, &pool);
            })
            .map_err(|error| Error::failed("no thread could be started").caused_by(error))?;
        Ok(Self(shared))
    }

    /// Adds a job; its number, or `None` where too many wait.
    pub fn submit(&self, by: &str, work: impl FnOnce(&Task) -> Result<T> + Send + 'static) -> Option<u64> {
        let mut state = self.0.state();
        if state.jobs.iter().filter(|slot| !slot.job.phase.is_over()).count() >= self.0.most || state.closed {
            return None;
        }
        state.last += 1;
        let id = state.last;
        let job = Job { id, by: by.to_owned(), phase: Phase::Waiting };
        state.jobs.push_back(Slot { job, task: Task::default(), work: Some(Box::new(work)) });
        let over = state.jobs.iter().filter(|slot| slot.job.phase.is_over()).count();
        if over > REMEMBERED
            && let Some(place) = state.jobs.iter().position(|slot| slot.job.phase.is_over())
        {
            state.jobs.remove(place);
        }
        self.0.woken.notify_all();
        Some(id)
    }

    /// All jobs that are told of, the oldest first.
    pub fn list(&self) -> Vec<Job<T>> {
        self.0.state().jobs.iter().map(Slot::told).collect()
    }

    /// One of them.
    pub fn get(&self, id: u64) -> Option<Job<T>> {
        self.0.state().jobs.iter().find(|slot| slot.job.id == id).map(Slot::told)
    }

    /// Whether one waits or runs.
    pub fn is_busy(&self) -> bool {
        self.0.state().jobs.iter().any(|slot| !slot.job.phase.is_over())
    }

    /// Cancels a job that is not over; how it is then: one that runs ends at its next check.
    pub fn cancel(&self, id: u64) -> Option<Job<T>> {
        let mut state = self.0.state();
        let slot = state.jobs.iter_mut().find(|slot| slot.job.id == id)?;
        slot.task.cancel();
        if slot.work.take().is_some() {
            slot.job.phase = Phase::Cancelled;
        }
        Some(slot.told())
    }
}

impl<T> Queue<T> {
    /// Cancels what runs, and takes no job from now on.
    pub fn cancel_all(&self) {
        let mut state = self.0.state();
        state.closed = true;
        state.jobs.iter().for_each(|slot| slot.task.cancel());
        drop(state);
        self.0.woken.notify_all();
    }
}

impl<T> Drop for Queue<T> {
    fn drop(&mut self) {
        self.cancel_all();
    }
}

impl<T: Clone> Slot<T> {
    fn told(&self) -> Job<T> {
        let phase = match &self.job.phase {
            Phase::Running(_) => Phase::Running(self.task.progress()),
            other => other.clone(),
        };
        Job { phase, ..self.job.clone() }
    }
}

impl<T> Shared<T> {
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job that waits; `None` once the queue is closed.
    fn next(&self) -> Option<(u64, Task, Work<T>)> {
        let mut state = self.state();
        loop {
            if state.closed {
                return None;
            }
            let waiting = state.jobs.iter_mut().find(|slot| slot.work.is_some());
            if let Some((slot, work)) = waiting.and_then(|slot| slot.work.take().map(|work| (slot, work))) {
                slot.job.phase = Phase::Running(Progress::default());
                return Some((slot.job.id, slot.task.clone(), work));
            }
            state = self.woken.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn end(&self, id: u64, phase: Phase<T>) {
        if let Some(slot) = self.state().jobs.iter_mut().find(|slot| slot.job.id == id) {
            slot.job.phase = phase;
        }
    }
}

fn work_off<T: Clone + Send + 'static>(of: &Shared<T>, pool: &ThreadPool) {
    while let Some((id, task, work)) = of.next() {
        let phase = match jobs::contained(|| pool.install(|| work(&task))) {
            Ok(value) => Phase::Done(value),
            Err(error) if error.exit == Exit::Interrupted => Phase::Cancelled,
            Err(error) => Phase::Failed(error.to_string()),
        };
        of.end(id, phase);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use std::sync::mpsc::channel;
    use std::time::{Duration, Instant};

    use super::*;

    fn queue(most: usize) -> Queue<u32> {
        Queue::new(pool::workers(Some(1)).unwrap(), most).unwrap()
    }

    /// Waits until a job is over.
    fn ended(queue: &Queue<u32>, id: u64) -> Phase<u32> {
        loop {
            let phase = queue.get(id).unwrap().phase;
            if phase.is_over() {
                return phase;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn one_runs_others_wait_and_too_many_are_refused() {
        let (queue, (release, held)) = (queue(3), channel::<()>());
        let first = queue
            .submit("a", move |_| {
                let _released = held.recv();
                Ok(1)
            })
            .unwrap();
        let second = queue.submit("b", |_| Ok(2)).unwrap();
        let third = queue.submit("c", |_| Ok(3)).unwrap();
        assert_eq!(queue.submit("d", |_| Ok(4)), None);
        assert_eq!(queue.get(second).unwrap().phase, Phase::Waiting);
        assert_eq!(queue.cancel(third).unwrap().phase, Phase::Cancelled);
        release.send(()).unwrap();
        assert_eq!((ended(&queue, first), ended(&queue, second)), (Phase::Done(1), Phase::Done(2)));
        assert!(!queue.is_busy() && queue.submit("d", |_| Ok(4)).is_some());
        assert_eq!(queue.list().iter().map(|job| job.by.as_str()).collect::<Vec<_>>(), ["a", "b", "c", "d"]);
    }

    #[test]
    fn a_cancelled_job_ends_soon_and_a_panic_is_a_failure() {
        let queue = queue(3);
        let endless = |task: &Task| {
            loop {
                task.check()?;
                thread::sleep(Duration::from_millis(1));
            }
        };
        let id = queue.submit("a", endless).unwrap();
        while queue.get(id).unwrap().phase == Phase::Waiting {
            thread::yield_now();
        }
        let asked = Instant::now();
        queue.cancel(id).unwrap();
        assert_eq!(ended(&queue, id), Phase::Cancelled);
        assert!(asked.elapsed() < Duration::from_secs(5));
        let broken = queue.submit("b", |_| panic!("broken")).unwrap();
        assert!(matches!(ended(&queue, broken), Phase::Failed(why) if why.contains("broken")));
        assert_eq!(queue.cancel(99), None);
    }
}
