//! Colours and attributes as the terminal has them, changed in as few bytes as it takes.

use std::fmt::Write as _;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use super::ink::ANSI;

/// Attributes: the code that sets each and the one that takes it away. Bold and dim go together.
const ATTRIBUTES: [(Modifier, &str, &str); 6] = [
    (Modifier::BOLD, "1", "22"),
    (Modifier::DIM, "2", "22"),
    (Modifier::ITALIC, "3", "23"),
    (Modifier::UNDERLINED, "4", "24"),
    (Modifier::REVERSED, "7", "27"),
    (Modifier::CROSSED_OUT, "9", "29"),
];

/// What is seen of a blank, beside its ground.
const LINES: Modifier = Modifier::UNDERLINED.union(Modifier::REVERSED).union(Modifier::CROSSED_OUT);

/// Whether nothing is seen of a cell but its ground: it has neither a colour of its own nor weight.
pub fn is_ground(cell: &Cell) -> bool {
    cell.symbol() == " " && !cell.modifier.intersects(LINES)
}

/// What is written next looks so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pen {
    fg: Color,
    bg: Color,
    attributes: Modifier,
}

impl Pen {
    fn of(cell: &Cell) -> Self {
        let known = ATTRIBUTES.iter().fold(Modifier::empty(), |all, (attribute, ..)| all | *attribute);
        Self { fg: cell.fg, bg: cell.bg, attributes: cell.modifier & known }
    }

    /// Whether a cell looks so.
    pub fn is(&self, cell: &Cell) -> bool {
        let of = Self::of(cell);
        *self == of || (is_ground(cell) && self.bg == of.bg && !self.attributes.intersects(LINES))
    }

    /// Makes the terminal write as this cell looks.
    pub fn take(&mut self, cell: &Cell, out: &mut Vec<u8>) {
        if !self.is(cell) {
            self.turn_into(Self::of(cell), out);
        }
    }

    /// Makes the terminal write plainly.
    pub fn plain(&mut self, out: &mut Vec<u8>) {
        self.turn_into(Self::default(), out);
    }

    fn turn_into(&mut self, wanted: Self, out: &mut Vec<u8>) {
        if *self == wanted {
            return;
        }
        let changed = wanted.codes_from(self);
        let mut anew = wanted.codes_from(&Self::default());
        // An empty list takes everything away, as 0 does.
        anew.insert_str(0, if anew.is_empty() { "" } else { "0;" });
        let codes = if anew.len() < changed.len() { anew } else { changed };
        out.extend_from_slice(b"\x1b[");
        out.extend_from_slice(codes.as_bytes());
        out.push(b'm');
        *self = wanted;
    }

    /// The codes that make this of another, with `;` between.
    fn codes_from(&self, other: &Self) -> String {
        let mut codes = Vec::new();
        let gone = other.attributes - self.attributes;
        let both = Modifier::BOLD | Modifier::DIM;
        // What takes bold away takes dim away too.
        let kept = if gone.intersects(both) { other.attributes - both } else { other.attributes & self.attributes };
        for (attribute, _, off) in ATTRIBUTES {
            if gone.contains(attribute) && codes.last().map(String::as_str) != Some(off) {
                codes.push(off.to_owned());
            }
        }
        for (attribute, on, _) in ATTRIBUTES {
            if self.attributes.contains(attribute) && !kept.contains(attribute) {
                codes.push(on.to_owned());
            }
        }
        if self.fg != other.fg {
            codes.push(color(self.fg, 30));
        }
        if self.bg != other.bg {
            codes.push(color(self.bg, 40));
        }
        codes.join(";")
    }
}

/// The code of a colour; `base` is 30 for the text, 40 for its ground.
fn color(color: Color, base: u8) -> String {
    let mut code = String::new();
    // Writing into memory does not fail.
    let _ = match color {
        Color::Reset => write!(code, "{}", base + 9),
        Color::Rgb(r, g, b) => write!(code, "{};2;{r};{g};{b}", base + 8),
        Color::Indexed(index) => write!(code, "{};5;{index}", base + 8),
        named => match ANSI.iter().position(|of| *of == named) {
            Some(place @ 0..8) => write!(code, "{}", base + place as u8),
            Some(place) => write!(code, "{}", base + 52 + place as u8),
            None => write!(code, "{}", base + 9),
        },
    };
    code
}
