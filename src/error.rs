//! The one error that reaches a user: what went wrong, where, and what to do about it.

use std::fmt;

/// How a command ends: the exit statuses that scripts rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The work failed: a file could not be read, nothing could be fitted.
    Failed = 1,
    /// Wrong usage, found before any data is read.
    Usage = 2,
    /// Done, but a check that was asked for says no.
    CheckFailed = 3,
    /// Cancelled by the user (SIGINT).
    Interrupted = 130,
    /// Ended from outside (SIGTERM).
    Terminated = 143,
}

/// A clear sentence for the user, with the exit status that goes with it.
///
/// Each room has its own `thiserror` enum that turns into this one.
#[derive(Debug)]
pub struct Error {
    /// The exit status of a command that ends with this error.
    pub exit: Exit,
    /// What went wrong, one sentence without a full stop.
    pub what: String,
    /// The file, line, column, option or recipe key it happened at.
    pub place: Option<String>,
    /// What the user can do about it.
    pub hint: Option<String>,
    /// The error underneath, for the log.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The result of every step that a front end may call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The work failed (exit 1).
    pub fn failed(what: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, what: what.into(), place: None, hint: None, source: None }
    }

    /// Wrong usage (exit 2).
    pub fn usage(what: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, ..Self::failed(what) }
    }

    /// The user cancelled (exit 130).
    pub fn cancelled() -> Self {
        Self { exit: Exit::Interrupted, ..Self::failed("cancelled") }
    }

    /// The same error, saying where it happened.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// The same error, saying what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same error, keeping its cause.
    #[must_use]
    pub fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }
}

impl fmt::Display for Error {
    /// `place: what; hint`, on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.what)?;
        if let Some(hint) = &self.hint {
            write!(f, "; {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// The candidate nearest to `wanted` in spelling, if one is near enough to be worth suggesting.
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = wanted.to_lowercase();
    candidates
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&lower, &name.to_lowercase()), name))
        .filter(|(score, _)| *score >= 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_where_what_and_what_to_do() {
        let error = Error::usage("no column \"incom\"").at("--features").hint("did you mean \"Income\"?");
        assert_eq!(error.to_string(), "--features: no column \"incom\"; did you mean \"Income\"?");
        assert_eq!(error.exit as i32, 2);
    }

    #[test]
    fn the_nearest_name_ignores_case_and_refuses_what_is_far() {
        assert_eq!(nearest("incom", ["Age", "Income"]), Some("Income"));
        assert_eq!(nearest("zzz", ["Age", "Income"]), None);
    }
}
