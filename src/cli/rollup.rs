//! The options of `rfm` and `--rollup`, and how lines are rolled up by them.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::OutputArgs;
use super::options;
use super::source_args::SourceArgs;
use crate::error::{Error, Result, nearest};
use crate::recipe::rfm::{Extra, Returns, RollUpSpec, Ties, moment_of};

/// `rfm`.
#[derive(Debug, Args)]
pub struct RfmArgs {
    /// Order lines or events: CSV, TSV or Parquet; sample:cdnow is a bundled sample.
    pub file: PathBuf,
    /// How it is read.
    #[command(flatten)]
    pub source: SourceArgs,
    /// What is rolled up, and how.
    #[command(flatten)]
    pub rollup: RollUpArgs,
    /// Where results go; .parquet is written too.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// How lines are rolled up. Columns that are not named are guessed.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Roll-up")]
pub struct RollUpArgs {
    /// The column that names the customer.
    #[arg(long, value_name = "COL")]
    pub customer: Option<String>,
    /// The column that says when.
    #[arg(long, value_name = "COL")]
    pub date: Option<String>,
    /// The column that names the order.
    #[arg(long, value_name = "COL")]
    pub order: Option<String>,
    /// The column of pieces.
    #[arg(long, value_name = "COL")]
    pub quantity: Option<String>,
    /// The column of the price of a piece.
    #[arg(long, value_name = "COL")]
    pub price: Option<String>,
    /// The column of what the line comes to, in place of quantity and price.
    #[arg(long, value_name = "COL")]
    pub amount: Option<String>,
    /// The column of the group of goods.
    #[arg(long, value_name = "COL")]
    pub category: Option<String>,
    /// The column of the channel.
    #[arg(long, value_name = "COL")]
    pub channel: Option<String>,
    /// The column of the kind of event.
    #[arg(long, value_name = "COL")]
    pub kind: Option<String>,
    /// The moment that recency counts back from; otherwise one day after the last line used.
    #[arg(long, value_name = "WHEN")]
    pub snapshot: Option<String>,
    /// What becomes of returns and cancellations: left out (and counted), or taken from monetary.
    #[arg(long, value_name = "HOW", default_value = "leave-out")]
    pub returns: ReturnsArg,
    /// Work out more: tenure, gaps, order-value, returns, category, channel, kind, trend, or all.
    #[arg(long, value_name = "LIST")]
    pub with: Option<String>,
    /// Scores from 1 to 5 and the named segments; equal values get ranks by id, their mean rank, or the same score.
    #[arg(long, value_name = "TIES", num_args = 0..=1, require_equals = true, default_missing_value = "rank-first")]
    pub scores: Option<TiesArg>,
    /// Lifetime value over this many weeks (BG/NBD, Gamma-Gamma).
    #[arg(long, value_name = "WEEKS")]
    pub clv: Option<f64>,
    /// The last day that the lifetime models are fitted to.
    #[arg(long, value_name = "DAY")]
    pub calibrate: Option<String>,
    /// Neither use nor keep a roll-up of a large file.
    #[arg(long)]
    pub no_cache: bool,
}

/// What becomes of returns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ReturnsArg {
    /// Left out and counted.
    #[default]
    LeaveOut,
    /// Taken from monetary.
    Net,
}

/// How customers with equal values are scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TiesArg {
    /// Ranks by value, equal values by id, in fifths of equal size.
    RankFirst,
    /// Equal values at their mean rank.
    RankAverage,
    /// By the quintiles of the values.
    Edges,
}

/// What the options of `rfm` say.
///
/// # Errors
/// An option that cannot be read (exit 2).
pub fn spec(args: &RollUpArgs) -> Result<RollUpSpec> {
    let args = args.clone();
    let spec = RollUpSpec {
        customer: args.customer,
        date: args.date,
        order: args.order,
        quantity: args.quantity,
        price: args.price,
        amount: args.amount,
        category: args.category,
        channel: args.channel,
        kind: args.kind,
        snapshot: args.snapshot,
        returns: match args.returns {
            ReturnsArg::LeaveOut => Returns::LeaveOut,
            ReturnsArg::Net => Returns::Net,
        },
        with: args.with.as_deref().map(extras).transpose()?.unwrap_or_default(),
        scores: args.scores.map(ties),
        horizon: args.clv,
        calibrate: args.calibrate,
    };
    check(&spec)?;
    Ok(with_named(spec))
}

/// A label that is named is also wanted.
fn with_named(mut spec: RollUpSpec) -> RollUpSpec {
    let named = [(Extra::Category, &spec.category), (Extra::Channel, &spec.channel), (Extra::Kind, &spec.kind)];
    let more: Vec<Extra> = named.iter().filter(|(_, name)| name.is_some()).map(|(extra, _)| *extra).collect();
    spec.with.extend(more);
    spec.with.sort();
    spec.with.dedup();
    spec
}

fn check(spec: &RollUpSpec) -> Result<()> {
    for (option, moment) in [("--snapshot", &spec.snapshot), ("--calibrate", &spec.calibrate)] {
        moment_of(moment.as_deref()).map_err(|error| Error::from(error).at(option))?;
    }
    match spec.horizon {
        Some(weeks) if !(weeks.is_finite() && weeks > 0.0) => {
            Err(Error::usage(format!("{weeks} weeks are no horizon")).at("--clv").hint("e.g. --clv 52"))
        }
        _ => Ok(()),
    }
}

fn ties(arg: TiesArg) -> Ties {
    match arg {
        TiesArg::RankFirst => Ties::RankFirst,
        TiesArg::RankAverage => Ties::RankAverage,
        TiesArg::Edges => Ties::Edges,
    }
}

fn extras(list: &str) -> Result<Vec<Extra>> {
    let mut found = Vec::new();
    for word in options::names("--with", list)? {
        match word.as_str() {
            "all" => found.extend(Extra::ALL),
            _ => found.push(Extra::from_id(&word).ok_or_else(|| unknown(&word, "--with"))?),
        }
    }
    Ok(found)
}

fn unknown(word: &str, option: &str) -> Error {
    let error = Error::usage(format!("\"{word}\" is nothing that can be worked out")).at(option);
    match nearest(word, Extra::ALL.map(Extra::id).into_iter().chain(["all"])) {
        Some(near) => error.hint(format!("did you mean \"{near}\"?")),
        None => error.hint(format!("there are {} and all", Extra::ALL.map(Extra::id).join(", "))),
    }
}

/// What `--rollup` says: `trend,scores,customer=Client`.
///
/// # Errors
/// A word that is none (exit 2).
pub fn inline(list: &str) -> Result<RollUpSpec> {
    let mut spec = RollUpSpec::default();
    for word in options::names("--rollup", list)? {
        match word.split_once('=') {
            Some((what, name)) => *place(&mut spec, what)? = Some(name.to_owned()),
            None if word == "scores" => spec.scores = Some(Ties::default()),
            None if word == "all" => spec.with.extend(Extra::ALL),
            None => spec.with.push(Extra::from_id(&word).ok_or_else(|| unknown(&word, "--rollup"))?),
        }
    }
    check(&spec)?;
    Ok(with_named(spec))
}

fn place<'a>(spec: &'a mut RollUpSpec, what: &str) -> Result<&'a mut Option<String>> {
    Ok(match what {
        "customer" => &mut spec.customer,
        "date" => &mut spec.date,
        "order" => &mut spec.order,
        "quantity" => &mut spec.quantity,
        "price" => &mut spec.price,
        "amount" => &mut spec.amount,
        "category" => &mut spec.category,
        "channel" => &mut spec.channel,
        "kind" => &mut spec.kind,
        "snapshot" => &mut spec.snapshot,
        _ => {
            let known = "customer, date, order, quantity, price, amount, category, channel, kind, snapshot";
            return Err(Error::usage(format!("\"{what}\" is no column of a roll-up")).at("--rollup").hint(known));
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_list_says_what_is_rolled_up() {
        let spec = inline("trend,scores,customer=Client No,channel=shop").unwrap();
        assert_eq!((spec.customer.as_deref(), spec.scores), (Some("Client No"), Some(Ties::RankFirst)));
        assert_eq!(spec.with, [Extra::Channel, Extra::Trend]);
        assert_eq!(inline("").unwrap(), RollUpSpec::default());
        assert_eq!(inline("all").unwrap().with, Extra::ALL);
        for wrong in ["tenur", "client=a", "snapshot=soon"] {
            assert_eq!(inline(wrong).unwrap_err().exit as i32, 2, "{wrong}");
        }
        assert!(inline("tenur").unwrap_err().to_string().contains("did you mean \"tenure\"?"));
    }
}
