//! What the segments are: profiles, effect sizes, names, paragons.

mod action;
mod centres;
mod columns;
mod contingency;
mod crosses;
mod groups;
mod keys;
mod names;
mod nouns;
mod omnibus;
mod profile;
mod rule;
mod sentence;
mod show;
mod values;
mod vtest;
mod why;

pub use action::act;
pub use centres::Centres;
pub use columns::effect;
pub use keys::{carry, kept};
pub use profile::profile;
pub use values::{Action, Bordering, Cell, Cross, Effect, Group, Rule, Segment, Segments, Sureness, Test, TestKind};
pub use why::{Frame, Part, Why, why};

/// Below this many standard deviations from everyone's mean a segment is called neither high nor low.
const UNCLEAR: f64 = 0.5;

#[cfg(test)]
mod tests;
