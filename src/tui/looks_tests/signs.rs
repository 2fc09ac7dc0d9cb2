//! Which signs reach terminals that show some of them wide, or not at all.

use unicode_width::UnicodeWidthStr;

use super::*;
use crate::tui::widgets::spelling::CONSOLE;

/// The signs of all screens that a terminal with these glyphs should not be sent, with where they stand.
fn wrong(glyphs: Glyphs, is_right: impl Fn(&str) -> bool) -> Vec<String> {
    let look = look("default", Depth::True, glyphs);
    let mut wrong = Vec::new();
    for mut shown in all() {
        for size in [(80, 24), (120, 40), (200, 60)] {
            let buf = shown.drawn(size, &look);
            let bad = buf.content.iter().map(|cell| cell.symbol()).filter(|symbol| !is_right(symbol));
            wrong.extend(bad.map(|symbol| format!("{symbol} in {}", shown.told())));
        }
    }
    wrong.sort();
    wrong.dedup();
    wrong
}

#[test]
fn narrow_signs_are_narrow_whatever_the_terminal_thinks_of_east_asian_widths() {
    assert_eq!(wrong(Glyphs::Narrow, |symbol| symbol.width_cjk() == symbol.width()), Vec::<String>::new());
}

#[test]
fn the_console_gets_only_what_its_font_has() {
    // Letters are the file's: the font is chosen for the language.
    let is_letter = |symbol: &str| symbol.chars().all(char::is_alphabetic);
    let has = |symbol: &str| symbol.is_ascii() || CONSOLE.contains(symbol) || is_letter(symbol);
    assert_eq!(wrong(Glyphs::Console, has), Vec::<String>::new());
}

#[test]
fn ascii_is_ascii_and_no_sign_is_without_a_spelling() {
    // The question mark stands for signs without a spelling; that of help stands in each footer and in its own words.
    assert_eq!(wrong(Glyphs::Ascii, str::is_ascii), Vec::<String>::new());
    let (fancy, plain) = (look("default", Depth::Mono, Glyphs::Braille), look("default", Depth::Mono, Glyphs::Ascii));
    for mut shown in all() {
        let count = |buf: &Buffer| lines(buf).concat().matches('?').count();
        let (asked, spelled) = (count(&shown.drawn((120, 40), &fancy)), count(&shown.drawn((120, 40), &plain)));
        assert!(spelled <= asked, "{}: {}", shown.told(), lines(&shown.drawn((120, 40), &plain)).join("\n"));
    }
}
