//! A line that is being typed.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::look::Look;
use crate::tui::panes::OpenKey;
use crate::tui::widgets::text;

/// The keys of a line.
pub const KEYS: &[OpenKey] = &[("enter", "takes it"), ("esc", "leaves it as it was")];

/// A line of text with a cursor behind its last character.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Editor {
    text: String,
    /// Whether all of it is replaced by the first letter that is typed.
    selected: bool,
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
        Self { text: text.into(), selected: false }
    }

    /// Begins with this text, which the first letter replaces; any other key keeps it.
    pub fn replacing(text: impl Into<String>) -> Self {
        Self { text: text.into(), selected: true }
    }

    /// What stands on the line.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Takes a key.
    pub fn key(&mut self, key: KeyEvent) -> Typed {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let selected = std::mem::take(&mut self.selected);
        match key.code {
            KeyCode::Char(char) if selected && !control && !char.is_control() => self.text = char.to_string(),
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
        let style = if self.selected { look.selected() } else { look.text() };
        text::put_spans(buf, at, area.y, area.right() - at, &[(&shown, style), (" ", look.selected())]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(editor: &mut Editor, code: KeyCode, modifiers: KeyModifiers) -> Typed {
        editor.key(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn what_is_selected_is_replaced_by_the_first_letter_and_kept_by_any_other_key() {
        let mut editor = Editor::replacing("Old name");
        "New".chars().for_each(|char| drop(press(&mut editor, KeyCode::Char(char), KeyModifiers::NONE)));
        assert_eq!(editor.text(), "New");
        let mut editor = Editor::replacing("Old name");
        press(&mut editor, KeyCode::End, KeyModifiers::NONE);
        press(&mut editor, KeyCode::Char('s'), KeyModifiers::NONE);
        assert_eq!(editor.text(), "Old names");
        let mut editor = Editor::replacing("Old name");
        press(&mut editor, KeyCode::Backspace, KeyModifiers::NONE);
        assert_eq!(editor.text(), "Old nam");
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
