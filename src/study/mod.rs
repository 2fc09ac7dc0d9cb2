//! Candidates -> runs: shared work, redraws, ranking, recommendation.

mod advise;
mod agreement;
mod alternatives;
mod balance;
mod borders;
mod depth;
mod error;
mod expand;
mod fit;
mod gap;
mod guard;
mod importance;
mod known;
mod null;
mod parse;
mod prediction;
mod rank;
mod reasons;
mod redraw;
mod relevance;
mod run;
mod sample;
mod sensitivity;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod unimodal;
mod values;
mod votes;
mod words;

pub use agreement::placed_alike;
pub use balance::{Balance, Smallest, balance};
pub use error::StudyError;
pub use expand::{Estimate, estimate};
pub use importance::{Importance, importance};
pub use relevance::{Relevance, relevance};
pub use run::{resume, run};
pub use sample::{Sample, refit, sample};
pub use sensitivity::{Agreement, Sensitivity, sensitivity};
pub use values::{
    Alternative, Candidate, Elbow, Full, Gate, Plan, Recommendation, Rejected, Run, Stability, Status, Structure,
    Study, Tautology, Vote,
};
