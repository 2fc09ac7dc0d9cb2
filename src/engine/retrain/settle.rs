//! What becomes of a challenger: a version of the store, which serves where it may.

use serde::Serialize;

use super::{Challenger, Gate};
use crate::engine::privacy::Privacy;
use crate::engine::reports;
use crate::error::Result;
use crate::model::store::{Entry, Store, What};
use crate::plot::number;
use crate::task::Task;

/// How a training ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// The version that came of it.
    pub version: u64,
    /// Whether it serves now.
    pub promoted: bool,
    /// Why, in words.
    pub words: String,
    /// The run.
    pub run: String,
    /// How many segments it has.
    pub segments: usize,
    /// Customers that it was made with.
    pub customers: usize,
    /// What it was held to.
    pub gates: Vec<Gate>,
    /// Keys of the segments that are there again.
    pub again: Vec<String>,
    /// Keys of those that are no more.
    pub gone: Vec<String>,
    /// The share of the customers in segments of other keys than before.
    pub moved: Option<f64>,
}

/// Puts a challenger into the store with its page; it serves where every gate passes, `promote` says so, and still that
/// version serves with which it was compared. The history has it all.
///
/// # Errors
/// The store cannot be written, or the task was cancelled.
pub fn settle(
    store: &mut Store,
    challenger: &Challenger,
    against: u64,
    (promote, by): (bool, &str),
    task: &Task,
) -> Result<Outcome> {
    let page =
        reports::of_model(&challenger.model, "model".as_ref(), Some(&challenger.table), &Privacy::default(), task)?;
    task.check()?;
    let version = store.add(&challenger.model, by)?.number;
    page.write(&store.shelf().report(version), None)?;
    let words = words(store, challenger, against, promote);
    let promoted = words.is_none();
    let outcome = Outcome {
        version,
        promoted,
        words: words.unwrap_or_else(|| "every gate passes".to_owned()),
        run: challenger.model.fit.run.clone(),
        segments: challenger.model.segments.list.len(),
        customers: challenger.model.training.used,
        gates: challenger.gates.clone(),
        again: challenger.again.clone(),
        gone: challenger.gone.clone(),
        moved: challenger.moved,
    };
    store.record(Entry::new(What::Trained, by).version(version).words(&outcome.words).details(&outcome))?;
    if promoted {
        store.promote(version, by, &outcome.words)?;
    }
    Ok(outcome)
}

/// Why it does not serve; `None`: it does.
fn words(store: &Store, challenger: &Challenger, against: u64, promote: bool) -> Option<String> {
    let no: Vec<String> = challenger.gates.iter().filter(|gate| !gate.pass).map(said).collect();
    match () {
        () if !no.is_empty() => Some(no.join("; ")),
        () if !promote => Some("every gate passes; it is kept as a candidate, as was asked for".to_owned()),
        () if store.shelf().serving() != Some(against) => {
            Some(format!("version {against}, with which it was compared, serves no more"))
        }
        () => None,
    }
}

fn said(gate: &Gate) -> String {
    format!("{} says no: {}, {} is asked for", gate.name, gate.words, number::ratio(gate.limit, 2))
}
