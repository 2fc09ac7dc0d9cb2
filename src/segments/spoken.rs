//! What is said of a segment's place in a column: high income, early birth year, buys often, last visit long ago.

use super::nouns::{Noun, period};
use crate::table::Kind;

/// Where a mean stands among those of the segments, from low to high.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Lowest,
    Low,
    LowerMiddle,
    Middle,
    UpperMiddle,
    High,
    Highest,
}

/// A word for each [`Standing`].
type Words = [&'static str; 7];

const AMOUNT: Words = ["lowest", "low", "lower middle", "middle", "upper middle", "high", "highest"];
const TIME: Words = ["earliest", "early", "earlier middle", "middle", "later middle", "late", "latest"];
const COUNT: Words = ["fewest", "few", "rather few", "some", "rather many", "many", "most"];
const AGO: Words =
    ["most lately", "lately", "rather lately", "a while ago", "rather long ago", "long ago", "longest ago"];

/// The columns of a roll-up by recency, frequency and monetary, whoever made it. Scores of them count the other way.
const SPOKEN: [(&str, Words); 3] = [
    (
        "recency",
        [
            "bought most lately",
            "bought lately",
            "bought rather lately",
            "bought a while ago",
            "bought rather long ago",
            "lapsed",
            "lapsed longest",
        ],
    ),
    (
        "frequency",
        [
            "buys least often",
            "buys seldom",
            "buys rather seldom",
            "buys now and then",
            "buys rather often",
            "buys often",
            "buys most often",
        ],
    ),
    (
        "monetary",
        [
            "spends least",
            "spends little",
            "spends rather little",
            "spends middling",
            "spends rather much",
            "spends much",
            "spends most",
        ],
    ),
];

/// What is counted, as the last word of a column's name.
const COUNTED: [&str; 8] = ["purchases", "orders", "visits", "transactions", "trips", "flights", "calls", "items"];

/// What is said of the segment that stands there in this column.
pub(super) fn said(noun: &Noun, kind: Kind, standing: Standing) -> String {
    let step = standing as usize;
    let words: Vec<&str> = noun.words.iter().map(String::as_str).collect();
    if let Some((_, spoken)) = SPOKEN.iter().find(|(name, _)| words == [*name]) {
        return spoken[step].to_owned();
    }
    if let ["days" | "weeks" | "months", "since", "last", what @ ..] | ["days" | "weeks" | "months", "since", what @ ..] =
        words.as_slice()
        && !what.is_empty()
    {
        return format!("last {} {}", what.join(" "), AGO[step]);
    }
    let is_counted = words.iter().rfind(|word| period(word).is_none()).is_some_and(|last| COUNTED.contains(last));
    let scale = match kind {
        Kind::Year | Kind::Date => TIME,
        _ if is_counted => COUNT,
        _ => AMOUNT,
    };
    format!("{} {}", scale[step], noun.short)
}

/// Whether the column counts the days since the last purchase.
pub(super) fn is_recency(noun: &Noun) -> bool {
    noun.words == ["recency"]
}
