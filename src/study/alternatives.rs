//! One answer coarser and one finer, in terms of customers.

use super::agreement::cross;
use super::rank::HOLDS;
use super::words::{count, customers, list, two};
use super::{Alternative, Run, Status};

/// A part of a segment below this share is a matter of borders, not a split.
const PART: f64 = 0.1;

/// The finest coarser run that is advised, or else the next coarser one; and the next finer one. All of the same
/// algorithm as `chosen`.
pub(super) fn alternatives(runs: &[Run], chosen: &Run) -> Vec<Alternative> {
    let [coarser, finer] = neighbours(runs, chosen);
    let coarser = coarser.map(|run| describe(run, &merged(run, chosen)));
    let finer = finer.map(|run| describe(run, &split(run, chosen)));
    coarser.into_iter().chain(finer).collect()
}

/// The coarser and the finer run that an answer is compared with.
pub(super) fn neighbours<'a>(runs: &'a [Run], chosen: &Run) -> [Option<&'a Run>; 2] {
    let k = chosen.labels.clusters();
    let kin = |run: &&Run| run.candidate.algorithm == chosen.candidate.algorithm && run.status == Status::Done;
    let clusters = |run: &&Run| run.labels.clusters();
    let coarser = || runs.iter().filter(kin).filter(|run| (2..k).contains(&clusters(run)));
    let advised = coarser().filter(|run| is_good(run)).max_by_key(clusters);
    let finer = runs.iter().filter(kin).filter(|run| clusters(run) > k).min_by_key(clusters);
    [advised.or_else(|| coarser().max_by_key(clusters)), finer]
}

fn is_good(run: &Run) -> bool {
    run.is_advised() && run.holds().is_some()
}

fn describe(run: &Run, change: &Change) -> Alternative {
    let k = run.labels.clusters();
    let advised = is_good(run);
    let holds = || run.stability.as_ref().and_then(|found| found.jaccards.iter().copied().enumerate().min_by(by_value));
    let what = match (advised, holds()) {
        (true, _) => format!("{k} holds as well, {}", change.as_well),
        (false, Some((weakest, holds))) if holds < HOLDS => {
            let size = count(run.labels.sizes()[weakest]);
            format!("{k} would {}, and its group of {size} does not hold ({})", change.would, two(holds))
        }
        (false, None) if run.against.is_empty() => format!("{k} would {}; it was not redrawn", change.would),
        (false, _) => format!("{k} would {}; not advised: {}", change.would, list(&run.against)),
    };
    Alternative { id: run.id.clone(), segments: k, advised, what }
}

fn by_value(a: &(usize, f64), b: &(usize, f64)) -> std::cmp::Ordering {
    a.1.total_cmp(&b.1)
}

/// What another answer does to the customers: after "holds as well, …" and after "k would …".
struct Change {
    as_well: String,
    would: String,
}

/// What a coarser run puts together.
fn merged(coarser: &Run, chosen: &Run) -> Change {
    let table = cross(&chosen.labels, &coarser.labels);
    let sizes = coarser.labels.sizes();
    let home = |row: &Vec<usize>| (0..row.len()).max_by_key(|&to| (row[to], std::cmp::Reverse(to)));
    let mut members = vec![Vec::new(); sizes.len()];
    for (segment, row) in table.iter().enumerate() {
        if let Some(to) = home(row) {
            members[to].push(segment);
        }
    }
    let joined =
        (0..sizes.len()).filter(|&to| members[to].len() > 1).max_by_key(|&to| (sizes[to], std::cmp::Reverse(to)));
    match joined {
        None => Change { as_well: "but parts the customers anew".into(), would: "part the customers anew".into() },
        Some(to) => {
            let together: Vec<String> = members[to].iter().map(|&segment| count(segment + 1)).collect();
            let size = customers(sizes[to]);
            Change {
                as_well: format!("but leaves {size} in one group"),
                would: format!("put segments {} together, {size}", list(&together)),
            }
        }
    }
}

/// What a finer run takes apart.
fn split(finer: &Run, chosen: &Run) -> Change {
    let table = cross(&chosen.labels, &finer.labels);
    let mut parted: Vec<(usize, Vec<usize>)> = table.into_iter().enumerate().filter_map(parts).collect();
    let (verb, what) = match parted.as_slice() {
        [] => ("move", "borders only".to_owned()),
        [_] => {
            let (segment, parts) = parted.swap_remove(0);
            let size = customers(chosen.labels.sizes()[segment]);
            let parts: Vec<String> = parts.into_iter().map(count).collect();
            ("split", format!("segment {} ({size}) into {}", segment + 1, list(&parts)))
        }
        several => {
            let segments: Vec<String> = several.iter().map(|(segment, _)| count(segment + 1)).collect();
            ("split", format!("segments {}", list(&segments)))
        }
    };
    Change { as_well: format!("but {verb}s {what}"), would: format!("{verb} {what}") }
}

/// The parts of a segment, largest first, where it is split at all.
fn parts((segment, mut row): (usize, Vec<usize>)) -> Option<(usize, Vec<usize>)> {
    let size: usize = row.iter().sum();
    row.retain(|&part| part as f64 >= PART * size as f64 && part > 0);
    row.sort_unstable_by_key(|&part| std::cmp::Reverse(part));
    (row.len() > 1).then_some((segment, row))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::testing::run_of;
    use super::*;
    use crate::study::Stability;

    fn with_holds(id: &str, labels: &[u32], jaccards: &[f64]) -> Run {
        let mut run = run_of(id, labels);
        run.stability = Some(Stability { redraws: 20, planned: 20, mean_ari: 0.9, jaccards: jaccards.to_vec() });
        run
    }

    #[test]
    fn coarser_and_finer_are_told_in_customers() {
        let three: Vec<u32> = (0..60).map(|row| row / 20 + 1).collect();
        let two: Vec<u32> = three.iter().map(|&label| label.min(2)).collect();
        let four: Vec<u32> = (0..60).map(|row| if row < 6 { 4 } else { row / 20 + 1 }).collect();
        let runs = [
            with_holds("kmeans-k2", &two, &[0.95, 0.9]),
            with_holds("kmeans-k3", &three, &[0.95, 0.9, 0.9]),
            with_holds("kmeans-k4", &four, &[0.9, 0.9, 0.8, 0.524]),
        ];
        let mut runs = runs;
        runs[2].against = vec!["falls apart when redrawn (.52)".into()];
        let found = alternatives(&runs, &runs[1]);
        assert_eq!(found[0].what, "2 holds as well, but leaves 40 customers in one group");
        assert!(found[0].advised && !found[1].advised);
        let known = "4 would split segment 1 (20 customers) into 14 and 6, and its group of 6 does not hold (.52)";
        assert_eq!(found[1].what, known);
    }
}
