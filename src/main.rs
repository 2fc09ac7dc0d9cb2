//! The binary: parse, choose the front end, exit code.

use std::process::ExitCode;

use segmenta::cli;

fn main() -> ExitCode {
    let cli = cli::parse();
    if let Err(error) = cli::begin_log() {
        return ExitCode::from(cli::report(&error));
    }
    ExitCode::from(cli::run(cli, &[]))
}
