//! Customer lifetime value: how often customers will come back (BG/NBD) and what they will spend (Gamma-Gamma).

mod bgnbd;
mod gamma_gamma;
mod search;
mod special;

pub use bgnbd::BgNbd;
pub use gamma_gamma::{GammaGamma, Spent};

use serde::{Deserialize, Serialize};

use crate::task::Cancelled;

/// What a customer did until now; times in one unit, e.g. weeks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct History {
    /// Purchases after the first.
    pub repeats: u32,
    /// From the first purchase to the last.
    pub last: f64,
    /// From the first purchase to now.
    pub age: f64,
}

/// Both models.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Models {
    /// How often.
    pub purchases: BgNbd,
    /// How much; `None` where no column says what was spent.
    pub value: Option<GammaGamma>,
    /// The customers whom they were fitted to.
    pub customers: usize,
}

/// Why a model could not be fitted.
#[derive(Debug, thiserror::Error)]
pub enum ClvError {
    /// The task was cancelled.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// No customer has a second purchase.
    #[error("no customer bought a second time: there is nothing to learn how often they come back")]
    NobodyCameBack,
    /// The search for the parameters led nowhere.
    #[error("no parameters of the lifetime model fit these customers")]
    NoAnswer,
}

#[cfg(test)]
mod tests;
