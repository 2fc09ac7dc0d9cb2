//! The model of the run that is shown, and what tells its segments.

use super::cover;
use super::handover::{default_path, shown};
use crate::engine::train::Trained;
use crate::plot::number;
use crate::tui::backend::Work;
use crate::tui::line::Line;
use crate::tui::state::{Effect, Overlay, Purpose, State, Tone};

/// Asks where the model goes; without a path, with the one that is proposed.
pub fn model_prompt(state: &mut State, path: &str) -> Vec<Effect> {
    if state.world.run_id().is_none() {
        state.say(Tone::Plain, "there is no model yet: no run has found segments");
        return Vec::new();
    }
    let path = if path.is_empty() { default_path(state, ".model.json") } else { path.to_owned() };
    cover(state, Overlay::Prompt(Purpose::Model, Line::new(path)))
}

/// Has the model of the shown run written.
pub fn save_model(state: &mut State, path: &str) -> Vec<Effect> {
    let path = path.into();
    let shown = shown(state).map(|shown| state.order(state.stamps.matrix, Work::Model { shown, path }));
    shown.into_iter().collect()
}

/// Asks by which columns the segment is to be told; the described ones are proposed.
pub fn train_prompt(state: &mut State) -> Vec<Effect> {
    if state.world.run_id().is_none() {
        state.say(Tone::Plain, "there is nothing to learn yet: no run has found segments");
        return Vec::new();
    }
    let described = state.world.recipe.as_ref().map(|recipe| recipe.roles.describe.clone()).unwrap_or_default();
    cover(state, Overlay::Prompt(Purpose::Train, Line::new(described.join(", "))))
}

/// Has classifiers tried that tell the segments of the shown run by these columns, parted by commas.
pub fn train(state: &mut State, by: &str) -> Vec<Effect> {
    let by: Vec<String> = by.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    let Some(shown) = shown(state) else { return Vec::new() };
    state.say(Tone::Plain, "trying classifiers …");
    vec![state.order(state.stamps.matrix, Work::Train { shown, by })]
}

/// What came of it, for reading.
pub fn told(trained: &Trained) -> Vec<(String, String)> {
    let [best, blind] = [trained.tried[0].accuracy, trained.most_frequent].map(|share| number::percent(share, 1));
    let rows = number::whole(trained.rows);
    let mut told = vec![
        ("by".to_owned(), trained.by.join(", ")),
        ("right".to_owned(), format!("{best} of {rows} customers it has not seen; naming the most frequent: {blind}")),
    ];
    told.extend(trained.tried.iter().map(|of| {
        let [right, f1, loss, off] =
            [of.accuracy, of.macro_f1, of.log_loss, of.calibration_error].map(|value| number::ratio(value, 3));
        let what = format!("accuracy {right} · macro F1 {f1} · log loss {loss} · probabilities {off} off");
        (of.kind.title().to_owned(), what)
    }));
    let decides = |(column, share): &(String, f64)| format!("{column} {}", number::percent(*share, 0));
    let columns: Vec<String> = trained.importances.iter().map(decides).collect();
    told.push(("decides".to_owned(), columns.join(" · ")));
    told.extend((1..).zip(trained.classes.iter().zip(&trained.tried[0].confusion)).map(confused));
    told.push((
        "serve it".to_owned(),
        "`segmenta train FILE --by … --save-model M` puts it in the clusterer’s place".into(),
    ));
    told
}

/// Where the customers of a segment were placed by the best.
fn confused((number, (class, row)): (usize, (&String, &Vec<usize>))) -> (String, String) {
    let placed = (1_usize..).zip(row).filter(|(_, count)| **count > 0);
    let placed: Vec<String> = placed.map(|(to, count)| format!("{} in {to}", number::whole(*count))).collect();
    (format!("{number} {class}"), format!("placed: {}", placed.join(", ")))
}

/// Has the results of a campaign held against the shown run.
pub fn campaign(state: &mut State, file: &str) -> Vec<Effect> {
    let file = file.to_owned();
    let shown = shown(state).map(|shown| state.order(state.stamps.matrix, Work::Feedback { shown, file }));
    shown.into_iter().collect()
}

/// Has later rows held against those of the shown run.
pub fn hold(state: &mut State, file: &str) -> Vec<Effect> {
    let file = file.to_owned();
    let shown = shown(state).map(|shown| state.order(state.stamps.matrix, Work::Drift { shown, file }));
    shown.into_iter().collect()
}
