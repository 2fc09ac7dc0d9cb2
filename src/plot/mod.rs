//! UI-free geometry of plots: scales and ticks, numbers as screens write them, binning to a cell grid,
//! bars in eighths of a cell, dendrogram layout, lines column by column.

pub mod bars;
pub mod chart;
pub mod fit;
pub mod grid;
pub mod line;
pub mod number;
pub mod scale;
pub mod time;
pub mod tree;
