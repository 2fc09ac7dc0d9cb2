//! `cache` and `forget`: what is kept of anybody's data.

use super::args::{CacheCommand, Format, OutputArgs};
use super::grid::{self, Grid, Side};
use super::out::Output;
use super::say::Say;
use super::source;
use crate::config::Paths;
use crate::engine::keeping::{self, Forgotten, Kept};
use crate::error::{Error, Result};
use crate::live;
use crate::plot::number;
use crate::task::Task;

/// Lists what is kept, or removes it.
pub fn cache(what: &CacheCommand) -> Result<()> {
    match what {
        CacheCommand::List(args) => Output::of(args)?.write(&listed(&keeping::list(&paths()?)?, args)?),
        CacheCommand::Clear(args) => {
            let gone = keeping::clear(&paths()?)?;
            Say::new(args.quiet).line(&match gone.len() {
                0 => "Nothing was kept.".to_owned(),
                1 => "1 file removed.".to_owned(),
                count => format!("{count} files removed."),
            });
            Ok(())
        }
    }
}

/// Removes a person, and says from what.
pub fn forget(id: &str, args: &OutputArgs) -> Result<()> {
    let say = Say::new(args.quiet);
    let streams = live::forget(&paths()?, id)?;
    let done = keeping::forget(&paths()?, id, &Task::default())?;
    streams.iter().for_each(|stream| say.line(&stream.words()));
    if done.is_empty() && streams.is_empty() {
        say.line("Nothing that is kept names this id.");
    }
    for change in &done {
        say.line(&match change {
            Forgotten::Removed(path) => format!("removed: {}", path.display()),
            Forgotten::Lines(path, lines) => format!("{lines} lines taken out: {}", path.display()),
        });
    }
    Ok(())
}

fn paths() -> Result<Paths> {
    Paths::of_user().ok_or_else(|| Error::failed("there is no home folder"))
}

fn listed(kept: &[Kept], args: &OutputArgs) -> Result<String> {
    let output = Output::of(args)?;
    let rows =
        kept.iter().map(|file| vec![file.what.to_owned(), file.bytes.to_string(), file.path.display().to_string()]);
    Ok(match output.format {
        Format::Json => source::json(&kept)?,
        Format::Csv => grid::csv(&["what", "bytes", "path"], rows),
        Format::Table | Format::Md if kept.is_empty() => "nothing is kept\n".to_owned(),
        format => {
            let mut grid = Grid::new([("what", Side::Left), ("bytes", Side::Right), ("path", Side::Left)]);
            kept.iter().zip(rows).for_each(|(file, mut row)| {
                row[1] = number::whole(usize::try_from(file.bytes).unwrap_or(usize::MAX));
                grid.push(row);
            });
            if format == Format::Md { grid.markdown() } else { grid.lines(None).join("\n") + "\n" }
        }
    })
}
