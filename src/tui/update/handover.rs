//! What leaves the workbench: exports, reports, lists of contacts, movers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cover;
use super::requests::{handle_all, subject};
use super::session::names_nobody;
use crate::engine::migrations::Way;
use crate::engine::reports;
use crate::plot::chart::Chart;
use crate::tui::action::Tab;
use crate::tui::backend::{Again, ShownRun, Work};
use crate::tui::line::Line;
use crate::tui::state::{Effect, Overlay, Purpose, State, Tone};

/// Opens the export sheet; without a path, with the source's name and this ending.
pub fn export_sheet(state: &mut State, path: &str, ending: &str) -> Vec<Effect> {
    if state.world.run_id().is_none() {
        state.say(Tone::Plain, "nothing to export yet: no run has found segments");
        return Vec::new();
    }
    let path = if path.is_empty() { default_path(state, ending) } else { path.to_owned() };
    cover(state, Overlay::Export(Line::new(path)))
}

/// Opens the sheet of the list of contacts.
pub fn contacts_sheet(state: &mut State) -> Vec<Effect> {
    if state.world.run_id().is_none() {
        state.say(Tone::Plain, "nobody to contact yet: no run has found segments");
        return Vec::new();
    }
    let path = default_path(state, "-contacts.csv");
    cover(state, Overlay::Contacts(Line::new(path)))
}

/// Opens what can be said of the hand-over.
pub fn hand_over_form(state: &mut State) -> Vec<Effect> {
    state.tab = Tab::Segments;
    let requests = state.panes[Tab::Segments.index()].run("segments.handover", &state.world).unwrap_or_default();
    handle_all(state, requests)
}

/// Has the list of contacts written.
pub fn contacts(state: &mut State, path: &str) -> Vec<Effect> {
    let (pseudonyms, path) = (state.world.pseudonyms, PathBuf::from(path));
    let work = |shown| Work::Contacts { shown, pseudonyms, path };
    let shown = shown(state).map(|shown| state.order(state.stamps.matrix, work(shown)));
    shown.into_iter().collect()
}

/// Has the customers of the shown run followed to another period.
pub fn follow(state: &mut State, to: &str) -> Vec<Effect> {
    let to = to.to_owned();
    let shown = shown(state).map(|shown| state.order(state.stamps.matrix, Work::Migrate { shown, to }));
    shown.into_iter().collect()
}

/// Asks where the customers who moved are written.
pub fn movers_prompt(state: &mut State) -> Vec<Effect> {
    if state.world.migrated.is_none() {
        state.say(Tone::Plain, "nobody was followed yet: F asks for another period");
        return Vec::new();
    }
    let path = default_path(state, "-moved.csv");
    cover(state, Overlay::Prompt(Purpose::Movers, Line::new(path)))
}

/// Has the customers who moved written: `file`, and from where to where, e.g. `moved.csv from=1 to=2`.
pub fn movers(state: &mut State, line: &str) -> Vec<Effect> {
    let (Some(migrated), Some(segments)) = (state.world.migrated.clone(), state.world.shown_segments().cloned()) else {
        return movers_prompt(state);
    };
    let word = |key: &str| line.split_whitespace().find_map(|word| word.strip_prefix(key));
    let path = line.split(" from=").next().and_then(|line| line.split(" to=").next()).unwrap_or(line).trim();
    match Way::of(word("from="), word("to="), &segments) {
        Ok(way) => {
            let (pseudonyms, path) = (state.world.pseudonyms, PathBuf::from(path));
            vec![state.order(state.stamps.matrix, Work::Movers { migrated, way, pseudonyms, path })]
        }
        Err(error) => {
            state.complain(&error);
            Vec::new()
        }
    }
}

/// The run that is shown, with the names that the user gave its segments; nothing and a word where there is none.
pub fn shown(state: &mut State) -> Option<ShownRun> {
    let world = &state.world;
    let (Some(subject), Some(study), Some(run)) = (subject(state), world.study.clone(), world.run_id()) else {
        state.say(Tone::Bad, "nothing to write yet");
        return None;
    };
    // Those of before the last redraws would tell too little.
    let fresh = !state.asked.contains(&format!("segments {run}"));
    let (run, segments) = (run.to_owned(), world.shown_segments().filter(|_| fresh).cloned());
    Some(ShownRun { subject, study, run, segments })
}

/// The source's name with this ending, in the current folder.
pub fn default_path(state: &State, ending: &str) -> String {
    let name = state.world.title.strip_prefix("sample:").unwrap_or(&state.world.title);
    let stem = Path::new(name).file_stem().map_or_else(|| "customers".into(), |stem| stem.to_string_lossy());
    format!("{stem}{ending}")
}

/// Asks where the chart that is shown is written.
pub fn chart_prompt(state: &mut State) -> Vec<Effect> {
    let Some(chart) = shown_chart(state) else {
        state.say(Tone::Plain, "no chart is shown here: 2 Explore, 4 Compare, 5 Segments and 6 Map have some");
        return Vec::new();
    };
    let letters = chart.name.chars().map(|letter| if letter.is_alphanumeric() || letter == '-' { letter } else { '_' });
    let path = default_path(state, &format!("-{}.svg", letters.collect::<String>()));
    cover(state, Overlay::Prompt(Purpose::Chart, Line::new(path)))
}

/// Has the chart that is shown written, as the file's ending says; pictures that the report draws are drawn by it.
pub fn chart(state: &mut State, path: &str) -> Vec<Effect> {
    let Some(chart) = shown_chart(state) else { return chart_prompt(state) };
    let is_table = path.to_lowercase().ends_with(".csv");
    if chart.panels.is_empty() && !is_table {
        return export(state, path);
    }
    let work = Work::Chart { chart: Box::new(chart), again: again(state).map(Box::new), path: path.into() };
    vec![state.order(state.stamps.source, work)]
}

fn shown_chart(state: &State) -> Option<Chart> {
    state.pane().shown(&state.world)?.chart(&state.world)
}

/// What the chart is drawn from, where the rows that are looked at tell nobody.
fn again(state: &State) -> Option<Again> {
    let world = &state.world;
    let (shown, recipe, table) = (state.pane().shown(world)?, world.recipe.clone()?, world.table.as_ref()?);
    let rows = world.looked.as_ref().map(|looked| looked.expression.clone());
    let known = rows.as_deref().is_none_or(|rows| names_nobody(rows, table));
    known.then(|| Again { shown, recipe, run: world.run_id().map(str::to_owned), rows })
}

/// Has the rows with the segments of the shown run written, or its report where the file's ending says so.
pub fn export(state: &mut State, path: &str) -> Vec<Effect> {
    let (pseudonyms, path) = (state.world.pseudonyms, PathBuf::from(path));
    let findings = Arc::clone(&state.world.findings);
    let figure = state.pane().figure(&state.world);
    let work = |shown| match reports::Kind::of(&path) {
        Some(_) => Work::Report { shown, findings, pseudonyms, figure, path },
        None => Work::Export { shown, pseudonyms, path },
    };
    let shown = shown(state).map(|shown| state.order(state.stamps.matrix, work(shown)));
    shown.into_iter().collect()
}
