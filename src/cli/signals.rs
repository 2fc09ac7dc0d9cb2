//! SIGINT and SIGTERM cancel the work, so that partial files go away; a second one ends at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::error::Exit;
use crate::task::Task;

/// The signals that came.
#[derive(Debug, Clone, Default)]
pub struct Signals {
    last: Arc<AtomicUsize>,
}

impl Signals {
    /// From now on a signal cancels `task`. Where the system refuses, signals end the program as usual.
    pub fn cancel(task: &Task) -> Self {
        let signals = Self::default();
        for (signal, exit) in [(SIGINT, Exit::Interrupted), (SIGTERM, Exit::Terminated)] {
            // The order matters: the second signal finds the flag that the first one set.
            let _refused = flag::register_conditional_shutdown(signal, exit as i32, task.cancel_flag());
            let _refused = flag::register_usize(signal, Arc::clone(&signals.last), exit as usize);
            let _refused = flag::register(signal, task.cancel_flag());
        }
        signals
    }

    /// The exit status that the last signal asks for.
    pub fn exit(&self) -> Option<Exit> {
        match self.last.load(Ordering::Relaxed) {
            status if status == Exit::Terminated as usize => Some(Exit::Terminated),
            status if status == Exit::Interrupted as usize => Some(Exit::Interrupted),
            _ => None,
        }
    }
}
