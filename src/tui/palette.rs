//! What the palette offers for a few typed letters.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::action::Tab;
use super::commands::{Entry, Keymap};
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
    let mut found: Vec<(u32, &Entry)> = keymap
        .entries()
        .iter()
        .filter_map(|entry| Some((score(text, &pattern, &mut matcher, entry)?, entry)))
        .collect();
    // Stable: what scores alike stays in table order.
    found.sort_by_key(|(score, entry)| (std::cmp::Reverse(*score), !entry.works_on(tab)));
    found.into_iter().map(|(_, entry)| entry).collect()
}

/// A match in the title counts most, then in the id; the help has to hold the text as it is typed.
fn score(text: &str, pattern: &Pattern, matcher: &mut Matcher, entry: &Entry) -> Option<u32> {
    let mut buffer = Vec::new();
    let mut of = |text: &str| pattern.score(Utf32Str::new(text, &mut buffer), matcher);
    let title = of(entry.command.title).map(|score| 2 * score);
    let id = of(entry.command.id);
    title.max(id).or_else(|| entry.command.help.to_lowercase().contains(&text.trim().to_lowercase()).then_some(1))
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

    #[test]
    fn formats_go_round() {
        assert_eq!(next_format("a.b.csv"), "a.b.parquet");
        assert_eq!(next_format("a.xlsx"), "a.csv");
        assert_eq!((next_format("a.html"), next_format("a.png")), ("a.md".into(), "a.html".into()));
        assert_eq!(next_format("a"), "a.csv");
    }
}
