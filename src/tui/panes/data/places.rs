//! How the place's lines are shared.

use ratatui::layout::Rect;

/// Where the parts of the place stand.
pub struct Places {
    /// What this file is.
    pub head: Rect,
    /// Its columns.
    pub columns: Rect,
    /// What was noticed.
    pub findings: Rect,
    /// Its first rows.
    pub rows: Rect,
}

impl Places {
    /// Shares the lines: what is left by the columns goes to the rows.
    pub fn new(area: Rect, columns: usize, findings: usize) -> Self {
        let take = |from: u16, lines: u16| Rect {
            y: area.y + from,
            height: lines.min(area.height.saturating_sub(from)),
            ..area
        };
        let head = 2.min(area.height);
        let rest = area.height - head;
        if rest < 10 {
            return Self {
                head: take(0, head),
                columns: take(head, rest),
                findings: take(head, 0),
                rows: take(head, 0),
            };
        }
        let free = rest - 4;
        let found = (free.div_ceil(4)).min(u16::try_from(findings.max(1)).unwrap_or(u16::MAX)).min(8);
        let listed = (free - found - (free / 7).max(1)).min(u16::try_from(columns.max(1)).unwrap_or(u16::MAX));
        let found = found + 1;
        let listed = listed + 1;
        Self {
            head: take(0, head),
            columns: take(head, listed),
            findings: take(head + listed, found),
            rows: take(head + listed + found, rest - listed - found),
        }
    }
}
