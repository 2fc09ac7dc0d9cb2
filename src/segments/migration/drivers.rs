//! What changed about the customers that moved, beyond what changed about those who stayed.

use serde::{Deserialize, Serialize};

use super::{Customer, Period, State};
use crate::recipe::stats::mean_sd;

/// So many are told at most …
const MOST: usize = 3;
/// … from this many standard deviations on.
const LEAST: f64 = 0.1;

/// One feature of the customers of a flow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Driver {
    /// The feature.
    pub feature: String,
    /// Their mean before, in the file's units.
    pub before: f64,
    /// Their mean after.
    pub after: f64,
    /// The change beyond that of those who stayed in the same segment, in everyone's standard deviations of before.
    pub beyond: f64,
}

/// The features of two periods.
pub(super) struct Drivers<'a> {
    features: Vec<Feature<'a>>,
}

struct Feature<'a> {
    name: &'a str,
    before: &'a [f64],
    after: &'a [f64],
    sd: f64,
}

impl<'a> Drivers<'a> {
    pub fn new(before: &'a Period, after: &'a Period) -> Self {
        let feature = |(name, was): &'a (String, Vec<f64>)| {
            let (_, is) = after.features.iter().find(|(other, _)| other == name)?;
            let (_, sd) = mean_sd(was.iter().copied());
            (sd > 0.0).then_some(Feature { name, before: was, after: is, sd })
        };
        Self { features: before.features.iter().filter_map(feature).collect() }
    }

    /// What changed about those who went from one segment to another; nothing for those who stayed, came or went.
    pub fn of(&self, customers: &[Customer], from: State, to: State) -> Vec<Driver> {
        if from == to || [from, to].iter().any(|state| matches!(state, State::Absent | State::Unplaced)) {
            return Vec::new();
        }
        let mut drivers: Vec<Driver> =
            self.features.iter().filter_map(|feature| feature.driver(customers, from, to)).collect();
        drivers.sort_by(|a, b| b.beyond.abs().total_cmp(&a.beyond.abs()));
        drivers.retain(|driver| driver.beyond.abs() >= LEAST);
        drivers.truncate(MOST);
        drivers
    }
}

impl Feature<'_> {
    fn driver(&self, customers: &[Customer], from: State, to: State) -> Option<Driver> {
        let (before, after) = self.means(customers, from, to)?;
        let stayed = self.means(customers, from, from).map_or(0.0, |(before, after)| after - before);
        let beyond = (after - before - stayed) / self.sd;
        Some(Driver { feature: self.name.to_owned(), before, after, beyond })
    }

    /// The means before and after of those of whom both are known.
    fn means(&self, customers: &[Customer], from: State, to: State) -> Option<(f64, f64)> {
        let of = customers.iter().filter(|customer| customer.before == from && customer.after == to);
        let values =
            of.filter_map(|customer| Some((self.before[customer.row_before?], self.after[customer.row_after?])));
        let known: Vec<(f64, f64)> = values.filter(|(was, is)| !was.is_nan() && !is.is_nan()).collect();
        let mean = |of: fn(&(f64, f64)) -> f64| known.iter().map(of).sum::<f64>() / known.len() as f64;
        (!known.is_empty()).then(|| (mean(|pair| pair.0), mean(|pair| pair.1)))
    }
}
