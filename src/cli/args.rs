//! The command line as clap reads it. What it holds is plain values; nothing here opens a file.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

pub use super::model_args::{
    Code, DriftArgs, ExplainArgs, FeedbackArgs, LiveArgs, MigrateArgs, PredictArgs, TrainArgs,
};
pub use super::serve_args::{ServeArgs, TokenScope};
pub use super::shared_args::{Format, OutputArgs, PrivacyArgs, Scale, StudyArgs};
use super::source_args::SourceArgs;
pub use super::store_args::StoreCommand;

/// The customer-segmentation workbench for the terminal.
///
/// Without a command: opens the workbench on FILE (or on the bundled sample). Where the output is not a terminal: prints
/// the comparison of clusterings.
#[derive(Debug, Parser)]
#[command(name = "segmenta", version, max_term_width = 100, args_conflicts_with_subcommands = true)]
#[command(
    after_help = "Exit status: 0 done, 1 the work failed, 2 wrong usage, 3 --strict says no, 130 and 143 on signals.\n\
                        FILE is CSV, Parquet, Arrow, JSON, Excel or ODS (also packed with gzip or zstd), a folder, a pattern\n\
                        ('data/*.csv'), a URL (https, s3, gs, az), a database (sqlite:F?table=T, postgres://, mysql://), - for the\n\
                        standard input, or sample:mall, the bundled sample."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The customers: a file, folder, pattern, URL or database; - is the standard input.
    pub file: Option<PathBuf>,
    /// Go on with the last session of the workbench (of FILE, where one is named): recipe, finished runs, names, place.
    #[arg(long)]
    pub resume: bool,
    /// How the source is read.
    #[command(flatten)]
    pub source: SourceArgs,
    /// What is studied.
    #[command(flatten)]
    pub study: StudyArgs,
    /// Whether the model is kept.
    #[command(flatten)]
    pub keep: KeepArgs,
    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// The headless commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show what a file is: columns, types, roles with their reasons, findings.
    Inspect(InspectArgs),
    /// Propose a schema for a file: the `[schema]` of a recipe, a contract that `inspect --strict` checks.
    Schema(FileArgs),
    /// Summaries, histograms and correlations of the columns.
    Explore(ExploreArgs),
    /// Fit the study, print the comparison of its runs and the recommendation.
    Compare(CompareArgs),
    /// Write every row with its segment (-o FILE.csv, .parquet or .jsonl).
    Segment(SegmentArgs),
    /// Show what the segments are: sizes, centres, differences, rules.
    Profile(SegmentArgs),
    /// Say why a customer is in a segment: what each feature says for it and against the next one.
    Explain(ExplainArgs),
    /// Place the rows of a file, or of a stream, in the segments of a saved model.
    Predict(PredictArgs),
    /// Train classifiers that tell the segment, or an outcome, by columns that are cheaper to collect.
    Train(TrainArgs),
    /// Keep versions of a model in a folder, say which one serves, go back, read what happened.
    Store {
        /// What to do.
        #[command(subcommand)]
        what: StoreCommand,
    },
    /// Answer over HTTP: POST /v1/predict with the rows, /v1/openapi.json says the rest.
    Serve(ServeArgs),
    /// Roll order lines or events up to one row a customer: recency, frequency, monetary, and more.
    Rfm(super::rollup::RfmArgs),
    /// Rank the features: which have to do with groups, which say the same, what each does for a run.
    Features(FeaturesArgs),
    /// Tell everything in one file (-o FILE.html or .md), or put what does it again into one folder; no customers' data.
    Report(ReportArgs),
    /// Hand the segments over to a CRM: a file (-o FILE.csv, .xlsx, .parquet, .jsonl) or a table of a database.
    Export(ExportArgs),
    /// Show who moved between segments: two or three periods, placed by one model.
    Migrate(MigrateArgs),
    /// Say whether the rows of a file are still like those that a model was made with; 3 where they are not.
    Drift(DriftArgs),
    /// Follow a stream of transactions: who changes segment, on lines and by signed calls.
    Live(LiveArgs),
    /// Show what a campaign did in each segment: who was contacted, who responded.
    Feedback(FeedbackArgs),
    /// Do everything that a recipe declares.
    Run(RunArgs),
    /// Write again, without a screen, every file that a session of the workbench wrote: its command log carried out anew.
    Replay(ReplayArgs),
    /// List or wipe what is kept of anybody's data: caches, sessions, logs.
    Cache {
        /// What to do.
        #[command(subcommand)]
        what: CacheCommand,
    },
    /// Remove a person from everything that is kept.
    Forget {
        /// The person's id.
        id: String,
        /// Where results go.
        #[command(flatten)]
        output: OutputArgs,
    },
    /// List the themes of the workbench.
    Themes(OutputArgs),
    /// List the keys of the workbench.
    Keys(OutputArgs),
    /// Show the settings in force, or where they are read from.
    Config {
        /// What to show.
        #[command(subcommand)]
        what: ConfigCommand,
    },
    /// Check the terminal, the folders and the settings.
    Doctor(OutputArgs),
    /// Print the completions for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Print the manual page (roff).
    Man,
}

/// `replay`.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// The command log: `log.ndjson` of a session (`segmenta cache list` names them).
    pub log: PathBuf,
    /// Write the files into this folder, by their names.
    #[arg(long, value_name = "FOLDER")]
    pub to: Option<PathBuf>,
    /// Say nothing.
    #[arg(long, short)]
    pub quiet: bool,
}

/// What `cache` does.
#[derive(Debug, Clone, Subcommand)]
pub enum CacheCommand {
    /// What is kept, and where.
    List(OutputArgs),
    /// Remove all of it.
    Clear(OutputArgs),
}

/// What `config` shows.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum ConfigCommand {
    /// The settings in force, as TOML.
    Print,
    /// The path of the config file.
    Path,
}

/// A command over a file.
#[derive(Debug, Args)]
pub struct FileArgs {
    /// A file, folder, pattern, URL or database; - is the standard input.
    pub file: PathBuf,
    /// How the source is read.
    #[command(flatten)]
    pub source: SourceArgs,
    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `explore`.
#[derive(Debug, Args)]
pub struct ExploreArgs {
    /// The file, how it is read, where results go.
    #[command(flatten)]
    pub of: FileArgs,
    /// Only the rows for which this holds, e.g. "Income > 50000 AND City = 'Paris'"; "segment = 2" studies the file first.
    #[arg(long = "where", value_name = "EXPRESSION")]
    pub rows: Option<String>,
    /// The run whose segments --where names, e.g. kmeans-k5; without it the recommended one.
    #[arg(long, value_name = "RUN", requires = "rows")]
    pub run: Option<String>,
    /// What is studied, where --where names the segment.
    #[command(flatten)]
    pub study: StudyArgs,
}

/// `inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// The customers, or order lines; without it the recipe's source.
    pub file: Option<PathBuf>,
    /// How it is read.
    #[command(flatten)]
    pub source: SourceArgs,
    /// Hold the file against this recipe's schema, and compare with its lock.
    #[arg(long, value_name = "FILE")]
    pub recipe: Option<PathBuf>,
    /// Say what got better or worse since this lock was written.
    #[arg(long, value_name = "FILE")]
    pub lock: Option<PathBuf>,
    /// How people are kept out of it.
    #[command(flatten)]
    pub privacy: PrivacyArgs,
    /// Where results go: -o problems.csv lists line, column, value and reason of every problem.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `compare`.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// A file, folder, pattern, URL or database; - is the standard input.
    pub file: PathBuf,
    /// How the source is read.
    #[command(flatten)]
    pub source: SourceArgs,
    /// What is studied.
    #[command(flatten)]
    pub study: StudyArgs,
    /// Add the label of every row to each run (JSON only); 0 is unassigned.
    #[arg(long)]
    pub labels: bool,
    /// Hold two runs against each other in place of comparing all: who stands where, who moves, e.g. kmeans-k5,ward-k4.
    #[arg(long, value_name = "RUN,RUN", conflicts_with = "preparations")]
    pub versus: Option<String>,
    /// Compare preparations of the features in place of runs: raw, log, capped, robust, pca, or all.
    #[arg(long, value_name = "LIST")]
    pub preparations: Option<String>,
    /// Whether the model is kept.
    #[command(flatten)]
    pub keep: KeepArgs,
    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Whether the model of the run is kept.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Output")]
pub struct KeepArgs {
    /// Write the run's model to a file, or into a store as a new version: `predict` places later rows with it.
    #[arg(long, value_name = "FILE|STORE")]
    pub save_model: Option<PathBuf>,
    /// Put the segments' keys and names into the recipe that --save-recipe writes: found again by their centres, they
    /// keep them in later studies.
    #[arg(long)]
    pub keep_names: bool,
}

/// `segment` and `profile`.
#[derive(Debug, Args)]
pub struct SegmentArgs {
    /// A file, folder, pattern, URL or database; - is the standard input.
    pub file: PathBuf,
    /// How the source is read.
    #[command(flatten)]
    pub source: SourceArgs,
    /// The run whose segments are taken, e.g. kmeans-k5; without it the recommended one.
    #[arg(long, value_name = "RUN")]
    pub run: Option<String>,
    /// Order lines of these customers: what each segment buys more than the others.
    #[arg(long, value_name = "FILE")]
    pub lines: Option<PathBuf>,
    /// The column of the goods in the order lines; otherwise that of categories is taken, or of products.
    #[arg(long, value_name = "COL")]
    pub goods: Option<String>,
    /// Write whom to contact: id, segment, what to try, and from order lines the best good not bought yet.
    #[arg(long, value_name = "FILE.csv")]
    pub contacts: Option<PathBuf>,
    /// Leave this share of the customers alone, e.g. 10%, to see later what the contact did (`segmenta feedback`): said in
    /// the column contact_group of --contacts and of -o.
    #[arg(long, value_name = "SHARE")]
    pub control: Option<String>,
    /// The campaign's name: another one leaves others alone; the same the same people.
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true, requires = "control")]
    pub campaign: String,
    /// What is studied.
    #[command(flatten)]
    pub study: StudyArgs,
    /// Whether the model is kept.
    #[command(flatten)]
    pub keep: KeepArgs,
    /// How people are kept out of it.
    #[command(flatten)]
    pub privacy: PrivacyArgs,
    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `features`.
#[derive(Debug, Args)]
pub struct FeaturesArgs {
    /// CSV, TSV or Parquet; sample:mall is the bundled sample.
    pub file: PathBuf,
    /// Also what each feature does for this run, e.g. kmeans-k5, or recommended.
    #[arg(long, value_name = "RUN")]
    pub run: Option<String>,
    /// What is studied.
    #[command(flatten)]
    pub study: StudyArgs,
    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// A file, folder, pattern, URL or database; - is the standard input; or a saved model.
    pub file: PathBuf,
    /// With a model: customers to place in its segments.
    pub customers: Option<PathBuf>,
    /// How the source is read.
    #[command(flatten)]
    pub source: SourceArgs,
    /// Put recipe, lock, report and the commands to do it again into this folder; it is made where it is not there.
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    pub bundle: Option<PathBuf>,
    /// The picture that -o FILE.svg or FILE.png shows: sizes, heat, lines, outcomes, map, tsne, silhouettes, tree,
    /// reachability, segment-1 …, flow, elbow, silhouette; FILE.csv holds the figures of tsne, silhouettes, tree,
    /// reachability, a line a customer.
    #[arg(long, value_name = "NAME", requires = "output")]
    pub figure: Option<String>,
    /// The run whose segments are described, e.g. kmeans-k5; without it the recommended one.
    #[arg(long, value_name = "RUN")]
    pub run: Option<String>,
    /// The same customers at an earlier time, as a file like FILE: the report tells who moved since.
    #[arg(long, value_name = "FILE", conflicts_with = "at")]
    pub before: Option<PathBuf>,
    /// Of order lines: two moments, e.g. 2011-06-01,2011-12-01; the report tells who moved between them.
    #[arg(long, value_name = "DAY,DAY")]
    pub at: Option<String>,
    /// What is studied.
    #[command(flatten)]
    pub study: StudyArgs,
    /// How people are kept out of it: with pseudonyms they can be looked up on the page.
    #[command(flatten)]
    pub privacy: PrivacyArgs,
    /// Where results go: -o FILE.html or .md is the whole report, .svg or .png one picture.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The customers: a file, folder, pattern, URL or database; - is the standard input. Or a saved model.
    pub file: PathBuf,
    /// With a model: the customers (or order lines, as it takes them) that it places; without it its own source.
    pub rows: Option<PathBuf>,
    /// How the source is read.
    #[command(flatten)]
    pub source: SourceArgs,
    /// The run whose segments are handed over, e.g. kmeans-k5; without it the recommended one.
    #[arg(long, value_name = "RUN")]
    pub run: Option<String>,
    /// The columns to write, in this order: column, or name=column for another name; all without it.
    #[arg(long, value_name = "A,B")]
    pub columns: Option<String>,
    /// Write only customers who are new or changed since this earlier export.
    #[arg(long, value_name = "FILE", conflicts_with = "upsert")]
    pub since: Option<PathBuf>,
    /// Update known customers of a table by their id and add new ones, in one transaction (SQLite, PostgreSQL).
    #[arg(long)]
    pub upsert: bool,
    /// Try the upsert, say what it would do, and take it back.
    #[arg(long, conflicts_with = "since")]
    pub dry_run: bool,
    /// Leave this share of the customers alone, e.g. 10%: the column contact_group says who.
    #[arg(long, value_name = "SHARE")]
    pub control: Option<String>,
    /// The campaign's name: another one leaves others alone; the same the same people.
    #[arg(long, value_name = "NAME", requires = "control")]
    pub campaign: Option<String>,
    /// Write for each customer the best good not bought yet, by the lines that they were rolled up from, or by --lines.
    #[arg(long)]
    pub next: bool,
    /// Order lines of these customers.
    #[arg(long, value_name = "FILE")]
    pub lines: Option<PathBuf>,
    /// The column of the goods in the order lines; otherwise that of categories is taken, or of products.
    #[arg(long, value_name = "COL")]
    pub goods: Option<String>,
    /// Without a model: what is studied.
    #[command(flatten)]
    pub study: StudyArgs,
    /// How people are kept out of it.
    #[command(flatten)]
    pub privacy: PrivacyArgs,
    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The recipe, a TOML file; the source's path is taken from its folder. Its lock and metrics are written beside it.
    pub recipe: PathBuf,
    /// Run it over this file in place of its source.
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// Add the label of every row to each run (JSON only); 0 is unassigned.
    #[arg(long)]
    pub labels: bool,
    /// Whether the model is kept.
    #[command(flatten)]
    pub keep: KeepArgs,
    /// How people are kept out of it.
    #[command(flatten)]
    pub privacy: PrivacyArgs,
    /// Where results go; with -o the rows and their segments.
    #[command(flatten)]
    pub output: OutputArgs,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_are_sound() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
