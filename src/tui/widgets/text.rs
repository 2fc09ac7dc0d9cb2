//! Text that fits its cells.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Clear, Widget};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::tui::look::Look;

/// A piece of a line with its style.
pub type Span<'a> = (&'a str, Style);

/// The cells that a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text with control characters and marks that turn the writing direction made visible as `·`: what stands in
/// a file must not drive the terminal.
pub fn clean(text: &str) -> String {
    text.chars().map(|char| if is_unsafe(char) { '·' } else { char }).collect()
}

fn is_unsafe(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The text cleaned and cut to at most `cells` cells; what was cut off is marked by `…`.
pub fn fit(text: &str, cells: usize) -> String {
    let text = clean(text);
    if width(&text) <= cells {
        return text;
    }
    let (mut kept, mut used) = (String::new(), 0);
    for char in text.chars() {
        used += char.width().unwrap_or(0);
        if used + 1 > cells {
            break;
        }
        kept.push(char);
    }
    if cells > 0 {
        kept.truncate(kept.trim_end().len());
        kept.push('…');
    }
    kept
}

/// The text, or as much of it as fits up to one of `ends`: less, but whole. `None` where not even that fits.
pub fn beginning<'a>(text: &'a str, cells: usize, ends: &[&str]) -> Option<&'a str> {
    let whole = std::iter::once(text.len());
    let ends = whole.chain(ends.iter().flat_map(|end| text.match_indices(end).map(|(at, _)| at)));
    ends.filter(|&end| end > 0 && width(&text[..end]) <= cells).max().map(|end| &text[..end])
}

/// Fitted, with blanks behind it up to `cells`.
pub fn left(text: &str, cells: usize) -> String {
    let text = fit(text, cells);
    let blanks = cells - width(&text).min(cells);
    text + &" ".repeat(blanks)
}

/// Fitted, with blanks before it up to `cells`.
pub fn right(text: &str, cells: usize) -> String {
    let text = fit(text, cells);
    " ".repeat(cells - width(&text).min(cells)) + &text
}

/// Takes away what stands in `area`; the ground stays the theme's.
pub fn clear(buf: &mut Buffer, area: Rect, look: &Look) {
    Clear.render(area, buf);
    buf.set_style(area.intersection(buf.area), look.text());
}

/// Writes a text at (x, y), fitted to `cells` cells and to the buffer.
pub fn put(buf: &mut Buffer, x: u16, y: u16, cells: u16, text: &str, style: Style) {
    let area = buf.area;
    if y < area.top() || y >= area.bottom() || x >= area.right() {
        return;
    }
    let cells = cells.min(area.right() - x) as usize;
    buf.set_stringn(x, y, fit(text, cells), cells, style);
}

/// Writes a text so that it ends at the right edge of the line `row` of `area`.
pub fn put_right(buf: &mut Buffer, area: Rect, row: u16, text: &str, style: Style) {
    let cells = u16::try_from(width(text)).unwrap_or(u16::MAX).min(area.width);
    put(buf, area.right() - cells, area.y + row, cells, text, style);
}

/// Writes spans one after the other; the one that does not fit is cut, those behind it are left out, and `…` says so.
/// Returns the column behind the last.
pub fn put_spans(buf: &mut Buffer, x: u16, y: u16, cells: u16, spans: &[Span]) -> u16 {
    let (mut at, end) = (x, x.saturating_add(cells));
    for (text, style) in spans {
        let room = end.saturating_sub(at);
        let wide = u16::try_from(width(&clean(text))).unwrap_or(u16::MAX);
        match (room, text.trim().is_empty()) {
            (_, true) => put(buf, at, y, room, &" ".repeat(wide.min(room) as usize), *style),
            (0, false) if cells > 0 => {
                put(buf, end - 1, y, 1, "…", *style);
                return end;
            }
            (_, false) => put(buf, at, y, room, text, *style),
        }
        if wide > room && !text.trim().is_empty() {
            return end;
        }
        at += wide.min(room);
    }
    at
}

/// Breaks a text into lines of at most `cells` cells, at blanks where there are any; a number keeps its %.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let text = clean(text);
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match words.last_mut().filter(|_| word.starts_with('%')) {
            Some(number) => *number += &format!(" {word}"),
            None => words.push(word.to_owned()),
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(&word) <= cells => *line += &format!(" {word}"),
            _ => lines.extend(pieces(&word, cells)),
        }
    }
    lines
}

/// The same on at most `most` lines, the last of which is cut where more is left.
pub fn lines(text: &str, cells: usize, most: usize) -> Vec<String> {
    cut(wrap(text, cells), most, cells).0
}

/// At most `most` of these lines, the last one with all that is left, fitted; whether they are all.
pub fn cut(mut lines: Vec<String>, most: usize, cells: usize) -> (Vec<String>, bool) {
    let is_all = lines.len() <= most;
    if !is_all {
        let rest = lines.split_off(most.saturating_sub(1)).join(" ");
        lines.extend((most > 0).then(|| fit(&rest, cells)));
    }
    (lines, is_all)
}

/// A word in pieces that fit a line.
fn pieces(word: &str, cells: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for char in word.chars() {
        let room = cells.max(2).saturating_sub(pieces.last().map_or(0, |piece| width(piece)));
        if char.width().unwrap_or(0) > room {
            pieces.push(String::new());
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(char);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(fit("spending", 8), "spending");
        assert_eq!(fit("spending", 5), "spen…");
        assert_eq!(fit("spending", 1), "…");
        assert_eq!(fit("spending", 0), "");
        assert_eq!(right("7", 3), "  7");
        assert_eq!(left("é", 3), "é  ");
    }

    #[test]
    fn what_is_left_out_at_the_end_of_a_clause_leaves_it_whole() {
        let words = "one, two: three; four";
        assert_eq!(beginning(words, 21, &[": "]), Some(words));
        assert_eq!(beginning(words, 20, &[": ", "; "]), Some("one, two: three"));
        assert_eq!(beginning(words, 14, &[": ", "; "]), Some("one, two"));
        assert_eq!(beginning(words, 7, &[": ", "; "]), None);
        assert_eq!(beginning(words, 7, &[", "]), Some("one"));
    }

    #[test]
    fn a_number_keeps_its_percent_sign() {
        assert_eq!(wrap("all of 46.7 % (half)", 12), ["all of", "46.7 %", "(half)"]);
        assert_eq!(wrap("% of all", 4), ["% of", "all"]);
    }

    #[test]
    fn a_text_is_cut_at_the_end_of_its_last_line() {
        assert_eq!(lines("one two three", 7, 3), ["one two", "three"]);
        assert_eq!(lines("one two three four", 7, 2), ["one two", "three…"]);
        assert_eq!(lines("one two three", 7, 1), ["one tw…"]);
        assert!(lines("one", 7, 0).is_empty());
    }

    #[test]
    fn spans_that_are_left_out_are_not_silent() {
        let line = |cells, spans: &[&str]| {
            let mut buf = Buffer::empty(Rect::new(0, 0, 8, 1));
            let spans: Vec<Span> = spans.iter().map(|text| (*text, Style::default())).collect();
            let at = put_spans(&mut buf, 0, 0, cells, &spans);
            ((0..8).map(|x| buf[(x, 0)].symbol()).collect::<String>().trim_end().to_owned(), at)
        };
        assert_eq!(line(8, &["gaps", " ", "0", "  "]), ("gaps 0".into(), 8));
        assert_eq!(line(6, &["gaps", " ", "0", "  "]), ("gaps 0".into(), 6));
        assert_eq!(line(5, &["gaps", " ", "0"]), ("gaps…".into(), 5));
        assert_eq!(line(4, &["gaps", " ", "0"]), ("gap…".into(), 4));
        assert_eq!(line(3, &["gaps", " ", "0"]), ("ga…".into(), 3));
        assert_eq!(line(0, &["gaps"]), (String::new(), 0));
    }

    #[test]
    fn no_line_is_wider_than_its_cells() {
        assert_eq!(wrap("of a word-that-is-long, cut", 7), ["of a", "word-th", "at-is-l", "ong,", "cut"]);
        for cells in 2..40 {
            let lines =
                wrap("Bought lately: 顧客分析 and a_column_whose_name_is_very_long_indeed (everyone: 3)", cells);
            assert!(lines.iter().all(|line| width(line) <= cells), "{cells}: {lines:?}");
        }
    }

    #[test]
    fn wide_characters_take_two_cells() {
        assert_eq!(fit("顧客分析", 5), "顧客…");
        assert_eq!(width(&left("顧客分析", 6)), 6);
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        assert_eq!(fit("a\x1b[31mb\n\u{202e}c", 20), "a·[31mb··c");
    }

    #[test]
    fn long_sentences_are_broken_at_blanks() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert!(wrap("", 7).is_empty());
    }

    #[test]
    fn text_outside_the_buffer_is_no_error() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 4, 1));
        put(&mut buf, 2, 0, 9, "abc", Style::default());
        put(&mut buf, 9, 0, 9, "abc", Style::default());
        put(&mut buf, 0, 3, 9, "abc", Style::default());
        assert_eq!(buf, Buffer::with_lines(["  a…"]));
    }
}
