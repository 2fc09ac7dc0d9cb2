//! The log: a file in the state folder, only where `SEGMENTA_LOG` asks for it; never the screen.

use std::fs::File;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

use crate::config::{Paths, private};
use crate::error::{Error, Result};

/// Begins to log what `SEGMENTA_LOG` says (`debug`, `segmenta=info`, …).
///
/// # Errors
/// The variable cannot be read as a filter, or the log file cannot be opened.
pub fn begin() -> Result<()> {
    let Ok(wanted) = std::env::var("SEGMENTA_LOG") else { return Ok(()) };
    let filter = EnvFilter::try_new(&wanted).map_err(|error| {
        Error::usage(format!("{wanted:?} is no log filter: {error}")).at("SEGMENTA_LOG").hint("try debug")
    })?;
    let paths = Paths::of_user().ok_or_else(|| Error::failed("there is no home folder to log to"))?;
    let file = open(&paths).map_err(|error| {
        Error::failed(format!("the log cannot be written: {error}")).at(paths.log().display().to_string())
    })?;
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(Mutex::new(file)).init();
    Ok(())
}

fn open(paths: &Paths) -> std::io::Result<File> {
    private::folder(&paths.state)?;
    private::append(&paths.log())
}
