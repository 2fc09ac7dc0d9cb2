//! What a result column is about, and which way is good, as its name tells.

use serde::{Deserialize, Serialize};

use super::super::nouns::Noun;

/// What an outcome is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// They answered, bought, accepted.
    Conversion,
    /// They stayed.
    Retention,
    /// What an order is worth.
    OrderValue,
    /// What they bring in money.
    Value,
    /// How content they are.
    Satisfaction,
    /// They complained, sent back, did not pay.
    Complaints,
    /// The name does not tell.
    Other,
}

/// Which way an outcome is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Better {
    /// More is better.
    More,
    /// Less is better.
    Less,
    /// The name does not tell.
    Unsaid,
}

/// How an outcome is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sense {
    pub meaning: Meaning,
    pub better: Better,
    /// Whether `no` is what counts.
    pub is_turned: bool,
    pub title: String,
}

/// Words of a name that say that a customer left …
const LEFT: [&str; 9] =
    ["churn", "churned", "exited", "attrition", "attrited", "lapsed", "cancelled", "canceled", "left"];
/// … that one stayed …
const STAYED: [&str; 5] = ["retained", "retention", "renewed", "renewal", "stayed"];
/// … that something went wrong …
const WRONG: [&str; 8] =
    ["complain", "complained", "complaint", "complaints", "returned", "returns", "defaulted", "default"];
/// … that they are content …
const CONTENT: [&str; 8] = ["satisfaction", "satisfied", "rating", "nps", "csat", "stars", "review", "happiness"];
/// … that they did what was hoped for …
const DONE: [&str; 18] = [
    "response",
    "responded",
    "responder",
    "respond",
    "accepted",
    "accept",
    "converted",
    "convert",
    "conversion",
    "clicked",
    "click",
    "bought",
    "purchased",
    "subscribed",
    "redeemed",
    "opened",
    "award",
    "booked",
];
/// … what they bring.
const MONEY: [&str; 12] = [
    "revenue", "monetary", "spend", "spent", "spending", "sales", "value", "amount", "profit", "margin", "charges",
    "clv",
];
const ORDERS: [&str; 4] = ["order", "basket", "aov", "invoice"];

impl Sense {
    /// What the noun of a column tells.
    pub fn of(noun: &Noun, is_rate: bool) -> Self {
        let named = |words: &[&str]| noun.words.iter().any(|word| words.contains(&word.as_str()));
        let rate = |noun: &Noun| if noun.words.last().is_some_and(|word| word == "rate") { "" } else { " rate" };
        let plain = if is_rate { format!("{}{}", noun.full, rate(noun)) } else { format!("mean {}", noun.full) };
        let sense = |meaning, better| Self { meaning, better, is_turned: false, title: plain.clone() };
        match () {
            () if named(&LEFT) && is_rate => Self::turned(noun),
            () if named(&LEFT) => sense(Meaning::Retention, Better::Less),
            () if named(&STAYED) => sense(Meaning::Retention, Better::More),
            () if named(&WRONG) => sense(Meaning::Complaints, Better::Less),
            () if named(&CONTENT) => sense(Meaning::Satisfaction, Better::More),
            () if is_rate && named(&DONE) => sense(Meaning::Conversion, Better::More),
            () if !is_rate && named(&ORDERS) => sense(Meaning::OrderValue, Better::More),
            () if !is_rate && named(&MONEY) => sense(Meaning::Value, Better::More),
            () => sense(Meaning::Other, Better::Unsaid),
        }
    }

    /// Of those who left, the others count. Where the name says more than that they left, it is told.
    fn turned(noun: &Noun) -> Self {
        let title =
            if noun.words.len() == 1 { "retention".to_owned() } else { format!("retention (no {})", noun.full) };
        Self { meaning: Meaning::Retention, better: Better::More, is_turned: true, title }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::nouns::nouns;
    use super::*;

    fn sense(column: &str, is_rate: bool) -> (Meaning, Better, String) {
        let sense = Sense::of(&nouns(&[column])[0], is_rate);
        (sense.meaning, sense.better, sense.title)
    }

    #[test]
    fn names_tell_what_an_outcome_is_about_and_which_way_is_good() {
        let known = [
            ("Response", true, Meaning::Conversion, Better::More, "response rate"),
            ("Churn", true, Meaning::Retention, Better::More, "retention"),
            ("order_value", false, Meaning::OrderValue, Better::More, "mean order value"),
            ("Complain", true, Meaning::Complaints, Better::Less, "complain rate"),
            ("Rating", false, Meaning::Satisfaction, Better::More, "mean rating"),
            ("monetary", false, Meaning::Value, Better::More, "mean money spent"),
            ("Renewed", true, Meaning::Retention, Better::More, "renewed rate"),
            ("outcome", true, Meaning::Other, Better::Unsaid, "outcome rate"),
        ];
        for (column, is_rate, meaning, better, title) in known {
            assert_eq!(sense(column, is_rate), (meaning, better, title.to_owned()), "{column}");
        }
        assert!(Sense::of(&nouns(&["Churn"])[0], true).is_turned);
    }
}
