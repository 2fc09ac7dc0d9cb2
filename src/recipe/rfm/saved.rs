//! A ledger as bytes, so that a roll-up that was broken off can go on.

use std::collections::HashMap;

use super::RollUpError;
use super::ledger::{Account, Ledger, Levels, Part, Visit};
use super::lot::{Counts, LABELS, PARTS};
use crate::kernel::fold;
use crate::table::Key;

/// Changes with the layout of the bytes.
const MARK: &[u8; 8] = b"segroll1";

impl Ledger {
    /// The ledger as bytes: the head, then each part.
    pub fn to_bytes(&self) -> Vec<Vec<u8>> {
        let mut head = MARK.to_vec();
        let Counts { lines, used, without_customer, not_positive, later, broken } = self.counts;
        [lines, used, without_customer, not_positive, later, broken]
            .into_iter()
            .for_each(|count| put(&mut head, count));
        for Levels { texts, .. } in &self.levels {
            put(&mut head, texts.len() as u64);
            texts.iter().for_each(|text| put_text(&mut head, text));
        }
        let parts = fold::chunks_of(1, self.parts.len(), |range| part_bytes(&self.parts[range.start]));
        std::iter::once(head).chain(parts).collect()
    }

    /// The ledger that [`Ledger::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`RollUpError::Broken`] where the bytes are not what it writes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RollUpError> {
        Reader { rest: bytes }.ledger().ok_or(RollUpError::Broken)
    }
}

fn put(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put_number(out: &mut Vec<u8>, value: f64) {
    put(out, value.to_bits());
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn part_bytes(part: &Part) -> Vec<u8> {
    let orders: usize = part.accounts.iter().map(|account| account.visits.len()).sum();
    let mut out = Vec::with_capacity(part.accounts.len() * 96 + orders * 24 + 16);
    put(&mut out, part.accounts.len() as u64);
    part.accounts.iter().for_each(|account| put_account(&mut out, account));
    let mut names: Vec<_> = part.names.iter().collect();
    names.sort();
    put(&mut out, names.len() as u64);
    for (key, name) in names {
        out.extend_from_slice(&key.to_bytes());
        put_text(&mut out, name);
    }
    out
}

fn put_account(out: &mut Vec<u8>, account: &Account) {
    out.extend_from_slice(&account.customer.to_bytes());
    for number in [account.first, account.last, account.value, account.back] {
        put_number(out, number);
    }
    put(out, account.lines);
    put(out, account.visits.len() as u64);
    for visit in &account.visits {
        put(out, visit.order);
        put_number(out, visit.at);
        put_number(out, visit.value);
    }
    for shares in &account.shares {
        put(out, shares.len() as u64);
        for &(code, sum) in shares {
            put(out, u64::from(code));
            put_number(out, sum);
        }
    }
}

/// Reads from the front; `None` where the bytes end too soon.
struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn bytes(&mut self, length: usize) -> Option<&[u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u64> {
        self.bytes(8)?.try_into().ok().map(u64::from_le_bytes)
    }

    fn float(&mut self) -> Option<f64> {
        self.number().map(f64::from_bits)
    }

    /// A number of things of which each takes this many bytes at least.
    fn count(&mut self, least: usize) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.rest.len() / least).then_some(count)
    }

    fn text(&mut self) -> Option<String> {
        let length = self.count(1)?;
        String::from_utf8(self.bytes(length)?.to_vec()).ok()
    }

    fn key(&mut self) -> Option<Key> {
        self.bytes(16)?.try_into().ok().map(Key::from_bytes)
    }

    fn ledger(mut self) -> Option<Ledger> {
        if self.bytes(MARK.len())? != MARK {
            return None;
        }
        let mut ledger = Ledger {
            counts: Counts {
                lines: self.number()?,
                used: self.number()?,
                without_customer: self.number()?,
                not_positive: self.number()?,
                later: self.number()?,
                broken: self.number()?,
            },
            ..Ledger::default()
        };
        for label in 0..LABELS {
            for _ in 0..self.count(8)? {
                let level = self.text()?;
                ledger.levels[label].code(&level);
            }
        }
        ledger.parts = (0..PARTS).map(|_| self.part()).collect::<Option<Vec<_>>>()?;
        self.rest.is_empty().then_some(ledger)
    }

    fn part(&mut self) -> Option<Part> {
        let accounts = (0..self.count(16)?).map(|_| self.account()).collect::<Option<Vec<_>>>()?;
        let names = (0..self.count(24)?).map(|_| Some((self.key()?, self.text()?.into_boxed_str())));
        let names = names.collect::<Option<HashMap<_, _>>>()?;
        Some(Part::of(accounts, names))
    }

    fn account(&mut self) -> Option<Account> {
        let mut account = Account::new(self.key()?);
        account.first = self.float()?;
        account.last = self.float()?;
        account.value = self.float()?;
        account.back = self.float()?;
        account.lines = self.number()?;
        for _ in 0..self.count(24)? {
            account.push(Visit { order: self.number()?, at: self.float()?, value: self.float()? });
        }
        for shares in &mut account.shares {
            for _ in 0..self.count(16)? {
                shares.push((u32::try_from(self.number()?).ok()?, self.float()?));
            }
        }
        Some(account)
    }
}
