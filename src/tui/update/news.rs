//! What the engine has found. Answers to older questions fall away.

use std::collections::HashMap;
use std::sync::Arc;

use super::requests::{begin_study, needs};
use super::{cover, models};
use crate::engine::features::Worths;
use crate::engine::values::{Exported, Loaded};
use crate::error::{Error, Exit};
use crate::plot::number;
use crate::recipe::{Prepared, Recipe};
use crate::segments::Segments;
use crate::study::Study;
use crate::table::{Field, Table};
use crate::tui::action::Tab;
use crate::tui::backend::{Event, Generation, Job, News, Work};
use crate::tui::panes::{compare, prepare};
use crate::tui::state::{Effect, Overlay, State, Tone};

/// Takes what is new into the world.
pub fn take(state: &mut State, event: Event) -> Vec<Effect> {
    if is_late(state, &event) {
        return Vec::new();
    }
    let effects = match event.news {
        News::Preview(preview) => keep(|| state.world.preview = Some(preview)),
        News::Loaded(loaded, recipe) => begin(state, loaded, *recipe),
        News::Explored(exploration) => keep(|| state.world.exploration = Some(exploration)),
        News::Looked(looked) => keep(|| super::looking::found(state, looked)),
        News::Offered(session) => keep(|| super::session::offer(state, session)),
        News::Prepared(prepared) => prepare(state, prepared),
        News::Study { study, finished } => follow(state, study, finished),
        News::Segments(segments) => profile(state, segments),
        News::Silhouettes { run, values } => keep(|| drop(state.world.silhouettes.insert(run, values))),
        News::OverTime(found, None) => keep(|| state.world.over_time = Some(found)),
        News::OverTime(found, Some(looked)) => keep(|| super::looking::ordered(state, found, &looked)),
        News::Reachability { run, reached } => keep(|| drop(state.world.reachability.insert(run, reached))),
        News::Embedding(embedding) => keep(|| state.world.embedding = Some(embedding)),
        News::Projection(projection) => keep(|| state.world.projection = Some(projection)),
        News::Dendrogram(dendrogram) => keep(|| state.world.dendrogram = Some(dendrogram)),
        News::Ranked(worths) => rank(state, worths),
        News::Trained(trained) => {
            cover(state, Overlay::Text("What tells the segment".into(), models::told(&trained), 0))
        }
        News::Exported(exported) => tell_export(state, &exported),
        News::Listed(list, path) => keep(|| state.say(Tone::Good, list.told(&path))),
        News::Reported(path) => keep(|| state.say(Tone::Good, format!("the report is written: {}", path.display()))),
        News::Saved(path) => {
            state.unsaved = false;
            keep(|| state.say(Tone::Good, format!("recipe written: {}", path.display())))
        }
        News::Migrated(migrated) => keep(|| state.world.migrated = Some(migrated)),
        News::Drift(drift) => keep(|| state.world.drift = Some(drift)),
        News::Campaign(paragraphs) => cover(state, Overlay::Text("what the campaign did".into(), paragraphs, 0)),
        News::Model(place) => {
            keep(|| state.say(Tone::Good, format!("model written: {place}; segmenta predict takes it")))
        }
        News::Kept(files) => {
            let none = || vec![("nothing".to_owned(), "no file of it is kept".to_owned())];
            let files = if files.is_empty() { none() } else { files };
            cover(state, Overlay::Text("kept of anybody’s data".into(), files, 0))
        }
        News::Copied(path) => keep(|| state.say(Tone::Good, format!("written: {}", path.display()))),
        News::Completed(typed, found) => keep(|| super::overlays::completed(state, &typed, found)),
        News::Problems(count, path) => keep(|| {
            let count = number::whole(count);
            state.say(Tone::Good, format!("{count} problems written: {}", path.display()));
        }),
        News::Failed(job, error) => fail(state, job, error),
        News::Progress(jobs) => return keep(|| state.jobs = jobs),
    };
    state.settle();
    effects
}

fn keep(change: impl FnOnce()) -> Vec<Effect> {
    change();
    Vec::new()
}

fn is_late(state: &State, event: &Event) -> bool {
    let stamps = state.stamps;
    let wanted: Option<Generation> = match &event.news {
        News::Offered(_) | News::Preview(_) | News::Loaded(..) | News::Explored(_) | News::OverTime(..) => {
            Some(stamps.source)
        }
        News::Looked(_) => Some(stamps.rows),
        News::Prepared(_) | News::Segments(_) | News::Silhouettes { .. } => Some(stamps.matrix),
        News::Projection(_)
        | News::Reachability { .. }
        | News::Embedding(_)
        | News::Dendrogram(_)
        | News::Ranked(_)
        | News::Trained(_)
        | News::Migrated(_)
        | News::Drift(_)
        | News::Campaign(_) => Some(stamps.matrix),
        News::Study { .. } => Some(stamps.study),
        News::Failed(job, _) => of_job(state, *job),
        News::Exported(_) | News::Listed(..) | News::Reported(_) | News::Saved(_) | News::Model(_) => None,
        News::Copied(_) | News::Completed(..) => None,
        News::Problems(..) | News::Kept(_) | News::Progress(_) => None,
    };
    wanted.is_some_and(|wanted| wanted != event.generation)
}

fn of_job(state: &State, job: Job) -> Option<Generation> {
    match job {
        Job::Open | Job::Explore => Some(state.stamps.source),
        Job::Prepare | Job::Profile | Job::Map => Some(state.stamps.matrix),
        Job::Study => Some(state.stamps.study),
        Job::Look => Some(state.stamps.rows),
        Job::Export => None,
    }
}

fn begin(state: &mut State, loaded: Loaded, recipe: Recipe) -> Vec<Effect> {
    let table = loaded.table;
    state.world.read = Some(table.clone());
    state.world.table = Some(table.clone());
    state.world.findings = loaded.findings;
    state.world.recipe = Some(recipe.clone());
    super::session::settle_in(state);
    vec![
        state.order(state.stamps.source, Work::Explore(table.clone())),
        state.order(state.stamps.matrix, Work::Prepare(table, Box::new(recipe))),
    ]
}

/// A new matrix: nothing that was said about the old one holds.
fn prepare(state: &mut State, prepared: Arc<Prepared>) -> Vec<Effect> {
    let mut effects = see_made(state, &prepared);
    (state.world.prepared, state.world.unprepared) = (Some(prepared), None);
    forget_study(state);
    effects.extend(begin_study(state));
    effects
}

/// The columns that the recipe makes are looked at as all others are, where they are other than before.
fn see_made(state: &mut State, prepared: &Prepared) -> Vec<Effect> {
    let Some(whole) = prepared.table.clone().or_else(|| state.world.read.clone()) else { return Vec::new() };
    let outlines = |table: &Table| {
        let outline = |field: &Field| (field.column.name.clone(), field.kind, field.missing, field.distinct);
        table.fields.iter().map(outline).collect::<Vec<_>>()
    };
    let same = state.world.table.as_deref().is_some_and(|table| outlines(table) == outlines(&whole));
    state.world.table = Some(whole.clone());
    if same { Vec::new() } else { vec![state.order(state.stamps.source, Work::Explore(whole))] }
}

/// Shows what the features are worth; it stays beside them.
fn rank(state: &mut State, worths: Arc<Worths>) -> Vec<Effect> {
    let run = worths.run.as_ref().and_then(|id| state.world.study.as_ref()?.run(id));
    let shown = prepare::told(&worths, run.map(compare::spoken).as_deref());
    state.world.worths = Some(worths);
    match state.tab {
        Tab::Prepare => super::cover(state, Overlay::Text("What the features are worth".into(), shown, 0)),
        _ => Vec::new(),
    }
}

/// Nothing was studied yet.
pub fn forget_study(state: &mut State) {
    let world = &mut state.world;
    (world.study, world.projection, world.dendrogram, world.studying) = (None, None, None, false);
    (world.worths, world.migrated, world.drift, world.embedding) = (None, None, None, None);
    (world.reachability, world.stopped) = (HashMap::new(), false);
    (world.segments, world.silhouettes) = (HashMap::new(), HashMap::new());
    state.asked.clear();
}

fn follow(state: &mut State, study: Arc<Study>, finished: bool) -> Vec<Effect> {
    state.world.studying = !finished;
    state.world.study = Some(study);
    if !finished {
        return Vec::new();
    }
    // The redraws are in: how sure the segments are is known only now, so they are profiled again.
    let shown = state.world.run_id().map(str::to_owned);
    state.world.segments.retain(|run, _| Some(run) == shown.as_ref());
    state.asked.retain(|key| !key.starts_with("segments "));
    let mut effects = needs(state);
    if state.asked.iter().any(|key| key.starts_with("segments ")) {
        // Another run is being described for the tab that is shown; this one when it is looked at.
        state.world.segments.clear();
        return effects;
    }
    let again = shown.filter(|run| state.world.segments.contains_key(run));
    if let Some(run) = again.filter(|run| state.asked.insert(format!("segments {run}"))) {
        let subject = super::requests::subject(state).zip(state.world.study.clone());
        effects.extend(
            subject.map(|(subject, study)| state.order(state.stamps.matrix, Work::Profile(subject, study, run))),
        );
    }
    effects
}

fn profile(state: &mut State, segments: Arc<Segments>) -> Vec<Effect> {
    let run = segments.run.clone();
    state.asked.remove(&format!("segments {run}"));
    state.world.segments.insert(run, segments);
    Vec::new()
}

fn tell_export(state: &mut State, exported: &Exported) -> Vec<Effect> {
    state.unsaved = false;
    if let Some(words) = exported.told() {
        state.say(Tone::Good, format!("{}: {words}", exported.file.display()));
        return Vec::new();
    }
    let without = match exported.unused {
        0 => String::new(),
        unused => format!(", {} of them without a segment", number::whole(unused)),
    };
    let withheld = match exported.withheld {
        0 => String::new(),
        withheld => format!(" ({} must not be contacted: left out)", number::whole(withheld)),
    };
    let (rows, file) = (number::whole(exported.rows), exported.file.display());
    state.say(Tone::Good, format!("{rows} rows{without}{withheld} written: {file}; the look-up beside it"));
    Vec::new()
}

fn fail(state: &mut State, job: Job, error: Arc<Error>) -> Vec<Effect> {
    match job {
        Job::Prepare => {
            (state.world.prepared, state.world.unprepared) = (None, Some(error.clone()));
            forget_study(state);
        }
        Job::Study => state.world.studying = false,
        Job::Look => super::looking::give_up(state),
        Job::Open => {
            state.world.unread = Some(match error.exit {
                Exit::Interrupted => ("stopped after the first rows".into(), "Ctrl-O and its name read it again"),
                _ => (error.to_string(), "it cannot be opened; Ctrl-O opens another file"),
            });
        }
        Job::Map if error.exit == Exit::Interrupted && state.world.embedding.is_none() => {
            state.world.stopped |= state.asked.remove("embedding");
        }
        _ => {}
    }
    match error.exit {
        Exit::Interrupted => state.say(Tone::Plain, "stopped"),
        _ if job == Job::Look => state.say(Tone::Bad, format!("{error}; & changes what was typed")),
        _ => state.complain(&error),
    }
    Vec::new()
}
