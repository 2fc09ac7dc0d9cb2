//! What any long work is handed: progress, cancel, seed streams, budgets.

mod pieces;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

pub use pieces::{Piece, pieces, unreadable};

/// The work was cancelled; nothing of it was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

impl From<Cancelled> for crate::error::Error {
    fn from(_: Cancelled) -> Self {
        Self::cancelled()
    }
}

/// How far a task is: `done` of `total` units of `what` (`total` 0: not known).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Units done.
    pub done: u64,
    /// Units in all, 0 where nobody knows.
    pub total: u64,
    /// What is being done, e.g. "redraws".
    pub what: String,
}

#[derive(Debug, Default)]
struct Shared {
    done: AtomicU64,
    total: AtomicU64,
    what: Mutex<String>,
}

/// The handle that long work checks and reports to. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Task {
    cancelled: Arc<AtomicBool>,
    shared: Arc<Shared>,
    seed: u64,
    memory: u64,
}

/// The memory budget where none is named: fixed, so that results never depend on the machine.
pub const DEFAULT_MEMORY: u64 = 4 << 30;
/// The seed where none is named.
pub const DEFAULT_SEED: u64 = 42;

impl Default for Task {
    fn default() -> Self {
        Self::new(DEFAULT_SEED)
    }
}

impl Task {
    /// A task with this seed and the default memory budget.
    pub fn new(seed: u64) -> Self {
        Self { cancelled: Arc::default(), shared: Arc::default(), seed, memory: DEFAULT_MEMORY }
    }

    /// The same task with a memory budget in bytes.
    #[must_use]
    pub fn with_memory(mut self, bytes: u64) -> Self {
        self.memory = bytes;
        self
    }

    /// The same cancel and progress handle with another seed.
    #[must_use]
    pub fn with_seed(&self, seed: u64) -> Self {
        Self { seed, ..self.clone() }
    }

    /// The same cancel, seed and budget with a progress of its own: for the parts of a larger task that must
    /// not move its bar.
    #[must_use]
    pub fn aside(&self) -> Self {
        Self { shared: Arc::default(), ..self.clone() }
    }

    /// The memory budget in bytes.
    pub fn memory(&self) -> u64 {
        self.memory
    }

    /// The seed that all streams derive from.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Asks the work to stop; it answers at its next [`Task::check`].
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// The flag behind [`Task::cancel`], for signal handlers.
    pub fn cancel_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.cancelled)
    }

    /// Whether the work was asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// To be called at least every few milliseconds of work.
    ///
    /// # Errors
    /// [`Cancelled`] once [`Task::cancel`] was called.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }

    /// Begins a stretch of `total` units of `what`.
    pub fn begin(&self, what: &str, total: u64) {
        let mut shown = self.shared.what.lock().unwrap_or_else(PoisonError::into_inner);
        what.clone_into(&mut shown);
        self.shared.done.store(0, Ordering::Relaxed);
        self.shared.total.store(total, Ordering::Relaxed);
    }

    /// `units` more are done.
    pub fn advance(&self, units: u64) {
        self.shared.done.fetch_add(units, Ordering::Relaxed);
    }

    /// How far the work is now.
    pub fn progress(&self) -> Progress {
        Progress {
            done: self.shared.done.load(Ordering::Relaxed),
            total: self.shared.total.load(Ordering::Relaxed),
            what: self.shared.what.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    /// A stream of random numbers that depends only on the seed and on `path`, e.g.
    /// `["kmeans", "k=5", "restart 3"]`: never on the order in which the work is done.
    pub fn stream<S: AsRef<str>>(&self, path: &[S]) -> Xoshiro256PlusPlus {
        let mut hash = blake3::Hasher::new();
        hash.update(&self.seed.to_le_bytes());
        for part in path {
            hash.update(&(part.as_ref().len() as u64).to_le_bytes());
            hash.update(part.as_ref().as_bytes());
        }
        Xoshiro256PlusPlus::from_seed(*hash.finalize().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn streams_depend_on_seed_and_path_only() {
        let draw = |seed, path: &[&str]| Task::new(seed).stream(path).r#gen::<u64>();
        assert_eq!(draw(1, &["a", "b"]), draw(1, &["a", "b"]));
        assert_ne!(draw(1, &["a", "b"]), draw(1, &["ab"]));
        assert_ne!(draw(1, &["a"]), draw(2, &["a"]));
    }

    #[test]
    fn a_clone_shares_cancel_and_progress() {
        let task = Task::new(1);
        let other = task.clone();
        task.begin("redraws", 3);
        other.advance(2);
        other.cancel();
        assert_eq!(task.check(), Err(Cancelled));
        assert_eq!(task.progress(), Progress { done: 2, total: 3, what: "redraws".into() });
    }

    #[test]
    fn work_aside_shares_the_cancel_but_not_the_progress() {
        let task = Task::new(1);
        task.begin("runs", 3);
        let aside = task.aside();
        aside.begin("distances", 100);
        assert_eq!(task.progress().what, "runs");
        task.cancel();
        assert!(aside.is_cancelled());
    }
}
