//! Themes: TOML files that name the roles of the screen, never its places.

use std::path::Path;

use toml::{Table, Value};

use super::settings::{ConfigError, one_line};
use super::{Read, unknown_key};

/// A colour as a theme names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ink {
    /// One of the terminal's own sixteen colours.
    Ansi(u8),
    /// 24 bits.
    Rgb(u8, u8, u8),
}

/// How a piece of the screen is painted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Paint {
    /// The colour of the characters; `None`: as around it.
    pub fg: Option<Ink>,
    /// The colour behind them; `None`: as around it.
    pub bg: Option<Ink>,
    /// Heavier.
    pub bold: bool,
    /// Fainter.
    pub dim: bool,
    /// Slanted.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
    /// Both colours exchanged.
    pub reverse: bool,
}

/// What a piece of the screen is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Plain text, and the ground of the screen.
    Text,
    /// What matters less.
    Dim,
    /// Headings, best values, the star's line.
    Strong,
    /// Keys in footers and hints.
    Key,
    /// Lines between panes, axes.
    Rule,
    /// The selected tab.
    Selected,
    /// The row under the cursor.
    Cursor,
    /// The answer that heads a screen.
    Title,
    /// What wants a word.
    Warning,
    /// What went wrong.
    Error,
    /// What went well.
    Good,
    /// Bars that carry no segment.
    Bar,
}

impl Role {
    /// All roles with their keys in a theme file.
    pub const ALL: [(&'static str, Self); 12] = [
        ("text", Self::Text),
        ("dim", Self::Dim),
        ("strong", Self::Strong),
        ("key", Self::Key),
        ("rule", Self::Rule),
        ("selected", Self::Selected),
        ("cursor", Self::Cursor),
        ("title", Self::Title),
        ("warning", Self::Warning),
        ("error", Self::Error),
        ("good", Self::Good),
        ("bar", Self::Bar),
    ];
}

/// What a theme is to be read on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ground {
    /// Both: it paints no background.
    #[default]
    Any,
    /// A dark terminal.
    Dark,
    /// A light terminal.
    Light,
}

/// A theme with everything that it inherits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Its name: the file's, without the ending.
    pub name: String,
    /// What it is for, one sentence.
    pub about: String,
    /// What it is to be read on.
    pub ground: Ground,
    paints: [Paint; 12],
    /// The segments' colours, 1 first; repeated where there are more segments.
    pub segments: Vec<Paint>,
    /// A heat map's cells below zero, weak to strong.
    pub cold: Vec<Paint>,
    /// A heat map's cells above zero, weak to strong.
    pub hot: Vec<Paint>,
}

const EMBEDDED: [(&str, &str); 6] = [
    ("default", include_str!("../../themes/default.toml")),
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("colour-blind", include_str!("../../themes/colour-blind.toml")),
    ("ansi", include_str!("../../themes/ansi.toml")),
];
const ANSI_NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];
const KEYS: [&str; 7] = ["about", "ground", "inherits", "roles", "segments", "cold", "hot"];
/// How many themes may stand behind one another.
const DEPTH: usize = 8;

impl Theme {
    /// The names of the themes that come with the program.
    pub fn embedded() -> impl Iterator<Item = &'static str> {
        EMBEDDED.iter().map(|(name, _)| *name)
    }

    /// The names of all themes: the user's own first, then those that come with the program.
    pub fn names(folder: Option<&Path>) -> Vec<String> {
        let mut names: Vec<String> = folder
            .and_then(|folder| std::fs::read_dir(folder).ok())
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".toml").map(str::to_owned))
            .collect();
        names.sort();
        for name in Self::embedded() {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// The theme of this name: the user's file in `folder`, else the one that comes with the program.
    ///
    /// # Errors
    /// [`ConfigError`], where there is none, or it is no TOML, or it names a colour that is none.
    pub fn load(name: &str, folder: Option<&Path>) -> Result<Read<Self>, ConfigError> {
        Self::load_within(name, folder, DEPTH)
    }

    /// How this theme paints `role`.
    pub fn paint(&self, role: Role) -> Paint {
        self.paints[role as usize]
    }

    fn load_within(name: &str, folder: Option<&Path>, depth: usize) -> Result<Read<Self>, ConfigError> {
        let file = format!("theme {name}");
        let wrong = |message| ConfigError::Value { file: file.clone(), message };
        if depth == 0 {
            return Err(wrong("it inherits from itself".into()));
        }
        let text = source(name, folder)?;
        let table: Table =
            text.parse().map_err(|error| ConfigError::Syntax { file: file.clone(), message: one_line(&error) })?;
        let parent = table.get("inherits").and_then(Value::as_str).unwrap_or("default");
        let mut read = if name == parent {
            Read { value: Self::blank(), warnings: Vec::new() }
        } else {
            Self::load_within(parent, folder, depth - 1)?
        };
        read.value.name = name.to_owned();
        for (key, value) in &table {
            read.value.set(key, value, &file, &mut read.warnings).map_err(wrong)?;
        }
        Ok(read)
    }

    fn blank() -> Self {
        Self {
            name: String::new(),
            about: String::new(),
            ground: Ground::Any,
            paints: [Paint::default(); 12],
            segments: vec![Paint::default()],
            cold: vec![Paint::default()],
            hot: vec![Paint::default()],
        }
    }

    fn set(&mut self, key: &str, value: &Value, file: &str, warnings: &mut Vec<String>) -> Result<(), String> {
        match key {
            "about" => value.as_str().unwrap_or_default().clone_into(&mut self.about),
            "ground" => self.ground = ground(value)?,
            "inherits" => {}
            "roles" => self.set_roles(value, file, warnings)?,
            "segments" => self.segments = paints(key, value)?,
            "cold" => self.cold = paints(key, value)?,
            "hot" => self.hot = paints(key, value)?,
            _ => warnings.push(unknown_key(file, key, KEYS)),
        }
        Ok(())
    }

    fn set_roles(&mut self, value: &Value, file: &str, warnings: &mut Vec<String>) -> Result<(), String> {
        for (key, value) in value.as_table().ok_or("\"roles\" is a table")? {
            match Role::ALL.iter().find(|(name, _)| name == key) {
                Some(&(_, role)) => self.paints[role as usize] = Paint::of(key, value)?,
                None => warnings.push(unknown_key(file, key, Role::ALL.map(|(name, _)| name))),
            }
        }
        Ok(())
    }
}

fn source(name: &str, folder: Option<&Path>) -> Result<String, ConfigError> {
    // A name is a file in the themes' folder, never a way out of it.
    let plain = name.chars().all(|char| char.is_alphanumeric() || "-_ ".contains(char));
    let own =
        folder.filter(|_| plain).and_then(|folder| std::fs::read_to_string(folder.join(format!("{name}.toml"))).ok());
    let embedded = || EMBEDDED.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
    own.or_else(embedded).ok_or_else(|| {
        let names = Theme::names(folder);
        let near = crate::error::nearest(name, names.iter().map(String::as_str));
        let hint =
            near.map_or_else(|| format!("there are {}", names.join(", ")), |near| format!("did you mean \"{near}\"?"));
        ConfigError::Value { file: "theme".into(), message: format!("there is none named \"{name}\"; {hint}") }
    })
}

fn ground(value: &Value) -> Result<Ground, String> {
    match value.as_str() {
        Some("any") => Ok(Ground::Any),
        Some("dark") => Ok(Ground::Dark),
        Some("light") => Ok(Ground::Light),
        _ => Err(format!("\"ground\" is any, dark or light, not {value}")),
    }
}

fn paints(key: &str, value: &Value) -> Result<Vec<Paint>, String> {
    let list = value.as_array().filter(|list| !list.is_empty());
    list.ok_or_else(|| format!("\"{key}\" is a list of colours"))?.iter().map(|value| Paint::of(key, value)).collect()
}

impl Paint {
    /// Parses e.g. `#c0a060 on black bold`.
    fn of(key: &str, value: &Value) -> Result<Self, String> {
        let text = value.as_str().ok_or_else(|| format!("\"{key}\" takes a text, not {value}"))?;
        let (mut paint, mut behind) = (Self::default(), false);
        for word in text.split_whitespace() {
            match word {
                "bold" => paint.bold = true,
                "dim" => paint.dim = true,
                "italic" => paint.italic = true,
                "underline" => paint.underline = true,
                "reverse" => paint.reverse = true,
                "on" => behind = true,
                _ => paint.ink(Ink::parse(word).ok_or_else(|| format!("\"{key}\": \"{word}\" is no colour"))?, behind),
            }
        }
        Ok(paint)
    }

    fn ink(&mut self, ink: Ink, behind: bool) {
        *(if behind { &mut self.bg } else { &mut self.fg }) = Some(ink);
    }
}

impl Ink {
    /// Parses `#rrggbb` or a name such as `bright-blue`.
    fn parse(word: &str) -> Option<Self> {
        if let Some(position) = ANSI_NAMES.iter().position(|name| *name == word) {
            return u8::try_from(position).ok().map(Self::Ansi);
        }
        let hex = word.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.is_ascii())?;
        let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok();
        Some(Self::Rgb(part(0)?, part(2)?, part(4)?))
    }
}

#[cfg(test)]
#[path = "theme_tests.rs"]
mod tests;
