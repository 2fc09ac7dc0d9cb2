//! What each index says about the number of segments.

use std::collections::BTreeMap;

use super::{Elbow, Plan, Run, Status, Vote, rank};
use crate::cluster::Algorithm;
use crate::matrix::{Labels, Matrix};
use crate::metrics;

/// Below this height over the diagonal an elbow says nothing.
pub(super) const CLEAR_ELBOW: f64 = 0.2;

/// The done runs of one algorithm by rising number of segments asked for.
fn curve(runs: &[Run], algorithm: Algorithm) -> Vec<&Run> {
    let is_of = |run: &&Run| run.candidate.algorithm == algorithm && run.status == Status::Done;
    let mut curve: Vec<&Run> = runs.iter().filter(is_of).filter(|run| run.candidate.settings.k.is_some()).collect();
    curve.sort_by_key(|run| run.candidate.settings.k);
    curve
}

/// The WCSS curves of all algorithms that take a number of segments, from `whole`, the WCSS of k = 1.
pub(super) fn elbows(runs: &[Run], whole: f64) -> BTreeMap<Algorithm, Elbow> {
    let takes_k = Algorithm::ALL.into_iter().filter(|algorithm| algorithm.takes_k());
    takes_k.filter_map(|algorithm| Some((algorithm, elbow(&curve(runs, algorithm), whole)?))).collect()
}

fn elbow(curve: &[&Run], whole: f64) -> Option<Elbow> {
    // Of runs with different settings beside k the first ones make the curve.
    let mut curve = curve.to_vec();
    curve.dedup_by_key(|run| run.candidate.settings.k);
    let points = curve.iter().filter_map(|run| Some((run.candidate.settings.k?, run.metrics.wcss?)));
    let (k, wcss): (Vec<usize>, Vec<f64>) = std::iter::once((1, whole)).chain(points).unzip();
    let last = *k.last().filter(|_| k.len() > 1)?;
    let xs: Vec<f64> = k.iter().map(|&k| k as f64).collect();
    let knee = metrics::knee(&xs, &wcss);
    Some(Elbow {
        knee: knee.map(|knee| k[knee.at]),
        strength: knee.map_or(0.0, |knee| knee.strength),
        range: format!("1..{last}"),
        k,
        wcss,
    })
}

/// The WCSS of everybody in one segment.
pub(super) fn whole(matrix: &Matrix) -> f64 {
    let everybody = Labels::from_raw(&vec![Some(1); matrix.nrows()]);
    metrics::compactness(matrix, &everybody).wcss.unwrap_or(0.0)
}

/// The votes over the curves of the plan's first algorithm with several numbers of segments to choose from; BIC's over
/// the mixture's. Runs that leave customers out or have segments too small to act on are not voted for.
pub(super) fn votes(plan: &Plan, runs: &[Run], elbows: &BTreeMap<Algorithm, Elbow>, gap: Option<usize>) -> Vec<Vote> {
    let mut algorithms = plan.algorithms.iter().map(|candidate| candidate.algorithm);
    let Some(lead) = algorithms.find(|&algorithm| curve(runs, algorithm).len() > 1) else { return Vec::new() };
    let curve = curve(runs, lead);
    let knee = elbows.get(&lead).filter(|elbow| elbow.strength >= CLEAR_ELBOW).and_then(|elbow| elbow.knee);
    let curve = usable(curve, plan);
    let is_open = |k: &usize| curve.iter().any(|run| run.candidate.settings.k == Some(*k));
    let said = [
        ("silhouette", best(&curve, |run| run.metrics.silhouette)),
        ("davies_bouldin", best(&curve, |run| run.metrics.davies_bouldin.map(|value| -value))),
        ("elbow", knee.filter(is_open)),
        ("bic", bic(runs, plan)),
        ("calinski_harabasz", best(&curve, |run| run.metrics.calinski_harabasz)),
        ("gap", gap),
    ];
    said.into_iter().filter_map(|(index, k)| Some(Vote { index: index.to_owned(), k: k? })).collect()
}

fn usable<'a>(curve: Vec<&'a Run>, plan: &Plan) -> Vec<&'a Run> {
    curve.into_iter().filter(|run| rank::is_usable(run, plan)).collect()
}

fn bic(runs: &[Run], plan: &Plan) -> Option<usize> {
    let mixtures = usable(curve(runs, Algorithm::Gmm), plan);
    if mixtures.len() < 2 { None } else { best(&mixtures, |run| run.metrics.bic.map(|value| -value)) }
}

/// The number of segments of the run with the largest value; the smaller one where two are equal.
fn best(curve: &[&Run], value: impl Fn(&Run) -> Option<f64>) -> Option<usize> {
    let values = curve.iter().filter_map(|run| Some((run.labels.clusters(), value(run)?)));
    values.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(k, _)| k)
}

/// How many votes a number of segments has.
pub(super) fn count(votes: &[Vote], k: usize) -> usize {
    votes.iter().filter(|vote| vote.k == k).count()
}
