#![allow(clippy::unwrap_used, clippy::panic)]
use super::*;

fn all() -> Vec<Theme> {
    Theme::embedded().map(|name| Theme::load(name, None).unwrap()).map(|read| read.value).collect()
}

fn luminance([r, g, b]: [u8; 3]) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    if a > b { a / b } else { b / a }
}

fn rgb(ink: Option<Ink>) -> Option<[u8; 3]> {
    match ink {
        Some(Ink::Rgb(r, g, b)) => Some([r, g, b]),
        _ => None,
    }
}

/// The grounds that a paint is seen on: its own, the theme's, or black and white.
fn grounds(theme: &Theme, paint: Paint) -> Vec<[u8; 3]> {
    if let Some(own) = rgb(paint.bg).or_else(|| rgb(theme.paint(Role::Text).bg)) {
        return vec![own];
    }
    match theme.ground {
        Ground::Any => vec![[0; 3], [255; 3]],
        Ground::Dark => vec![[0; 3]],
        Ground::Light => vec![[255; 3]],
    }
}

#[test]
fn all_themes_parse_without_a_warning() {
    for name in Theme::embedded() {
        let read = Theme::load(name, None).unwrap();
        assert_eq!(read.warnings, Vec::<String>::new(), "{name}");
        assert!(!read.value.about.is_empty(), "{name}");
    }
}

#[test]
fn text_reads_on_its_ground_as_wcag_aa_asks() {
    for theme in all() {
        let roles = Role::ALL.iter().map(|&(name, role)| (name.to_owned(), theme.paint(role)));
        let segments = theme.segments.iter().enumerate().map(|(at, &paint)| (format!("segment {}", at + 1), paint));
        let heat = theme.cold.iter().chain(&theme.hot).map(|&paint| ("heat".to_owned(), paint));
        for (name, paint) in roles.chain(segments).chain(heat).filter(|(name, _)| name != "rule") {
            let Some(ink) = rgb(paint.fg) else { continue };
            for ground in grounds(&theme, paint) {
                let ratio = contrast(ink, ground);
                assert!(ratio >= 4.5, "{}: {name} has {ratio:.2} on {ground:?}", theme.name);
            }
        }
    }
}

#[test]
fn high_contrast_means_seven_to_one() {
    let theme = Theme::load("high-contrast", None).unwrap().value;
    for (name, role) in Role::ALL {
        let paint = theme.paint(role);
        let Some(ink) = rgb(paint.fg) else { continue };
        for ground in grounds(&theme, paint) {
            assert!(contrast(ink, ground) >= 7.0, "{name}");
        }
    }
}

#[test]
fn the_default_paints_no_background() {
    let theme = Theme::load("default", None).unwrap().value;
    assert_eq!(theme.ground, Ground::Any);
    assert_eq!(theme.paint(Role::Text), Paint::default());
}

#[test]
fn segments_of_a_theme_differ() {
    for theme in all() {
        let mut paints: Vec<String> = theme.segments.iter().map(|paint| format!("{paint:?}")).collect();
        paints.sort();
        paints.dedup();
        assert_eq!(paints.len(), theme.segments.len(), "{}", theme.name);
        assert!(theme.segments.len() >= 6, "{}", theme.name);
    }
}

#[test]
fn a_users_theme_inherits_and_warns() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mine.toml"), "inherits = \"dark\"\n[roles]\nkeys = \"red\"\ngood = \"blue\"\n")
        .unwrap();
    let read = Theme::load("mine", Some(folder.path())).unwrap();
    let dark = Theme::load("dark", None).unwrap().value;
    assert_eq!(read.value.paint(Role::Text), dark.paint(Role::Text));
    assert_eq!(read.value.paint(Role::Good).fg, Some(Ink::Ansi(4)));
    assert_eq!(read.warnings, ["theme mine: unknown key \"keys\"; did you mean \"key\"?"]);
    assert!(Theme::names(Some(folder.path())).contains(&"mine".to_owned()));
}

#[test]
fn wrong_themes_are_told_in_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bad.toml"), "[roles]\nkey = \"reddish\"\n").unwrap();
    std::fs::write(folder.path().join("a.toml"), "inherits = \"b\"\n").unwrap();
    std::fs::write(folder.path().join("b.toml"), "inherits = \"a\"\n").unwrap();
    let error = |name| Theme::load(name, Some(folder.path())).unwrap_err().to_string();
    assert_eq!(error("bad"), "theme bad: \"key\": \"reddish\" is no colour");
    assert!(error("a").contains("inherits from itself"));
    assert_eq!(error("drak"), "theme: there is none named \"drak\"; did you mean \"dark\"?");
    assert!(error("../dark").contains("there is none"));
}
