//! How things look: the theme resolved for this terminal. Panes ask for styles by role, never for colours.

use ratatui::style::{Color, Modifier, Style};

/// How many colours the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Depth {
    /// No colour at all (`NO_COLOR`): weight and reverse carry everything.
    Mono,
    /// The sixteen colours of the terminal's own palette.
    #[default]
    Ansi16,
    /// 256 colours.
    Ansi256,
    /// 24 bits.
    True,
}

/// Which characters plots are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Glyphs {
    /// Braille dots and eighth blocks.
    #[default]
    Braille,
    /// Half and eighth blocks.
    Blocks,
    /// ASCII only: no character above 127 anywhere on the screen.
    Ascii,
}

/// The styles of this terminal.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// How many colours there are.
    pub depth: Depth,
    /// Which characters there are.
    pub glyphs: Glyphs,
}

const SEGMENT_GLYPHS: [&str; 10] = ["●", "◆", "▲", "■", "✚", "★", "▼", "○", "◇", "△"];
const SEGMENT_ASCII: [&str; 10] = ["o", "d", "^", "#", "+", "*", "v", "0", "x", "%"];
const SEGMENT_COLORS: [Color; 6] = [Color::Blue, Color::Green, Color::Yellow, Color::Magenta, Color::Cyan, Color::Red];

impl Look {
    /// Plain text.
    pub fn text(&self) -> Style {
        Style::default()
    }

    /// What matters less.
    pub fn dim(&self) -> Style {
        Style::default().add_modifier(Modifier::DIM)
    }

    /// Headings, the best value of a column, the star's line.
    pub fn strong(&self) -> Style {
        Style::default().add_modifier(Modifier::BOLD)
    }

    /// Keys in footers and hints.
    pub fn key(&self) -> Style {
        self.colour(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// Rules between panes, axes.
    pub fn rule(&self) -> Style {
        self.dim()
    }

    /// The selected tab, the cursor's row.
    pub fn selected(&self) -> Style {
        Style::default().add_modifier(Modifier::REVERSED)
    }

    /// What wants a word.
    pub fn warning(&self) -> Style {
        self.colour(Color::Yellow)
    }

    /// What went wrong.
    pub fn error(&self) -> Style {
        self.colour(Color::Red)
    }

    /// What went well.
    pub fn good(&self) -> Style {
        self.colour(Color::Green)
    }

    /// Bars that carry no segment.
    pub fn bar(&self) -> Style {
        self.colour(Color::Blue)
    }

    /// A cell of a heat map, `value` in [−1, 1].
    pub fn heat(&self, value: f64) -> Style {
        match value {
            value if value >= 0.5 => self.colour(Color::Red).add_modifier(Modifier::BOLD),
            value if value > 0.0 => self.colour(Color::Red),
            value if value <= -0.5 => self.colour(Color::Blue).add_modifier(Modifier::BOLD),
            _ => self.colour(Color::Blue),
        }
    }

    /// The colour of segment `number` (0: unassigned).
    pub fn segment(&self, number: u32) -> Style {
        match (number as usize).checked_sub(1) {
            None => self.dim(),
            Some(index) => self.colour(SEGMENT_COLORS[index % SEGMENT_COLORS.len()]),
        }
    }

    /// The glyph of segment `number` (0: unassigned), one cell wide.
    pub fn glyph(&self, number: u32) -> &'static str {
        let (set, none) = if self.glyphs == Glyphs::Ascii { (&SEGMENT_ASCII, ".") } else { (&SEGMENT_GLYPHS, "·") };
        (number as usize).checked_sub(1).map_or(none, |index| set[index % set.len()])
    }

    /// One of two spellings of the same sign: `▸` or `>`.
    pub fn sign(&self, fancy: &'static str, ascii: &'static str) -> &'static str {
        if self.glyphs == Glyphs::Ascii { ascii } else { fancy }
    }

    fn colour(&self, color: Color) -> Style {
        if self.depth == Depth::Mono { Style::default() } else { Style::default().fg(color) }
    }
}
