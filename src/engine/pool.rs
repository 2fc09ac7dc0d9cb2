//! The threads that long work runs on: one pool for all, below the loop's priority.

use std::sync::Arc;

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::error::{Error, Result};

/// How much nicer workers are than the loop that draws.
const NICENESS: i32 = 10;

/// A pool of `threads` workers (`None`: one a core), each at a lower priority than the caller.
///
/// # Errors
/// Where the system gives no threads.
pub fn workers(threads: Option<usize>) -> Result<Arc<ThreadPool>> {
    ThreadPoolBuilder::new()
        .num_threads(threads.unwrap_or(0))
        .thread_name(|index| format!("worker-{index}"))
        .start_handler(|_| be_nice())
        .build()
        .map(Arc::new)
        .map_err(|error| Error::failed("no worker threads could be started").caused_by(error))
}

/// Lowers the priority of the calling thread; where the system refuses, it stays as it is.
pub fn be_nice() {
    // On Linux the niceness belongs to the thread, not to the process.
    let _refused = rustix::process::nice(NICENESS);
}
