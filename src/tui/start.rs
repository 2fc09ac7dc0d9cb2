//! Opens the workbench: settings, theme, terminal abilities, engine, loop.

use std::io::{self, Write};
use std::path::Path;

use super::engine::{Engine, Pools};
use super::state::{Panes, Start};
use super::work::Beginning;
use super::{app, detect, panes};
use crate::config::{ColorChoice, Paths, Read, Settings, Theme};
use crate::engine::pool;
use crate::engine::sessions::{self, Found, Keeper, Place};
use crate::engine::values::Choices;
use crate::error::{Error, Exit, Result};
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
    /// Whether the last session is gone on with.
    pub resume: bool,
    /// Whether the source was named.
    pub named: bool,
}

/// The theme where nothing is said: it paints no background and reads on dark and light.
const DEFAULT_THEME: &str = "default";

/// Runs the workbench until it is left. What ended it from outside, if something did.
///
/// # Errors
/// Broken settings, no session to go on with, no threads, no terminal.
pub fn open(opening: Opening) -> Result<Option<Exit>> {
    open_with(opening, panes::all())
}

/// As [`open`], with these panes.
///
/// # Errors
/// As [`open`].
pub fn open_with(opening: Opening, panes: Panes) -> Result<Option<Exit>> {
    let paths = Paths::of_user();
    let Read { value: settings, mut warnings } = settings(paths.as_ref())?;
    let themes = paths.as_ref().map(Paths::themes);
    let theme = theme(&settings, themes.as_deref(), &mut warnings)?;
    let color = opening.color.or(settings.color).unwrap_or_default();
    let former = former(&opening, paths.as_ref())?;
    let place = place(&former, paths.as_ref(), &mut warnings);
    let (resumed, offered) = match former {
        Some(Former::Resumed(found)) => (Some(Box::new(found.session)), None),
        Some(Former::Offered(found)) => (None, Some(found)),
        None => (None, None),
    };
    let beginning =
        Beginning { choices: opening.choices, recipe: opening.recipe, sessions: paths.as_ref().map(sessions::folder) };
    let start = Start {
        source: opening.source,
        theme,
        themes,
        depth: detect::depth(color),
        glyphs: detect::glyphs(settings.glyphs.unwrap_or_default()),
        keymap: settings.keymap,
        warnings,
        resumed,
        offered: offered.map(|found| Box::new(found.session)),
        is_kept: place.is_some(),
        recent: recent(paths.as_ref()),
    };
    let truth = beginning.choices.truth.clone();
    let pools = Pools { study: pool::workers(opening.threads)?, short: pool::workers(opening.threads)? };
    let mut engine = Engine::new(pools, beginning);
    let keeper = place.and_then(|place| Keeper::begin(place).ok());
    let left = app::run(start, panes, &mut engine, (keeper, truth), None)?;
    if left.kept {
        // The terminal may be gone.
        let _unheard = writeln!(io::stderr(), "The session is kept: segmenta --resume goes on with it.");
    }
    Ok(left.ended)
}

/// The files that were opened last, as they are typed.
fn recent(paths: Option<&Paths>) -> Vec<String> {
    let files = paths.map(|paths| sessions::recent(&sessions::folder(paths))).unwrap_or_default();
    files.into_iter().map(|file| file.display().to_string()).collect()
}

/// A session of before.
enum Former {
    /// It is gone on with.
    Resumed(Found),
    /// It could be.
    Offered(Found),
}

/// The session that is asked for; where no file is named, the last one in which something was decided is offered. (One
/// of a file that is opened is offered when it is opened.)
fn former(opening: &Opening, paths: Option<&Paths>) -> Result<Option<Former>> {
    let Some(folder) = paths.map(sessions::folder) else { return Ok(None) };
    if !opening.resume {
        let found = sessions::newest(&folder, None).filter(|_| !opening.named && opening.recipe.is_none());
        return Ok(found.filter(|found| found.session.has_decisions()).map(Former::Offered));
    }
    match sessions::newest(&folder, opening.named.then_some(&opening.source)) {
        Some(found) => Ok(Some(Former::Resumed(found))),
        None => Err(Error::usage("no session is kept that could be gone on with").at("--resume").hint("name a file")),
    }
}

/// Where this session is kept: in its own folder, or in that of the session that is gone on with.
fn place(former: &Option<Former>, paths: Option<&Paths>, warnings: &mut Vec<String>) -> Option<Place> {
    let place = match former {
        Some(Former::Resumed(found)) => Place::take(&found.folder),
        _ => Place::begin(&sessions::folder(paths?)),
    };
    place.map_err(|error| warnings.push(error.to_string())).ok()
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
