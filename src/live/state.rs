//! What is known of each customer: of one size, however long the stream is.

use std::collections::{BTreeSet, HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::recipe::rfm::{DAY, Worth};

/// Orders of a customer that are remembered: a line of an older one counts as an order of its own.
pub const ORDERS: usize = 32;
/// Named lines of a customer that are remembered: an older one that comes again counts again.
pub const EVENTS: usize = 32;

/// A customer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    /// Who.
    pub id: String,
    /// The first moment; nothing where no order counted yet.
    pub first: f64,
    /// The last moment.
    pub last: f64,
    /// What the lines come to.
    pub value: f64,
    /// What was given back.
    pub back: f64,
    /// Distinct orders.
    pub orders: u64,
    /// The orders that came last.
    pub(super) recent: VecDeque<u64>,
    /// The named lines that came last.
    #[serde(default, skip_serializing_if = "VecDeque::is_empty")]
    pub(super) events: VecDeque<u64>,
    /// The key of the segment; `None` before the first one.
    pub segment: Option<String>,
    /// The features when the segment was told; nothing where one is missing.
    pub then: Vec<Option<f64>>,
}

/// What became of the lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All of them.
    pub lines: u64,
    /// Those that changed a customer.
    pub used: u64,
    /// Of them those older than a line before: they count, and are told at the moment when they came.
    pub late: u64,
    /// Those that were there before, by number or name.
    pub repeated: u64,
    /// Those whose quantity or price is not above 0, or missing.
    pub not_positive: u64,
    /// Those that are no events.
    pub broken: u64,
}

/// Where the stream is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Bytes of the lines that were taken.
    pub bytes: u64,
    /// The hash of these bytes; empty where lines are numbered.
    pub digest: String,
    /// The number of the last line, where they are numbered.
    pub seq: Option<u64>,
    /// The latest moment of all lines: the stream's own time.
    pub clock: Option<f64>,
    /// Changes that were told.
    pub changes: u64,
    /// What became of the lines.
    pub counts: Counts,
}

/// All customers, in the order in which they came.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// The customers.
    pub customers: Vec<Customer>,
    index: HashMap<String, usize>,
    /// Where the stream is.
    pub position: Position,
    /// Those who changed since they were last written.
    pub touched: BTreeSet<usize>,
}

/// What an event did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// It changed this customer.
    Changed(usize),
    /// Nothing.
    Nothing,
}

impl State {
    /// The place of a customer, a new one where there is none.
    fn place(&mut self, id: &str) -> usize {
        if let Some(&place) = self.index.get(id) {
            return place;
        }
        self.put(Customer { id: id.to_owned(), ..Customer::default() })
    }

    /// Puts a customer in place of the one with this id, or behind all.
    pub fn put(&mut self, customer: Customer) -> usize {
        if let Some(&place) = self.index.get(&customer.id) {
            self.customers[place] = customer;
            return place;
        }
        self.index.insert(customer.id.clone(), self.customers.len());
        self.customers.push(customer);
        self.customers.len() - 1
    }

    /// Takes a customer out; whether there was one.
    pub fn forget(&mut self, id: &str) -> bool {
        let known = self.index.contains_key(id);
        if known {
            self.customers.retain(|customer| customer.id != id);
            let ids = self.customers.iter().map(|customer| customer.id.clone());
            self.index = ids.zip(0..).collect();
            self.touched.clear();
        }
        known
    }

    /// Enters an event. The clock has to be at its moment or later.
    pub fn enter(&mut self, event: &Event, is_late: bool) -> Did {
        if let Some(seq) = event.seq {
            if self.position.seq.is_some_and(|last| seq <= last) {
                self.position.counts.repeated += 1;
                return Did::Nothing;
            }
            self.position.seq = Some(seq);
        }
        if event.worth == Worth::Nothing {
            self.position.counts.not_positive += 1;
            return Did::Nothing;
        }
        let place = self.place(&event.customer);
        let customer = &mut self.customers[place];
        if event.id.is_some_and(|id| !remember(&mut customer.events, id, EVENTS)) {
            self.position.counts.repeated += 1;
            return Did::Nothing;
        }
        customer.enter(event);
        self.touched.insert(place);
        self.position.counts.used += 1;
        self.position.counts.late += u64::from(is_late);
        if customer.orders == 0 { Did::Nothing } else { Did::Changed(place) }
    }
}

/// Whether it was not known; then it is from now on.
fn remember(known: &mut VecDeque<u64>, new: u64, most: usize) -> bool {
    if known.contains(&new) {
        return false;
    }
    if known.len() == most {
        known.pop_front();
    }
    known.push_back(new);
    true
}

impl Customer {
    fn enter(&mut self, event: &Event) {
        match event.worth {
            Worth::Nothing => {}
            Worth::Back(value) => self.back += value,
            Worth::Counts(value) => {
                let new = self.orders == 0;
                self.first = if new { event.at } else { self.first.min(event.at) };
                self.last = if new { event.at } else { self.last.max(event.at) };
                self.value += value;
                self.orders += u64::from(remember(&mut self.recent, event.order, ORDERS));
            }
        }
    }
}

/// A feature that is kept up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// Whole days since the last moment, as of a day after the stream's time.
    Recency,
    /// Distinct orders.
    Frequency,
    /// What the lines come to.
    Value,
    /// Whole days since the first moment.
    Tenure,
    /// The average order's value.
    OrderValue,
    /// What was given back over what was bought.
    Returns,
}

impl Feature {
    /// The feature that a roll-up calls so; `None` where it takes more than is kept of a customer.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "recency" => Some(Self::Recency),
            "frequency" => Some(Self::Frequency),
            "monetary" | "events" => Some(Self::Value),
            "tenure" => Some(Self::Tenure),
            "order_value" => Some(Self::OrderValue),
            "returns_share" => Some(Self::Returns),
            _ => None,
        }
    }

    /// Of a customer at this moment of the stream. Recency and tenure count to a day after it, as a roll-up does whose
    /// last line is of this moment.
    pub fn value(self, customer: &Customer, clock: f64) -> f64 {
        match self {
            Self::Recency => ((clock + DAY - customer.last) / DAY).floor(),
            Self::Frequency => customer.orders as f64,
            Self::Value => customer.value,
            Self::Tenure => ((clock + DAY - customer.first) / DAY).floor(),
            Self::OrderValue => customer.value / customer.orders as f64,
            Self::Returns => customer.back / customer.value,
        }
    }
}
