//! From a theme's colours to those that the terminal has: the nearest one, as the eye sees it (OKLab).

use ratatui::style::Color;

use super::look::Depth;
use crate::config::Ink;

/// The sixteen colours that every terminal has, in the order of their codes.
pub const ANSI: [Color; 16] = [
    Color::Black,
    Color::Red,
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::Gray,
    Color::DarkGray,
    Color::LightRed,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
    Color::White,
];
/// The sixteen as most terminals paint them (xterm's).
const ANSI_RGB: [[u8; 3]; 16] = [
    [0, 0, 0],
    [205, 0, 0],
    [0, 205, 0],
    [205, 205, 0],
    [0, 0, 238],
    [205, 0, 205],
    [0, 205, 205],
    [229, 229, 229],
    [127, 127, 127],
    [255, 0, 0],
    [0, 255, 0],
    [255, 255, 0],
    [92, 92, 255],
    [255, 0, 255],
    [0, 255, 255],
    [255, 255, 255],
];
/// The hues between red and yellow, in degrees of OKLab.
const ORANGE: std::ops::Range<f64> = 38.0..90.0;
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The colour of `ink` at this depth, `None` where there are no colours.
pub fn color(ink: Ink, depth: Depth) -> Option<Color> {
    color_beside(ink, depth, &[])
}

/// As [`color`], but where the terminal has few, none of those that are `taken` already: neighbours stay apart.
pub fn color_beside(ink: Ink, depth: Depth, taken: &[Color]) -> Option<Color> {
    match (ink, depth) {
        (_, Depth::Mono) => None,
        (Ink::Ansi(index), _) => ANSI.get(usize::from(index)).copied(),
        (Ink::Rgb(r, g, b), Depth::True) => Some(Color::Rgb(r, g, b)),
        (Ink::Rgb(r, g, b), Depth::Ansi256) => Some(Color::Indexed(nearest_256([r, g, b], taken))),
        (Ink::Rgb(r, g, b), Depth::Ansi16) => Some(ANSI[nearest_16([r, g, b], taken)]),
    }
}

/// The nearest of the 240 fixed colours: the cube's and the greys.
fn nearest_256(rgb: [u8; 3], taken: &[Color]) -> u8 {
    let wanted = oklab(rgb);
    let distance = |index: &u8| squared(wanted, oklab(indexed(*index)));
    let free = (16..=255).filter(|index| !taken.contains(&Color::Indexed(*index)));
    free.min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(255)
}

fn indexed(index: u8) -> [u8; 3] {
    if index >= 232 {
        return [8 + 10 * (index - 232); 3];
    }
    let at = index - 16;
    [at / 36, at / 6 % 6, at % 6].map(|level| CUBE[usize::from(level)])
}

/// The nearest of the sixteen: by hue where the colour has one, since that is what tells roles apart.
fn nearest_16(rgb: [u8; 3], taken: &[Color]) -> usize {
    let wanted = oklab(rgb);
    let coloured = wanted[1].hypot(wanted[2]) > 0.05;
    let distance = |index: &usize| {
        let [l, a, b] = oklab(ANSI_RGB[*index]);
        let scale = wanted[1].hypot(wanted[2]) / a.hypot(b).max(1e-9);
        if coloured {
            squared([0.3 * wanted[0], wanted[1], wanted[2]], [0.3 * l, a * scale, b * scale])
        } else {
            squared(wanted, [l, a, b])
        }
    };
    // Orange is brown, as terminals show their dark yellow; red is for what went wrong.
    let hue = wanted[2].atan2(wanted[1]).to_degrees();
    let is_orange = coloured && ORANGE.contains(&hue);
    let is_candidate = |index: &usize| {
        let is_red = is_orange && [1, 9].contains(index);
        [0, 7, 8, 15].contains(index) != coloured && !is_red && !taken.contains(&ANSI[*index])
    };
    (0..16).filter(is_candidate).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(7)
}

fn squared(a: [f64; 3], b: [f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

fn oklab(rgb: [u8; 3]) -> [f64; 3] {
    oklab_of_light(light(rgb))
}

/// The light of each part of an sRGB colour, in [0, 1].
pub fn light(rgb: [u8; 3]) -> [f64; 3] {
    rgb.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    })
}

/// Linear sRGB to OKLab (Ottosson 2020).
fn oklab_of_light([r, g, b]: [f64; 3]) -> [f64; 3] {
    let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
    let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
    let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
    [
        0.210_454_255_3 * l + 0.793_617_785 * m - 0.004_072_046_8 * s,
        1.977_998_495_1 * l - 2.428_592_205 * m + 0.450_593_709_9 * s,
        0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766 * s,
    ]
}

#[cfg(test)]
#[path = "ink_tests.rs"]
mod vision;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_of_the_cube_is_itself() {
        assert_eq!(color(Ink::Rgb(0, 95, 215), Depth::Ansi256), Some(Color::Indexed(26)));
        assert_eq!(color(Ink::Rgb(255, 255, 255), Depth::Ansi256), Some(Color::Indexed(231)));
        assert_eq!(color(Ink::Rgb(8, 8, 8), Depth::Ansi256), Some(Color::Indexed(232)));
    }

    #[test]
    fn sixteen_colours_keep_the_hue() {
        let of = |r, g, b| color(Ink::Rgb(r, g, b), Depth::Ansi16);
        assert_eq!(of(0x02, 0x74, 0xe0), Some(Color::Blue));
        assert!(matches!(of(0xd5, 0x3e, 0x35), Some(Color::Red | Color::LightRed)));
        assert_eq!(of(0xc2, 0x57, 0x03), Some(Color::Yellow), "orange is no error");
        assert_eq!(of(0xb6, 0x5d, 0x01), Some(Color::Yellow), "a warning is no error");
        assert!(matches!(of(0x03, 0x88, 0x3d), Some(Color::Green | Color::LightGreen)));
        assert_eq!(of(0x10, 0x14, 0x1a), Some(Color::Black));
        assert_eq!(of(0x8b, 0x95, 0xa3), Some(Color::DarkGray));
    }
}
