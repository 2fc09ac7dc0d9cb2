//! One account a customer, folded line by line in the order of the lines.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::lot::{Counts, LABELS, Line, Lot, PARTS};
use crate::kernel::fold;
use crate::table::Key;

/// The orders that are looked at before the index is.
const RECENT: usize = 16;

/// One order of a customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Visit {
    /// What tells it from the customer's other orders.
    pub order: u64,
    /// When its first line was.
    pub at: f64,
    /// What its lines come to.
    pub value: f64,
}

/// Keys and orders are spread already.
#[derive(Debug, Clone, Copy, Default)]
pub struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

type Map<K, V> = HashMap<K, V, BuildHasherDefault<AsIs>>;

/// What one customer did.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    pub customer: Key,
    /// The orders, by first line.
    pub visits: Vec<Visit>,
    /// The first moment.
    pub first: f64,
    /// The last moment.
    pub last: f64,
    /// Σ of the lines, in their order.
    pub value: f64,
    /// Σ of the lines that were given back.
    pub back: f64,
    /// The lines.
    pub lines: u64,
    /// By category, channel and kind: code and Σ, by first line.
    pub shares: [Vec<(u32, f64)>; LABELS],
    /// The places of the orders before the recent ones.
    earlier: Map<u64, u32>,
}

impl Account {
    pub fn new(customer: Key) -> Self {
        Self {
            customer,
            visits: Vec::new(),
            first: f64::INFINITY,
            last: f64::NEG_INFINITY,
            value: 0.0,
            back: 0.0,
            lines: 0,
            shares: Default::default(),
            earlier: Map::default(),
        }
    }

    fn take(&mut self, line: &Line, remap: &[Vec<u32>; LABELS]) {
        if line.back {
            self.back += line.value;
            return;
        }
        self.first = self.first.min(line.at);
        self.last = self.last.max(line.at);
        self.value += line.value;
        self.lines += 1;
        match self.place(line.order) {
            Some(place) => {
                let visit = &mut self.visits[place];
                visit.at = visit.at.min(line.at);
                visit.value += line.value;
            }
            None => self.push(Visit { order: line.order, at: line.at, value: line.value }),
        }
        for (label, shares) in self.shares.iter_mut().enumerate() {
            if let Some(&code) = remap[label].get(line.labels[label] as usize) {
                share(shares, code, line.value);
            }
        }
    }

    fn place(&self, order: u64) -> Option<usize> {
        let recent = self.visits.len().saturating_sub(RECENT);
        let near = self.visits[recent..].iter().rposition(|visit| visit.order == order);
        near.map(|place| place + recent).or_else(|| self.earlier.get(&order).map(|&place| place as usize))
    }

    pub fn push(&mut self, visit: Visit) {
        if let Some(place) = self.visits.len().checked_sub(RECENT) {
            self.earlier.insert(self.visits[place].order, place as u32);
        }
        self.visits.push(visit);
    }
}

fn share(shares: &mut Vec<(u32, f64)>, code: u32, value: f64) {
    match shares.iter_mut().find(|(known, _)| *known == code) {
        Some((_, sum)) => *sum += value,
        None => shares.push((code, value)),
    }
}

/// The accounts of a part of the customers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Part {
    index: Map<Key, u32>,
    pub accounts: Vec<Account>,
    /// The texts of hashed customers.
    pub names: HashMap<Key, Box<str>>,
}

impl Part {
    fn take(&mut self, bucket: &super::lot::Bucket, remap: &[Vec<u32>; LABELS]) {
        for (key, name) in &bucket.names {
            self.names.entry(*key).or_insert_with(|| name.clone());
        }
        for line in &bucket.lines {
            let place = *self.index.entry(line.customer).or_insert_with(|| {
                self.accounts.push(Account::new(line.customer));
                self.accounts.len() as u32 - 1
            });
            self.accounts[place as usize].take(line, remap);
        }
    }

    /// A part of these accounts.
    pub fn of(accounts: Vec<Account>, names: HashMap<Key, Box<str>>) -> Self {
        let index = accounts.iter().zip(0..).map(|(account, place)| (account.customer, place)).collect();
        Self { index, accounts, names }
    }
}

/// The levels of a label, by first appearance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels {
    index: HashMap<String, u32>,
    pub texts: Vec<String>,
}

impl Levels {
    /// The code of a level, a new one where it was not seen before.
    pub fn code(&mut self, level: &str) -> u32 {
        if let Some(&code) = self.index.get(level) {
            return code;
        }
        let code = self.texts.len() as u32;
        self.index.insert(level.to_owned(), code);
        self.texts.push(level.to_owned());
        code
    }
}

/// All accounts. The same lines give the same bits, whatever the lots they come in and the threads that fold them:
/// every sum is taken in the order of the lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Ledger {
    pub(super) parts: Vec<Part>,
    pub(super) levels: [Levels; LABELS],
    pub(super) counts: Counts,
}

impl Default for Ledger {
    fn default() -> Self {
        Self { parts: vec![Part::default(); PARTS], levels: Default::default(), counts: Counts::default() }
    }
}

impl Ledger {
    /// Enters these lots, in order.
    pub fn take(&mut self, lots: &[Lot]) {
        let remaps: Vec<[Vec<u32>; LABELS]> = lots.iter().map(|lot| self.remap(lot)).collect();
        for lot in lots {
            self.counts.add(lot.counts);
        }
        fold::fill(1, &mut self.parts, |range, parts| {
            for (place, part) in range.zip(parts) {
                for (lot, remap) in lots.iter().zip(&remaps) {
                    part.take(&lot.buckets[place], remap);
                }
            }
        });
    }

    fn remap(&mut self, lot: &Lot) -> [Vec<u32>; LABELS] {
        let mut labels = self.levels.iter_mut().zip(&lot.levels);
        std::array::from_fn(|_| {
            labels
                .next()
                .map_or_else(Vec::new, |(known, levels)| levels.iter().map(|level| known.code(level)).collect())
        })
    }
}
