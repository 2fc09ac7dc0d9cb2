//! What the segments are: profiles, effect sizes, names, paragons.

mod action;
pub mod baskets;
mod centres;
mod columns;
mod contingency;
mod control;
mod crosses;
pub mod feedback;
mod groups;
pub mod intervals;
mod keys;
pub mod migration;
mod names;
mod nouns;
mod omnibus;
mod outcomes;
mod profile;
mod proof;
mod rule;
mod sentence;
mod show;
mod spoken;
mod values;
mod vtest;
mod why;

pub use action::act;
pub use baskets::Baskets;
pub use centres::Centres;
pub use columns::effect;
pub use control::{CONTROL, Control};
pub use keys::{carry, kept, known};
pub use outcomes::{Better, Lift, Meaning, Outcome};
pub use profile::profile;
pub use proof::{Gauge, Proof, SegmentProof, Trial, proof};
pub use values::{Action, Bordering, Cell, Cross, Effect, Group, Rule, Segment, Segments, Sureness, Test, TestKind};
pub use vtest::p_of_level;
pub use why::{Frame, Part, Why, why};

/// Below this many standard deviations from everyone's mean a segment is called neither high nor low.
const UNCLEAR: f64 = 0.5;

#[cfg(test)]
mod proof_tests;
#[cfg(test)]
mod tests;
