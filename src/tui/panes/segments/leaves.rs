//! The sheets behind the card: what the segments bring, how sure they are, what they buy, who moved, drift.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::sheets::SCROLL;
use super::{baskets, drift, migration, outcomes, proof};
use crate::segments::Segments;
use crate::tui::look::Look;
use crate::tui::panes::OpenKey;
use crate::tui::panes::focus::{self, Focus};
use crate::tui::world::World;

/// What a sheet shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaf {
    /// What the segments bring.
    Outcomes,
    /// How sure they are.
    Proof,
    /// What they buy.
    Baskets,
    /// Who moved.
    Migration,
    /// Whether later rows are like those that were studied.
    Drift,
}

impl Leaf {
    /// The sheet that this command opens.
    pub fn of(id: &str) -> Option<Self> {
        match id {
            "segments.outcomes" => Some(Self::Outcomes),
            "segments.proof" => Some(Self::Proof),
            "segments.baskets" => Some(Self::Baskets),
            "segments.moved" => Some(Self::Migration),
            "segments.drift" => Some(Self::Drift),
            _ => None,
        }
    }

    /// The report's picture of it.
    pub fn figure(self) -> &'static str {
        match self {
            Self::Outcomes => "outcomes",
            Self::Proof => "silhouettes",
            Self::Baskets | Self::Migration | Self::Drift => "heat",
        }
    }

    /// Its keys.
    pub fn keys(self) -> &'static [OpenKey] {
        match self {
            Self::Outcomes | Self::Proof | Self::Baskets => SCROLL,
            Self::Migration => &[
                ("segments.follow", "another period"),
                ("segments.movers", "write them"),
                ("segments.down segments.up", "scroll"),
                ("back", "back"),
            ],
            Self::Drift => {
                &[("segments.hold", "later rows"), ("segments.down segments.up", "scroll"), ("back", "back")]
            }
        }
    }

    /// How it is read.
    pub fn focus(self) -> Focus {
        match self {
            Self::Outcomes => focus::OUTCOMES,
            Self::Proof => focus::PROOF,
            Self::Baskets => focus::BASKETS,
            Self::Migration => focus::MIGRATION,
            Self::Drift => focus::DRIFT,
        }
    }

    /// Draws it from line `scroll` on; returns the last line to scroll to.
    pub fn draw(
        self,
        buf: &mut Buffer,
        area: Rect,
        (segments, world): (&Segments, &World),
        scroll: usize,
        look: &Look,
    ) -> usize {
        match self {
            Self::Outcomes => outcomes::draw(buf, area, segments, scroll, look),
            Self::Proof => proof::draw(buf, area, segments, scroll, look),
            Self::Baskets => baskets::draw(buf, area, segments, scroll, look),
            Self::Migration => migration::draw(buf, area, world.migrated.as_deref(), scroll, look),
            Self::Drift => drift::draw(buf, area, world.drift.as_deref(), scroll, look),
        }
    }
}
