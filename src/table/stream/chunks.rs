//! A text cut into chunks at the ends of records.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::super::error::Fault;
use super::super::source::Bytes;
use super::super::spec::{Dialect, Format, SourceInfo};

/// Bytes of a chunk.
const CHUNK: u64 = 1 << 20;
/// A record longer than this is none.
const LONGEST: usize = 64 << 20;
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Whether the source is one unpacked text file that can be cut at its line ends.
pub fn is_plain(source: &SourceInfo) -> bool {
    let Some(dialect) = &source.dialect else { return false };
    let ascii = |mark: char| mark.is_ascii() && !matches!(mark, '\n' | '\r' | ' ');
    let usual = dialect.escape.or(dialect.comment).or(dialect.thousands).is_none() && dialect.skip == 0;
    let marks = ascii(dialect.delimiter) && dialect.quote.is_none_or(ascii);
    let alone = source.format == Format::Csv && source.files == 1 && source.asked.joined.is_empty();
    alone && usual && marks && dialect.encoding == "UTF-8" && !is_packed(&source.path)
}

/// Whether the bytes are packed; so is what is no file here.
fn is_packed(path: &Path) -> bool {
    let bytes = path.is_file().then(|| Bytes::File(path.to_owned()));
    bytes.is_none_or(|bytes| !matches!(bytes.packing(), Ok(None)))
}

/// Reads chunk after chunk.
pub struct Chunks {
    file: File,
    delimiter: u8,
    quote: Option<u8>,
    /// Whether the first record names the columns and is still to come.
    header: bool,
    /// Bytes after the last chunk.
    rest: Vec<u8>,
    /// Where they begin in the file.
    position: u64,
    hasher: Option<blake3::Hasher>,
    over: bool,
}

impl Chunks {
    /// Opens the text at this byte.
    pub fn open(path: &Path, dialect: &Dialect, from: u64) -> Result<Self, Fault> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(from))?;
        Ok(Self {
            file,
            delimiter: dialect.delimiter as u8,
            quote: dialect.quote.map(|quote| quote as u8),
            header: dialect.header && from == 0,
            rest: Vec::new(),
            position: from,
            hasher: (from == 0).then(blake3::Hasher::new),
            over: false,
        })
    }

    /// Where the next chunk begins.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The fingerprint of the text, once it was read from the first byte to the last.
    pub fn fingerprint(&self) -> Option<String> {
        let hash = self.hasher.as_ref().filter(|_| self.over)?.finalize();
        Some(format!("blake3:{}", hash.to_hex()))
    }

    /// The next chunks, at most `count`, none at the end; `None` where no end of a record can be found.
    pub fn wave(&mut self, count: usize) -> Result<Option<Vec<Vec<u8>>>, Fault> {
        let mut wave = Vec::with_capacity(count);
        while wave.len() < count && !(self.over && self.rest.is_empty()) {
            match self.next()? {
                Some(chunk) if chunk.is_empty() => {}
                Some(chunk) => wave.push(chunk),
                None => return Ok(None),
            }
        }
        Ok(Some(wave))
    }

    fn next(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        let mut chunk = std::mem::take(&mut self.rest);
        let end = loop {
            self.fill(&mut chunk)?;
            match last_record_end(&chunk, self.delimiter, self.quote) {
                _ if self.over => break chunk.len(),
                Some(end) => break end,
                None if chunk.len() > LONGEST => return Ok(None),
                None => {}
            }
        };
        self.rest = chunk.split_off(end);
        self.position += end as u64;
        self.skip_head(&mut chunk);
        Ok(Some(chunk))
    }

    fn fill(&mut self, chunk: &mut Vec<u8>) -> Result<(), Fault> {
        let before = chunk.len();
        chunk.reserve_exact(CHUNK as usize + 1);
        let read = (&self.file).take(CHUNK).read_to_end(chunk)?;
        self.over = (read as u64) < CHUNK;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&chunk[before..]);
        }
        Ok(())
    }

    /// Leaves byte order mark and header out.
    fn skip_head(&mut self, chunk: &mut Vec<u8>) {
        if self.header {
            let bom = if chunk.starts_with(BOM) { BOM.len() } else { 0 };
            let end = first_record_end(&chunk[bom..], self.delimiter, self.quote).map_or(chunk.len(), |end| bom + end);
            chunk.drain(..end);
            self.header = false;
        }
    }
}

/// One past the line end that ends the last whole record.
fn last_record_end(text: &[u8], delimiter: u8, quote: Option<u8>) -> Option<usize> {
    match quote.filter(|&quote| memchr::memchr(quote, text).is_some()) {
        None => memchr::memrchr(b'\n', text).map(|at| at + 1),
        Some(quote) => record_ends(text, delimiter, quote).last(),
    }
}

fn first_record_end(text: &[u8], delimiter: u8, quote: Option<u8>) -> Option<usize> {
    match quote {
        None => memchr::memchr(b'\n', text).map(|at| at + 1),
        Some(quote) => record_ends(text, delimiter, quote).next(),
    }
}

/// The line ends outside of quotes; a quote opens only where a field begins.
fn record_ends(text: &[u8], delimiter: u8, quote: u8) -> impl Iterator<Item = usize> + '_ {
    let (mut quoted, mut begins) = (false, true);
    text.iter().enumerate().filter_map(move |(at, &byte)| {
        if quoted {
            // A doubled quote closes and opens again at once.
            quoted = byte != quote;
            begins = byte == quote;
            return None;
        }
        quoted = byte == quote && begins;
        begins = byte == delimiter || byte == b'\n';
        (byte == b'\n').then_some(at + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_end_outside_of_quotes() {
        let text = b"a,\"x\ny\"\nb,5\" pipe\nc,\"d \"\"e\"\"\nf\"\ng";
        let ends: Vec<usize> = record_ends(text, b',', b'"').collect();
        assert_eq!(ends, [8, 18, 32]);
        assert_eq!(last_record_end(text, b',', Some(b'"')), Some(32));
        assert_eq!(last_record_end(b"a\nb", b',', Some(b'"')), Some(2));
        assert_eq!(last_record_end(b"ab", b',', None), None);
    }
}
