//! `predict MODEL -`: rows placed as they come.

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::Arc;

use super::super::args::PredictArgs;
use super::super::street::Street;
use super::super::{Verdict, verdict};
use crate::engine::stream::{self, Form};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::plot::number;
use crate::report::Draft;
use crate::table::{Broken, SourceSpec};

/// Broken lines that are named; of the others only the number is told.
const MOST_TOLD: usize = 20;

/// Answers each row of the standard input in the form that it has.
pub fn predict(street: &Street, args: &PredictArgs, source: &SourceSpec, model: Arc<Model>) -> Result<Verdict> {
    if model.takes_order_lines() {
        let what = "this model takes order lines, which are rolled up before a customer can be placed";
        return Err(Error::usage(what).hint("give them as a file"));
    }
    if args.output.format.is_some() || args.privacy.pseudonyms {
        let what = "a stream is answered as it stands, in the form that it has";
        return Err(Error::usage(what).hint("give the rows as a file for --format and --pseudonyms"));
    }
    if args.next || args.lines.is_some() || args.goods.is_some() {
        let what = "a stream of customers does not say what they bought";
        return Err(Error::usage(what).at("--next").hint("give the rows as a file"));
    }
    let form = Form { delimiter: source.delimiter, decimal: source.decimal, actions: args.actions };
    let (say, target) = (street.say, args.output.output.clone());
    let answered = street.work(move |task| {
        let mut broken = 0;
        let mut tell = |line: &Broken| {
            broken += 1;
            if broken <= MOST_TOLD {
                say.line(&format!("line {}: {}: {}", line.line, line.why, line.text));
            }
        };
        let mut out = Out::begin(target.as_deref())?;
        let summary = stream::run(&model, form, io::stdin(), &mut out, &mut tell, task)?;
        out.publish()?;
        Ok((summary, broken))
    });
    let (summary, broken) = match answered {
        // Who reads has seen enough.
        Err(error) if is_closed_pipe(&error) => return Ok(Verdict::Fine),
        answered => answered?,
    };
    if broken > 0 {
        say.line(&format!("{} lines are no rows: they are not answered.", number::whole(broken)));
    }
    super::tell(street, &summary);
    Ok(verdict(args.output.strict, broken == 0 && super::is_fine(&summary)))
}

fn is_closed_pipe(error: &Error) -> bool {
    let cause = error.source.as_deref().and_then(|source| source.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| cause.kind() == ErrorKind::BrokenPipe)
}

/// Where the answers go.
enum Out {
    Printed(io::Stdout),
    File(Draft),
}

impl Out {
    fn begin(target: Option<&Path>) -> Result<Self> {
        Ok(match target {
            Some(target) => Self::File(Draft::begin(target)?),
            None => Self::Printed(io::stdout()),
        })
    }

    fn publish(self) -> Result<()> {
        match self {
            Self::Printed(_) => Ok(()),
            Self::File(draft) => Ok(draft.publish()?),
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Printed(out) => out.write(bytes),
            Self::File(draft) => draft.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Printed(out) => out.flush(),
            Self::File(draft) => draft.flush(),
        }
    }
}
