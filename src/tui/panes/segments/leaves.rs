//! The sheets behind the card: what the segments bring, how sure they are, what they buy.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{baskets, outcomes, proof};
use crate::segments::Segments;
use crate::tui::look::Look;

/// What a sheet shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaf {
    /// What the segments bring.
    Outcomes,
    /// How sure they are.
    Proof,
    /// What they buy.
    Baskets,
}

impl Leaf {
    /// The sheet that this command opens.
    pub fn of(id: &str) -> Option<Self> {
        match id {
            "segments.outcomes" => Some(Self::Outcomes),
            "segments.proof" => Some(Self::Proof),
            "segments.baskets" => Some(Self::Baskets),
            _ => None,
        }
    }

    /// Draws it from line `scroll` on.
    pub fn draw(self, buf: &mut Buffer, area: Rect, segments: &Segments, scroll: usize, look: &Look) {
        match self {
            Self::Outcomes => outcomes::draw(buf, area, segments, scroll, look),
            Self::Proof => proof::draw(buf, area, segments, scroll, look),
            Self::Baskets => baskets::draw(buf, area, segments, scroll, look),
        }
    }
}
