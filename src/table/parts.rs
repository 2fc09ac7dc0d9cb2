//! The parts of a source: one file, the files of a pattern or folder, or what was fetched from elsewhere.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::error::Fault;
use super::place::{Place, place};
use super::source::Bytes;
use super::spec::SourceSpec;
use super::spool::{Collecting, Spool};
use super::{remote, sql};
use crate::error::nearest;
use crate::task::Task;

/// One file of a source.
#[derive(Clone)]
pub(super) struct Part {
    /// Its path, for messages.
    pub path: PathBuf,
    pub bytes: Bytes,
}

/// The parts of a source; what was fetched from elsewhere before is not fetched again.
pub(super) fn of(spec: &SourceSpec, task: &Task) -> Result<Vec<Part>, Fault> {
    if let Some(bytes) = Bytes::sample(&spec.path) {
        return Ok(vec![Part { path: spec.path.clone(), bytes }]);
    }
    let one = |spool: Spool| Ok(vec![Part { path: spec.path.clone(), bytes: Bytes::Spool(spool) }]);
    match place(&spec.path) {
        Place::Local(path) => local(&path),
        Place::Stdin => one(kept("-", || stdin(task))?),
        Place::Web(url) => one(kept(&url, || remote::fetch(&url, task))?),
        Place::Store(url) if url.contains('*') => stored(&url, task),
        Place::Store(url) => one(kept(&url, || remote::fetch_object(&url, task))?),
        Place::Sql(mut database) => {
            database.table = spec.table.clone().or(database.table);
            database.query = spec.query.clone().or(database.query);
            let key = format!("{}\n{:?}\n{:?}", database.url, database.table, database.query);
            one(kept(&key, || sql::fetch(&database, task))?)
        }
    }
}

static KEPT: Mutex<BTreeMap<String, Spool>> = Mutex::new(BTreeMap::new());

/// Forgets what was fetched for this source, so that it is fetched again; the standard input comes but once.
pub(super) fn refresh(spec: &SourceSpec) {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    match place(&spec.path) {
        Place::Local(_) | Place::Stdin => {}
        Place::Web(url) | Place::Store(url) => kept.retain(|key, _| *key != url && !url.contains('*')),
        Place::Sql(database) => kept.retain(|key, _| key.split('\n').next() != Some(&database.url)),
    }
}

/// What is kept under this key, fetched where nothing is.
fn kept(key: &str, fetch: impl FnOnce() -> Result<Spool, Fault>) -> Result<Spool, Fault> {
    let known = KEPT.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
    if let Some(spool) = known {
        return Ok(spool);
    }
    let spool = fetch()?;
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), spool.clone());
    Ok(spool)
}

/// Everything that comes on the standard input.
fn stdin(task: &Task) -> Result<Spool, Fault> {
    use std::io::{IsTerminal, Read, Write};
    let input = std::io::stdin();
    if input.is_terminal() {
        return Err(Fault::NoInput);
    }
    task.begin("reading the standard input", 0);
    let (mut input, mut spool, mut chunk) = (input.lock(), Collecting::new(), vec![0; 1 << 16]);
    loop {
        task.check()?;
        let length = input.read(&mut chunk)?;
        if length == 0 {
            return Ok(spool.done()?);
        }
        spool.write_all(&chunk[..length])?;
        task.advance(length as u64);
    }
}

fn stored(pattern: &str, task: &Task) -> Result<Vec<Part>, Fault> {
    let urls = remote::list(pattern, task)?;
    if urls.is_empty() {
        return Err(Fault::NoMatch);
    }
    let part = |url: String| {
        let bytes = Bytes::Spool(kept(&url, || remote::fetch_object(&url, task))?);
        Ok(Part { path: url.into(), bytes })
    };
    urls.into_iter().map(part).collect()
}

fn local(path: &Path) -> Result<Vec<Part>, Fault> {
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_dir() => folder(path),
        Ok(_) => Ok(vec![Part { path: path.to_owned(), bytes: Bytes::File(path.to_owned()) }]),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => pattern(path),
        Err(error) => Err(error.into()),
    }
}

/// All tables of a folder: Parquet files at any depth, else the text files that lie in it.
fn folder(path: &Path) -> Result<Vec<Part>, Fault> {
    let mut found = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let hidden = path.file_name().and_then(|name| name.to_str()).is_none_or(|n| n.starts_with(['.', '_']));
            match (hidden, path.is_dir()) {
                (true, _) => {}
                (false, true) => folders.push(path),
                (false, false) => found.push(path),
            }
        }
    }
    let ending = |path: &PathBuf, wanted: &[&str]| {
        path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| wanted.contains(&ending))
    };
    let parquet: Vec<PathBuf> = found.iter().filter(|path| ending(path, &["parquet", "pq"])).cloned().collect();
    let texts = || {
        let beside = found.iter().filter(|file| file.parent() == Some(path) && ending(file, &["csv", "tsv", "arrow"]));
        beside.cloned().collect()
    };
    let files = if parquet.is_empty() { texts() } else { parquet };
    if files.is_empty() { Err(Fault::Folder) } else { Ok(sorted(files)) }
}

fn pattern(path: &Path) -> Result<Vec<Part>, Fault> {
    let text = path.to_str().filter(|text| text.contains(['*', '?', '[']));
    let Some(text) = text else { return Err(Fault::NotFound { nearest: nearest_file(path) }) };
    let found = glob::glob(text).map_err(|error| Fault::Pattern(error.msg.to_owned()))?;
    let files: Vec<PathBuf> = found.flatten().filter(|path| path.is_file()).collect();
    if files.is_empty() { Err(Fault::NoMatch) } else { Ok(sorted(files)) }
}

fn sorted(mut files: Vec<PathBuf>) -> Vec<Part> {
    files.sort();
    files.into_iter().map(|path| Part { bytes: Bytes::File(path.clone()), path }).collect()
}

fn nearest_file(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut names: Vec<String> =
        std::fs::read_dir(folder).ok()?.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    nearest(path.file_name()?.to_str()?, names.iter().map(String::as_str)).map(str::to_owned)
}
