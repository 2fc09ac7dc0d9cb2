//! What a server of a store has beside the model that serves: the store, the trainings, the configuration.

use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use axum::http::StatusCode;

use super::App;
use super::problem::Problem;
use crate::engine::pool;
use crate::engine::queue::Queue;
use crate::engine::retrain::{Config, Outcome};
use crate::error::Result;
use crate::model::Model;
use crate::model::drift::{Verdict, drifted};
use crate::model::store::{Store, StoreError};

/// A model that serves, and which version of the store it is.
#[derive(Debug)]
pub struct Serving {
    /// The model.
    pub model: Arc<Model>,
    /// `None`: it is a file, no version of a store.
    pub version: Option<u64>,
}

impl Deref for Serving {
    type Target = Model;

    fn deref(&self) -> &Model {
        &self.model
    }
}

/// The store, the trainings, the configuration.
pub struct Desk {
    store: Mutex<Store>,
    /// The trainings.
    pub queue: Queue<Outcome>,
    /// What was configured.
    pub config: Config,
    /// Rows that were placed since the schedule last looked.
    pub seen: AtomicU64,
}

impl Desk {
    /// Of a store that is open; trainings have threads of their own, at a lower priority than requests.
    ///
    /// # Errors
    /// The system gives no threads.
    pub fn new(mut store: Store, config: Config) -> Result<Self> {
        let half = || thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2));
        let pool = pool::workers(Some(config.training.threads.unwrap_or_else(half)))?;
        store.keep(config.training.keep);
        let queue = Queue::new(pool, config.training.queue.max(1))?;
        Ok(Self { store: Mutex::new(store), queue, config, seen: AtomicU64::new(0) })
    }

    /// The store, for one change or look.
    pub fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// The desk, where a store is served.
    pub fn desk(&self) -> Result<&Desk, Problem> {
        self.desk.as_ref().ok_or_else(|| {
            Problem::new(StatusCode::CONFLICT, "this server serves a model file; `segmenta serve STORE` keeps versions")
        })
    }

    /// That so many rows were placed.
    pub fn saw(&self, rows: usize) {
        if let Some(desk) = &self.desk {
            desk.seen.fetch_add(rows as u64, Ordering::Relaxed);
        }
    }

    /// Whether the rows that come in have moved away from those that the model was made with.
    pub fn has_drifted(&self) -> bool {
        matches!(drifted(&self.drift.window(&self.model().model)), Verdict::Drifted(_))
    }

    /// Lets another model serve. Requests that have begun keep the one that they began with.
    pub fn turn_to(&self, version: u64, model: Model) {
        let serving = Arc::new(Serving { model: Arc::new(model), version: Some(version) });
        *self.model.write().unwrap_or_else(PoisonError::into_inner) = serving;
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let status = match error {
            StoreError::NoVersion { .. } => StatusCode::NOT_FOUND,
            StoreError::NothingBefore | StoreError::Damaged { .. } => StatusCode::CONFLICT,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        // Where the store lies is nobody's business.
        Self::new(status, error.to_string())
    }
}

/// Does what waits for a disk or computes for long away from the requests' threads.
pub async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let failed = |_| Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the work could not be done"));
    tokio::task::spawn_blocking(work).await.unwrap_or_else(failed)
}
