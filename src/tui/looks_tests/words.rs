//! Every place in every state as text, and in what style each character stands in the dark, in the light and without colour.

use std::fmt::Write;

use ratatui::style::{Color, Modifier};

use super::*;

/// The name of a style: letters, in the order in which styles are met.
const NAMES: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Foreground, background, weights.
type Style = (Color, Color, Modifier);

/// The styles of a character in the three looks.
type Styles = [Style; 3];

/// Styles that were met, the plain one first.
struct Legend(Vec<Styles>);

impl Legend {
    /// The sign of a style: blanks for plain text.
    fn sign(&mut self, styles: Styles) -> char {
        let at = self.0.iter().position(|known| *known == styles).unwrap_or_else(|| {
            self.0.push(styles);
            self.0.len() - 1
        });
        at.checked_sub(1).map_or(' ', |at| NAMES.chars().nth(at).expect("few styles"))
    }

    fn told(&self) -> String {
        let signs = NAMES.chars();
        let line = |(sign, styles): (char, &Styles)| {
            let styles: Vec<String> = styles.iter().map(|style| told(*style)).collect();
            format!("{sign}  {}\n", styles.join(" · "))
        };
        signs.zip(&self.0[1..]).map(line).collect()
    }
}

fn told((fg, bg, weights): Style) -> String {
    let mut told = if fg == Color::Reset { "plain".to_owned() } else { fg.to_string() };
    if bg != Color::Reset {
        let _ = write!(told, " on {bg}");
    }
    for (name, _) in weights.iter_names() {
        let _ = write!(told, " {}", name.to_lowercase());
    }
    told
}

/// The picture's text, and below it the signs of the styles.
fn told_of(shown: &mut Shown, size: (u16, u16), looks: &[Look; 3], legend: &mut Legend) -> String {
    let pictures = [0, 1, 2].map(|of| shown.drawn(size, &looks[of]));
    let texts = pictures.each_ref().map(lines);
    assert_eq!((&texts[0], &texts[0]), (&texts[1], &texts[2]), "{}: a colour changes words", shown.told());
    let style = |x, y| {
        pictures.each_ref().map(|picture| {
            let cell = &picture[(x, y)];
            // Of a blank nothing but its ground is seen.
            let seen = cell.modifier & (Modifier::REVERSED | Modifier::UNDERLINED);
            if cell.symbol() == " " && seen.is_empty() { None } else { Some((cell.fg, cell.bg, cell.modifier)) }
        })
    };
    let mut signs = |y| -> String {
        let sign = |x| match style(x, y) {
            [Some(dark), Some(light), Some(mono)] => legend.sign([dark, light, mono]),
            _ => ' ',
        };
        (0..size.0).map(sign).collect::<String>().trim_end().to_owned()
    };
    let signs: Vec<String> = (0..size.1).map(&mut signs).collect();
    format!("=== {}\n{}\n--- styles\n{}\n", shown.name, texts[0].join("\n"), signs.join("\n"))
}

/// Plain text in the three looks.
fn plain(looks: &[Look; 3]) -> Styles {
    looks.each_ref().map(|look| {
        let text = look.text();
        (text.fg.unwrap_or_default(), text.bg.unwrap_or_default(), text.add_modifier)
    })
}

fn file(states: Vec<Shown>, size: (u16, u16)) -> String {
    let looks = [
        look("dark", Depth::True, Glyphs::Braille),
        look("light", Depth::True, Glyphs::Braille),
        look("default", Depth::Mono, Glyphs::Braille),
    ];
    let mut legend = Legend(vec![plain(&looks)]);
    let mut told: String = states.into_iter().map(|mut shown| told_of(&mut shown, size, &looks, &mut legend)).collect();
    told += "=== styles: dark · light · without colour\n";
    told + &legend.told()
}

#[test]
fn every_place_in_every_state() {
    for size in [(80, 24), (120, 40)] {
        for (place, states) in PLACES {
            let states = states.iter().map(|(name, keys)| Shown::at(place, name, keys, sample())).collect();
            insta::assert_snapshot!(format!("{place}_{}", size.0), file(states, size));
        }
        insta::assert_snapshot!(format!("empty_{}", size.0), file(empty().collect(), size));
    }
}
