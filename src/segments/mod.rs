//! What the segments are: profiles, effect sizes, names, paragons.

pub mod baskets;
mod columns;
mod control;
pub mod feedback;
pub mod intervals;
pub mod migration;
mod names;
mod nouns;
mod outcomes;
mod profile;
mod proof;
mod rule;
mod sentence;
mod show;
mod values;
mod vtest;

pub use columns::effect;
pub use control::Control;
pub use outcomes::{Better, Lift, Meaning, Outcome};
pub use profile::profile;
pub use proof::{Gauge, Proof, SegmentProof, Trial, proof};
pub use values::{Cell, Effect, Rule, Segment, Segments, Sureness};

/// Below this many standard deviations from everyone's mean a segment is called neither high nor low.
const UNCLEAR: f64 = 0.5;

#[cfg(test)]
mod proof_tests;
#[cfg(test)]
mod tests;
