//! The playbook in force.

use crate::config::Paths;
use crate::error::Result;
use crate::recipe::{Playbook, Recipe};

/// The recipe's plays, then the user's own (`playbook.toml` in the config folder), then the built-in ones.
///
/// # Errors
/// The user's playbook is broken: the line and the key.
pub fn of(recipe: &Recipe) -> Result<Playbook> {
    let of_recipe = Playbook { traits: recipe.traits.clone(), plays: recipe.plays.clone() };
    let book = Playbook::built_in();
    let file = Paths::of_user().map(|paths| paths.playbook());
    let book = match file.as_ref().and_then(|file| Some((file, std::fs::read_to_string(file).ok()?))) {
        Some((file, text)) => book.overruled_by(&Playbook::from_toml(&text, file)?),
        None => book,
    };
    Ok(book.overruled_by(&of_recipe))
}
