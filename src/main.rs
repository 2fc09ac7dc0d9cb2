//! The binary: parse, choose the front end, exit code.

use std::process::ExitCode;

use segmenta::cli::{self, Cli, KeyRow, Opening};
use segmenta::error::{Error, Result};
use segmenta::tui;

fn main() -> ExitCode {
    let cli = cli::parse();
    let status = match front_end(&cli) {
        Ok(Some(opening)) => workbench(opening),
        Ok(None) => keys().map(|keys| cli::run(cli, &keys)),
        Err(error) => Err(error),
    };
    ExitCode::from(status.unwrap_or_else(|error| cli::report(&error)))
}

fn front_end(cli: &Cli) -> Result<Option<Opening>> {
    cli::begin_log()?;
    cli.workbench()
}

fn workbench(opening: Opening) -> Result<u8> {
    let ended = tui::start::open(tui::start::Opening {
        source: opening.source,
        choices: opening.choices,
        recipe: opening.recipe,
        color: opening.color,
        threads: opening.threads,
    })?;
    Ok(ended.map_or(0, |exit| exit as u8))
}

/// The workbench's keys, for `keys` and the manual page.
fn keys() -> Result<Vec<KeyRow>, Error> {
    let row = |command: tui::command::Command| KeyRow {
        place: command.place.title().to_owned(),
        keys: command.keys.iter().map(|&key| key.to_owned()).collect(),
        id: command.id.to_owned(),
        help: command.help.to_owned(),
    };
    Ok(tui::state::table_of(&tui::panes::all()).into_iter().map(row).collect())
}
