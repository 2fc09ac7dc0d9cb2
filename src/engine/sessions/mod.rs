//! Sessions of the workbench: what was opened, decided and found, kept as it changes, so that a dropped line, a kill or a
//! fault loses a second's work at most. A folder each under the state folder, for its owner only; the file `lock` in it
//! is held while the workbench that writes it runs.

mod keeper;
pub mod runs;

pub use keeper::{Keeper, Moment};

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::config::{Paths, private};
use crate::error::{Error, Result};
use crate::table::{self, SourceSpec};

/// So many sessions are kept; older ones go.
const KEPT: usize = 10;
const SESSION: &str = "session.json";
const LOCK: &str = "lock";
const LOG: &str = "log.ndjson";

/// What is kept of a session beside its runs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// The source's name on the screen.
    pub title: String,
    /// The source, and those joined to it; paths are absolute, without secrets.
    pub sources: Vec<SourceSpec>,
    /// The fingerprint of what was read.
    pub fingerprint: Option<String>,
    /// The recipe as its file would have it.
    pub recipe: Option<String>,
    /// How findings were answered: the remedy that was taken, or none.
    pub answers: Vec<(usize, Option<usize>)>,
    /// The run that was chosen.
    pub chosen: Option<String>,
    /// The runs that were pinned.
    pub pinned: Vec<String>,
    /// Whether exports have pseudonyms.
    pub pseudonyms: bool,
    /// The expression of the rows that are looked at.
    pub rows: Option<String>,
    /// The tab.
    pub tab: usize,
    /// How a tab's list stands where that was changed: the tab, and its own word for it.
    pub lists: Vec<(usize, String)>,
    /// The theme that was chosen.
    pub theme: Option<String>,
    /// Whether something stands in no other file.
    pub changed: bool,
    /// Whether the recipe was ever changed, written since or not.
    pub decided: bool,
    /// Whether the study was finished.
    pub studied: bool,
}

impl Session {
    /// Whether somebody decided something in it: more than opening its file does again.
    pub fn has_decisions(&self) -> bool {
        let chose = self.chosen.is_some() || !self.pinned.is_empty() || self.rows.is_some();
        self.decided || self.changed || chose || !self.answers.is_empty()
    }

    /// Whether going on with it saves something: decisions, or runs of a study that did not end.
    pub fn is_worth_going_on(&self) -> bool {
        self.has_decisions() || !self.studied
    }

    /// How it is offered.
    pub fn offer(&self) -> String {
        format!("a session of {} was kept: Ctrl-Y goes on with it", self.title)
    }

    /// The source, where there is one.
    pub fn source(&self) -> Option<SourceSpec> {
        SourceSpec::joining(&self.sources)
    }

    /// The sources of a session as it keeps them; `None` where they cannot be read again (the standard input).
    pub fn sources_of(source: &SourceSpec) -> Option<Vec<SourceSpec>> {
        if source.path.as_os_str() == "-" {
            return None;
        }
        let mut listed = source.listed();
        for source in
            listed.iter_mut().filter(|source| !table::is_sample(&source.path) && !table::is_remote(&source.path))
        {
            source.path = std::path::absolute(&source.path).unwrap_or_else(|_| source.path.clone());
        }
        Some(listed)
    }
}

/// A session that was kept.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its folder.
    pub folder: PathBuf,
    /// What is kept.
    pub session: Session,
    /// When it was written last.
    pub written: SystemTime,
}

impl Found {
    /// Whether another workbench writes it now.
    pub fn is_open(&self) -> bool {
        File::open(self.folder.join(LOCK)).is_ok_and(|file| file.try_lock().is_err())
    }

    /// Its command log.
    pub fn log(&self) -> PathBuf {
        self.folder.join(LOG)
    }
}

/// The folder of all sessions.
pub fn folder(paths: &Paths) -> PathBuf {
    paths.state.join("sessions")
}

/// All sessions, the one written last first; what cannot be read is none.
pub fn list(folder: &Path) -> Vec<Found> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let mut found: Vec<Found> = entries.filter_map(|folder| read(&folder)).collect();
    found.sort_by(|a, b| b.written.cmp(&a.written).then_with(|| b.folder.cmp(&a.folder)));
    found
}

fn read(folder: &Path) -> Option<Found> {
    let file = folder.join(SESSION);
    let session = serde_json::from_slice(&fs::read(&file).ok()?).ok()?;
    Some(Found { folder: folder.to_owned(), session, written: fs::metadata(&file).ok()?.modified().ok()? })
}

/// The last session that no workbench writes now: of this source, where one is named. One with decisions goes before
/// any without.
pub fn newest(folder: &Path, source: Option<&SourceSpec>) -> Option<Found> {
    let wanted = source.map(Session::sources_of);
    let fits = |found: &Found| match &wanted {
        None => true,
        Some(wanted) => wanted.as_ref().is_some_and(|wanted| paths_of(wanted) == paths_of(&found.session.sources)),
    };
    let mut free: Vec<Found> = list(folder).into_iter().filter(|found| fits(found) && !found.is_open()).collect();
    decided_first(&mut free);
    free.into_iter().next()
}

fn decided_first(found: &mut [Found]) {
    found.sort_by_key(|found| !found.session.has_decisions());
}

fn paths_of(sources: &[SourceSpec]) -> Vec<PathBuf> {
    sources.iter().map(|source| table::shown(&source.path).into_owned()).collect()
}

/// The files that were opened last, as sessions name them.
pub fn recent(folder: &Path) -> Vec<PathBuf> {
    let mut recent: Vec<PathBuf> = Vec::new();
    for path in list(folder).into_iter().filter_map(|found| Some(found.session.sources.first()?.path.clone())) {
        if !recent.contains(&path) {
            recent.push(path);
        }
    }
    recent
}

/// A session's folder while it is written: nobody else writes it meanwhile.
#[derive(Debug)]
pub struct Place {
    folder: PathBuf,
    _lock: File,
}

impl Place {
    /// A new one; where there are many, others go: first those without decisions, of them the oldest.
    ///
    /// # Errors
    /// The state folder cannot be written.
    pub fn begin(sessions: &Path) -> Result<Self> {
        private::folder(sessions).map_err(failed(sessions))?;
        let mut others = list(sessions);
        decided_first(&mut others);
        for old in others.iter().skip(KEPT - 1).filter(|old| !old.is_open()) {
            fs::remove_dir_all(&old.folder).map_err(failed(&old.folder))?;
        }
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Self::take(&sessions.join(format!("{seconds}-{}", std::process::id())))
    }

    /// The folder of a session that is gone on with.
    ///
    /// # Errors
    /// Another workbench writes it, or it cannot be written.
    pub fn take(folder: &Path) -> Result<Self> {
        private::folder(folder).map_err(failed(folder))?;
        let lock = private::append(&folder.join(LOCK)).map_err(failed(folder))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { folder: folder.to_owned(), _lock: lock }),
            Err(_) => Err(Error::failed("another workbench goes on with this session").hint("leave it there first")),
        }
    }

    /// Where it lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes the session, whole or not at all.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, session: &Session) -> Result<()> {
        let text = serde_json::to_vec(session).map_err(|error| Error::failed(error.to_string()))?;
        put(&self.folder.join(SESSION), &text)
    }

    /// Writes lines at the end of the command log.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn log(&self, lines: &str) -> Result<()> {
        private::folder(&self.folder).map_err(failed(&self.folder))?;
        let file = self.folder.join(LOG);
        private::append(&file).and_then(|mut out| out.write_all(lines.as_bytes())).map_err(failed(&file))
    }
}

/// Writes a file for its owner only, whole or not at all.
fn put(file: &Path, bytes: &[u8]) -> Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let written = || -> std::io::Result<()> {
        private::folder(folder)?;
        let mut draft = tempfile::NamedTempFile::new_in(folder)?;
        draft.write_all(bytes)?;
        draft.persist(file)?;
        Ok(())
    };
    written().map_err(failed(file))
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> Error {
    move |error| Error::failed(format!("the session cannot be kept: {error}")).at(path.display().to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn session(path: &str) -> Session {
        let sources = Session::sources_of(&SourceSpec::new(path)).unwrap();
        Session { title: path.to_owned(), sources, answers: vec![(3, Some(1)), (4, None)], ..Session::default() }
    }

    #[test]
    fn a_session_is_found_again_by_its_source_once_nobody_writes_it() {
        let root = tempfile::tempdir().unwrap();
        let (one, two) = (Place::take(&root.path().join("1")).unwrap(), Place::take(&root.path().join("2")).unwrap());
        one.write(&session("a.csv")).unwrap();
        two.write(&session("b.csv")).unwrap();
        assert_eq!(list(root.path()).len(), 2);
        assert!(newest(root.path(), None).is_none(), "both are open");
        assert!(Place::take(&root.path().join("1")).is_err());
        drop(one);
        let found = newest(root.path(), None).unwrap();
        assert_eq!(found.session, session("a.csv"));
        assert!(newest(root.path(), Some(&SourceSpec::new("b.csv"))).is_none());
        drop(two);
        assert_eq!(newest(root.path(), Some(&SourceSpec::new("b.csv"))).unwrap().session.title, "b.csv");
        assert!(newest(root.path(), Some(&SourceSpec::new("-"))).is_none());
        assert_eq!(recent(root.path()).len(), 2);
    }

    #[test]
    fn a_session_with_decisions_is_found_before_a_newer_one_without_and_kept_longer() {
        let root = tempfile::tempdir().unwrap();
        let write = |name: &str, decided: bool| {
            let place = Place::take(&root.path().join(name)).unwrap();
            place.write(&Session { decided, answers: Vec::new(), ..session("a.csv") }).unwrap();
        };
        write("1", true);
        (2..=KEPT).for_each(|number| write(&number.to_string(), false));
        assert!(newest(root.path(), None).unwrap().session.decided);
        drop(Place::begin(root.path()).unwrap());
        assert_eq!(list(root.path()).len(), KEPT - 1);
        assert!(newest(root.path(), Some(&SourceSpec::new("a.csv"))).unwrap().session.decided);
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_reads_it() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let place = Place::begin(&root.path().join("sessions")).unwrap();
        place.write(&session("a.csv")).unwrap();
        place.log("{}\n").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(place.folder()), 0o700);
        for file in [SESSION, LOCK, LOG] {
            assert_eq!(mode(&place.folder().join(file)), 0o600, "{file}");
        }
    }

    #[test]
    fn the_oldest_go() {
        let root = tempfile::tempdir().unwrap();
        for at in 0..KEPT + 3 {
            Place::take(&root.path().join(format!("{at:02}"))).unwrap().write(&session("a.csv")).unwrap();
        }
        let _new = Place::begin(root.path()).unwrap();
        assert_eq!(list(root.path()).len(), KEPT - 1);
        fs::write(root.path().join("00x"), "no folder").unwrap();
        assert_eq!(list(root.path()).len(), KEPT - 1);
    }
}
