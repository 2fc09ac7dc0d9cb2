//! How things look: the theme resolved for this terminal. Panes ask for styles by role, never for colours.

use ratatui::style::{Color, Modifier, Style};

use super::ink;
use crate::config::{Paint, Role, Theme};

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
    /// None that terminals with East-Asian widths show two cells wide: Braille dots for bars, dashes for lines.
    Narrow,
    /// Those of the Linux console's font: lines, half blocks, shades.
    Console,
    /// ASCII only: no character above 127 anywhere on the screen.
    Ascii,
}

/// The styles of this terminal.
#[derive(Debug, Clone)]
pub struct Look {
    /// How many colours there are.
    pub depth: Depth,
    /// Which characters there are.
    pub glyphs: Glyphs,
    pub(super) roles: [Style; Role::ALL.len()],
    pub(super) segments: Vec<Style>,
    pub(super) cold: Vec<Style>,
    pub(super) hot: Vec<Style>,
}

/// None of them is a sign of its own elsewhere: not the star of what is advised, not a role's, not a mark's.
const SEGMENT_GLYPHS: [&str; 10] = ["●", "◆", "▲", "■", "✚", "▬", "▼", "□", "▽", "△"];
const SEGMENT_ASCII: [&str; 10] = ["o", "d", "A", "#", "+", "@", "V", "u", "y", "%"];

impl Default for Look {
    fn default() -> Self {
        Self::plain(Depth::default(), Glyphs::default())
    }
}

impl Look {
    /// The theme on a terminal with this many colours and these characters.
    pub fn new(theme: &Theme, depth: Depth, glyphs: Glyphs) -> Self {
        let ground = theme.paint(Role::Text).bg;
        let style = |paint: &Paint| style(*paint, ground, depth);
        let mut roles = Role::ALL.map(|(_, role)| style(&theme.paint(role)));
        let (warning, error) = (roles[Role::Warning as usize].fg, &mut roles[Role::Error as usize].fg);
        // Where both are nearest to one of the sixteen, red is for what went wrong.
        if depth == Depth::Ansi16 && warning == *error {
            *error = Some(Color::LightRed);
        }
        Self {
            depth,
            glyphs,
            roles,
            segments: apart(theme, depth),
            cold: theme.cold.iter().map(style).collect(),
            hot: theme.hot.iter().map(style).collect(),
        }
    }

    /// The theme of the terminal's own sixteen colours.
    pub fn plain(depth: Depth, glyphs: Glyphs) -> Self {
        // The embedded themes parse (a test holds it); without one everything is plain text.
        match Theme::load("ansi", None) {
            Ok(read) => Self::new(&read.value, depth, glyphs),
            Err(_) => Self {
                depth,
                glyphs,
                roles: [Style::default(); Role::ALL.len()],
                segments: Vec::new(),
                cold: Vec::new(),
                hot: Vec::new(),
            },
        }
    }

    fn role(&self, role: Role) -> Style {
        self.roles[role as usize]
    }

    /// Plain text, and the ground of the screen.
    pub fn text(&self) -> Style {
        self.role(Role::Text)
    }

    /// What matters less.
    pub fn dim(&self) -> Style {
        self.role(Role::Dim)
    }

    /// Headings, the best value of a column, the star's line.
    pub fn strong(&self) -> Style {
        self.role(Role::Strong)
    }

    /// The answer that heads a screen.
    pub fn title(&self) -> Style {
        self.role(Role::Title)
    }

    /// Keys in footers and hints.
    pub fn key(&self) -> Style {
        self.role(Role::Key)
    }

    /// Rules between panes, axes.
    pub fn rule(&self) -> Style {
        self.role(Role::Rule)
    }

    /// The selected tab.
    pub fn selected(&self) -> Style {
        self.role(Role::Selected)
    }

    /// The row under the cursor (which also has a `▸` before it).
    pub fn cursor(&self) -> Style {
        self.role(Role::Cursor)
    }

    /// What wants a word.
    pub fn warning(&self) -> Style {
        self.role(Role::Warning)
    }

    /// What went wrong.
    pub fn error(&self) -> Style {
        self.role(Role::Error)
    }

    /// What went well.
    pub fn good(&self) -> Style {
        self.role(Role::Good)
    }

    /// Bars that carry no segment.
    pub fn bar(&self) -> Style {
        self.role(Role::Bar)
    }

    /// A cell of a heat map, `value` in [−1, 1]; what is no number is faint.
    pub fn heat(&self, value: f64) -> Style {
        let ramp = if value < 0.0 { &self.cold } else { &self.hot };
        // What is no number casts to 0.
        let step = (value.abs() * ramp.len() as f64) as usize;
        ramp.get(step.min(ramp.len().saturating_sub(1))).copied().unwrap_or_default()
    }

    /// The same for a line: the ground of a strong value is its ink.
    pub fn heat_line(&self, value: f64) -> Style {
        let cell = self.heat(value);
        let ink = Style { fg: cell.bg.or(cell.fg), bg: None, ..cell };
        ink.remove_modifier(Modifier::REVERSED)
    }

    /// The colour of segment `number` (0: unassigned).
    pub fn segment(&self, number: u32) -> Style {
        match (number as usize).checked_sub(1) {
            Some(index) if !self.segments.is_empty() => self.segments[index % self.segments.len()],
            _ => self.dim(),
        }
    }

    /// The glyph of segment `number` (0: unassigned), one cell wide.
    pub fn glyph(&self, number: u32) -> &'static str {
        let (set, none) = if self.is_ascii() { (&SEGMENT_ASCII, ".") } else { (&SEGMENT_GLYPHS, "·") };
        (number as usize).checked_sub(1).map_or(none, |index| set[index % set.len()])
    }

    /// Whether keys without a letter are shown as words, since some of `⏎ ← →` are missing or two cells wide.
    pub fn names_keys(&self) -> bool {
        !matches!(self.glyphs, Glyphs::Braille | Glyphs::Blocks)
    }

    /// One of two spellings of the same sign: `▸` or `>`.
    pub fn sign(&self, fancy: &'static str, ascii: &'static str) -> &'static str {
        if self.is_ascii() { ascii } else { fancy }
    }

    /// Whether lines can be drawn in Braille dots, two by four a cell.
    pub fn has_dots(&self) -> bool {
        matches!(self.glyphs, Glyphs::Braille | Glyphs::Narrow)
    }

    /// Whether only ASCII may be written.
    pub fn is_ascii(&self) -> bool {
        self.glyphs == Glyphs::Ascii
    }
}

/// The segments' styles: each a colour of its own, as far as the terminal has them.
fn apart(theme: &Theme, depth: Depth) -> Vec<Style> {
    let ground = theme.paint(Role::Text).bg;
    let mut taken = Vec::new();
    let apart = |paint: &Paint| {
        let fg = paint.fg.and_then(|ink| ink::color_beside(ink, depth, &taken));
        taken.extend(fg);
        Style { fg, ..style(*paint, ground, depth) }
    };
    theme.segments.iter().map(apart).collect()
}

/// A paint on this terminal. Without colours a ground of its own becomes reverse, so that nothing is lost.
fn style(paint: Paint, ground: Option<crate::config::Ink>, depth: Depth) -> Style {
    let color = |ink: Option<crate::config::Ink>| ink.and_then(|ink| ink::color(ink, depth));
    let style = Style { fg: color(paint.fg), bg: color(paint.bg), ..Style::default() };
    let reverse = paint.reverse || (depth == Depth::Mono && paint.bg != ground && paint.bg.is_some());
    let weights = [
        (paint.bold, Modifier::BOLD),
        (paint.dim, Modifier::DIM),
        (paint.italic, Modifier::ITALIC),
        (paint.underline, Modifier::UNDERLINED),
        (reverse, Modifier::REVERSED),
    ];
    weights.iter().filter(|(on, _)| *on).fold(style, |style, (_, modifier)| style.add_modifier(*modifier))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn look(theme: &str, depth: Depth) -> Look {
        Look::new(&Theme::load(theme, None).unwrap().value, depth, Glyphs::Braille)
    }

    #[test]
    fn without_colour_the_selected_tab_is_reversed_and_nothing_has_a_colour() {
        for theme in Theme::embedded() {
            let look = look(theme, Depth::Mono);
            assert!(look.selected().add_modifier.contains(Modifier::REVERSED), "{theme}");
            for style in look.roles.iter().chain(&look.segments).chain(&look.hot) {
                assert_eq!((style.fg, style.bg), (None, None), "{theme}");
            }
        }
    }

    #[test]
    fn the_depth_decides_what_a_colour_becomes() {
        assert_eq!(look("light", Depth::True).bar().fg, Some(Color::Rgb(4, 100, 194)));
        assert!(matches!(look("light", Depth::Ansi256).bar().fg, Some(Color::Indexed(16..))));
        assert_eq!(look("light", Depth::Ansi16).bar().fg, Some(Color::Blue));
        assert_eq!(look("ansi", Depth::True).bar().fg, Some(Color::Blue));
    }

    #[test]
    fn heat_grows_with_the_distance_from_zero() {
        let look = look("ansi", Depth::Ansi16);
        assert_eq!(look.heat(0.1), look.hot[0]);
        assert_eq!(look.heat(1.0), look.hot[3]);
        assert_eq!(look.heat(-0.6), look.cold[2]);
        assert_eq!(look.heat(f64::NAN), look.hot[0]);
        assert_eq!((look.heat_line(1.0).fg, look.heat_line(1.0).bg), (look.hot[3].bg.or(look.hot[3].fg), None));
    }

    #[test]
    fn segments_go_round_and_zero_is_faint() {
        let look = Look::default();
        assert_eq!(look.segment(0), look.dim());
        assert_eq!(look.segment(1), look.segment(1 + look.segments.len() as u32));
        assert_eq!((look.glyph(0), look.glyph(1), look.glyph(11)), ("·", "●", "●"));
    }
}
