//! The thread that writes a session as it changes: what is newest, a few times a second at most.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::{Place, Session, runs};
use crate::engine::pool;
use crate::error::Result;
use crate::recipe::{Prepared, Recipe};
use crate::study::Study;

/// The least time between two writes: what a kill can lose.
const PAUSE: Duration = Duration::from_millis(250);

/// A session at one moment.
#[derive(Debug, Clone, Default)]
pub struct Moment {
    /// What is kept.
    pub session: Session,
    /// The study, the matrix that it is about, and the recipe that it was asked by.
    pub study: Option<(Arc<Study>, Arc<Prepared>, Arc<Recipe>)>,
    /// The column of known classes.
    pub truth: Option<String>,
    /// What was done since the last moment, a line each, for the command log.
    pub lines: String,
}

/// Keeps a session. Dropping it writes what was not written yet.
#[derive(Debug)]
pub struct Keeper {
    moments: Option<Sender<Moment>>,
    troubles: Receiver<String>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Begins to keep a session in this place.
    ///
    /// # Errors
    /// No thread could be started.
    pub fn begin(place: Place) -> std::io::Result<Self> {
        let (moments, incoming) = unbounded();
        let (trouble, troubles) = unbounded();
        let thread = thread::Builder::new().name("session".into()).spawn(move || {
            pool::be_nice();
            Writer { place, known: HashMap::new(), key: None }.live(&incoming, &trouble);
        })?;
        Ok(Self { moments: Some(moments), troubles, thread: Some(thread) })
    }

    /// Has this moment written soon.
    pub fn keep(&self, moment: Moment) {
        // A writer that is gone has told why.
        if let Some(moments) = &self.moments {
            let _gone = moments.send(moment);
        }
    }

    /// Why the session could not be written, told once.
    pub fn trouble(&self) -> Option<String> {
        self.troubles.try_iter().last()
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.moments.take());
        let _ended = self.thread.take().map(JoinHandle::join);
    }
}

struct Writer {
    place: Place,
    /// The runs that were written, and whether with their redraws.
    known: HashMap<String, bool>,
    /// The matrix whose key was worked out last.
    key: Option<(Arc<Prepared>, Arc<Recipe>, String)>,
}

impl Writer {
    fn live(&mut self, moments: &Receiver<Moment>, trouble: &Sender<String>) {
        let (mut told, mut waiting) = (None, None);
        while let Some(first) = waiting.take().or_else(|| moments.recv().ok()) {
            let until = Instant::now() + PAUSE;
            if let Err(error) = self.write(moments.try_iter().fold(first, newer)) {
                let words = Some(error.to_string());
                if told != words {
                    let _gone = trouble.send(error.to_string());
                }
                told = words;
            }
            while let Ok(moment) = moments.recv_deadline(until) {
                waiting = Some(match waiting {
                    Some(old) => newer(old, moment),
                    None => moment,
                });
            }
        }
    }

    fn write(&mut self, moment: Moment) -> Result<()> {
        if !moment.lines.is_empty() {
            self.place.log(&moment.lines)?;
        }
        self.place.write(&moment.session)?;
        let Some((study, prepared, recipe)) = moment.study else { return Ok(()) };
        let key = self.key_of(&prepared, &recipe, moment.truth.as_deref());
        runs::write(self.place.folder(), &key, &prepared.matrix, &study.runs, &mut self.known)
    }

    fn key_of(&mut self, prepared: &Arc<Prepared>, recipe: &Arc<Recipe>, truth: Option<&str>) -> String {
        let same = |(of, by, _): &&(Arc<Prepared>, Arc<Recipe>, String)| {
            Arc::ptr_eq(of, prepared) && by.seed == recipe.seed && by.study.memory == recipe.study.memory
        };
        if let Some((.., key)) = self.key.as_ref().filter(same) {
            return key.clone();
        }
        let key = runs::key(&prepared.matrix, recipe, truth);
        self.key = Some((Arc::clone(prepared), Arc::clone(recipe), key.clone()));
        key
    }
}

/// The newer of two moments, with the lines of both.
fn newer(old: Moment, new: Moment) -> Moment {
    Moment { lines: old.lines + &new.lines, ..new }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::engine::sessions::list;

    #[test]
    fn the_newest_moment_and_all_lines_are_written_before_it_ends() {
        let root = tempfile::tempdir().unwrap();
        let keeper = Keeper::begin(Place::take(&root.path().join("1")).unwrap()).unwrap();
        for tab in 0..50 {
            let session = Session { tab, ..Session::default() };
            keeper.keep(Moment { session, lines: format!("{tab}\n"), ..Moment::default() });
        }
        drop(keeper);
        let found = list(root.path()).remove(0);
        assert_eq!(found.session.tab, 49);
        let log = std::fs::read_to_string(found.log()).unwrap();
        assert_eq!(
            log.lines().map(|line| line.parse::<usize>().unwrap()).collect::<Vec<_>>(),
            (0..50).collect::<Vec<_>>()
        );
    }

    #[test]
    fn what_cannot_be_written_is_told() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("1");
        let keeper = Keeper::begin(Place::take(&folder).unwrap()).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        std::fs::write(&folder, "in the way").unwrap();
        keeper.keep(Moment::default());
        let trouble = std::iter::repeat_with(|| keeper.trouble()).take(1_000).find_map(|told| {
            thread::sleep(Duration::from_millis(5));
            told
        });
        assert!(trouble.unwrap().contains("the session cannot be kept"));
    }
}
