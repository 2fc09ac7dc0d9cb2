//! A line that is being typed.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::look::Look;
use crate::tui::widgets::text;

/// A line of text with a cursor behind its last character.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Editor {
    text: String,
}

/// What a key did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// The line is still being typed.
    On,
    /// Enter: the line, without blanks around it.
    Done(String),
    /// Esc.
    Dropped,
}

impl Editor {
    /// Begins with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// What stands on the line.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Takes a key.
    pub fn key(&mut self, key: KeyEvent) -> Typed {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Enter => return Typed::Done(self.text.trim().to_owned()),
            KeyCode::Esc => return Typed::Dropped,
            KeyCode::Char('u') if control => self.text.clear(),
            KeyCode::Char('w') if control => self.drop_word(),
            KeyCode::Char(char) if !control && !char.is_control() => self.text.push(char),
            KeyCode::Backspace => drop(self.text.pop()),
            _ => (),
        }
        Typed::On
    }

    fn drop_word(&mut self) {
        let kept = self.text.trim_end().rfind(' ').map_or(0, |at| at + 1);
        self.text.truncate(kept);
    }

    /// Draws `prompt` and the line; its end stays in sight.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, prompt: &str, look: &Look) {
        text::clear(buf, Rect { height: 1, ..area }, look);
        let at = text::put_spans(buf, area.x, area.y, area.width, &[(prompt, look.strong()), (" ", look.text())]);
        let room = area.right().saturating_sub(at + 1) as usize;
        let hidden = self.text.chars().count().saturating_sub(room);
        let shown: String = self.text.chars().skip(hidden).collect();
        text::put_spans(buf, at, area.y, area.right() - at, &[(&shown, look.text()), (" ", look.selected())]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(editor: &mut Editor, code: KeyCode, modifiers: KeyModifiers) -> Typed {
        editor.key(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn a_name_is_typed_and_mended() {
        let mut editor = Editor::new("Big spenders");
        press(&mut editor, KeyCode::Char('w'), KeyModifiers::CONTROL);
        "buyersx".chars().for_each(|char| drop(press(&mut editor, KeyCode::Char(char), KeyModifiers::NONE)));
        press(&mut editor, KeyCode::Backspace, KeyModifiers::NONE);
        assert_eq!(press(&mut editor, KeyCode::Enter, KeyModifiers::NONE), Typed::Done("Big buyers".to_owned()));
        assert_eq!(press(&mut editor, KeyCode::Esc, KeyModifiers::NONE), Typed::Dropped);
    }
}
