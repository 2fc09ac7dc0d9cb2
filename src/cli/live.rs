//! `live`: a stream of transactions, and who changes segment.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

use super::args::LiveArgs;
use super::street::Street;
use super::{Verdict, verdict};
use crate::config::Paths;
use crate::engine::{models, steps};
use crate::error::{Error, Result};
use crate::live::{self, Came, Names, Store, Stream, Webhook};
use crate::plot::number;
use crate::table::Broken;

/// Broken lines that are named; of the others only the number is told.
const MOST_TOLD: u64 = 20;

/// Takes the lines and tells who changes segment; or sends dead letters again.
pub fn live(street: &Street, args: &LiveArgs) -> Result<Verdict> {
    let webhook = match (&args.webhook, &args.secret) {
        (Some(url), Some(secret)) => Some(Webhook::new(url, secret, args.tries.get())?),
        _ => None,
    };
    if args.resend {
        return resend(street, args, webhook);
    }
    let Some(file) = &args.model else { return Ok(Verdict::Fine) };
    let input = args.file.clone().unwrap_or_else(|| "-".into());
    if let Some(target) = &args.output.output {
        steps::spare_input(&input, target)?;
        steps::spare_input(file, target)?;
    }
    let model = models::read(file)?;
    let spec = model.recipe.rollup.clone().unwrap_or_default();
    let numbered = args.seq.is_some();
    let names = match model.takes_order_lines() {
        true => Names::of(&spec, args.seq.as_deref(), args.event_id.as_deref())?,
        false => {
            return Err(Error::failed("the model takes customers, not order lines")
                .at(file.display().to_string())
                .hint("`segmenta segment ORDERS --rollup --save-model M` makes one of order lines"));
        }
    };
    let mut store = opened(&args.state)?;
    let input = read(&input)?;
    let mut out: Box<dyn Write + Send> = match &args.output.output {
        Some(target) => Box::new(live::append_to(target, &mut store)?),
        None => Box::new(io::stdout()),
    };
    let (say, model) = (street.say, Arc::new(model));
    let (came, told) = street.work(move |task| {
        let mut told = 0;
        let mut tell = |line: &Broken| {
            told += 1;
            if told <= MOST_TOLD {
                say.line(&format!("line {}: {}: {}", line.line, line.why, line.text));
            }
        };
        let stream = Stream { model: &model, names, numbered, webhook };
        let came = live::run(stream, store, input, out.as_mut(), &mut tell, task)?;
        Ok((came, told))
    })?;
    tell(street, &came);
    Ok(verdict(args.output.strict, told == 0 && came.dead == 0))
}

/// The stream's folder, written down so that `forget` finds it.
fn opened(folder: &Path) -> Result<Store> {
    let store = Store::open(folder)?;
    if let Some(paths) = Paths::of_user() {
        live::remember(&paths, folder)?;
    }
    Ok(store)
}

fn read(file: &Path) -> Result<Box<dyn Read + Send>> {
    if file == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    let failed = |error| Error::failed(format!("cannot be read: {error}")).at(file.display().to_string());
    Ok(Box::new(File::open(file).map_err(failed)?))
}

fn resend(street: &Street, args: &LiveArgs, webhook: Option<Webhook>) -> Result<Verdict> {
    let webhook = webhook.ok_or_else(|| {
        Error::usage("dead letters are sent to an address").at("--resend").hint("add --webhook URL --secret FILE")
    })?;
    let store = opened(&args.state)?;
    let (accepted, left) = street.work(move |task| live::resend(&store, webhook, task))?;
    let (accepted, left_words) = (number::whole(accepted), number::whole(left));
    street.say.line(&format!("{accepted} dead letters were accepted, {left_words} are left."));
    Ok(verdict(args.output.strict, left == 0))
}

/// Says what became of the lines.
fn tell(street: &Street, came: &Came) {
    let whole = |count: u64| number::whole(usize::try_from(count).unwrap_or(usize::MAX));
    let of = came.counts;
    street.say.line(&format!(
        "{} lines in all, {} used; {} customers, {} changes of segment.",
        whole(of.lines),
        whole(of.used),
        number::whole(came.customers),
        whole(came.changes)
    ));
    let others = [
        (of.late, "came late: they count, told at the time when they came"),
        (of.repeated, "were there before: they count once"),
        (of.not_positive, "have no quantity and price above 0: left out"),
        (of.broken, "are no events: passed over"),
        (came.dead as u64, "changes were given up: see dead.ndjson, --resend sends them again"),
        (came.unsent as u64, "changes wait to be sent: --webhook sends them"),
    ];
    for (count, words) in others.into_iter().filter(|(count, _)| *count > 0) {
        street.say.line(&format!("{} {words}.", whole(count)));
    }
}
