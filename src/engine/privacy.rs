//! How people are kept out of what is handed over: pseudonyms in place of ids, and segments too small to be shown.

use std::path::Path;

use crate::error::{Error, Result};
use crate::plot::number;
use crate::report::Pseudonyms;
use crate::segments::Segments;

/// In a segment of fewer customers single persons could be told.
pub const SMALL: usize = 5;
/// The variable that holds the key of pseudonyms.
pub const KEY: &str = "SEGMENTA_PSEUDONYM_KEY";

/// How people are kept out of what is handed over.
#[derive(Debug, Clone)]
pub struct Privacy {
    /// In place of ids; personal data are masked then.
    pub pseudonyms: Option<Pseudonyms>,
    /// Segments of fewer customers are flagged.
    pub k: usize,
    /// Whether those are left out of reports.
    pub hides_small: bool,
}

impl Default for Privacy {
    fn default() -> Self {
        Self { pseudonyms: None, k: SMALL, hides_small: false }
    }
}

/// The pseudonyms of the key in this file, else in the environment: never on the command line, where others see it.
///
/// # Errors
/// There is no key, it cannot be read, or it is too short.
pub fn pseudonyms(file: Option<&Path>) -> Result<Pseudonyms> {
    let secret = match file {
        Some(file) => std::fs::read_to_string(file).map_err(|error| {
            Error::failed(format!("the key cannot be read: {error}")).at(file.display().to_string())
        })?,
        None => std::env::var(KEY).map_err(|_| {
            Error::usage("pseudonyms need a key")
                .hint(format!("put it into the variable {KEY}, or into a file named by --pseudonym-key"))
        })?,
    };
    Ok(Pseudonyms::new(&secret)?)
}

impl Privacy {
    /// The segments as a report may show them, and what is to be said about those that are too small.
    pub fn of_report(&self, mut segments: Segments) -> (Segments, Option<String>) {
        let small: Vec<u32> =
            segments.list.iter().filter(|segment| segment.size < self.k).map(|segment| segment.number).collect();
        if small.is_empty() {
            return (segments, None);
        }
        if self.hides_small {
            segments.list.retain(|segment| segment.size >= self.k);
        }
        let said = self.warning(&small);
        (segments, Some(said))
    }

    /// `segments 4 and 7 have fewer than 5 customers: single persons could be told`.
    fn warning(&self, small: &[u32]) -> String {
        let numbers: Vec<String> = small.iter().map(ToString::to_string).collect();
        let which = match numbers.as_slice() {
            [one] => format!("Segment {one} has"),
            [most @ .., last] => format!("Segments {} and {last} have", most.join(", ")),
            [] => String::new(),
        };
        let then =
            if self.hides_small { "left out" } else { "single persons could be told (--hide-small leaves it out)" };
        format!("{which} fewer than {} customers: {then}.", number::whole(self.k))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn privacy(hides_small: bool) -> Privacy {
        Privacy { k: 10, hides_small, ..Privacy::default() }
    }

    #[test]
    fn small_segments_are_named() {
        let flag = "Segment 4 has fewer than 10 customers: single persons could be told (--hide-small leaves it out).";
        assert_eq!(privacy(false).warning(&[4]), flag);
        assert_eq!(privacy(true).warning(&[4, 6, 7]), "Segments 4, 6 and 7 have fewer than 10 customers: left out.");
    }
}
