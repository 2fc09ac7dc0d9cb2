//! Other spellings of a finished picture, where the terminal shows some signs wide or not at all: one character for
//! each, so that no column moves.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
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
    ("▼", "▾", "▼", "v"),
    ("○", "◦", "○", "0"),
    ("◇", "◊", "x", "x"),
    ("△", "▵", "⌂", "%"),
    ("☆", "✧", "°", "*"),
    ("▸", "▸", "►", ">"),
    ("◂", "◂", "◄", "<"),
    ("▾", "▾", "▼", "v"),
    ("▴", "▴", "▲", "^"),
    ("✓", "✓", "√", "v"),
    ("⏎", "⏎", "<", "<"),
    ("→", ">", "→", ">"),
    ("←", "<", "←", "<"),
    ("↑", "^", "↑", "^"),
    ("↓", "v", "↓", "v"),
    ("≥", "≳", "≥", ">"),
    ("≤", "≲", "≤", "<"),
    ("≈", "~", "≈", "~"),
    ("×", "x", "x", "x"),
    ("±", "+", "±", "+"),
    ("∞", "^", "∞", "^"),
    ("‰", "%", "%", "%"),
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

/// Spells every character of `area` with those that this terminal has.
pub fn spell(buf: &mut Buffer, area: Rect, look: &Look) {
    if matches!(look.glyphs, Glyphs::Braille | Glyphs::Blocks) {
        return;
    }
    for position in area.intersection(buf.area).positions() {
        let cell = &mut buf[position];
        if !cell.symbol().is_ascii() {
            let spelled = spelling(cell.symbol(), look.glyphs);
            cell.set_symbol(&spelled);
        }
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
        let mut buf = Buffer::with_lines(["a≥1 ██▌ 顧客|"]);
        let look = Look { glyphs: Glyphs::Ascii, ..Look::default() };
        let area = buf.area;
        spell(&mut buf, area, &look);
        assert_eq!(buf, Buffer::with_lines(["a>1 ##= ? ? |"]));
        buf.set_string(0, 0, "é", Style::default());
        spell(&mut buf, area, &Look::default());
        assert_eq!(buf[(0, 0)].symbol(), "é");
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
    fn names_lose_their_accents_only_where_they_would_take_two_cells() {
        assert_eq!(spelling("é", Glyphs::Narrow), "e");
        assert_eq!(spelling("é", Glyphs::Console), "é");
        assert_eq!(spelling("à", Glyphs::Ascii), "a");
        assert_eq!(spelling("я", Glyphs::Narrow), "я");
        assert_eq!(spelling("顧", Glyphs::Narrow), "顧");
        assert_eq!(spelling("я", Glyphs::Ascii), "?");
    }
}
