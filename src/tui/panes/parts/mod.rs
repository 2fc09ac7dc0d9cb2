//! What several panes show: values in their own units, titles that fit, the map, the list of segments.

pub mod cloud;
pub mod cross;
pub mod editor;
pub mod form;
pub mod headless;
pub mod held;
pub mod looked;
pub mod missing;
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

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::look::Look;

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
