//! BG/NBD: how often a customer will come back (Fader, Hardie and Lee, "Counting your customers" the easy way, 2005).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::special::{damped_hypergeometric, ln_add, ln_gamma};
use super::{ClvError, History, search};
use crate::kernel::fold;
use crate::task::Task;

/// The parameters of the population: purchases come as a Poisson process whose rate varies by Gamma(r, α); after each
/// one the customer leaves with a chance that varies by Beta(a, b). α is in the unit of time of the histories.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BgNbd {
    /// The shape of the rates.
    pub r: f64,
    /// The scale of the rates.
    pub alpha: f64,
    /// The first parameter of the chances of leaving.
    pub a: f64,
    /// The second one.
    pub b: f64,
}

/// A history and how many customers have it.
type Counted = (History, f64);

impl BgNbd {
    /// The most likely parameters.
    ///
    /// # Errors
    /// Nobody came back, or the task was cancelled.
    pub fn fit(histories: &[History], task: &Task) -> Result<Self, ClvError> {
        if histories.iter().all(|history| history.repeats == 0) {
            return Err(ClvError::NobodyCameBack);
        }
        let counted = counted(histories);
        let cost = |parameters: &[f64]| -Self::of(parameters).mean_ln_likelihood(&counted);
        let mean_age = histories.iter().map(|history| history.age).sum::<f64>() / histories.len() as f64;
        let starts: [&[f64]; 3] = [&[1.0, 1.0, 1.0, 1.0], &[0.3, mean_age / 5.0, 0.8, 2.5], &[1.0, mean_age, 0.5, 5.0]];
        Ok(Self::of(&search::least(&cost, &starts, task)?))
    }

    fn of(parameters: &[f64]) -> Self {
        let at = |place: usize| parameters.get(place).copied().unwrap_or(f64::NAN);
        Self { r: at(0), alpha: at(1), a: at(2), b: at(3) }
    }

    /// ln of the likelihood of these histories.
    pub fn ln_likelihood(&self, histories: &[History]) -> f64 {
        histories.iter().map(|history| self.ln_likelihood_of(history)).sum()
    }

    fn mean_ln_likelihood(&self, counted: &[Counted]) -> f64 {
        let sum = |range: std::ops::Range<usize>| -> (f64, f64) {
            let terms = counted[range].iter().map(|(history, times)| (self.ln_likelihood_of(history) * times, *times));
            terms.fold((0.0, 0.0), |sum, term| (sum.0 + term.0, sum.1 + term.1))
        };
        let sums = fold::chunks(counted.len(), sum);
        let (likelihood, times) = sums.into_iter().fold((0.0, 0.0), |sum, next| (sum.0 + next.0, sum.1 + next.1));
        likelihood / times
    }

    /// Equation (6) of the paper, in logarithms.
    fn ln_likelihood_of(&self, &History { repeats, last, age }: &History) -> f64 {
        let (Self { r, alpha, a, b }, x) = (*self, f64::from(repeats));
        let rate = ln_gamma(r + x) - ln_gamma(r) + r * alpha.ln();
        let chance = ln_gamma(a + b) + ln_gamma(b + x) - ln_gamma(b) - ln_gamma(a + b + x);
        let stays = -(r + x) * (alpha + age).ln();
        let left =
            if repeats == 0 { f64::NEG_INFINITY } else { a.ln() - (b + x - 1.0).ln() - (r + x) * (alpha + last).ln() };
        rate + chance + ln_add(stays, left)
    }

    /// The chance that the customer has not left.
    pub fn alive(&self, history: &History) -> f64 {
        1.0 / (1.0 + self.odds_of_having_left(history))
    }

    fn odds_of_having_left(&self, &History { repeats, last, age }: &History) -> f64 {
        if repeats == 0 {
            return 0.0;
        }
        let (Self { r, alpha, a, b }, x) = (*self, f64::from(repeats));
        (a.ln() - (b + x - 1.0).ln() + (r + x) * ((alpha + age).ln() - (alpha + last).ln())).exp()
    }

    /// The purchases to be expected within the next `time`: equation (10).
    pub fn expected(&self, history: &History, time: f64) -> f64 {
        let (Self { r, alpha, b, .. }, x) = (*self, f64::from(history.repeats));
        // At 1 the formula is 0/0; its limit is what stands beside it.
        let a = if (self.a - 1.0).abs() < 1e-7 { 1.0 + 1e-7 } else { self.a };
        let c = a + b + x - 1.0;
        let series = damped_hypergeometric(r + x, b + x, c, time / (alpha + history.age + time));
        c / (a - 1.0) * (1.0 - series) / (1.0 + self.odds_of_having_left(history))
    }
}

/// Equal histories once, in a fixed order.
fn counted(histories: &[History]) -> Vec<Counted> {
    let mut counts: BTreeMap<(u32, u64, u64), usize> = BTreeMap::new();
    for history in histories {
        *counts.entry((history.repeats, history.last.to_bits(), history.age.to_bits())).or_default() += 1;
    }
    let history = |(repeats, last, age)| History { repeats, last: f64::from_bits(last), age: f64::from_bits(age) };
    counts.into_iter().map(|(key, times)| (history(key), times as f64)).collect()
}
