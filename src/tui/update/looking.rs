//! The rows that are looked at: asked for wherever they may be others, shown by every tab.

use std::sync::Arc;

use super::cover;
use crate::engine::looking::{Looked, Looking, names_segment};
use crate::explore::OverTime;
use crate::plot::number;
use crate::tui::action::Listed;
use crate::tui::backend::Work;
use crate::tui::endings::{self, Endings};
use crate::tui::line::Line;
use crate::tui::paths;
use crate::tui::state::{Effect, Overlay, Purpose, State, Tone};

/// Asks for an expression: the one that was typed last, or is in force, stands there to be changed.
pub fn prompt(state: &mut State) -> Vec<Effect> {
    let typed = Some(state.typed_rows.clone()).filter(|typed| !typed.is_empty());
    let line = Line::new(typed.or_else(|| state.world.filter.clone()).unwrap_or_default());
    offer(state, &line);
    cover(state, Overlay::Prompt(Purpose::Rows, line))
}

/// Finds out how what is typed could go on; only where the cursor stands at its end.
pub fn offer(state: &mut State, line: &Line) {
    let at_end = line.before() == line.text();
    state.endings = if at_end { endings::of(&state.world, line.text()) } else { Endings::default() };
    state.candidates = state.endings.lines(line.text());
}

/// What is typed becomes what all ways to go on have in common, or the first of them.
pub fn complete(state: &mut State, line: Line) -> Line {
    let begin = |candidate: &&String| candidate.to_lowercase().starts_with(&line.text().to_lowercase());
    let fitting: Vec<String> = state.candidates.iter().filter(begin).cloned().collect();
    let common = paths::common(&fitting);
    let text = match state.candidates.first() {
        _ if common.len() > line.text().len() => common,
        Some(first) => first.clone(),
        None => return line,
    };
    let line = Line::new(text);
    offer(state, &line);
    line
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

/// Looks at the rows that are listed.
pub fn only(state: &mut State, listed: Listed) -> Vec<Effect> {
    let Some(expression) = &listed.expression else {
        state.say(Tone::Plain, "too many rows to be named one by one; & takes an expression that holds for them");
        state.overlay = Some(Overlay::Rows(listed, 0));
        return Vec::new();
    };
    let (effects, rows) = (at(state, expression), number::whole(listed.count));
    state.say(Tone::Good, format!("only these {rows} rows are looked at, on every tab; \\ shows all again"));
    effects
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
        forget_orders(state);
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
    if former.is_none() {
        forget_orders(state);
    }
    state.world.looked = Some(match (former.and_then(|former| former.exploration.clone()), &looked.exploration) {
        // The same rows again: what is known of them stays until it is known anew.
        (Some(exploration), None) => Arc::new(Looked::clone(&looked).with(exploration)),
        _ => looked,
    });
}

/// The orders of some rows are known, which may not be those that are looked at now.
pub fn ordered(state: &mut State, found: Arc<OverTime>, of: &Looked) {
    if state.world.looked.as_ref().is_some_and(|looked| looked.rows == of.rows) {
        state.world.over_time_looked = Some(found);
    }
}

/// The orders are those of other rows.
fn forget_orders(state: &mut State) {
    state.world.over_time_looked = None;
    state.asked.remove("orders of some");
}

/// The rows cannot be found: those of before are looked at, and what was typed is offered again.
pub fn give_up(state: &mut State) {
    let former = state.world.looked.as_ref().map(|looked| looked.expression.clone());
    let failed = state.world.filter.take();
    state.world.filter = former.filter(|former| failed.as_ref() != Some(former));
    state.looking = None;
}
