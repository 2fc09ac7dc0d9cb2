//! `man`: the manual page, its keys from the workbench's command table.

use std::fmt::Write;

use clap::CommandFactory;
use clap_mangen::Man;

use super::args::Cli;
use super::keys::KeyRow;
use super::out::print;
use crate::error::{Error, Result};

/// Prints the manual page in roff.
pub fn man(keys: &[KeyRow]) -> Result<()> {
    let mut page = Vec::new();
    let rendered = Man::new(Cli::command()).render(&mut page);
    rendered.map_err(|error| Error::failed("the manual page cannot be made").caused_by(error))?;
    print(&(String::from_utf8_lossy(&page).into_owned() + &commands() + &section(keys)))
}

/// One section a command: its own page in short.
fn commands() -> String {
    let mut text = String::from(".SH COMMANDS IN FULL\n");
    for command in Cli::command().get_subcommands_mut() {
        let help = command.render_long_help().to_string();
        let _ = writeln!(text, ".SS {}\n.nf\n{}.fi", command.get_name(), escaped(&help));
    }
    text
}

fn section(keys: &[KeyRow]) -> String {
    let mut text = String::from(".SH KEYS OF THE WORKBENCH\n");
    for key in keys {
        let _ = writeln!(text, ".TP\n\\fB{}\\fR ({})\n{}", escaped(&key.keys.join(" ")), key.place, escaped(&key.help));
    }
    text
}

/// Text that roff does not take for requests.
fn escaped(text: &str) -> String {
    let plain = text.replace('\\', "\\e").replace('-', "\\-");
    let lines = plain.lines().map(|line| match line.starts_with(['.', '\'']) {
        true => format!("\\&{line}"),
        false => line.to_owned(),
    });
    let mut text = lines.collect::<Vec<_>>().join("\n");
    if plain.ends_with('\n') {
        text.push('\n');
    }
    text
}
