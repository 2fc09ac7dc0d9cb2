//! Where the bytes of a source are, and what kind of source it is.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use super::dialect;
use super::error::{Fault, TableError};
use super::values::{Format, SourceInfo, SourceSpec};
use crate::error::nearest;
use crate::task::Task;

/// The path that names the bundled sample.
pub const SAMPLE: &str = "sample:mall";
/// All that come along: the mall's customers and its order lines, and the purchases at CDNOW.
static SAMPLES: [(&str, &[u8]); 3] = [
    (SAMPLE, include_bytes!("../../data/mall_customers.csv")),
    ("sample:orders", include_bytes!("../../data/mall_orders.csv")),
    ("sample:cdnow", include_bytes!("../../data/cdnow_sample.csv")),
];

/// Whether the path names a sample that comes along.
pub fn is_sample(path: &Path) -> bool {
    SAMPLES.iter().any(|(name, _)| path == Path::new(name))
}

/// How much of a text is looked at before it is read.
const HEAD: u64 = 256 << 10;

/// The bytes of a source.
#[derive(Debug, Clone)]
pub(super) enum Bytes {
    File(PathBuf),
    Memory(&'static [u8]),
}

/// The first bytes of a source.
pub(super) struct Head {
    pub bytes: Vec<u8>,
    /// Whether these are all bytes.
    pub whole: bool,
}

impl Bytes {
    /// Finds the bytes of this path.
    pub fn locate(path: &Path) -> Result<Self, Fault> {
        if let Some((_, bytes)) = SAMPLES.iter().find(|(name, _)| path == Path::new(name)) {
            return Ok(Self::Memory(bytes));
        }
        match std::fs::metadata(path) {
            Ok(meta) if meta.is_dir() => Err(Fault::Folder),
            Ok(_) => Ok(Self::File(path.to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(Fault::NotFound { nearest: nearest_file(path) })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A reader from the first byte on.
    pub fn reader(&self) -> Result<Box<dyn Read>, Fault> {
        Ok(match self {
            Self::File(path) => Box::new(BufReader::with_capacity(1 << 16, File::open(path)?)),
            Self::Memory(bytes) => Box::new(*bytes),
        })
    }

    /// The number of bytes.
    pub fn size(&self) -> Result<u64, Fault> {
        Ok(match self {
            Self::File(path) => std::fs::metadata(path)?.len(),
            Self::Memory(bytes) => bytes.len() as u64,
        })
    }

    /// The first bytes, enough to see the dialect and to show rows.
    pub fn head(&self) -> Result<Head, Fault> {
        let mut bytes = Vec::new();
        self.reader()?.take(HEAD).read_to_end(&mut bytes)?;
        let whole = (bytes.len() as u64) < HEAD || self.size()? == HEAD;
        Ok(Head { bytes, whole })
    }
}

fn nearest_file(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut names: Vec<String> =
        std::fs::read_dir(folder).ok()?.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    nearest(path.file_name()?.to_str()?, names.iter().map(String::as_str)).map(str::to_owned)
}

/// Opens a source: its bytes, its head, and what is known from them.
pub(super) fn open(spec: &SourceSpec) -> Result<(Bytes, Head, SourceInfo), Fault> {
    let bytes = Bytes::locate(&spec.path)?;
    let head = bytes.head()?;
    let format = format_of(&head.bytes)?;
    let dialect = match format {
        Format::Csv => Some(dialect::sniff(&head, spec.delimiter, spec.header)?),
        Format::Parquet => None,
    };
    let info = SourceInfo {
        path: spec.path.clone(),
        format,
        dialect,
        bytes: bytes.size()?,
        fingerprint: spec.fingerprint.clone(),
    };
    Ok((bytes, head, info))
}

/// The format by content: a name may say anything.
fn format_of(head: &[u8]) -> Result<Format, Fault> {
    const OTHERS: [(&[u8], &str); 4] = [
        (b"PK\x03\x04", "a spreadsheet or ZIP file"),
        (b"\xD0\xCF\x11\xE0", "an old Excel file"),
        (b"\x1F\x8B", "a gzip file"),
        (b"SQLite format 3", "an SQLite database"),
    ];
    if head.starts_with(b"PAR1") {
        return Ok(Format::Parquet);
    }
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return Err(Fault::Utf16);
    }
    if head.iter().all(u8::is_ascii_whitespace) {
        return Err(Fault::Empty);
    }
    match OTHERS.iter().find(|(magic, _)| head.starts_with(magic)) {
        Some((_, what)) => Err(Fault::Unsupported(what)),
        None => Ok(Format::Csv),
    }
}

/// `blake3:` and the hash of the source's bytes in hex.
///
/// # Errors
/// [`TableError`] where the source cannot be read or the task is cancelled.
pub fn fingerprint(spec: &SourceSpec, task: &Task) -> Result<String, TableError> {
    hash(&spec.path, task).map_err(|fault| fault.at(&spec.path))
}

fn hash(path: &Path, task: &Task) -> Result<String, Fault> {
    let bytes = Bytes::locate(path)?;
    task.begin("taking the fingerprint", bytes.size()?);
    let mut hasher = blake3::Hasher::new();
    let mut reader = bytes.reader()?;
    let mut chunk = vec![0; 1 << 18];
    loop {
        task.check()?;
        let length = reader.read(&mut chunk)?;
        if length == 0 {
            return Ok(format!("blake3:{}", hasher.finalize().to_hex()));
        }
        hasher.update(&chunk[..length]);
        task.advance(length as u64);
    }
}
