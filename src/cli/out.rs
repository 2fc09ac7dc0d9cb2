//! Where results go: to the standard output, or whole into a file.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use super::args::{Format, OutputArgs};
use crate::error::{Error, Result};
use crate::report;

/// Columns of a line where nobody says how wide it is.
const USUAL_WIDTH: usize = 100;

/// Where a command's result goes, and in which format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// How it is written.
    pub format: Format,
    file: Option<PathBuf>,
}

impl Output {
    /// What the options say: `--format`, else the file's ending, else a table.
    ///
    /// # Errors
    /// The ending names no format (exit 2).
    pub fn of(args: &OutputArgs) -> Result<Self> {
        let format = match (args.format, &args.output) {
            (Some(format), _) => format,
            (None, Some(file)) => by_ending(file)?,
            (None, None) => Format::Table,
        };
        Ok(Self { format, file: args.output.clone() })
    }

    /// For commands that write their file themselves: the format of what is printed.
    pub fn printed(args: &OutputArgs) -> Self {
        Self { format: args.format.unwrap_or(Format::Table), file: None }
    }

    /// How wide a line may be.
    pub fn width(&self) -> usize {
        let stdout = self.file.is_none() && io::stdout().is_terminal();
        let size = stdout.then(crossterm::terminal::size).and_then(io::Result::ok);
        size.map_or(USUAL_WIDTH, |(columns, _)| usize::from(columns).max(40))
    }

    /// Writes the result. A closed pipe is no error: who reads has seen enough.
    ///
    /// # Errors
    /// The file or the output cannot be written.
    pub fn write(&self, text: &str) -> Result<()> {
        match &self.file {
            Some(file) => Ok(report::write_atomic(file, |out| out.write_all(text.as_bytes()))?),
            None => print(text),
        }
    }
}

/// Writes to the standard output.
///
/// # Errors
/// It cannot be written, for another reason than a closed pipe.
pub fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::failed(format!("the output cannot be written: {error}")).caused_by(error))
        }
        _ => Ok(()),
    }
}

fn by_ending(file: &std::path::Path) -> Result<Format> {
    let ending = file.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    match ending.as_deref() {
        Some("json") => Ok(Format::Json),
        Some("csv") => Ok(Format::Csv),
        Some("md" | "markdown") => Ok(Format::Md),
        Some("txt") => Ok(Format::Table),
        None if file.exists() => Ok(Format::Table),
        _ => Err(Error::usage(format!("the ending of {} names no format", file.display()))
            .at("-o")
            .hint("end it in .json, .csv, .md or .txt, or name one with --format")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_ending_gives_the_format_and_the_option_overrules_it() {
        let with = |file: &str, format| OutputArgs { output: Some(file.into()), format, ..OutputArgs::default() };
        assert_eq!(Output::of(&with("a.JSON", None)).unwrap().format, Format::Json);
        assert_eq!(Output::of(&with("a.json", Some(Format::Csv))).unwrap().format, Format::Csv);
        assert_eq!(Output::of(&with("a.xyz", None)).unwrap_err().exit as i32, 2);
        assert_eq!(Output::of(&OutputArgs::default()).unwrap().format, Format::Table);
    }
}
