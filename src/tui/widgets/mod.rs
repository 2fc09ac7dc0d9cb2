//! What panes are drawn with: text that fits, tables, rules, bars, plots. Nothing here knows a room.

pub mod axes;
pub mod bars;
pub mod columns;
pub mod cross;
pub mod curve;
pub mod dots;
pub mod heat;
pub mod histogram;
pub mod rule;
pub mod scatter;
pub mod spelling;
pub mod table;
pub mod text;
