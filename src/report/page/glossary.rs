//! The terms of the report: every one that stands on the page.

use super::data::Fact;
use crate::cluster::Algorithm;
use crate::study::Study;

const TERMS: &[(&str, &str)] = &[
    (
        "segment",
        "a group of customers who are alike in the features; numbered by size, its key stays when it is renamed",
    ),
    ("feature", "a column by which the segments were sought"),
    ("describes, *", "a column that was not used to find the segments: it is only compared afterwards"),
    (
        "result, outcome, ◇",
        "a column that is a result (response, churn …): kept out of the search, it judges the segments",
    ),
    ("everyone", "all customers that were used, those of the segment among them"),
    ("index", "the segment's value where everyone's is 100: 164 is 64 % more"),
    (
        "standard deviation",
        "the usual distance of a customer from the mean; from half of one on a segment is called high or low",
    ),
    (
        "separation, silhouette",
        "how much nearer customers are to their own segment than to the next, −1 to 1; good from .50",
    ),
    ("redraw", "the customers are drawn afresh, some twice, some not at all, and the search is done again"),
    (
        "holds",
        "how well a segment comes back in the redraws (mean Jaccard, 0 to 1): firm from .85, holds from .75, a pattern only \
         from .60, below that not to be trusted",
    ),
    ("border", "a customer on a border is nearer to another segment than to the own one"),
    (
        "rule",
        "a plain condition that finds the segment; it says how many of them it finds and how many of those it finds belong to it",
    ),
    ("typical", "the customers nearest the middle of the segment"),
    ("importance", "of a feature: its share of the squared distances between the middles of the segments"),
    ("lift", "how far the segment's result lies from everyone's: 1.5 is half as much again"),
    (
        "confidence interval",
        "the values between which the true rate or mean lies, 95 times of 100, had the customers been drawn from a crowd",
    ),
    (
        "prediction strength",
        "how often two customers who are together by one half of the data are together by the other half too",
    ),
    (
        "component",
        "a direction in which the customers differ much, made of several features; its share of all differences stands beside it",
    ),
    ("effect", "how much a column differs between the segments, 0 to 1: η² for numbers, Cramér's V for categories"),
    ("Davies-Bouldin", "how wide segments are for the distance between them; lower is better"),
    (
        "WCSS",
        "what is left of the differences between customers within the segments; it always falls with more segments",
    ),
    ("Calinski-Harabasz", "how far segments are apart for how wide they are; higher is better"),
    (
        "gap",
        "how much narrower the segments are than those of customers strewn evenly; it takes the fewest segments that are \
         clearly so",
    ),
    ("BIC", "how well a mixture of bell-shaped groups fits, less a price for each further group; lower is better"),
    (
        "gauge",
        "how sure the segments are, poor, fair or good: the worst of all that was tried on them (separation, redraws, \
         other starts, halves of the data, without the outliers)",
    ),
    ("start", "an algorithm begins at random places; from others it may end elsewhere"),
    ("outlier", "a customer who lies very far from all others"),
    (
        "agree",
        "how alike two groupings of the same customers are: 1 is the same, 0 no more than chance (adjusted Rand index, ARI)",
    ),
    ("cut, tree", "customers merged step by step, the most alike first; a cut across the tree gives the segments"),
    (
        "RFM names",
        "Champions, Loyal, At Risk, Lost …: a customary grid over how lately, how often and for how much somebody bought",
    ),
    ("recency", "days since the last purchase: small is good"),
    ("frequency", "orders of a customer"),
    ("monetary", "what a customer spent in all"),
    ("skewed", "most values are small and a few very large"),
    ("log1p", "the logarithm of the value and 1: it draws the few very large values nearer"),
    ("next", "what to offer: of what the segment buys, the best that the customer has not bought yet"),
    ("migration", "customers of two periods, placed by the same segments: who stayed, moved, came and went"),
    ("log loss", "how far forecast chances are from what came; lower is better"),
    ("elbow", "the number of segments from which on WCSS falls slowly"),
    ("smallest", "the customers of the smallest segment"),
    ("placed", "the share of the customers that a run puts into a segment; some algorithms leave people out"),
    ("vote", "the number of segments that one index would take"),
    ("condition", "what a run must have to be recommended"),
    ("pseudonym", "a code in place of an id; without the key nobody gets back to the customer"),
    (
        "left alone",
        "a part of the segment, drawn at random, that gets nothing: what it does anyway is what the others are compared with",
    ),
    ("point", "one per cent of a share: from 10 % to 13 % are 3 points"),
    ("fingerprint", "a checksum of the source: another file has another one"),
    ("seed", "the number that all chance is drawn from: the same seed gives the same report"),
    ("recipe", "everything that was done, from the file to the segments, as a text that can be run again"),
];

/// The terms, and the algorithms that were run.
pub(super) fn glossary(study: &Study) -> Vec<Fact> {
    terms(study.runs.iter().map(|run| run.candidate.algorithm).collect())
}

/// The terms, and these algorithms.
pub(super) fn terms(mut algorithms: Vec<Algorithm>) -> Vec<Fact> {
    algorithms.sort_unstable();
    algorithms.dedup();
    let known = TERMS.iter().map(|(term, words)| Fact::new(*term, *words));
    let mut all: Vec<Fact> = known.chain(algorithms.iter().map(|of| Fact::new(of.title(), of.about()))).collect();
    all.sort_by_key(|fact| fact.term.to_lowercase());
    all
}
