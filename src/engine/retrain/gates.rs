//! What a challenger is held to before it may serve.

use serde::{Deserialize, Serialize};

use crate::engine::models;
use crate::error::Result;
use crate::matrix::Labels;
use crate::metrics;
use crate::model::store::Recorded;
use crate::model::{Model, Placed};
use crate::plot::number;
use crate::recipe::Prepared;
use crate::segments;
use crate::study::Run;
use crate::table::{Role, Table};
use crate::task::Task;

/// One condition, with how it went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// `holds`, `silhouette`, `assigned`, `smallest`, `largest`, `segments`, `outcome`, `feedback`.
    pub name: String,
    /// What the challenger has; `None` where it is not known.
    pub value: Option<f64>,
    /// What it must have.
    pub limit: f64,
    /// Whether it passes; what is not known does not.
    pub pass: bool,
    /// The same in words.
    pub words: String,
}

/// The limits.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The weakest segment's mean Jaccard over the redraws must reach this.
    pub holds: f64,
    /// The silhouette may be so much below the champion's on the same rows.
    pub silhouette: f64,
    /// The share of the customers that are in a segment must reach this.
    pub assigned: f64,
    /// The smallest segment's share of the customers must reach this.
    pub smallest: f64,
    /// The largest segment's share must not be above this.
    pub largest: f64,
    /// What the segments tell of the first outcome (η², Cramér's V) may be so much below the champion's.
    pub outcome: f64,
    /// The share of the recorded responses that came from segments which are there again must reach this.
    pub feedback: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            holds: 0.75,
            silhouette: 0.05,
            assigned: 0.95,
            smallest: 0.01,
            largest: 0.9,
            outcome: 0.02,
            feedback: 0.8,
        }
    }
}

/// What the gates look at.
pub struct Facts {
    holds: Option<f64>,
    /// Of the challenger and of the champion, on the same rows in the same space.
    silhouettes: (Option<f64>, Option<f64>),
    assigned: f64,
    smallest: Option<f64>,
    largest: Option<f64>,
    k: usize,
    /// How many segments the recipe asks for.
    wanted: Option<std::ops::RangeInclusive<usize>>,
    /// The first outcome, and what both tell of it.
    outcome: Option<(String, f64, f64)>,
    /// The share of the customers in segments of different keys.
    pub moved: Option<f64>,
}

impl Facts {
    /// Of a challenger made of these rows by this run.
    pub fn of(
        champion: &Model,
        challenger: &Model,
        (table, prepared, run): (&Table, &Prepared, &Run),
        task: &Task,
    ) -> Result<Self> {
        let (matrix, labels) = (&prepared.matrix, &run.labels);
        let was = models::score(champion, table, task)?.rows;
        let was: Vec<&Placed<'_>> = matrix.rows.iter().map(|&row| &was[row as usize]).collect();
        let raw: Vec<Option<u32>> = was.iter().map(|placed| placed.segment.filter(|&segment| segment > 0)).collect();
        let champions = Labels::from_raw(&raw);
        let mean = |labels: &Labels| -> Result<Option<f64>> { Ok(mean(&metrics::silhouettes(matrix, labels, task)?)) };
        let share = |size: Option<&usize>| size.map(|&size| size as f64 / labels.len().max(1) as f64);
        Ok(Self {
            holds: run.holds(),
            silhouettes: (mean(labels)?, mean(&champions)?),
            assigned: labels.assigned(),
            smallest: share(labels.sizes().last()),
            largest: share(labels.sizes().first()),
            k: labels.clusters(),
            wanted: crate::engine::steps::plan(&challenger.recipe)?.segments,
            outcome: outcome(challenger, table, prepared, labels, &champions),
            moved: moved(challenger, labels, &was),
        })
    }
}

fn mean(silhouettes: &[f64]) -> Option<f64> {
    let (sum, count) = silhouettes
        .iter()
        .filter(|value| !value.is_nan())
        .fold((0.0, 0_usize), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

/// What both labellings tell of the recipe's first outcome that the table has.
fn outcome(
    challenger: &Model,
    table: &Table,
    prepared: &Prepared,
    labels: &Labels,
    champions: &Labels,
) -> Option<(String, f64, f64)> {
    let field = challenger.recipe.roles.outcome.iter().find_map(|name| table.field(name))?;
    let of = |labels: &Labels| segments::effect(field, Role::Outcome, &prepared.matrix, labels).size;
    Some((field.name().to_owned(), of(labels), of(champions)))
}

fn moved(challenger: &Model, labels: &Labels, was: &[&Placed<'_>]) -> Option<f64> {
    let keys = labels.as_slice().iter().map(|&label| challenger.named(label).0);
    let pairs = keys.zip(was).filter(|(_, was)| was.segment.is_some());
    let (moved, all) =
        pairs.fold((0_usize, 0_usize), |(moved, all), (key, was)| (moved + usize::from(key != was.key), all + 1));
    (all > 0).then(|| moved as f64 / all as f64)
}

/// Each gate, with what it comes to in words.
pub fn gates(facts: &Facts, again: &[String], feedback: &Recorded, limits: &Limits) -> Vec<Gate> {
    let mut gates = vec![holds(facts, limits), silhouette(facts, limits)];
    gates.extend(sizes(facts, limits));
    gates.extend(how_many(facts));
    gates.extend(result(facts, limits));
    gates.extend(
        of_feedback(again, feedback).map(|(share, words)| least("feedback", Some(share), limits.feedback, words)),
    );
    gates
}

/// A value must reach a limit.
fn least(name: &str, value: Option<f64>, limit: f64, words: String) -> Gate {
    Gate { name: name.to_owned(), value, limit, pass: value.is_some_and(|value| value >= limit), words }
}

fn ratio(value: Option<f64>) -> String {
    value.map_or_else(|| number::NONE.to_owned(), |value| number::ratio(value, 2))
}

fn holds(facts: &Facts, limits: &Limits) -> Gate {
    let words = match facts.holds {
        Some(_) => format!("the weakest segment comes back with {} of itself in redraws", ratio(facts.holds)),
        None => "how well the segments hold was not tried".to_owned(),
    };
    least("holds", facts.holds, limits.holds, words)
}

fn silhouette(facts: &Facts, limits: &Limits) -> Gate {
    let (own, was) = facts.silhouettes;
    // A champion that has one segment left among these rows is no match.
    let limit = was.map_or(f64::NEG_INFINITY, |was| was - limits.silhouette).max(-1.0);
    let words = format!("{}; the model that serves has {} on the same customers", ratio(own), ratio(was));
    least("silhouette", own, limit, words)
}

fn sizes(facts: &Facts, limits: &Limits) -> [Gate; 3] {
    let percent = |value: Option<f64>| value.map_or_else(|| number::NONE.to_owned(), |value| number::percent(value, 1));
    let segment = |which: &str, share| format!("the {which} segment has {} of the customers", percent(share));
    let assigned = format!("{} of the customers are in a segment", percent(Some(facts.assigned)));
    let largest = least("largest", facts.largest, limits.largest, segment("largest", facts.largest));
    [
        least("assigned", Some(facts.assigned), limits.assigned, assigned),
        least("smallest", facts.smallest, limits.smallest, segment("smallest", facts.smallest)),
        Gate { pass: facts.largest.is_some_and(|share| share <= limits.largest), ..largest },
    ]
}

fn how_many(facts: &Facts) -> Option<Gate> {
    let range = facts.wanted.as_ref()?;
    let limit = if facts.k > *range.end() { *range.end() } else { *range.start() };
    let words = format!("{} segments; {} to {} are wanted", facts.k, range.start(), range.end());
    let gate = least("segments", Some(facts.k as f64), limit as f64, words);
    Some(Gate { pass: range.contains(&facts.k), ..gate })
}

fn result(facts: &Facts, limits: &Limits) -> Option<Gate> {
    let (name, own, was) = facts.outcome.as_ref()?;
    let words = format!("the segments tell {} of {name}; those that serve {}", ratio(Some(*own)), ratio(Some(*was)));
    Some(least("outcome", Some(*own), (was - limits.outcome).max(0.0), words))
}

/// The share of the recorded responses that came from segments which are there again; `None` where none is recorded.
fn of_feedback(again: &[String], feedback: &Recorded) -> Option<(f64, String)> {
    let responded = |is_counted: &dyn Fn(&String) -> bool| -> u64 {
        let counted = feedback.0.iter().filter(|(key, _)| is_counted(key));
        counted.map(|(_, groups)| groups.contacted.responded + groups.control.responded).sum()
    };
    let (all, kept) = (responded(&|_| true), responded(&|key| again.contains(key)));
    let words = format!("{kept} of {all} recorded responses came from segments that are there again");
    (all > 0).then(|| (kept as f64 / all as f64, words))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn facts() -> Facts {
        Facts {
            holds: Some(0.9),
            silhouettes: (Some(0.5), Some(0.52)),
            assigned: 1.0,
            smallest: Some(0.1),
            largest: Some(0.4),
            k: 4,
            wanted: Some(3..=5),
            outcome: Some(("Response".into(), 0.2, 0.21)),
            moved: Some(0.1),
        }
    }

    fn failed(facts: &Facts, feedback: &Recorded) -> Vec<String> {
        let gates = gates(facts, &["loyal".to_owned()], feedback, &Limits::default());
        gates.into_iter().filter(|gate| !gate.pass).map(|gate| gate.name).collect()
    }

    #[test]
    fn each_gate_says_no_for_its_own_reason() {
        let none = Recorded::default();
        assert!(failed(&facts(), &none).is_empty());
        assert_eq!(failed(&Facts { holds: Some(0.74), ..facts() }, &none), ["holds"]);
        assert_eq!(failed(&Facts { holds: None, ..facts() }, &none), ["holds"]);
        assert_eq!(failed(&Facts { silhouettes: (Some(0.46), Some(0.52)), ..facts() }, &none), ["silhouette"]);
        assert_eq!(failed(&Facts { silhouettes: (None, Some(0.52)), ..facts() }, &none), ["silhouette"]);
        assert!(failed(&Facts { silhouettes: (Some(0.1), None), ..facts() }, &none).is_empty());
        assert_eq!(failed(&Facts { assigned: 0.5, ..facts() }, &none), ["assigned"]);
        assert_eq!(failed(&Facts { smallest: Some(0.001), ..facts() }, &none), ["smallest"]);
        assert_eq!(failed(&Facts { largest: Some(0.95), ..facts() }, &none), ["largest"]);
        assert_eq!(failed(&Facts { k: 7, ..facts() }, &none), ["segments"]);
        assert_eq!(failed(&Facts { outcome: Some(("Response".into(), 0.1, 0.2)), ..facts() }, &none), ["outcome"]);
        let mut feedback = Recorded::default();
        feedback.count("loyal", true, true, 0.0);
        assert!(failed(&facts(), &feedback).is_empty());
        feedback.count("gone", true, true, 0.0);
        assert_eq!(failed(&facts(), &feedback), ["feedback"]);
    }

    #[test]
    fn a_gate_says_in_words_what_it_saw() {
        let gates = gates(&facts(), &[], &Recorded::default(), &Limits::default());
        let words: Vec<&str> = gates.iter().map(|gate| gate.words.as_str()).collect();
        assert_eq!(words[1], ".50; the model that serves has .52 on the same customers");
        assert_eq!(words[3], "the smallest segment has 10.0 % of the customers");
        assert_eq!(words[5], "4 segments; 3 to 5 are wanted");
    }
}
