//! Bearer tokens by scope: hashed at rest, compared in constant time.

use std::fmt::Write;
use std::path::Path;

use rand::RngCore;
use rand::rngs::OsRng;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::error::{Error, Result};

/// What a token is good for. Each scope holds those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// To ask: predictions, the model, its segments.
    Predict,
    /// To train as well.
    Train,
    /// To change what serves.
    Admin,
}

impl Scope {
    /// The scopes as they are written.
    pub const NAMES: [(&'static str, Self); 3] =
        [("predict", Self::Predict), ("train", Self::Train), ("admin", Self::Admin)];
}

/// The tokens that a server knows.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokens {
    #[serde(default, rename = "token")]
    list: Vec<Known>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    /// Whose it is, for the log.
    name: String,
    scope: Scope,
    sha256: String,
}

impl Tokens {
    /// Reads a file of `[[token]]` tables with `name`, `scope` and `sha256`.
    ///
    /// # Errors
    /// It cannot be read, or an entry is none.
    pub fn read(file: &Path) -> Result<Self> {
        let at = |error: Error| error.at(file.display().to_string());
        let text = std::fs::read_to_string(file)
            .map_err(|error| at(Error::failed(format!("the tokens cannot be read: {error}"))))?;
        let tokens: Self = toml::from_str(&text).map_err(|error| at(Error::failed(error.to_string().trim_end())))?;
        let is_hash = |known: &&Known| known.sha256.len() == 64 && known.sha256.bytes().all(|b| b.is_ascii_hexdigit());
        match tokens.list.iter().find(|known| !is_hash(known)) {
            Some(known) => Err(at(Error::failed(format!("the sha256 of token \"{}\" is no hash", known.name))
                .hint("`segmenta serve --new-token NAME` makes a token and its entry"))),
            None => Ok(tokens),
        }
    }

    /// Whether requests need none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whose token this is and what it is good for. All entries are compared, each in constant time.
    pub fn find(&self, token: &str) -> Option<(&str, Scope)> {
        let hash = hash(token);
        self.list.iter().fold(None, |found, known| {
            let same: bool = known.sha256.to_ascii_lowercase().as_bytes().ct_eq(hash.as_bytes()).into();
            if same { Some((known.name.as_str(), known.scope)) } else { found }
        })
    }
}

/// A new token, and the entry that makes a server know it.
pub fn new_token(name: &str, scope: Scope) -> (String, String) {
    let mut bytes = [0; 32];
    OsRng.fill_bytes(&mut bytes);
    let token = format!("sg_{}", hexadecimal(&bytes));
    let scope = Scope::NAMES.iter().find(|(_, of)| *of == scope).map_or("", |(name, _)| *name);
    let name = toml::Value::from(name);
    let entry = format!("[[token]]\nname = {name}\nscope = \"{scope}\"\nsha256 = \"{}\"\n", hash(&token));
    (token, entry)
}

fn hash(token: &str) -> String {
    hexadecimal(&Sha256::digest(token.as_bytes()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _infallible = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_token_is_known_by_its_hash() {
        // NIST's example of SHA-256.
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn a_new_token_is_known_by_its_entry_and_no_other_is() {
        let (token, entry) = new_token("the \"CRM\"", Scope::Train);
        let tokens: Tokens = toml::from_str(&entry).unwrap();
        assert_eq!(tokens.find(&token), Some(("the \"CRM\"", Scope::Train)));
        assert_eq!(tokens.find(&token[1..]), None);
        assert!(!entry.contains(&token));
        assert_ne!(new_token("a", Scope::Predict).0, new_token("a", Scope::Predict).0);
    }

    #[test]
    fn a_file_with_a_token_in_the_clear_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tokens.toml");
        std::fs::write(&file, "[[token]]\nname = \"crm\"\nscope = \"predict\"\nsha256 = \"secret\"\n").unwrap();
        assert!(Tokens::read(&file).unwrap_err().to_string().contains("\"crm\" is no hash"));
        std::fs::write(&file, "[[token]]\nname = \"crm\"\nscope = \"all\"\nsha256 = \"\"\n").unwrap();
        assert!(Tokens::read(&file).unwrap_err().to_string().contains("unknown variant"));
    }
}
