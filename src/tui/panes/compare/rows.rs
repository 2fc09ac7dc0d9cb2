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
    /// Calinski-Harabasz, highest first.
    CalinskiHarabasz,
    /// BIC, lowest first.
    Bic,
    /// The silhouette of the worst segment, highest first.
    Worst,
}

/// How the runs are ordered on each side of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Order {
    /// The column.
    pub by: Sort,
    /// Whether the last comes first.
    pub backwards: bool,
}

impl From<Sort> for Order {
    fn from(by: Sort) -> Self {
        Self { by, backwards: false }
    }
}

impl Order {
    /// Small is first; runs without a value come last either way.
    fn key(self, run: &Run) -> f64 {
        match self.by.key(run) {
            value if value < f64::MAX && self.backwards => -value,
            value => value,
        }
    }

    /// `DBI`, `-DBI` where it is turned around.
    pub fn word(self) -> String {
        format!("{}{}", if self.backwards { "-" } else { "" }, self.by.title())
    }

    /// The order of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        let title = word.strip_prefix('-').unwrap_or(word);
        let by = Sort::ALL.into_iter().find(|sort| sort.title() == title)?;
        Some(Self { by, backwards: title != word })
    }

    /// By the column that people call so: `davies-bouldin`, `DBI`.
    pub fn called(name: &str) -> Option<Self> {
        let letters =
            |text: &str| text.chars().filter(|char| char.is_alphanumeric()).collect::<String>().to_lowercase();
        let name = letters(name);
        let by =
            Sort::ALL.into_iter().find(|sort| letters(sort.title()) == name || sort.names().contains(&name.as_str()));
        by.map(Self::from)
    }

    /// Whether the values grow from the first line on.
    pub fn rises(self) -> bool {
        (self.by == Sort::Rank || matches!(self.by.ends().0, "lowest" | "fewest")) != self.backwards
    }

    /// `Sorted by DBI, lowest first.`
    pub fn said(self) -> String {
        let (first, last) = self.by.ends();
        format!(
            "Sorted by {}, {} first; S turns it around.",
            self.by.title(),
            if self.backwards { last } else { first }
        )
    }
}

impl Sort {
    /// All, in the order in which a key goes through them.
    pub const ALL: [Self; 10] = [
        Self::Rank,
        Self::Silhouette,
        Self::DaviesBouldin,
        Self::Wcss,
        Self::Holds,
        Self::Least,
        Self::Worst,
        Self::CalinskiHarabasz,
        Self::Bic,
        Self::Segments,
    ];

    /// The next one that `is_shown`, around.
    pub fn next(self, is_shown: impl Fn(Self) -> bool) -> Self {
        let at = Self::ALL.iter().position(|sort| *sort == self).unwrap_or(0);
        let order = (1..=Self::ALL.len()).map(|by| Self::ALL[(at + by) % Self::ALL.len()]);
        order.into_iter().find(|sort| is_shown(*sort)).unwrap_or_default()
    }

    /// What stands first, and what stands first when it is turned around.
    fn ends(self) -> (&'static str, &'static str) {
        match self {
            Self::Rank | Self::Holds => ("best", "worst"),
            Self::Silhouette | Self::Worst | Self::CalinskiHarabasz => ("highest", "lowest"),
            Self::DaviesBouldin | Self::Wcss | Self::Bic => ("lowest", "highest"),
            Self::Least => ("largest", "smallest"),
            Self::Segments => ("fewest", "most"),
        }
    }

    /// Other names of it, in small letters alone.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Rank => &["votes", "recommendation", "recommended"],
            Self::Silhouette => &["separation", "silhouettescore"],
            Self::DaviesBouldin => &["daviesbouldin", "daviesbouldinindex", "db"],
            Self::Wcss => &["inertia", "elbow"],
            Self::Holds => &["stability", "jaccard"],
            Self::Least => &["smallest", "smallestsegment"],
            Self::Segments => &["segments", "k", "numberofsegments"],
            Self::CalinskiHarabasz => &["calinskiharabasz", "calinskiharabaszindex", "calinski"],
            Self::Bic => &["bayesianinformationcriterion"],
            Self::Worst => &["worstsegment", "worstsilhouette"],
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
            Self::CalinskiHarabasz => "CH",
            Self::Bic => "BIC",
            Self::Worst => "worst",
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
            Self::CalinskiHarabasz => metrics.calinski_harabasz.map_or(f64::MAX, |value| -value),
            Self::Bic => metrics.bic.unwrap_or(f64::MAX),
            Self::Worst => run.cluster_silhouettes.iter().copied().reduce(f64::min).map_or(f64::MAX, |value| -value),
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
    pub fn new(study: &'a Study, sort: impl Into<Order>, room: Option<usize>) -> Self {
        let sort = sort.into();
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

fn ordered(mut runs: Vec<&Run>, sort: Order) -> Vec<&Run> {
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
    }

    #[test]
    fn every_order_has_a_word_that_brings_it_back() {
        for order in Sort::ALL.into_iter().flat_map(|by| [false, true].map(|backwards| Order { by, backwards })) {
            assert_eq!(Order::of_word(&order.word()), Some(order));
        }
        assert_eq!(Order::of_word("nothing"), None);
    }

    #[test]
    fn the_sign_of_the_order_says_which_way_the_values_go() {
        let rises = |by, backwards| Order { by, backwards }.rises();
        assert!(rises(Sort::DaviesBouldin, false) && !rises(Sort::DaviesBouldin, true));
        assert!(!rises(Sort::Silhouette, false) && rises(Sort::Silhouette, true));
        assert!(rises(Sort::Segments, false) && !rises(Sort::Holds, false));
    }

    #[test]
    fn a_key_goes_through_the_columns_that_are_shown_and_another_turns_the_order_around() {
        let mut sort = Sort::Rank;
        let mut seen = Vec::new();
        for _ in 0..Sort::ALL.len() {
            seen.push(sort);
            sort = sort.next(|_| true);
        }
        assert_eq!((seen[0], sort), (Sort::Rank, Sort::Rank));
        assert!(Sort::ALL.iter().all(|known| seen.contains(known)));
        assert_eq!(Sort::Rank.next(|sort| sort == Sort::Wcss), Sort::Wcss);
        let study = fixtures::study();
        for by in Sort::ALL {
            let values = |backwards| -> Vec<f64> {
                let listed = Listed::new(&study, Order { by, backwards }, None);
                listed.above.iter().map(|run| by.key(run)).filter(|key| *key < f64::MAX).collect()
            };
            let (mut turned, straight) = (values(true), values(false));
            turned.reverse();
            assert!(straight.is_sorted() && turned.is_sorted(), "{by:?}");
        }
        let backwards = Listed::new(&study, Order { by: Sort::Bic, backwards: true }, None);
        assert!(backwards.above.last().is_some_and(|run| run.metrics.bic.is_none()), "no value comes last");
    }

    #[test]
    fn lines_that_one_side_does_not_need_go_to_the_other() {
        assert_eq!(shares(6, 11, 10), (6, 4));
        assert_eq!(shares(2, 11, 10), (2, 8));
        assert_eq!(shares(20, 1, 10), (9, 1));
        assert_eq!(shares(20, 20, 10), (6, 4));
    }
}
