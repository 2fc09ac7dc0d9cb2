//! The arguments of the commands around saved models.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::KeepArgs;
use super::shared_args::{OutputArgs, PrivacyArgs, StudyArgs};
use super::source_args::SourceArgs;

/// `train`.
#[derive(Debug, Args)]
pub struct TrainArgs {
    /// A file, folder, pattern, URL or database; - is the standard input.
    pub file: PathBuf,
    /// How the source is read.
    #[command(flatten)]
    pub source: SourceArgs,
    /// The columns by which it is told (CSV quoting for names with commas).
    #[arg(long, value_name = "A,B")]
    pub by: String,
    /// The column that is told; without it the segment.
    #[arg(long, value_name = "COL")]
    pub target: Option<String>,
    /// The model whose segments are told; without it those of the run that is named or recommended.
    #[arg(long, value_name = "FILE", conflicts_with = "target")]
    pub model: Option<PathBuf>,
    /// The run whose segments are told, e.g. kmeans-k5; without it the recommended one.
    #[arg(long, value_name = "RUN", conflicts_with = "model")]
    pub run: Option<String>,
    /// What is studied.
    #[command(flatten)]
    pub study: StudyArgs,
    /// Whether the segments' model is kept, the best classifier in place of its clusterer.
    #[command(flatten)]
    pub keep: KeepArgs,
    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// The languages that a model can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Code {
    /// A query with CASE expressions over a table.
    Sql,
    /// A function of plain Python.
    Python,
}

/// `predict`.
#[derive(Debug, Args)]
pub struct PredictArgs {
    /// The model that `--save-model` wrote.
    pub model: PathBuf,
    /// The rows: a file, folder, pattern, URL or database; - answers a stream of CSV or JSON lines, row by row.
    #[arg(required_unless_present = "code")]
    pub file: Option<PathBuf>,
    /// Print the model as code that scores rows elsewhere.
    #[arg(long, value_name = "LANGUAGE", conflicts_with = "file")]
    pub code: Option<Code>,
    /// Write with each customer what could be tried with the segment.
    #[arg(long)]
    pub actions: bool,
    /// Write for each customer the best good not bought yet, by the lines that they were rolled up from, or by --lines.
    #[arg(long)]
    pub next: bool,
    /// Order lines of these customers.
    #[arg(long, value_name = "FILE")]
    pub lines: Option<PathBuf>,
    /// The column of the goods in the order lines; otherwise that of categories is taken, or of products.
    #[arg(long, value_name = "COL")]
    pub goods: Option<String>,
    /// How the source is read.
    #[command(flatten)]
    pub source: SourceArgs,
    /// How people are kept out of it.
    #[command(flatten)]
    pub privacy: PrivacyArgs,
    /// Where the rows go with their segments: -o FILE.csv, .parquet or .jsonl; without -o, --format csv or json prints them.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `explain`. Its --id names the customer; the column of ids is --id-column's.
#[derive(Debug, Args)]
#[command(mut_arg("id", |id| id.value_name("ID").help("The customer").required(true).help_heading(None::<&str>)))]
pub struct ExplainArgs {
    /// A saved model, or the customers: then their study is made first.
    pub file: PathBuf,
    /// With a model: where the customer's row is; without it the source that the model was made of.
    pub rows: Option<PathBuf>,
    /// Without a model: the column that names the customers.
    #[arg(long, value_name = "COL")]
    pub id_column: Option<String>,
    /// Without a model: the run whose segments are meant, e.g. kmeans-k5; without it the recommended one.
    #[arg(long, value_name = "RUN")]
    pub run: Option<String>,
    /// How the source is read.
    #[command(flatten)]
    pub source: SourceArgs,
    /// Without a model: what is studied.
    #[command(flatten)]
    pub study: StudyArgs,
    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `migrate`.
#[derive(Debug, Args)]
pub struct MigrateArgs {
    /// The model file.
    pub model: PathBuf,
    /// The periods in time's order: two files of customers (or of order lines, as the model takes them), or three; with
    /// --at one file of order lines.
    #[arg(required = true)]
    pub periods: Vec<PathBuf>,
    /// The moments up to which the order lines of one file are rolled up, e.g. 2011-06-01,2011-12-01.
    #[arg(long, value_name = "DAY,DAY")]
    pub at: Option<String>,
    /// How the files are read.
    #[command(flatten)]
    pub source: SourceArgs,
    /// Write every customer with the segment before and after, what changed, and the chances of the next one.
    #[arg(long, value_name = "FILE.csv")]
    pub customers: Option<PathBuf>,
    /// Only customers from this segment: its number or key, none, came.
    #[arg(long, value_name = "SEGMENT", requires = "customers")]
    pub from: Option<String>,
    /// Only customers that are in this segment now: its number or key, none, went.
    #[arg(long, value_name = "SEGMENT", requires = "customers")]
    pub to: Option<String>,
    /// How people are kept out of it.
    #[command(flatten)]
    pub privacy: PrivacyArgs,
    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `feedback`.
#[derive(Debug, Args)]
pub struct FeedbackArgs {
    /// The model file, or a store.
    pub model: PathBuf,
    /// One customer a row: who was contacted, who responded, and segment_key, segment or the model's columns.
    pub file: PathBuf,
    /// The column that says who was contacted (yes/no, or contact/control).
    #[arg(long, value_name = "COL")]
    pub contacted: Option<String>,
    /// The column that says who responded (yes/no).
    #[arg(long, value_name = "COL")]
    pub responded: Option<String>,
    /// Add it to what the store has recorded: counts by segment, to which later models are held.
    #[arg(long)]
    pub record: bool,
    /// How the file is read.
    #[command(flatten)]
    pub source: SourceArgs,
    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}
