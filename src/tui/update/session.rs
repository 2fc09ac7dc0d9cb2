//! The session: what is kept of the state, and the state that goes on with it.

use super::requests;
use crate::engine::sessions::Session;
use crate::recipe::Recipe;
use crate::table::{Role, Table};
use crate::tui::action::Tab;
use crate::tui::state::{Effect, State, Tone};
use crate::tui::themes;
use crate::tui::world::Answer;

/// Goes on with a session: its source is read, its recipe put in force; the rest follows when the table is there.
pub fn resume(state: &mut State, session: Box<Session>) -> Vec<Effect> {
    let Some(source) = session.source() else {
        state.say(Tone::Bad, "this session names no source");
        return Vec::new();
    };
    if let Some(theme) = &session.theme {
        themes::wear(state, theme);
        state.theme = Some(theme.clone());
    }
    let recipe = session.recipe.as_deref().map(|text| Recipe::from_toml(text, "session"));
    state.offered = None;
    state.tab = Tab::ALL.get(session.tab).copied().unwrap_or_default();
    let effects = match recipe {
        Some(Ok(recipe)) => state.go_on(source, recipe),
        Some(Err(error)) => {
            state.complain(&error.into());
            return state.open(source);
        }
        None => state.open(source),
    };
    state.say(Tone::Plain, format!("going on with {}: reading", session.title));
    state.resumed = Some(session);
    effects
}

/// Offers a session; one with decisions stays before one without.
pub fn offer(state: &mut State, session: Box<Session>) {
    if state.offered.as_ref().is_some_and(|offered| offered.has_decisions() && !session.has_decisions()) {
        return;
    }
    state.say(Tone::Plain, session.offer());
    state.offered = Some(session);
}

/// Goes on with the session that is offered.
pub fn resume_offered(state: &mut State) -> Vec<Effect> {
    match state.offered.take() {
        Some(session) => resume(state, session),
        None => {
            state
                .say(Tone::Plain, "no other session of this file is kept; segmenta --resume goes on with the last one");
            Vec::new()
        }
    }
}

/// The table of the session is there: answers, pins and the chosen run come back.
pub fn settle_in(state: &mut State) {
    let Some(session) = state.resumed.take() else { return };
    let findings = state.world.findings.len();
    let answer = |taken: Option<usize>| taken.map_or(Answer::Left, Answer::Taken);
    let answers = session.answers.iter().filter(|(finding, _)| *finding < findings);
    state.world.answers = answers.map(|&(finding, taken)| (finding, answer(taken))).collect();
    state.world.pinned.clone_from(&session.pinned);
    state.world.chosen.clone_from(&session.chosen);
    state.world.pseudonyms = session.pseudonyms;
    state.world.filter.clone_from(&session.rows);
    for (tab, order) in &session.lists {
        if let Some(pane) = state.panes.get_mut(*tab) {
            pane.order_list(order);
        }
    }
    (state.unsaved, state.decided) = (session.changed, session.has_decisions());
    let now = state.world.table.as_ref().and_then(|table| table.source.fingerprint.clone());
    if session.fingerprint.is_some() && session.fingerprint != now {
        state.say(Tone::Bad, "the session goes on, but the file has changed since");
    } else {
        state.say(Tone::Good, format!("the session goes on: {}", session.title));
    }
}

/// What is kept of the state; `None` where there is nothing that could be gone on with.
pub fn session(state: &State) -> Option<Session> {
    let world = &state.world;
    if state.resumed.is_some() || state.before_tour.is_some() {
        // What was kept still holds until the table is there, and through a tour.
        return None;
    }
    let table = world.table.as_ref()?;
    let mut answers: Vec<(usize, Option<usize>)> = world.answers.iter().map(answered).collect();
    answers.sort_unstable();
    Some(Session {
        title: world.title.clone(),
        sources: Session::sources_of(&state.source)?,
        fingerprint: table.source.fingerprint.clone(),
        recipe: requests::recipe_to_keep(state).map(|recipe| recipe.to_toml()),
        answers,
        chosen: world.chosen.clone(),
        pinned: world.pinned.clone(),
        pseudonyms: world.pseudonyms,
        rows: world.filter.clone().filter(|rows| names_nobody(rows, table)),
        tab: state.tab.index(),
        lists: (0..).zip(&state.panes).filter_map(|(tab, pane)| Some((tab, pane.list_order()?))).collect(),
        theme: state.theme.clone(),
        changed: state.unsaved,
        decided: state.decided,
        studied: world.study.is_some() && !world.studying,
    })
}

/// Whether an expression says nothing that tells a person: sessions hold no ids.
pub(super) fn names_nobody(rows: &str, table: &Table) -> bool {
    let mut tell = table.fields.iter().filter(|field| field.role == Role::Id || field.personal.is_some());
    !tell.any(|field| rows.contains(field.name()))
}

fn answered((finding, answer): (&usize, &Answer)) -> (usize, Option<usize>) {
    match answer {
        Answer::Taken(which) => (*finding, Some(*which)),
        Answer::Left => (*finding, None),
    }
}
