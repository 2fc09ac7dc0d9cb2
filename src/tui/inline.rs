//! The backend that does each order at once, on the thread that sends it: for replaying a session, where nobody waits
//! for a screen.

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::backend::{Backend, Event, News, Order};
use super::engine::job_of;
use super::work::{self, Beginning};
use crate::task::Task;

/// Does orders at once.
pub struct Inline {
    beginning: Beginning,
    sender: Sender<Event>,
    receiver: Receiver<Event>,
}

impl Inline {
    /// For what the workbench was opened with.
    pub fn new(beginning: Beginning) -> Self {
        let (sender, receiver) = unbounded();
        Self { beginning, sender, receiver }
    }
}

impl Backend for Inline {
    fn send(&mut self, Order { generation, work }: Order) {
        // A closed channel has nobody who waits for the news.
        let tell = |news| drop(self.sender.send(Event { generation, news }));
        let job = job_of(work::slot(&work));
        let done = work::carry_out(work, &self.beginning, &Task::default(), &tell);
        tell(done.unwrap_or_else(|error| News::Failed(job, Arc::new(error))));
    }

    fn receiver(&self) -> &Receiver<Event> {
        &self.receiver
    }
}
