//! A stream from its beginning, or from where it stopped, to its end.

use std::io::{ErrorKind, Read, Write};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, never, select};

use super::dead::{self, Letter};
use super::event::Names;
use super::flow::Flow;
use super::place::Change;
use super::state::{Counts, State};
use super::store::Store;
use super::webhook::{self, Outcome, QUEUE, Sending, Webhook};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::table::Broken;
use crate::task::{Piece, Task, pieces, unreadable};

/// Bytes that are read at once.
const PIECE: usize = 1 << 18;
/// How often a cancel is looked for while nothing comes.
const PATIENCE: Duration = Duration::from_millis(50);

/// What a stream is run with.
#[derive(Debug)]
pub struct Stream<'a> {
    /// Places the customers.
    pub model: &'a Model,
    /// How the fields are called.
    pub names: Names,
    /// Whether the lines are numbered: then those that were taken are known by their numbers, else by their place.
    pub numbered: bool,
    /// Where changes are sent.
    pub webhook: Option<Webhook>,
}

/// What a stream came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Came {
    /// Customers who are known.
    pub customers: usize,
    /// What became of the lines.
    pub counts: Counts,
    /// Changes that were told.
    pub changes: u64,
    /// Changes that were given up in this run.
    pub dead: usize,
    /// Changes that wait to be sent, where no address is named.
    pub unsent: usize,
}

/// Takes lines until they end; changes go to `out`, each on a line, and `tell` hears of lines that are no events.
///
/// # Errors
/// The input cannot be read or is another one than before, the state or the output cannot be written, or the task was
/// cancelled: what was taken until then is kept.
pub fn run(
    stream: Stream<'_>,
    store: Store,
    input: impl Read + Send + 'static,
    out: &mut dyn Write,
    tell: &mut dyn FnMut(&Broken),
    task: &Task,
) -> Result<Came> {
    let Stream { model, names, numbered, webhook } = stream;
    let mut store = store;
    let found = std::mem::take(&mut store.found);
    let mut input = input;
    let hasher = if numbered { None } else { Some(Box::new(skipped(&mut input, &found, task)?)) };
    let flow = Flow::new(model, names, found, hasher)?;
    let sending = webhook.map(|webhook| webhook::begin(webhook, task)).transpose()?;
    let mut run = Run { flow, store, sending, sent: 0, dead: 0, out, tell };
    run.take_up()?;
    task.begin("order lines", 0);
    run.all(&pieces(input, PIECE), task)?;
    run.end()
}

/// Passes over the bytes that were taken before.
fn skipped(input: &mut impl Read, found: &State, task: &Task) -> Result<blake3::Hasher> {
    let (mut hasher, mut buffer, mut left) = (blake3::Hasher::new(), vec![0; PIECE], found.position.bytes);
    let other = || {
        Error::failed("this input does not begin with the lines that were taken before")
            .hint("give the same stream from its beginning, or number its lines and name the number by --seq")
    };
    while left > 0 {
        task.check()?;
        let most = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        match input.read(&mut buffer[..most]) {
            Ok(0) => return Err(other()),
            Ok(read) => {
                hasher.update(&buffer[..read]);
                left -= read as u64;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(error)),
        }
    }
    let same = found.position.digest.is_empty() || hasher.finalize().to_hex().as_str() == found.position.digest;
    if same { Ok(hasher) } else { Err(other()) }
}

struct Run<'a, 'o> {
    flow: Flow<'a>,
    store: Store,
    sending: Option<Sending>,
    /// Changes that are being sent.
    sent: usize,
    dead: usize,
    out: &'o mut dyn Write,
    tell: &'o mut dyn FnMut(&Broken),
}

impl Run<'_, '_> {
    /// Tells what was not told before the program ended the last time.
    fn take_up(&mut self) -> Result<()> {
        let letters: Vec<u64> = dead::read(&self.store.dead())?.iter().map(|letter| letter.change.change).collect();
        let given_up: Vec<u64> =
            self.store.outbox().map(|change| change.change).filter(|number| letters.contains(number)).collect();
        given_up.into_iter().try_for_each(|number| self.store.was_sent(number, false))?;
        let unprinted: Vec<Change> = self.store.unprinted().cloned().collect();
        self.print(&unprinted)?;
        let outbox: Vec<Change> = self.store.outbox().cloned().collect();
        self.send(&outbox);
        Ok(())
    }

    fn all(&mut self, pieces: &Receiver<Piece>, task: &Task) -> Result<()> {
        let nothing = never();
        let mut over = false;
        while !over || (self.sending.is_some() && self.sent > 0) {
            task.check()?;
            let outcomes = self.sending.as_ref().map_or_else(never, |sending| sending.outcomes.clone());
            let lines = if over || self.sent >= QUEUE { &nothing } else { pieces };
            select! {
                recv(lines) -> piece => match piece {
                    Ok(piece) => self.take(&piece.map_err(unreadable)?, task)?,
                    Err(_) => {
                        self.flow.finish(task)?;
                        self.commit()?;
                        over = true;
                    }
                },
                recv(outcomes) -> outcome => {
                    let ended = || Error::failed("what sends the changes ended");
                    self.was_sent(outcome.map_err(|_| ended())?)?;
                }
                default(PATIENCE) => {}
            }
        }
        Ok(())
    }

    fn take(&mut self, piece: &[u8], task: &Task) -> Result<()> {
        self.flow.feed(piece, task)?;
        self.flow.broken.drain(..).for_each(|broken| (self.tell)(&broken));
        if self.flow.is_between_lines() { self.commit() } else { Ok(()) }
    }

    /// Writes what was taken, then tells it.
    fn commit(&mut self) -> Result<()> {
        self.flow.broken.drain(..).for_each(|broken| (self.tell)(&broken));
        self.flow.mark();
        let changes = std::mem::take(&mut self.flow.changes);
        self.store.taken(&mut self.flow.state, changes.clone(), self.sending.is_some())?;
        self.print(&changes)?;
        self.send(&changes);
        if self.store.is_long() { self.store.renew(&self.flow.state) } else { Ok(()) }
    }

    fn print(&mut self, changes: &[Change]) -> Result<()> {
        let Some(last) = changes.last() else { return Ok(()) };
        let mut lines = Vec::new();
        for change in changes {
            serde_json::to_writer(&mut lines, change).map_err(|error| Error::failed(error.to_string()))?;
            lines.push(b'\n');
        }
        let written = self.out.write_all(&lines).and_then(|()| self.out.flush());
        let failed = |error| Error::failed(format!("the output cannot be written: {error}")).caused_by(error);
        written.map_err(failed)?;
        self.store.was_printed(last.change)
    }

    fn send(&mut self, changes: &[Change]) {
        let Some(sending) = &self.sending else { return };
        for change in changes {
            // Where it has ended, the outcomes say so.
            let _ended = sending.changes.send(change.clone());
            self.sent += 1;
        }
    }

    fn was_sent(&mut self, outcome: Outcome) -> Result<()> {
        let Outcome { change, tries, given_up } = outcome;
        let (number, accepted) = (change.change, given_up.is_none());
        if let Some(why) = given_up {
            dead::add(&self.store.dead(), &Letter { tries, answered: why, change })?;
            self.dead += 1;
        }
        self.sent -= 1;
        self.store.was_sent(number, accepted)
    }

    fn end(mut self) -> Result<Came> {
        self.store.renew(&self.flow.state)?;
        let position = &self.flow.state.position;
        Ok(Came {
            customers: self.flow.state.customers.len(),
            counts: position.counts,
            changes: position.changes,
            dead: self.dead,
            unsent: self.store.outbox().count(),
        })
    }
}

/// Sends the dead letters of a folder again; those that are accepted are taken out. Returns how many were, and how many
/// are left.
///
/// # Errors
/// The folder cannot be read or written, or the task was cancelled.
pub fn resend(store: &Store, webhook: Webhook, task: &Task) -> Result<(usize, usize)> {
    let mut letters = dead::read(&store.dead())?;
    let sending = webhook::begin(webhook, task)?;
    let (all, mut accepted) = (letters.len(), 0);
    task.begin("dead letters", all as u64);
    letters.iter().for_each(|letter| drop(sending.changes.send(letter.change.clone())));
    for _ in 0..all {
        let outcome = loop {
            task.check()?;
            match sending.outcomes.recv_timeout(PATIENCE) {
                Ok(outcome) => break outcome,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(Error::failed("what sends the changes ended")),
            }
        };
        task.advance(1);
        match outcome.given_up {
            None => {
                letters.retain(|letter| letter.change.change != outcome.change.change);
                accepted += 1;
            }
            Some(why) => {
                let of = letters.iter_mut().find(|letter| letter.change.change == outcome.change.change);
                of.into_iter().for_each(|letter| {
                    letter.tries += outcome.tries;
                    letter.answered.clone_from(&why);
                });
            }
        }
        dead::rewrite(&store.dead(), &letters)?;
    }
    Ok((accepted, letters.len()))
}
