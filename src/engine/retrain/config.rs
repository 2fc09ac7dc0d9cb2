//! The server's configuration: named sources, training, gates, retraining by itself.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use super::Limits;
use crate::engine::choosing;
use crate::error::{Error, Result, nearest};
use crate::model::store;
use crate::table::{self, SourceSpec};

/// What `--config` says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where rows may come from, by name, in the words of a recipe's `[[source]]`.
    pub sources: BTreeMap<String, SourceSpec>,
    /// How is trained.
    pub training: Training,
    /// What a new model is held to.
    pub gates: Limits,
    /// Whose customers `/segments/{id}/customers` lists; nobody's where it is not there.
    pub customers: Option<Customers>,
    /// When the server trains by itself.
    pub retrain: Option<Retrain>,
}

/// How is trained.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Training {
    /// Trainings that run or wait.
    pub queue: usize,
    /// Worker threads; half of the cores where it is not said.
    pub threads: Option<usize>,
    /// The largest upload.
    #[serde(deserialize_with = "bytes")]
    pub upload: u64,
    /// Versions that the store keeps.
    pub keep: usize,
}

impl Default for Training {
    fn default() -> Self {
        Self { queue: 4, threads: None, upload: 256 << 20, keep: store::KEEP }
    }
}

/// Whose customers are listed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customers {
    /// The source.
    pub source: String,
}

/// When the server trains by itself: each that is said.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retrain {
    /// The source of the rows.
    pub source: String,
    /// So often, e.g. `7d`.
    #[serde(default, deserialize_with = "span")]
    pub every: Option<Duration>,
    /// When the rows that come in have moved away from those that the model was made with.
    #[serde(default)]
    pub drift: bool,
    /// After so many rows were placed.
    #[serde(default)]
    pub rows: Option<u64>,
    /// The least time between two trainings for drift.
    #[serde(default = "pause", deserialize_with = "some_span")]
    pub pause: Duration,
    /// Whether a model that passes every gate serves at once; otherwise it is a candidate.
    #[serde(default = "yes")]
    pub promote: bool,
}

fn pause() -> Duration {
    Duration::from_secs(3600)
}

fn yes() -> bool {
    true
}

impl Config {
    /// Reads the file; paths in it are taken from its folder.
    ///
    /// # Errors
    /// It cannot be read, a key is not known, or a source is named that is not there.
    pub fn read(file: &Path) -> Result<Self> {
        let at = |error: Error| error.at(file.display().to_string());
        let text = std::fs::read_to_string(file)
            .map_err(|error| at(Error::failed(format!("the configuration cannot be read: {error}"))))?;
        let mut config = Self::parse(&text).map_err(at)?;
        let folder = file.parent().unwrap_or(Path::new(""));
        let elsewhere = |path: &Path| table::is_sample(path) || table::is_remote(path);
        for source in config.sources.values_mut().filter(|source| !elsewhere(&source.path)) {
            source.path = folder.join(&source.path);
        }
        Ok(config)
    }

    /// Of a text.
    ///
    /// # Errors
    /// As [`Config::read`].
    pub fn parse(text: &str) -> Result<Self> {
        let config: Self = toml::from_str(text).map_err(|error| told(&error, text))?;
        let named = config.retrain.iter().map(|retrain| ("[retrain] source", &retrain.source));
        let named = named.chain(config.customers.iter().map(|customers| ("[customers] source", &customers.source)));
        for (key, name) in named {
            config.source(name).map_err(|error| Error::usage(format!("{key}: {error}")))?;
        }
        match &config.retrain {
            Some(Retrain { every: None, drift: false, rows: None, .. }) => {
                Err(Error::usage("[retrain] does not say when").hint("every = \"7d\", drift = true, or rows = 100000"))
            }
            _ => Ok(config),
        }
    }

    /// The source of this name.
    ///
    /// # Errors
    /// There is none.
    pub fn source(&self, name: &str) -> Result<&SourceSpec> {
        self.sources.get(name).ok_or_else(|| {
            let error = Error::usage(format!("there is no source \"{name}\""));
            match nearest(name, self.sources.keys().map(String::as_str)) {
                Some(near) => error.hint(format!("did you mean \"{near}\"?")),
                None => error.hint("the server's configuration names them: [sources.NAME]"),
            }
        })
    }
}

/// The line, and what is wrong with it; of a key that is not known the nearest one.
fn told(error: &toml::de::Error, text: &str) -> Error {
    let line = error.span().map(|span| 1 + text[..span.start.min(text.len())].matches('\n').count());
    let place = line.map(|line| format!("line {line}: ")).unwrap_or_default();
    let message = error.message();
    let mut ticked = message.split('`').skip(1).step_by(2);
    match ticked.next().filter(|_| message.starts_with("unknown field")) {
        None => Error::usage(format!("{place}{message}")),
        Some(key) => {
            let known: Vec<&str> = ticked.collect();
            let error = Error::usage(format!("{place}unknown key \"{key}\""));
            match nearest(key, known.iter().copied()) {
                Some(near) => error.hint(format!("did you mean \"{near}\"?")),
                None => error.hint(format!("known here: {}", known.join(", "))),
            }
        }
    }
}

fn bytes<'de, D: Deserializer<'de>>(input: D) -> Result<u64, D::Error> {
    let text = String::deserialize(input)?;
    choosing::parse_bytes(&text).map_err(D::Error::custom)
}

fn span<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Duration>, D::Error> {
    some_span(input).map(Some)
}

fn some_span<'de, D: Deserializer<'de>>(input: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(input)?;
    parse_span(&text).ok_or_else(|| D::Error::custom(NoSpan(&text)))
}

struct NoSpan<'a>(&'a str);

impl fmt::Display for NoSpan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" is no time: write it like 7d, 12h or 30m", self.0)
    }
}

/// `7d`, `12h`, `30m`, `45s`, `2w`.
fn parse_span(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return None,
    };
    let number: u64 = number.trim().parse().ok().filter(|number| *number > 0)?;
    number.checked_mul(seconds).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const WHOLE: &str = r#"
[sources.crm]
path = "customers.csv"
delimiter = ";"

[training]
upload = "1GB"

[gates]
holds = 0.6

[customers]
source = "crm"

[retrain]
source = "crm"
every = "7d"
rows = 1000
"#;

    #[test]
    fn a_configuration_is_read() {
        let config = Config::parse(WHOLE).unwrap();
        let retrain = config.retrain.unwrap();
        assert_eq!((retrain.every, retrain.rows), (Some(Duration::from_secs(604_800)), Some(1000)));
        assert!(retrain.promote && !retrain.drift);
        assert_eq!((config.training.upload, config.training.queue), (1_000_000_000, 4));
        assert_eq!((config.gates.holds, config.gates.assigned), (0.6, 0.95));
        assert_eq!(config.sources["crm"].delimiter, Some(';'));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_the_nearest_name() {
        for (from, to, words) in [
            ("every =", "evry =", "line 17: unknown key \"evry\"; did you mean \"every\"?"),
            ("[gates]", "[gate]", "line 9: unknown key \"gate\"; did you mean \"gates\"?"),
            ("delimiter", "delimeter", "did you mean \"delimiter\"?"),
            ("\"7d\"", "\"weekly\"", "\"weekly\" is no time: write it like 7d"),
            ("\"1GB\"", "\"much\"", "\"much\" is not an amount of memory"),
            (
                "source = \"crm\"\nevery",
                "source = \"crms\"\nevery",
                "[retrain] source: there is no source \"crms\"; did you mean \"crm\"?",
            ),
            ("every = \"7d\"\nrows = 1000", "", "[retrain] does not say when"),
        ] {
            assert!(WHOLE.contains(from));
            let error = Config::parse(&WHOLE.replace(from, to)).unwrap_err();
            assert_eq!(error.exit as i32, 2);
            assert!(error.to_string().contains(words), "{error}");
        }
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        assert_eq!(parse_span("90m"), Some(Duration::from_secs(5400)));
        for bad in ["", "d", "0d", "-1d", "7", "7y", "1.5h", "é", "99999999999999999999d"] {
            assert_eq!(parse_span(bad), None, "{bad}");
        }
    }
}
