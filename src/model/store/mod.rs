//! A folder of versions of a model, one of which serves.
//!
//! ```text
//! serving.json         which version serves and which served before it: replaced whole
//! history.ndjson       what happened, one line an event: only ever grows
//! versions/0003-9f3c81d07a42.json   a model file, named by its number and the first digits of its hash
//! reports/             the page of each version
//! uploads/             rows that are being trained on, as long as that takes
//! feedback.json        how many were contacted and responded, by segment
//! lock                 held by whoever writes
//! ```
//! A version is there before a line says so, and `serving.json` holds the line of the change that it is about: whenever
//! the program is ended, the next opening writes the lines that are missing.

mod disk;
mod error;
mod feedback;
mod history;
mod pointer;
mod versions;

pub use error::StoreError;
pub use feedback::{Groups, Recorded, Tally};
pub use history::{Entry, Event, History, What};
pub use versions::{About, Version};

use std::path::{Path, PathBuf};

use super::Model;
use disk::Lock;
use pointer::Pointer;
use tempfile::NamedTempFile;

/// Versions that are kept where nothing else is said.
pub const KEEP: usize = 10;
/// Fewer leave nothing to go back to.
pub const LEAST: usize = 2;

/// What a store holds, as it was when it was read.
#[derive(Debug, Clone)]
pub struct Shelf {
    folder: PathBuf,
    pointer: Pointer,
    versions: Vec<Version>,
    history: History,
}

/// A store that is open to be changed; nobody else changes it meanwhile.
#[derive(Debug)]
pub struct Store {
    shelf: Shelf,
    keep: usize,
    _lock: Lock,
}

/// Whether a folder is a store.
pub fn is_store(folder: &Path) -> bool {
    Pointer::place(folder).is_file()
}

fn uploads(folder: &Path) -> PathBuf {
    folder.join("uploads")
}

impl Shelf {
    /// Reads what a store holds; whoever changes it is not kept from that.
    ///
    /// # Errors
    /// [`StoreError`] where it is no store, or cannot be read.
    pub fn read(folder: &Path) -> Result<Self, StoreError> {
        let pointer = Pointer::read(folder)?;
        let history = History::read(folder)?;
        let versions = versions::list(folder, &history)?;
        Ok(Self { folder: folder.to_owned(), pointer, versions, history })
    }

    /// Where it lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its versions, the oldest first.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// What happened, and which lines are not whole.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The number of the version that serves.
    pub fn serving(&self) -> Option<u64> {
        self.pointer.chain.last().copied()
    }

    /// The number of the version that served before it, of those that are still there.
    pub fn before(&self) -> Option<u64> {
        let is_there = |number: &&u64| self.versions.iter().any(|version| version.number == **number);
        self.pointer.chain.iter().rev().skip(1).find(is_there).copied()
    }

    /// The version of this number.
    ///
    /// # Errors
    /// [`StoreError::NoVersion`].
    pub fn version(&self, number: u64) -> Result<&Version, StoreError> {
        let found = self.versions.iter().find(|version| version.number == number);
        found.ok_or_else(|| StoreError::NoVersion {
            number,
            there: self.versions.iter().map(|version| version.number.to_string()).collect::<Vec<_>>().join(", "),
        })
    }

    /// The model of a version.
    ///
    /// # Errors
    /// There is no such version, or its file is damaged.
    pub fn model(&self, number: u64) -> Result<Model, StoreError> {
        let version = self.version(number)?;
        let damaged = |why: String| StoreError::Damaged { number, why };
        let bytes = disk::read(&version.path(&self.folder))?;
        if versions::hash(&bytes) != version.hash {
            return Err(damaged("it was changed or cut off since it was saved".to_owned()));
        }
        Model::from_bytes(&bytes).map_err(|error| damaged(error.to_string()))
    }

    /// The version that serves, with its number.
    ///
    /// # Errors
    /// None does, or its file is damaged.
    pub fn served(&self) -> Result<(u64, Model), StoreError> {
        let number = self.serving().ok_or_else(|| StoreError::Empty(self.folder.clone()))?;
        Ok((number, self.model(number)?))
    }

    /// What was recorded of contacts and responses.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn feedback(&self) -> Result<Recorded, StoreError> {
        Recorded::read(&self.folder)
    }

    /// Where the page of a version stands.
    pub fn report(&self, number: u64) -> PathBuf {
        self.folder.join("reports").join(format!("{number:04}.html"))
    }
}

impl Store {
    /// Opens a store to change it, and writes the lines that its history lacks.
    ///
    /// # Errors
    /// [`StoreError`] where it is none, somebody else has it open, or it cannot be read or written.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        if !is_store(folder) {
            return Err(StoreError::NotOne(folder.to_owned()));
        }
        Self::locked(folder, Lock::take(folder)?)
    }

    /// Opens a store, made where there is none.
    ///
    /// # Errors
    /// As [`Store::open`]; the folder holds something else.
    pub fn create(folder: &Path) -> Result<Self, StoreError> {
        if !is_store(folder) && disk::holds_others(folder) {
            return Err(StoreError::Others(folder.to_owned()));
        }
        disk::folder(folder)?;
        let lock = Lock::take(folder)?;
        disk::folder(&versions::folder(folder))?;
        disk::folder(&folder.join("reports"))?;
        disk::folder(&uploads(folder))?;
        if !is_store(folder) {
            Pointer::default().write(folder)?;
        }
        Self::locked(folder, lock)
    }

    fn locked(folder: &Path, lock: Lock) -> Result<Self, StoreError> {
        disk::tidy(folder)?;
        disk::tidy(&versions::folder(folder))?;
        disk::tidy(&uploads(folder))?;
        let mut store = Self { shelf: Shelf::read(folder)?, keep: KEEP, _lock: lock };
        store.catch_up()?;
        Ok(store)
    }

    /// Keeps so many versions, [`LEAST`] at least.
    pub fn keep(&mut self, versions: usize) {
        self.keep = versions.max(LEAST);
    }

    /// What it holds.
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// Puts a model in as a new version, which does not serve yet; one that is there already is no new one. Versions
    /// beyond those that are kept go, never the one that serves, nor the one before it, nor the new one.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn add(&mut self, model: &Model, by: &str) -> Result<Version, StoreError> {
        let bytes = model.to_bytes().map_err(|error| StoreError::Unwritable(error.to_string()))?;
        let hash = versions::hash(&bytes);
        if let Some(known) = self.shelf.versions.iter().find(|version| version.hash == hash) {
            return Ok(known.clone());
        }
        let version = Version { number: self.shelf.history.next_version(), hash, saved: None, about: None };
        let version = Version { about: Some(About::of(model)), ..version };
        disk::write(&version.path(&self.shelf.folder), &bytes)?;
        self.shelf.versions.push(version.clone());
        self.record(Entry::saved(&version, by))?;
        self.prune(version.number)?;
        Ok(version)
    }

    /// Lets a version serve.
    ///
    /// # Errors
    /// There is no such version, it is damaged, or the change cannot be written.
    pub fn promote(&mut self, number: u64, by: &str, why: &str) -> Result<Model, StoreError> {
        let model = self.shelf.model(number)?;
        if self.shelf.serving() != Some(number) {
            let mut chain = self.shelf.pointer.chain.clone();
            chain.push(number);
            self.turn_to(chain, Entry::new(What::Promoted, by).version(number).words(why))?;
        }
        Ok(model)
    }

    /// Lets the version serve again that served before.
    ///
    /// # Errors
    /// There is none, it is damaged, or the change cannot be written.
    pub fn roll_back(&mut self, by: &str, why: &str) -> Result<(u64, Model), StoreError> {
        let number = self.shelf.before().ok_or(StoreError::NothingBefore)?;
        let model = self.shelf.model(number)?;
        let chain = &self.shelf.pointer.chain;
        let earlier = &chain[..chain.len() - 1];
        let place = earlier.iter().rposition(|&other| other == number).unwrap_or(0);
        let chain = earlier[..=place].to_vec();
        self.turn_to(chain, Entry::new(What::RolledBack, by).version(number).words(why))?;
        Ok((number, model))
    }

    /// Writes a line into the history.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn record(&mut self, entry: Entry) -> Result<(), StoreError> {
        let event = self.shelf.history.event(entry);
        self.owed()?;
        self.shelf.history.append(&self.shelf.folder, event)
    }

    /// Adds to what is recorded of contacts and responses.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn add_feedback(&mut self, more: &Recorded, by: &str) -> Result<Recorded, StoreError> {
        let mut all = self.shelf.feedback()?;
        all.add(more);
        all.write(&self.shelf.folder)?;
        self.record(Entry::new(What::Feedback, by).details(more))?;
        Ok(all)
    }

    /// What is kept beside the models under this name.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn note(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        disk::read_if_there(&self.shelf.folder.join(name))
    }

    /// Keeps something beside the models, whole or not at all.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn keep_note(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        disk::write(&self.shelf.folder.join(name), bytes)
    }

    /// A private file for rows that are sent; it goes when it is dropped, or at the next opening.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn upload(&self) -> Result<NamedTempFile, StoreError> {
        disk::draft(&uploads(&self.shelf.folder))
    }

    /// The pointer is the truth: once it is written the change has happened, whatever becomes of the line.
    fn turn_to(&mut self, chain: Vec<u64>, entry: Entry) -> Result<(), StoreError> {
        let from = self.shelf.serving();
        let event = self.shelf.history.event(entry.from(from));
        let pointer = Pointer::of(chain, event);
        pointer.write(&self.shelf.folder)?;
        self.shelf.pointer = pointer;
        self.owed()
    }

    /// Writes the pointer's line where the history lacks it.
    fn owed(&mut self) -> Result<(), StoreError> {
        match self.shelf.pointer.event.clone() {
            Some(event) if event.seq > self.shelf.history.last() => {
                self.shelf.history.append(&self.shelf.folder, event)
            }
            _ => Ok(()),
        }
    }

    /// Writes the lines that were owed when the program was ended.
    fn catch_up(&mut self) -> Result<(), StoreError> {
        self.owed()?;
        let (told, gone) = self.shelf.history.told();
        for version in self.shelf.versions.clone() {
            if !told.contains(&version.number) {
                let about = self.shelf.model(version.number).ok().map(|model| About::of(&model));
                let version = Version { about, ..version };
                self.record(Entry::saved(&version, "opening").words("its line was missing"))?;
            }
        }
        let there: Vec<u64> = self.shelf.versions.iter().map(|version| version.number).collect();
        for number in told.into_iter().filter(|number| !gone.contains(number) && !there.contains(number)) {
            self.record(Entry::new(What::Removed, "opening").version(number).words("its file is not there"))?;
        }
        self.shelf.versions = versions::list(&self.shelf.folder, &self.shelf.history)?;
        Ok(())
    }

    fn prune(&mut self, new: u64) -> Result<(), StoreError> {
        let spared = [self.shelf.serving(), self.shelf.before(), Some(new)];
        let too_many = self.shelf.versions.len().saturating_sub(self.keep);
        let spare = |version: &&Version| !spared.contains(&Some(version.number));
        let out: Vec<Version> = self.shelf.versions.iter().filter(spare).take(too_many).cloned().collect();
        for version in out {
            disk::remove(&version.path(&self.shelf.folder))?;
            disk::remove(&self.shelf.report(version.number))?;
            self.shelf.versions.retain(|other| other.number != version.number);
            let words = format!("{} versions are kept", self.keep);
            self.record(Entry::new(What::Removed, "store").version(version.number).words(&words))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
