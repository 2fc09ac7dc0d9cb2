//! The options that say how a source is read; what is not said is guessed and shown by `inspect`.

use std::path::Path;

use clap::Args;

use crate::error::Result;
use crate::table::SourceSpec;

/// How the source is read.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Source")]
pub struct SourceArgs {
    /// Between two fields: one character, tab, or space (any number of them).
    #[arg(long, value_name = "CHAR")]
    pub delimiter: Option<String>,
    /// Around fields that hold delimiters: one character, or none.
    #[arg(long, value_name = "CHAR")]
    pub quote: Option<String>,
    /// Before a quote within quotes, in place of doubling it.
    #[arg(long, value_name = "CHAR")]
    pub escape: Option<String>,
    /// Whether the first line names the columns.
    #[arg(long, value_name = "yes|no", num_args = 0..=1, default_missing_value = "yes", require_equals = true)]
    pub header: Option<String>,
    /// How the text is encoded, e.g. utf-8, windows-1252, utf-16le; mixed: UTF-8 with lines of windows-1252.
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// The decimal mark.
    #[arg(long, value_name = ",|.")]
    pub decimal: Option<String>,
    /// The mark between groups of three digits.
    #[arg(long, value_name = "CHAR")]
    pub thousands: Option<String>,
    /// Lines above the header that are no rows.
    #[arg(long, value_name = "N")]
    pub skip: Option<String>,
    /// Rows at the end that are no customers; without it those that look like totals.
    #[arg(long, value_name = "N")]
    pub footer: Option<String>,
    /// Lines that begin with this are no rows.
    #[arg(long, value_name = "CHAR")]
    pub comment: Option<String>,
    /// The sheet of a workbook; without it the first with a table.
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// The table of a database.
    #[arg(long, value_name = "NAME")]
    pub table: Option<String>,
    /// The query of a database.
    #[arg(long, value_name = "SQL", conflicts_with = "table")]
    pub query: Option<String>,
    /// What a column holds, where its values suggest otherwise: COLUMN:text, number, whole, yes-no, year, date, or how
    /// its dates are written, e.g. since:%d/%m/%Y.
    #[arg(long = "type", value_name = "COLUMN:TYPE")]
    pub types: Vec<String>,
    /// What the source is, where its content would say otherwise: csv, parquet, arrow, json, sheet.
    #[arg(long, value_name = "FORMAT")]
    pub input_format: Option<String>,
    /// Join another source by key: FILE:key, FILE:key=other, FILE:key:inner (left, inner, full).
    #[arg(long, value_name = "FILE:KEY")]
    pub join: Vec<String>,
}

impl SourceArgs {
    /// The source at `path`, read as these options say.
    ///
    /// # Errors
    /// An option's value is none of its (exit 2).
    pub fn of(&self, path: &Path) -> Result<SourceSpec> {
        let mut spec = SourceSpec::new(path);
        let said = [
            ("delimiter", &self.delimiter),
            ("quote", &self.quote),
            ("escape", &self.escape),
            ("header", &self.header),
            ("encoding", &self.encoding),
            ("decimal", &self.decimal),
            ("thousands", &self.thousands),
            ("skip", &self.skip),
            ("footer", &self.footer),
            ("comment", &self.comment),
            ("sheet", &self.sheet),
            ("table", &self.table),
            ("query", &self.query),
            ("format", &self.input_format),
        ];
        for (word, value) in said.into_iter().filter_map(|(word, value)| Some((word, value.as_deref()?))) {
            spec.set(word, value)?;
        }
        self.types.iter().try_for_each(|told| spec.set("type", told))?;
        self.join.iter().try_for_each(|join| spec.set("join", join))?;
        Ok(spec)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::SETTINGS;
    use clap::{ArgMatches, Command, FromArgMatches};

    fn parsed(args: &[&str]) -> Option<SourceArgs> {
        let command = SourceArgs::augment_args(Command::new("x").no_binary_name(true));
        let matches: ArgMatches = command.try_get_matches_from(args).ok()?;
        SourceArgs::from_arg_matches(&matches).ok()
    }

    #[test]
    fn every_word_of_a_recipe_is_an_option() {
        let known = SourceArgs::augment_args(Command::new("x"));
        let options: Vec<&str> = known.get_arguments().filter_map(|arg| arg.get_long()).collect();
        for word in SETTINGS.iter().filter(|word| !["how", "format"].contains(word)) {
            assert!(options.contains(word), "{word}");
        }
    }

    #[test]
    fn options_say_how_a_source_is_read() {
        let args = parsed(&["--delimiter", "tab", "--header=no", "--skip", "2", "--join", "b.csv:id"]);
        let spec = args.and_then(|args| args.of(Path::new("a.csv")).ok()).unwrap_or_default();
        assert_eq!((spec.delimiter, spec.header, spec.skip, spec.joined.len()), (Some('\t'), Some(false), Some(2), 1));
        let wrong = parsed(&["--decimal", ";"]).map(|args| args.of(Path::new("a")).is_err());
        assert_eq!(wrong, Some(true));
    }
}
