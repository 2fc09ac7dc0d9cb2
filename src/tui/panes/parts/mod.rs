//! What several panes show: values in their own units, titles that fit, the map, the list of segments.

pub mod cloud;
pub mod cross;
pub mod editor;
pub mod form;
pub mod headless;
pub mod held;
pub mod looked;
pub mod reading;
pub mod rows;
pub mod rows_here;
pub mod segment_list;
pub mod sheet;
pub mod silhouettes;
pub mod tables;
pub mod titles;
pub mod tree;
pub mod value;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::look::Look;
use crate::tui::widgets::text;

/// Says so where a place is too small to be drawn.
pub fn too_small(buf: &mut Buffer, area: Rect, look: &Look) -> bool {
    let small = area.width < 60 || area.height < 12;
    if small && !area.is_empty() {
        let words = text::wrap("Too small: 80 columns by 24 lines are needed.", area.width.max(2) as usize - 1);
        for (line, y) in words.iter().zip(area.top()..area.bottom()) {
            text::put(buf, area.x, y, area.width, line, look.text());
        }
    }
    small
}

/// The least cells that a place is drawn in: what a terminal of 40 × 10 leaves it.
const TINY: (u16, u16) = (40, 7);

/// Whether nothing useful fits; the frame says so.
pub fn tiny(area: Rect) -> bool {
    area.width < TINY.0 || area.height < TINY.1
}

/// The name in the row under the cursor.
pub fn cursor(look: &Look) -> Style {
    look.cursor()
}
