//! Reading a recipe, and writing it.

use std::path::Path;

use toml_edit::{Document, Item, TableLike};

use super::schema::{check_step, meant};
use crate::recipe::{Recipe, RecipeError};

const HEADER: &str = "# A segmenta recipe: `segmenta run` with this file does it all again.\n\n";

impl Recipe {
    /// Reads a recipe; `file` stands in the errors.
    ///
    /// # Errors
    /// [`RecipeError::Toml`] with file, line, key and the nearest valid word; [`RecipeError::Version`].
    pub fn from_toml(text: &str, file: impl AsRef<Path>) -> Result<Self, RecipeError> {
        check_steps(text, file.as_ref())?;
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

/// serde loses the place of an error inside a step, so the steps are checked before it.
fn check_steps(text: &str, file: &Path) -> Result<(), RecipeError> {
    let Ok(document) = Document::parse(text) else { return Ok(()) };
    let steps: Vec<(&dyn TableLike, Option<std::ops::Range<usize>>)> = match document.get("step") {
        Some(Item::ArrayOfTables(list)) => list.iter().map(|step| (step as &dyn TableLike, step.span())).collect(),
        Some(Item::Value(toml_edit::Value::Array(list))) => list
            .iter()
            .filter_map(|step| step.as_inline_table().map(|table| (table as &dyn TableLike, table.span())))
            .collect(),
        _ => Vec::new(),
    };
    for (step, span) in steps {
        check_step(step, span.unwrap_or_default()).map_err(|wrong| RecipeError::Toml {
            place: place(file, text, wrong.at.start),
            what: wrong.what,
            hint: wrong.hint,
        })?;
    }
    Ok(())
}

/// `recipe.toml:12`.
pub(super) fn place(file: &Path, text: &str, at: usize) -> String {
    let line = text.bytes().take(at).filter(|&byte| byte == b'\n').count() + 1;
    format!("{}:{line}", file.display())
}

/// serde names the wrong word and the valid ones between backticks.
pub(in crate::recipe) fn explain(error: &toml::de::Error, text: &str, file: &Path) -> RecipeError {
    let first_line = error.message().lines().next().unwrap_or_default();
    let words: Vec<&str> = first_line.split('`').skip(1).step_by(2).collect();
    let wrong = words.first().copied().unwrap_or_default();
    let at = error.span().map_or(0, |span| span.start);
    let valid = || meant(wrong, words[1..].iter().copied());
    let (what, hint) = match first_line.split_once(" `").map(|(kind, _)| kind) {
        Some("unknown field") => (format!("unknown key \"{wrong}\""), valid()),
        Some("unknown variant") => (format!("unknown word \"{wrong}\""), valid()),
        Some("missing field") => (format!("the key \"{wrong}\" is missing"), None),
        _ => mistyped(first_line, text, at).unwrap_or_else(|| (first_line.replace('`', "\""), None)),
    };
    RecipeError::Toml { place: place(file, text, at), what, hint }
}

/// `invalid type: integer, expected a sequence` in words, with the key that the value stands under.
fn mistyped(said: &str, text: &str, at: usize) -> Option<(String, Option<String>)> {
    let (found, expected) = said.strip_prefix("invalid type: ")?.split_once(", expected ")?;
    let key = key_at(text, at)?;
    let found = found.replace('`', "").replace("string ", "the text ").replace("integer ", "the number ");
    let found = found.replace("floating point ", "the number ").replace("boolean ", "");
    let found = found.replace("sequence", "a list").replace("map", "a table");
    Some((format!("the key \"{key}\" holds {found}"), Some(format!("it takes {}", in_words(expected)))))
}

fn in_words(expected: &str) -> &str {
    match expected {
        "a sequence" => "a list",
        "a string" | "path string" => "a text",
        "a boolean" => "true or false",
        "f64" | "f32" => "a number",
        "u32" | "u64" | "usize" => "a whole number from 0",
        other => other.strip_prefix("struct ").map_or(other, |_| "a table"),
    }
}

/// The key on the last line up to this place that has one.
fn key_at(text: &str, at: usize) -> Option<&str> {
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    let keys = text[..end].lines().rev().filter_map(|line| line.split_once('=').map(|(key, _)| key.trim()));
    keys.map(|key| key.trim_matches('"')).find(|key| !key.is_empty() && !key.starts_with(['#', '[', '"']))
}

/// TOML's integers end at `i64::MAX`: larger seeds are written as text.
pub(crate) mod seed {
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
