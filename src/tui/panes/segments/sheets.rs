//! What opens over the segments: the action in full, the cross tables.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::card;
use super::leaves::Leaf;
use super::statistics;
use crate::plot::number;
use crate::segments::{Cross, Segment, Segments};
use crate::tui::look::Look;
use crate::tui::panes::OpenKey;
use crate::tui::panes::parts::sheet::Sheet;
use crate::tui::widgets::text;
use crate::tui::world::World;

/// The keys of what is only read.
pub const SCROLL: &[OpenKey] = &[("segments.down segments.up", "scroll"), ("back", "back")];

/// What is open, with its first line in sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Open {
    /// Nothing.
    #[default]
    Closed,
    /// Effect sizes, v-tests, silhouettes.
    Statistics(usize),
    /// The action of the segment under the cursor.
    Action(usize),
    /// The segments against groups that were known before.
    Crosses(usize),
    /// One of the sheets behind the card.
    Leaf(Leaf, usize),
}

impl Open {
    /// Its first line in sight, where something is open.
    pub fn scroll(&mut self) -> Option<&mut usize> {
        match self {
            Self::Closed => None,
            Self::Statistics(scroll) | Self::Action(scroll) | Self::Crosses(scroll) | Self::Leaf(_, scroll) => {
                Some(scroll)
            }
        }
    }

    /// Its keys; closed, none.
    pub fn keys(&self) -> Option<&'static [OpenKey]> {
        match self {
            Self::Closed => None,
            Self::Action(_) => Some(&[
                ("segments.open", "changes it"),
                ("segments.note", "note"),
                ("segments.down segments.up", "scroll"),
                ("back", "back"),
            ]),
            Self::Leaf(leaf, _) => Some(leaf.keys()),
            Self::Statistics(_) | Self::Crosses(_) => Some(SCROLL),
        }
    }

    /// Opens `other`, or closes it where it is open.
    pub fn toggle(&mut self, other: Self) {
        let same = match (*self, other) {
            (Self::Leaf(shown, _), Self::Leaf(leaf, _)) => shown == leaf,
            _ => std::mem::discriminant(self) == std::mem::discriminant(&other),
        };
        *self = if same { Self::Closed } else { other };
    }

    /// Draws it over the whole place; returns the last line to scroll to.
    pub fn draw(
        self,
        buf: &mut Buffer,
        area: Rect,
        (world, segments, cursor): (&World, &Segments, usize),
        look: &Look,
    ) -> usize {
        let wide = area.width as usize;
        match (self, segments.list.get(cursor)) {
            (Self::Statistics(scroll), _) => statistics::draw(buf, area, (segments, cursor), scroll, look),
            (Self::Action(scroll), Some(segment)) => {
                let title = format!("{} {}  {}", look.glyph(segment.number), segment.number, segment.name);
                in_full(world, segments, segment, wide, look).draw(buf, area, &title, scroll, look)
            }
            (Self::Crosses(scroll), _) => {
                let sheet = crosses(segments, wide, look);
                sheet.draw(buf, area, "against groups that were known before", scroll, look)
            }
            (Self::Leaf(leaf, scroll), _) => leaf.draw(buf, area, (segments, world), scroll, look),
            _ => 0,
        }
    }
}

/// The cells before the facts.
const TERM: usize = 13;

/// All that the card can say, nothing left out or cut.
fn in_full(world: &World, segments: &Segments, segment: &Segment, cells: usize, look: &Look) -> Sheet {
    let mut sheet = Sheet::default();
    let room = cells.saturating_sub(TERM + 3);
    let mut facts = card::words(world, segments, segment, room);
    if segment.action.is_none() {
        facts.push(("To try", "the playbook has nothing for this segment; Enter writes something".to_owned()));
    }
    for (term, words) in facts {
        for (line, term) in text::wrap(&words, room).into_iter().zip([term].into_iter().chain(std::iter::repeat(""))) {
            sheet.line(vec![(format!("  {term:<0$}", TERM - 2), look.strong()), (line, look.text())]);
        }
    }
    sheet
}

fn crosses(segments: &Segments, cells: usize, look: &Look) -> Sheet {
    let mut sheet = Sheet::default();
    if segments.crosses.is_empty() {
        let words = "No column names groups (segment, tier, cluster, customer type), and there are no recency, frequency \
                     and monetary to work the RFM names out from.";
        sheet.paragraph(words, cells, look.text());
    }
    for cross in &segments.crosses {
        sheet.heading(&cross.with, look);
        cross.words.iter().for_each(|words| sheet.paragraph(words, cells, look.text()));
        table(&mut sheet, cross, cells, look);
    }
    sheet
}

/// The cells of a group's name and of a count.
const NAME: usize = 20;
const COUNT: usize = 8;

/// Groups in rows, segments in columns: names are longer than numbers.
fn table(sheet: &mut Sheet, cross: &Cross, cells: usize, look: &Look) {
    let shown = cross.counts.len().min(cells.saturating_sub(NAME + 4) / COUNT);
    let mut head = vec![(" ".repeat(NAME + 2), look.dim())];
    head.extend(
        (1..)
            .take(shown)
            .map(|number| (text::right(&format!("{} {number}", look.glyph(number)), COUNT), look.segment(number))),
    );
    sheet.line(head);
    for (level, name) in cross.levels.iter().enumerate() {
        let mut line = vec![(format!("  {}", text::left(&text::fit(name, NAME - 1), NAME)), look.text())];
        line.extend(cross.counts.iter().take(shown).map(|row| match row[level] {
            0 => (text::right("·", COUNT), look.dim()),
            count => (text::right(&number::whole(count), COUNT), look.text()),
        }));
        sheet.line(line);
    }
}
