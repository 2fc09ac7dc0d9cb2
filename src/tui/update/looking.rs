//! The rows that are looked at: asked for wherever they may be others, shown by every tab.

use std::sync::Arc;

use super::cover;
use crate::engine::looking::{Looked, Looking, names_segment};
use crate::tui::backend::Work;
use crate::tui::line::Line;
use crate::tui::state::{Effect, Overlay, Purpose, State, Tone};

/// Asks for an expression: the one in force, else the one that was typed last, else what the place begins with.
pub fn prompt(state: &mut State) -> Vec<Effect> {
    let begun = || match state.typed_rows.as_str() {
        "" => state.pane().rows_begun(&state.world),
        typed => typed.to_owned(),
    };
    let line = Line::new(state.world.filter.clone().unwrap_or_else(begun));
    cover(state, Overlay::Prompt(Purpose::Rows, line))
}

/// Looks at the rows that the cursor is on.
pub fn here(state: &mut State) -> Vec<Effect> {
    match state.pane().rows_here(&state.world) {
        Some(expression) => at(state, &expression),
        None => {
            state.say(Tone::Plain, "no value or segment is under the cursor; & takes an expression: Income > 50000");
            Vec::new()
        }
    }
}

/// Looks at the rows for which an expression holds; at all where it is empty.
pub fn at(state: &mut State, expression: &str) -> Vec<Effect> {
    if expression.is_empty() {
        return all(state);
    }
    if state.world.table.is_none() {
        state.say(Tone::Bad, "not yet: the file is still being read");
        return Vec::new();
    }
    expression.clone_into(&mut state.typed_rows);
    state.world.filter = Some(expression.to_owned());
    Vec::new()
}

/// Looks at all rows again.
pub fn all(state: &mut State) -> Vec<Effect> {
    state.typed_rows.clear();
    let says = match state.world.filter.take() {
        Some(_) => "all rows are looked at again",
        None => "all rows are looked at; & takes an expression: Income > 50000",
    };
    state.say(Tone::Plain, says);
    Vec::new()
}

/// Has the rows found where the expression, the table or the segments are others than they were.
pub fn needs(state: &mut State) -> Vec<Effect> {
    let Some(wanted) = wanted(state) else { return Vec::new() };
    if state.looking.as_ref().is_some_and(|looking| looking.is(&wanted)) {
        return Vec::new();
    }
    state.looking = Some(wanted.clone());
    state.stamps.renew_rows();
    vec![state.order(state.stamps.rows, Work::Look(wanted))]
}

/// What is to be looked at; `None` where that is all, or cannot be known before the study has runs.
fn wanted(state: &mut State) -> Option<Looking> {
    let Some(expression) = state.world.filter.clone() else {
        (state.looking, state.world.looked) = (None, None);
        return None;
    };
    let world = &state.world;
    let table = world.table.clone()?;
    let named = names_segment(&expression, &table);
    let labels = || Some(Arc::clone(&world.study.as_ref()?.run(world.run_id()?)?.labels));
    let run = named.then(|| world.prepared.clone().zip(labels())).flatten();
    let awaited = named && run.is_none() && world.studying;
    (!awaited).then_some(Looking { expression, table, run })
}

/// The rows were found.
pub fn found(state: &mut State, looked: Arc<Looked>) {
    let former = state.world.looked.take().filter(|former| former.rows == looked.rows);
    state.world.looked = Some(match (former.and_then(|former| former.exploration.clone()), &looked.exploration) {
        // The same rows again: what is known of them stays until it is known anew.
        (Some(exploration), None) => Arc::new(Looked::clone(&looked).with(exploration)),
        _ => looked,
    });
}

/// The rows cannot be found: those of before are looked at, and what was typed is offered again.
pub fn give_up(state: &mut State) {
    let former = state.world.looked.as_ref().map(|looked| looked.expression.clone());
    let failed = state.world.filter.take();
    state.world.filter = former.filter(|former| failed.as_ref() != Some(former));
    state.looking = None;
}
