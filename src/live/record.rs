//! The lines of state and log: JSON behind a checksum.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::place::Change;
use super::state::{Customer, Position};

/// Hexadecimal digits of a line's checksum.
const DIGITS: usize = 16;

/// A change that is still to be told somewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    /// The change.
    #[serde(flatten)]
    pub change: Change,
    /// Whether it is to be sent.
    pub send: bool,
}

/// What happened since the state was written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Record {
    /// Lines were taken: where the stream is now, customers as they are now, and what is to be told. All of it or none.
    Taken(Box<Taken>),
    /// All changes up to this number were printed.
    Printed(u64),
    /// This change was accepted by who is called.
    Accepted(u64),
    /// This change was given up and lies among the dead letters.
    Dead(u64),
}

/// Lines that were taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    /// Where the stream is now.
    pub position: Position,
    /// Customers as they are now.
    pub customers: Vec<Customer>,
    /// What is to be told.
    pub changes: Vec<Pending>,
}

/// Appends a value as a line.
pub fn write(value: &impl Serialize, out: &mut Vec<u8>) -> serde_json::Result<()> {
    let json = serde_json::to_vec(value)?;
    out.extend_from_slice(&checksum(&json));
    out.push(b' ');
    out.extend_from_slice(&json);
    out.push(b'\n');
    Ok(())
}

/// The value of a line without its end; `None` where it is not as it was written.
pub fn read<T: DeserializeOwned>(line: &[u8]) -> Option<T> {
    let (sum, json) = line.split_at_checked(DIGITS)?;
    let json = json.strip_prefix(b" ")?;
    (sum == checksum(json)).then(|| serde_json::from_slice(json).ok()).flatten()
}

fn checksum(bytes: &[u8]) -> [u8; DIGITS] {
    let hex = blake3::hash(bytes).to_hex();
    let mut digits = [0; DIGITS];
    digits.copy_from_slice(&hex.as_bytes()[..DIGITS]);
    digits
}
