//! From customers to segments, and what changed.

use chrono::DateTime;
use serde::{Deserialize, Serialize};

use super::state::{Feature, State};
use crate::error::{Error, Result};
use crate::matrix::{Column, Values};
use crate::model::{Distribution, Model};
use crate::task::Task;

/// Features that are named as reasons.
const REASONS: usize = 3;
/// Hexadecimal digits of an idempotency key.
const DIGITS: usize = 32;

/// A customer's change of segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Its number, from 1 on.
    pub change: u64,
    /// The idempotency key: the same for the same change, whenever it is told.
    pub key: String,
    /// Who.
    pub customer: String,
    /// When, by the stream's own time.
    pub at: String,
    /// The line that brought it: its own number where lines are numbered, else its place.
    pub line: u64,
    /// The key of the segment before; nothing for who is new.
    pub from: Option<String>,
    /// Its name.
    pub from_name: Option<String>,
    /// The key of the segment now.
    pub to: String,
    /// Its name.
    pub to_name: String,
    /// The features that moved since the segment before was told, the one that moved most first.
    pub why: Vec<Reason>,
    /// Which model says so.
    pub model: String,
}

/// A feature that moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The feature.
    pub feature: String,
    /// Its value when the segment before was told.
    pub from: f64,
    /// Its value now.
    pub to: f64,
}

/// Customers who are to be placed, as they were at a line.
#[derive(Debug, Default)]
struct Waiting {
    /// Places of the customers, with the line and the stream's time.
    who: Vec<(usize, u64, f64)>,
    /// The features, one column each.
    columns: Vec<Vec<f64>>,
}

/// Places customers by a model.
pub struct Placer<'m> {
    model: &'m Model,
    name: String,
    features: Vec<(String, Feature)>,
    waiting: Waiting,
}

impl<'m> Placer<'m> {
    /// Of a model that takes order lines.
    ///
    /// # Errors
    /// The model takes customers, or a feature that no bounded state gives.
    pub fn of(model: &'m Model) -> Result<Self> {
        if !model.takes_order_lines() {
            return Err(Error::failed("the model takes customers, not order lines")
                .hint("`segmenta segment ORDERS --rollup --save-model M` makes one of order lines"));
        }
        let feature = |name: &String| match Feature::of(name) {
            Some(feature) => Ok((name.clone(), feature)),
            None => Err(Error::failed(format!("the model needs {name}, which takes a customer's whole history"))
                .hint("make it of recency, frequency, monetary, events, tenure, order_value and returns_share")),
        };
        let features: Vec<_> = model.columns.iter().map(|of| feature(&of.column)).collect::<Result<_>>()?;
        let waiting = Waiting { who: Vec::new(), columns: vec![Vec::new(); features.len()] };
        Ok(Self { model, name: model.name(), features, waiting })
    }

    /// Has a customer placed as he is now, at a line and the stream's time.
    pub fn wait(&mut self, state: &State, place: usize, (line, clock): (u64, f64)) {
        self.waiting.who.push((place, line, clock));
        let customer = &state.customers[place];
        for (column, (_, feature)) in self.waiting.columns.iter_mut().zip(&self.features) {
            column.push(feature.value(customer, clock));
        }
    }

    /// Customers who wait.
    pub fn waiting(&self) -> usize {
        self.waiting.who.len()
    }

    /// Places all who wait, in order; those whose segment is another one are told.
    ///
    /// # Errors
    /// The task was cancelled.
    pub fn place(&mut self, state: &mut State, task: &Task) -> Result<Vec<Change>> {
        if self.waiting.who.is_empty() {
            return Ok(Vec::new());
        }
        let fresh = Waiting { who: Vec::new(), columns: vec![Vec::new(); self.features.len()] };
        let Waiting { who, columns } = std::mem::replace(&mut self.waiting, fresh);
        let columns: Vec<Column> = self
            .features
            .iter()
            .zip(columns)
            .map(|((name, _), values)| Column { name: name.clone(), values: Values::Number(values) })
            .collect();
        let placed = self.model.place(&columns.iter().collect::<Vec<_>>(), task)?;
        let mut changes = Vec::new();
        for (row, (placed, (place, line, clock))) in placed.iter().zip(who).enumerate() {
            let customer = &state.customers[place];
            if placed.segment.is_none() || customer.segment.as_deref() == Some(placed.key) {
                continue;
            }
            let values = columns.iter().filter_map(|column| column.values.numbers()).map(|values| values[row]);
            let now: Vec<Option<f64>> = values.map(|value| value.is_finite().then_some(value)).collect();
            state.position.changes += 1;
            let change = self.change(state, (place, line, clock), (placed.key, placed.name), &now);
            let customer = &mut state.customers[place];
            (customer.segment, customer.then) = (Some(placed.key.to_owned()), now);
            state.touched.insert(place);
            changes.push(change);
        }
        Ok(changes)
    }

    fn change(
        &self,
        state: &State,
        (place, line, clock): (usize, u64, f64),
        (key, name): (&str, &str),
        now: &[Option<f64>],
    ) -> Change {
        let customer = &state.customers[place];
        let from_name = customer.segment.as_ref().map(|key| self.name_of(key));
        let at = moment(clock);
        let number = state.position.changes;
        let told = format!("{}\n{number}\n{}\n{at}\n{:?}\n{key}", self.name, customer.id, customer.segment);
        Change {
            change: number,
            key: blake3::hash(told.as_bytes()).to_hex()[..DIGITS].to_owned(),
            customer: customer.id.clone(),
            at,
            line,
            from: customer.segment.clone(),
            from_name,
            to: key.to_owned(),
            to_name: name.to_owned(),
            why: self.reasons(&customer.then, now),
            model: self.name.clone(),
        }
    }

    fn name_of(&self, key: &str) -> String {
        let found = self.model.segments.list.iter().find(|segment| segment.key == key);
        found.map(|segment| segment.name.clone()).unwrap_or_default()
    }

    /// What moved, by how many of the model's own customers it went past.
    fn reasons(&self, then: &[Option<f64>], now: &[Option<f64>]) -> Vec<Reason> {
        let both = then.iter().zip(now).map(|(from, to)| from.zip(*to));
        let mut reasons: Vec<(f64, Reason)> = self
            .features
            .iter()
            .zip(both)
            .filter_map(|((name, _), both)| Some((name, both?)))
            .filter(|(_, (from, to))| from != to)
            .map(|(name, (from, to))| {
                let share = (self.share_below(name, to) - self.share_below(name, from)).abs();
                (share, Reason { feature: name.clone(), from, to })
            })
            .collect();
        reasons.sort_by(|a, b| b.0.total_cmp(&a.0));
        reasons.into_iter().take(REASONS).map(|(_, reason)| reason).collect()
    }

    fn share_below(&self, feature: &str, value: f64) -> f64 {
        let baseline = self.model.baseline.iter().find(|baseline| baseline.column == feature);
        match baseline.map(|baseline| &baseline.distribution) {
            Some(Distribution::Numbers { quantiles, .. }) if !quantiles.is_empty() => {
                quantiles.partition_point(|of| *of < value) as f64 / quantiles.len() as f64
            }
            _ => 0.0,
        }
    }
}

/// A moment as people write it.
pub fn moment(seconds: f64) -> String {
    let at = DateTime::from_timestamp(seconds as i64, 0);
    at.map_or_else(|| seconds.to_string(), |at| at.format("%Y-%m-%dT%H:%M:%S").to_string())
}
