//! From options to how lines are rolled up.

use super::args::{ReturnsArg, RollUpArgs, TiesArg};
use super::options;
use crate::error::{Error, Result, nearest};
use crate::recipe::rfm::{Extra, Returns, RollUpSpec, Ties, moment_of};

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
