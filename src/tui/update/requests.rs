//! What panes ask for.

use std::sync::Arc;

use super::handover::{contacts_sheet, default_path, export_sheet, movers_prompt};
use super::news::forget_study;
use super::{cover, naming, show};
use crate::cluster::Algorithm;
use crate::engine::choosing::order_roles;
use crate::engine::values::Loaded;
use crate::plot::number;
use crate::recipe::{KeptSegment, Recipe, Step, StudySpec};
use crate::study::Study;
use crate::table::schema::Expectation;
use crate::table::{Role, SourceInfo, schema};
use crate::tui::action::{Request, Tab};
use crate::tui::backend::{Generation, Subject, Work};
use crate::tui::history::Moment;
use crate::tui::line::Line;
use crate::tui::spoken;
use crate::tui::state::{Effect, Overlay, Purpose, State, Tone};
use crate::tui::world::{Answer, World};

/// Does what was asked for, in order.
pub fn handle_all(state: &mut State, requests: Vec<Request>) -> Vec<Effect> {
    requests.into_iter().flat_map(|request| handle(state, request)).collect()
}

/// What the tab that is shown needs and was not asked for yet.
pub fn needs(state: &mut State) -> Vec<Effect> {
    let requests = state.pane().needs(&state.world);
    handle_all(state, requests)
}

fn handle(state: &mut State, request: Request) -> Vec<Effect> {
    match request {
        Request::Go(tab) => show(state, tab),
        Request::FocusColumn(column) => {
            state.panes.iter_mut().for_each(|pane| pane.focus(&state.world, &column));
        }
        Request::SetRole(column, role) => return set_role(state, &column, role),
        Request::Take(finding, remedy) => return take(state, finding, &remedy),
        Request::Leave(finding) => leave(state, finding),
        Request::AddStep(step) => return add_step(state, step),
        Request::ReplaceStep(at, step) => return replace_step(state, at, step),
        Request::RemoveStep(at) => return remove_step(state, at),
        Request::MoveStep(at, later) => return move_step(state, at, later),
        Request::Settings(study, seed) => {
            return change(state, "the study and the seed".into(), |recipe| {
                (recipe.study, recipe.seed) = (*study, seed);
            });
        }
        Request::Scale(method) => {
            return add_step(state, Step::Scale { method, columns: Vec::new() });
        }
        Request::RankFeatures => return rank(state),
        Request::ChooseRun(run) => choose(state, run),
        Request::Pin(run) => pin(state, run),
        Request::Study(algorithms, k, sample) => return study_others(state, algorithms, k, sample),
        Request::RollUp(spec) => return state.roll_up(spec),
        Request::ProposeSchema => return propose_schema(state),
        Request::HandOver(export) => {
            return change(state, "the hand-over".into(), |recipe| recipe.export = *export);
        }
        Request::Expect(column, expected) => return expect(state, column, expected),
        Request::WriteProblems => return write_problems(state),
        Request::Export(path) => return export_sheet(state, &path, "-segments.csv"),
        Request::AskContacts => return contacts_sheet(state),
        Request::Rename(number, name) => return naming::rename(state, number, &name),
        Request::Note(number, note) => return naming::note(state, number, &note),
        Request::TryWith(number, offer) => return naming::try_with(state, number, &offer),
        Request::KeepNames => return naming::keep_all(state),
        Request::Copy(text, what) if text.len() > CLIPBOARD => return copy_to_file(state, text, what),
        Request::Copy(text, what) => {
            state.say(Tone::Good, format!("{what}: handed to the terminal’s clipboard"));
            return vec![Effect::Copy(text)];
        }
        Request::Say(text) => state.say(Tone::Plain, text),
        Request::AskPeriod => return cover(state, Overlay::Prompt(Purpose::Period, Line::default())),
        Request::AskLater => return cover(state, Overlay::Prompt(Purpose::Later, Line::default())),
        Request::AskMovers => return movers_prompt(state),
        Request::AskResults => return cover(state, Overlay::Prompt(Purpose::Results, Line::default())),
        Request::AskReading => {
            let line = Line::new(settings(state));
            return cover(state, Overlay::Prompt(Purpose::Reading, line));
        }
        Request::Show(title, paragraphs) => return cover(state, Overlay::Text(title, paragraphs, 0)),
        Request::List(listed) => return cover(state, Overlay::Rows(listed, 0)),
        need => return ask(state, need),
    }
    Vec::new()
}

/// What most terminals take in one OSC 52 sequence, before it is encoded.
const CLIPBOARD: usize = 70_000;

/// More than a terminal's clipboard takes: a file is offered.
fn copy_to_file(state: &mut State, text: String, what: &str) -> Vec<Effect> {
    state.say(Tone::Plain, format!("{what} is more than a terminal’s clipboard takes (70 kB): a file instead"));
    state.to_copy = Some(text);
    let path = default_path(state, "-copy.tsv");
    cover(state, Overlay::Prompt(Purpose::Copy, Line::new(path)))
}

/// Has what is to be copied written to a file.
pub fn write_copy(state: &mut State, path: &str) -> Vec<Effect> {
    let text = state.to_copy.take();
    let work = |text| Work::Text { text, path: path.into() };
    text.map(|text| state.order(state.stamps.source, work(text))).into_iter().collect()
}

/// How the source was read, in the words that a reading takes.
fn settings(state: &State) -> String {
    let world = &state.world;
    let read = world.table.as_ref().map(|table| &table.source);
    let shown = read.or(world.preview.as_ref().map(|preview| &preview.source));
    shown.map(SourceInfo::settings).unwrap_or_default()
}

/// Asks the engine for something that a pane shows, once.
fn ask(state: &mut State, need: Request) -> Vec<Effect> {
    let key = match &need {
        Request::NeedProjection => "projection".to_owned(),
        Request::NeedOverTime if state.world.looked.is_some() => "orders of some".to_owned(),
        Request::NeedOverTime => "orders".to_owned(),
        Request::NeedEmbedding => "embedding".to_owned(),
        Request::NeedReachability(run) => format!("reachability {run}"),
        Request::NeedDendrogram => "dendrogram".to_owned(),
        Request::NeedSegments(run) => format!("segments {run}"),
        Request::NeedSilhouettes(run) => format!("silhouettes {run}"),
        _ => return Vec::new(),
    };
    state.world.stopped &= need != Request::NeedEmbedding;
    let of_source = need == Request::NeedOverTime;
    let generation = if of_source { state.stamps.source } else { state.stamps.matrix };
    let work = work_of(&state.world, need);
    ask_once(state, key, generation, work)
}

/// The work that gives what a pane needs; `None` until there is what it takes.
pub fn work_of(world: &World, need: Request) -> Option<Work> {
    let prepared = || world.prepared.clone();
    let recipe = || world.recipe.clone().map(Box::new);
    let of_run = |run: String, work: fn(Subject, Arc<Study>, String) -> Work| {
        let study = world.study.clone()?;
        study.run(&run)?;
        Some(work(subject_of(world)?, study, run))
    };
    match need {
        Request::NeedProjection => prepared().map(Work::Projection),
        Request::NeedOverTime => Some(Work::OverTime(world.read.clone()?, recipe()?, world.looked.clone())),
        Request::NeedEmbedding => Some(Work::Embedding(prepared()?, recipe()?)),
        Request::NeedReachability(run) => of_run(run, Work::Reachability),
        Request::NeedDendrogram => prepared().map(Work::Dendrogram),
        Request::NeedSegments(run) => of_run(run, Work::Profile),
        Request::NeedSilhouettes(run) => of_run(run, Work::Silhouettes),
        _ => None,
    }
}

fn ask_once(state: &mut State, key: String, generation: Generation, work: Option<Work>) -> Vec<Effect> {
    let kind = key.split_once(' ').map(|(kind, _)| format!("{kind} "));
    match work {
        Some(work) if state.asked.insert(key.clone()) => {
            // The newest question of a kind supersedes the one before, which may then be asked again.
            state.asked.retain(|other| *other == key || kind.as_ref().is_none_or(|kind| !other.starts_with(kind)));
            vec![state.order(generation, work)]
        }
        _ => Vec::new(),
    }
}

fn rank(state: &mut State) -> Vec<Effect> {
    let Some(subject) = subject(state) else {
        state.say(Tone::Plain, "not yet: there is no matrix");
        return Vec::new();
    };
    let run = state.world.run_id().map(str::to_owned);
    let run = state.world.study.clone().zip(run);
    state.say(Tone::Plain, "ranking the features …");
    vec![state.order(state.stamps.matrix, Work::Rank(subject, run))]
}

/// What is studied now, once everything is there.
pub fn subject(state: &State) -> Option<Subject> {
    subject_of(&state.world)
}

fn subject_of(world: &World) -> Option<Subject> {
    Some(Subject {
        table: world.read.clone()?,
        recipe: Box::new(world.remembering()?),
        prepared: world.prepared.clone()?,
    })
}

/// The recipe; where another run than the recommended one was chosen, it says so.
pub fn recipe_with_choice(state: &State) -> Option<Recipe> {
    let world = &state.world;
    let mut recipe = world.recipe.clone()?;
    // Names that were carried over are not to be lost with the workbench.
    let carried = world.remembering().map(|known| known.kept).unwrap_or_default();
    let is_shown = |kept: &KeptSegment| {
        world.shown_segments().is_some_and(|shown| shown.list.iter().any(|segment| segment.key == kept.key))
    };
    for kept in carried.into_iter().filter(is_shown) {
        if !recipe.kept.iter().any(|other| other.key == kept.key) {
            recipe.kept.push(kept);
        }
    }
    let recommended = world.study.as_ref().and_then(|study| study.recommendation.id.clone());
    if let Some(chosen) = world.chosen.as_ref().filter(|chosen| recommended.as_ref() != Some(chosen)) {
        recipe.study.choose = Some(chosen.clone());
    }
    Some(recipe)
}

/// The recipe with the names that were carried over, for the session: the chosen run is kept beside it.
pub fn recipe_to_keep(state: &State) -> Option<Recipe> {
    let own = state.world.recipe.as_ref()?.study.choose.clone();
    let mut recipe = recipe_with_choice(state)?;
    recipe.study.choose = own;
    Some(recipe)
}

/// Changes the recipe in a way that can be undone, and has everything computed anew.
pub fn change(state: &mut State, what: String, edit: impl FnOnce(&mut Recipe)) -> Vec<Effect> {
    let Some(now) = state.world.recipe.clone() else {
        state.say(Tone::Bad, "not yet: the file is still being read");
        return Vec::new();
    };
    let mut next = now.clone();
    edit(&mut next);
    remember(state, now, what);
    replace_recipe(state, next)
}

fn remember(state: &mut State, recipe: Recipe, what: String) {
    state.say(Tone::Good, format!("{what}   u undoes it"));
    state.history.remember(what, Moment { recipe, answers: state.world.answers.clone() });
    (state.unsaved, state.decided) = (true, true);
}

/// Puts a recipe in force: where the matrix depends on what changed it is prepared anew, and the study follows.
pub fn replace_recipe(state: &mut State, recipe: Recipe) -> Vec<Effect> {
    let is_study_only = |now: &Recipe| {
        let study = StudySpec { sample: recipe.study.sample, ..now.study.clone() };
        Recipe { study, ..recipe.clone() } == *now
    };
    let same = state.world.recipe.as_ref().is_some_and(|now| asks_the_same(&recipe, now));
    let study_only = state.world.recipe.as_ref().is_some_and(is_study_only);
    if !same {
        state.world.remember_segments();
    }
    state.world.recipe = Some(recipe);
    state.settle();
    match study_only {
        _ if same => naming::describe_again(state),
        true => study_again(state),
        false => prepare_again(state),
    }
}

/// Whether both give the same matrix and the same study: a schema, the hand-over, names and plays change neither.
fn asks_the_same(recipe: &Recipe, now: &Recipe) -> bool {
    let as_now = Recipe {
        schema: now.schema.clone(),
        export: now.export.clone(),
        kept: now.kept.clone(),
        plays: now.plays.clone(),
        traits: now.traits.clone(),
        ..recipe.clone()
    };
    as_now == *now
}

fn prepare_again(state: &mut State) -> Vec<Effect> {
    state.stamps.renew_matrix();
    forget_study(state);
    state.world.studying = true;
    let world = &state.world;
    let (Some(table), Some(recipe)) = (world.read.clone(), world.recipe.clone()) else { return Vec::new() };
    vec![state.order(state.stamps.matrix, Work::Prepare(table, Box::new(recipe)))]
}

fn study_again(state: &mut State) -> Vec<Effect> {
    state.stamps.renew_study();
    begin_study(state)
}

/// Has the candidates fitted, where there is a matrix of the newest recipe.
pub fn begin_study(state: &mut State) -> Vec<Effect> {
    let Some(subject) = subject(state) else { return Vec::new() };
    state.world.studying = true;
    vec![state.order(state.stamps.study, Work::Study(subject))]
}

fn set_role(state: &mut State, column: &str, role: Role) -> Vec<Effect> {
    let table = state.world.table.clone();
    change(state, format!("{column}: {}", spoken::role(role)), |recipe| {
        recipe.set_role(column, role);
        if let Some(table) = &table {
            order_roles(recipe, table);
        }
    })
}

fn take(state: &mut State, finding: usize, remedy: &crate::table::Remedy) -> Vec<Effect> {
    let Some(found) = state.world.findings.get(finding) else { return Vec::new() };
    let place = found.remedies.iter().position(|known| known == remedy).unwrap_or(0);
    let said = spoken::remedy_taken(remedy, state.world.table.as_deref());
    let effects = change(state, said, |recipe| recipe.take(remedy));
    if state.world.recipe.is_some() {
        state.world.answers.insert(finding, Answer::Taken(place));
    }
    effects
}

/// The schema changes nothing but what is checked.
fn propose_schema(state: &mut State) -> Vec<Effect> {
    let Some(table) = state.world.table.clone() else {
        state.say(Tone::Bad, "not yet: the file is still being read");
        return Vec::new();
    };
    let proposed = schema::propose(&table, &state.world.findings);
    let what = format!("schema of {} columns; Ctrl-S saves it with the recipe", number::whole(proposed.len()));
    change(state, what, |recipe| recipe.schema = proposed)
}

/// What is said of a column in the recipe's schema; nothing said takes it out.
fn expect(state: &mut State, column: String, expected: Expectation) -> Vec<Effect> {
    let said = format!("{column}: checked by `segmenta inspect --recipe R --strict`; Ctrl-S saves it with the recipe");
    change(state, said, |recipe| match expected == Expectation::default() {
        true => drop(recipe.schema.remove(&column)),
        false => drop(recipe.schema.insert(column, expected)),
    })
}

fn write_problems(state: &mut State) -> Vec<Effect> {
    let world = &state.world;
    let (Some(table), Some(recipe)) = (world.table.clone(), world.recipe.as_ref()) else {
        state.say(Tone::Bad, "not yet: the file is still being read");
        return Vec::new();
    };
    let work = Work::Problems {
        loaded: Loaded { table, findings: Arc::clone(&world.findings), rollup: None },
        schema: recipe.schema.clone(),
        shown: world.shows_personal,
        path: default_path(state, "-problems.csv").into(),
    };
    vec![state.order(state.stamps.source, work)]
}

fn leave(state: &mut State, finding: usize) {
    let Some(recipe) = state.world.recipe.clone() else { return };
    remember(state, recipe, "left as it is".into());
    state.world.answers.insert(finding, Answer::Left);
}

fn said(state: &State, step: &Step) -> String {
    spoken::step(step, state.world.table.as_deref())
}

/// What a step makes gets a role with it: there is no other reason to make it.
fn add_step(state: &mut State, step: Step) -> Vec<Effect> {
    change(state, said(state, &step), |recipe| recipe.put_with_roles(step))
}

fn replace_step(state: &mut State, at: usize, step: Step) -> Vec<Effect> {
    change(state, said(state, &step), |recipe| {
        recipe.replace_step(at, step);
    })
}

fn remove_step(state: &mut State, at: usize) -> Vec<Effect> {
    let old = state.world.recipe.as_ref().and_then(|recipe| recipe.steps.get(at).cloned());
    old.map_or_else(Vec::new, |old| {
        change(state, format!("removed: {}", said(state, &old)), |recipe| recipe.remove_step(at))
    })
}

fn move_step(state: &mut State, at: usize, later: bool) -> Vec<Effect> {
    let can = state.world.recipe.clone().is_some_and(|mut recipe| recipe.move_step(at, later));
    if !can {
        state.say(Tone::Plain, "kinds of steps are carried out in a fixed order: only those of one kind change places");
        return Vec::new();
    }
    change(state, "steps changed places".into(), |recipe| {
        recipe.move_step(at, later);
    })
}

fn choose(state: &mut State, run: String) {
    state.world.chosen = Some(run);
    show(state, Tab::Segments);
    state.settle();
}

fn pin(state: &mut State, run: String) {
    let pinned = &mut state.world.pinned;
    match pinned.iter().position(|known| *known == run) {
        Some(at) => drop(pinned.remove(at)),
        None => pinned.push(run),
    }
}

fn study_others(state: &mut State, algorithms: Vec<String>, k: String, sample: Option<usize>) -> Vec<Effect> {
    let of = sample.map_or(String::new(), |rows| format!(" of {} customers", number::whole(rows)));
    let title = |id: &String| Algorithm::from_id(id).map_or(id.clone(), |algorithm| algorithm.title().to_owned());
    let titles: Vec<String> = algorithms.iter().map(title).collect();
    let what = format!("study k {k}{of}: {}", titles.join(", "));
    change(state, what, |recipe| {
        recipe.study.algorithms = algorithms;
        recipe.study.k = k;
        recipe.study.sample = sample;
    })
}
