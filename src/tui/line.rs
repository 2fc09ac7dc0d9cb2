//! One line of text that is being typed.

use crate::config::{Code, Key};

/// A line with its cursor (counted in characters).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    text: String,
    cursor: usize,
}

impl Line {
    /// A line with this text, the cursor behind it.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { cursor: text.chars().count(), text }
    }

    /// What stands there.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What stands before the cursor.
    pub fn before(&self) -> &str {
        &self.text[..self.byte(self.cursor)]
    }

    /// Takes a key; `false` where it means nothing here.
    pub fn press(&mut self, key: Key) -> bool {
        match (key.code, key.ctrl) {
            (Code::Char('a'), true) | (Code::Home, _) => self.cursor = 0,
            (Code::Char('e'), true) | (Code::End, _) => self.cursor = self.text.chars().count(),
            (Code::Char('u'), true) => self.remove(0),
            (Code::Char('w'), true) => self.remove(self.word_start()),
            (Code::Left, _) => self.cursor = self.cursor.saturating_sub(1),
            (Code::Right, _) => self.cursor = (self.cursor + 1).min(self.text.chars().count()),
            (Code::Backspace, _) => self.remove(self.cursor.saturating_sub(1)),
            (Code::Delete, _) => self.delete(),
            _ => match key.typed() {
                Some(char) => self.insert(char),
                None => return false,
            },
        }
        true
    }

    /// Inserts pasted text, its line ends as spaces.
    pub fn paste(&mut self, text: &str) {
        text.trim().chars().map(|char| if char.is_control() { ' ' } else { char }).for_each(|char| self.insert(char));
    }

    fn insert(&mut self, char: char) {
        let at = self.byte(self.cursor);
        self.text.insert(at, char);
        self.cursor += 1;
    }

    /// Removes what stands between `from` and the cursor.
    fn remove(&mut self, from: usize) {
        let range = self.byte(from)..self.byte(self.cursor);
        self.text.replace_range(range, "");
        self.cursor = from;
    }

    fn delete(&mut self) {
        if self.cursor < self.text.chars().count() {
            self.cursor += 1;
            self.remove(self.cursor - 1);
        }
    }

    fn word_start(&self) -> usize {
        let before: Vec<char> = self.before().chars().collect();
        let end = before.iter().rposition(|char| !char.is_whitespace()).map_or(0, |at| at + 1);
        before[..end].iter().rposition(|char| char.is_whitespace()).map_or(0, |at| at + 1)
    }

    fn byte(&self, character: usize) -> usize {
        self.text.char_indices().nth(character).map_or(self.text.len(), |(at, _)| at)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn press(line: &mut Line, keys: &[&str]) {
        for key in keys {
            assert!(line.press(key.parse().unwrap()));
        }
    }

    #[test]
    fn editing_is_by_characters_not_bytes() {
        let mut line = Line::new("größe");
        press(&mut line, &["backspace", "left", "delete", "home", "right", "ü", "end", "!"]);
        assert_eq!(line.text(), "gürö!");
        press(&mut line, &["ctrl-u"]);
        assert_eq!(line, Line::default());
    }

    #[test]
    fn ctrl_w_takes_a_word() {
        let mut line = Line::new("one two  ");
        press(&mut line, &["ctrl-w"]);
        assert_eq!(line.text(), "one ");
    }

    #[test]
    fn a_paste_is_one_line() {
        let mut line = Line::new("a");
        line.paste("b\nc\n");
        assert_eq!(line.text(), "ab c");
        assert!(!line.press("F3".parse().unwrap()));
    }
}
