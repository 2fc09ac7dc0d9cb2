//! Letters that nobody accepted.

use std::fs;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::place::Change;
use crate::config::private;
use crate::error::{Error, Result};
use crate::report::write_atomic;

/// A change that was given up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Letter {
    /// How often it was sent.
    pub tries: u32,
    /// What was answered last.
    pub answered: String,
    /// The change.
    #[serde(flatten)]
    pub change: Change,
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |error| Error::failed(format!("cannot be read or written: {error}")).at(path.display().to_string())
}

/// The letters of a file, none where there is no file. A last line that is torn is none: its change is still to be sent.
///
/// # Errors
/// It cannot be read.
pub fn read(path: &Path) -> Result<Vec<Letter>> {
    match fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(failed(path)(error)),
        Ok(bytes) => {
            Ok(bytes.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect())
        }
    }
}

/// Adds a letter; it stands when this returns.
///
/// # Errors
/// It cannot be written.
pub fn add(path: &Path, letter: &Letter) -> Result<()> {
    let mut line = b"\n".to_vec();
    line.extend(serde_json::to_vec(letter).map_err(|error| Error::failed(error.to_string()))?);
    line.push(b'\n');
    // Behind a torn line a new one begins.
    let torn = fs::read(path).is_ok_and(|bytes| bytes.last().is_some_and(|&last| last != b'\n'));
    let line = if torn { &line[..] } else { &line[1..] };
    let mut file = private::append(path).map_err(failed(path))?;
    file.write_all(line).and_then(|()| file.sync_data()).map_err(failed(path))
}

/// Writes the letters that are left.
///
/// # Errors
/// It cannot be written; the file is as it was then.
pub fn rewrite(path: &Path, letters: &[Letter]) -> Result<()> {
    let mut bytes = Vec::new();
    for letter in letters {
        serde_json::to_writer(&mut bytes, letter).map_err(|error| Error::failed(error.to_string()))?;
        bytes.push(b'\n');
    }
    write_atomic(path, |out| out.write_all(&bytes))?;
    private::close(path, 0o600).map_err(failed(path))
}
