//! Key names as users write them: `ctrl-p`, `down`, `space`, `N`, `F1`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A key without its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// A character, upper case where shift was held.
    Char(char),
    /// A function key, 1 to 24.
    F(u8),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Cursor up.
    Up,
    /// Cursor down.
    Down,
    /// Cursor left.
    Left,
    /// Cursor right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
}

const NAMED: [(&str, Code); 18] = [
    ("space", Code::Char(' ')),
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("backtab", Code::BackTab),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("insert", Code::Insert),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    ("home", Code::Home),
    ("end", Code::End),
    ("pageup", Code::PageUp),
    ("pagedown", Code::PageDown),
    ("return", Code::Enter),
    ("escape", Code::Esc),
];

/// A key with its modifiers. Shift is part of a character (`N`), so it is a modifier of the other keys only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key {
    /// Which key.
    pub code: Code,
    /// Whether Ctrl was held.
    pub ctrl: bool,
    /// Whether Alt was held.
    pub alt: bool,
    /// Whether Shift was held (never for characters).
    pub shift: bool,
}

/// A key name that says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no key: write e.g. \"s\", \"ctrl-p\", \"down\", \"space\", \"F1\"")]
pub struct KeyError(String);

impl Key {
    /// The key without modifiers.
    pub fn plain(code: Code) -> Self {
        Self { code, ctrl: false, alt: false, shift: false }
    }

    /// The character, where the key types one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(char) if !self.ctrl && !self.alt => Some(char),
            _ => None,
        }
    }

    /// How footers and help show it, as short as it can be: `⏎`, `Space`, `^P`, `Esc`, `↓`; where these signs are missing, by
    /// words.
    pub fn label(self, words: bool) -> String {
        let name = match self.code {
            Code::Enter if !words => "⏎".to_owned(),
            Code::Up if !words => "↑".to_owned(),
            Code::Down if !words => "↓".to_owned(),
            Code::Left if !words => "←".to_owned(),
            Code::Right if !words => "→".to_owned(),
            Code::PageUp => "PgUp".to_owned(),
            Code::PageDown => "PgDn".to_owned(),
            Code::Delete => "Del".to_owned(),
            Code::BackTab => "Shift-Tab".to_owned(),
            Code::Char(char) if char != ' ' && self.ctrl => char.to_uppercase().to_string(),
            Code::Char(char) if char != ' ' => char.to_string(),
            code => capitalised(&code.name()),
        };
        let modifiers = [(self.ctrl, "Ctrl-"), (self.alt, "Alt-"), (self.shift, "Shift-")];
        modifiers.iter().filter(|(held, _)| *held).map(|(_, name)| *name).collect::<String>() + &name
    }
}

impl Code {
    fn name(self) -> String {
        match self {
            Self::F(number) => format!("F{number}"),
            Self::Char(char) if char != ' ' => char.to_string(),
            code => NAMED.iter().find(|(_, named)| *named == code).map_or_else(String::new, |(name, _)| (*name).into()),
        }
    }

    fn parse(name: &str) -> Option<Self> {
        let mut chars = name.chars();
        if let (Some(char), None) = (chars.next(), chars.next()) {
            return (!char.is_control()).then_some(Self::Char(char));
        }
        let lower = name.to_lowercase();
        let named = NAMED.iter().find(|(known, _)| *known == lower).map(|(_, code)| *code);
        named.or_else(|| {
            let number = lower.strip_prefix('f')?.parse().ok()?;
            (1..=24).contains(&number).then_some(Self::F(number))
        })
    }
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (mut ctrl, mut alt, mut shift, mut rest) = (false, false, false, text);
        while let Some((held, after)) = modifier(rest) {
            match held {
                "ctrl" => ctrl = true,
                "alt" => alt = true,
                _ => shift = true,
            }
            rest = after;
        }
        let code = Code::parse(rest).ok_or_else(|| KeyError(text.to_owned()))?;
        Ok(match code {
            Code::Char(char) if shift => {
                Self { code: Code::Char(char.to_uppercase().next().unwrap_or(char)), ctrl, alt, shift: false }
            }
            code => Self { code, ctrl, alt, shift },
        })
    }
}

fn modifier(text: &str) -> Option<(&str, &str)> {
    let (held, rest) = text.split_once('-')?;
    let known = ["ctrl", "alt", "shift"].into_iter().find(|name| name.eq_ignore_ascii_case(held))?;
    (!rest.is_empty()).then_some((known, rest))
}

fn capitalised(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

impl fmt::Display for Key {
    /// The name that parses back to this key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [(self.ctrl, "ctrl-"), (self.alt, "alt-"), (self.shift, "shift-")] {
            if held {
                f.write_str(name)?;
            }
        }
        f.write_str(&self.code.name())
    }
}

impl TryFrom<String> for Key {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Self, KeyError> {
        text.parse()
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.to_string()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_parse_and_come_back() {
        for name in ["s", "N", "ctrl-p", "down", "space", "enter", "esc", "backtab", "F1", "alt-x", "-", "ctrl--", ":"]
        {
            assert_eq!(name.parse::<Key>().unwrap().to_string(), name);
        }
        assert_eq!("Shift-n".parse::<Key>().unwrap().to_string(), "N");
        assert_eq!("Return".parse::<Key>().unwrap().to_string(), "enter");
    }

    #[test]
    fn what_is_no_key_is_named() {
        for name in ["", "ctrl-", "F25", "nope", "hyper-x"] {
            assert!(name.parse::<Key>().is_err(), "{name}");
        }
    }

    #[test]
    fn labels_are_short() {
        let label = |name: &str, ascii| name.parse::<Key>().unwrap().label(ascii);
        assert_eq!(label("enter", false), "⏎");
        assert_eq!(label("enter", true), "Enter");
        assert_eq!(label("ctrl-r", false), "Ctrl-R");
        assert_eq!(label("space", false), "Space");
        assert_eq!(label("N", false), "N");
    }
}
