//! Files that are there whole or not at all, also when the machine stops; for their owner only.

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use super::StoreError;
use crate::config::private;

const PART: &str = ".part";

/// Makes a folder where there is none.
pub fn folder(path: &Path) -> Result<(), StoreError> {
    private::folder(path).map_err(StoreError::at(path))
}

/// Whether a folder holds files that are none of a store that is being made.
pub fn holds_others(folder: &Path) -> bool {
    let ours = ["lock", "versions", "reports", "uploads"];
    let is_other = |name: &str| !ours.contains(&name) && !name.ends_with(PART);
    let names = fs::read_dir(folder).map(|entries| {
        entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned())).collect::<Vec<_>>()
    });
    folder.is_file() || names.unwrap_or_default().iter().any(|name| is_other(name))
}

/// Writes a file: beside its place, on the disk, into its place, and the folder on the disk.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = || -> io::Result<()> {
        let mut file = begun(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        File::open(folder)?.sync_all()
    };
    written().map_err(StoreError::at(path))
}

fn begun(folder: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(".").suffix(PART).tempfile_in(folder)
}

/// A file that is tidied up where it is left behind.
pub fn draft(folder: &Path) -> Result<NamedTempFile, StoreError> {
    begun(folder).map_err(StoreError::at(folder))
}

/// Adds a line at the end of a file, on the disk. Where the last line is not whole, it is ended first.
pub fn append(path: &Path, line: &[u8]) -> Result<(), StoreError> {
    let written = || -> io::Result<()> {
        let is_torn = is_torn(path)?;
        let mut file = private::append(path)?;
        let start: &[u8] = if is_torn { b"\n" } else { b"" };
        file.write_all(&[start, line, b"\n"].concat())?;
        file.sync_data()
    };
    written().map_err(StoreError::at(path))
}

fn is_torn(path: &Path) -> io::Result<bool> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        opened => opened?,
    };
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(io::SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// Reads a file.
pub fn read(path: &Path) -> Result<Vec<u8>, StoreError> {
    fs::read(path).map_err(StoreError::at(path))
}

/// Reads a file that need not be there.
pub fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        read => read.map(Some).map_err(StoreError::at(path)),
    }
}

/// Removes a file that need not be there.
pub fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.map_err(StoreError::at(path)),
    }
}

/// Removes what was being written when the program was ended.
pub fn tidy(folder: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(folder).map_err(StoreError::at(folder))? {
        let entry = entry.map_err(StoreError::at(folder))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') && name.ends_with(PART) {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

/// Held as long as the store is open to be changed; the system gives it back when the program ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a store.
    pub fn take(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join("lock");
        let mut file = private::append(&path).map_err(StoreError::at(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(StoreError::Locked(folder.to_owned(), holder(&path))),
            Err(fs::TryLockError::Error(error)) => return Err(StoreError::at(&path)(error)),
        }
        // Whose it is stands there for people only.
        let _unsaid = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
        Ok(Self { _file: file })
    }
}

fn holder(path: &Path) -> Option<u32> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}
