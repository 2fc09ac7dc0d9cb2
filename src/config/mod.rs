//! The user's settings: XDG paths, the config file, themes, key names. Nothing here knows a terminal library.

mod keys;
mod paths;
pub mod private;
mod settings;
mod theme;

pub use keys::{Code, Key, KeyError};
pub use paths::Paths;
pub use settings::{ColorChoice, ConfigError, GlyphChoice, Settings};
pub use theme::{Ground, Ink, Paint, Role, Theme};

/// A value with what the user should be told about how it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Read<T> {
    /// The value.
    pub value: T,
    /// One sentence each, e.g. `config.toml: unknown key "them"; did you mean "theme"?`.
    pub warnings: Vec<String>,
}

/// The sentence for a key that nobody knows, with the nearest known one.
fn unknown_key<'a>(file: &str, key: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match crate::error::nearest(key, known) {
        Some(name) => format!("{file}: unknown key \"{key}\"; did you mean \"{name}\"?"),
        None => format!("{file}: unknown key \"{key}\" is ignored"),
    }
}
