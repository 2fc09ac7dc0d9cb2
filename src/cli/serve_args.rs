//! What `serve` takes.

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TokenScope {
    /// To ask: predictions, the model, its segments.
    Predict,
    /// To train as well.
    Train,
    /// To change what serves.
    Admin,
}

/// `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The model that `--save-model` wrote, or a store of versions: then it can be retrained and rolled back.
    #[arg(required_unless_present = "new_token")]
    pub model: Option<PathBuf>,
    /// A TOML file: named sources, gates, retraining by itself; for a store.
    #[arg(long, value_name = "FILE", requires = "model")]
    pub config: Option<PathBuf>,
    /// Where to listen; other machines can ask only where --tokens is named.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8765")]
    pub listen: SocketAddr,
    /// A TOML file of the tokens that are known, each by its hash.
    #[arg(long, value_name = "FILE")]
    pub tokens: Option<PathBuf>,
    /// Print a new token, and its entry for the file of tokens; nothing is served.
    #[arg(long, value_name = "NAME", conflicts_with = "model")]
    pub new_token: Option<String>,
    /// What the new token is good for.
    #[arg(long, value_name = "SCOPE", default_value = "predict", requires = "new_token")]
    pub scope: TokenScope,
    /// Megabytes that a request may have.
    #[arg(long, value_name = "MB", default_value = "64")]
    pub max_body: NonZeroUsize,
    /// Rows that a request may have.
    #[arg(long, value_name = "N", default_value = "200000")]
    pub max_rows: NonZeroUsize,
    /// Seconds from the head of a request to the end of its answer.
    #[arg(long, value_name = "SECONDS", default_value = "30")]
    pub timeout: NonZeroU32,
    /// Requests that are worked on at once; others are told to come again.
    #[arg(long, value_name = "N", default_value = "512")]
    pub at_once: NonZeroUsize,
    /// Requests a second that one address may send [default: any number].
    #[arg(long, value_name = "N")]
    pub rate: Option<NonZeroU32>,
}
