//! What `store` takes.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::shared_args::OutputArgs;

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
