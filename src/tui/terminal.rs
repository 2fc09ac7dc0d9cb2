//! The terminal while the workbench has it, and as it was before.

use std::io::{self, Stdout, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::{Hide, SetCursorStyle, Show};
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::style::ResetColor;
use crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

use super::frame;
use super::screen::Screen;
use super::state::State;

/// Whether the modes are set now: they are undone once, by whoever comes first (quit, panic, signal).
static TAKEN: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// The terminal. Dropping it undoes every mode.
pub struct Terminal {
    screen: Screen<Stdout>,
}

impl Terminal {
    /// Takes the terminal: raw mode, alternate screen, mouse, bracketed paste. It is asked nothing.
    ///
    /// # Errors
    /// The terminal's own.
    pub fn take() -> io::Result<Self> {
        HOOK.call_once(restore_on_panic);
        set_modes()?;
        Ok(Self { screen: Screen::new(io::stdout()) })
    }

    /// Its size.
    ///
    /// # Errors
    /// The terminal's own.
    pub fn size(&self) -> io::Result<Size> {
        crossterm::terminal::size().map(Size::from)
    }

    /// Draws the state.
    ///
    /// # Errors
    /// The terminal's own.
    pub fn draw(&mut self, state: &State) -> io::Result<()> {
        let Size { width, height } = self.size()?;
        let mut picture = Buffer::empty(Rect::new(0, 0, width, height));
        let cursor = frame::draw(state, &mut picture);
        self.screen.show(&picture, cursor)
    }

    /// Forgets what is on the screen, so that the next frame paints every cell.
    pub fn repaint(&mut self) {
        self.screen.forget();
    }

    /// Hands a text to the terminal's clipboard (OSC 52); whether it takes it cannot be known.
    ///
    /// # Errors
    /// The terminal's own.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(self.screen.out(), crossterm::clipboard::CopyToClipboard::to_clipboard_from(text))
    }

    /// Gives the terminal back, stops the program as Ctrl-Z does, and takes the terminal again afterwards.
    ///
    /// # Errors
    /// The terminal's own.
    pub fn suspend(&mut self) -> io::Result<()> {
        undo_modes();
        #[cfg(unix)]
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
        self.resume()
    }

    /// Takes the terminal again after somebody else had it.
    ///
    /// # Errors
    /// The terminal's own.
    pub fn resume(&mut self) -> io::Result<()> {
        TAKEN.store(false, Ordering::SeqCst);
        set_modes()?;
        self.repaint();
        Ok(())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        undo_modes();
    }
}

fn set_modes() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let entered = execute!(io::stdout(), EnterAlternateScreen, EnableMouseCapture, EnableBracketedPaste, Hide);
    if entered.is_err() {
        undo_modes();
    }
    entered
}

/// Undoes every mode, whatever fails on the way.
fn undo_modes() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    let _ = queue!(out, EndSynchronizedUpdate, DisableBracketedPaste, DisableMouseCapture, ResetColor);
    let _ = queue!(out, SetCursorStyle::DefaultUserShape, LeaveAlternateScreen, Show);
    let _ = out.flush();
    let _ = disable_raw_mode();
}

/// A panic's message is read on the terminal as it was before. A panic in a worker is caught by its job: there the
/// terminal stays as it is.
fn restore_on_panic() {
    let main = std::thread::current().id();
    let former = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() == main {
            undo_modes();
            former(info);
        } else if !TAKEN.load(Ordering::SeqCst) {
            former(info);
        }
    }));
}
