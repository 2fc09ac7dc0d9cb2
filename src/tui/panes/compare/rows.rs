//! Which runs are listed, and in which order.

use crate::study::{Run, Status, Study};

/// The column that orders the runs on each side of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// The recommendation's order.
    #[default]
    Rank,
    /// Silhouette, highest first.
    Silhouette,
    /// Davies-Bouldin, lowest first.
    DaviesBouldin,
    /// WCSS, lowest first.
    Wcss,
    /// What holds best first.
    Holds,
    /// The largest smallest segment first.
    Least,
    /// Fewest segments first.
    Segments,
}

impl Sort {
    /// The next one, around.
    pub fn next(self) -> Self {
        match self {
            Self::Rank => Self::Silhouette,
            Self::Silhouette => Self::DaviesBouldin,
            Self::DaviesBouldin => Self::Wcss,
            Self::Wcss => Self::Holds,
            Self::Holds => Self::Least,
            Self::Least => Self::Segments,
            Self::Segments => Self::Rank,
        }
    }

    /// The title of the column that it sorts by.
    pub fn title(self) -> &'static str {
        match self {
            Self::Rank => "rank",
            Self::Silhouette => "silhouette",
            Self::DaviesBouldin => "DBI",
            Self::Wcss => "WCSS",
            Self::Holds => "holds",
            Self::Least => "least",
            Self::Segments => "seg",
        }
    }

    /// Small is first; runs without a value come last.
    fn key(self, run: &Run) -> f64 {
        let metrics = &run.metrics;
        match self {
            Self::Rank => run.rank.map_or(f64::MAX, |rank| rank as f64),
            Self::Silhouette => metrics.silhouette.map_or(f64::MAX, |value| -value),
            Self::DaviesBouldin => metrics.davies_bouldin.unwrap_or(f64::MAX),
            Self::Wcss => metrics.wcss.unwrap_or(f64::MAX),
            Self::Holds => run.holds().map_or(f64::MAX, |value| -value),
            Self::Least => run.smallest().map_or(f64::MAX, |size| -(size as f64)),
            Self::Segments => run.labels.clusters() as f64,
        }
    }
}

/// The runs that are shown, on both sides of the line.
#[derive(Debug, Default)]
pub struct Listed<'a> {
    /// Those that hold.
    pub above: Vec<&'a Run>,
    /// The others.
    pub below: Vec<&'a Run>,
}

impl<'a> Listed<'a> {
    /// The runs of a study: all, or the best of each algorithm and what else fits into `room` lines.
    pub fn new(study: &'a Study, sort: Sort, room: Option<usize>) -> Self {
        let done = |run: &&Run| run.status == Status::Done;
        let above = ordered(study.runs.iter().filter(done).filter(|run| run.is_advised()).collect(), sort);
        let mut below = ordered(study.runs.iter().filter(done).filter(|run| !run.is_advised()).collect(), sort);
        let Some(room) = room else {
            below.extend(study.runs.iter().filter(|run| matches!(run.status, Status::Failed | Status::LeftOut)));
            return Self { above, below };
        };
        let (more, fewer) = shares(above.len(), below.len(), room.saturating_sub(1));
        Self { above: condensed(above, more), below: condensed(below, fewer) }
    }

    /// All of them from top to bottom.
    pub fn all(&self) -> impl Iterator<Item = &'a Run> + '_ {
        self.above.iter().chain(&self.below).copied()
    }
}

/// How many lines each side gets; what one does not need goes to the other.
fn shares(above: usize, below: usize, room: usize) -> (usize, usize) {
    let for_below = below.min((room * 2 / 5).max(room.saturating_sub(above)));
    (above.min(room - for_below), for_below)
}

fn ordered(mut runs: Vec<&Run>, sort: Sort) -> Vec<&Run> {
    let silhouette = |run: &Run| Sort::Silhouette.key(run);
    runs.sort_by(|a, b| {
        let fallback = leaves_out(a).cmp(&leaves_out(b)).then(silhouette(a).total_cmp(&silhouette(b)));
        sort.key(a).total_cmp(&sort.key(b)).then(fallback)
    });
    runs
}

/// Whether it leaves more customers out than a run may that is advised.
pub fn leaves_out(run: &Run) -> bool {
    run.labels.assigned() < 0.95
}

/// The first of each algorithm, then the first of the others; in their order.
fn condensed(runs: Vec<&Run>, room: usize) -> Vec<&Run> {
    if runs.len() <= room {
        return runs;
    }
    let is_first =
        |index: usize| !runs[..index].iter().any(|run| run.candidate.algorithm == runs[index].candidate.algorithm);
    let mut kept: Vec<usize> = (0..runs.len()).collect();
    kept.sort_by_key(|&index| (!is_first(index), index));
    kept.truncate(room);
    kept.sort_unstable();
    kept.into_iter().map(|index| runs[index]).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::tui::panes::fixtures;

    fn ids(runs: &[&Run]) -> Vec<String> {
        runs.iter().map(|run| run.id.clone()).collect()
    }

    #[test]
    fn what_holds_stands_above_in_the_order_of_the_ranks() {
        let study = fixtures::study();
        let listed = Listed::new(&study, Sort::Rank, Some(11));
        assert_eq!(ids(&listed.above), ["kmeans-k5", "ward-k5", "gmm-k5", "kmeans-k3", "ward-k3", "kmeans-k8"]);
        assert_eq!(ids(&listed.below), ["kmeans-k6", "ward-k6", "gmm-k6", "dbscan-eps0.2031-min5"]);
        assert_eq!(Listed::new(&study, Sort::Rank, None).all().count(), 17);
    }

    #[test]
    fn sorting_keeps_the_line() {
        let study = fixtures::study();
        let listed = Listed::new(&study, Sort::Wcss, None);
        assert_eq!(listed.above[0].id, "kmeans-k8");
        assert_eq!(listed.below[0].id, "dbscan-eps0.2031-min5");
        let mut sort = Sort::Rank;
        (0..7).for_each(|_| sort = sort.next());
        assert_eq!(sort, Sort::Rank);
    }

    #[test]
    fn lines_that_one_side_does_not_need_go_to_the_other() {
        assert_eq!(shares(6, 11, 10), (6, 4));
        assert_eq!(shares(2, 11, 10), (2, 8));
        assert_eq!(shares(20, 1, 10), (9, 1));
        assert_eq!(shares(20, 20, 10), (6, 4));
    }
}
