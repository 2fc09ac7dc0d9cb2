//! The stream itself: lines in, changes out, the same for the same lines however they are cut into pieces.

use super::event::{Event, Line, Names};
use super::place::{Change, Placer};
use super::state::{Did, State};
use crate::error::Result;
use crate::model::Model;
use crate::recipe::rfm::DAY;
use crate::table::Broken;
use crate::task::Task;

/// A longer line is none.
const LONGEST: usize = 1 << 20;
/// Characters of a broken line that are shown.
const SHOWN: usize = 80;
/// Customers who are placed together.
const TOGETHER: usize = 1 << 12;

/// A stream of lines that keeps customers up to date.
pub struct Flow<'m> {
    names: Names,
    placer: Placer<'m>,
    /// The customers.
    pub state: State,
    /// The bytes of all lines so far, where they are not numbered.
    hasher: Option<Box<blake3::Hasher>>,
    /// The line that is taken: its own number where lines are numbered, else its place.
    line: u64,
    /// The beginning of a line whose end is still to come.
    rest: Vec<u8>,
    /// Whether the rest of a line that is too long is passed over.
    passing: bool,
    /// Changes since they were last taken.
    pub changes: Vec<Change>,
    /// Lines that are no events, since they were last taken.
    pub broken: Vec<Broken>,
}

impl<'m> Flow<'m> {
    /// Goes on from a state; `hasher` has the bytes that made it, `None` where lines are numbered.
    ///
    /// # Errors
    /// The model does not fit a stream.
    pub fn new(model: &'m Model, names: Names, state: State, hasher: Option<Box<blake3::Hasher>>) -> Result<Self> {
        let placer = Placer::of(model)?;
        let line = state.position.seq.unwrap_or(state.position.counts.lines);
        let (rest, changes, broken) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Self { names, placer, state, hasher, line, rest, passing: false, changes, broken })
    }

    /// Takes a piece of the text, cut anywhere; lines that are whole are entered.
    ///
    /// # Errors
    /// The task was cancelled.
    pub fn feed(&mut self, piece: &[u8], task: &Task) -> Result<()> {
        let mut piece = piece;
        while let Some(end) = memchr::memchr(b'\n', piece) {
            let (line, after) = piece.split_at(end + 1);
            piece = after;
            if std::mem::take(&mut self.passing) {
                self.pass(line);
                self.state.position.counts.lines += 1;
                self.told_broken(b"", "it is longer than 1 MB".to_owned());
            } else if self.rest.is_empty() {
                self.take(line, task)?;
            } else {
                let mut whole = std::mem::take(&mut self.rest);
                whole.extend_from_slice(line);
                self.take(&whole, task)?;
                whole.clear();
                self.rest = whole;
            }
        }
        self.keep(piece);
        self.settle(task)
    }

    /// The end of the text: a last line without its end is one all the same.
    ///
    /// # Errors
    /// As [`Flow::feed`].
    pub fn finish(&mut self, task: &Task) -> Result<()> {
        let last = std::mem::take(&mut self.rest);
        if !last.is_empty() {
            self.take(&last, task)?;
        }
        self.settle(task)
    }

    fn keep(&mut self, piece: &[u8]) {
        if self.passing {
            return self.pass(piece);
        }
        self.rest.extend_from_slice(piece);
        if self.rest.len() > LONGEST {
            let rest = std::mem::take(&mut self.rest);
            self.pass(&rest);
            self.passing = true;
        }
    }

    /// Counts bytes as taken.
    fn pass(&mut self, bytes: &[u8]) {
        self.state.position.bytes += bytes.len() as u64;
        self.hasher.iter_mut().for_each(|hasher| {
            hasher.update(bytes);
        });
    }

    fn take(&mut self, line: &[u8], task: &Task) -> Result<()> {
        self.pass(line);
        self.state.position.counts.lines += 1;
        if self.hasher.is_some() {
            self.line = self.state.position.counts.lines;
        }
        let text = line.trim_ascii();
        if text.is_empty() {
            return Ok(());
        }
        match self.names.read(text) {
            Ok(Line::Event(event)) => self.enter(&event, task),
            Ok(Line::Tick(at)) => self.tick(at, task),
            Err(why) => {
                self.told_broken(text, why);
                Ok(())
            }
        }
    }

    fn told_broken(&mut self, text: &[u8], why: String) {
        self.state.position.counts.broken += 1;
        let shown = String::from_utf8_lossy(&text[..text.len().min(4 * SHOWN)]).chars().take(SHOWN).collect();
        self.broken.push(Broken { line: self.state.position.counts.lines, text: shown, why });
    }

    fn enter(&mut self, event: &Event, task: &Task) -> Result<()> {
        let is_new = event.seq.is_none_or(|seq| self.state.position.seq.is_none_or(|last| seq > last));
        let before = self.state.position.clock;
        if is_new {
            self.line = event.seq.unwrap_or(self.line);
            self.advance(event.at, task)?;
        }
        let is_late = before.is_some_and(|clock| event.at < clock);
        let clock = self.state.position.clock.unwrap_or(event.at);
        if let Did::Changed(place) = self.state.enter(event, is_late) {
            self.placer.wait(&self.state, place, (self.line, clock));
        }
        if self.placer.waiting() >= TOGETHER { self.settle(task) } else { Ok(()) }
    }

    /// Moves the stream's time on. Where a day begins, everybody is placed as of its beginning.
    fn advance(&mut self, at: f64, task: &Task) -> Result<()> {
        let day = (at / DAY).floor();
        match self.state.position.clock {
            Some(clock) if at <= clock => return Ok(()),
            Some(clock) if day > (clock / DAY).floor() => self.place_all(day * DAY, task)?,
            _ => {}
        }
        self.state.position.clock = Some(at);
        Ok(())
    }

    /// Everybody as of this moment; late ticks say nothing.
    fn tick(&mut self, at: f64, task: &Task) -> Result<()> {
        if self.state.position.clock.is_some_and(|clock| at < clock) {
            return Ok(());
        }
        self.state.position.clock = Some(at);
        self.place_all(at, task)
    }

    fn place_all(&mut self, clock: f64, task: &Task) -> Result<()> {
        self.settle(task)?;
        for place in 0..self.state.customers.len() {
            if self.state.customers[place].orders > 0 {
                self.placer.wait(&self.state, place, (self.line, clock));
            }
            if self.placer.waiting() >= TOGETHER {
                self.settle(task)?;
            }
        }
        self.settle(task)
    }

    fn settle(&mut self, task: &Task) -> Result<()> {
        self.changes.extend(self.placer.place(&mut self.state, task)?);
        Ok(())
    }

    /// Whether nothing of a line is taken whose end is still to come.
    pub fn is_between_lines(&self) -> bool {
        !self.passing
    }

    /// Where the stream is, with the hash of all that was taken.
    pub fn mark(&mut self) {
        if let Some(hasher) = &self.hasher {
            self.state.position.digest = hasher.finalize().to_hex().to_string();
        }
    }
}
