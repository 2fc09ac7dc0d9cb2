//! Gamma-Gamma: what a customer's purchases are worth (Fader and Hardie, The Gamma-Gamma Model of Monetary Value, 2013).

use serde::{Deserialize, Serialize};

use super::special::ln_gamma;
use super::{ClvError, search};
use crate::kernel::fold;
use crate::task::Task;

/// The parameters of the population: a purchase's value varies by Gamma(p, ν) around the customer's mean, ν by Gamma(q, v).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GammaGamma {
    /// The shape of the values of one customer.
    pub p: f64,
    /// The shape of the customers.
    pub q: f64,
    /// Their scale, in the unit of money.
    pub v: f64,
}

/// How many purchases, and their mean value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spent {
    /// The purchases.
    pub purchases: u32,
    /// Their mean value.
    pub mean: f64,
}

impl GammaGamma {
    /// The most likely parameters. Customers without purchases or of no value are left out.
    ///
    /// # Errors
    /// Nobody is left, or the task was cancelled.
    pub fn fit(spent: &[Spent], task: &Task) -> Result<Self, ClvError> {
        let buyers: Vec<Spent> = spent.iter().filter(|of| of.purchases > 0 && of.mean > 0.0).copied().collect();
        if buyers.is_empty() {
            return Err(ClvError::NobodyCameBack);
        }
        let mean = buyers.iter().map(|of| of.mean).sum::<f64>() / buyers.len() as f64;
        let cost = |parameters: &[f64]| -Self::of(parameters).ln_likelihood(&buyers) / buyers.len() as f64;
        let starts: [&[f64]; 2] = [&[1.0, 2.0, mean], &[6.0, 4.0, mean / 2.0]];
        Ok(Self::of(&search::least(&cost, &starts, task)?))
    }

    fn of(parameters: &[f64]) -> Self {
        let at = |place: usize| parameters.get(place).copied().unwrap_or(f64::NAN);
        Self { p: at(0), q: at(1), v: at(2) }
    }

    /// ln of the likelihood of these customers: equation (1a).
    pub fn ln_likelihood(&self, spent: &[Spent]) -> f64 {
        let sum = |range: std::ops::Range<usize>| spent[range].iter().map(|of| self.ln_likelihood_of(of)).sum::<f64>();
        fold::chunks(spent.len(), sum).into_iter().sum()
    }

    fn ln_likelihood_of(&self, &Spent { purchases, mean }: &Spent) -> f64 {
        let (Self { p, q, v }, x) = (*self, f64::from(purchases));
        ln_gamma(p * x + q) - ln_gamma(p * x) - ln_gamma(q) + q * v.ln() + (p * x - 1.0) * mean.ln() + p * x * x.ln()
            - (p * x + q) * (x * mean + v).ln()
    }

    /// The mean value of the customer's next purchases: equation (5); NaN where the population has no mean.
    pub fn expected(&self, &Spent { purchases, mean }: &Spent) -> f64 {
        let (Self { p, q, v }, x) = (*self, f64::from(purchases));
        let weight = p * x + q - 1.0;
        if weight <= 0.0 { f64::NAN } else { p * (v + x * mean) / weight }
    }
}
