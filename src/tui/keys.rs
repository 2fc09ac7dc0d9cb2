//! From the terminal's key events to key names.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::config::{Code, Key};

/// The key of an event, `None` for releases and keys that have no name here.
pub fn key(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let held = |modifier| event.modifiers.contains(modifier);
    let code = code(event.code)?;
    // Shift is part of a character already, and of Shift-Tab.
    let shift = held(KeyModifiers::SHIFT) && !matches!(code, Code::Char(_) | Code::BackTab);
    Some(Key { code, ctrl: held(KeyModifiers::CONTROL), alt: held(KeyModifiers::ALT), shift })
}

fn code(code: KeyCode) -> Option<Code> {
    Some(match code {
        KeyCode::Char(char) => Code::Char(char),
        KeyCode::F(number) => Code::F(number),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(code: KeyCode, modifiers: KeyModifiers) -> Option<String> {
        key(KeyEvent::new(code, modifiers)).map(|key| key.to_string())
    }

    #[test]
    fn events_have_the_names_that_users_write() {
        let none = KeyModifiers::NONE;
        assert_eq!(name(KeyCode::Char('N'), KeyModifiers::SHIFT).as_deref(), Some("N"));
        assert_eq!(name(KeyCode::Char('p'), KeyModifiers::CONTROL).as_deref(), Some("ctrl-p"));
        assert_eq!(name(KeyCode::Char(' '), none).as_deref(), Some("space"));
        assert_eq!(name(KeyCode::BackTab, KeyModifiers::SHIFT).as_deref(), Some("backtab"));
        assert_eq!(name(KeyCode::Up, KeyModifiers::SHIFT).as_deref(), Some("shift-up"));
        assert_eq!(name(KeyCode::CapsLock, none), None);
    }
}
