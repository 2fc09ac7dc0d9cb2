//! What a person writes about a segment.

use crate::segments::Segment;
use crate::tui::action::Request;

/// What is being written about a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// Its name.
    Name,
    /// A note.
    Note,
    /// What to try with it.
    Offer,
}

impl Written {
    /// The words before the line.
    pub fn title(self) -> &'static str {
        match self {
            Self::Name => "  name:",
            Self::Note => "  note:",
            Self::Offer => "  try:",
        }
    }

    /// What stands there now.
    pub fn of(self, segment: &Segment) -> String {
        match self {
            Self::Name => segment.name.clone(),
            Self::Note => segment.note.clone().unwrap_or_default(),
            Self::Offer => segment.to_try.clone().unwrap_or_default(),
        }
    }

    /// What is asked for once it is written.
    pub fn request(self, number: u32, words: String) -> Request {
        match self {
            Self::Name => Request::Rename(number, words),
            Self::Note => Request::Note(number, words),
            Self::Offer => Request::TryWith(number, words),
        }
    }
}
