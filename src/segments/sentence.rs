//! What a segment is, in sentences: a number always with everyone's beside it, nothing that the columns cannot show.

use super::columns::{Observed, Profiled};
use super::nouns::Noun;
use super::show::{beside_everyone, capital, percent};
use super::spoken::is_recency;
use super::{Cell, UNCLEAR};
use crate::recipe::words::counted;
use crate::table::{Kind, Role, Table};

/// A segment below this share of the customers is called small.
const SMALL: f64 = 0.01;

/// One column with its noun and its cells, one a segment.
pub(super) struct Line<'a> {
    pub column: &'a Profiled,
    pub noun: &'a Noun,
    pub cells: Vec<&'a Cell>,
}

/// What the segment is: its features that differ most, then what else is known of it, then outcomes.
pub(super) fn sentence(lines: &[Line], segment: usize, size: usize, share: f64) -> String {
    let of_role = |role: Role| lines.iter().filter(|line| line.column.role == role).collect::<Vec<_>>();
    let mut sentences = Vec::new();
    if share < SMALL {
        let customers = counted(size, "customer", "customers");
        sentences.push(format!("Only {customers}, {} of all: too few to plan for on their own.", percent(share)));
    }
    sentences.push(features(&of_role(Role::Cluster), segment));
    let described = different(&of_role(Role::Describe), segment, 2);
    if !described.is_empty() {
        sentences.push(format!("Not used to find them: {}.", described.join(", ")));
    }
    let outcomes: Vec<String> = of_role(Role::Outcome).iter().filter_map(|line| line.plain(segment)).take(2).collect();
    if !outcomes.is_empty() {
        sentences.push(format!("Results: {}.", outcomes.join(", ")));
    }
    sentences.join(" ")
}

fn features(lines: &[&Line], segment: usize) -> String {
    let different = different(lines, segment, 3);
    if !different.is_empty() {
        return format!("{}.", capital(&different.join(", ")));
    }
    let near: Vec<String> = lines.iter().filter_map(|line| line.plain(segment)).take(2).collect();
    let listed = if near.is_empty() { String::new() } else { format!(": {}", near.join(", ")) };
    format!("In no feature half a standard deviation away from everyone{listed}.")
}

/// The columns in which the segment stands apart, the furthest first, in words.
fn different(lines: &[&Line], segment: usize, most: usize) -> Vec<String> {
    let mut apart: Vec<(f64, String)> = lines.iter().filter_map(|line| line.apart(segment)).collect();
    apart.sort_by(|a, b| b.0.total_cmp(&a.0));
    apart.into_iter().take(most).map(|(_, words)| words).collect()
}

impl Line<'_> {
    /// The mean beside everyone's.
    fn plain(&self, segment: usize) -> Option<String> {
        Some(beside_everyone(self.column, self.noun, self.cells[segment].mean?, ""))
    }

    /// How far the segment stands apart, from half a standard deviation on, and in words.
    fn apart(&self, segment: usize) -> Option<(f64, String)> {
        let cell = self.cells[segment];
        if let Observed::Levels(..) = self.column.values {
            return self.level_apart(cell);
        }
        let difference = cell.difference.filter(|difference| difference.abs() >= UNCLEAR)?;
        let words = beside_everyone(self.column, self.noun, cell.mean?, self.superlative(segment, difference));
        Some((difference.abs(), words))
    }

    /// `, the highest` where no other segment has as much.
    fn superlative(&self, segment: usize, difference: f64) -> &'static str {
        let others = self.cells.iter().enumerate().filter(|(other, _)| *other != segment);
        let others: Vec<f64> = others.filter_map(|(_, cell)| cell.difference).collect();
        let in_time = matches!(self.column.effect.kind, Kind::Year | Kind::Date);
        let (highest, lowest) = match (in_time, is_recency(self.noun)) {
            (true, _) => (", the latest", ", the earliest"),
            (_, true) => (", the longest", ", the shortest"),
            _ => (", the highest", ", the lowest"),
        };
        if others.is_empty() {
            ""
        } else if others.iter().all(|other| *other < difference) {
            highest
        } else if others.iter().all(|other| *other > difference) {
            lowest
        } else {
            ""
        }
    }

    /// The level whose share differs most from everyone's, in standard deviations of that level.
    fn level_apart(&self, cell: &Cell) -> Option<(f64, String)> {
        let everyone = &self.column.effect.levels;
        let distance = |(level, (_, all)): (&(String, f64, f64), &(String, f64))| {
            let sd = (all * (1.0 - all)).sqrt();
            let distance = if sd > 0.0 { (level.1 - all).abs() / sd } else { 0.0 };
            (distance, level.0.clone(), level.1, *all)
        };
        let furthest = cell.levels.iter().zip(everyone).map(distance).max_by(|a, b| a.0.total_cmp(&b.0))?;
        let (distance, level, share, all) = furthest;
        (distance >= UNCLEAR)
            .then(|| (distance, format!("{} {level} {} (everyone: {})", self.noun.full, percent(share), percent(all))))
    }
}

/// Kinds of knowledge about customers, and the words in column names that tell of them.
const KNOWLEDGE: [(&str, &[&str]); 5] = [
    (
        "money spent",
        &[
            "spent", "mnt", "amount", "revenue", "sales", "monetary", "charges", "turnover", "spend", "spending",
            "value",
        ],
    ),
    ("how often they buy", &["frequency", "purchases", "orders", "visits", "transactions", "trips", "flights"]),
    ("whether they leave", &["churn", "tenure", "cancel", "retention", "attrition", "recency", "left"]),
    ("how they respond to offers", &["response", "responded", "accepted", "campaign", "converted", "conversion"]),
    ("what they are worth after costs", &["margin", "profit", "contribution"]),
];

/// What the file does not say about the customers; never empty.
pub(super) fn unknown(table: &Table, nouns: &[Noun]) -> String {
    let has = |noun: &Noun, words: &[&str]| noun.words.iter().any(|word| words.contains(&word.as_str()));
    let (scores, others): (Vec<&Noun>, Vec<&Noun>) = nouns.iter().partition(|noun| has(noun, &["score", "index"]));
    let tells = |words: &[&str]| others.iter().any(|noun| has(noun, words)) || names_it(table, words);
    let absent: Vec<&str> = KNOWLEDGE.iter().filter(|(_, words)| !tells(words)).map(|(what, _)| *what).collect();
    if absent.len() == KNOWLEDGE.len() && scores.is_empty() {
        return "what kind of figures these are (money, amounts, counts): the columns' names do not say".to_owned();
    }
    let what: Vec<String> = absent.into_iter().take(3).map(str::to_owned).collect();
    let scores = scores.first().map(|noun| format!("what the {} counts", noun.full));
    let all: Vec<String> = what.into_iter().chain(scores).collect();
    if all.is_empty() {
        "why they do what they do: the file holds deeds, not reasons".to_owned()
    } else {
        all.join(", ")
    }
}

/// Order lines tell what was spent and how often, whatever their columns are called.
fn names_it(table: &Table, words: &[&str]) -> bool {
    let lines = !matches!(table.shape, crate::table::Shape::Customers);
    lines && (words.contains(&"spent") || words.contains(&"orders"))
}
