//! Short names that differ from each other: `High income, low spending`.

use std::collections::BTreeSet;

use super::columns::Profiled;
use super::nouns::Noun;
use super::show::{capital, mean};
use super::spoken::{Standing, said};
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
    /// Indices of the traits it uses, and how finely each is told.
    traits: Vec<(usize, Fineness)>,
}

/// Where a name has more characters the strongest trait alone makes them, if it tells the segments apart.
const LONG: usize = 48;

/// One name a segment. `traits` stand by falling effect size; the two first make the name, a third joins where
/// two names would be the same, then finer words, then the mean, each of the trait that tells most of them apart.
pub(super) fn names(traits: &[Trait], segments: usize) -> Vec<String> {
    if segments == 1 {
        return vec!["Everyone".to_owned()];
    }
    let of = |first: usize| {
        vec![Draft { traits: (0..traits.len().min(first)).map(|index| (index, Fineness::Plain)).collect() }; segments]
    };
    let (mut drafts, strongest) = (of(2), of(1));
    add_third(traits, &mut drafts);
    refine(traits, &mut drafts, Fineness::Fine);
    refine(traits, &mut drafts, Fineness::Mean);
    let mut names = written(traits, &drafts);
    if names.iter().any(|name| name.chars().count() > LONG) && equals(traits, &strongest).is_empty() {
        names = written(traits, &strongest);
    }
    number_equals(&mut names);
    names
}

fn written(traits: &[Trait], drafts: &[Draft]) -> Vec<String> {
    drafts.iter().enumerate().map(|(segment, draft)| draft.name(traits, segment)).collect()
}

/// Gives the segments of one name the strongest further trait that tells some of them apart.
fn add_third(traits: &[Trait], drafts: &mut [Draft]) {
    for group in equals(traits, drafts) {
        let differs = |&candidate: &usize| {
            let words = |segment: usize| traits[candidate].phrase(segment, Fineness::Plain);
            group[1..].iter().any(|&segment| words(segment) != words(group[0]))
        };
        if let Some(third) = (2..traits.len()).find(differs) {
            group.iter().for_each(|&segment| drafts[segment].traits.push((third, Fineness::Plain)));
        }
    }
}

/// Says one trait more finely in names that are the same, until that tells no more of them apart.
fn refine(traits: &[Trait], drafts: &mut [Draft], fineness: Fineness) {
    let mut goes_on = true;
    while std::mem::take(&mut goes_on) {
        for group in equals(traits, drafts) {
            let words = |index: usize| -> BTreeSet<String> {
                group.iter().map(|&segment| traits[index].phrase(segment, fineness)).collect()
            };
            let of = &drafts[group[0]].traits;
            let ways =
                of.iter().enumerate().filter(|(_, used)| used.1 < fineness).map(|(at, used)| (words(used.0).len(), at));
            // Of several that tell as much, the strongest.
            let best = ways.filter(|(told, _)| *told > 1).max_by_key(|&(told, at)| (told, std::cmp::Reverse(at)));
            if let Some((_, at)) = best {
                for &segment in &group {
                    // Levels may hold commas: names of other traits can read the same.
                    drafts[segment].traits.get_mut(at).into_iter().for_each(|used| used.1 = fineness);
                }
                goes_on = true;
            }
        }
    }
}

/// The groups of segments whose names are the same.
fn equals(traits: &[Trait], drafts: &[Draft]) -> Vec<Vec<usize>> {
    let names = written(traits, drafts);
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
        used.sort_by_key(|(index, _)| traits[*index].place);
        let phrases: Vec<String> = used.iter().map(|(index, finely)| traits[*index].phrase(segment, *finely)).collect();
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
                let standing = self.standing(segment, fineness > Fineness::Plain);
                let value =
                    if fineness == Fineness::Mean { format!(" ({})", mean(kind, value)) } else { String::new() };
                format!("{}{value}", said(self.noun, kind, standing))
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
    fn standing(&self, segment: usize, fine: bool) -> Standing {
        let difference = self.difference(segment);
        let others = || (0..self.cells.len()).filter(|&other| other != segment).map(|other| self.difference(other));
        match difference {
            high if high >= UNCLEAR && fine && others().all(|other| other < high) => Standing::Highest,
            high if high >= UNCLEAR => Standing::High,
            low if low <= -UNCLEAR && fine && others().all(|other| other > low) => Standing::Lowest,
            low if low <= -UNCLEAR => Standing::Low,
            _ if !fine => Standing::Middle,
            above if above > 0.0 => Standing::UpperMiddle,
            _ => Standing::LowerMiddle,
        }
    }
}

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
