//! `completions`: for bash, zsh, fish, elvish and PowerShell.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use super::args::Cli;
use super::out::print;
use crate::error::Result;

/// Prints the completions for a shell.
pub fn completions(shell: Shell) -> Result<()> {
    let mut text = Vec::new();
    generate(shell, &mut Cli::command(), "segmenta", &mut text);
    print(&String::from_utf8_lossy(&text))
}
