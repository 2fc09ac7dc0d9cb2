//! One plain rule a segment: a box of few bounds that finds its customers.

use std::collections::BTreeSet;

use crate::matrix::{Labels, UNASSIGNED};

/// A box: every bound holds. Bounds are observed values, and inclusive.
#[derive(Debug, Clone, PartialEq)]
pub struct BoxRule {
    /// For each column used: its position, the lowest and the highest value inside.
    pub bounds: Vec<(usize, Option<f64>, Option<f64>)>,
    /// The share of the rows inside that belong to the segment.
    pub precision: f64,
    /// The share of the segment's rows that are inside.
    pub recall: f64,
    /// The share of the assigned rows that are inside.
    pub coverage: f64,
}

impl BoxRule {
    /// Whether the row is inside. A missing value (NaN) is never inside.
    pub fn holds(&self, columns: &[&[f64]], row: usize) -> bool {
        self.bounds.iter().all(|&(column, low, high)| {
            let value = columns[column][row];
            low.is_none_or(|low| value >= low) && high.is_none_or(|high| value <= high)
        })
    }
}

/// A rule names at most this many columns …
const COLUMNS: usize = 3;
/// … and has at most this many bounds.
const BOUNDS: usize = 4;
/// A bound must be worth this much of F1 to be named.
const WORTH: f64 = 0.005;
/// Rules are sought among at most this many rows, evenly spaced.
const ROWS: usize = 4_000;

/// The rule of each segment 1..=k of `labels`, found greedily: the bound that raises F1 most is taken first, and each
/// is set anew against the others. `columns` hold one value a row (NaN: missing). `None` where no bound helps.
pub fn find(columns: &[&[f64]], labels: &Labels) -> Vec<Option<BoxRule>> {
    let search = Search::new(columns, labels);
    (1..=labels.clusters()).map(|segment| search.rule(segment as u32)).collect()
}

/// The share of the assigned rows that are inside the rule of their segment and of no other.
pub fn placed(columns: &[&[f64]], labels: &Labels, rules: &[Option<BoxRule>]) -> f64 {
    let inside = |row: usize, rule: &Option<BoxRule>| rule.as_ref().is_some_and(|rule| rule.holds(columns, row));
    let right = |&(row, &label): &(usize, &u32)| {
        label != UNASSIGNED && rules.iter().zip(1..).all(|(rule, segment)| inside(row, rule) == (segment == label))
    };
    let assigned = labels.len() - labels.noise();
    if assigned == 0 {
        return 0.0;
    }
    labels.as_slice().iter().enumerate().filter(right).count() as f64 / assigned as f64
}

/// The columns as the search sees them: assigned rows only, each column's rows in ascending order.
struct Search<'a> {
    columns: Vec<Vec<f64>>,
    orders: Vec<Vec<usize>>,
    labels: Vec<u32>,
    all: (&'a [&'a [f64]], &'a Labels),
}

/// One side of a box.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bound {
    column: usize,
    is_low: bool,
    at: f64,
}

impl Bound {
    fn admits(&self, value: f64) -> bool {
        if self.is_low { value >= self.at } else { value <= self.at }
    }
}

impl<'a> Search<'a> {
    fn new(columns: &'a [&'a [f64]], labels: &'a Labels) -> Self {
        let step = labels.len().div_ceil(ROWS).max(1);
        let of = labels.as_slice();
        let rows: Vec<usize> = (0..of.len()).step_by(step).filter(|&row| of[row] != UNASSIGNED).collect();
        let part = |column: &&[f64]| rows.iter().map(|&row| column[row]).collect();
        let kept: Vec<Vec<f64>> = columns.iter().map(part).collect();
        let orders = kept.iter().map(|column| ascending(column)).collect();
        Self { columns: kept, orders, labels: rows.iter().map(|&row| of[row]).collect(), all: (columns, labels) }
    }

    fn rule(&self, segment: u32) -> Option<BoxRule> {
        let mut bounds: Vec<Bound> = Vec::new();
        let mut score = self.score_everything(segment);
        while bounds.len() < BOUNDS {
            let Some((bound, better)) = self.best_further(segment, &bounds) else { break };
            if better < score + WORTH {
                break;
            }
            bounds.push(bound);
            score = self.settle(segment, &mut bounds, better);
        }
        (!bounds.is_empty()).then(|| self.finish(segment, bounds))
    }

    /// F1 of the rule that takes everybody.
    fn score_everything(&self, segment: u32) -> f64 {
        let size = self.size(segment);
        f1(size, size, self.labels.len())
    }

    fn size(&self, segment: u32) -> usize {
        self.labels.iter().filter(|&&label| label == segment).count()
    }

    /// The one bound beyond `bounds` that raises F1 most (ties: the first column).
    fn best_further(&self, segment: u32, bounds: &[Bound]) -> Option<(Bound, f64)> {
        let inside = self.inside(bounds);
        let named: BTreeSet<usize> = bounds.iter().map(|bound| bound.column).collect();
        let is_open = |column: usize, is_low: bool| {
            let is_taken = bounds.iter().any(|bound| bound.column == column && bound.is_low == is_low);
            !is_taken && (named.contains(&column) || named.len() < COLUMNS)
        };
        let sides = (0..self.columns.len()).flat_map(|column| [(column, true), (column, false)]);
        let candidates = sides.filter(|&(column, is_low)| is_open(column, is_low));
        let scored = candidates.filter_map(|(column, is_low)| self.best_bound(segment, column, is_low, &inside));
        scored.reduce(|best, next| if next.1 > best.1 { next } else { best })
    }

    /// Sets each bound anew against the others, twice; returns the F1 then.
    fn settle(&self, segment: u32, bounds: &mut [Bound], mut score: f64) -> f64 {
        for place in (0..bounds.len()).cycle().take(2 * bounds.len()) {
            let mut others = bounds.to_vec();
            let Bound { column, is_low, .. } = others.remove(place);
            if let Some((bound, better)) = self.best_bound(segment, column, is_low, &self.inside(&others))
                && better > score
            {
                (bounds[place], score) = (bound, better);
            }
        }
        score
    }

    /// The rows that all bounds admit.
    fn inside(&self, bounds: &[Bound]) -> Vec<bool> {
        let admitted = |row: usize| bounds.iter().all(|bound| bound.admits(self.columns[bound.column][row]));
        (0..self.labels.len()).map(admitted).collect()
    }

    /// The best place of one bound among the rows inside: the column is walked from its far end, so that at each
    /// distinct value the rows walked are those that the bound there admits.
    fn best_bound(&self, segment: u32, column: usize, is_low: bool, inside: &[bool]) -> Option<(Bound, f64)> {
        let (values, size) = (&self.columns[column], self.size(segment));
        let mut rows = Vec::with_capacity(self.labels.len());
        rows.extend(self.orders[column].iter().copied().filter(|&row| inside[row]));
        if is_low {
            rows.reverse();
        }
        let (mut hits, mut taken) = (0, 0);
        let mut best: Option<(Bound, f64)> = None;
        for alike in rows.chunk_by(|&a, &b| values[a] == values[b]) {
            hits += alike.iter().filter(|&&row| self.labels[row] == segment).count();
            taken += alike.len();
            let score = f1(hits, size, taken);
            if best.is_none_or(|(_, top)| score > top) {
                best = Some((Bound { column, is_low, at: values[alike[0]] }, score));
            }
        }
        best
    }

    /// The rule with its figures over all rows.
    fn finish(&self, segment: u32, bounds: Vec<Bound>) -> BoxRule {
        let mut rule = BoxRule { bounds: Vec::new(), precision: 0.0, recall: 0.0, coverage: 0.0 };
        for bound in bounds {
            let place = rule.bounds.iter().position(|&(column, ..)| column == bound.column).unwrap_or_else(|| {
                rule.bounds.push((bound.column, None, None));
                rule.bounds.len() - 1
            });
            let (_, low, high) = &mut rule.bounds[place];
            *(if bound.is_low { low } else { high }) = Some(bound.at);
        }
        let (columns, labels) = self.all;
        let rows = labels.as_slice().iter().enumerate().filter(|(_, label)| **label != UNASSIGNED);
        let inside: Vec<u32> = rows.filter(|(row, _)| rule.holds(columns, *row)).map(|(_, &label)| label).collect();
        let hits = inside.iter().filter(|&&label| label == segment).count();
        rule.precision = hits as f64 / inside.len().max(1) as f64;
        rule.coverage = inside.len() as f64 / (labels.len() - labels.noise()).max(1) as f64;
        rule.recall = hits as f64 / labels.sizes()[segment as usize - 1] as f64;
        rule
    }
}

/// The rows of a column by rising value, missing values left out.
fn ascending(column: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..column.len()).filter(|&row| !column[row].is_nan()).collect();
    order.sort_by(|&a, &b| column[a].total_cmp(&column[b]));
    order
}

/// F1 of a rule that takes `taken` rows, `hits` of them of the `size` that it should.
fn f1(hits: usize, size: usize, taken: usize) -> f64 {
    2.0 * hits as f64 / (size + taken).max(1) as f64
}
