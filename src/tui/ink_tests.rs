//! Whether the segments' colours stay apart for eyes that see fewer colours.
#![allow(clippy::unwrap_used)]

use ratatui::style::Color;

use super::*;
use crate::config::Theme;
use crate::tui::look::{Glyphs, Look};

/// What light becomes to such an eye, in linear RGB (Machado, Oliveira and Fernandes 2009, severity 1.0).
type Sight = [[f64; 3]; 3];

const SIGHTS: [(&str, Sight); 4] = [
    ("all colours", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    ("protanopia", [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    (
        "deuteranopia",
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    ),
    ("tritanopia", [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
];

/// Least OKLab distances, in hundredths (2 is just seen), of any two of the first six and of the first eight.
const LEAST: [f64; 2] = [5.0, 3.5];
/// Those of the theme that promises it.
const LEAST_PROMISED: [f64; 2] = [10.0, 8.0];
/// Those of the terminal's own colours, as xterm paints them: they are not ours to choose.
const LEAST_OWN: [f64; 2] = [3.5, 3.5];

fn seen(sight: &Sight, rgb: [u8; 3]) -> [f64; 3] {
    let light = light(rgb);
    let part = |row: [f64; 3]| row.iter().zip(light).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0);
    oklab_of_light(sight.map(part))
}

fn rgb(color: Color) -> [u8; 3] {
    match color {
        Color::Rgb(r, g, b) => [r, g, b],
        Color::Indexed(index) => indexed(index),
        named => ANSI_RGB[ANSI.iter().position(|of| *of == named).unwrap()],
    }
}

fn segments(theme: &str, depth: Depth) -> Vec<[u8; 3]> {
    let look = Look::new(&Theme::load(theme, None).unwrap().value, depth, Glyphs::Braille);
    look.segments.iter().map(|style| rgb(style.fg.unwrap())).collect()
}

/// The two of them that are nearest to each other, by their numbers, and how far they are apart.
fn nearest(colours: &[[u8; 3]], sight: &Sight) -> (f64, usize, usize) {
    let seen: Vec<[f64; 3]> = colours.iter().map(|&rgb| seen(sight, rgb)).collect();
    let pairs = (0..seen.len()).flat_map(|a| (0..a).map(move |b| (b, a)));
    let apart = pairs.map(|(a, b)| (100.0 * squared(seen[a], seen[b]).sqrt(), a + 1, b + 1));
    apart.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap()
}

#[test]
fn segments_stay_apart_whatever_colours_are_seen() {
    for theme in Theme::embedded() {
        let colours = segments(theme, Depth::True);
        let least = match theme {
            "colour-blind" => LEAST_PROMISED,
            "ansi" => LEAST_OWN,
            _ => LEAST,
        };
        for (count, least) in [6, 8].into_iter().zip(least) {
            for (name, sight) in SIGHTS {
                let (apart, a, b) = nearest(&colours[..count], &sight);
                assert!(apart >= least, "{theme}, {name}: {a} and {b} of {count} are {apart:.1} apart, not {least}");
            }
        }
    }
}

#[test]
fn no_two_segments_share_a_colour_where_there_are_few() {
    for theme in Theme::embedded() {
        for depth in [Depth::Ansi256, Depth::Ansi16] {
            let (apart, a, b) = nearest(&segments(theme, depth), &SIGHTS[0].1);
            assert!(apart > 2.0, "{theme}, {depth:?}: {a} and {b} are {apart:.1} apart");
        }
    }
}

#[test]
fn with_sixteen_colours_no_segment_of_the_first_looks_like_an_error() {
    for theme in Theme::embedded() {
        let look = Look::new(&Theme::load(theme, None).unwrap().value, Depth::Ansi16, Glyphs::Braille);
        assert_ne!(look.error().fg, look.warning().fg, "{theme}");
        for number in 1..=5 {
            assert_ne!(look.segment(number).fg, look.error().fg, "{theme}, segment {number}");
        }
    }
}

#[test]
fn what_is_simulated_is_what_such_eyes_see() {
    // Red and green of one brightness are told apart by most, and by protanopes hardly.
    let pair = [[200, 90, 60], [110, 130, 60]];
    assert!(nearest(&pair, &SIGHTS[0].1).0 > 12.0);
    assert!(nearest(&pair, &SIGHTS[1].1).0 < 8.0);
    // Greys stay what they are.
    for (_, sight) in SIGHTS {
        let grey = seen(&sight, [128; 3]);
        assert!(grey[1].abs() < 0.01 && grey[2].abs() < 0.01, "{grey:?}");
    }
}
