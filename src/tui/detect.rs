//! How many colours and which characters this terminal has: flag, environment, `supports-color`, locale, in
//! this order. The terminal itself is never asked: such queries hang in tmux and over slow links.

use super::look::{Depth, Glyphs};
use crate::config::{ColorChoice, GlyphChoice};

/// A look at one environment variable.
pub type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The variables of this process.
pub fn process_env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The depth for this process's standard output.
pub fn depth(choice: ColorChoice) -> Depth {
    depth_in(choice, &process_env, || supports_color::on(supports_color::Stream::Stdout))
}

fn depth_in(choice: ColorChoice, env: Env, supported: impl Fn() -> Option<supports_color::ColorLevel>) -> Depth {
    match choice {
        ColorChoice::Never => Depth::Mono,
        ColorChoice::Always => named(env),
        ColorChoice::Auto if env("NO_COLOR").is_some_and(|value| !value.is_empty()) => Depth::Mono,
        ColorChoice::Auto => match supported() {
            None => Depth::Mono,
            Some(level) if level.has_16m => Depth::True,
            Some(level) if level.has_256 => Depth::Ansi256,
            Some(_) => Depth::Ansi16,
        },
    }
}

/// What the terminal's name promises, whatever else speaks against colours.
fn named(env: Env) -> Depth {
    let has = |name: &str, words: &[&str]| env(name).is_some_and(|value| words.iter().any(|word| value.contains(word)));
    if has("COLORTERM", &["truecolor", "24bit"]) || has("TERM", &["direct", "truecolor"]) {
        Depth::True
    } else if has("TERM", &["256"]) {
        Depth::Ansi256
    } else {
        Depth::Ansi16
    }
}

/// The characters for this process's terminal.
pub fn glyphs(choice: GlyphChoice) -> Glyphs {
    glyphs_in(choice, &process_env)
}

fn glyphs_in(choice: GlyphChoice, env: Env) -> Glyphs {
    match choice {
        GlyphChoice::Braille => Glyphs::Braille,
        GlyphChoice::Blocks => Glyphs::Blocks,
        GlyphChoice::Narrow => Glyphs::Narrow,
        GlyphChoice::Console => Glyphs::Console,
        GlyphChoice::Ascii => Glyphs::Ascii,
        GlyphChoice::Auto if !is_utf8(env) => Glyphs::Ascii,
        GlyphChoice::Auto if env("TERM").as_deref() == Some("linux") => Glyphs::Console,
        GlyphChoice::Auto if may_be_wide(env) => Glyphs::Narrow,
        GlyphChoice::Auto => Glyphs::Braille,
    }
}

/// The first of the locale's variables that is set decides, as in POSIX.
fn locale(env: Env) -> Option<String> {
    let first = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| env(name).filter(|value| !value.is_empty()));
    first.map(|value| value.to_lowercase())
}

fn is_utf8(env: Env) -> bool {
    locale(env).is_some_and(|value| value.contains("utf-8") || value.contains("utf8"))
}

/// Where these languages are written, terminals are often set to show `★ ● ─ █` two cells wide.
fn may_be_wide(env: Env) -> bool {
    locale(env)
        .is_some_and(|value| ["ja", "ko", "zh"].contains(&value.split(['_', '.', '@']).next().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env<'a>(pairs: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn the_flag_goes_before_the_environment() {
        let vars = env(&[("NO_COLOR", "1"), ("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]);
        assert_eq!(depth_in(ColorChoice::Auto, &vars, || None), Depth::Mono);
        assert_eq!(depth_in(ColorChoice::Always, &vars, || None), Depth::True);
        assert_eq!(depth_in(ColorChoice::Never, &vars, || None), Depth::Mono);
        let vars = env(&[("TERM", "screen-256color")]);
        assert_eq!(depth_in(ColorChoice::Always, &vars, || None), Depth::Ansi256);
    }

    #[test]
    fn glyphs_follow_the_locale() {
        assert_eq!(glyphs_in(GlyphChoice::Auto, &env(&[("LANG", "de_DE.UTF-8")])), Glyphs::Braille);
        assert_eq!(glyphs_in(GlyphChoice::Auto, &env(&[("LC_ALL", "C"), ("LANG", "C.UTF-8")])), Glyphs::Ascii);
        assert_eq!(glyphs_in(GlyphChoice::Auto, &env(&[("LANG", "C.utf8"), ("TERM", "linux")])), Glyphs::Console);
        assert_eq!(glyphs_in(GlyphChoice::Auto, &env(&[("LANG", "ja_JP.UTF-8"), ("TERM", "linux")])), Glyphs::Console);
        for wide in ["ja_JP.UTF-8", "zh_CN.utf8", "zh.UTF-8", "ko_KR.UTF-8@x"] {
            assert_eq!(glyphs_in(GlyphChoice::Auto, &env(&[("LANG", wide)])), Glyphs::Narrow, "{wide}");
        }
        assert_eq!(glyphs_in(GlyphChoice::Auto, &env(&[("LANG", "ja_JP.eucJP")])), Glyphs::Ascii);
        assert_eq!(glyphs_in(GlyphChoice::Auto, &env(&[("LANG", "jam_JM.UTF-8")])), Glyphs::Braille);
        assert_eq!(glyphs_in(GlyphChoice::Blocks, &env(&[("LANG", "ja_JP.UTF-8")])), Glyphs::Blocks);
        assert_eq!(glyphs_in(GlyphChoice::Auto, &env(&[])), Glyphs::Ascii);
        assert_eq!(glyphs_in(GlyphChoice::Braille, &env(&[])), Glyphs::Braille);
    }
}
