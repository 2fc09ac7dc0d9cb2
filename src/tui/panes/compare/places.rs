//! Where the parts of the place stand.

use ratatui::layout::Rect;

/// Where the parts of the place stand.
pub struct Places {
    pub head: Rect,
    pub table: Rect,
    pub curves: Rect,
    pub side: Rect,
    pub lower: Rect,
}

/// The cells of the table where the indices stand beside it.
pub const TABLE: u16 = 104;

/// The lines from which on curves have room below the runs.
const LEAST: u16 = 12;

impl Places {
    /// In `area`, below an answer of so many lines; where `large` the curves have most of it.
    pub fn new(area: Rect, answer: u16, large: bool) -> Self {
        let head = Rect { height: answer.min(area.height), ..area };
        let rest = Rect { y: area.y + head.height, height: area.height - head.height, ..area };
        match area.width >= 150 && area.height >= 34 {
            _ if large && rest.height >= LEAST => Self::curves(head, rest),
            true => Self::wide(head, rest),
            false => Self::stacked(head, rest),
        }
    }

    fn wide(head: Rect, rest: Rect) -> Self {
        let upper = (rest.height - 2) / 2;
        let table = Rect { y: rest.y + 1, width: TABLE, height: upper, ..rest };
        let side = Rect { x: rest.x + TABLE, width: rest.width - TABLE, ..table };
        let lower = Rect { y: table.bottom(), height: rest.height - 1 - upper, ..rest };
        Self { head, table, curves: Rect::ZERO, side, lower }
    }

    /// The runs around the cursor, and the curves in all other room.
    fn curves(head: Rect, rest: Rect) -> Self {
        let table = Rect { height: (rest.height / 3).clamp(3.min(rest.height), 12), ..rest };
        let curves = Rect { y: table.bottom(), height: rest.height - table.height, ..rest };
        Self { head, table, curves, side: Rect::ZERO, lower: Rect::ZERO }
    }

    /// Table, curves, and in what is left the segments of the run under the cursor.
    fn stacked(head: Rect, rest: Rect) -> Self {
        let curves = if rest.height >= 26 { 8 } else { 6 };
        let curves = if rest.height >= LEAST && rest.width >= 60 { curves } else { 0 };
        let lower = if rest.height >= 30 { 10 } else { 0 };
        let table = Rect { height: rest.height - curves - lower, ..rest };
        let lower = Rect { y: table.bottom(), height: lower, ..rest };
        let curves = Rect { y: lower.bottom(), height: curves, ..rest };
        Self { head, table, curves, side: Rect::ZERO, lower }
    }

    /// Lines for runs and the line between them.
    pub fn room(&self) -> usize {
        self.table.height.saturating_sub(1) as usize
    }
}
