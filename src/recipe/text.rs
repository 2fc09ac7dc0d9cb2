//! The recipe as TOML: errors that name the line and the word that was probably meant.

use std::path::Path;

use super::{Recipe, RecipeError};
use crate::error::nearest;

const HEADER: &str = "# A segmenta recipe: `segmenta run` with this file does it all again.\n\n";

impl Recipe {
    /// Reads a recipe; `file` stands in the errors.
    ///
    /// # Errors
    /// [`RecipeError::Toml`] with file, line, key and the nearest valid word; [`RecipeError::Version`].
    pub fn from_toml(text: &str, file: impl AsRef<Path>) -> Result<Self, RecipeError> {
        let recipe: Self = toml::from_str(text).map_err(|error| explain(&error, text, file.as_ref()))?;
        if recipe.version != 1 {
            return Err(RecipeError::Version(recipe.version));
        }
        Ok(recipe)
    }

    /// Writes the recipe: the same recipe gives the same bytes.
    pub fn to_toml(&self) -> String {
        let written = toml::to_string_pretty(self).or_else(|_| toml::to_string_pretty(&self.with_readable_paths()));
        HEADER.to_owned() + &written.unwrap_or_default()
    }

    /// The same recipe for TOML, which holds only UTF-8.
    fn with_readable_paths(&self) -> Self {
        let mut recipe = self.clone();
        for source in &mut recipe.source {
            source.path = source.path.to_string_lossy().into_owned().into();
        }
        recipe
    }
}

/// serde names the wrong word and the valid ones between backticks.
fn explain(error: &toml::de::Error, text: &str, file: &Path) -> RecipeError {
    let first_line = error.message().lines().next().unwrap_or_default();
    let words: Vec<&str> = first_line.split('`').skip(1).step_by(2).collect();
    let wrong = words.first().copied().unwrap_or_default();
    let start = error.span().map_or(0, |span| span.start);
    let (what, hint) = match first_line.split_once(" `").map(|(kind, _)| kind) {
        Some("unknown field") => (format!("unknown key \"{wrong}\""), suggest(wrong, &words[1..])),
        Some("unknown variant") => (format!("unknown word \"{wrong}\""), suggest(wrong, &words[1..])),
        Some("missing field") => (format!("the key \"{wrong}\" is missing"), None),
        _ => (first_line.replace('`', "\""), None),
    };
    let sought = if what.starts_with("unknown") { wrong } else { "" };
    RecipeError::Toml { place: format!("{}:{}", file.display(), line_of(sought, text, start)), what, hint }
}

fn suggest(wrong: &str, valid: &[&str]) -> Option<String> {
    match nearest(wrong, valid.iter().copied()) {
        Some(word) => Some(format!("did you mean \"{word}\"?")),
        None => (!valid.is_empty()).then(|| format!("one of: {}", valid.join(", "))),
    }
}

/// The line (from 1) on which `word` first stands from the start of the span on: the span of an error inside
/// a step covers its `[[step]]` only.
fn line_of(word: &str, text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let stands_alone = |at: &usize| {
        !rest[..*at].ends_with(is_part) && !rest[at + word.len()..].starts_with(is_part) && !word.is_empty()
    };
    let at = rest.match_indices(word).map(|(at, _)| at).find(stands_alone).unwrap_or(0);
    text.bytes().take(start + at).filter(|&byte| byte == b'\n').count() + 1
}

/// TOML's integers end at `i64::MAX`: larger seeds are written as text.
pub(super) mod seed {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a seed is a whole number from 0")]
    enum Written {
        Number(u64),
        Text(String),
    }

    pub fn serialize<S: Serializer>(seed: &u64, out: S) -> Result<S::Ok, S::Error> {
        match i64::try_from(*seed) {
            Ok(seed) => out.serialize_i64(seed),
            Err(_) => out.serialize_str(&seed.to_string()),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<u64, D::Error> {
        match Written::deserialize(input)? {
            Written::Number(seed) => Ok(seed),
            Written::Text(text) => text.parse().map_err(|_| D::Error::custom("a seed is a whole number from 0")),
        }
    }
}
