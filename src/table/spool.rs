//! Bytes kept for a while: in memory while they are few, else in a file without a name, which goes with the program.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use polars::prelude::ScanSources;
use tempfile::{SpooledData, SpooledTempFile};

/// Bytes that are kept in memory.
const IN_MEMORY: usize = 64 << 20;

/// Bytes being collected.
pub(super) struct Collecting(SpooledTempFile);

/// Bytes that were collected.
#[derive(Clone)]
pub(super) enum Spool {
    /// One buffer, as polars takes it: it is shared, never copied.
    Memory(ScanSources),
    File(Arc<File>),
}

impl Collecting {
    pub fn new() -> Self {
        Self(SpooledTempFile::new(IN_MEMORY))
    }

    /// What was collected.
    pub fn done(self) -> io::Result<Spool> {
        Ok(match self.0.into_inner() {
            SpooledData::InMemory(cursor) => Spool::of(cursor.into_inner()),
            SpooledData::OnDisk(mut file) => {
                file.seek(SeekFrom::Start(0))?;
                Spool::File(Arc::new(file))
            }
        })
    }
}

impl Write for Collecting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Spool {
    /// These bytes.
    pub fn of(bytes: Vec<u8>) -> Self {
        Self::Memory(ScanSources::Buffers(Arc::new([bytes.into()])))
    }

    /// The number of bytes.
    pub fn size(&self) -> io::Result<u64> {
        match self {
            Self::Memory(buffer) => Ok(slice(buffer).len() as u64),
            Self::File(file) => Ok(file.metadata()?.len()),
        }
    }

    /// A reader from the first byte on; several may read at once.
    pub fn reader(&self) -> Reader {
        Reader { spool: self.clone(), offset: 0 }
    }

    /// The bytes for a scan by polars.
    pub fn scanned(&self) -> io::Result<ScanSources> {
        match self {
            Self::Memory(buffer) => Ok(buffer.clone()),
            Self::File(file) => Ok(ScanSources::Files(Arc::new([file.try_clone()?]))),
        }
    }
}

fn slice(buffer: &ScanSources) -> &[u8] {
    match buffer {
        ScanSources::Buffers(buffers) => buffers.first().map_or(&[], |buffer| buffer.as_ref()),
        _ => &[],
    }
}

/// Reads a spool from a place of its own.
pub(super) struct Reader {
    spool: Spool,
    offset: u64,
}

impl Read for Reader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        use std::os::unix::fs::FileExt;
        let read = match &self.spool {
            Spool::Memory(buffer) => {
                let from = usize::try_from(self.offset).unwrap_or(usize::MAX);
                slice(buffer).get(from..).unwrap_or_default().read(out)?
            }
            Spool::File(file) => file.read_at(out, self.offset)?,
        };
        self.offset += read as u64;
        Ok(read)
    }
}

impl Seek for Reader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (from, by) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::End(by) => (self.spool.size()?, by),
            SeekFrom::Current(by) => (self.offset, by),
        };
        let outside = || io::Error::new(io::ErrorKind::InvalidInput, "before the first byte");
        self.offset = from.checked_add_signed(by).ok_or_else(outside)?;
        Ok(self.offset)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_collected_is_read_from_memory_and_disk_alike() {
        let bytes: Vec<u8> = (0..200_000u32).flat_map(u32::to_le_bytes).collect();
        let mut few = Collecting::new();
        few.write_all(&bytes).unwrap();
        let mut many = Collecting(SpooledTempFile::new(1000));
        many.write_all(&bytes).unwrap();
        let (few, many) = (few.done().unwrap(), many.done().unwrap());
        assert!(matches!(few, Spool::Memory(_)) && matches!(many, Spool::File(_)));
        for spool in [few, many] {
            let mut read = Vec::new();
            spool.reader().read_to_end(&mut read).unwrap();
            assert!(read == bytes && spool.size().unwrap() == bytes.len() as u64);
            let mut tail = spool.reader();
            tail.seek(SeekFrom::End(-4)).unwrap();
            let mut last = Vec::new();
            tail.read_to_end(&mut last).unwrap();
            assert_eq!(last, 199_999u32.to_le_bytes());
        }
    }
}
