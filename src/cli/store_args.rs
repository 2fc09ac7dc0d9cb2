//! What `store` takes.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::shared_args::OutputArgs;
use super::source_args::SourceArgs;

/// What `store` does.
#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// List the versions: which one serves, which served before it.
    List(StoreArgs),
    /// Print what happened, one line an event.
    History(StoreArgs),
    /// Put a model in as a new version; the store is made where there is none, its first version serves.
    Add(AddArgs),
    /// Let a version serve.
    Promote(PromoteArgs),
    /// Let the version serve that served before.
    Rollback(StoreArgs),
    /// Make a new version of new rows, by the serving one's recipe; it serves where every gate passes, otherwise: exit 3.
    Train(Box<RetrainArgs>),
}

/// A store, and where results go.
#[derive(Debug, Args)]
pub struct StoreArgs {
    /// The folder of the store.
    pub store: PathBuf,
    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `store add`.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// The folder of the store.
    pub store: PathBuf,
    /// The model that `--save-model` wrote.
    pub model: PathBuf,
    /// Let it serve at once.
    #[arg(long)]
    pub promote: bool,
    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `store promote`.
#[derive(Debug, Args)]
pub struct PromoteArgs {
    /// The folder of the store.
    pub store: PathBuf,
    /// The version's number.
    pub version: u64,
    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `store train`.
#[derive(Debug, Args)]
pub struct RetrainArgs {
    /// The folder of the store.
    pub store: PathBuf,
    /// The rows: a file, folder, pattern, URL or database; - is the standard input.
    pub file: PathBuf,
    /// How the source is read.
    #[command(flatten)]
    pub source: SourceArgs,
    /// Algorithms, as for compare; without them those of the recipe, else the one that serves.
    #[arg(long, value_name = "A,B")]
    pub algorithms: Option<String>,
    /// Numbers of segments to try; without it those of the recipe.
    #[arg(long, value_name = "K|A..B")]
    pub k: Option<String>,
    /// The run that is taken, e.g. kmeans-k5; without it the recommended one.
    #[arg(long, value_name = "RUN")]
    pub run: Option<String>,
    /// The seed; without it the recipe's.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Keep it as a candidate, also where every gate passes.
    #[arg(long)]
    pub candidate: bool,
    /// The server's configuration: its gates and the number of versions that are kept.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}
