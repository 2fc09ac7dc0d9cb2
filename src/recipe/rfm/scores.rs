//! Scores from 1 to 5 and the named segments of the RFM grid.

use serde::{Deserialize, Serialize};

use crate::table::quantiles::quantile;

/// How customers with equal values are scored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ties {
    /// Ranks by value, equal values by id, cut into fifths of equal size: equal values can get different scores.
    #[default]
    RankFirst,
    /// Equal values share their mean rank.
    RankAverage,
    /// By the quintiles of the values themselves: one plus the quintiles below the value.
    Edges,
}

impl Ties {
    /// All rules.
    pub const ALL: [Self; 3] = [Self::RankFirst, Self::RankAverage, Self::Edges];

    /// The word in recipes and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::RankFirst => "rank-first",
            Self::RankAverage => "rank-average",
            Self::Edges => "edges",
        }
    }

    /// What it does, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::RankFirst => "fifths of the customers by rank, equal values in the order of their ids",
            Self::RankAverage => "fifths of the customers by rank, equal values at their mean rank",
            Self::Edges => "by the quintiles of the values, equal values alike",
        }
    }
}

/// Which way is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Best {
    /// Many orders, much money.
    High,
    /// Few days since the last purchase.
    Low,
}

/// The score of each value: 5 for the best fifth, 1 for the worst.
pub fn scores(values: &[f64], best: Best, ties: Ties) -> Vec<u8> {
    let rising: Vec<f64> = values.iter().map(|&value| if best == Best::Low { -value } else { value }).collect();
    match ties {
        Ties::Edges => by_edges(values, best),
        Ties::RankFirst => by_rank(&rising),
        Ties::RankAverage => by_mean_rank(&rising),
    }
}

fn ascending(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    order
}

/// As `pandas.qcut` cuts the ranks `method="first"`: one plus the quintiles of the ranks below the rank.
fn by_rank(values: &[f64]) -> Vec<u8> {
    let mut scores = vec![1; values.len()];
    let last = values.len().saturating_sub(1);
    for (rank, row) in ascending(values).into_iter().enumerate() {
        scores[row] = 1 + (1..5).filter(|edge| 5 * rank > edge * last).count() as u8;
    }
    scores
}

/// The fifth that the mean rank falls into: ⌈5 · rank / n⌉.
fn by_mean_rank(values: &[f64]) -> Vec<u8> {
    let mut scores = vec![1; values.len()];
    let mut before = 0;
    for tied in ascending(values).chunk_by(|&a, &b| values[a] == values[b]) {
        // Twice the mean of the ranks before + 1 ..= before + length, so that it stays whole.
        let twice = 2 * before + tied.len() + 1;
        let score = (5 * twice).div_ceil(2 * values.len()) as u8;
        tied.iter().for_each(|&row| scores[row] = score);
        before += tied.len();
    }
    scores
}

fn by_edges(values: &[f64], best: Best) -> Vec<u8> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let edges = [0.2, 0.4, 0.6, 0.8].map(|share| quantile(&sorted, share));
    let score = |value: &f64| 1 + edges.iter().filter(|edge| *edge < value).count() as u8;
    values.iter().map(|value| if best == Best::Low { 6 - score(value) } else { score(value) }).collect()
}

type Span = (u8, u8);

/// The published grid: a customer belongs to the first segment whose spans hold the scores of R, F and M.
pub const GRID: [(&str, [Span; 3]); 10] = [
    ("Champions", [(5, 5), (5, 5), (5, 5)]),
    ("Potential Loyalist", [(3, 5), (3, 5), (2, 5)]),
    ("Loyal", [(2, 4), (2, 4), (2, 4)]),
    ("Promising", [(3, 4), (1, 3), (3, 5)]),
    ("New", [(4, 5), (1, 3), (1, 5)]),
    ("Can't Lose", [(1, 2), (3, 4), (4, 5)]),
    ("At Risk", [(1, 2), (2, 5), (4, 5)]),
    ("Need Attention", [(1, 3), (3, 5), (3, 5)]),
    ("About to Sleep", [(2, 3), (1, 3), (1, 4)]),
    ("Lost", [(1, 1), (1, 5), (1, 5)]),
];

/// Who fits none.
pub const OTHERS: &str = "Others";

/// The named segment of the scores of R, F and M.
pub fn segment(scores: [u8; 3]) -> &'static str {
    let holds = |spans: &[Span; 3]| spans.iter().zip(scores).all(|(&(low, high), score)| (low..=high).contains(&score));
    GRID.iter().find(|(_, spans)| holds(spans)).map_or(OTHERS, |(name, _)| name)
}

/// The grid in words, e.g. `Champions R 5, F 5, M 5; …`.
pub fn grid_in_words() -> String {
    let span = |(low, high): Span| if low == high { low.to_string() } else { format!("{low}–{high}") };
    let line = |(name, [r, f, m]): &(&str, [Span; 3])| format!("{name} R {}, F {}, M {}", span(*r), span(*f), span(*m));
    let lines: Vec<String> = GRID.iter().map(line).collect();
    format!("{}; all else {OTHERS}", lines.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    // pandas 3.1: qcut(rank(method="first"), 5), ceil(5 · rank(method="average") / n), and quantile([.2, .4, .6, .8]).
    #[test]
    fn scores_are_pandas() {
        let values = [1.0, 1.0, 1.0, 2.0, 2.0, 3.0, 8.0, 8.0, 9.0, 20.0, 21.0];
        assert_eq!(scores(&values, Best::High, Ties::RankFirst), [1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
        assert_eq!(scores(&values, Best::High, Ties::RankAverage), [1, 1, 1, 3, 3, 3, 4, 4, 5, 5, 5]);
        assert_eq!(scores(&values, Best::High, Ties::Edges), [1, 1, 1, 2, 2, 3, 3, 3, 4, 5, 5]);
        assert_eq!(scores(&values, Best::Low, Ties::Edges), [5, 5, 5, 4, 4, 3, 3, 3, 2, 1, 1]);
        assert_eq!(scores(&values, Best::Low, Ties::RankFirst), [4, 5, 5, 3, 4, 3, 2, 2, 1, 1, 1]);
    }

    #[test]
    fn few_customers_are_scored_too() {
        assert_eq!(scores(&[7.0], Best::High, Ties::RankFirst), [1]);
        assert!(scores(&[], Best::High, Ties::RankAverage).is_empty());
    }

    #[test]
    fn the_first_segment_that_fits_is_taken() {
        assert_eq!(segment([5, 5, 5]), "Champions");
        assert_eq!(segment([4, 4, 4]), "Potential Loyalist");
        assert_eq!(segment([2, 2, 2]), "Loyal");
        assert_eq!(segment([1, 1, 1]), "Lost");
        assert_eq!(segment([2, 1, 5]), OTHERS);
        assert_eq!(segment([5, 1, 1]), "New");
    }
}
