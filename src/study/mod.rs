//! Candidates -> runs: shared work, redraws, ranking, recommendation.

mod values;

pub use values::{
    Alternative, Candidate, Elbow, Gate, Plan, Recommendation, Rejected, Run, Stability, Status, Structure, Study,
    Tautology, Vote,
};
