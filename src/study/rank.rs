//! The order of the runs, and what stands against each.

use std::cmp::Reverse;

use super::words::{count, customers, percent, two};
use super::{Plan, Run, Status, Vote, placed_alike, votes};

/// A segment holds from this mean Jaccard on (Hennig 2007: valid, stable).
pub(super) const HOLDS: f64 = 0.75;
/// The share of customers that a run has to place.
pub(super) const ASSIGNED: f64 = 0.95;
/// The smallest segment worth acting on where nothing is said, as a share of the customers.
pub(super) const SMALLEST: f64 = 0.01;

/// Silhouettes, weighed with the share assigned, that differ by no more than this are equal evidence for the same number
/// of segments …
pub(super) const EQUAL: f64 = 0.03;
/// … as are partitions that place this share of the customers alike.
const ALIKE: f64 = 0.95;

/// Marks what is the same partition as an earlier run, says what stands against each run, and ranks the done ones:
/// what nothing stands against first, by votes, then silhouette × share assigned, of equal ones those that place everybody
/// and the simpler algorithms first; the others by silhouette.
pub(super) fn judge(runs: &mut [Run], plan: &Plan, votes: &[Vote]) {
    mark_same(runs);
    for run in runs.iter_mut() {
        run.against = against(run, plan);
        run.rank = None;
    }
    for (rank, place) in (1..).zip(order(runs, votes)) {
        runs[place].rank = Some(rank);
    }
}

/// Labels have one numbering, so that equal partitions are equal labels.
fn mark_same(runs: &mut [Run]) {
    for place in 0..runs.len() {
        let (before, after) = runs.split_at_mut(place);
        let run = &mut after[0];
        if run.status == Status::Done && run.same_as.is_none() {
            let same = before.iter().find(|other| other.status == Status::Done && other.labels == run.labels);
            run.same_as = same.map(|other| other.id.clone());
        }
    }
}

/// Why a run is not advised, in few words each.
fn against(run: &Run, plan: &Plan) -> Vec<String> {
    if run.status != Status::Done {
        return Vec::new();
    }
    let k = run.labels.clusters();
    if k < 2 {
        return vec![if k == 0 { "finds no group".to_owned() } else { "finds one group only".to_owned() }];
    }
    [falls_apart(run), leaves_out(run), too_small(run, plan), out_of_range(k, plan)].into_iter().flatten().collect()
}

fn falls_apart(run: &Run) -> Option<String> {
    let holds = run.holds().filter(|holds| *holds < HOLDS)?;
    Some(format!("falls apart when redrawn ({})", two(holds)))
}

fn leaves_out(run: &Run) -> Option<String> {
    (run.labels.assigned() < ASSIGNED).then(|| format!("leaves {} out", customers(run.labels.noise())))
}

/// Whether the run places nearly everybody, in segments of a useful size: only then does an index speak for it.
pub(super) fn is_usable(run: &Run, plan: &Plan) -> bool {
    leaves_out(run).is_none() && too_small(run, plan).is_none()
}

fn too_small(run: &Run, plan: &Plan) -> Option<String> {
    let (smallest, bound) = (run.smallest()?, bound(plan));
    let is_small = (smallest as f64) < bound * run.labels.len() as f64;
    is_small.then(|| format!("smallest segment of {} is below {}", count(smallest), percent(bound)))
}

/// The smallest segment worth acting on, as a share of the customers.
pub(super) fn bound(plan: &Plan) -> f64 {
    plan.smallest.unwrap_or(SMALLEST)
}

fn out_of_range(k: usize, plan: &Plan) -> Option<String> {
    let range = plan.segments.as_ref()?;
    if k < *range.start() {
        return Some(format!("{k} segments are fewer than {}", range.start()));
    }
    (k > *range.end()).then(|| format!("{k} segments are more than {}", range.end()))
}

/// How far a run is above or below the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Holds,
    NotRedrawn,
    Against,
}

fn standing(run: &Run, runs: &[Run]) -> Standing {
    let twin = || runs.iter().find(|other| run.same_as.as_ref() == Some(&other.id));
    match run.holds().or_else(|| twin()?.holds()) {
        _ if !run.against.is_empty() => Standing::Against,
        Some(holds) if holds < HOLDS => Standing::Against,
        Some(_) => Standing::Holds,
        None => Standing::NotRedrawn,
    }
}

/// What decides the order of a run: lower is better.
type Key = (Standing, Reverse<usize>);

fn key(run: &Run, runs: &[Run], votes: &[Vote]) -> Key {
    let standing = standing(run, runs);
    let said = if standing == Standing::Against { 0 } else { votes::count(votes, run.labels.clusters()) };
    (standing, Reverse(said))
}

/// The done runs in the recommendation's order.
fn order(runs: &[Run], votes: &[Vote]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..runs.len()).filter(|&place| runs[place].status == Status::Done).collect();
    let keys: Vec<Key> = runs.iter().map(|run| key(run, runs, votes)).collect();
    let value = |place: usize| evidence(&runs[place], keys[place].0);
    places.sort_by(|&a, &b| keys[a].cmp(&keys[b]).then(value(b).total_cmp(&value(a))));
    let is_equal = |first: usize, next: usize| {
        let same_size = runs[first].labels.clusters() == runs[next].labels.clusters();
        let close = || value(first) - value(next) <= EQUAL || are_alike(&runs[first], &runs[next]);
        keys[first] == keys[next] && keys[first].0 != Standing::Against && same_size && close()
    };
    simpler_first(&mut places, is_equal, |place| runs[place].labels.noise());
    places
}

/// The silhouette; where nothing stands against the run, weighed with the share of customers that it was bought with.
fn evidence(run: &Run, standing: Standing) -> f64 {
    let silhouette = run.metrics.silhouette.unwrap_or(-1.0);
    if standing == Standing::Against { silhouette } else { silhouette * run.labels.assigned() }
}

fn are_alike(a: &Run, b: &Run) -> bool {
    placed_alike(&a.labels, &b.labels) as f64 >= ALIKE * a.labels.len() as f64
}

/// Neighbours with equal evidence: those that leave fewer customers out first, then in the order in which the algorithms
/// are listed, simpler ones first.
fn simpler_first(places: &mut [usize], is_equal: impl Fn(usize, usize) -> bool, left_out: impl Fn(usize) -> usize) {
    let mut start = 0;
    while start < places.len() {
        let first = places[start];
        let length = places[start..].iter().take_while(|&&next| is_equal(first, next)).count().max(1);
        places[start..start + length].sort_unstable_by_key(|&place| (left_out(place), place));
        start += length;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::testing::run_of;
    use super::*;
    use crate::study::Stability;

    fn holding(id: &str, labels: &[u32], silhouette: f64, holds: f64) -> Run {
        let mut run = run_of(id, labels);
        run.metrics.silhouette = Some(silhouette);
        run.stability = Some(Stability { redraws: 20, planned: 20, mean_ari: holds, jaccards: vec![1.0, holds] });
        run
    }

    #[test]
    fn what_holds_stands_first_by_votes_then_silhouette() {
        let two = [1, 1, 1, 2, 2, 2];
        let three = [1, 1, 2, 2, 3, 3];
        let mut runs = [
            holding("kmeans-k2", &two, 0.7, 0.8),
            holding("kmeans-k3", &three, 0.5, 0.8),
            holding("ward-k2", &[1, 1, 2, 2, 1, 2], 0.9, 0.5),
            run_of("ward-k3", &three),
        ];
        let votes = [Vote { index: "elbow".into(), k: 3 }];
        judge(&mut runs, &Plan::default(), &votes);
        assert_eq!(runs.iter().map(|run| run.rank.unwrap()).collect::<Vec<_>>(), [3, 1, 4, 2]);
        assert_eq!(runs[3].same_as.as_deref(), Some("kmeans-k3"));
        assert_eq!(runs[2].against, ["falls apart when redrawn (.50)"]);
    }

    #[test]
    fn of_equal_evidence_what_places_everybody_by_the_simpler_way_stands_first() {
        let mut labels = [[1; 20], [2; 20]].concat();
        let everybody = holding("kmeans-k2", &labels, 0.66, 0.9);
        labels[0] = 0;
        let most = holding("dbscan-eps1-min5", &labels, 0.69, 0.9);
        let third: Vec<u32> = (0..40).map(|row| row % 2 + 1).collect();
        let mut runs = [most, everybody, holding("gmm-k2", &third, 0.65, 0.9)];
        judge(&mut runs, &Plan::default(), &[]);
        assert_eq!(runs.iter().map(|run| run.rank.unwrap()).collect::<Vec<_>>(), [3, 1, 2]);
    }

    #[test]
    fn the_reasons_are_short_and_name_their_figures() {
        let mut labels = vec![1; 80];
        labels.extend([2; 14]);
        labels.extend([0; 6]);
        let plan = Plan { smallest: Some(0.2), segments: Some(3..=6), ..Plan::default() };
        let mut runs = [run_of("dbscan-eps1-min5", &labels), run_of("kmeans-k2", &[0; 100])];
        judge(&mut runs, &plan, &[]);
        let known = ["leaves 6 customers out", "smallest segment of 14 is below 20 %", "2 segments are fewer than 3"];
        assert_eq!(runs[0].against, known);
        assert_eq!(runs[1].against, ["finds no group"]);
    }
}
