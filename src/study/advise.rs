//! The recommendation: which run, how clear, and what it was held to.

use super::null::Chance;
use super::rank::{self, ASSIGNED, HOLDS};
use super::run::Evidence;
use super::words::list;
use super::{Gate, Recommendation, Rejected, Run, Status, Structure, Study, Vote, alternatives, depth, reasons};
use crate::matrix::Matrix;

/// From this silhouette on segments are clearly apart.
pub(super) const GOOD: f64 = 0.5;
/// From this mean Jaccard on a segment is firm (Hennig 2007: highly stable).
pub(super) const FIRM: f64 = 0.85;
/// The finer answer keeps at least this share of the clearest one's silhouette …
const KEPT: f64 = 0.7;
/// … and has no segment below this share of the customers.
const WORTH_ACTING: f64 = 0.05;

impl Recommendation {
    /// Before anything is known.
    pub(super) fn undecided() -> Self {
        Self {
            id: None,
            structure: Structure::None,
            strongest: None,
            useful: None,
            votes: Vec::new(),
            gates: Vec::new(),
            rejected: Vec::new(),
            reasons: vec!["No run is done yet".to_owned()],
            alternatives: Vec::new(),
            tautology: None,
            provisional: true,
        }
    }
}

/// The runs that an answer is made of.
pub(super) struct Choice<'a> {
    pub(super) chosen: &'a Run,
    pub(super) strongest: &'a Run,
    pub(super) useful: &'a Run,
    pub(super) voted: &'a Run,
    pub(super) structure: Structure,
}

/// The recommendation over the runs as they stand, ranked.
pub(super) fn advise(study: &Study, votes: Vec<Vote>, evidence: &Evidence, matrix: &Matrix) -> Recommendation {
    let base = Recommendation {
        votes,
        rejected: rejected(&study.runs),
        provisional: !evidence.is_final,
        ..Recommendation::undecided()
    };
    let Some(choice) = choose(study, evidence) else {
        return Recommendation { reasons: reasons::nothing(study, evidence, matrix), ..base };
    };
    let chance = evidence.chance_of(choice.chosen);
    let gates = gates(choice.chosen, study, chance);
    if choice.structure == Structure::None {
        let reasons = reasons::no_structure(&base.votes, &choice, chance, matrix);
        return Recommendation { gates, reasons, ..base };
    }
    let recommendation = Recommendation {
        id: Some(choice.chosen.id.clone()),
        structure: choice.structure,
        strongest: Some(choice.strongest.id.clone()),
        useful: Some(choice.useful.id.clone()),
        gates,
        alternatives: alternatives::alternatives(&study.runs, choice.chosen),
        tautology: evidence.tautology.clone(),
        ..base
    };
    let reasons = reasons::reasons(study, &choice, &recommendation, chance, matrix);
    Recommendation { reasons, ..recommendation }
}

fn rejected(runs: &[Run]) -> Vec<Rejected> {
    let is_against = |run: &&Run| run.status == Status::Done && !run.against.is_empty();
    runs.iter().filter(is_against).map(|run| Rejected { id: run.id.clone(), why: list(&run.against) }).collect()
}

/// The clearest run, and the finest one that is firm and worth acting on; runs that are no clearer than chance are passed
/// over as long as there are others. Two segments are seldom an answer for a marketer: where they are not clearly apart
/// the finer answer is taken.
fn choose<'a>(study: &'a Study, evidence: &Evidence) -> Option<Choice<'a>> {
    let open = open(study, evidence);
    let voted = *open.first()?;
    let instead = evidence.instead_of(voted).and_then(|id| open.iter().find(|run| run.id == id));
    let strongest = instead.copied().unwrap_or(voted);
    let useful = useful(&open, strongest);
    let chosen = if strongest.labels.clusters() == 2 && !is_clear(strongest) { useful } else { strongest };
    Some(Choice { chosen, strongest, useful, voted, structure: structure(chosen, evidence) })
}

/// The runs above the line in order, without those that are no clearer than chance where others hold.
fn open<'a>(study: &'a Study, evidence: &Evidence) -> Vec<&'a Run> {
    let advised: Vec<&Run> = study.ranked().into_iter().filter(|run| run.is_advised()).collect();
    let beyond: Vec<&Run> = advised.iter().copied().filter(|run| !evidence.is_chance(run)).collect();
    if beyond.iter().any(|run| run.holds().is_some()) { beyond } else { advised }
}

/// The run that votes and evidence put first.
pub(super) fn voted<'a>(study: &'a Study, evidence: &Evidence) -> Option<&'a Run> {
    open(study, evidence).first().copied()
}

fn useful<'a>(advised: &[&'a Run], strongest: &'a Run) -> &'a Run {
    let least = strongest.metrics.silhouette.unwrap_or(0.0) * KEPT;
    let is_useful = |run: &&&Run| {
        let smallest = run.smallest().unwrap_or(0) as f64;
        run.labels.clusters() > strongest.labels.clusters()
            && run.holds() >= Some(FIRM)
            && run.metrics.silhouette >= Some(least)
            && smallest >= WORTH_ACTING * run.labels.len() as f64
    };
    // Of runs with equally many segments the first in rank.
    let finest = advised.iter().rev().filter(is_useful).max_by_key(|run| run.labels.clusters());
    finest.copied().unwrap_or(strongest)
}

fn structure(chosen: &Run, evidence: &Evidence) -> Structure {
    let never_held = evidence.is_final && chosen.holds().is_none_or(|holds| holds < HOLDS);
    if evidence.is_chance(chosen) || never_held {
        Structure::None
    } else if is_clear(chosen) {
        Structure::Clear
    } else {
        Structure::Weak
    }
}

/// Whether segments are clearly apart, round ones by their separation, others by their borders.
fn is_clear(run: &Run) -> bool {
    run.metrics.silhouette >= Some(GOOD) || depth::is_apart(run)
}

/// What a run is held to.
fn gates(run: &Run, study: &Study, chance: Option<Chance>) -> Vec<Gate> {
    let gate = |name: &str, value: Option<f64>, limit: f64| Gate {
        name: name.to_owned(),
        value,
        limit,
        pass: value.map(|value| value >= limit),
    };
    let rows = run.labels.len() as f64;
    let mut gates = vec![
        gate("holds", run.holds(), HOLDS),
        gate("assigned", Some(run.labels.assigned()), ASSIGNED),
        gate("smallest", run.smallest().map(|size| size as f64 / rows), rank::bound(&study.plan)),
    ];
    if let Some(range) = &study.plan.segments {
        let k = run.labels.clusters();
        let limit = if k > *range.end() { *range.end() } else { *range.start() };
        let pass = Some(range.contains(&k));
        gates.push(Gate { pass, ..gate("segments", Some(k as f64), limit as f64) });
    }
    let is_clear = |chance: &Chance| run.metrics.silhouette >= Some(chance.limit);
    if depth::is_apart(run) && !chance.as_ref().is_some_and(is_clear) {
        gates.push(gate("apart", run.metrics.contact.map(|contact| 1.0 - contact), 1.0 - depth::APART));
    } else {
        gates.extend(chance.map(|chance| gate("chance", run.metrics.silhouette, chance.limit)));
    }
    gates
}
