//! Long delimited texts, stretch by stretch: only the columns that are asked for, read on all threads, handed over in
//! the order of the lines. Nothing of the text is kept.

mod chunks;
mod fields;
mod sample;

pub use fields::{Stretch, Take, Taken};
pub use sample::sample;

use super::error::{Fault, TableError};
use super::spec::{Dialect, SourceInfo};
use super::values::Table;
use crate::kernel::fold;
use crate::task::Task;
use chunks::Chunks;

/// Chunks that are read before they are handed over.
const WAVE: usize = 16;

/// What is to be read of which text.
#[derive(Debug, Clone)]
pub struct Stream {
    source: SourceInfo,
    dialect: Dialect,
    /// For each column of the text what is taken of it, and as which of the columns that are handed over.
    takes: Vec<Option<(usize, Take)>>,
    wanted: usize,
}

/// How a stream ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Streamed {
    /// All was handed over; with the fingerprint of the text where it was read from its first byte on.
    Done(Option<String>),
    /// The text is not plain enough: it has to be read by [`super::read`].
    NotPlain,
}

impl Stream {
    /// A stream of these columns of a text whose [`sample`] is this one; `None` where it is no plain text file.
    pub fn new(sample: &Table, columns: &[(&str, Take)]) -> Option<Self> {
        let dialect = sample.source.dialect.clone().filter(|_| chunks::is_plain(&sample.source))?;
        let take = |name: &str| columns.iter().position(|(wanted, _)| *wanted == name);
        let takes = sample.fields.iter().map(|field| take(field.name()).map(|at| (at, columns[at].1.clone())));
        Some(Self { source: sample.source.clone(), dialect, takes: takes.collect(), wanted: columns.len() })
    }

    /// The text's bytes.
    pub fn bytes(&self) -> u64 {
        self.source.bytes
    }

    /// Reads from this byte on (0, or a position that was handed over) and hands over stretch after stretch, several
    /// at a time, with the position after them. What follows is read meanwhile.
    ///
    /// # Errors
    /// The file cannot be read, the task was cancelled, or `each` failed.
    pub fn read<E: From<TableError> + Send>(
        &self,
        from: u64,
        task: &Task,
        each: &mut (dyn FnMut(Vec<Stretch>, u64) -> Result<(), E> + Send),
    ) -> Result<Streamed, E> {
        let at = |fault: Fault| E::from(fault.at(&self.source.path));
        let mut chunks = Chunks::open(&self.source.path, &self.dialect, from).map_err(at)?;
        task.begin("rolling up lines", self.source.bytes);
        task.advance(from);
        let mut wave = chunks.wave(WAVE).map_err(at)?;
        while let Some(texts) = wave {
            task.check().map_err(|cancelled| at(cancelled.into()))?;
            if texts.is_empty() {
                return Ok(Streamed::Done(chunks.fingerprint()));
            }
            let end = chunks.position();
            let work = || self.hand_over(&texts, end, each);
            let (next, done) = fold::both(|| chunks.wave(WAVE), work);
            if !done? {
                return Ok(Streamed::NotPlain);
            }
            task.advance(texts.iter().map(|text| text.len() as u64).sum());
            wave = next.map_err(at)?;
        }
        Ok(Streamed::NotPlain)
    }

    /// Whether the texts are plain.
    fn hand_over<E>(
        &self,
        texts: &[Vec<u8>],
        end: u64,
        each: &mut (dyn FnMut(Vec<Stretch>, u64) -> Result<(), E> + Send),
    ) -> Result<bool, E> {
        let read =
            |range: std::ops::Range<usize>| fields::read(&texts[range.start], &self.dialect, &self.takes, self.wanted);
        let stretches: Option<Vec<Stretch>> = fold::chunks_of(1, texts.len(), read).into_iter().collect();
        let Some(stretches) = stretches else { return Ok(false) };
        each(stretches, end).map(|()| true)
    }
}

#[cfg(test)]
mod tests;
