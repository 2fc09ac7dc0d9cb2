//! Where in its file a recipe is wrong about the data.

use std::ops::Range;
use std::path::Path;

use toml_edit::{Document, Item, TableLike, Value};

use super::read::place;
use crate::error::Error;
use crate::recipe::RecipeError;

/// The error with file and line, where the recipe's text says something that the table does not have.
pub fn located(error: Error, text: &str, file: &Path) -> Error {
    let found = error.source.as_ref().and_then(|source| source.downcast_ref::<RecipeError>());
    let at = found.and_then(|found| span(found, text));
    match at {
        Some(at) => {
            let line = place(file, text, at.start);
            let place = error.place.as_ref().map_or_else(|| line.clone(), |place| format!("{line}: {place}"));
            error.at(place)
        }
        None => error,
    }
}

fn span(error: &RecipeError, text: &str) -> Option<Range<usize>> {
    let document = Document::parse(text).ok()?;
    let root: &dyn TableLike = document.as_table();
    match error {
        RecipeError::NoColumn { column, place, .. } => match place.strip_prefix("step ") {
            Some(word) => of_step(root, word.trim_matches('"'), column),
            None => of_path(root, place).and_then(|item| of_text(item, column)),
        },
        RecipeError::TwoRoles { column, second, .. } => of_path(root, second).and_then(|item| of_text(item, column)),
        RecipeError::Step { place, .. } => {
            let (word, columns) = place.split_once(" of \"").unwrap_or((place, ""));
            of_step(root, word, columns.split('"').next().unwrap_or_default())
        }
        _ => None,
    }
}

/// The item under `roles.cluster`.
fn of_path<'a>(root: &'a dyn TableLike, path: &str) -> Option<&'a Item> {
    let (section, key) = path.split_once('.')?;
    root.get(section)?.as_table_like()?.get(key)
}

/// The text itself, within a list its element.
fn of_text(item: &Item, text: &str) -> Option<Range<usize>> {
    match item {
        Item::Value(Value::Array(list)) => list.iter().filter(|value| value.as_str() == Some(text)).last()?.span(),
        item if item.as_str() == Some(text) => item.span(),
        _ => None,
    }
}

/// The column in the step of this word that names it.
fn of_step(root: &dyn TableLike, word: &str, column: &str) -> Option<Range<usize>> {
    let steps = root.get("step")?.as_array_of_tables()?;
    let same = steps.iter().filter(|step| step.get("do").and_then(Item::as_str) == Some(word));
    let named = same.filter_map(|step| match column {
        "" => step.get("do")?.span(),
        _ => {
            let at = step.iter().find_map(|(_, item)| of_text(item, column))?;
            // What is wrong with a column that is made is its expression.
            step.get("expression").and_then(Item::span).or(Some(at))
        }
    });
    named.last()
}
