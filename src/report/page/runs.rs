//! The runs side by side, what the indices say, and what the chosen run was held to.

use serde::Serialize;

use super::super::figures::{self, Figure};
use super::super::words::percent;
use super::data::Fact;
use crate::plot::number;
use crate::study::{Gate, Run, Study};

/// Runs that are listed.
const SHOWN: usize = 20;

/// One run.
#[derive(Debug, Clone, Serialize)]
pub struct RunLine {
    /// Its id.
    pub id: String,
    /// Algorithm and setting.
    pub name: String,
    /// Whether it is the recommended one.
    pub recommended: bool,
    /// Segments.
    pub segments: usize,
    /// The share of customers that it places.
    pub placed: String,
    /// The silhouette.
    pub silhouette: String,
    /// Davies-Bouldin.
    pub davies_bouldin: String,
    /// The weakest segment's mean Jaccard.
    pub holds: String,
    /// The smallest segment.
    pub smallest: String,
    /// Why it is not advised; empty where it is.
    pub against: String,
}

pub(super) fn lines(study: &Study) -> (Vec<RunLine>, usize) {
    let ranked = study.ranked();
    let more = ranked.len().saturating_sub(SHOWN);
    (ranked.into_iter().take(SHOWN).map(|run| line(study, run)).collect(), more)
}

fn line(study: &Study, run: &Run) -> RunLine {
    let ratio = |value: Option<f64>| value.map_or_else(|| number::NONE.to_owned(), |value| number::ratio(value, 3));
    RunLine {
        id: run.id.clone(),
        name: format!("{} {}", run.candidate.algorithm.title(), setting(run)).trim_end().to_owned(),
        recommended: study.recommendation.id.as_deref() == Some(run.id.as_str()),
        segments: run.labels.clusters(),
        placed: number::percent(run.labels.assigned(), 0),
        silhouette: ratio(run.metrics.silhouette),
        davies_bouldin: ratio(run.metrics.davies_bouldin),
        holds: run.holds().map_or_else(|| number::NONE.to_owned(), |holds| number::ratio(holds, 2)),
        smallest: run.smallest().map_or_else(|| number::NONE.to_owned(), number::whole),
        against: run.against.join("; "),
    }
}

/// The settings in short: `k=5`, `eps=0.2 min=5`.
pub(super) fn setting(run: &Run) -> String {
    let settings = &run.candidate.settings;
    let parts = [
        settings.k.map(|k| format!("k={k}")),
        settings.eps.map(|eps| format!("eps={}", number::short(eps))),
        settings.min_cluster_size.map(|size| format!("size={size}")),
        settings.min_samples.map(|min| format!("min={min}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

pub(super) fn votes(study: &Study) -> Vec<Fact> {
    study.recommendation.votes.iter().map(|vote| Fact::new(index(&vote.index), vote.k.to_string())).collect()
}

/// An index as people call it.
fn index(id: &str) -> &str {
    match id {
        "davies_bouldin" => "Davies-Bouldin",
        "calinski_harabasz" => "Calinski-Harabasz",
        "bic" => "BIC",
        other => other,
    }
}

pub(super) fn gates(study: &Study) -> Vec<Fact> {
    study.recommendation.gates.iter().map(gate).collect()
}

fn gate(gate: &Gate) -> Fact {
    let (what, written): (&str, fn(f64) -> String) = match gate.name.as_str() {
        "holds" => ("the weakest segment comes back in the redraws", |value| number::ratio(value, 2)),
        "assigned" => ("customers who are placed", percent),
        "smallest" => ("the smallest segment", percent),
        "chance" => ("clearer than customers without groups look", |value| number::ratio(value, 2)),
        "apart" => ("customers off the borders", percent),
        "segments" => ("segments", |value| number::fixed(value, 0)),
        other => (other, number::short),
    };
    let value = gate.value.map_or_else(|| number::NONE.to_owned(), written);
    let word = match gate.pass {
        Some(true) => "passes",
        Some(false) => "does not pass",
        None => "not known yet",
    };
    Fact::new(what, format!("{value}, wanted {}: {word}", written(gate.limit)))
}

/// The curves of the chosen run's algorithm.
pub(super) fn figures(study: &Study, chosen: Option<&Run>) -> Vec<Figure> {
    let Some(chosen) = chosen else { return Vec::new() };
    let algorithm = chosen.candidate.algorithm;
    let mut family: Vec<&Run> = study
        .runs
        .iter()
        .filter(|run| run.candidate.algorithm == algorithm && run.metrics.silhouette.is_some())
        .collect();
    family.sort_by_key(|run| run.candidate.settings.k);
    let elbow = study.elbows.get(&algorithm).or_else(|| study.elbows.values().next());
    let mut all: Vec<Figure> = elbow.map(figures::curve).into_iter().collect();
    if family.len() > 1 && chosen.candidate.settings.k.is_some() {
        all.push(figures::silhouette_curve(&family, chosen.candidate.settings.k));
    }
    all
}
