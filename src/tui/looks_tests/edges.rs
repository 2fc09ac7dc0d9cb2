//! What holds of every picture at every size: whole characters, a free right edge, no word cut without `…`.

use std::collections::BTreeSet;

use super::*;
use crate::tui::random_tests::flaws;

const SIZES: [(u16, u16); 12] = [
    (40, 10),
    (50, 14),
    (60, 20),
    (72, 24),
    (80, 24),
    (100, 30),
    (120, 36),
    (120, 40),
    (160, 45),
    (200, 60),
    (300, 80),
    (400, 100),
];

/// From here on tables have all their columns.
const FREE: u16 = 80;

/// The rows whose last cell is taken by something that does not frame.
fn touching(buf: &Buffer) -> Vec<String> {
    let last = buf.area.width - 1;
    // A title may end in the sign that more follows.
    let frames = |symbol: &str| matches!(symbol, " " | "─" | "│" | "┐" | "┘" | "┤" | "…");
    let rows = (0..buf.area.height).filter(|&y| !frames(buf[(last, y)].symbol()));
    rows.map(|y| lines(buf)[y as usize].clone()).collect()
}

#[test]
fn nothing_touches_the_right_edge_and_every_character_is_whole() {
    let look = look("default", Depth::True, Glyphs::Braille);
    let mut wrong = BTreeSet::new();
    for mut shown in all() {
        for size in SIZES {
            let buf = shown.drawn(size, &look);
            flaws::picture(&buf, None, false);
            let rows = touching(&buf);
            wrong.extend(rows.into_iter().map(|row| format!("{} at {size:?}:\n{row}", shown.told())));
        }
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

/// The words of letters in a picture; what a box covers a part of is no word.
fn words_of(buf: &Buffer) -> BTreeSet<String> {
    let text = lines(buf).join("\n");
    let words = text.split(|char: char| !(char.is_alphanumeric() || "_'’-…│┌└".contains(char)));
    words.filter(|word| word.chars().all(|char| char.is_alphabetic())).map(str::to_owned).collect()
}

/// Whether a word is the beginning of another, and no word of its own.
fn is_cut(word: &str, known: &BTreeSet<String>) -> bool {
    word.chars().count() > 2
        && !known.contains(word)
        && known.range(word.to_owned()..).next().is_some_and(|next| next.starts_with(word))
}

#[test]
fn no_word_is_cut_without_a_sign() {
    let look = look("default", Depth::True, Glyphs::Braille);
    let mut states = all();
    let known: BTreeSet<String> =
        states.iter_mut().flat_map(|shown| words_of(&shown.drawn((400, 100), &look))).collect();
    let mut wrong = BTreeSet::new();
    for shown in &mut states {
        for size in SIZES.into_iter().filter(|size| *size != (400, 100)) {
            let buf = shown.drawn(size, &look);
            let cut = words_of(&buf).into_iter().filter(|word| is_cut(word, &known));
            wrong.extend(cut.map(|word| format!("{word} in {} at {size:?}", shown.told())));
        }
    }
    assert!(wrong.is_empty(), "{} of them: {wrong:#?}", wrong.len());
}

/// (the state, a word of the line of titles, the titles under whose last letter numbers end).
const TABLES: &[(&str, &str, &[&str])] = &[
    ("the columns", "spread", &["gaps", "values"]),
    ("the runs", "algorithm", &["seg", "DBI", "WCSS"]),
    ("all runs, sorted", "algorithm", &["seg", "DBI", "WCSS"]),
    ("the card", "holds", &["income", "holds"]),
    ("the outcomes", "lift", &["lift"]),
    ("the customers", "row", &["row", "income"]),
];

/// Where a word of the line ends, as a column.
fn end_of(buf: &Buffer, y: u16, word: &str) -> Option<u16> {
    let cells: Vec<&str> = (0..buf.area.width).map(|x| buf[(x, y)].symbol()).collect();
    let count = word.chars().count();
    let is_word = |from: &usize| cells[*from..*from + count].concat() == word && cells.get(*from + count) == Some(&" ");
    let from = (1..cells.len().saturating_sub(count)).filter(|from| cells[from - 1] == " ").find(is_word)?;
    u16::try_from(from + count - 1).ok()
}

/// The line of a table that does not end its numbers under these titles; how many titles there were.
fn crooked(buf: &Buffer, mark: &str, titles: &[&str]) -> (usize, Option<String>) {
    // Without status line and footer.
    let text = &lines(buf)[..buf.area.height as usize - 2];
    let Some(top) = text.iter().position(|line| line.contains(mark)) else { return (0, None) };
    let ends: Vec<u16> = titles.iter().filter_map(|title| end_of(buf, top as u16, title)).collect();
    let rows = text.iter().zip(0_u16..).skip(top + 1);
    let mut rows = rows.take_while(|(line, _)| !line.is_empty() && !line.contains("──"));
    let is_crooked = |y: u16, end: u16| {
        let at = |x: u16| buf[(x, y)].symbol();
        let is_beyond = at(end + 1).chars().all(char::is_alphanumeric);
        is_beyond || (at(end) == " " && at(end - 1).chars().all(|char| char.is_ascii_digit()))
    };
    let found = rows.find(|(_, y)| ends.iter().any(|&end| is_crooked(*y, end)));
    (ends.len(), found.map(|(line, _)| line.clone()))
}

#[test]
fn numbers_end_under_their_titles() {
    let look = look("default", Depth::True, Glyphs::Braille);
    let mut checked = 0;
    for mut shown in all() {
        let name = shown.name;
        for (_, mark, titles) in TABLES.iter().filter(|(of, ..)| *of == name) {
            for size in SIZES.into_iter().filter(|size| size.0 >= FREE) {
                let (count, line) = crooked(&shown.drawn(size, &look), mark, titles);
                assert_eq!(line, None, "{} at {size:?}", shown.told());
                checked += count;
            }
        }
    }
    assert!(checked > 40, "{checked} columns");
}
