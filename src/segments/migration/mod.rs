//! Migration: where the customers of one period are in the next, both placed by the same frozen model.

mod drivers;
mod forecast;
mod softmax;
#[cfg(test)]
mod tests;
mod words;

pub use drivers::Driver;
pub use forecast::{Backtest, Forecast, Loss, forecast};

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::intervals;
use crate::matrix::UNASSIGNED;

/// A period whose customers were placed by the model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Period {
    /// How it is called, e.g. the file's name.
    pub name: String,
    /// The customers' ids, each once.
    pub ids: Vec<String>,
    /// Their labels, 0 in no segment; `None` where a row could not be placed.
    pub labels: Vec<Option<u32>>,
    /// The numbers that the model looks at, in the file's units: one value a customer, NaN where it is missing.
    pub features: Vec<(String, Vec<f64>)>,
    /// The same as the model sees them: one row a customer, empty where it could not be placed.
    pub space: Vec<Vec<f64>>,
}

/// A customer stands in two rows of one period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("customer {id} stands in two rows of {period}")]
pub struct Twice {
    /// Who.
    pub id: String,
    /// Where.
    pub period: String,
}

impl From<Twice> for crate::error::Error {
    fn from(twice: Twice) -> Self {
        Self::failed(twice.to_string()).hint("migration follows customers by their id: each may stand in one row only")
    }
}

/// Where a customer can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// In this segment.
    Segment(u32),
    /// In no segment.
    Unassigned,
    /// In the period, but the row could not be placed.
    Unplaced,
    /// Not in the period: came after it, or went before it.
    Absent,
}

/// What became of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// In the same segment.
    Stayed,
    /// In another one.
    Moved,
    /// New.
    Came,
    /// No more there.
    Went,
    /// A row of one of the periods could not be placed.
    Unplaced,
}

/// One customer in both periods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// The id.
    pub id: String,
    /// Where the customer was …
    pub before: State,
    /// … and is.
    pub after: State,
    /// The row in the period before.
    pub row_before: Option<usize>,
    /// The row in the period after.
    pub row_after: Option<usize>,
}

/// The customers that went from one place to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flow {
    /// From where.
    pub from: State,
    /// To where.
    pub to: State,
    /// How many.
    pub customers: usize,
    /// Their share of those who were there before; `None` for those who came.
    pub share: Option<f64>,
    /// Its interval of 95 % (Wilson).
    pub interval: Option<(f64, f64)>,
    /// What changed about them, the most telling first.
    pub drivers: Vec<Driver>,
}

/// Who moved, stayed, came, went between two periods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Migration {
    /// The names of the periods.
    pub periods: [String; 2],
    /// The segments' names, 1 first.
    pub names: Vec<String>,
    /// The places that anybody was or is in, segments first.
    pub states: Vec<State>,
    /// By place before and place after, in the order of `states`: so many customers.
    pub counts: Vec<Vec<usize>>,
    /// What is in `counts` and not nothing, by place before, then place after.
    pub flows: Vec<Flow>,
    /// Customers before, and after.
    pub customers: [usize; 2],
    /// In the same segment.
    pub stayed: usize,
    /// In another one.
    pub moved: usize,
    /// New.
    pub came: usize,
    /// No more there.
    pub went: usize,
    /// With a row that could not be placed.
    pub unplaced: usize,
}

impl State {
    fn of(label: Option<u32>) -> Self {
        match label {
            None => Self::Unplaced,
            Some(UNASSIGNED) => Self::Unassigned,
            Some(number) => Self::Segment(number),
        }
    }

    /// Its name, with those of the segments.
    pub fn name(self, names: &[String]) -> String {
        match self {
            Self::Segment(number) => {
                names.get((number as usize).saturating_sub(1)).cloned().unwrap_or_else(|| format!("segment {number}"))
            }
            Self::Unassigned => "in no segment".to_owned(),
            Self::Unplaced => "not placed".to_owned(),
            Self::Absent => "not there".to_owned(),
        }
    }

    /// Its number in tables: the segment's, 0 in no segment, nothing else.
    pub fn number(self) -> Option<u32> {
        match self {
            Self::Segment(number) => Some(number),
            Self::Unassigned => Some(UNASSIGNED),
            Self::Unplaced | Self::Absent => None,
        }
    }
}

impl Customer {
    /// What became of the customer.
    pub fn change(&self) -> Change {
        match (self.before, self.after) {
            (State::Unplaced, _) | (_, State::Unplaced) => Change::Unplaced,
            (State::Absent, _) => Change::Came,
            (_, State::Absent) => Change::Went,
            (before, after) if before == after => Change::Stayed,
            _ => Change::Moved,
        }
    }
}

impl Change {
    /// The word in tables and files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Stayed => "stayed",
            Self::Moved => "moved",
            Self::Came => "came",
            Self::Went => "went",
            Self::Unplaced => "not placed",
        }
    }
}

/// Every customer of either period once: those of the period before in its order, then those who came.
///
/// # Errors
/// [`Twice`].
pub fn customers(before: &Period, after: &Period) -> Result<Vec<Customer>, Twice> {
    let (was, is) = (places(before)?, places(after)?);
    let state = |period: &Period, row: Option<usize>| row.map_or(State::Absent, |row| State::of(period.labels[row]));
    let customer = |id: &String| {
        let (row_before, row_after) = (was.get(id.as_str()).copied(), is.get(id.as_str()).copied());
        let (before, after) = (state(before, row_before), state(after, row_after));
        Customer { id: id.clone(), before, after, row_before, row_after }
    };
    let came = after.ids.iter().filter(|id| !was.contains_key(id.as_str()));
    Ok(before.ids.iter().chain(came).map(customer).collect())
}

fn places(period: &Period) -> Result<HashMap<&str, usize>, Twice> {
    let mut places = HashMap::with_capacity(period.ids.len());
    for (row, id) in period.ids.iter().enumerate() {
        if places.insert(id.as_str(), row).is_some() {
            return Err(Twice { id: id.clone(), period: period.name.clone() });
        }
    }
    Ok(places)
}

/// Counts who moved, stayed, came and went, and what changed about them. `names` are the segments', 1 first.
pub fn migration(before: &Period, after: &Period, customers: &[Customer], names: &[String]) -> Migration {
    let states = states(customers, names.len());
    let place = |state: State| states.iter().position(|known| *known == state).unwrap_or(0);
    let mut counts = vec![vec![0; states.len()]; states.len()];
    customers.iter().for_each(|customer| counts[place(customer.before)][place(customer.after)] += 1);
    let so_many = |change: Change| customers.iter().filter(|customer| customer.change() == change).count();
    Migration {
        periods: [before.name.clone(), after.name.clone()],
        names: names.to_vec(),
        flows: flows(before, after, customers, &states, &counts),
        states,
        counts,
        customers: [before.ids.len(), after.ids.len()],
        stayed: so_many(Change::Stayed),
        moved: so_many(Change::Moved),
        came: so_many(Change::Came),
        went: so_many(Change::Went),
        unplaced: so_many(Change::Unplaced),
    }
}

/// All segments, and what else anybody is in.
fn states(customers: &[Customer], segments: usize) -> Vec<State> {
    let numbers = (1..).take(segments).map(State::Segment);
    let is_used = |state: &State| customers.iter().any(|of| of.before == *state || of.after == *state);
    numbers.chain([State::Unassigned, State::Unplaced, State::Absent].into_iter().filter(is_used)).collect()
}

fn flows(
    before: &Period,
    after: &Period,
    customers: &[Customer],
    states: &[State],
    counts: &[Vec<usize>],
) -> Vec<Flow> {
    let drivers = drivers::Drivers::new(before, after);
    let mut flows = Vec::new();
    for (from, row) in states.iter().zip(counts) {
        let there: usize = row.iter().sum();
        let share = |customers: usize| (*from != State::Absent).then(|| customers as f64 / there as f64);
        let interval =
            |customers: usize| (*from != State::Absent).then(|| intervals::of_rate(customers as f64, there as f64));
        for (to, &count) in states.iter().zip(row).filter(|(_, count)| **count > 0) {
            let (share, interval) = (share(count), interval(count));
            let drivers = drivers.of(customers, *from, *to);
            flows.push(Flow { from: *from, to: *to, customers: count, share, interval, drivers });
        }
    }
    flows
}
