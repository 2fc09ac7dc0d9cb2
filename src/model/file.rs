//! The model file: JSON whose first line says what it is and seals the rest.
//!
//! ```text
//! {"format":"segmenta-model","version":1,"integrity":"blake3:…",
//! "model":{…}}
//! ```
//! The integrity is the hash of all bytes behind the first line, so that it is checked before anything is parsed.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Model, ModelError};

/// What the key `format` says.
pub const FORMAT: &str = "segmenta-model";
/// The version of the format that is written; all up to it are read.
pub const VERSION: u32 = 1;
/// No model has more bytes: 50,000 rows of 400 columns.
const MOST_BYTES: u64 = 512 << 20;
/// Bytes in which the format must be named.
const HEAD: u64 = 256;
const BEFORE: &str = "\"model\":";
const AFTER: &str = "}\n";

#[derive(Serialize, Deserialize)]
struct Head {
    format: String,
    version: u32,
    integrity: String,
}

/// Whether a file begins as a model does, whatever its name.
pub fn is_model(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    let is_file = std::fs::metadata(path).is_ok_and(|meta| meta.is_file());
    is_file && read.is_ok() && names_format(&head)
}

fn names_format(head: &[u8]) -> bool {
    let dense: Vec<u8> = head.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    dense.starts_with(format!("{{\"format\":\"{FORMAT}\"").as_bytes())
}

impl Model {
    /// The model file's bytes.
    ///
    /// # Errors
    /// [`ModelError::Damaged`] where it could not be read again.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ModelError> {
        let damaged = |error: serde_json::Error| ModelError::Damaged(error.to_string());
        let body = format!("{BEFORE}{}{AFTER}", serde_json::to_string(self).map_err(damaged)?);
        let head = Head { format: FORMAT.to_owned(), version: VERSION, integrity: integrity(body.as_bytes()) };
        let head = serde_json::to_string(&head).map_err(damaged)?;
        let bytes = format!("{},\n{body}", head.trim_end_matches('}')).into_bytes();
        Self::from_bytes(&bytes)?;
        Ok(bytes)
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// [`ModelError`] where it cannot be read, is no model, or a damaged or newer one.
    pub fn read(path: &Path) -> Result<Self, ModelError> {
        let failed = |source| ModelError::Read { path: path.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        let mut bytes = Vec::new();
        file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
        if !names_format(&bytes[..bytes.len().min(HEAD as usize)]) {
            return Err(ModelError::NotOne(path.to_owned()));
        }
        if bytes.len() as u64 > MOST_BYTES {
            return Err(ModelError::TooLarge { path: path.to_owned(), bytes: bytes.len() as u64, most: MOST_BYTES });
        }
        Self::from_bytes(&bytes)
    }

    /// Reads the bytes of a model file.
    ///
    /// # Errors
    /// As [`Model::read`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let text = std::str::from_utf8(bytes).map_err(|_| damaged("it is no text"))?;
        let (head, body) = text.split_once('\n').ok_or_else(|| damaged("its first line is not whole"))?;
        let head: Head = head
            .strip_suffix(',')
            .and_then(|head| serde_json::from_str(&format!("{head}}}")).ok())
            .ok_or_else(|| damaged("its first line was changed"))?;
        if head.version > VERSION {
            return Err(ModelError::Newer(head.version, VERSION));
        }
        if head.integrity != integrity(body.as_bytes()) {
            return Err(damaged("it was changed or cut off since it was written"));
        }
        let body = body.strip_prefix(BEFORE).and_then(|body| body.strip_suffix(AFTER));
        let model: Self = serde_json::from_str(body.ok_or_else(|| damaged("it holds no model"))?)
            .map_err(|error| damaged(&error.to_string()))?;
        match model.fault() {
            Some(fault) => Err(ModelError::Damaged(fault)),
            None => Ok(model),
        }
    }
}

fn damaged(what: &str) -> ModelError {
    ModelError::Damaged(what.to_owned())
}

fn integrity(bytes: &[u8]) -> String {
    format!("blake3:{}", blake3::hash(bytes).to_hex())
}
