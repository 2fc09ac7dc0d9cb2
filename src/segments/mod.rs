//! What the segments are: profiles, effect sizes, names, paragons.

mod values;

pub use values::{Cell, Effect, Rule, Segment, Segments, Sureness};
