//! Opens the workbench: settings, theme, terminal abilities, engine, loop.

use std::path::Path;

use super::engine::{Engine, Pools};
use super::state::Start;
use super::work::Beginning;
use super::{app, detect, panes};
use crate::config::{ColorChoice, Paths, Read, Settings, Theme};
use crate::engine::pool;
use crate::engine::values::Choices;
use crate::error::{Exit, Result};
use crate::recipe::Recipe;
use crate::table::SourceSpec;

/// What the command line says about the workbench.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The source.
    pub source: SourceSpec,
    /// What the user chose on top of what the table proposes.
    pub choices: Choices,
    /// A recipe to go on with in place of the proposal.
    pub recipe: Option<Recipe>,
    /// When colours are used; `None`: as the settings say.
    pub color: Option<ColorChoice>,
    /// Worker threads; `None`: one a core.
    pub threads: Option<usize>,
}

/// The theme where nothing is said: it paints no background and reads on dark and light.
const DEFAULT_THEME: &str = "default";

/// Runs the workbench until it is left. What ended it from outside, if something did.
///
/// # Errors
/// Broken settings, no threads, no terminal.
pub fn open(opening: Opening) -> Result<Option<Exit>> {
    let paths = Paths::of_user();
    let Read { value: settings, mut warnings } = settings(paths.as_ref())?;
    let themes = paths.as_ref().map(Paths::themes);
    let theme = theme(&settings, themes.as_deref(), &mut warnings)?;
    let color = opening.color.or(settings.color).unwrap_or_default();
    let start = Start {
        source: opening.source,
        theme,
        themes,
        depth: detect::depth(color),
        glyphs: detect::glyphs(settings.glyphs.unwrap_or_default()),
        keymap: settings.keymap,
        warnings,
    };
    let pools = Pools { study: pool::workers(opening.threads)?, short: pool::workers(opening.threads)? };
    let beginning = Beginning { choices: opening.choices, recipe: opening.recipe };
    let mut engine = Engine::new(pools, beginning);
    app::run(start, panes::all(), &mut engine, color, None)
}

fn settings(paths: Option<&Paths>) -> Result<Read<Settings>> {
    match paths.map(Paths::settings) {
        Some(file) => Ok(Settings::read(&file)?),
        None => Ok(Read { value: Settings::default(), warnings: Vec::new() }),
    }
}

fn theme(settings: &Settings, folder: Option<&Path>, warnings: &mut Vec<String>) -> Result<Theme> {
    let name = settings.theme.as_deref().unwrap_or(DEFAULT_THEME);
    let read = Theme::load(name, folder)?;
    warnings.extend(read.warnings);
    Ok(read.value)
}
