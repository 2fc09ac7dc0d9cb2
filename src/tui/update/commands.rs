//! What the commands of the table do.

use std::path::{Path, PathBuf};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::requests::{self, handle_all};
use super::{cover, handover, looking, models, session, show};
use crate::config::{Read, Theme};
use crate::table::SourceSpec;
use crate::tui::action::Tab;
use crate::tui::backend::{Job, Keeping, Work};
use crate::tui::command::Place;
use crate::tui::commands::tab_of;
use crate::tui::history::Moment;
use crate::tui::line::Line;
use crate::tui::look::Look;
use crate::tui::state::{Effect, Overlay, Purpose, State, Tone};
use crate::tui::words::Word;
use crate::tui::{inspect, themes, tour, why};

/// Runs the command with this id.
pub fn run(state: &mut State, id: &str) -> Vec<Effect> {
    if let Some(tab) = tab_of(id) {
        return go(state, tab);
    }
    everywhere(state, id).unwrap_or_else(|| of_pane(state, id))
}

fn everywhere(state: &mut State, id: &str) -> Option<Vec<Effect>> {
    Some(match id {
        "undo" => step_back(state),
        "redo" => step_forth(state),
        "why" => why(state),
        "inspect" => inspect_run(state),
        "export" => handover::export_sheet(state, "", "-segments.csv"),
        "report" => handover::export_sheet(state, "", "-report.html"),
        "chart" => handover::chart_prompt(state),
        "headless" => headless(state),
        "palette" => cover(state, Overlay::Palette(Line::default(), 0)),
        "search" => cover(state, Overlay::Prompt(Purpose::Search, Line::default())),
        "search.next" => search(state, true),
        "search.previous" => search(state, false),
        "rows.filter" => looking::prompt(state),
        "rows.here" => looking::here(state),
        "rows.all" => looking::all(state),
        "open" => {
            state.candidates.clone_from(&state.recent);
            cover(state, Overlay::Prompt(Purpose::Open, Line::default()))
        }
        "resume" => session::resume_offered(state),
        "save" => {
            cover(state, Overlay::Prompt(Purpose::Save, Line::new(handover::default_path(state, ".recipe.toml"))))
        }
        "model" => models::model_prompt(state, ""),
        "train" => models::train_prompt(state),
        "personal" => toggle_personal(state),
        "kept" => vec![state.order(state.stamps.source, Work::Kept(Keeping::List))],
        "pseudonyms" => toggle_pseudonyms(state),
        "tour" => tour::begin(state),
        "theme" => {
            themes::open(state);
            Vec::new()
        }
        "help" => cover(state, Overlay::Help(0)),
        "back" => back(state),
        "redraw" => vec![Effect::Repaint],
        "suspend" => vec![Effect::Suspend],
        "cancel" => cancel(state),
        "quit" => quit(state),
        _ => return None,
    })
}

/// Shows personal data, or masks them again.
fn toggle_personal(state: &mut State) -> Vec<Effect> {
    state.world.shows_personal = !state.world.shows_personal;
    let says =
        if state.world.shows_personal { "personal data are shown; M masks them" } else { "personal data are masked" };
    state.say(Tone::Plain, says);
    Vec::new()
}

/// Exports get pseudonyms in place of ids, or the ids again.
fn toggle_pseudonyms(state: &mut State) -> Vec<Effect> {
    state.world.pseudonyms = !state.world.pseudonyms;
    let says = if state.world.pseudonyms {
        format!("exports have pseudonyms in place of ids; their key stands in {}", crate::engine::privacy::KEY)
    } else {
        "exports have the ids".to_owned()
    };
    state.say(Tone::Plain, says);
    Vec::new()
}

/// A command of a pane; where it belongs to another tab, goes there first.
fn of_pane(state: &mut State, id: &str) -> Vec<Effect> {
    let here = state.tab.index();
    let order = std::iter::once(here).chain((0..state.panes.len()).filter(|&other| other != here));
    for index in order {
        if let Some(requests) = state.panes[index].run(id, &state.world) {
            show(state, Tab::ALL[index]);
            return handle_all(state, requests);
        }
    }
    Vec::new()
}

/// Whether the command would change what stands under a cursor that nobody sees now.
pub fn is_out_of_sight(state: &State, id: &str) -> bool {
    state.keymap.entry(id).is_some_and(|entry| entry.command.at_cursor && !entry.works_on(state.tab))
}

/// Goes to the place of a command, and says its key.
pub fn lead_to(state: &mut State, id: &str) -> Vec<Effect> {
    let Some(entry) = state.keymap.entry(id) else { return Vec::new() };
    let Place::Tab(tab) = entry.command.place else { return Vec::new() };
    let key = entry.keys.first().map_or_else(String::new, |key| key.label(state.look.names_keys()));
    let words = format!("here: {key} {} what stands under the cursor", entry.command.title);
    show(state, tab);
    state.say(Tone::Plain, words);
    Vec::new()
}

/// Goes to a tab.
pub fn go(state: &mut State, tab: Tab) -> Vec<Effect> {
    show(state, tab);
    Vec::new()
}

fn moment(state: &State) -> Option<Moment> {
    Some(Moment { recipe: state.world.recipe.clone()?, answers: state.world.answers.clone() })
}

fn step_back(state: &mut State) -> Vec<Effect> {
    let changed = moment(state).and_then(|now| state.history.undo(now));
    return_to(state, changed, "undone", "nothing to undo")
}

fn step_forth(state: &mut State) -> Vec<Effect> {
    let changed = moment(state).and_then(|now| state.history.redo(now));
    return_to(state, changed, "done again", "nothing to redo")
}

fn return_to(state: &mut State, changed: Option<(String, Moment)>, done: &str, nothing: &str) -> Vec<Effect> {
    let Some((what, moment)) = changed else {
        state.say(Tone::Plain, nothing);
        return Vec::new();
    };
    state.world.answers = moment.answers;
    state.say(Tone::Good, format!("{done}: {what}"));
    requests::replace_recipe(state, moment.recipe)
}

fn why(state: &mut State) -> Vec<Effect> {
    let index = state.tab.index();
    if let Some(requests) = state.panes[index].run("why", &state.world) {
        return handle_all(state, requests);
    }
    let (title, paragraphs) = why::why(&state.world);
    cover(state, Overlay::Text(title, paragraphs, 0))
}

/// The run under the cursor, else the one that is shown, in full.
fn inspect_run(state: &mut State) -> Vec<Effect> {
    let told = state.pane().run_here(&state.world).and_then(|run| inspect::inspect(&state.world, &run));
    match told {
        Some((title, paragraphs)) => cover(state, Overlay::Text(title, paragraphs, 0)),
        None => {
            state.say(Tone::Plain, "there is no run yet: 4 Compare");
            Vec::new()
        }
    }
}

fn headless(state: &mut State) -> Vec<Effect> {
    let command = state.pane().headless(&state.world);
    state.overlay = Some(Overlay::Headless(command.clone()));
    vec![Effect::Copy(command)]
}

/// Goes to the next or former match of what was searched for.
pub fn search(state: &mut State, forward: bool) -> Vec<Effect> {
    if state.sought.is_empty() {
        state.say(Tone::Plain, "nothing was searched for yet: / begins");
    } else {
        let index = state.tab.index();
        if !state.panes[index].search(&state.world, &state.sought, forward) {
            state.say(Tone::Plain, format!("nothing here contains “{}”", state.sought));
        }
    }
    Vec::new()
}

fn back(state: &mut State) -> Vec<Effect> {
    let index = state.tab.index();
    if state.panes[index].back() {
        return Vec::new();
    }
    stop_here(state).unwrap_or_default()
}

fn cancel(state: &mut State) -> Vec<Effect> {
    if state.pane().typing() {
        let (index, escape) = (state.tab.index(), KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE));
        let requests = state.panes[index].key(&state.world, escape);
        return handle_all(state, requests);
    }
    stop_here(state).unwrap_or_else(|| quit(state))
}

/// Cancels the job of this place, `None` where none runs.
fn stop_here(state: &mut State) -> Option<Vec<Effect>> {
    let job = state.job_here()?;
    let (kind, name) = (job.job, job.name.clone());
    state.say(Tone::Plain, format!("{name}: stopping"));
    Some(vec![state.order(state.stamps.study, Work::Cancel(kind))])
}

fn quit(state: &mut State) -> Vec<Effect> {
    match would_be_lost(state) {
        Some(what) if !state.asked_to_quit => {
            state.asked_to_quit = true;
            state.say(Tone::Plain, format!("{what}; q again leaves all the same"));
        }
        _ => state.over = true,
    }
    Vec::new()
}

fn would_be_lost(state: &State) -> Option<&'static str> {
    if state.jobs.iter().any(|job| job.job == Job::Export) {
        return Some("the export is still being written");
    }
    let lost = state.unsaved && !state.is_kept;
    lost.then_some("your changes are written nowhere: Ctrl-S saves the recipe, e exports")
}

/// Does what a line of the palette says.
pub fn say_word(state: &mut State, word: Word) -> Vec<Effect> {
    match word {
        Word::Row(row) => {
            let row = row.saturating_sub(1);
            if !state.panes[state.tab.index()].go_to(&state.world, row) {
                show(state, Tab::Data);
                state.panes[Tab::Data.index()].go_to(&state.world, row);
            }
            Vec::new()
        }
        Word::Save(path) => save(state, path),
        Word::Export(path) => handover::export_sheet(state, &path, "-segments.csv"),
        Word::Model(path) => models::model_prompt(state, &path),
        Word::Theme(name) => theme(state, &name),
        Word::Open(path) => open(state, &path),
        Word::Rows(expression) => looking::at(state, &expression),
        Word::Sort(order) => {
            show(state, Tab::Compare);
            state.panes[Tab::Compare.index()].order_list(&order.word());
            state.say(Tone::Plain, order.said());
            Vec::new()
        }
        Word::Kept(what) => vec![state.order(state.stamps.source, Work::Kept(what))],
        Word::Quit => quit(state),
    }
}

/// Whether this names a file that is not there: neither a pattern nor an address nor a sample.
fn is_missing(path: &str) -> bool {
    !path.contains([':', '*', '?', '[', '{', '~']) && path != "-" && !Path::new(path).exists()
}

/// Opens another source; where there is none what is open stays.
pub fn open(state: &mut State, path: &str) -> Vec<Effect> {
    if state.world.table.is_some() && is_missing(path) {
        state.say(Tone::Bad, format!("{path}: no such file; Ctrl-O and Tab list what is here"));
        return Vec::new();
    }
    let path = PathBuf::from(path);
    state.tab = Tab::Data;
    state.open(SourceSpec::new(path))
}

/// Reads the source again, as a line of `word=value` says.
pub fn read_with(state: &mut State, line: &str) -> Vec<Effect> {
    match SourceSpec::new(state.source.path.clone()).told(line) {
        Ok(source) => {
            state.tab = Tab::Data;
            state.open(source)
        }
        Err(error) => {
            state.complain(&error);
            Vec::new()
        }
    }
}

/// Writes the recipe.
pub fn save(state: &mut State, path: String) -> Vec<Effect> {
    let path = if path.is_empty() { handover::default_path(state, ".recipe.toml") } else { path };
    match requests::recipe_with_choice(state) {
        Some(recipe) => vec![state.order(state.stamps.matrix, Work::Save(Box::new(recipe), path.into()))],
        None => {
            state.say(Tone::Bad, "there is no recipe yet: the file is still being read");
            Vec::new()
        }
    }
}

fn theme(state: &mut State, name: &str) -> Vec<Effect> {
    match Theme::load(name, state.themes.as_deref()) {
        Ok(Read { value, warnings }) => {
            state.look = Look::new(&value, state.look.depth, state.look.glyphs);
            name.clone_into(&mut state.theme_shown);
            state.theme = Some(name.to_owned());
            let told = warnings.into_iter().next();
            state.say(
                if told.is_some() { Tone::Bad } else { Tone::Good },
                told.unwrap_or(format!("theme {name}: {}", value.about)),
            );
        }
        Err(error) => state.complain(&error.into()),
    }
    Vec::new()
}
