//! Pseudonyms in place of ids: the same id and key give the same pseudonym, without the key nobody gets back.

use super::ReportError;

/// A key with fewer bytes is guessed too easily.
const SHORTEST: usize = 16;
/// What the key is for: another use of the same secret gives other bits.
const CONTEXT: &str = "segmenta 2026-11-21 pseudonyms of customers";
/// Hexadecimal digits of a pseudonym: 128 bits.
const DIGITS: usize = 32;

/// Turns ids into pseudonyms: BLAKE3, keyed.
#[derive(Clone)]
pub struct Pseudonyms {
    key: [u8; 32],
}

impl std::fmt::Debug for Pseudonyms {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pseudonyms")
    }
}

impl Pseudonyms {
    /// By a secret; line ends around it do not count.
    ///
    /// # Errors
    /// It has fewer than 16 bytes.
    pub fn new(secret: &str) -> Result<Self, ReportError> {
        let secret = secret.trim();
        if secret.len() < SHORTEST {
            return Err(ReportError::ShortKey(SHORTEST));
        }
        Ok(Self { key: blake3::derive_key(CONTEXT, secret.as_bytes()) })
    }

    /// The pseudonym of an id, 32 hexadecimal digits; an empty one stays empty.
    pub fn of(&self, id: &str) -> String {
        if id.is_empty() {
            return String::new();
        }
        let hash = blake3::keyed_hash(&self.key, id.as_bytes()).to_hex();
        hash[..DIGITS].to_owned()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_key_decides_and_the_id_is_gone() {
        let (one, other) =
            (Pseudonyms::new("a secret of some length\n").unwrap(), Pseudonyms::new("another secret, longer").unwrap());
        assert_eq!(one.of("0001"), one.of("0001"));
        assert_eq!(one.of("0001"), Pseudonyms::new("a secret of some length").unwrap().of("0001"));
        assert_ne!(one.of("0001"), one.of("1"));
        assert_ne!(one.of("0001"), other.of("0001"));
        assert_eq!((one.of("0001").len(), one.of("").as_str()), (32, ""));
        assert!(!format!("{one:?}").contains("secret"));
        assert!(Pseudonyms::new("short").is_err());
    }
}
