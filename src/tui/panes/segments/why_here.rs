//! Why the customer under the cursor is in this segment: what each feature says.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::plot::{bars, number};
use crate::segments::{Centres, Frame, Why, why};
use crate::study::Run;
use crate::tui::look::Look;
use crate::tui::panes::parts::titles;
use crate::tui::widgets::{rule, text};
use crate::tui::world::World;

/// The centres that customers are held against; found once for a list.
#[derive(Debug)]
pub struct Reasons {
    centres: Centres,
}

impl Reasons {
    /// Of the run whose segments are shown; `None` until its matrix is there.
    pub fn new(world: &World, run: &Run) -> Option<Self> {
        let prepared = world.prepared.as_ref()?;
        let same = run.labels.len() == prepared.matrix.nrows() && run.labels.clusters() > 1;
        same.then(|| Self { centres: Centres::new(&prepared.matrix, &run.labels) })
    }

    /// Why the customer in this row of the table, and of the matrix, is where he or she is.
    fn of(&self, world: &World, run: &Run, (row, of_matrix): (u32, usize)) -> Option<Why> {
        let (prepared, table) = (world.prepared.as_ref()?, world.table.as_ref()?);
        let frame = Frame {
            table,
            segments: world.segments.get(&run.id)?,
            centres: &self.centres,
            features: &prepared.pipeline.inputs,
            origin: &prepared.origin,
        };
        let label = *run.labels.as_slice().get(of_matrix)?;
        why(&frame, row as usize, prepared.matrix.row(of_matrix), label)
    }

    /// Draws it under a rule.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, world: &World, run: &Run, place: (u32, usize), look: &Look) {
        rule::titled(buf, area, "why here", look);
        let Some(why) = self.of(world, run, place) else { return };
        let mut y = area.y + 1;
        for line in text::wrap(&why.words, area.width.saturating_sub(4) as usize) {
            if y < area.bottom() {
                text::put(buf, area.x + 2, y, area.width - 3, &line, look.text());
                y += 1;
            }
        }
        for part in why.parts.iter().take(area.bottom().saturating_sub(y) as usize) {
            let towards = if part.points < 0.0 { why.next } else { why.segment };
            let name = text::left(&titles::fitted(&part.feature, 22), 24);
            let value = text::right(&text::fit(&part.value, 12), 13);
            let share = text::right(&number::percent(part.share, 0), 7);
            let bar = text::left(&bars::horizontal(part.share, 1.0, 14), 15);
            let says = format!(" for {} {towards}", look.glyph(towards));
            let spans = [
                (name.as_str(), look.text()),
                (value.as_str(), look.strong()),
                (share.as_str(), look.text()),
                (" ", look.text()),
                (bar.as_str(), look.segment(towards)),
                (says.as_str(), look.dim()),
            ];
            text::put_spans(buf, area.x + 2, y, area.width - 3, &spans);
            y += 1;
        }
    }
}

/// The lines that it takes: the sentence in up to three, then a line each for the features.
pub fn height(features: usize, room: u16) -> u16 {
    u16::try_from(features + 4).unwrap_or(u16::MAX).min(room / 2)
}
