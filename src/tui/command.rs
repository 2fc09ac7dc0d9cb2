//! The command table: it feeds dispatch, footer, help, palette, `segmenta keys` and the manual page.

/// Where a command works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// Everywhere.
    Everywhere,
    /// On one tab.
    Tab(super::action::Tab),
}

impl Place {
    /// A command of this place; the arguments are [`Command`]'s fields.
    pub const fn command(
        self,
        id: &'static str,
        title: &'static str,
        help: &'static str,
        keys: &'static [&'static str],
        footer: bool,
    ) -> Command {
        Command { id, title, help, keys, place: self, footer, at_cursor: false }
    }

    /// The place as listings call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::Tab(tab) => tab.title(),
        }
    }
}

/// One entry of the table. Each pane declares its own; `commands::all` puts them together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Command {
    /// The id by which keymaps and dispatch know it, e.g. `compare.sort`.
    pub id: &'static str,
    /// What the footer shows, one or two words, e.g. `sort`.
    pub title: &'static str,
    /// What it does, one sentence, as help and palette show it.
    pub help: &'static str,
    /// The default keys, e.g. `["s"]`, `["down", "j"]`, `["ctrl-p", ":"]`.
    pub keys: &'static [&'static str],
    /// Where it works.
    pub place: Place,
    /// Whether the footer shows it (the most useful ones of a place; in table order).
    pub footer: bool,
    /// Whether it changes what stands under the cursor of its place: never while that is out of sight.
    pub at_cursor: bool,
}

impl Command {
    /// The same, of what stands under the cursor.
    pub const fn at_cursor(self) -> Self {
        Self { at_cursor: true, ..self }
    }
}
