//! The command line as clap reads it. What it holds is plain values; nothing here opens a file.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::source_args::SourceArgs;
use crate::config::ColorChoice;

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
    /// How the source is read.
    #[command(flatten)]
    pub source: SourceArgs,
    /// What is studied.
    #[command(flatten)]
    pub study: StudyArgs,
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
    Explore(FileArgs),
    /// Fit the study, print the comparison of its runs and the recommendation.
    Compare(CompareArgs),
    /// Write every row with its segment (-o FILE.csv, .parquet or .jsonl).
    Segment(SegmentArgs),
    /// Show what the segments are: sizes, centres, differences, rules.
    Profile(SegmentArgs),
    /// Roll order lines or events up to one row a customer: recency, frequency, monetary, and more.
    Rfm(super::rollup::RfmArgs),
    /// Do everything that a recipe declares.
    Run(RunArgs),
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
    /// Compare preparations of the features in place of runs: raw, log, capped, robust, pca, or all.
    #[arg(long, value_name = "LIST")]
    pub preparations: Option<String>,
    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
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
    /// What is studied.
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
    /// How people are kept out of it.
    #[command(flatten)]
    pub privacy: PrivacyArgs,
    /// Where results go; with -o the rows and their segments.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// How people are kept out of what is shown and handed over.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Privacy")]
pub struct PrivacyArgs {
    /// Show personal data as they stand; they are masked otherwise.
    #[arg(long)]
    pub show_personal: bool,
    /// Write pseudonyms in place of ids, personal data masked; the key stands in SEGMENTA_PSEUDONYM_KEY or a file.
    #[arg(long)]
    pub pseudonyms: bool,
    /// The file that holds the key of the pseudonyms.
    #[arg(long, value_name = "FILE", requires = "pseudonyms", env = "SEGMENTA_PSEUDONYM_KEY_FILE")]
    pub pseudonym_key: Option<PathBuf>,
    /// Flag segments of fewer than N customers (5): single persons could be told.
    #[arg(long, value_name = "N", env = "SEGMENTA_K_ANONYMITY")]
    pub k_anonymity: Option<usize>,
    /// Leave those segments out of reports and of the look-up file.
    #[arg(long)]
    pub hide_small: bool,
}

/// How the features are brought to one scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scale {
    /// Mean 0, standard deviation 1.
    Standard,
    /// Between 0 and 1.
    Minmax,
    /// Median 0, interquartile range 1.
    Robust,
    /// As they are.
    None,
}

/// What is studied: the columns, the algorithms, how they are judged.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Study")]
pub struct StudyArgs {
    /// Cluster on these columns only (CSV quoting for names with commas).
    #[arg(long, value_name = "A,B")]
    pub features: Option<String>,
    /// Leave these columns out.
    #[arg(long, value_name = "A,B")]
    pub exclude: Option<String>,
    /// The column that names the customer.
    #[arg(long, value_name = "COL")]
    pub id: Option<String>,
    /// Columns that are results: kept out, used to judge.
    #[arg(long, value_name = "A,B")]
    pub outcome: Option<String>,
    /// The column of known classes, for external indices.
    #[arg(long, value_name = "COL")]
    pub truth: Option<String>,
    /// Roll order lines up to one row a customer first; with more to work out (tenure, gaps, order-value, returns,
    /// category, channel, kind, trend, scores, all) and columns, e.g. =trend,customer=Client.
    #[arg(long, value_name = "LIST", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub rollup: Option<String>,
    /// Start from this recipe (TOML); other options overrule it.
    #[arg(long, value_name = "FILE")]
    pub recipe: Option<PathBuf>,
    /// Write the recipe of this study to a file (TOML).
    #[arg(long, value_name = "FILE")]
    pub save_recipe: Option<PathBuf>,
    /// Algorithms, e.g. kmeans,ward,dbscan:eps=8:min_samples=5, or all.
    #[arg(long, value_name = "LIST", env = "SEGMENTA_ALGORITHMS")]
    pub algorithms: Option<String>,
    /// The numbers of segments to try, e.g. 2..10 or 5.
    #[arg(long, value_name = "RANGE", env = "SEGMENTA_K")]
    pub k: Option<String>,
    /// How the features are brought to one scale.
    #[arg(long, value_name = "HOW", env = "SEGMENTA_SCALE")]
    pub scale: Option<Scale>,
    /// The seed of all random numbers (42).
    #[arg(long, value_name = "N", env = "SEGMENTA_SEED")]
    pub seed: Option<u64>,
    /// Redraw every run N times, not only the six best 20 times.
    #[arg(long, value_name = "N", env = "SEGMENTA_STABILITY")]
    pub stability: Option<usize>,
    /// How many segments the business can use, e.g. 3..6.
    #[arg(long, value_name = "RANGE")]
    pub segments: Option<String>,
    /// The smallest segment worth acting on, e.g. 5%.
    #[arg(long, value_name = "SHARE")]
    pub smallest: Option<String>,
    /// The memory budget (4GiB); what would not fit is left out with its reason.
    #[arg(long, value_name = "BYTES", env = "SEGMENTA_MEMORY")]
    pub memory: Option<String>,
    /// Study a stratified sample of N customers; the chosen run is refitted on all of them.
    #[arg(long, value_name = "N", env = "SEGMENTA_SAMPLE")]
    pub sample: Option<usize>,
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For reading on a screen.
    Table,
    /// JSON with a schema version.
    Json,
    /// Comma-separated values.
    Csv,
    /// A Markdown table.
    Md,
}

/// When colours are used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl From<Color> for ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

/// Where results go, and what is said beside them.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// How the result is written; otherwise the ending of -o says.
    #[arg(long, value_name = "FORMAT", env = "SEGMENTA_FORMAT")]
    pub format: Option<Format>,
    /// Write to this file, whole or not at all.
    #[arg(short, long = "output", value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Say nothing but errors.
    #[arg(short, long)]
    pub quiet: bool,
    /// When colours are used.
    #[arg(long, value_name = "WHEN", env = "SEGMENTA_COLOR")]
    pub color: Option<Color>,
    /// Worker threads (one a core); results do not depend on it.
    #[arg(long, value_name = "N", env = "SEGMENTA_THREADS", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Exit with 3 where the schema is broken, a finding wants a word, or nothing is recommended.
    #[arg(long)]
    pub strict: bool,
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
