//! The bytes of a source, and what kind of source they are.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use polars::prelude::{PlRefPath, ScanSources};

use super::encoding::{Encoding, as_western};
use super::error::{Fault, TableError};
use super::parts;
use super::spec::{Format, SourceSpec};
use super::spool::{Collecting, Spool};
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
#[derive(Clone)]
pub(super) enum Bytes {
    File(PathBuf),
    Memory(&'static [u8]),
    Spool(Spool),
}

/// How bytes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstd,
}

/// The first bytes of a source, unpacked.
pub(super) struct Head {
    pub bytes: Vec<u8>,
    /// Whether these are all bytes.
    pub whole: bool,
}

impl Head {
    /// The head as text, whatever cannot be decoded replaced.
    pub fn text(&self, encoding: Encoding) -> String {
        match encoding {
            Encoding::Utf8 => String::from_utf8_lossy(&self.bytes).into_owned(),
            Encoding::Mixed => as_western(&self.bytes),
            Encoding::Other(other) => other.decode(&self.bytes).0.into_owned(),
        }
    }
}

impl Bytes {
    /// The bytes of the sample of this name.
    pub fn sample(path: &Path) -> Option<Self> {
        SAMPLES.iter().find(|(name, _)| path == Path::new(name)).map(|(_, bytes)| Self::Memory(bytes))
    }

    /// A reader from the first byte on.
    pub fn reader(&self) -> Result<Box<dyn Read>, Fault> {
        Ok(match self {
            Self::File(path) => Box::new(BufReader::with_capacity(1 << 16, File::open(path)?)),
            Self::Memory(bytes) => Box::new(*bytes),
            Self::Spool(spool) => Box::new(BufReader::with_capacity(1 << 16, spool.reader())),
        })
    }

    /// The number of bytes.
    pub fn size(&self) -> Result<u64, Fault> {
        Ok(match self {
            Self::File(path) => std::fs::metadata(path)?.len(),
            Self::Memory(bytes) => bytes.len() as u64,
            Self::Spool(spool) => spool.size()?,
        })
    }

    /// The bytes for a scan by polars.
    pub fn scanned(&self) -> Result<ScanSources, Fault> {
        Ok(match self {
            Self::File(path) => ScanSources::Paths([PlRefPath::try_from_path(path)?].into_iter().collect()),
            Self::Memory(bytes) => Spool::of(bytes.to_vec()).scanned()?,
            Self::Spool(spool) => spool.scanned()?,
        })
    }

    /// How the bytes are packed, by their first ones.
    pub fn packing(&self) -> Result<Option<Packing>, Fault> {
        let mut magic = Vec::new();
        self.reader()?.take(4).read_to_end(&mut magic)?;
        Ok(match magic.as_slice() {
            [0x1F, 0x8B, ..] => Some(Packing::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD] => Some(Packing::Zstd),
            _ => None,
        })
    }

    /// A reader of the unpacked bytes.
    pub fn unpacked(&self) -> Result<Box<dyn Read>, Fault> {
        let reader = self.reader()?;
        Ok(match self.packing()? {
            None => reader,
            Some(Packing::Gzip) => Box::new(flate2::read::MultiGzDecoder::new(reader)),
            Some(Packing::Zstd) => Box::new(zstd::stream::read::Decoder::new(reader)?),
        })
    }

    /// The first bytes, enough to see the dialect and to show rows.
    pub fn head(&self) -> Result<Head, Fault> {
        let mut bytes = Vec::new();
        self.unpacked()?.take(HEAD + 1).read_to_end(&mut bytes)?;
        let whole = bytes.len() as u64 <= HEAD;
        bytes.truncate(HEAD as usize);
        Ok(Head { bytes, whole })
    }

    /// The same bytes unpacked, where a reader has to jump about in them.
    pub fn loose(self) -> Result<Self, Fault> {
        if self.packing()?.is_none() {
            return Ok(self);
        }
        let mut spool = Collecting::new();
        std::io::copy(&mut self.unpacked()?, &mut spool)?;
        Ok(Self::Spool(spool.done()?))
    }
}

/// The format by content: a name may say anything.
pub(super) fn format_of(head: &[u8], path: &Path) -> Result<Format, Fault> {
    const OTHERS: [(&[u8], &str, &str); 6] = [
        (b"SQLite format 3", "an SQLite database", "name it as sqlite:FILE?table=NAME"),
        (b"%PDF", "a PDF file", "export the table as CSV"),
        (b"\xFF\xFF\xFF\xFF", "an Arrow stream", "save it as an Arrow file or as Parquet"),
        (b"Rar!", "an archive", "unpack it"),
        (b"7z\xBC\xAF", "an archive", "unpack it"),
        (b"BZh", "a bzip2 file", "unpack it, or pack it with gzip or zstd"),
    ];
    let of_name = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase).unwrap_or_default();
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let first = text.iter().position(|byte| !byte.is_ascii_whitespace());
    match head {
        _ if head.starts_with(b"PAR1") => Ok(Format::Parquet),
        _ if head.starts_with(b"ARROW1") => Ok(Format::Arrow),
        _ if head.starts_with(b"PK\x03\x04") && of_name == "zip" => {
            Err(Fault::Unsupported { what: "a ZIP file", hint: "unpack it" })
        }
        _ if head.starts_with(b"PK\x03\x04") || head.starts_with(b"\xD0\xCF\x11\xE0") => Ok(Format::Sheet),
        _ => match (OTHERS.iter().find(|(magic, ..)| head.starts_with(magic)), first) {
            (Some((_, what, hint)), _) => Err(Fault::Unsupported { what, hint }),
            (None, None) => Err(Fault::Empty),
            (None, Some(at)) if is_json(&text[at..]) => Ok(Format::Json),
            (None, Some(_)) => Ok(Format::Csv),
        },
    }
}

/// An object or an array of objects or arrays.
fn is_json(text: &[u8]) -> bool {
    let next = text.iter().skip(1).find(|byte| !byte.is_ascii_whitespace());
    matches!((text.first(), next), (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{' | b'[' | b']')))
}

/// `blake3:` and the hash of the source's bytes in hex; of several files and sources the hash of theirs.
///
/// # Errors
/// [`TableError`] where the source cannot be read or the task is cancelled.
pub fn fingerprint(spec: &SourceSpec, task: &Task) -> Result<String, TableError> {
    let mut marks = Vec::new();
    for one in spec.listed() {
        marks.push(fingerprint_of_one(&one, task).map_err(|fault| fault.at(&one.path))?);
    }
    Ok(together(marks))
}

fn fingerprint_of_one(spec: &SourceSpec, task: &Task) -> Result<String, Fault> {
    let parts = parts::of(spec, task)?;
    let marks = parts.iter().map(|part| hash(&part.bytes, task)).collect::<Result<Vec<_>, _>>()?;
    Ok(together(marks))
}

/// The one mark, or the hash of several.
fn together(mut marks: Vec<String>) -> String {
    if marks.len() == 1 {
        return marks.remove(0);
    }
    format!("blake3:{}", blake3::hash(marks.join("\n").as_bytes()).to_hex())
}

fn hash(bytes: &Bytes, task: &Task) -> Result<String, Fault> {
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
