//! Identifiers as keys of fixed size: equal exactly where the texts are.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use crate::matrix::Values;

/// An identifier. Texts of at most 15 bytes are the key itself; longer ones are a hash of 120 bits, whose text has
/// to be kept beside it; numbers are their bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key([u64; 2]);

const SHORT: usize = 15;
const NUMBER: u64 = 0x20 << 56;
const HASHED: u64 = 0x40 << 56;

impl Key {
    /// No identifier.
    pub const MISSING: Self = Self([0, 0]);

    /// The key of a text; an empty one is missing.
    pub fn of_text(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut packed = [0_u8; 16];
        if bytes.len() <= SHORT {
            packed[..bytes.len()].copy_from_slice(bytes);
            packed[SHORT] = bytes.len() as u8;
            return Self::from_bytes(packed);
        }
        packed.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
        let Self([low, high]) = Self::from_bytes(packed);
        Self([low, high >> 8 | HASHED])
    }

    /// The key of a number; NaN is missing.
    pub fn of_number(number: f64) -> Self {
        // Adding zero makes -0 and 0 one key.
        if number.is_nan() { Self::MISSING } else { Self([(number + 0.0).to_bits(), NUMBER]) }
    }

    /// Whether the text cannot be told from the key.
    pub fn is_hashed(self) -> bool {
        self.0[1] & HASHED != 0
    }

    /// The number that it was made of.
    pub fn number(self) -> Option<f64> {
        (self.0[1] == NUMBER).then(|| f64::from_bits(self.0[0]))
    }

    /// The text; `None` where only its hash is known.
    pub fn text(self) -> Option<String> {
        if let Some(number) = self.number() {
            return Some(number.to_string());
        }
        let bytes = self.to_bytes();
        let length = usize::from(bytes[SHORT]);
        (length <= SHORT).then(|| String::from_utf8_lossy(&bytes[..length]).into_owned())
    }

    /// All bits of the key in 64, well spread.
    pub fn mixed(self) -> u64 {
        let [low, high] = self.0;
        let mut bits =
            low.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ high.wrapping_mul(0xC2B2_AE3D_27D4_EB4F).rotate_left(31);
        bits = (bits ^ bits >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        bits = (bits ^ bits >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        bits ^ bits >> 32
    }

    /// As bytes, to be written.
    pub fn to_bytes(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.0[0].to_le_bytes());
        bytes[8..].copy_from_slice(&self.0[1].to_le_bytes());
        bytes
    }

    /// From [`Key::to_bytes`].
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        let bits = u128::from_le_bytes(bytes);
        Self([bits as u64, (bits >> 64) as u64])
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.mixed());
    }
}

/// The keys of a column, one a row, with the texts of those that are hashes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Keys {
    /// One a row.
    pub of: Vec<Key>,
    /// The texts of hashed keys.
    pub names: HashMap<Key, Box<str>>,
}

impl Keys {
    /// The keys of a column.
    pub fn of_column(values: &Values) -> Self {
        match values {
            Values::Number(numbers) => {
                Self { of: numbers.iter().map(|&number| Key::of_number(number)).collect(), names: HashMap::new() }
            }
            Values::Text(coded) => {
                let levels: Vec<Key> = coded.levels.iter().map(|level| Key::of_text(level)).collect();
                let key = |&code: &u32| levels.get(code as usize).copied().unwrap_or(Key::MISSING);
                let hashed = levels.iter().zip(&coded.levels).filter(|(key, _)| key.is_hashed());
                Self {
                    names: hashed.map(|(&key, level)| (key, level.as_str().into())).collect(),
                    of: coded.codes.iter().map(key).collect(),
                }
            }
        }
    }

    /// Adds the key of one more text.
    pub fn push(&mut self, text: &str) {
        let key = Key::of_text(text);
        if key.is_hashed() {
            self.names.entry(key).or_insert_with(|| text.into());
        }
        self.of.push(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::Coded;

    #[test]
    fn keys_give_their_texts_back() {
        for text in ["a", "0001", "exactly fifteen", "ünïcode"] {
            assert_eq!(Key::of_text(text).text().as_deref(), Some(text));
            assert!(!Key::of_text(text).is_hashed());
        }
        assert_eq!(Key::of_number(12346.0).text().as_deref(), Some("12346"));
        let long = Key::of_text("a text of more than fifteen bytes");
        assert!(long.is_hashed() && long.text().is_none());
        assert_ne!(long, Key::of_text("a text of more than fifteen bytes!"));
    }

    #[test]
    fn what_is_missing_has_no_key() {
        assert_eq!(Key::of_text(""), Key::MISSING);
        assert_eq!(Key::of_number(f64::NAN), Key::MISSING);
        assert_ne!(Key::of_number(0.0), Key::MISSING);
        assert_eq!(Key::of_number(-0.0), Key::of_number(0.0));
        let texts = Values::Text(Coded::from_texts([Some("b"), None, Some("b")]));
        assert_eq!(Keys::of_column(&texts).of, [Key::of_text("b"), Key::MISSING, Key::of_text("b")]);
    }

    #[test]
    fn bytes_are_read_back() {
        for key in [Key::of_text("0001"), Key::of_number(-1.5), Key::of_text("more than fifteen bytes")] {
            assert_eq!(Key::from_bytes(key.to_bytes()), key);
        }
    }
}
