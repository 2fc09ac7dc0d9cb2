//! A person out of streams: of state and log, of what is still to be told, and of the dead letters.

use std::fs;
use std::path::{Path, PathBuf};

use super::dead::{self, Letter};
use super::store::Store;
use crate::config::{Paths, private};
use crate::error::{Error, Result};
use crate::report::write_atomic;

fn failed(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |error| Error::failed(format!("cannot be read or written: {error}")).at(path.display().to_string())
}

/// The folders of streams that still stand.
fn places(paths: &Paths) -> Vec<PathBuf> {
    let text = fs::read_to_string(paths.streams()).unwrap_or_default();
    text.lines().map(PathBuf::from).filter(|folder| folder.is_dir()).collect()
}

/// Writes down where a stream's folder is, so that [`forget`] finds it.
///
/// # Errors
/// It cannot be written.
pub fn remember(paths: &Paths, folder: &Path) -> Result<()> {
    let folder = fs::canonicalize(folder).map_err(failed(folder))?;
    let mut known = places(paths);
    if known.contains(&folder) {
        return Ok(());
    }
    known.push(folder);
    private::folder(&paths.state).map_err(failed(&paths.state))?;
    let text: String = known.iter().map(|folder| format!("{}\n", folder.display())).collect();
    Ok(write_atomic(&paths.streams(), |out| out.write_all(text.as_bytes()))?)
}

/// What was taken out of a stream's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forgotten {
    /// The folder.
    pub folder: PathBuf,
    /// Whether the person was known.
    pub customer: bool,
    /// Changes that were still to be printed or sent.
    pub untold: usize,
    /// Dead letters.
    pub letters: usize,
}

impl Forgotten {
    /// `C17 is out of the stream in …: state and log, 2 untold changes, 1 dead letters`.
    pub fn words(&self) -> String {
        let (untold, letters) = (self.untold, self.letters);
        format!(
            "taken out of state and log, {untold} untold changes, {letters} dead letters: {}",
            self.folder.display()
        )
    }
}

/// Takes a person out of all streams of this user; those in which he stood.
///
/// # Errors
/// A stream is running, or its folder cannot be read or written.
pub fn forget(paths: &Paths, id: &str) -> Result<Vec<Forgotten>> {
    let done = places(paths).iter().map(|folder| forget_in(folder, id.trim())).collect::<Result<Vec<_>>>()?;
    Ok(done.into_iter().filter(|of| of.customer || of.untold + of.letters > 0).collect())
}

/// Takes a person out of a stream's folder: state and log are written anew, whole or not at all, and the former go.
///
/// # Errors
/// As [`forget`].
pub fn forget_in(folder: &Path, id: &str) -> Result<Forgotten> {
    let mut store = Store::open(folder)?;
    let letters = dead::read(&store.dead())?;
    let (gone, kept): (Vec<Letter>, Vec<Letter>) = letters.into_iter().partition(|letter| letter.change.customer == id);
    let before = store.pending.len();
    store.pending.retain(|pending| pending.change.customer != id);
    let untold = before - store.pending.len();
    let mut state = std::mem::take(&mut store.found);
    let customer = state.forget(id);
    if customer || untold > 0 {
        store.renew(&state)?;
    }
    if !gone.is_empty() {
        dead::rewrite(&store.dead(), &kept)?;
    }
    Ok(Forgotten { folder: folder.to_owned(), customer, untold, letters: gone.len() })
}
