//! What is kept of anybody's data, and where: caches and sessions, listed, wiped, and a person removed from them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::config::Paths;
use crate::error::{Error, Result};
use crate::table;
use crate::task::Task;

/// A kept file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Kept {
    /// Where it lies.
    pub path: PathBuf,
    /// What it is, e.g. `cache`.
    pub what: &'static str,
    /// Its size.
    pub bytes: u64,
}

/// What became of a kept file in which a person stood.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Forgotten {
    /// The file is gone: it can be made again without the person.
    Removed(PathBuf),
    /// Lines were taken out.
    Lines(PathBuf, usize),
}

/// Everything that is kept: caches, then sessions and logs, each by name; not where streams keep their customers.
///
/// # Errors
/// A folder cannot be read.
pub fn list(paths: &Paths) -> Result<Vec<Kept>> {
    let mut kept = Vec::new();
    for (folder, what) in [(&paths.cache, "cache"), (&paths.state, "session or log")] {
        let mut files = Vec::new();
        walk(folder, &mut files).map_err(|error| failed(folder, &error))?;
        files.sort();
        files.retain(|(path, _)| *path != paths.streams());
        kept.extend(files.into_iter().map(|(path, bytes)| Kept { path, what, bytes }));
    }
    Ok(kept)
}

fn failed(path: &Path, error: &io::Error) -> Error {
    Error::failed(format!("cannot be read or removed: {error}")).at(path.display().to_string())
}

/// All files under a folder; a folder that is not there has none.
fn walk(folder: &Path, files: &mut Vec<(PathBuf, u64)>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let meta = entry.metadata()?;
        if meta.is_dir() {
            walk(&entry.path(), files)?;
        } else {
            files.push((entry.path(), meta.len()));
        }
    }
    Ok(())
}

/// Removes everything that is kept; returns what that was.
///
/// # Errors
/// A file cannot be removed; those before it are gone.
pub fn clear(paths: &Paths) -> Result<Vec<Kept>> {
    let kept = list(paths)?;
    for file in &kept {
        fs::remove_file(&file.path).map_err(|error| failed(&file.path, &error))?;
    }
    Ok(kept)
}

/// Removes a person from everything that is kept: files in which the id stands are removed (they can be made again), so
/// are those that cannot be looked into; of logs the lines that name it.
///
/// # Errors
/// A file cannot be read or changed, or the task was cancelled.
pub fn forget(paths: &Paths, id: &str, task: &Task) -> Result<Vec<Forgotten>> {
    let id = id.trim();
    if id.is_empty() {
        return Err(Error::usage("no id is named"));
    }
    let mut done = Vec::new();
    for file in list(paths)? {
        task.check()?;
        done.extend(forget_in(&file.path, id)?);
    }
    Ok(done)
}

fn forget_in(path: &Path, id: &str) -> Result<Option<Forgotten>> {
    let lines = path.extension().is_some_and(|ending| ending == "log" || ending == "ndjson" || ending == "jsonl");
    if lines {
        return forget_lines(path, id);
    }
    if !names(path, id)? {
        return Ok(None);
    }
    fs::remove_file(path).map_err(|error| failed(path, &error))?;
    Ok(Some(Forgotten::Removed(path.to_owned())))
}

/// Whether the id stands in a file: as a value of a table, or as a word of a text. Of other files nobody knows.
fn names(path: &Path, id: &str) -> Result<bool> {
    if let Some(holds) = table::holds(path, id)? {
        return Ok(holds);
    }
    let bytes = fs::read(path).map_err(|error| failed(path, &error))?;
    Ok(std::str::from_utf8(&bytes).is_err() || bytes.contains(&0) || is_word(&bytes, id.as_bytes()))
}

/// Takes the lines out in which the id is a word.
fn forget_lines(path: &Path, id: &str) -> Result<Option<Forgotten>> {
    let bytes = fs::read(path).map_err(|error| failed(path, &error))?;
    let lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
    let kept: Vec<&[u8]> = lines.iter().copied().filter(|line| !is_word(line, id.as_bytes())).collect();
    if kept.len() == lines.len() {
        return Ok(None);
    }
    fs::write(path, kept.concat()).map_err(|error| failed(path, &error))?;
    Ok(Some(Forgotten::Lines(path.to_owned(), lines.len() - kept.len())))
}

/// Whether the word stands in the bytes with no letter or digit beside it.
fn is_word(bytes: &[u8], word: &[u8]) -> bool {
    let beside = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    bytes
        .windows(word.len())
        .enumerate()
        .any(|(at, window)| window == word && !beside(at.checked_sub(1)) && !beside(Some(at + word.len())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn kept(root: &Path) -> Paths {
        let paths = Paths::under(root);
        fs::create_dir_all(paths.cache.join("rolled")).unwrap();
        fs::create_dir_all(&paths.state).unwrap();
        fs::write(paths.cache.join("rolled/a.csv"), "id,sum\nC17,4\nC18,5\n").unwrap();
        fs::write(paths.cache.join("rolled/b.csv"), "id,sum\nC175,4\nC18,5\n").unwrap();
        fs::write(paths.state.join("segmenta.log"), "read C17\nread C175\n").unwrap();
        paths
    }

    #[test]
    fn a_person_is_removed_and_others_stay() {
        let root = tempfile::tempdir().unwrap();
        let paths = kept(root.path());
        let done = forget(&paths, "C17", &Task::default()).unwrap();
        let log = paths.state.join("segmenta.log");
        let expected = [Forgotten::Removed(paths.cache.join("rolled/a.csv")), Forgotten::Lines(log.clone(), 1)];
        assert_eq!(done, expected);
        assert_eq!(fs::read_to_string(log).unwrap(), "read C175\n");
        assert!(paths.cache.join("rolled/b.csv").exists());
        assert_eq!(forget(&paths, "C17", &Task::default()).unwrap(), []);
        assert_eq!(forget(&paths, " ", &Task::default()).unwrap_err().exit as i32, 2);
    }

    #[test]
    fn everything_is_listed_and_wiped() {
        let root = tempfile::tempdir().unwrap();
        let paths = kept(root.path());
        assert_eq!(list(&paths).unwrap().len(), 3);
        assert_eq!(clear(&paths).unwrap().len(), 3);
        assert_eq!(list(&paths).unwrap(), []);
        assert_eq!(list(&Paths::under(&root.path().join("none"))).unwrap(), []);
    }
}
