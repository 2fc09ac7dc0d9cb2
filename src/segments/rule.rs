//! One plain rule a segment, in the file's own units.

use super::Rule;
use super::columns::{Observed, Profiled};
use super::nouns::Noun;
use super::show::{exact, unit};
use crate::matrix::{Coded, Labels};
use crate::metrics::rules::{BoxRule, find};
use crate::table::Kind;

/// A category is tried level by level, the most frequent of them.
const LEVELS: usize = 8;

/// What a column of the search stands for.
struct Sought<'a> {
    column: &'a Profiled,
    noun: &'a Noun,
    level: Option<&'a str>,
    values: Vec<f64>,
}

/// The rule of each segment over these features, where one was found.
pub(super) fn rules(features: &[(&Profiled, &Noun)], labels: &Labels) -> Vec<Option<Rule>> {
    let sought: Vec<Sought> = features.iter().flat_map(|(column, noun)| sought(column, noun)).collect();
    let columns: Vec<&[f64]> = sought.iter().map(|sought| sought.values.as_slice()).collect();
    find(&columns, labels).iter().map(|rule| rule.as_ref().map(|rule| in_words(rule, &sought))).collect()
}

fn sought<'a>(column: &'a Profiled, noun: &'a Noun) -> Vec<Sought<'a>> {
    match &column.values {
        Observed::Numbers(values) => vec![Sought { column, noun, level: None, values: values.clone() }],
        Observed::Levels(codes, names) => (0..)
            .zip(names.iter().take(LEVELS))
            .map(|(code, name)| Sought { column, noun, level: Some(name), values: is(codes, code) })
            .collect(),
    }
}

fn is(codes: &[u32], level: u32) -> Vec<f64> {
    let value = |&code: &u32| if code == Coded::MISSING { f64::NAN } else { f64::from(u8::from(code == level)) };
    codes.iter().map(value).collect()
}

fn in_words(rule: &BoxRule, sought: &[Sought]) -> Rule {
    let mut bounds = rule.bounds.clone();
    bounds.sort_by_key(|&(column, ..)| column);
    let conditions: Vec<String> =
        bounds.iter().map(|&(column, low, high)| sought[column].condition(low, high)).collect();
    Rule { text: conditions.join(" and "), precision: rule.precision, recall: rule.recall, coverage: rule.coverage }
}

impl Sought<'_> {
    fn condition(&self, low: Option<f64>, high: Option<f64>) -> String {
        let (noun, kind) = (&self.noun.short, self.column.effect.kind);
        let shown = |value| exact(kind, value);
        let unit = unit(self.noun);
        match (self.level, low, high) {
            (Some(level), Some(_), _) => format!("{noun} is {level}"),
            (Some(level), None, _) => format!("{noun} is not {level}"),
            (None, Some(_), _) if kind == Kind::YesNo => format!("{noun}: yes"),
            (None, None, _) if kind == Kind::YesNo => format!("{noun}: no"),
            (None, Some(low), Some(high)) if low == high => format!("{noun} = {}{unit}", shown(low)),
            (None, Some(low), Some(high)) => format!("{noun} {} to {}{unit}", shown(low), shown(high)),
            (None, Some(low), None) => format!("{noun} ≥ {}{unit}", shown(low)),
            (None, None, high) => format!("{noun} ≤ {}{unit}", high.map_or(String::new(), shown)),
        }
    }
}
