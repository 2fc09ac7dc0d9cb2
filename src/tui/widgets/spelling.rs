//! Other spellings of a finished picture, where the terminal shows some signs wide or not at all: one character for
//! each, so that no column moves.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use unicode_normalization::UnicodeNormalization;

use crate::tui::look::{Glyphs, Look};

/// (the sign, one that is narrow whatever the terminal thinks of East-Asian widths, one of the console's font, ASCII).
#[rustfmt::skip]
const SPELLINGS: &[(&str, &str, &str, &str)] = &[
    ("█", "⣿", "█", "#"),
    ("▉", "⣿", "█", "#"),
    ("▊", "⣿", "█", "="),
    ("▋", "⡇", "▌", "="),
    ("▌", "⡇", "▌", "="),
    ("▍", "⡇", "▌", "-"),
    ("▎", "⡇", "▌", "-"),
    ("▏", "⡇", "▌", "-"),
    ("▓", "⣷", "▓", "#"),
    ("▒", "⢕", "▒", "+"),
    ("░", "░", "░", "."),
    ("▇", "⣿", "█", "%"),
    ("▆", "⣶", "█", "*"),
    ("▅", "⣶", "▄", "+"),
    ("▄", "⣤", "▄", "="),
    ("▃", "⣤", "▄", "-"),
    ("▂", "⣀", "_", ","),
    ("▁", "⣀", "_", "_"),
    ("━", "╍", "═", "="),
    ("╸", "╸", "═", "-"),
    ("╺", "╺", "═", "-"),
    ("─", "╌", "─", "-"),
    ("╌", "╌", "-", "-"),
    ("│", "╎", "│", "|"),
    ("┃", "╏", "║", "|"),
    ("┊", "╎", ":", ":"),
    ("┤", "╎", "┤", "|"),
    ("├", "╎", "├", "|"),
    ("┼", "+", "┼", "+"),
    ("┬", "+", "┬", "+"),
    ("┴", "+", "┴", "+"),
    ("└", "+", "└", "+"),
    ("┘", "+", "┘", "+"),
    ("┌", "+", "┌", "+"),
    ("┐", "+", "┐", "+"),
    ("…", "⋯", "~", "~"),
    ("–", "-", "-", "-"),
    ("−", "−", "-", "-"),
    ("—", "-", "-", "-"),
    ("·", "∙", "·", "."),
    ("•", "⠶", "•", ":"),
    ("●", "◉", "•", "o"),
    ("◆", "♦", "♦", "d"),
    ("▲", "▴", "▲", "^"),
    ("■", "▪", "■", "#"),
    ("✚", "✚", "+", "+"),
    ("★", "✶", "*", "*"),
    ("▬", "▬", "▬", "@"),
    ("▼", "▾", "▼", "v"),
    ("□", "▫", "♣", "u"),
    ("▽", "▿", "♠", "y"),
    ("○", "◦", "○", "0"),
    ("◇", "◊", "x", "x"),
    ("△", "▵", "⌂", "%"),
    ("☆", "✧", "°", "*"),
    ("▸", "▸", "►", ">"),
    ("◂", "◂", "◄", "<"),
    ("▾", "▾", "▼", "v"),
    ("▴", "▴", "▲", "^"),
    ("»", "»", "»", "&"),
    ("✓", "✓", "√", "v"),
    ("⏎", "⏎", "<", "<"),
    ("→", ">", "→", ">"),
    ("←", "<", "←", "<"),
    ("↑", "^", "↑", "^"),
    ("↓", "v", "↓", "v"),
    ("≥", "≳", "≥", "?"),
    ("≤", "≲", "≤", "?"),
    ("≈", "~", "≈", "~"),
    ("×", "x", "x", "x"),
    ("±", "+", "±", "?"),
    ("∞", "^", "∞", "?"),
    ("η", "n", "n", "n"),
    ("χ", "x", "x", "x"),
    ("²", "2", "²", "2"),
    ("₁", "1", "1", "1"),
    ("₂", "2", "2", "2"),
    ("°", "^", "°", "^"),
    ("’", "'", "'", "'"),
    ("‘", "'", "'", "'"),
    ("“", "\"", "\"", "\""),
    ("”", "\"", "\"", "\""),
    ("ß", "s", "ß", "s"),
    ("€", "E", "E", "E"),
];

/// Signs that one letter of ASCII would turn into another meaning: the second letter takes the blank beside them.
const PAIRS: [(&str, [&str; 2]); 3] = [("≥", [">", "="]), ("≤", ["<", "="]), ("±", ["+", "-"])];

/// Spells every character of `area` with those that this terminal has.
pub fn spell(buf: &mut Buffer, area: Rect, look: &Look) {
    if matches!(look.glyphs, Glyphs::Braille | Glyphs::Blocks) {
        return;
    }
    let area = area.intersection(buf.area);
    if look.is_ascii() {
        area.positions().for_each(|position| spell_pair(buf, area, position));
    }
    for position in area.positions() {
        let cell = &mut buf[position];
        if !cell.symbol().is_ascii() {
            let spelled = spelling(cell.symbol(), look.glyphs);
            cell.set_symbol(&spelled);
        }
    }
}

/// `income ≥ 55` is `income >=55`: no column moves. Where no blank is beside the sign it stays for [`spelling`].
fn spell_pair(buf: &mut Buffer, area: Rect, at: Position) {
    let Some((_, letters)) = PAIRS.iter().find(|(sign, _)| *sign == buf[at].symbol()) else { return };
    let is_blank = |x: u16| (area.left()..area.right()).contains(&x) && buf[(x, at.y)].symbol() == " ";
    let from = match (is_blank(at.x + 1), at.x.checked_sub(1).filter(|before| is_blank(*before))) {
        (true, _) => at.x,
        (false, Some(before)) => before,
        (false, None) => return,
    };
    let style = buf[at].style();
    for (x, letter) in (from..).zip(letters) {
        buf[(x, at.y)].set_symbol(letter).set_style(style);
    }
}

/// How a sign is spelled; what has no spelling stays, but in ASCII, where it is `?`.
pub fn spelling(symbol: &str, glyphs: Glyphs) -> String {
    let known = SPELLINGS.iter().find(|(fancy, ..)| *fancy == symbol);
    let spelled = known.map(|&(fancy, narrow, console, ascii)| match glyphs {
        Glyphs::Braille | Glyphs::Blocks => fancy,
        Glyphs::Narrow => narrow,
        Glyphs::Console => console,
        Glyphs::Ascii => ascii,
    });
    match (spelled, glyphs) {
        (Some(spelled), _) => spelled.to_owned(),
        (None, Glyphs::Narrow) => without_accent(symbol).unwrap_or_else(|| symbol.to_owned()),
        (None, Glyphs::Ascii) => without_accent(symbol).unwrap_or_else(|| "?".to_owned()),
        (None, _) => symbol.to_owned(),
    }
}

/// The plain letter of `é` or `ą`.
fn without_accent(symbol: &str) -> Option<String> {
    symbol.nfd().next().filter(char::is_ascii).map(String::from)
}

/// The signs that the console has without a font of its own: those of the old PC (code page 437).
#[cfg(test)]
pub const CONSOLE: &str = "☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼⌂¢£¥₧ƒª°º¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙\
    ╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈∙·√ⁿ²■";

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Style;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn nothing_but_ascii_is_left_and_columns_stay() {
        let mut buf = Buffer::with_lines(["a≈1 ██▌ 顧客|"]);
        let look = Look { glyphs: Glyphs::Ascii, ..Look::default() };
        let area = buf.area;
        spell(&mut buf, area, &look);
        assert_eq!(buf, Buffer::with_lines(["a~1 ##= ? ? |"]));
        buf.set_string(0, 0, "é", Style::default());
        spell(&mut buf, area, &Look::default());
        assert_eq!(buf[(0, 0)].symbol(), "é");
    }

    #[test]
    fn no_sign_turns_into_another_meaning() {
        let look = Look { glyphs: Glyphs::Ascii, ..Look::default() };
        let spelled = |line: &str| {
            let mut buf = Buffer::with_lines([line]);
            let area = buf.area;
            spell(&mut buf, area, &look);
            buf.content.iter().map(|cell| cell.symbol()).collect::<String>()
        };
        assert_eq!(spelled("income ≥ 55 k$ and age ≤ 39"), "income >=55 k$ and age <=39");
        assert_eq!(spelled("beyond ±1.96, from ≥.85 on"), "beyond+-1.96, from>=.85 on");
        assert_eq!(spelled("income ≥…"), "income>=~");
        assert_eq!(spelled("≥ 顧客"), ">=? ? ");
        assert_eq!(spelled("a≥b"), "a?b", "what cannot be said is not said wrongly");
    }

    #[test]
    fn every_spelling_is_one_cell_that_its_terminals_have_and_is_spelled_so_again() {
        for (fancy, narrow, console, ascii) in SPELLINGS {
            assert!([fancy, narrow, console, ascii].iter().all(|sign| sign.width() == 1), "{fancy}");
            assert_eq!(narrow.width_cjk(), 1, "{fancy}");
            assert!(console.is_ascii() || CONSOLE.contains(console), "{fancy}");
            assert!(ascii.is_ascii(), "{fancy}");
            for (spelled, glyphs) in [(narrow, Glyphs::Narrow), (console, Glyphs::Console), (ascii, Glyphs::Ascii)] {
                assert_eq!(spelling(spelled, glyphs), **spelled, "{fancy}");
            }
        }
    }

    #[test]
    fn segments_stay_ten_signs_however_they_are_spelled() {
        for glyphs in [Glyphs::Braille, Glyphs::Narrow, Glyphs::Console, Glyphs::Ascii] {
            let look = Look { glyphs, ..Look::default() };
            let mut signs: Vec<String> = (1..=10).map(|number| spelling(look.glyph(number), glyphs)).collect();
            signs.sort();
            signs.dedup();
            assert_eq!(signs.len(), 10, "{glyphs:?}");
        }
    }

    #[test]
    fn no_segment_has_the_sign_of_something_else() {
        // What is advised and may be, roles, the marks of the best, of cursors and of what was seen to.
        const SIGNS: [&str; 12] = ["★", "☆", "○", "◇", "↑", "↓", "◂", "▸", "»", "✓", "!", "·"];
        for glyphs in [Glyphs::Braille, Glyphs::Narrow, Glyphs::Console, Glyphs::Ascii] {
            let look = Look { glyphs, ..Look::default() };
            let signs: Vec<String> = SIGNS.iter().map(|sign| spelling(sign, glyphs)).collect();
            for number in 1..=10 {
                let glyph = spelling(look.glyph(number), glyphs);
                assert!(!signs.contains(&glyph), "{glyph} of {number}, {glyphs:?}");
            }
        }
    }

    #[test]
    fn names_lose_their_accents_only_where_they_would_take_two_cells() {
        assert_eq!(spelling("é", Glyphs::Narrow), "e");
        assert_eq!(spelling("é", Glyphs::Console), "é");
        assert_eq!(spelling("à", Glyphs::Ascii), "a");
        assert_eq!(spelling("я", Glyphs::Narrow), "я");
        assert_eq!(spelling("顧", Glyphs::Narrow), "顧");
        assert_eq!(spelling("я", Glyphs::Ascii), "?");
    }
}
