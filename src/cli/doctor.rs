//! `doctor`: does the terminal, do the folders and settings allow what the workbench wants?

use std::io::{self, IsTerminal};
use std::path::Path;

use super::args::OutputArgs;
use super::grid::{Grid, Side};
use super::out::Output;
use crate::config::{Paths, Settings, Theme};
use crate::error::Result;

/// One thing that was looked at.
struct Check {
    what: &'static str,
    fine: bool,
    found: String,
}

/// Looks at everything and says what was found.
pub fn doctor(args: &OutputArgs) -> Result<()> {
    let output = Output::of(args)?;
    let mut grid = Grid::new([("", Side::Left), ("what", Side::Left), ("found", Side::Flow)]);
    for Check { what, fine, found } in checks() {
        grid.push(vec![if fine { "✓" } else { "!" }.to_owned(), what.to_owned(), found]);
    }
    output.write(&(grid.lines(Some(output.width())).join("\n") + "\n"))
}

fn checks() -> Vec<Check> {
    let mut checks = vec![version(), terminal(), size(), colours(), locale(), threads()];
    checks.extend(folders());
    checks
}

fn version() -> Check {
    let found = format!("{} for {} on {}", env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
    Check { what: "segmenta", fine: true, found }
}

fn terminal() -> Check {
    let term = variable("TERM");
    let (stdin, stdout) = (io::stdin().is_terminal(), io::stdout().is_terminal());
    let found = match (stdin && stdout, term.as_str()) {
        (false, _) => "input or output is no terminal: the workbench will not open here".to_owned(),
        (true, "" | "dumb") => "TERM is not set: the workbench needs a terminal that moves its cursor".to_owned(),
        (true, term) => term.to_owned(),
    };
    Check { what: "terminal", fine: stdin && stdout && !matches!(term.as_str(), "" | "dumb"), found }
}

fn size() -> Check {
    match io::stdout().is_terminal().then(crossterm::terminal::size) {
        Some(Ok((columns, rows))) => {
            let fine = columns >= 80 && rows >= 24;
            let wish = if fine { "" } else { ": the workbench wants 80 × 24 at least" };
            Check { what: "size", fine, found: format!("{columns} × {rows}{wish}") }
        }
        _ => Check { what: "size", fine: true, found: "not known without a terminal".to_owned() },
    }
}

fn colours() -> Check {
    let support = supports_color::on(supports_color::Stream::Stdout);
    let found = match support {
        _ if !variable("NO_COLOR").is_empty() => "none, NO_COLOR is set",
        Some(level) if level.has_16m => "16 million",
        Some(level) if level.has_256 => "256",
        Some(_) => "16",
        None => "none",
    };
    Check { what: "colours", fine: true, found: found.to_owned() }
}

fn locale() -> Check {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().map(variable).find(|value| !value.is_empty());
    let locale = locale.unwrap_or_default();
    let upper = locale.to_uppercase();
    let fine = upper.contains("UTF-8") || upper.contains("UTF8");
    let wish = if fine { "" } else { ": not UTF-8, so pictures are drawn in ASCII" };
    Check { what: "locale", fine, found: format!("{}{wish}", if locale.is_empty() { "not set" } else { &locale }) }
}

fn threads() -> Check {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Check { what: "threads", fine: true, found: format!("{cores}, memory budget 4GiB unless --memory says more") }
}

fn folders() -> Vec<Check> {
    let Some(paths) = Paths::of_user() else {
        return vec![Check { what: "home", fine: false, found: "there is none: set HOME".to_owned() }];
    };
    vec![config(&paths), theme(&paths), state(&paths.state)]
}

fn config(paths: &Paths) -> Check {
    let file = paths.settings();
    let (fine, found) = match Settings::read(&file) {
        Err(error) => (false, error.to_string()),
        Ok(read) if !read.warnings.is_empty() => (false, read.warnings.join("; ")),
        Ok(_) if file.exists() => (true, file.display().to_string()),
        Ok(_) => (true, format!("{} (not there: defaults)", file.display())),
    };
    Check { what: "config", fine, found }
}

fn theme(paths: &Paths) -> Check {
    let settings = Settings::read(&paths.settings()).map(|read| read.value).unwrap_or_default();
    let name = settings.theme.unwrap_or_else(|| "default".to_owned());
    let (fine, found) = match Theme::load(&name, Some(&paths.themes())) {
        Err(error) => (false, error.to_string()),
        Ok(read) if !read.warnings.is_empty() => (false, read.warnings.join("; ")),
        Ok(_) => (true, name),
    };
    Check { what: "theme", fine, found }
}

/// Sessions and logs need a folder that can be written; nothing is created for the look.
fn state(folder: &Path) -> Check {
    let existing = folder.ancestors().find(|folder| folder.exists());
    let fine = existing.is_some_and(|folder| {
        std::fs::metadata(folder).is_ok_and(|meta| meta.is_dir() && !meta.permissions().readonly())
    });
    let wish = if fine { "" } else { ": cannot be written, sessions and logs are lost" };
    Check { what: "state", fine, found: format!("{}{wish}", folder.display()) }
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}
