//! Lines of orders or events, sorted into the buckets that are folded apart from each other.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::Returns;
use crate::table::{Key, Keys};

/// The parts that accounts are spread over: fixed, so that nothing depends on the number of threads.
pub const PARTS: usize = 64;
/// Category, channel and kind.
pub const LABELS: usize = 3;

/// Lines as they stand in the source, column by column, all of the same length.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    /// Who.
    pub customer: &'a [Key],
    /// The texts of hashed customers.
    pub names: Option<&'a Keys>,
    /// When, in seconds; NaN where it is missing.
    pub date: &'a [f64],
    /// Which order.
    pub order: Option<&'a [Key]>,
    /// Pieces.
    pub quantity: Option<&'a [f64]>,
    /// The price of a piece.
    pub price: Option<&'a [f64]>,
    /// What the line comes to.
    pub amount: Option<&'a [f64]>,
    /// The last moment that counts; infinity where there is none.
    pub until: f64,
    /// Category, channel and kind: a code a line, and what the codes stand for.
    pub labels: [Option<(&'a [u32], &'a [String])>; LABELS],
}

/// One line that counts.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    pub customer: Key,
    pub order: u64,
    pub at: f64,
    pub value: f64,
    pub labels: [u32; LABELS],
    /// Whether it was given back: then it counts for nothing else.
    pub back: bool,
}

/// The lines of one part of the customers.
#[derive(Debug, Clone, Default)]
pub struct Bucket {
    pub lines: Vec<Line>,
    pub names: Vec<(Key, Box<str>)>,
}

/// What became of the lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All of them.
    pub lines: u64,
    /// Those that were used.
    pub used: u64,
    /// Those without a customer or a date.
    pub without_customer: u64,
    /// Those whose quantity or price is not above 0, or missing.
    pub not_positive: u64,
    /// Those after the snapshot that was named.
    pub later: u64,
    /// Those with more or fewer fields than the first line of the file.
    pub broken: u64,
}

impl Counts {
    /// Adds others.
    pub fn add(&mut self, other: Self) {
        self.lines += other.lines;
        self.used += other.used;
        self.without_customer += other.without_customer;
        self.not_positive += other.not_positive;
        self.later += other.later;
        self.broken += other.broken;
    }
}

/// A stretch of lines, sorted by customer's part, in line order within each.
#[derive(Debug, Clone)]
pub struct Lot {
    pub(super) buckets: Vec<Bucket>,
    /// What the codes of the labels stand for.
    pub levels: [Vec<String>; LABELS],
    pub(super) counts: Counts,
}

/// What a line is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Worth {
    /// It counts.
    Counts(f64),
    /// It was given back.
    Back(f64),
    /// It counts for nothing.
    Nothing,
}

impl Lines<'_> {
    /// Sorts the lines; `broken` more could not be read.
    pub fn sorted(&self, returns: Returns, broken: u64) -> Lot {
        let mut lot = Lot {
            buckets: vec![Bucket::default(); PARTS],
            levels: self.labels.map(|label| label.map_or_else(Vec::new, |(_, levels)| levels.to_vec())),
            counts: Counts { lines: self.date.len() as u64 + broken, broken, ..Counts::default() },
        };
        let mut named = HashSet::new();
        for row in 0..self.date.len() {
            self.put(row, returns, &mut lot, &mut named);
        }
        lot
    }

    fn put(&self, row: usize, returns: Returns, lot: &mut Lot, named: &mut HashSet<Key>) {
        let (customer, at) = (self.customer[row], self.date[row]);
        if customer == Key::MISSING || at.is_nan() {
            lot.counts.without_customer += 1;
            return;
        }
        if at > self.until {
            lot.counts.later += 1;
            return;
        }
        let (value, back) = match self.worth(row, returns) {
            Worth::Counts(value) => (value, false),
            Worth::Back(value) => (value, true),
            Worth::Nothing => {
                lot.counts.not_positive += 1;
                return;
            }
        };
        lot.counts.used += u64::from(!back);
        lot.counts.not_positive += u64::from(back);
        let bucket = &mut lot.buckets[part_of(customer)];
        if customer.is_hashed() && named.insert(customer) {
            let name = self.names.and_then(|keys| keys.names.get(&customer));
            bucket.names.extend(name.map(|name| (customer, name.clone())));
        }
        let labels = self.labels.map(|label| label.map_or(u32::MAX, |(codes, _)| codes[row]));
        bucket.lines.push(Line { customer, order: self.order(row), at, value, labels, back });
    }

    /// What tells orders of a customer apart: their names, or the moment where there is none. 64 bits suffice among
    /// the orders of one customer.
    fn order(&self, row: usize) -> u64 {
        let named = self.order.map(|orders| orders[row]).filter(|&order| order != Key::MISSING);
        named.unwrap_or_else(|| Key::of_number(self.date[row])).mixed()
    }

    fn worth(&self, row: usize, returns: Returns) -> Worth {
        let at = |column: Option<&[f64]>| column.map(|values| values[row]);
        Worth::of(at(self.quantity), at(self.price), at(self.amount), returns)
    }
}

impl Worth {
    /// What a line with these is worth, as far as the source has them; NaN where a value is missing.
    pub fn of(quantity: Option<f64>, price: Option<f64>, amount: Option<f64>, returns: Returns) -> Self {
        let (quantity, each) = (quantity.unwrap_or(1.0), amount.or(price).unwrap_or(1.0));
        let value = if amount.is_some() { each } else { quantity * each };
        match returns {
            _ if value.is_nan() || quantity.is_nan() => Self::Nothing,
            Returns::Net => Self::Counts(value),
            Returns::LeaveOut if quantity > 0.0 && each > 0.0 => Self::Counts(value),
            Returns::LeaveOut if value < 0.0 => Self::Back(-value),
            Returns::LeaveOut => Self::Nothing,
        }
    }
}

/// The part that a customer's account lies in.
pub fn part_of(customer: Key) -> usize {
    // The table inside a part uses the other bits.
    (customer.mixed() >> 48) as usize % PARTS
}
