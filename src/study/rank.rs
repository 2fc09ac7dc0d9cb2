//! The order of the runs, and what stands against each.

use super::words::{count, customers, percent, two};
use super::{Plan, Run, Status, Vote, votes};

/// A segment holds from this mean Jaccard on (Hennig 2007: valid, stable).
pub(super) const HOLDS: f64 = 0.75;
/// The share of customers that a run has to place.
pub(super) const ASSIGNED: f64 = 0.95;
/// The smallest segment worth acting on where nothing is said, as a share of the customers.
pub(super) const SMALLEST: f64 = 0.01;

/// Marks what is the same partition as an earlier run, says what stands against each run, and ranks the done ones:
/// what nothing stands against first, by votes, then silhouette; the others by silhouette.
pub(super) fn judge(runs: &mut [Run], plan: &Plan, votes: &[Vote]) {
    mark_same(runs);
    for place in 0..runs.len() {
        runs[place].against = against(&runs[place], plan);
        runs[place].rank = None;
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

/// The done runs in the recommendation's order.
fn order(runs: &[Run], votes: &[Vote]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..runs.len()).filter(|&place| runs[place].status == Status::Done).collect();
    let key = |place: usize| {
        let (run, standing) = (&runs[place], standing(&runs[place], runs));
        let k = run.labels.clusters();
        let said = if standing == Standing::Against { 0 } else { votes::count(votes, k) };
        (standing, std::cmp::Reverse(said), rounded(run.metrics.silhouette), k)
    };
    places.sort_by_key(|&place| key(place));
    places
}

/// Falling silhouettes in steps that are told apart: what is equal to nine digits is equal evidence.
fn rounded(silhouette: Option<f64>) -> i64 {
    -(silhouette.unwrap_or(-1.0) * 1e9).round() as i64
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
