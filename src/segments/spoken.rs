//! Plain words for columns whose own noun says little to most people: how long ago, how often, how much.

use super::nouns::Noun;

/// What is said of a segment's place in such a column, from low to high.
pub(super) struct Spoken {
    noun: &'static str,
    plain: [&'static str; 3],
    /// Lowest of all, lower middle, upper middle, highest of all.
    fine: [&'static str; 4],
}

/// The columns of a roll-up by recency, frequency and monetary, whoever made it.
const SPOKEN: [Spoken; 3] = [
    Spoken {
        noun: "recency",
        plain: ["bought lately", "bought a while ago", "lapsed"],
        fine: ["bought most lately", "bought rather lately", "bought rather long ago", "lapsed longest"],
    },
    Spoken {
        noun: "frequency",
        plain: ["buys seldom", "buys now and then", "buys often"],
        fine: ["buys least often", "buys rather seldom", "buys rather often", "buys most often"],
    },
    Spoken {
        noun: "monetary",
        plain: ["spends little", "spends middling", "spends much"],
        fine: ["spends least", "spends rather little", "spends rather much", "spends most"],
    },
];

/// Where a mean stands among those of the segments.
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

/// What is said of the days since something.
const SINCE: Spoken = Spoken {
    noun: "",
    plain: ["lately", "a while ago", "long ago"],
    fine: ["most lately", "rather lately", "rather long ago", "longest ago"],
};

/// The words for a column, where its noun has some: scores of it, which count the other way, have none.
pub(super) fn spoken(noun: &Noun, standing: Standing) -> Option<String> {
    let words: Vec<&str> = noun.words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["days" | "weeks" | "months", "since", "last", what @ ..]
        | ["days" | "weeks" | "months", "since", what @ ..]
            if !what.is_empty() =>
        {
            Some(format!("last {} {}", what.join(" "), SINCE.of(standing)))
        }
        [one] => SPOKEN.iter().find(|spoken| spoken.noun == *one).map(|spoken| spoken.of(standing).to_owned()),
        _ => None,
    }
}

impl Spoken {
    fn of(&self, standing: Standing) -> &'static str {
        let ([low, middle, high], [lowest, lower, upper, highest]) = (self.plain, self.fine);
        match standing {
            Standing::Lowest => lowest,
            Standing::Low => low,
            Standing::LowerMiddle => lower,
            Standing::Middle => middle,
            Standing::UpperMiddle => upper,
            Standing::High => high,
            Standing::Highest => highest,
        }
    }
}

/// Whether the column counts the days since the last purchase.
pub(super) fn is_recency(noun: &Noun) -> bool {
    noun.words == ["recency"]
}
