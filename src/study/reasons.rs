//! The recommendation in sentences; every number in them is one of the study's figures.

use std::collections::BTreeMap;

use ndarray::ArrayView1;

use super::advise::{Choice, FIRM, GOOD};
use super::null::Chance;
use super::run::Evidence;
use super::words::{capital, count, customers, list, percent, small, two};
use super::{Plan, Recommendation, Run, Status, Study, Tautology, Vote, depth, placed_alike, votes};
use crate::cluster::Algorithm;
use crate::matrix::Matrix;

/// More features than a sentence can name.
const NAMED_FEATURES: usize = 5;
/// Below this share of customers placed alike other methods disagree.
const AGREED: f64 = 0.8;
/// From this skewness on a few customers outweigh all others.
const EXTREME_SKEW: f64 = 2.0;

/// Why this run, the headline first.
pub(super) fn reasons(
    study: &Study,
    choice: &Choice,
    recommendation: &Recommendation,
    chance: Option<Chance>,
    matrix: &Matrix,
) -> Vec<String> {
    let run = choice.chosen;
    let sentences = [
        Some(headline(run)),
        recommendation.tautology.as_ref().map(just_one_column),
        Some(apart_and_holding(run, recommendation.provisional)),
        beyond_chance(run, chance),
        as_deep_as_the_groups(choice),
        agreement(study, run),
        indices(&recommendation.votes, run.labels.clusters()),
        unclear_elbow(study, run),
        two_voices(choice),
        rules(run),
        smallest(run),
        temptation(study, run),
        without_limits(study, run, &recommendation.votes),
        Some(rests_on(matrix)),
    ];
    sentences.into_iter().flatten().collect()
}

/// `Take 5 segments: k-means`
fn headline(run: &Run) -> String {
    format!("Take {} segments: {}", run.labels.clusters(), run.candidate.algorithm.title())
}

fn just_one_column(found: &Tautology) -> String {
    let Tautology { column, level, ami } = found;
    match level {
        Some(level) => {
            format!("Beware: one segment, this is just {column} = {level} (they agree to {} of 1)", two(*ami))
        }
        None => format!("Beware: this is just {column} (segments and column agree to {} of 1)", two(*ami)),
    }
}

fn apart_and_holding(run: &Run, is_provisional: bool) -> String {
    let apart = match run.metrics.silhouette {
        Some(value) if value >= GOOD => {
            format!("They are clearly apart (separation {}; from {} on it counts as good)", two(value), two(GOOD))
        }
        Some(value) if depth::is_apart(run) => {
            format!("They are set apart, though not compact (separation {}; good from {} on)", two(value), two(GOOD))
        }
        Some(value) => format!("Their borders are soft (separation {}; good from {} on)", two(value), two(GOOD)),
        None => "They have no measure of separation".to_owned(),
    };
    let Some((holds, found)) = run.holds().zip(run.stability.as_ref()) else {
        return format!("{apart}{}", if is_provisional { "; redraws are not in yet" } else { "" });
    };
    let is_soft = run.metrics.silhouette.is_some_and(|value| value < GOOD && !depth::is_apart(run));
    let how = match (is_soft, holds >= FIRM) {
        (false, true) => " and firm",
        (false, false) => " and they hold",
        (true, true) => ", but the segments are firm",
        (true, false) => ", but the segments hold",
    };
    let all = match run.labels.clusters() {
        2 => "both".to_owned(),
        k => format!("all {}", small(k)),
    };
    let drawn = count(found.redraws);
    format!("{apart}{how}: drawn afresh {drawn} times, {all} came back, the weakest {} of 1", two(holds))
}

fn beyond_chance(run: &Run, chance: Option<Chance>) -> Option<String> {
    let chance = chance?;
    if run.metrics.silhouette >= Some(chance.limit) {
        let limit = two(chance.limit);
        return Some(format!(
            "Customers without groups, alike in spread, skew and correlation, would hardly reach a separation of {limit}"
        ));
    }
    let contact = run.metrics.contact.filter(|_| depth::is_apart(run))?;
    Some(format!(
        "Hardly anybody stands on their borders: {} of the near neighbours that are parted where there are no groups",
        percent(contact)
    ))
}

/// Why not the answer that most indices say.
fn as_deep_as_the_groups(choice: &Choice) -> Option<String> {
    let Choice { strongest, voted, .. } = choice;
    let (k, own) = (voted.labels.clusters(), strongest.labels.clusters());
    let title = voted.candidate.algorithm.title();
    (strongest.id != voted.id).then(|| {
        if own < k {
            format!("{k} segments by {title} only cut through these groups: their borders run where customers are many")
        } else {
            format!("{k} segments by {title} leave groups together that have hardly anybody between them")
        }
    })
}

/// What methods built differently make of as many segments.
fn agreement(study: &Study, run: &Run) -> Option<String> {
    let rows = run.labels.len();
    let mut by_count: BTreeMap<usize, Vec<Algorithm>> = BTreeMap::new();
    for other in peers(study, run) {
        by_count.entry(placed_alike(&run.labels, &other.labels)).or_default().push(other.candidate.algorithm);
    }
    let (&alike, algorithms) = by_count.last_key_value()?;
    let titles: Vec<&str> = algorithms.iter().map(|algorithm| algorithm.title()).collect();
    let (names, agree) = (capital(&list(&titles)), if titles.len() > 1 { "agree" } else { "agrees" });
    let of = format!("{} of {}", count(alike), customers(rows));
    Some(if alike as f64 >= AGREED * rows as f64 {
        format!("{names}, built quite differently, {agree} on {of}")
    } else {
        format!("Other methods part the customers differently: {} {agree} on {of}", list(&titles))
    })
}

/// The runs of other algorithms that found as many segments and placed nearly everybody.
fn peers<'a>(study: &'a Study, run: &Run) -> Vec<&'a Run> {
    let is_peer = |other: &&Run| {
        other.status == Status::Done
            && other.candidate.algorithm != run.candidate.algorithm
            && other.labels.clusters() == run.labels.clusters()
            && other.labels.assigned() >= super::rank::ASSIGNED
    };
    study.runs.iter().filter(is_peer).collect()
}

/// `4 of 6 indices say 5: …; Calinski-Harabasz says 9, gap 1`
fn indices(votes: &[Vote], k: usize) -> Option<String> {
    let (with, others): (Vec<&Vote>, Vec<&Vote>) = votes.iter().partition(|vote| vote.k == k);
    let total = votes.len();
    let rest: Vec<String> = others.iter().map(|vote| format!("{} says {}", title(&vote.index), vote.k)).collect();
    let named: Vec<&str> = with.iter().map(|vote| title(&vote.index)).collect();
    let says = if with.len() == 1 { "says" } else { "say" };
    match (with.is_empty(), others.is_empty()) {
        (true, true) => None,
        (true, false) => Some(format!("None of {total} indices says {k}: {}", list(&rest))),
        (false, true) => Some(format!("{total} of {total} indices {says} {k}")),
        (false, false) => {
            Some(format!("{} of {total} indices {says} {k}: {}; {}", with.len(), list(&named), list(&rest)))
        }
    }
}

fn title(index: &str) -> &str {
    match index {
        "davies_bouldin" => "Davies-Bouldin",
        "bic" => "BIC",
        "calinski_harabasz" => "Calinski-Harabasz",
        other => other,
    }
}

fn unclear_elbow(study: &Study, run: &Run) -> Option<String> {
    let elbow = study.elbows.get(&run.candidate.algorithm).filter(|elbow| elbow.strength < votes::CLEAR_ELBOW)?;
    Some(format!("The elbow is not clear over {} segments", elbow.range))
}

/// The clearest and the most useful answer, where they differ.
fn two_voices(choice: &Choice) -> Option<String> {
    let Choice { chosen, strongest, useful, .. } = choice;
    let describe = |run: &Run| {
        let separation = run.metrics.silhouette.map(|value| format!("separation {}", two(value)));
        let holds = run.holds().map(|value| format!("holds {}", two(value)));
        let figures: Vec<String> = separation.into_iter().chain(holds).collect();
        format!("{} segments by {} ({})", run.labels.clusters(), run.candidate.algorithm.title(), figures.join(", "))
    };
    if strongest.id != chosen.id {
        return Some(format!("The clearest split is {}; the finer one holds and says more", describe(strongest)));
    }
    (useful.id != chosen.id).then(|| format!("More detail that holds: {}", describe(useful)))
}

fn rules(run: &Run) -> Option<String> {
    let share = run.rules?;
    Some(format!("{} plain rules place {}", capital(&small(run.labels.clusters())), percent(share)))
}

fn smallest(run: &Run) -> Option<String> {
    let size = run.smallest()?;
    let share = percent(size as f64 / run.labels.len() as f64);
    Some(format!("The smallest segment has {} ({share})", customers(size)))
}

/// The better figure that is bought by leaving customers out.
fn temptation(study: &Study, run: &Run) -> Option<String> {
    let leaves_out = |other: &&Run| other.status == Status::Done && other.labels.assigned() < super::rank::ASSIGNED;
    let value = |other: &&Run| other.metrics.silhouette.unwrap_or(f64::MIN);
    let best = study.runs.iter().filter(leaves_out).max_by(|a, b| value(a).total_cmp(&value(b)))?;
    let better = best.metrics.silhouette.filter(|silhouette| Some(*silhouette) > run.metrics.silhouette)?;
    let title = best.candidate.algorithm.title();
    let out = customers(best.labels.noise());
    Some(format!("Do not be tempted by {title}’s better separation ({}): it leaves {out} without a group", two(better)))
}

/// What the answer would be if any number and size of segments could be used.
fn without_limits(study: &Study, run: &Run, votes: &[Vote]) -> Option<String> {
    if study.plan.segments.is_none() && study.plan.smallest.is_none() {
        return None;
    }
    let free = Plan { segments: None, smallest: None, ..study.plan.clone() };
    let mut runs = study.runs.clone();
    super::rank::judge(&mut runs, &free, votes);
    let first = runs.iter().filter(|other| other.is_advised()).min_by_key(|other| other.rank)?;
    (first.id != run.id).then(|| {
        let (k, title) = (first.labels.clusters(), first.candidate.algorithm.title());
        format!("Without the limits on number and size it would be {k} segments: {title}")
    })
}

fn rests_on(matrix: &Matrix) -> String {
    let names = &matrix.names;
    // A category is one feature, however many columns it takes.
    let features = names.len() - matrix.blocks.iter().map(|block| block.columns.len() - 1).sum::<usize>();
    let features = format!("{} feature{}", small(features), if features == 1 { "" } else { "s" });
    let rows = customers(matrix.nrows());
    if names.len() <= NAMED_FEATURES {
        format!("Rests on {rows} and {features}: {}", list(names))
    } else {
        format!("Rests on {rows} and {features}")
    }
}

/// Why nothing can be recommended.
pub(super) fn nothing(study: &Study, evidence: &Evidence, matrix: &Matrix) -> Vec<String> {
    let done: Vec<&Run> = study.ranked();
    if done.is_empty() {
        let why = study.runs.iter().find_map(|run| run.reason.as_deref());
        let headline = if evidence.is_final { "Nothing could be fitted" } else { "No run is done yet" };
        return [Some(headline), why].into_iter().flatten().map(str::to_owned).collect();
    }
    let nearest = done.first().map(|run| {
        let (k, title) = (run.labels.clusters(), run.candidate.algorithm.title());
        format!("The nearest to one, {k} segments by {title}, {}", list(&run.against))
    });
    let headline = "No clear structure: no grouping holds, places everybody and has segments of a useful size";
    std::iter::once(headline.to_owned()).chain(nearest).chain(skewed(matrix)).collect()
}

/// Why the best run is no structure.
pub(super) fn no_structure(votes: &[Vote], choice: &Choice, chance: Option<Chance>, matrix: &Matrix) -> Vec<String> {
    let run = choice.chosen;
    let what = format!("{} segments by {}", run.labels.clusters(), run.candidate.algorithm.title());
    let limit = chance.map(|chance| chance.limit);
    let separation = run.metrics.silhouette.filter(|value| limit.is_some_and(|limit| *value < limit));
    let why = match (separation.zip(limit), run.holds()) {
        (Some((value, limit)), _) => format!(
            "The best grouping, {what}, is no clearer (separation {}) than customers without groups can be ({}, alike in spread, skew and correlation)",
            two(value),
            two(limit)
        ),
        (None, Some(holds)) => format!("The best grouping, {what}, falls apart when redrawn ({})", two(holds)),
        (None, None) => format!("The best grouping, {what}, could not be redrawn"),
    };
    let votes = indices(votes, run.labels.clusters());
    ["No clear structure".to_owned(), why].into_iter().chain(votes).chain(skewed(matrix)).collect()
}

/// What may hide the structure: a few customers far out in at least half of the features.
fn skewed(matrix: &Matrix) -> Option<String> {
    let extreme = matrix.values.columns().into_iter().filter(|column| skewness(*column) > EXTREME_SKEW).count();
    (2 * extreme >= matrix.ncols())
        .then(|| "The features are strongly skewed: log1p in Prepare may show more".to_owned())
}

/// The third standardised moment; 0 where there are two values at most, which no logarithm brings closer together.
fn skewness(column: ArrayView1<f64>) -> f64 {
    let (low, high) = column.iter().fold((f64::MAX, f64::MIN), |(low, high), &x| (low.min(x), high.max(x)));
    if column.iter().all(|&value| value == low || value == high) {
        return 0.0;
    }
    let n = column.len() as f64;
    let mean = column.sum() / n;
    let moment = |power: i32| column.iter().map(|value| (value - mean).powi(power)).sum::<f64>() / n;
    moment(3) / moment(2).powf(1.5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    #[test]
    fn a_few_far_out_are_told_but_two_values_are_not() {
        let matrix =
            |value: fn(usize) -> f64| Matrix::from_values(Array2::from_shape_fn((100, 1), |(row, _)| value(row)));
        assert!(skewed(&matrix(|row| (row as f64 / 10.0).exp())).is_some());
        assert_eq!(skewed(&matrix(|row| row as f64)), None);
        assert_eq!(skewed(&matrix(|row| f64::from(u8::from(row == 0)))), None);
        // By hand: of 0, 0, 0, 1, 4 the mean is 1, the moments 12/5 and 24/5.
        let known = (24.0 / 5.0) / (12.0f64 / 5.0).powf(1.5);
        assert!((skewness(ndarray::array![0.0, 0.0, 0.0, 1.0, 4.0].view()) - known).abs() < 1e-12);
    }
}
