//! The ASCII spelling of a finished picture: one character for each, so that no column moves.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::look::{Glyphs, Look};

const SPELLINGS: &[(&str, &str)] = &[
    ("█", "#"),
    ("▉", "#"),
    ("▊", "="),
    ("▋", "="),
    ("▌", "="),
    ("▍", "-"),
    ("▎", "-"),
    ("▏", "-"),
    ("▓", "#"),
    ("░", "."),
    ("▇", "%"),
    ("▆", "*"),
    ("▅", "+"),
    ("▄", "="),
    ("▃", "-"),
    ("▂", ","),
    ("▁", "_"),
    ("━", "="),
    ("╸", "-"),
    ("╺", "-"),
    ("─", "-"),
    ("│", "|"),
    ("┃", "|"),
    ("┤", "|"),
    ("├", "|"),
    ("┼", "+"),
    ("┬", "+"),
    ("┴", "+"),
    ("└", "+"),
    ("┘", "+"),
    ("┌", "+"),
    ("┐", "+"),
    ("…", "~"),
    ("–", "-"),
    ("−", "-"),
    ("—", "-"),
    ("·", "."),
    ("★", "*"),
    ("☆", "*"),
    ("▸", ">"),
    ("◂", "<"),
    ("▾", "v"),
    ("▴", "^"),
    ("▲", "^"),
    ("≥", ">"),
    ("≤", "<"),
    ("≈", "~"),
    ("×", "x"),
    ("η", "n"),
    ("²", "2"),
    ("±", "+"),
    ("‰", "%"),
    ("∞", "^"),
    ("✓", "v"),
    ("●", "o"),
    ("•", ":"),
    ("▒", "+"),
    ("◆", "d"),
    ("■", "#"),
    ("✚", "+"),
    ("▼", "v"),
    ("○", "0"),
    ("◇", "x"),
    ("△", "%"),
    ("┊", ":"),
    ("’", "'"),
    ("‘", "'"),
    ("“", "\""),
    ("”", "\""),
    ("→", ">"),
    ("←", "<"),
    ("↑", "^"),
    ("↓", "v"),
    ("⏎", "<"),
    ("╌", "-"),
    ("₁", "1"),
    ("₂", "2"),
    ("ä", "a"),
    ("ö", "o"),
    ("ü", "u"),
    ("ß", "s"),
    ("é", "e"),
    ("è", "e"),
    ("ç", "c"),
    ("ñ", "n"),
    ("€", "E"),
];

/// Where the look is ASCII, replaces every other character of `area` by its spelling, `?` where it has none.
pub fn spell(buf: &mut Buffer, area: Rect, look: &Look) {
    if look.glyphs != Glyphs::Ascii {
        return;
    }
    for position in area.intersection(buf.area).positions() {
        let cell = &mut buf[position];
        if !cell.symbol().is_ascii() {
            let spelled = spelling(cell.symbol());
            cell.set_symbol(spelled);
        }
    }
}

fn spelling(symbol: &str) -> &'static str {
    SPELLINGS.iter().find(|(fancy, _)| *fancy == symbol).map_or("?", |(_, plain)| plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Style;

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
}
