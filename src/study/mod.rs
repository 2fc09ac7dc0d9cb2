//! Candidates -> runs: shared work, redraws, ranking, recommendation.

mod advise;
mod agreement;
mod alternatives;
mod borders;
mod depth;
mod error;
mod expand;
mod fit;
mod gap;
mod guard;
mod null;
mod parse;
mod prediction;
mod rank;
mod reasons;
mod redraw;
mod run;
mod sample;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod unimodal;
mod values;
mod votes;
mod words;

pub use agreement::placed_alike;
pub use error::StudyError;
pub use expand::{Estimate, estimate};
pub use run::run;
pub use sample::{Sample, refit, sample};
pub use values::{
    Alternative, Candidate, Elbow, Full, Gate, Plan, Recommendation, Rejected, Run, Stability, Status, Structure,
    Study, Tautology, Vote,
};
