//! Short names that differ from each other: `High income, low spending`.

use super::columns::Profiled;
use super::nouns::{Noun, period};
use super::show::{capital, mean};
use super::{Cell, UNCLEAR};
use crate::table::Kind;

/// A feature for naming.
pub(super) struct Trait<'a> {
    pub column: &'a Profiled,
    pub noun: &'a Noun,
    /// Where it stands in the file.
    pub place: usize,
    /// One cell a segment.
    pub cells: Vec<&'a Cell>,
}

/// How finely a word is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fineness {
    Plain,
    /// `highest`, `upper middle`.
    Fine,
    /// With the mean.
    Mean,
}

/// The name of one segment while names are being made to differ.
#[derive(Clone)]
struct Draft {
    /// Indices of the traits it uses.
    traits: Vec<usize>,
    fineness: Fineness,
}

/// One name a segment. `traits` stand by falling effect size; the two first make the name, a third joins where
/// two names would be the same, then finer words, then the mean.
pub(super) fn names(traits: &[Trait], segments: usize) -> Vec<String> {
    if segments == 1 {
        return vec!["Everyone".to_owned()];
    }
    let first = (0..traits.len().min(2)).collect::<Vec<_>>();
    let mut drafts = vec![Draft { traits: first, fineness: Fineness::Plain }; segments];
    add_third(traits, &mut drafts);
    refine(traits, &mut drafts, Fineness::Fine);
    refine(traits, &mut drafts, Fineness::Mean);
    let mut names: Vec<String> = (0..segments).map(|segment| drafts[segment].name(traits, segment)).collect();
    number_equals(&mut names);
    names
}

/// Gives the segments of one name the strongest further trait that tells some of them apart.
fn add_third(traits: &[Trait], drafts: &mut [Draft]) {
    for group in equals(traits, drafts) {
        let differs = |&candidate: &usize| {
            let words = |segment: usize| traits[candidate].phrase(segment, Fineness::Plain);
            group[1..].iter().any(|&segment| words(segment) != words(group[0]))
        };
        if let Some(third) = (2..traits.len()).find(differs) {
            group.iter().for_each(|&segment| drafts[segment].traits.push(third));
        }
    }
}

fn refine(traits: &[Trait], drafts: &mut [Draft], fineness: Fineness) {
    for group in equals(traits, drafts) {
        group.iter().for_each(|&segment| drafts[segment].fineness = fineness);
    }
}

/// The groups of segments whose names are the same.
fn equals(traits: &[Trait], drafts: &[Draft]) -> Vec<Vec<usize>> {
    let names: Vec<String> = drafts.iter().enumerate().map(|(segment, draft)| draft.name(traits, segment)).collect();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for segment in 0..names.len() {
        match groups.iter_mut().find(|group| names[group[0]] == names[segment]) {
            Some(group) => group.push(segment),
            None => groups.push(vec![segment]),
        }
    }
    groups.retain(|group| group.len() > 1);
    groups
}

fn number_equals(names: &mut [String]) {
    for index in 1..names.len() {
        let mut name = names[index].clone();
        let mut copy = 1;
        while names[..index].contains(&name) {
            copy += 1;
            name = format!("{} ({copy})", names[index]);
        }
        names[index] = name;
    }
}

impl Draft {
    fn name(&self, traits: &[Trait], segment: usize) -> String {
        let mut used = self.traits.clone();
        used.sort_by_key(|&index| traits[index].place);
        let phrases: Vec<String> = used.iter().map(|&index| traits[index].phrase(segment, self.fineness)).collect();
        capital(&phrases.join(", "))
    }
}

impl Trait<'_> {
    fn phrase(&self, segment: usize, fineness: Fineness) -> String {
        let cell = self.cells[segment];
        let noun = &self.noun.short;
        match (cell.mean, self.column.effect.kind) {
            (Some(share), Kind::YesNo) => self.share_phrase(share, segment, fineness),
            (Some(value), kind) => {
                let value =
                    if fineness == Fineness::Mean { format!(" ({})", mean(kind, value)) } else { String::new() };
                format!("{}{value}", self.word(segment, fineness > Fineness::Plain))
            }
            (None, _) => match cell.levels.iter().max_by(|a, b| a.1.total_cmp(&b.1)) {
                Some((level, share, _)) if *share >= 0.5 => format!("{noun} mostly {level}"),
                _ => format!("{noun} mixed"),
            },
        }
    }

    fn share_phrase(&self, share: f64, segment: usize, fineness: Fineness) -> String {
        let noun = &self.noun.short;
        if fineness == Fineness::Mean {
            return format!("{} with {noun}", mean(Kind::YesNo, share));
        }
        match (share, self.difference(segment)) {
            (share, _) if share >= 0.9 => format!("with {noun}"),
            (share, _) if share <= 0.1 => format!("without {noun}"),
            (_, difference) if difference >= UNCLEAR => format!("many with {noun}"),
            (_, difference) if difference <= -UNCLEAR => format!("few with {noun}"),
            _ => format!("some with {noun}"),
        }
    }

    fn difference(&self, segment: usize) -> f64 {
        self.cells[segment].difference.unwrap_or(0.0)
    }

    /// High or low from half a standard deviation on; finer: the highest of all segments, the upper middle.
    fn step(&self, segment: usize, fine: bool) -> usize {
        let difference = self.difference(segment);
        let mut others = (0..self.cells.len()).filter(|&other| other != segment).map(|other| self.difference(other));
        match (fine, difference) {
            (true, own) if own >= UNCLEAR && others.all(|other| other < own) => 6,
            (_, own) if own >= UNCLEAR => 5,
            (true, own) if own <= -UNCLEAR && others.all(|other| other > own) => 0,
            (_, own) if own <= -UNCLEAR => 1,
            (true, own) if own > 0.0 => 4,
            (true, _) => 2,
            (false, _) => 3,
        }
    }

    /// What is said of the segment in this column.
    fn word(&self, segment: usize, fine: bool) -> String {
        let (noun, step) = (self.noun, self.step(segment, fine));
        let last = noun.words.iter().rfind(|word| period(word).is_none()).map_or("", String::as_str);
        let words: Vec<&str> = noun.words.iter().map(String::as_str).collect();
        match self.column.effect.kind {
            Kind::Year | Kind::Date => format!("{} {}", TIME[step], noun.short),
            _ if words == ["recency"] => format!("bought {}", AGO[step]),
            _ if let ["days" | "weeks" | "months", "since", what @ ..] = words.as_slice() => {
                format!(
                    "{} {}",
                    [&["last"], what.strip_prefix(&["last"]).unwrap_or(what)].concat().join(" "),
                    AGO[step]
                )
            }
            _ if noun.words == ["frequency"] => FREQUENCY[step].to_owned(),
            _ if COUNTED.contains(&last) => format!("{} {}", COUNT[step], noun.short),
            _ => format!("{} {}", AMOUNT[step], noun.short),
        }
    }
}

/// The words from lowest to highest: of amounts, of moments, of things that are counted, and of what a customer does.
type Words = [&'static str; 7];
const AMOUNT: Words = ["lowest", "low", "lower middle", "middle", "upper middle", "high", "highest"];
const TIME: Words = ["earliest", "early", "earlier middle", "middle", "later middle", "late", "latest"];
const COUNT: Words = ["fewest", "few", "rather few", "some", "rather many", "many", "most"];
const AGO: Words =
    ["most lately", "lately", "rather lately", "a while ago", "rather long ago", "long ago", "longest ago"];
const FREQUENCY: Words = [
    "buys least often",
    "buys seldom",
    "buys rather seldom",
    "buys now and then",
    "buys rather often",
    "buys often",
    "buys most often",
];
/// What is counted, as the last word of a column's name.
const COUNTED: [&str; 8] = ["purchases", "orders", "visits", "transactions", "trips", "flights", "calls", "items"];

/// A key for files: the name in small letters and digits, joined by '-'.
pub(super) fn slugs(names: &[String]) -> Vec<String> {
    let slug = |name: &String| {
        let words: Vec<String> = name
            .to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        words.join("-")
    };
    let mut slugs: Vec<String> = names.iter().map(slug).collect();
    for index in 1..slugs.len() {
        if slugs[..index].contains(&slugs[index]) {
            slugs[index] = format!("{}-{}", slugs[index], index + 1);
        }
    }
    slugs
}
