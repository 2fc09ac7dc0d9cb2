//! A screen as SVG: words as text, bars, lines and dots as shapes, so that no font moves them.

use std::collections::BTreeMap;
use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

/// Pixels of a cell.
const WIDE: f32 = 8.0;
const HIGH: f32 = 16.0;
/// Pixels around the screen.
const MARGIN: f32 = 12.0;
/// The dots of a Braille cell, bit by bit: column and row.
const DOTS: [(u8, u8); 8] = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)];

/// From left, top to right, bottom, in pixels of the picture.
type Block = [f32; 4];

/// What a cell is painted with.
#[derive(Clone, PartialEq)]
struct Paint {
    ink: String,
    ground: String,
    weights: Modifier,
}

/// Shapes by colour and tenths of opacity.
#[derive(Default)]
struct Shapes(BTreeMap<(String, u8), Vec<Block>>);

impl Shapes {
    /// Adds a shape; one that goes on where the last ended makes it longer.
    fn push(&mut self, colour: &str, opacity: u8, block: Block) {
        let blocks = self.0.entry((colour.to_owned(), opacity)).or_default();
        match blocks.last_mut() {
            Some(last) if last[2] == block[0] && (last[1], last[3]) == (block[1], block[3]) => last[2] = block[2],
            _ => blocks.push(block),
        }
    }

    fn write(&self, to: &mut String) {
        for ((colour, opacity), blocks) in &self.0 {
            let opacity = if *opacity < 10 { format!(" opacity=\".{opacity}\"") } else { String::new() };
            let path = |[left, top, right, bottom]: &Block| {
                let (wide, high) = (right - left, bottom - top);
                format!("M{left} {top}h{wide}v{high}h-{wide}z")
            };
            let paths: String = blocks.iter().map(path).collect();
            let _ = writeln!(to, "<path fill=\"{colour}\"{opacity} d=\"{paths}\"/>");
        }
    }
}

/// The picture of a screen that a theme paints wholly.
pub fn svg(title: &str, buf: &Buffer) -> String {
    let (wide, high) = (f32::from(buf.area.width) * WIDE, f32::from(buf.area.height) * HIGH);
    let plain = paint(&buf[(0, buf.area.height - 1)]);
    let (mut grounds, mut shapes, mut words) = (Shapes::default(), Shapes::default(), String::new());
    for y in 0..buf.area.height {
        for x in 0..buf.area.width {
            let (cell, at) = (&buf[(x, y)], (f32::from(x) * WIDE, f32::from(y) * HIGH));
            let paint = paint(cell);
            if paint.ground != plain.ground {
                grounds.push(&paint.ground, 10, [at.0, at.1, at.0 + WIDE, at.1 + HIGH]);
            }
            for (opacity, block) in blocks(cell.symbol()).unwrap_or_default() {
                let faint = if paint.weights.contains(Modifier::DIM) { 6 } else { 10 };
                let block = [at.0 + block[0], at.1 + block[1], at.0 + block[2], at.1 + block[3]];
                shapes.push(&paint.ink, opacity.min(faint), block);
            }
        }
        row(buf, y, &mut words);
    }
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-{MARGIN} -{MARGIN} {} {}\" font-size=\"13.2\" \
         font-family=\"'DejaVu Sans Mono',Menlo,Consolas,monospace\" xml:space=\"preserve\">\n<title>{title}</title>\n\
         <rect x=\"-{MARGIN}\" y=\"-{MARGIN}\" width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{}\"/>\n",
        wide + 2.0 * MARGIN,
        high + 2.0 * MARGIN,
        plain.ground
    );
    grounds.write(&mut svg);
    shapes.write(&mut svg);
    svg + &words + "</svg>\n"
}

/// The words of a row: a piece for each change of paint and each gap.
fn row(buf: &Buffer, y: u16, to: &mut String) {
    let mut x = 0;
    while x < buf.area.width {
        let from = x;
        let of = paint(&buf[(x, y)]);
        let mut piece = String::new();
        while x < buf.area.width && paint(&buf[(x, y)]) == of && is_word(buf, x, y) {
            piece += buf[(x, y)].symbol();
            x += 1;
        }
        let piece = piece.trim_end();
        if piece.is_empty() {
            x = x.max(from + 1);
        } else {
            word(piece, (f32::from(from) * WIDE, f32::from(y) * HIGH + 12.0), &of, to);
        }
    }
}

/// Whether text stands there, or one blank between two words.
fn is_word(buf: &Buffer, x: u16, y: u16) -> bool {
    let is_text = |x: u16| {
        let symbol = buf.cell((x, y)).map_or(" ", Cell::symbol);
        symbol != " " && blocks(symbol).is_none()
    };
    is_text(x) || (x > 0 && is_text(x - 1) && is_text(x + 1))
}

fn word(piece: &str, (x, y): (f32, f32), of: &Paint, to: &mut String) {
    let length = piece.chars().count() as f32 * WIDE;
    let weights = [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::DIM, " opacity=\".6\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
    ];
    let weights: String =
        weights.iter().filter(|(weight, _)| of.weights.contains(*weight)).map(|(_, words)| *words).collect();
    let piece = piece.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let _ =
        writeln!(to, "<text x=\"{x}\" y=\"{y}\" textLength=\"{length}\" fill=\"{}\"{weights}>{piece}</text>", of.ink);
}

fn paint(cell: &Cell) -> Paint {
    let (mut ink, mut ground) = (hex(cell.fg), hex(cell.bg));
    if cell.modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut ink, &mut ground);
    }
    Paint { ink, ground, weights: cell.modifier }
}

fn hex(color: Color) -> String {
    match color {
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        other => panic!("{other} in a theme that paints everything"),
    }
}

/// What a sign that is no letter looks like within its cell; `None` of all that is text.
fn blocks(symbol: &str) -> Option<Vec<(u8, Block)>> {
    let char = symbol.chars().next()?;
    let full = |opacity| Some(vec![(opacity, [0.0, 0.0, WIDE, HIGH])]);
    match char {
        '▁'..='█' => Some(vec![(10, [0.0, HIGH - 2.0 * (f32::from(char as u16 - 0x2580)), WIDE, HIGH])]),
        '▉'..='▏' => Some(vec![(10, [0.0, 0.0, f32::from(0x2590 - char as u16), HIGH])]),
        '▐' => Some(vec![(10, [4.0, 0.0, WIDE, HIGH])]),
        '░' => full(2),
        '▒' => full(4),
        '▓' => full(7),
        '\u{2800}'..='\u{28ff}' => Some(dots(char as u32 - 0x2800)),
        _ => lines(char).map(|lines| lines.into_iter().map(|line| (10, line)).collect()),
    }
}

fn dots(bits: u32) -> Vec<(u8, Block)> {
    let set = DOTS.iter().enumerate().filter(|(bit, _)| bits & (1 << bit) != 0);
    let dot = |(_, &(x, y)): (usize, &(u8, u8))| {
        let (left, top) = (1.0 + 4.0 * f32::from(x), 1.0 + 4.0 * f32::from(y));
        (10, [left, top, left + 2.0, top + 2.0])
    };
    set.map(dot).collect()
}

/// Lines as they meet in a cell.
fn lines(char: char) -> Option<Vec<Block>> {
    let (middle, centre) = (HIGH / 2.0, WIDE / 2.0);
    let across = |from: f32, to: f32, half: f32| [from, middle - half, to, middle + half];
    let down = |from: f32, to: f32, half: f32| [centre - half, from, centre + half, to];
    let (west, east) = (across(0.0, centre, 0.5), across(centre, WIDE, 0.5));
    let (north, south) = (down(0.0, middle, 0.5), down(middle, HIGH, 0.5));
    Some(match char {
        '─' => vec![across(0.0, WIDE, 0.5)],
        '│' => vec![down(0.0, HIGH, 0.5)],
        '━' => vec![across(0.0, WIDE, 1.5)],
        '┃' => vec![down(0.0, HIGH, 1.5)],
        '╸' => vec![across(0.0, centre, 1.5)],
        '╺' => vec![across(centre, WIDE, 1.5)],
        '╌' => vec![across(1.0, 3.0, 0.5), across(5.0, 7.0, 0.5)],
        '┊' => [1.0, 5.0, 9.0, 13.0].map(|top| down(top, top + 2.0, 0.5)).to_vec(),
        '┌' => vec![east, south],
        '┐' => vec![west, south],
        '└' => vec![north, east],
        '┘' => vec![west, north],
        '├' => vec![north, south, east],
        '┤' => vec![west, north, south],
        '┬' => vec![west, east, south],
        '┴' => vec![west, north, east],
        '┼' => vec![west, north, south, east],
        _ => return None,
    })
}
