//! Outcomes: what the segments bring, by columns that were kept out when they were found.
//!
//! Each segment's rate or mean stands beside everyone's, with an interval of 95 %. Whether it differs from the others is
//! tested by drawing the segments anew at random, all outcomes and segments at once (see [`chance`]), so that of all the
//! differences that are called real none is in 95 of 100 files without any.

mod chance;
mod meaning;
mod words;

pub use meaning::{Better, Meaning};

use serde::{Deserialize, Serialize};

use super::columns::{Observed, Profiled};
use super::intervals;
use super::nouns::Noun;
use crate::matrix::Labels;
use crate::recipe::stats::mean_sd;
use crate::table::Kind;
use crate::task::{Cancelled, Task};
use meaning::Sense;

/// Up to this adjusted p a difference is called real.
const REAL: f64 = 0.05;

/// What one outcome says of the segments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The column.
    pub column: String,
    /// What it is about.
    pub meaning: Meaning,
    /// What is measured, e.g. `response rate`, `retention`, `mean order value`.
    pub title: String,
    /// Whether it is a share of the customers; a mean otherwise.
    pub is_rate: bool,
    /// Whether `no` is what counts: retention is the share that did not churn.
    pub is_turned: bool,
    /// Which way is good.
    pub better: Better,
    /// Customers of whom it is known.
    pub rows: usize,
    /// Everyone's rate or mean …
    pub everyone: f64,
    /// … and its interval of 95 %.
    pub interval: Option<(f64, f64)>,
    /// The segments, 1 first.
    pub segments: Vec<Lift>,
    /// The numbers of the segments by falling [`Lift::weight`].
    pub ranked: Vec<u32>,
}

/// What one outcome says of one segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lift {
    /// The segment's number.
    pub segment: u32,
    /// Its customers of whom the outcome is known.
    pub rows: usize,
    /// Its rate or mean; `None` without rows.
    pub value: Option<f64>,
    /// The interval of 95 % (Wilson for rates, Student for means).
    pub interval: Option<(f64, f64)>,
    /// Its value over everyone's: 2 is twice as much.
    pub lift: Option<f64>,
    /// How far it is from all others together: Cohen's h (rates) or d (means).
    pub effect: Option<f64>,
    /// The p of the difference from everyone, for this one test.
    pub p: Option<f64>,
    /// The same, corrected for all segments and outcomes (Westfall and Young 1993, single-step maxT).
    pub adjusted: Option<f64>,
    /// Whether the difference is called real: `adjusted` ≤ .05.
    pub real: bool,
    /// Its share of all that the outcome counts: size × lift as shares.
    pub weight: Option<f64>,
}

/// One outcome over the rows of the matrix.
struct Measured {
    column: String,
    kind: Kind,
    sense: Sense,
    /// NaN: not known.
    values: Vec<f64>,
}

/// Judges the segments by these outcome columns, in their order; columns of texts are passed over.
pub(super) fn judge(columns: &[(&Profiled, &Noun)], labels: &Labels, task: &Task) -> Result<Vec<Outcome>, Cancelled> {
    let measured: Vec<Measured> = columns.iter().filter_map(|(column, noun)| Measured::of(column, noun)).collect();
    let values: Vec<&[f64]> = measured.iter().map(|measured| measured.values.as_slice()).collect();
    let tests = chance::tests(&values, labels, task)?;
    Ok(measured.iter().zip(tests).map(|(measured, tests)| measured.outcome(labels, &tests)).collect())
}

impl Measured {
    fn of(column: &Profiled, noun: &Noun) -> Option<Self> {
        let Observed::Numbers(values) = &column.values else { return None };
        let kind = column.effect.kind;
        if matches!(kind, Kind::Date | Kind::Year) {
            return None;
        }
        let sense = Sense::of(noun, kind == Kind::YesNo);
        let value = |&value: &f64| if sense.is_turned { 1.0 - value } else { value };
        Some(Self { column: column.effect.column.clone(), kind, values: values.iter().map(value).collect(), sense })
    }

    fn is_rate(&self) -> bool {
        self.kind == Kind::YesNo
    }

    fn outcome(&self, labels: &Labels, tests: &[Option<chance::Test>]) -> Outcome {
        let known: Vec<f64> = self.values.iter().copied().filter(|value| !value.is_nan()).collect();
        let (everyone, interval) = self.level(&known);
        let lifts = (1..).zip(tests).map(|(segment, test)| self.lift(segment, labels, everyone, test.as_ref()));
        let mut segments: Vec<Lift> = lifts.collect();
        let total: f64 = segments.iter().filter_map(Lift::sum).sum();
        let weight =
            |lift: &Lift| lift.sum().filter(|_| total > 0.0).map(|sum| sum / total).filter(|share| *share >= 0.0);
        segments.iter_mut().for_each(|lift| lift.weight = weight(lift));
        let mut ranked: Vec<u32> = segments.iter().map(|lift| lift.segment).collect();
        let weight = |number: &u32| segments[*number as usize - 1].weight.unwrap_or(f64::NEG_INFINITY);
        ranked.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
        Outcome {
            column: self.column.clone(),
            meaning: self.sense.meaning,
            title: self.sense.title.clone(),
            is_rate: self.is_rate(),
            is_turned: self.sense.is_turned,
            better: self.sense.better,
            rows: known.len(),
            everyone: everyone.unwrap_or(f64::NAN),
            interval,
            segments,
            ranked,
        }
    }

    /// The rate or mean of these values, with its interval.
    fn level(&self, values: &[f64]) -> (Option<f64>, Option<(f64, f64)>) {
        if values.is_empty() {
            return (None, None);
        }
        let (mean, sd) = mean_sd(values.iter().copied());
        let interval = if self.is_rate() {
            Some(intervals::of_rate(values.iter().sum(), values.len() as f64))
        } else {
            // The mean of what is never below nothing is not either.
            let least = if values.iter().all(|value| *value >= 0.0) { 0.0 } else { f64::NEG_INFINITY };
            intervals::of_mean(mean, sd, values.len()).map(|(low, high)| (low.max(least), high))
        };
        (Some(mean), interval)
    }

    fn lift(&self, segment: u32, labels: &Labels, everyone: Option<f64>, test: Option<&chance::Test>) -> Lift {
        let (inside, outside) = self.parted(segment, labels);
        let (value, interval) = self.level(&inside);
        let adjusted = test.map(|test| test.adjusted);
        Lift {
            segment,
            rows: inside.len(),
            value,
            interval,
            lift: value.zip(everyone).filter(|(_, all)| *all > 0.0).map(|(own, all)| own / all),
            effect: self.effect(&inside, &outside),
            p: test.map(|test| test.p),
            adjusted,
            real: adjusted.is_some_and(|adjusted| adjusted <= REAL),
            weight: None,
        }
    }

    /// The known values in the segment, and all others.
    fn parted(&self, segment: u32, labels: &Labels) -> (Vec<f64>, Vec<f64>) {
        let known = self.values.iter().zip(labels.as_slice()).filter(|(value, _)| !value.is_nan());
        let (inside, outside): (Vec<_>, Vec<_>) = known.partition(|(_, label)| **label == segment);
        let values = |pairs: Vec<(&f64, &u32)>| pairs.into_iter().map(|(value, _)| *value).collect();
        (values(inside), values(outside))
    }

    /// Cohen's h of two rates, d of two means by the pooled deviation; `None` where it does not exist.
    fn effect(&self, inside: &[f64], outside: &[f64]) -> Option<f64> {
        let (own, own_sd) = mean_sd(inside.iter().copied());
        let (other, other_sd) = mean_sd(outside.iter().copied());
        if self.is_rate() {
            return Some(2.0 * (own.sqrt().asin() - other.sqrt().asin())).filter(|h| h.is_finite());
        }
        let (n, m) = (inside.len() as f64, outside.len() as f64);
        let pooled = ((n * own_sd * own_sd + m * other_sd * other_sd) / (n + m - 2.0)).sqrt();
        Some((own - other) / pooled).filter(|d| d.is_finite())
    }
}

impl Lift {
    /// All that its customers bring together.
    fn sum(&self) -> Option<f64> {
        self.value.map(|value| value * self.rows as f64)
    }
}

#[cfg(test)]
mod tests;
