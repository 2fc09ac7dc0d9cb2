//! How the place's lines are shared.

use ratatui::layout::Rect;

use crate::segments::Segments as Profile;
use crate::tui::panes::parts::segment_list;
use crate::tui::widgets::table;

/// Where the parts of the place stand.
pub struct Places {
    /// The answer in a line.
    pub head: Rect,
    /// The segments.
    pub list: Rect,
    /// The one under the cursor, or a picture.
    pub card: Rect,
    /// The pictures beside the card, on wide screens.
    pub side: Rect,
    /// Whether there is room for one thing only: list and card stand in the same lines.
    pub is_small: bool,
}

/// Below so many lines the card has no room of its own.
const LEAST: u16 = 12;

impl Places {
    /// Shares the lines and columns.
    pub fn new(area: Rect, profile: &Profile) -> Self {
        let head = Rect { height: area.height.min(1), ..area };
        if area.height < LEAST {
            let list = Rect { y: head.bottom(), height: area.height - head.height, ..area };
            return Self { head, list, card: list, side: Rect::ZERO, is_small: true };
        }
        let most = (area.height / 2).saturating_sub(1).max(8);
        let list = segment_list::height(profile).min(most);
        let list = Rect { y: area.y + 1, height: list, ..area };
        let rest = Rect { y: list.bottom(), height: area.bottom() - list.bottom(), ..area };
        if area.width < 140 {
            return Self { head, list, card: rest, side: Rect::ZERO, is_small: false };
        }
        let card = Rect { width: area.width * 11 / 20, ..rest };
        let side = Rect { x: card.right(), width: area.width - card.width, ..rest };
        Self { head, list, card, side, is_small: false }
    }

    /// Segments that can be seen at once.
    pub fn room(&self, profile: &Profile) -> usize {
        self.list.height.saturating_sub(2 + u16::from(profile.unassigned > 0)) as usize
    }

    /// The first segment in sight.
    pub fn first(&self, cursor: usize, profile: &Profile) -> usize {
        table::first_row(cursor, profile.list.len(), self.room(profile))
    }
}
