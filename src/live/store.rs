//! The folder of a stream: a state, and a log of what happened since.
//!
//! `state-N.ndjson` is written whole or not at all; `log-N.ndjson` grows by whole records, the last of which may be torn
//! where the program was killed: it did not happen then, as nothing is told before its record stands. The newest state
//! with its log is what counts.

use std::fs::{self, File, TryLockError};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::place::Change;
use super::record::{self, Pending, Record, Taken};
use super::state::{Customer, Position, State};
use crate::config::private;
use crate::error::{Error, Result};
use crate::report::write_atomic;

/// A log is not put into a new state before it has so many bytes, and as many as the state.
const LEAST_LOG: u64 = 16 << 20;
const FORMAT: &str = "segmenta-live";
const VERSION: u32 = 1;
/// The file of letters that nobody accepted.
pub const DEAD: &str = "dead.ndjson";

/// The first line of a state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Head {
    format: String,
    version: u32,
    position: Position,
    /// How many customers follow, one a line.
    customers: usize,
    pending: Vec<Pending>,
    printed: u64,
}

/// The folder, locked: one program at a time.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    _lock: File,
    log: File,
    generation: u64,
    /// Bytes of the state and of its log.
    sizes: [u64; 2],
    /// The customers and where the stream is, as they were found.
    pub found: State,
    /// Changes that are still to be printed or sent, by number.
    pub pending: Vec<Pending>,
    /// All changes up to this number were printed.
    pub printed: u64,
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |error| Error::failed(format!("cannot be read or written: {error}")).at(path.display().to_string())
}

fn damaged(path: &Path) -> Error {
    Error::failed("this is not as it was written")
        .at(path.display().to_string())
        .hint("begin anew in an empty folder, with the stream from its beginning")
}

impl Store {
    /// Opens the folder, made where it is not there, and finds what it holds.
    ///
    /// # Errors
    /// It cannot be read or written, another program has it, or it is damaged.
    pub fn open(folder: &Path) -> Result<Self> {
        private::folder(folder).map_err(failed(folder))?;
        let at = folder.join("lock");
        let lock = private::append(&at).map_err(failed(&at))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let what = "another segmenta works with this stream";
                return Err(Error::failed(what).at(folder.display().to_string()).hint("end it first"));
            }
            Err(TryLockError::Error(error)) => return Err(failed(&at)(error)),
        }
        let generation = newest(folder)?;
        let path = log_of(folder, generation);
        let log = private::append(&path).map_err(failed(&path))?;
        let (folder, found) = (folder.to_owned(), State::default());
        let (pending, printed, sizes) = (Vec::new(), 0, [0; 2]);
        let mut store = Self { folder, _lock: lock, log, generation, sizes, found, pending, printed };
        store.read_state()?;
        store.read_log()?;
        store.found.touched.clear();
        store.clean()?;
        Ok(store)
    }

    fn read_state(&mut self) -> Result<()> {
        if self.generation == 0 {
            return Ok(());
        }
        let path = state_of(&self.folder, self.generation);
        let bytes = fs::read(&path).map_err(failed(&path))?;
        let mut lines = bytes.split(|&byte| byte == b'\n');
        let head: Head = lines.next().and_then(record::read).ok_or_else(|| damaged(&path))?;
        if head.format != FORMAT || head.version > VERSION {
            return Err(Error::failed("a later segmenta wrote this stream's state").at(path.display().to_string()));
        }
        for line in lines.by_ref().take(head.customers) {
            self.found.put(record::read::<Customer>(line).ok_or_else(|| damaged(&path))?);
        }
        if self.found.customers.len() != head.customers {
            return Err(damaged(&path));
        }
        self.found.position = head.position;
        (self.pending, self.printed, self.sizes[0]) = (head.pending, head.printed, bytes.len() as u64);
        Ok(())
    }

    /// Does what the log says; its end is cut off where it is torn.
    fn read_log(&mut self) -> Result<()> {
        let path = log_of(&self.folder, self.generation);
        let bytes = fs::read(&path).map_err(failed(&path))?;
        let mut whole = 0;
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            let record = line.strip_suffix(b"\n").and_then(record::read::<Record>);
            let Some(record) = record else {
                if whole + line.len() < bytes.len() {
                    return Err(damaged(&path));
                }
                break;
            };
            self.redo(record);
            whole += line.len();
        }
        self.sizes[1] = whole as u64;
        self.log.set_len(whole as u64).map_err(failed(&path))?;
        self.log.seek(SeekFrom::End(0)).map(drop).map_err(failed(&path))
    }

    fn redo(&mut self, record: Record) {
        match record {
            Record::Taken(taken) => {
                let Taken { position, customers, changes } = *taken;
                self.found.position = position;
                for customer in customers {
                    self.found.put(customer);
                }
                self.pending.extend(changes);
            }
            Record::Printed(number) => self.printed = self.printed.max(number),
            Record::Accepted(number) | Record::Dead(number) => self.sent(number),
        }
        self.settle();
    }

    /// A change need not be sent any more.
    fn sent(&mut self, number: u64) {
        let of = self.pending.iter_mut().find(|pending| pending.change.change == number);
        of.into_iter().for_each(|pending| pending.send = false);
    }

    /// Lets go of changes that are told everywhere.
    fn settle(&mut self) {
        let printed = self.printed;
        self.pending.retain(|pending| pending.send || pending.change.change > printed);
    }

    /// Removes files of other generations, and drafts.
    fn clean(&self) -> Result<()> {
        let kept = [state_of(&self.folder, self.generation), log_of(&self.folder, self.generation)];
        for path in files(&self.folder)? {
            if generation_of(&path).is_some() && !kept.contains(&path) {
                fs::remove_file(&path).map_err(failed(&path))?;
            }
        }
        Ok(())
    }

    /// Writes what happened; it stands when this returns.
    fn append(&mut self, record: &Record, sync: bool) -> Result<()> {
        let path = log_of(&self.folder, self.generation);
        let mut line = Vec::new();
        record::write(record, &mut line).map_err(|error| Error::failed(error.to_string()))?;
        self.log.write_all(&line).map_err(failed(&path))?;
        if sync {
            self.log.sync_data().map_err(failed(&path))?;
        }
        self.sizes[1] += line.len() as u64;
        Ok(())
    }

    /// Writes that lines were taken, before anything of them is told.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn taken(&mut self, state: &mut State, changes: Vec<Change>, send: bool) -> Result<()> {
        let touched = std::mem::take(&mut state.touched);
        let customers = touched.into_iter().map(|place| state.customers[place].clone()).collect();
        let changes: Vec<Pending> = changes.into_iter().map(|change| Pending { change, send }).collect();
        let position = state.position.clone();
        self.pending.extend(changes.iter().cloned());
        self.append(&Record::Taken(Box::new(Taken { position, customers, changes })), true)
    }

    /// Writes that all changes up to this one were printed.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn was_printed(&mut self, number: u64) -> Result<()> {
        self.append(&Record::Printed(number), false)?;
        self.printed = self.printed.max(number);
        self.settle();
        Ok(())
    }

    /// Writes that a change was accepted by who is called, or is among the dead letters.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn was_sent(&mut self, number: u64, accepted: bool) -> Result<()> {
        let record = if accepted { Record::Accepted(number) } else { Record::Dead(number) };
        // Where this is lost, the change is sent again, by the same key.
        self.append(&record, false)?;
        self.sent(number);
        self.settle();
        Ok(())
    }

    /// Changes that are to be sent.
    pub fn outbox(&self) -> impl Iterator<Item = &Change> {
        self.pending.iter().filter(|pending| pending.send).map(|pending| &pending.change)
    }

    /// Changes that are to be printed.
    pub fn unprinted(&self) -> impl Iterator<Item = &Change> {
        self.pending.iter().map(|pending| &pending.change).filter(|change| change.change > self.printed)
    }

    /// Whether the log is long enough to be put into a new state.
    pub fn is_long(&self) -> bool {
        self.sizes[1] > LEAST_LOG.max(self.sizes[0])
    }

    /// Writes the state anew and begins an empty log.
    ///
    /// # Errors
    /// It cannot be written; the former state and log count then.
    pub fn renew(&mut self, state: &State) -> Result<()> {
        let head = Head {
            format: FORMAT.to_owned(),
            version: VERSION,
            position: state.position.clone(),
            customers: state.customers.len(),
            pending: self.pending.clone(),
            printed: self.printed,
        };
        let mut bytes = Vec::new();
        let written = record::write(&head, &mut bytes)
            .and_then(|()| state.customers.iter().try_for_each(|customer| record::write(customer, &mut bytes)));
        written.map_err(|error| Error::failed(error.to_string()))?;
        let next = self.generation + 1;
        // A log of this number can only be there where an earlier state of it was never finished.
        let path = log_of(&self.folder, next);
        let log = private::create(&path).map_err(failed(&path))?;
        write_atomic(&state_of(&self.folder, next), |out| out.write_all(&bytes))?;
        private::close(&state_of(&self.folder, next), 0o600).map_err(failed(&path))?;
        (self.log, self.generation, self.sizes) = (log, next, [bytes.len() as u64, 0]);
        self.clean()
    }

    /// The file of the dead letters.
    pub fn dead(&self) -> PathBuf {
        self.folder.join(DEAD)
    }
}

fn state_of(folder: &Path, generation: u64) -> PathBuf {
    folder.join(format!("state-{generation:08}.ndjson"))
}

fn log_of(folder: &Path, generation: u64) -> PathBuf {
    folder.join(format!("log-{generation:08}.ndjson"))
}

fn generation_of(path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?.strip_suffix(".ndjson")?;
    name.strip_prefix("state-").or_else(|| name.strip_prefix("log-"))?.parse().ok()
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(failed(folder))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    paths.collect::<std::io::Result<_>>().map_err(failed(folder))
}

/// The newest state, 0 where there is none yet.
fn newest(folder: &Path) -> Result<u64> {
    let states = files(folder)?
        .into_iter()
        .filter(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("state-")));
    Ok(states.filter_map(|path| generation_of(&path)).max().unwrap_or(0))
}
