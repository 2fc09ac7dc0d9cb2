//! Names, notes and actions that the user gives segments: they stand in the recipe, and a segment is found by its centre.

use std::sync::Arc;

use super::requests::{change, subject};
use crate::recipe::{KeptSegment, Play, Recipe};
use crate::segments::{self, Segment};
use crate::tui::backend::Work;
use crate::tui::state::{Effect, State, Tone};

/// Gives a segment another name; its key stays.
pub fn rename(state: &mut State, number: u32, name: &str) -> Vec<Effect> {
    let name = name.trim().to_owned();
    see(state, number, |segment| segment.name.clone_from(&name));
    keep(state, number, format!("segment {number} is called {name}"), |kept| kept.name.clone_from(&name))
}

/// Writes something about a segment.
pub fn note(state: &mut State, number: u32, note: &str) -> Vec<Effect> {
    let note = Some(note.trim().to_owned()).filter(|note| !note.is_empty());
    see(state, number, |segment| segment.note.clone_from(&note));
    keep(state, number, format!("note on segment {number}"), |kept| kept.note.clone_from(&note))
}

/// Puts a play for this one segment into the recipe; without words the playbook's own is taken again.
pub fn try_with(state: &mut State, number: u32, offer: &str) -> Vec<Effect> {
    let Some((kept, segment)) = of(state, number) else { return Vec::new() };
    let (key, offer) = (segment.key.clone(), offer.trim().to_owned());
    let action = segment.action.unwrap_or_default();
    let play = Play {
        id: format!("own-{key}"),
        segment: Some(key),
        offer,
        kind: action.kind,
        channel: action.channel,
        moment: action.moment,
        tone: action.tone,
        measure: action.measure,
        avoid: action.avoid,
        ..Play::default()
    };
    change(state, format!("to try with segment {number}"), |recipe| {
        recipe.plays.retain(|other| other.id != play.id);
        put(recipe, kept);
        if !play.offer.is_empty() {
            recipe.plays.insert(0, play);
        }
    })
}

/// Keeps the keys and names of all segments that are shown.
pub fn keep_all(state: &mut State) -> Vec<Effect> {
    let Some(shown) = state.world.shown_segments() else {
        state.say(Tone::Plain, "no segments to keep yet");
        return Vec::new();
    };
    let kept = segments::kept(shown);
    let what = format!("{} segments keep their keys and names; Ctrl-S saves them with the recipe", kept.len());
    change(state, what, |recipe| kept.into_iter().for_each(|kept| put(recipe, kept)))
}

/// Has the segments that are shown described again: what the recipe says of them changed.
pub fn describe_again(state: &mut State) -> Vec<Effect> {
    let Some(run) = state.world.run_id().map(str::to_owned) else { return Vec::new() };
    state.world.segments.retain(|other, _| *other == run);
    state.asked.retain(|key| !key.starts_with("segments "));
    let known = state.world.segments.contains_key(&run);
    let Some((subject, study)) = subject(state).zip(state.world.study.clone()).filter(|_| known) else {
        return Vec::new();
    };
    state.asked.insert(format!("segments {run}"));
    vec![state.order(state.stamps.matrix, Work::Profile(subject, study, run))]
}

/// What a segment is kept as, and the segment.
fn of(state: &State, number: u32) -> Option<(KeptSegment, Segment)> {
    let shown = state.world.shown_segments()?;
    let place = shown.list.iter().position(|segment| segment.number == number)?;
    Some((segments::kept(shown).swap_remove(place), shown.list[place].clone()))
}

fn keep(state: &mut State, number: u32, what: String, edit: impl FnOnce(&mut KeptSegment)) -> Vec<Effect> {
    let Some((mut kept, _)) = of(state, number) else { return Vec::new() };
    edit(&mut kept);
    change(state, what, |recipe| put(recipe, kept))
}

/// The one of the same key gives its place.
fn put(recipe: &mut Recipe, kept: KeptSegment) {
    match recipe.kept.iter_mut().find(|other| other.key == kept.key) {
        Some(there) => *there = kept,
        None => recipe.kept.push(kept),
    }
}

/// Shows at once what the engine will say in a moment.
fn see(state: &mut State, number: u32, edit: impl FnOnce(&mut Segment)) {
    let Some(run) = state.world.run_id().map(str::to_owned) else { return };
    let Some(shown) = state.world.segments.get_mut(&run) else { return };
    if let Some(segment) = Arc::make_mut(shown).list.iter_mut().find(|segment| segment.number == number) {
        edit(segment);
    }
}
