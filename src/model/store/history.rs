//! What happened to a store: one line an event, only ever added to.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{About, StoreError, Version, disk};

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A version was put in.
    Saved,
    /// A version serves.
    Promoted,
    /// The version before serves again.
    RolledBack,
    /// A version was taken out.
    Removed,
    /// A training ended with a model; the gates say whether it may serve.
    Trained,
    /// A training ended without one.
    Failed,
    /// A training was cancelled.
    Cancelled,
    /// Contacts and responses were recorded.
    Feedback,
}

impl What {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Promoted => "promoted",
            Self::RolledBack => "rolled back",
            Self::Removed => "removed",
            Self::Trained => "trained",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Feedback => "feedback",
        }
    }
}

/// One event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// 1, 2, … in the order in which they happened.
    pub seq: u64,
    /// When (UTC).
    pub at: String,
    /// What.
    pub event: What,
    /// The version that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// The version that served before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<u64>,
    /// Who did it: the name of a token, `schedule`, `command line` …
    pub by: String,
    /// Why, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// What else is to be known of it; never a customer's data.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub details: Value,
}

/// An event that is to be written.
#[derive(Debug, Clone)]
pub struct Entry {
    what: What,
    by: String,
    version: Option<u64>,
    words: String,
    details: Value,
    from: Option<u64>,
}

impl Entry {
    /// Of this event, done by somebody.
    pub fn new(what: What, by: &str) -> Self {
        Self { what, by: by.to_owned(), version: None, from: None, words: String::new(), details: Value::Null }
    }

    /// That a version was put in.
    pub(super) fn saved(version: &Version, by: &str) -> Self {
        Self::new(What::Saved, by).version(version.number).details(&version.about)
    }

    /// About this version.
    #[must_use]
    pub fn version(self, number: u64) -> Self {
        Self { version: Some(number), ..self }
    }

    /// With the version that served before.
    pub(super) fn from(self, number: Option<u64>) -> Self {
        Self { from: number, ..self }
    }

    /// With these words.
    #[must_use]
    pub fn words(self, words: &str) -> Self {
        Self { words: words.to_owned(), ..self }
    }

    /// With what else is to be known.
    #[must_use]
    pub fn details(self, details: &impl Serialize) -> Self {
        Self { details: serde_json::to_value(details).unwrap_or_default(), ..self }
    }
}

/// What happened, in order.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The events.
    pub events: Vec<Event>,
    /// Lines, from 1 on, that are not whole: the program was ended while it wrote them.
    pub torn: Vec<usize>,
}

impl History {
    fn place(folder: &Path) -> PathBuf {
        folder.join("history.ndjson")
    }

    pub(super) fn read(folder: &Path) -> Result<Self, StoreError> {
        let bytes = disk::read_if_there(&Self::place(folder))?.unwrap_or_default();
        let mut history = Self::default();
        for (place, line) in bytes.split(|&byte| byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty()) {
            match serde_json::from_slice(line) {
                Ok(event) => history.events.push(event),
                Err(_) => history.torn.push(place + 1),
            }
        }
        Ok(history)
    }

    /// The number of the last event; 0 where there is none.
    pub fn last(&self) -> u64 {
        self.events.iter().map(|event| event.seq).max().unwrap_or(0)
    }

    /// A number that no version ever had.
    pub(super) fn next_version(&self) -> u64 {
        self.events.iter().filter_map(|event| event.version).max().unwrap_or(0) + 1
    }

    /// The versions of which it tells that they were put in, and that they were taken out.
    pub(super) fn told(&self) -> (BTreeSet<u64>, BTreeSet<u64>) {
        let of = |what: What| {
            self.events.iter().filter(move |event| event.event == what).filter_map(|event| event.version).collect()
        };
        (of(What::Saved), of(What::Removed))
    }

    /// A version with what is told of it.
    pub(super) fn known(&self, version: Version) -> Version {
        let is_its = |event: &&Event| event.event == What::Saved && event.version == Some(version.number);
        let Some(event) = self.events.iter().find(is_its) else { return version };
        let about: Option<About> = serde_json::from_value(event.details.clone()).ok();
        Version { saved: Some(event.at.clone()), about, ..version }
    }

    pub(super) fn event(&self, entry: Entry) -> Event {
        Event {
            seq: self.last() + 1,
            at: now(),
            event: entry.what,
            version: entry.version,
            from: entry.from,
            by: entry.by,
            words: entry.words,
            details: entry.details,
        }
    }

    pub(super) fn append(&mut self, folder: &Path, event: Event) -> Result<(), StoreError> {
        let line = serde_json::to_vec(&event).map_err(|error| StoreError::Unwritable(error.to_string()))?;
        disk::append(&Self::place(folder), &line)?;
        self.events.push(event);
        Ok(())
    }
}

fn now() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let at = i64::try_from(seconds).ok().and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0));
    at.map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}
