//! Categories written in several ways, and categories with very few rows.

use std::collections::BTreeMap;

use super::super::figures::{counted, listed};
use super::super::values::{Field, Finding, FindingKind, Remedy, Role, Severity, Shape, Table};
use super::note;
use crate::matrix::Coded;

/// Levels below this share of the rows are rare.
const RARE: f64 = 0.01;
/// In fewer rows no level is called rare.
const ENOUGH: usize = 200;

/// What the levels of a category say.
pub(super) fn check(table: &Table, field: &Field) -> Vec<Finding> {
    let used = matches!(field.role, Role::Describe | Role::Cluster | Role::Outcome);
    let Some(coded) = field.column.values.text().filter(|_| used) else { return Vec::new() };
    let counts = counts(coded);
    let groups = groups(coded);
    let (single, several): (Vec<_>, Vec<_>) = groups.into_iter().partition(|codes| codes.len() == 1);
    let mut single: Vec<usize> = single.into_iter().flatten().collect();
    let slips = slips(coded, &counts, &single);
    single.retain(|code| !slips.values().flatten().any(|slip| slip == code));
    let spellings = several.into_iter().map(|codes| one_category(field, coded, &counts, codes, "is also written"));
    let slips = slips.into_iter().map(|(code, mut slips)| {
        slips.push(code);
        one_category(field, coded, &counts, slips, "may be meant by")
    });
    spellings.chain(slips).chain(rare(table, field, coded, &counts, &single)).collect()
}

/// Levels with few rows that are one slip (a letter too many, too few, another, two exchanged) away from a long word with
/// many rows, under its code.
fn slips(coded: &Coded, counts: &[usize], single: &[usize]) -> BTreeMap<usize, Vec<usize>> {
    const SHORTEST: usize = 5;
    const MANY: usize = 20;
    let plain: BTreeMap<usize, String> = single.iter().map(|&code| (code, folded(&coded.levels[code]))).collect();
    let is_word = |text: &String| text.chars().count() >= SHORTEST && text.chars().all(char::is_alphabetic);
    let words: Vec<(usize, &String)> =
        plain.iter().map(|(&code, text)| (code, text)).filter(|(_, t)| is_word(t)).collect();
    let mut slips: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &(slip, text) in &words {
        let meant = words.iter().filter(|(code, _)| counts[*code] >= MANY * counts[slip]);
        let meant = meant.filter(|(_, other)| strsim::osa_distance(text, other) == 1);
        if let Some((code, _)) = meant.max_by_key(|(code, _)| counts[*code]) {
            slips.entry(*code).or_default().push(slip);
        }
    }
    slips
}

/// Rows of each level.
fn counts(coded: &Coded) -> Vec<usize> {
    let mut counts = vec![0; coded.levels.len()];
    for &code in coded.codes.iter().filter(|&&code| code != Coded::MISSING) {
        counts[code as usize] += 1;
    }
    counts
}

/// The levels that are one category but for the way it is written.
fn groups(coded: &Coded) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (code, level) in coded.levels.iter().enumerate() {
        groups.entry(folded(level)).or_default().push(code);
    }
    groups.into_values().collect()
}

/// A category that is written in several ways.
fn one_category(field: &Field, coded: &Coded, counts: &[usize], mut codes: Vec<usize>, how: &str) -> Finding {
    codes.sort_by_key(|&code| std::cmp::Reverse(counts[code]));
    let (to, from) = (&coded.levels[codes[0]], &codes[1..]);
    let rows = from.iter().map(|&code| counts[code]).sum();
    let texts: Vec<String> = from.iter().map(|&code| coded.levels[code].clone()).collect();
    let quoted: Vec<String> = texts.iter().map(|text| format!("{text:?}")).collect();
    let message = format!("{to:?} {how} {}", listed(&quoted, 3));
    let merge = Remedy::Merge { column: field.name().to_owned(), from: texts.clone(), to: to.clone() };
    note(FindingKind::Spellings, Some(field.name()), rows, message)
        .severe(Severity::Warning)
        .with_examples(texts)
        .with_remedies([merge])
}

/// The text without case, accents, blanks, hyphens and the like; between digits those mean something.
fn folded(text: &str) -> String {
    let lower = text.trim().to_lowercase();
    let digits = lower.contains(|letter: char| letter.is_ascii_digit());
    let tells =
        |letter: &char| letter.is_alphanumeric() || "+&/<>%".contains(*letter) || digits && !letter.is_whitespace();
    lower.chars().filter(tells).map(plain).collect()
}

/// A letter without its accent.
fn plain(letter: char) -> char {
    const ACCENTED: [(&str, char); 9] = [
        ("àáâãäåāą", 'a'),
        ("çćč", 'c'),
        ("èéêëēęě", 'e'),
        ("ìíîïī", 'i'),
        ("ñńň", 'n'),
        ("òóôõöøōő", 'o'),
        ("ùúûüūůű", 'u'),
        ("ýÿ", 'y'),
        ("śšßžźż", 's'),
    ];
    ACCENTED.iter().find(|(letters, _)| letters.contains(letter)).map_or(letter, |(_, plain)| *plain)
}

fn rare(table: &Table, field: &Field, coded: &Coded, counts: &[usize], single: &[usize]) -> Option<Finding> {
    let few = |count: usize| (count as f64) < RARE * table.rows as f64;
    let mut codes: Vec<usize> = single.iter().copied().filter(|&code| few(counts[code])).collect();
    if table.rows < ENOUGH || codes.is_empty() || matches!(table.shape, Shape::OrderLines { .. }) {
        return None;
    }
    codes.sort_by_key(|&code| std::cmp::Reverse(counts[code]));
    let rows = codes.iter().map(|&code| counts[code]).sum();
    let texts: Vec<String> = codes.iter().map(|&code| format!("{} {}", coded.levels[code], counts[code])).collect();
    let message = format!("{}: {}", counted(codes.len(), "rare level"), listed(&texts, 3));
    let pool = Remedy::PoolRare { column: field.name().to_owned(), below: RARE };
    let found = note(FindingKind::RareLevels, Some(field.name()), rows, message);
    Some(found.with_examples(codes.iter().map(|&code| coded.levels[code].clone())).with_remedies([pool]))
}
