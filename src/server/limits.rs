//! How much one request, and all of them, may ask for.

use std::num::NonZeroU32;
use std::time::Duration;

/// The limits of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body.
    pub body: usize,
    /// Rows of a request.
    pub rows: usize,
    /// From the head of a request to the end of its answer.
    pub time: Duration,
    /// Requests that are worked on at once.
    pub at_once: usize,
    /// Requests a second from one address; `None`: any number.
    pub rate: Option<NonZeroU32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body: 64 << 20, rows: 200_000, time: Duration::from_secs(30), at_once: 512, rate: None }
    }
}
