//! What the tests of this room share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

use super::{SourceSpec, Table, TableError, read};
use crate::task::Task;

/// The folder of shared files, where it lies beside the checkout (or where the environment says).
pub fn shared() -> Option<PathBuf> {
    let beside = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    let folder = std::env::var_os("SEGMENTA_SHARED").map_or_else(|| beside.to_owned(), PathBuf::from);
    folder.join("data").is_dir().then_some(folder)
}

pub fn spec(path: &Path) -> SourceSpec {
    SourceSpec::new(path)
}

pub fn read_file(path: &Path) -> Table {
    read(&spec(path), None, &Task::default()).unwrap()
}

pub fn try_text(text: impl AsRef<[u8]>) -> Result<Table, TableError> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    read(&spec(file.path()), None, &Task::default())
}

pub fn read_text(text: &str) -> Table {
    try_text(text).unwrap()
}
