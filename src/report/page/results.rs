//! What a segment brings and buys: its results and its favourite goods, each beside everyone's.

use serde::Serialize;

use super::super::words::percent;
use crate::plot::number;
use crate::segments::baskets::Baskets;
use crate::segments::{Better, Lift, Outcome, Segments};

/// Favourites that are listed.
const FAVOURITES: usize = 5;
/// Goods to offer next that are listed.
const NEXT: usize = 3;

/// One result of a segment.
#[derive(Debug, Clone, Serialize)]
pub struct ResultLine {
    /// What is measured, e.g. `response rate`.
    pub title: String,
    /// The segment's rate or mean.
    pub value: f64,
    /// The same as text.
    pub own: String,
    /// The interval in which the true one lies.
    pub interval: String,
    /// Everyone's.
    pub everyone: String,
    /// The one over the other.
    pub lift: String,
    /// Better, worse, higher, lower, or that no difference is shown.
    pub verdict: &'static str,
    /// The segment's share of all that the outcome counts.
    pub share: String,
}

pub(super) fn results(segments: &Segments, number: u32) -> Vec<ResultLine> {
    let line = |outcome: &Outcome| {
        let lift = outcome.segments.iter().find(|lift| lift.segment == number)?;
        Some(line(outcome, lift, lift.value?))
    };
    segments.outcomes.iter().filter_map(line).collect()
}

fn line(outcome: &Outcome, lift: &Lift, value: f64) -> ResultLine {
    let interval = lift.interval.map(|(low, high)| {
        let low = outcome.written(low);
        format!("{} to {}", low.trim_end_matches(" %"), outcome.written(high))
    });
    ResultLine {
        title: outcome.title.clone(),
        value,
        own: outcome.written(value),
        interval: interval.unwrap_or_else(|| number::NONE.to_owned()),
        everyone: outcome.written(outcome.everyone),
        lift: lift.lift.map_or_else(|| number::NONE.to_owned(), |lift| number::fixed(lift, 2)),
        verdict: verdict(outcome, lift, value),
        share: lift.weight.filter(|_| outcome.counts()).map_or_else(String::new, percent),
    }
}

/// In one word what the difference is.
fn verdict(outcome: &Outcome, lift: &Lift, value: f64) -> &'static str {
    match (lift.real, value > outcome.everyone, outcome.better) {
        (false, ..) => "no difference shown",
        (true, true, Better::More) | (true, false, Better::Less) => "better",
        (true, false, Better::More) | (true, true, Better::Less) => "worse",
        (true, true, Better::Unsaid) => "higher",
        (true, false, Better::Unsaid) => "lower",
    }
}

/// Something that a segment buys more than the others.
#[derive(Debug, Clone, Serialize)]
pub struct GoodLine {
    /// The good, or the group of goods.
    pub good: String,
    /// Customers of the segment who bought it.
    pub buyers: String,
    /// Their share.
    pub share: String,
    /// The share of everyone.
    pub everyone: String,
    /// The one over the other.
    pub lift: String,
}

pub(super) fn favourites(baskets: &Baskets, number: u32) -> Vec<GoodLine> {
    let own = baskets.segments.iter().find(|goods| goods.segment == number);
    let line = |of: &crate::segments::baskets::Favourite| GoodLine {
        good: of.good.clone(),
        buyers: number::whole(of.buyers),
        share: percent(of.support),
        everyone: percent(of.everyone),
        lift: number::fixed(of.lift, 2),
    };
    own.map(|own| own.favourites.iter().take(FAVOURITES).map(line).collect()).unwrap_or_default()
}

/// What to offer next: the goods that are the best ones not bought yet of most of these rows of the table.
pub(super) fn next(baskets: &Baskets, rows: &[u32]) -> Vec<String> {
    let mut counts = std::collections::BTreeMap::new();
    let known = rows.iter().filter_map(|&row| baskets.next.get(row as usize)).filter(|good| !good.is_empty());
    known.for_each(|good| *counts.entry(good.as_str()).or_insert(0_usize) += 1);
    let mut most: Vec<(&str, usize)> = counts.into_iter().collect();
    most.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let told = |(good, count): (&str, usize)| format!("{good} to {} of them", number::whole(count));
    most.into_iter().take(NEXT).map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_most_have_not_bought_yet_comes_first() {
        let next_of = ["tea", "", "wine", "tea", "salt"].map(str::to_owned).to_vec();
        let baskets = Baskets { column: "category".into(), goods: 3, segments: Vec::new(), next: next_of };
        assert_eq!(next(&baskets, &[0, 1, 2, 3]), ["tea to 2 of them", "wine to 1 of them"]);
        assert!(next(&baskets, &[1]).is_empty() && favourites(&baskets, 1).is_empty());
    }
}
