//! What the palette offers for a few typed letters.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::action::Tab;
use super::commands::{Entry, Keymap};
use super::plain::Spoken;
use super::words::Word;

/// One line of the palette.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// Something typed out.
    Word(Word),
    /// The command with this id.
    Command(&'static str),
}

/// What fits `text`, best first: what it says word by word, then commands of this place, then the others.
pub fn choices(keymap: &Keymap, tab: Tab, text: &str) -> Vec<Choice> {
    let word = Word::parse(text).map(Choice::Word);
    let commands = ranked(keymap, tab, text).into_iter().map(|entry| Choice::Command(entry.command.id));
    word.into_iter().chain(commands).collect()
}

fn ranked<'a>(keymap: &'a Keymap, tab: Tab, text: &str) -> Vec<&'a Entry> {
    let pattern = Pattern::parse(text.trim(), CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let spoken = Spoken::new(keymap, text);
    let mut found: Vec<(u32, &Entry)> = keymap
        .entries()
        .iter()
        .filter_map(|entry| {
            let (letters, words) = (score(&pattern, &mut matcher, entry), spoken.score(entry));
            (letters.is_some() || words > 0).then(|| (letters.unwrap_or(0).saturating_add(words), entry))
        })
        .collect();
    // Stable: what scores alike stays in table order.
    found.sort_by_key(|(score, entry)| (std::cmp::Reverse(*score), !entry.works_on(tab)));
    found.into_iter().map(|(_, entry)| entry).collect()
}

/// A few letters: a match in the title counts most, then in the id.
fn score(pattern: &Pattern, matcher: &mut Matcher, entry: &Entry) -> Option<u32> {
    let mut buffer = Vec::new();
    let mut of = |text: &str| pattern.score(Utf32Str::new(text, &mut buffer), matcher);
    let title = of(entry.command.title).map(|score| 2 * score);
    let id = of(entry.command.id);
    title.max(id)
}

const FORMATS: [&str; 4] = ["csv", "parquet", "jsonl", "xlsx"];
/// The formats that a report is written in.
const REPORTS: [&str; 4] = ["html", "md", "svg", "png"];

/// The same file name with the next format's ending.
pub fn next_format(path: &str) -> String {
    let (stem, ending) = path.rsplit_once('.').unwrap_or((path, ""));
    let formats = if REPORTS.contains(&ending) { REPORTS } else { FORMATS };
    let at = formats.iter().position(|format| *format == ending).map_or(0, |at| (at + 1) % formats.len());
    format!("{stem}.{}", formats[at])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::tui::commands::EVERYWHERE;
    use std::collections::BTreeMap;

    fn first(text: &str) -> Choice {
        let keymap = Keymap::new(EVERYWHERE, &BTreeMap::new()).unwrap().value;
        choices(&keymap, Tab::Data, text).into_iter().next().unwrap()
    }

    #[test]
    fn a_few_letters_find_a_command() {
        assert_eq!(first("und"), Choice::Command("undo"));
        assert_eq!(first("expo"), Choice::Command("export"));
        assert_eq!(first("17"), Choice::Word(Word::Row(17)));
        assert_eq!(first(""), Choice::Command("tab.data"));
    }

    /// What a person who does not know the program asks for, and the commands that do it.
    const TASKS: [(&str, &[&str]); 26] = [
        ("open a file", &["open"]),
        ("exclude a column", &["data.role", "prepare.leave"]),
        ("add an outlier step", &["prepare.add"]),
        ("run the study", &["compare.wider", "compare.algorithms"]),
        ("sort by Davies-Bouldin", &["compare.sort"]),
        ("look at the elbow", &["tab.compare"]),
        ("choose a run", &["compare.open"]),
        ("rename a segment", &["segments.rename"]),
        ("see its rule", &["tab.segments"]),
        ("export a CSV", &["export"]),
        ("save a report", &["report"]),
        ("change the theme", &["theme"]),
        ("resume after a dropped line", &["resume"]),
        ("load another data set", &["open"]),
        ("remove a feature", &["data.role", "prepare.leave"]),
        ("cap outliers", &["prepare.add"]),
        ("start clustering", &["compare.wider", "compare.algorithms"]),
        ("order runs by DBI", &["compare.sort"]),
        ("show elbow curve", &["tab.compare"]),
        ("pick this clustering", &["compare.open"]),
        ("give the segment a name", &["segments.rename"]),
        ("what rule describes a segment", &["tab.segments"]),
        ("write results to csv", &["export"]),
        ("make an html report", &["report"]),
        ("dark colors", &["theme"]),
        ("continue my last session", &["resume"]),
    ];

    #[test]
    fn plain_words_bring_their_command_among_the_first_three() {
        let table = crate::tui::state::table_of(&crate::tui::panes::all());
        let keymap = Keymap::new(&table, &BTreeMap::new()).unwrap().value;
        let mut missed = Vec::new();
        for (words, wanted) in TASKS {
            for tab in Tab::ALL {
                let found: Vec<Choice> = choices(&keymap, tab, words).into_iter().take(3).collect();
                if !wanted.iter().any(|id| found.contains(&Choice::Command(id))) {
                    missed.push(format!("{words} on {}: {found:?}", tab.title()));
                }
            }
        }
        assert!(missed.is_empty(), "{}", missed.join("\n"));
    }

    #[test]
    fn formats_go_round() {
        assert_eq!(next_format("a.b.csv"), "a.b.parquet");
        assert_eq!(next_format("a.xlsx"), "a.csv");
        assert_eq!((next_format("a.html"), next_format("a.png")), ("a.md".into(), "a.html".into()));
        assert_eq!(next_format("a"), "a.csv");
    }
}
