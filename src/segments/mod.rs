//! What the segments are: profiles, effect sizes, names, paragons.

mod columns;
mod names;
mod nouns;
mod profile;
mod rule;
mod sentence;
mod show;
mod values;
mod vtest;

pub use columns::effect;
pub use profile::profile;
pub use values::{Cell, Effect, Rule, Segment, Segments, Sureness};

/// Below this many standard deviations from everyone's mean a segment is called neither high nor low.
const UNCLEAR: f64 = 0.5;

#[cfg(test)]
mod tests;
