//! The config file: optional, never written by the program, a patch over the defaults.

use std::collections::BTreeMap;
use std::path::Path;

use toml::{Table, Value};

use super::{Key, Read, unknown_key};

/// When colours are used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// As terminal and environment say.
    #[default]
    Auto,
    /// Even where `NO_COLOR` is set.
    Always,
    /// Not at all.
    Never,
}

/// Which characters plots are made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GlyphChoice {
    /// As the locale says.
    #[default]
    Auto,
    /// Braille dots.
    Braille,
    /// Half and eighth blocks.
    Blocks,
    /// No sign that terminals with East-Asian widths show two cells wide.
    Narrow,
    /// The Linux console's.
    Console,
    /// ASCII only.
    Ascii,
}

impl ColorChoice {
    /// The choices as they are written.
    pub const NAMES: [(&'static str, Self); 3] =
        [("auto", Self::Auto), ("always", Self::Always), ("never", Self::Never)];
}

impl GlyphChoice {
    /// The choices as they are written.
    pub const NAMES: [(&'static str, Self); 6] = [
        ("auto", Self::Auto),
        ("braille", Self::Braille),
        ("blocks", Self::Blocks),
        ("narrow", Self::Narrow),
        ("console", Self::Console),
        ("ascii", Self::Ascii),
    ];
}

/// What the config file says. What it does not say is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The theme's name.
    pub theme: Option<String>,
    /// Which characters plots are made of.
    pub glyphs: Option<GlyphChoice>,
    /// When colours are used.
    pub color: Option<ColorChoice>,
    /// Keys by command id; they replace the command's default keys.
    pub keymap: BTreeMap<String, Vec<Key>>,
}

/// Why the config file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It is there but cannot be read.
    #[error("cannot read the config file: {0}")]
    Unreadable(String),
    /// It is not TOML; the message names line and key.
    #[error("{file}: {message}")]
    Syntax {
        /// The file.
        file: String,
        /// The parser's message.
        message: String,
    },
    /// A key has a value that it does not take.
    #[error("{file}: {message}")]
    Value {
        /// The file.
        file: String,
        /// What is wrong.
        message: String,
    },
}

impl From<ConfigError> for crate::error::Error {
    fn from(error: ConfigError) -> Self {
        Self::usage(error.to_string())
    }
}

const KEYS: [&str; 4] = ["theme", "glyphs", "color", "keymap"];

impl Settings {
    /// Reads the file, or the defaults where there is none.
    ///
    /// # Errors
    /// [`ConfigError`], where the file is there but unreadable, no TOML, or holds a wrong value.
    pub fn read(path: &Path) -> Result<Read<Self>, ConfigError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, &path.display().to_string()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Ok(Read { value: Self::default(), warnings: Vec::new() })
            }
            Err(error) => Err(ConfigError::Unreadable(format!("{}: {error}", path.display()))),
        }
    }

    /// Parses the text of a config file; `file` is how messages call it.
    ///
    /// # Errors
    /// [`ConfigError`], where it is no TOML or holds a wrong value.
    pub fn parse(text: &str, file: &str) -> Result<Read<Self>, ConfigError> {
        let table: Table = text
            .parse()
            .map_err(|error: toml::de::Error| ConfigError::Syntax { file: file.into(), message: one_line(&error) })?;
        let mut read = Read { value: Self::default(), warnings: Vec::new() };
        for (key, value) in &table {
            read.value.set(key, value).map_err(|message| ConfigError::Value { file: file.into(), message })?;
            if !KEYS.contains(&key.as_str()) {
                read.warnings.push(unknown_key(file, key, KEYS));
            }
        }
        Ok(read)
    }

    fn set(&mut self, key: &str, value: &Value) -> Result<(), String> {
        match key {
            "theme" => self.theme = Some(text(key, value)?.to_owned()),
            "glyphs" => self.glyphs = Some(choice(key, value, &GlyphChoice::NAMES)?),
            "color" => self.color = Some(choice(key, value, &ColorChoice::NAMES)?),
            "keymap" => self.keymap = keymap(value)?,
            _ => {}
        }
        Ok(())
    }
}

/// The parser's message with its line, without the picture of the source.
pub(super) fn one_line(error: &toml::de::Error) -> String {
    let shown = error.to_string();
    let place = shown.lines().next().unwrap_or_default().replace("TOML parse error at ", "");
    format!("{place}: {}", error.message().replace('\n', ", "))
}

fn text<'a>(key: &str, value: &'a Value) -> Result<&'a str, String> {
    value.as_str().ok_or_else(|| format!("\"{key}\" takes a text, not {value}"))
}

fn choice<T: Copy>(key: &str, value: &Value, names: &[(&str, T)]) -> Result<T, String> {
    let given = text(key, value)?;
    names.iter().find(|(name, _)| *name == given).map(|(_, choice)| *choice).ok_or_else(|| {
        let known: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
        format!("\"{key}\" is one of {}, not \"{given}\"", known.join(", "))
    })
}

fn keymap(value: &Value) -> Result<BTreeMap<String, Vec<Key>>, String> {
    let table = value.as_table().ok_or("\"keymap\" is a table of command id = keys")?;
    table.iter().map(|(id, keys)| Ok((id.clone(), keys_of(id, keys)?))).collect()
}

fn keys_of(id: &str, value: &Value) -> Result<Vec<Key>, String> {
    let parse = |value: &Value| text(id, value)?.parse::<Key>().map_err(|error| format!("keymap.{id}: {error}"));
    match value {
        Value::Array(keys) => keys.iter().map(parse).collect(),
        key => Ok(vec![parse(key)?]),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_config_is_a_patch() {
        let text = "theme = \"light\"\ncolor = \"never\"\n[keymap]\nquit = [\"ctrl-q\", \"Q\"]\nundo = \"z\"\n";
        let read = Settings::parse(text, "config.toml").unwrap();
        assert!(read.warnings.is_empty());
        assert_eq!(read.value.theme.as_deref(), Some("light"));
        assert_eq!(read.value.color, Some(ColorChoice::Never));
        assert_eq!(read.value.glyphs, None);
        assert_eq!(read.value.keymap["quit"].len(), 2);
        assert_eq!(read.value.keymap["undo"][0].to_string(), "z");
    }

    #[test]
    fn an_unknown_key_warns_with_the_nearest() {
        let read = Settings::parse("them = \"light\"\n", "config.toml").unwrap();
        assert_eq!(read.warnings, ["config.toml: unknown key \"them\"; did you mean \"theme\"?"]);
    }

    #[test]
    fn wrong_values_and_syntax_say_where() {
        let error = Settings::parse("glyphs = \"ascci\"\n", "c").unwrap_err().to_string();
        assert!(error.contains("auto, braille, blocks, narrow, console, ascii"), "{error}");
        let error = Settings::parse("a = 1\ntheme = \n", "c").unwrap_err().to_string();
        assert!(error.starts_with("c: line 2"), "{error}");
        let error = Settings::parse("[keymap]\nquit = \"nokey\"\n", "c").unwrap_err().to_string();
        assert!(error.contains("keymap.quit"), "{error}");
    }

    #[test]
    fn no_file_means_the_defaults() {
        let read = Settings::read(Path::new("/nowhere/config.toml")).unwrap();
        assert_eq!(read.value, Settings::default());
    }
}
