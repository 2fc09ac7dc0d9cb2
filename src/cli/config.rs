//! `config`: the settings in force, and where they are read from.

use std::fmt::Write;

use super::args::ConfigCommand;
use super::out::print;
use super::say::Say;
use crate::config::{ColorChoice, GlyphChoice, Paths, Settings};
use crate::error::{Error, Result};

/// Prints the settings or the path of their file.
pub fn config(what: ConfigCommand) -> Result<()> {
    let paths = paths()?;
    match what {
        ConfigCommand::Path => print(&format!("{}\n", paths.settings().display())),
        ConfigCommand::Print => {
            let read = Settings::read(&paths.settings())?;
            read.warnings.iter().for_each(|warning| Say::new(false).line(warning));
            print(&toml(&read.value))
        }
    }
}

/// The user's folders.
///
/// # Errors
/// There is no home.
pub fn paths() -> Result<Paths> {
    Paths::of_user().ok_or_else(|| Error::failed("there is no home folder").hint("set HOME or XDG_CONFIG_HOME"))
}

/// The settings as the config file takes them, defaults included.
fn toml(settings: &Settings) -> String {
    let mut text = format!("theme = {:?}\n", settings.theme.as_deref().unwrap_or("default"));
    let _ = writeln!(text, "glyphs = \"{}\"", name(&GlyphChoice::NAMES, settings.glyphs.unwrap_or_default()));
    let _ = writeln!(text, "color = \"{}\"", name(&ColorChoice::NAMES, settings.color.unwrap_or_default()));
    let _ = writeln!(text, "\n[keymap]");
    for (id, keys) in &settings.keymap {
        let keys: Vec<String> = keys.iter().map(|key| format!("{:?}", key.to_string())).collect();
        let _ = writeln!(text, "{id:?} = [{}]", keys.join(", "));
    }
    text
}

fn name<T: PartialEq>(names: &[(&'static str, T)], choice: T) -> &'static str {
    names.iter().find(|(_, known)| *known == choice).map_or("auto", |(name, _)| name)
}
