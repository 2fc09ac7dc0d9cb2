//! The command line: definitions, the headless commands, writers to the standard output, completions, manual page.
//! One small file a command; each gets plain values, asks the engine for steps of the street, and writes text.

mod args;
mod cache;
mod compare;
mod completions;
mod config;
mod doctor;
mod drift;
mod explain;
mod explore;
mod export;
mod features;
mod feedback;
mod grid;
mod inspect;
mod keys;
mod live;
mod log;
mod man;
mod migrate;
mod model_args;
mod options;
mod out;
mod predict;
mod profile;
mod report;
mod rfm;
mod rollup;
mod run;
mod say;
mod schema;
mod segment;
mod serve_args;
mod shared_args;
mod signals;
mod source;
mod source_args;
mod store;
mod store_args;
mod street;
mod themes;
mod train;

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use clap::Parser;

pub use args::{Cli, ReplayArgs, ServeArgs, TokenScope};
pub use keys::KeyRow;
pub use log::begin as begin_log;
pub use out::print;

use args::{Command, CompareArgs, OutputArgs, PrivacyArgs};
use signals::Signals;
use street::Street;

use crate::config::ColorChoice;
use crate::engine::values::Choices;
use crate::error::{Exit, Result};
use crate::recipe::Recipe;
use crate::table::SourceSpec;

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Fine,
    /// A check that was asked for says no.
    No,
}

/// What the workbench is opened with.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The source; the bundled sample where no file was named.
    pub source: SourceSpec,
    /// What the user chose.
    pub choices: Choices,
    /// A recipe to go on with.
    pub recipe: Option<Recipe>,
    /// When colours are used.
    pub color: Option<ColorChoice>,
    /// Worker threads.
    pub threads: Option<usize>,
    /// Whether the last session is gone on with.
    pub resume: bool,
    /// Whether the source was named.
    pub named: bool,
}

/// Reads the command line. Help, version and wrong usage end the program here.
pub fn parse() -> Cli {
    Cli::parse()
}

impl Cli {
    /// What the workbench is to be opened with; `None` where a command is named or nobody is looking.
    ///
    /// # Errors
    /// An option cannot be read.
    pub fn workbench(&self) -> Result<Option<Opening>> {
        let printed = self.output.format.is_some() || self.output.output.is_some();
        // With rows on the standard input the keys come from the terminal itself.
        let typed = io::stdin().is_terminal() || self.file.as_deref() == Some(Path::new("-"));
        if self.command.is_some() || printed || is_dumb() || !io::stdout().is_terminal() || !typed {
            return Ok(None);
        }
        Ok(Some(Opening {
            source: self.source.of(&options::file_or_sample(self.file.clone()))?,
            choices: options::choices(&self.study)?,
            recipe: self
                .study
                .recipe
                .as_deref()
                .map(|file| Ok::<_, crate::error::Error>(street::RecipeFile::read(file)?.recipe))
                .transpose()?,
            color: self.output.color.map(ColorChoice::from),
            threads: self.output.threads.map(usize::from),
            resume: self.resume,
            named: self.file.is_some(),
        }))
    }
}

/// A terminal that cannot move its cursor shows no workbench.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|name| name == "dumb")
}

/// What the command line asks of other front ends.
pub struct Others<'a> {
    /// The workbench's keys.
    pub keys: &'a [KeyRow],
    /// Carries a session's command log out.
    pub replay: fn(&ReplayArgs) -> Result<()>,
    /// Serves a model.
    pub serve: fn(&ServeArgs) -> Result<()>,
}

/// Does what the command line asks for. Returns the exit status.
pub fn run(cli: Cli, others: &Others<'_>) -> u8 {
    let command = cli.command.unwrap_or_else(|| {
        let file = options::file_or_sample(cli.file);
        Command::Compare(CompareArgs {
            file,
            source: cli.source,
            study: cli.study,
            labels: false,
            preparations: None,
            versus: None,
            keep: cli.keep,
            output: cli.output,
        })
    });
    match dispatch(command, others) {
        Ok(Verdict::Fine) => 0,
        Ok(Verdict::No) => Exit::CheckFailed as u8,
        Err((error, signals)) => complain(&error, &signals),
    }
}

type Failure = (crate::error::Error, Signals);

fn dispatch(command: Command, others: &Others<'_>) -> Result<Verdict, Failure> {
    let quiet = |done: Result<()>| done.map(|()| Verdict::Fine).map_err(|error| (error, Signals::default()));
    match command {
        Command::Inspect(args) => in_private(&args.output, &args.privacy, |street| inspect::inspect(street, &args)),
        Command::Schema(args) => on_street(&args.output, |street| schema::schema(street, &args)),
        Command::Explore(args) => on_street(&args.of.output, |street| explore::explore(street, &args)),
        Command::Compare(args) => on_street(&args.output, |street| compare::compare(street, &args)),
        Command::Segment(args) => in_private(&args.output, &args.privacy, |street| segment::segment(street, &args)),
        Command::Profile(args) => in_private(&args.output, &args.privacy, |street| profile::profile(street, &args)),
        Command::Explain(args) => on_street(&args.output, |street| explain::explain(street, &args)),
        Command::Predict(args) => in_private(&args.output, &args.privacy, |street| predict::predict(street, &args)),
        Command::Train(args) => on_street(&args.output, |street| train::train(street, &args)),
        Command::Store { what } => store::dispatch(&what),
        Command::Serve(args) => quiet((others.serve)(&args)),
        Command::Rfm(args) => on_street(&args.output, |street| rfm::rfm(street, &args)),
        Command::Features(args) => on_street(&args.output, |street| features::features(street, &args)),
        Command::Report(args) => in_private(&args.output, &args.privacy, |street| report::report(street, &args)),
        Command::Export(args) => in_private(&args.output, &args.privacy, |street| export::export(street, &args)),
        Command::Migrate(args) => in_private(&args.output, &args.privacy, |street| migrate::migrate(street, &args)),
        Command::Drift(args) => on_street(&args.output, |street| drift::drift(street, &args)),
        Command::Live(args) => on_street(&args.output, |street| live::live(street, &args)),
        Command::Feedback(args) => on_street(&args.output, |street| feedback::feedback(street, &args)),
        Command::Run(args) => in_private(&args.output, &args.privacy, |street| run::run(street, &args)),
        Command::Replay(args) => quiet((others.replay)(&args)),
        Command::Cache { what } => quiet(cache::cache(&what)),
        Command::Forget { id, output } => quiet(cache::forget(&id, &output)),
        Command::Themes(output) => quiet(themes::themes(&output)),
        Command::Keys(output) => quiet(keys::keys(&output, others.keys)),
        Command::Config { what } => quiet(config::config(what)),
        Command::Doctor(output) => quiet(doctor::doctor(&output)),
        Command::Completions { shell } => quiet(completions::completions(shell)),
        Command::Man => quiet(man::man(others.keys)),
    }
}

fn on_street(output: &OutputArgs, command: impl FnOnce(&Street) -> Result<Verdict>) -> Result<Verdict, Failure> {
    in_private(output, &PrivacyArgs::default(), command)
}

/// On a street that keeps people out of what it hands over.
fn in_private(
    output: &OutputArgs,
    privacy: &PrivacyArgs,
    command: impl FnOnce(&Street) -> Result<Verdict>,
) -> Result<Verdict, Failure> {
    let failed = |error| (error, Signals::default());
    let privacy = options::privacy(privacy).map_err(failed)?;
    let (street, signals) = Street::new(output).map_err(failed)?;
    command(&street.with(privacy)).map_err(|error| (error, signals))
}

/// Says what went wrong, in one sentence.
fn complain(error: &crate::error::Error, signals: &Signals) -> u8 {
    tracing::error!(?error, "the command failed");
    let _unheard = writeln!(io::stderr(), "segmenta: {error}");
    match error.exit {
        Exit::Interrupted => signals.exit().unwrap_or(Exit::Interrupted) as u8,
        exit => exit as u8,
    }
}

/// Reports an error of another front end in the same words. Returns the exit status.
pub fn report(error: &crate::error::Error) -> u8 {
    complain(error, &Signals::default())
}

/// [`Verdict::No`] where `strict` and the check says no.
fn verdict(strict: bool, fine: bool) -> Verdict {
    if strict && !fine { Verdict::No } else { Verdict::Fine }
}
