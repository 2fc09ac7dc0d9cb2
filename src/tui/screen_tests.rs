#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use ratatui::layout::Size;
use ratatui::style::{Color, Modifier, Style};

use super::*;

const LINES: Modifier = Modifier::UNDERLINED.union(Modifier::REVERSED);
const SIZE: Size = Size { width: 30, height: 5 };

fn empty() -> Buffer {
    Buffer::empty(Rect::new(0, 0, SIZE.width, SIZE.height))
}

/// A screen of this size that shows nothing, and a terminal that reads it.
fn fresh() -> (Screen<Vec<u8>>, vt100::Parser) {
    let mut screen = Screen::new(Vec::new());
    screen.shown = empty();
    let mut parser = vt100::Parser::new(SIZE.height, SIZE.width, 0);
    parser.process(HIDE_CURSOR);
    (screen, parser)
}

/// Shows a picture; the bytes.
fn shown(screen: &mut Screen<Vec<u8>>, picture: &Buffer, cursor: Option<(u16, u16)>) -> Vec<u8> {
    screen.show(picture, cursor.map(Position::from)).unwrap();
    std::mem::take(screen.out())
}

fn color(of: vt100::Color) -> Color {
    match of {
        vt100::Color::Default => Color::Reset,
        vt100::Color::Idx(index) => Color::Indexed(index),
        vt100::Color::Rgb(r, g, b) => Color::Rgb(r, g, b),
    }
}

/// What a terminal shows at a place, as a cell; the second half of a wide character has no text.
fn read(parser: &vt100::Parser, x: u16, y: u16) -> (String, Color, Color, Modifier) {
    let cell = parser.screen().cell(y, x).unwrap();
    let text = if cell.contents().is_empty() && !cell.is_wide_continuation() { " " } else { cell.contents() };
    let attributes = [
        (cell.bold(), Modifier::BOLD),
        (cell.dim(), Modifier::DIM),
        (cell.italic(), Modifier::ITALIC),
        (cell.underline(), Modifier::UNDERLINED),
        (cell.inverse(), Modifier::REVERSED),
    ];
    let attributes = attributes.iter().filter(|of| of.0).fold(Modifier::empty(), |all, of| all | of.1);
    (text.to_owned(), color(cell.fgcolor()), color(cell.bgcolor()), attributes)
}

fn numbered(color: Color) -> Color {
    let named = [Color::Red, Color::Gray, Color::DarkGray, Color::White];
    let index = [1, 7, 8, 15];
    named.iter().position(|of| *of == color).map_or(color, |place| Color::Indexed(index[place]))
}

/// Whether a terminal shows this picture.
fn assert_shows(parser: &vt100::Parser, picture: &Buffer) {
    for y in 0..SIZE.height {
        let mut x = 0;
        while x < SIZE.width {
            let cell = seen(picture, x, y);
            let wanted = (cell.symbol().to_owned(), numbered(cell.fg), numbered(cell.bg), cell.modifier);
            let (text, fg, bg, attributes) = read(parser, x, y);
            // Nothing but its ground is seen of a blank.
            let is = if pen::is_ground(&cell) {
                (text, wanted.1, bg, wanted.3 | (attributes & LINES))
            } else {
                (text, fg, bg, attributes)
            };
            assert_eq!(is, wanted, "{x},{y} of\n{picture:?}");
            x += if cell.symbol() == "漢" { 2 } else { 1 };
        }
    }
}

fn style() -> impl Strategy<Value = Style> {
    let colors = [
        Color::Reset,
        Color::Red,
        Color::Gray,
        Color::DarkGray,
        Color::White,
        Color::Indexed(26),
        Color::Rgb(1, 22, 133),
    ];
    let attributes =
        [Modifier::BOLD, Modifier::DIM, Modifier::ITALIC, Modifier::UNDERLINED, Modifier::REVERSED].to_vec();
    let both = Modifier::BOLD | Modifier::DIM;
    let colors = || prop::sample::select(colors.to_vec());
    (colors(), colors(), prop::sample::subsequence(attributes, 0..=3)).prop_map(move |(fg, bg, attributes)| {
        let all = attributes.into_iter().fold(Modifier::empty(), |all, attribute| all | attribute);
        // The reading terminal knows one of the two at a time.
        Style::reset().fg(fg).bg(bg).add_modifier(if all.contains(both) { all - Modifier::DIM } else { all })
    })
}

/// Words written over what stood there.
fn strokes() -> impl Strategy<Value = Vec<(u16, u16, String, Style)>> {
    let word =
        prop::sample::select(vec!["a", "some words", "   ", "────", "█▉▍", "⣿⠁", "漢漢", "é", "                    "]);
    prop::collection::vec((0..SIZE.width, 0..SIZE.height, word.prop_map(str::to_owned), style()), 0..12)
}

proptest! {
    #[test]
    fn a_terminal_shows_every_picture(
        pictures in prop::collection::vec((strokes(), any::<bool>(), prop::option::of((0..SIZE.width, 0..SIZE.height))), 1..6)
    ) {
        let (mut screen, mut parser) = fresh();
        let mut last = empty();
        for (strokes, anew, cursor) in pictures {
            let mut next = if anew { empty() } else { last.clone() };
            for (x, y, word, style) in strokes {
                next.set_string(x, y, word, style);
            }
            parser.process(&shown(&mut screen, &next, cursor));
            assert_shows(&parser, &next);
            prop_assert_eq!(parser.screen().hide_cursor(), cursor.is_none());
            if let Some((x, y)) = cursor {
                prop_assert_eq!(parser.screen().cursor_position(), (y, x));
            }
            last = next;
        }
    }
}

#[test]
fn what_does_not_change_costs_nothing() {
    let (mut screen, mut parser) = fresh();
    let mut picture = empty();
    picture.set_string(0, 0, "▸ k-means k=5", Style::new().fg(Color::Indexed(26)));
    let first = shown(&mut screen, &picture, None);
    parser.process(&first);
    assert_shows(&parser, &picture);
    assert!(shown(&mut screen, &picture, None).is_empty());
}

#[test]
fn a_moved_mark_is_a_few_bytes() {
    let (mut screen, _) = fresh();
    let marked = |row: u16| {
        let mut picture = empty();
        (0..SIZE.height).for_each(|y| picture.set_string(2, y, "k-means k=5", Style::new()));
        picture.set_string(0, row, "▸", Style::new().fg(Color::Indexed(26)).add_modifier(Modifier::BOLD));
        picture
    };
    shown(&mut screen, &marked(1), None);
    let bytes = shown(&mut screen, &marked(2), None);
    assert_eq!(String::from_utf8(bytes).unwrap(), "\x1b[?2026h\x1b[2H \x1b[3H\x1b[1;38;5;26m▸\x1b[?2026l");
}

#[test]
fn what_stands_over_half_a_wide_character_is_seen_whole() {
    let (mut screen, mut parser) = fresh();
    let mut picture = empty();
    picture.set_string(3, 1, "漢字", Style::new());
    parser.process(&shown(&mut screen, &picture, None));
    picture.set_string(6, 1, "│ box", Style::new());
    parser.process(&shown(&mut screen, &picture, None));
    assert_eq!(parser.screen().rows(0, SIZE.width).nth(1).unwrap().trim_end(), "   漢 │ box");
}
