//! Runs polars' plans batch by batch, so that they can be cancelled.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use polars::prelude::{DataFrame, LazyFrame, PlanCallback};

use super::error::Fault;
use crate::task::Task;

/// How often a waiting task is asked whether it is cancelled.
const POLL: Duration = Duration::from_millis(5);

/// Hands over the frame in batches of rows, in order, until told to stop.
pub(super) fn batches(
    frame: LazyFrame,
    task: &Task,
    each: &mut dyn FnMut(DataFrame) -> Result<ControlFlow<()>, Fault>,
) -> Result<(), Fault> {
    let (send, receive) = sync_channel(2);
    let sink = PlanCallback::new(move |batch| Ok(send.send(batch).is_err()));
    let query = frame.sink_batches(sink, true, None)?.collect_concurrently()?;
    let drained = drain(&receive, task, each);
    if let Ok(ControlFlow::Continue(())) = drained {
        query.fetch_blocking()?;
        return Ok(());
    }
    // With nobody to receive, the plan stops at its next batch, but its reader still counts the lines to the end of the
    // file. That is not waited for. polars aborts the process where a plan ends after its query was dropped: it stays.
    drop(receive);
    query.cancel();
    std::mem::forget(query);
    drained.map(|_| ())
}

fn drain(
    receive: &Receiver<DataFrame>,
    task: &Task,
    each: &mut dyn FnMut(DataFrame) -> Result<ControlFlow<()>, Fault>,
) -> Result<ControlFlow<()>, Fault> {
    loop {
        task.check()?;
        match receive.recv_timeout(POLL) {
            Ok(batch) => {
                if each(batch)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(ControlFlow::Continue(())),
        }
    }
}

/// Collects the frame; `None` where it gave no batch at all.
pub(super) fn collect(frame: LazyFrame, task: &Task) -> Result<Option<DataFrame>, Fault> {
    let mut whole: Option<DataFrame> = None;
    batches(frame, task, &mut |batch| {
        task.advance(batch.height() as u64);
        match &mut whole {
            Some(whole) => whole.vstack_mut_owned(batch).map(|_| ())?,
            None => whole = Some(batch),
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(whole)
}
