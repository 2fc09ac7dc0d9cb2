//! Runs that are known from before: of the same matrix, seed and budget, so that nothing is fitted or drawn twice.

use super::{Run, Stability, Status};

/// Puts what is known into the runs at `places`, where all of them are known: a tree is grown once for all its cuts.
/// Whether they are.
pub(super) fn take(known: &[Run], runs: &mut [Run], places: &[usize]) -> bool {
    let found: Option<Vec<Run>> = places.iter().map(|&place| of(known, &runs[place]).map(fitted)).collect();
    let Some(found) = found else { return false };
    places.iter().zip(found).for_each(|(&place, run)| runs[place] = run);
    true
}

/// What the redraws of this run said, where as many as are planned are known.
pub(super) fn stability(known: &[Run], run: &Run, planned: usize) -> Option<Stability> {
    let stability = of(known, run)?.stability.as_ref()?;
    (stability.is_final() && stability.planned == planned).then(|| stability.clone())
}

/// Whether the indices were taken.
pub(super) fn is_measured(run: &Run) -> bool {
    run.status != Status::Done || run.metrics.wcss.is_some()
}

fn of<'a>(known: &'a [Run], run: &Run) -> Option<&'a Run> {
    let same = |other: &&Run| other.id == run.id && other.candidate == run.candidate;
    known.iter().find(same).filter(|run| matches!(run.status, Status::Done | Status::Failed))
}

/// The run as it was fitted and measured, not judged yet.
fn fitted(run: &Run) -> Run {
    let mut run = Run { stability: None, same_as: None, against: Vec::new(), rank: None, ..run.clone() };
    (run.metrics.stability, run.metrics.prediction_strength, run.metrics.contact) = (None, None, None);
    run
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::testing::blobs;
    use super::super::{Plan, Study, resume, run};
    use super::*;
    use crate::task::Task;

    fn seen(study: &Study) -> Vec<String> {
        let told = |run: &Run| format!("{:?}", Run { seconds: 0.0, ..run.clone() });
        study.runs.iter().map(told).chain([format!("{:?} {:?}", study.recommendation, study.elbows)]).collect()
    }

    #[test]
    fn a_study_that_goes_on_ends_as_one_that_was_never_broken_off() {
        let (matrix, task) = (blobs(4, 160), Task::new(42));
        let mut snapshots = Vec::new();
        let whole = run(&matrix, &Plan::default(), None, &[], &task, &mut |study| snapshots.push(study.runs.clone()));
        let whole = whole.unwrap();
        for known in [&snapshots[snapshots.len() / 3], &snapshots[2 * snapshots.len() / 3], &whole.runs] {
            let again = resume(&matrix, &Plan::default(), None, &[], known, &task, &mut |_| {}).unwrap();
            assert_eq!(seen(&again), seen(&whole));
        }
    }

    #[test]
    fn what_is_known_is_not_done_again() {
        let (matrix, task) = (blobs(4, 160), Task::new(42));
        let whole = run(&matrix, &Plan::default(), None, &[], &task, &mut |_| {}).unwrap();
        let mut marked = whole.runs.clone();
        marked.iter_mut().for_each(|run| run.seconds = -1.0);
        let again = resume(&matrix, &Plan::default(), None, &[], &marked, &task, &mut |_| {}).unwrap();
        assert!(again.runs.iter().all(|run| run.seconds == -1.0), "a fit takes time");
        let other = Plan { k: 2..=3, ..Plan::default() };
        let fewer = resume(&matrix, &other, None, &[], &marked[..1], &task, &mut |_| {}).unwrap();
        assert!(fewer.runs.iter().any(|run| run.seconds >= 0.0));
    }
}
