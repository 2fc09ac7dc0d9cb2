//! Where each customer is likely to be next: a model on the features, beside the plain matrix and "everyone stays".

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::softmax::Softmax;
use super::{Customer, Period, State};
use crate::recipe::stats::mean_sd;
use crate::segments::intervals;
use crate::task::{Cancelled, Task};

/// Customers that the model is fitted to at most.
const ROWS: usize = 20_000;
/// Fewer moves teach nothing.
const LEAST: usize = 30;
/// Features further out than this many standard deviations are brought to it, so that no big buyer rules the weights.
const OUT: f64 = 4.0;
/// Parts of the customers, each predicted from the others, where there is no third period.
const PARTS: usize = 5;
/// What each cell of the matrix has in advance (Jeffreys), so that nothing is impossible.
const PRIOR: f64 = 0.5;

/// The mean log loss of three ways to say where customers are next; lower is better.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Loss {
    /// The model on the features.
    pub model: f64,
    /// The shares of the matrix.
    pub matrix: f64,
    /// Everyone stays, as often as customers did.
    pub stays: f64,
}

/// How the forecast did where the answer was known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Backtest {
    /// Whether it was a period of its own; otherwise other customers of the same period.
    pub is_later_period: bool,
    /// Customers that were predicted.
    pub customers: usize,
    /// The mean log losses.
    pub loss: Loss,
    /// The model's gain over "everyone stays" a customer, with its interval of 95 %.
    pub gain: f64,
    /// The interval.
    pub interval: (f64, f64),
    /// Flows whose share of the later period lies in the interval that was forecast for it, and all that were.
    pub covered: Option<(usize, usize)>,
}

/// Where customers are likely to be next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// The places that are forecast.
    pub states: Vec<State>,
    /// For each customer of the last period, by row, the chances of these places; empty where the row was not placed.
    #[serde(skip)]
    pub chances: Vec<Vec<f64>>,
    /// So many customers are expected in each place.
    pub expected: Vec<f64>,
    /// How it did where the answer was known; `None` where too few were.
    pub backtest: Option<Backtest>,
}

impl Backtest {
    /// Whether the model is better than "everyone stays", beyond chance.
    pub fn beats(&self) -> bool {
        self.interval.0 > 0.0
    }
}

/// Learns from each pair of periods, in time's order, and forecasts from the last one. With three or more the last pair
/// is predicted from those before it, and compared. `None` where too few were seen.
///
/// # Errors
/// [`Cancelled`].
pub fn forecast(periods: &[Period], pairs: &[Vec<Customer>], task: &Task) -> Result<Option<Forecast>, Cancelled> {
    let states = states(pairs);
    let examples: Vec<Examples> =
        periods.iter().zip(pairs).map(|(before, pair)| Examples::of(before, pair, &states)).collect();
    let all = Examples::joined(&examples, states.len());
    let (Some(last), true) = (periods.last(), all.of.len() >= LEAST) else { return Ok(None) };
    let backtest = match examples.as_slice() {
        [] | [_] => within(&all, task)?,
        [earlier @ .., latest] => later(&Examples::joined(earlier, states.len()), latest, task)?,
    };
    let now = Examples::now(last, &states);
    let found = Model::fit(&all, task)?.chances(&now);
    let mut chances = vec![Vec::new(); last.ids.len()];
    let mut expected = vec![0.0; states.len()];
    for (&row, found) in now.rows.iter().zip(found.outer_iter()) {
        chances[row] = found.to_vec();
        expected.iter_mut().zip(found).for_each(|(sum, chance)| *sum += chance);
    }
    Ok(Some(Forecast { states, chances, expected, backtest }))
}

/// The places that anybody was in or went to.
fn states(pairs: &[Vec<Customer>]) -> Vec<State> {
    let known = pairs.iter().flatten().filter(|customer| customer.before != State::Absent);
    let mut states: Vec<State> = known.flat_map(|customer| [customer.before, customer.after]).collect();
    states.retain(|state| *state != State::Unplaced);
    states.sort_unstable();
    states.dedup();
    states
}

/// Customers whose place before is known, with what they were like and where they went.
#[derive(Debug, Clone, Default)]
struct Examples {
    places: usize,
    rows: Vec<usize>,
    from: Vec<usize>,
    of: Vec<usize>,
    like: Vec<Vec<f64>>,
}

impl Examples {
    fn of(before: &Period, customers: &[Customer], states: &[State]) -> Self {
        let mut examples = Self { places: states.len(), ..Self::default() };
        let place = |state: State| states.binary_search(&state).ok();
        for customer in customers.iter().filter(|customer| customer.before != State::Absent) {
            let places = place(customer.before).zip(place(customer.after));
            let (Some((from, to)), Some(row)) = (places, customer.row_before) else { continue };
            examples.push(row, from, to, before);
        }
        examples
    }

    /// The customers of a period whose next place is not known.
    fn now(period: &Period, states: &[State]) -> Self {
        let mut examples = Self { places: states.len(), ..Self::default() };
        for (row, label) in period.labels.iter().enumerate().filter(|(_, label)| label.is_some()) {
            // Of a place that nobody was in before only the features tell.
            let from = states.binary_search(&State::of(*label)).unwrap_or(states.len());
            examples.push(row, from, from, period);
        }
        examples
    }

    fn push(&mut self, row: usize, from: usize, to: usize, period: &Period) {
        self.rows.push(row);
        self.from.push(from);
        self.of.push(to);
        self.like.push(period.space[row].clone());
    }

    fn joined(parts: &[Self], places: usize) -> Self {
        let mut all = Self { places, ..Self::default() };
        for part in parts {
            all.rows.extend(&part.rows);
            all.from.extend(&part.from);
            all.of.extend(&part.of);
            all.like.extend(part.like.iter().cloned());
        }
        all
    }

    fn select(&self, places: impl Iterator<Item = usize>) -> Self {
        let mut some = Self { places: self.places, ..Self::default() };
        for place in places {
            some.rows.push(self.rows[place]);
            some.from.push(self.from[place]);
            some.of.push(self.of[place]);
            some.like.push(self.like[place].clone());
        }
        some
    }

    /// The share of customers that stayed.
    fn stay(&self) -> f64 {
        let stayed = self.from.iter().zip(&self.of).filter(|(from, to)| from == to).count();
        (stayed as f64 + PRIOR) / (self.of.len() as f64 + 2.0 * PRIOR)
    }

    /// So many went from each place to each other.
    fn counts(&self) -> Vec<Vec<f64>> {
        let mut counts = vec![vec![0.0; self.places]; self.places];
        self.from.iter().zip(&self.of).for_each(|(&from, &to)| counts[from][to] += 1.0);
        counts
    }
}

/// The model on the features, with what it needs to see later customers as those that it was fitted to.
struct Model {
    centre: Vec<(f64, f64)>,
    softmax: Softmax,
}

impl Model {
    fn fit(examples: &Examples, task: &Task) -> Result<Self, Cancelled> {
        let step = examples.of.len().div_ceil(ROWS).max(1);
        let some = examples.select((0..examples.of.len()).step_by(step));
        let width = some.like.first().map_or(0, Vec::len);
        let column = |at: usize| mean_sd(some.like.iter().map(move |row| row[at]));
        let centre: Vec<(f64, f64)> = (0..width).map(column).collect();
        let rows = seen(&some, &centre);
        let softmax = Softmax::fit(&rows, &some.of, some.places, task)?;
        Ok(Self { centre, softmax })
    }

    fn chances(&self, examples: &Examples) -> Array2<f64> {
        self.softmax.chances(&seen(examples, &self.centre))
    }
}

/// One column for each place before, then the features, standardised.
fn seen(examples: &Examples, centre: &[(f64, f64)]) -> Array2<f64> {
    let places = examples.places;
    Array2::from_shape_fn((examples.of.len(), places + centre.len()), |(row, column)| {
        match column.checked_sub(places) {
            None => f64::from(u8::from(examples.from[row] == column)),
            Some(at) => {
                let (mean, sd) = centre[at];
                if sd > 0.0 { ((examples.like[row][at] - mean) / sd).clamp(-OUT, OUT) } else { 0.0 }
            }
        }
    })
}

/// The log losses of each customer of `tested`, predicted from `learned`.
fn losses(learned: &Examples, tested: &Examples, task: &Task) -> Result<Vec<[f64; 3]>, Cancelled> {
    let chances = Model::fit(learned, task)?.chances(tested);
    let (counts, places, stay) = (learned.counts(), learned.places as f64, learned.stay());
    let loss = |row: usize| {
        let (from, to) = (tested.from[row], tested.of[row]);
        let seen: f64 = counts[from].iter().sum();
        let matrix = (counts[from][to] + PRIOR) / (seen + PRIOR * places);
        let stays = if from == to { stay } else { (1.0 - stay) / (places - 1.0).max(1.0) };
        [chances[[row, to]], matrix, stays].map(|chance| -chance.max(f64::MIN_POSITIVE).ln())
    };
    Ok((0..tested.of.len()).map(loss).collect())
}

/// The later period, predicted from those before it.
fn later(earlier: &Examples, latest: &Examples, task: &Task) -> Result<Option<Backtest>, Cancelled> {
    if earlier.of.len() < LEAST || latest.of.is_empty() {
        return Ok(None);
    }
    let losses = losses(earlier, latest, task)?;
    let covered = Some(covered(&earlier.counts(), &latest.counts()));
    Ok(Some(Backtest { is_later_period: true, covered, ..compared(&losses) }))
}

/// Each part of the customers, predicted from the others.
fn within(all: &Examples, task: &Task) -> Result<Option<Backtest>, Cancelled> {
    let mut found = Vec::with_capacity(all.of.len());
    for part in 0..PARTS {
        let is_tested = |place: &usize| place % PARTS == part;
        let rows = || 0..all.of.len();
        let learned = all.select(rows().filter(|place| !is_tested(place)));
        found.extend(losses(&learned, &all.select(rows().filter(is_tested)), task)?);
    }
    Ok(Some(compared(&found)))
}

fn compared(losses: &[[f64; 3]]) -> Backtest {
    let n = losses.len() as f64;
    let mean = |way: usize| losses.iter().map(|loss| loss[way]).sum::<f64>() / n;
    let (gain, sd) = mean_sd(losses.iter().map(|loss| loss[2] - loss[0]));
    let half = intervals::Z * sd / n.sqrt();
    Backtest {
        is_later_period: false,
        customers: losses.len(),
        loss: Loss { model: mean(0), matrix: mean(1), stays: mean(2) },
        gain,
        interval: (gain - half, gain + half),
        covered: None,
    }
}

/// The interval of 95 % for the share of `there` later customers that take a way, of which `taken` of `seen` took it
/// before: both are samples, so that together they tell as much as one of 1 / (1/seen + 1/there).
pub(super) fn expected_share(taken: f64, seen: f64, there: f64) -> (f64, f64) {
    let both = 1.0 / (1.0 / seen + 1.0 / there);
    intervals::of_rate(taken / seen * both, both)
}

/// Flows of the later period whose share lies in its interval, and all of them from places that anybody was in before.
fn covered(learned: &[Vec<f64>], tested: &[Vec<f64>]) -> (usize, usize) {
    let mut tally = (0, 0);
    for (learned, tested) in learned.iter().zip(tested) {
        let (seen, there): (f64, f64) = (learned.iter().sum(), tested.iter().sum());
        for (&taken, &found) in learned.iter().zip(tested).filter(|(taken, found)| **taken + **found > 0.0) {
            if seen > 0.0 && there > 0.0 {
                let (low, high) = expected_share(taken, seen, there);
                let share = found / there;
                tally = (tally.0 + usize::from((low..=high).contains(&share)), tally.1 + 1);
            }
        }
    }
    tally
}
