//! A short tour: what each tab is for and the few keys that it takes, on the bundled sample.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::action::Tab;
use super::frame::Parts;
use super::look::Look;
use super::overlay::{box_width, frame_box};
use super::state::{Effect, Overlay, State};
use super::widgets::text;
use crate::config::{Code, Key};
use crate::table::{SourceSpec, is_sample};

/// The tab of each step, its title and what it says.
const STEPS: &[(Tab, &str, &str)] = &[
    (
        Tab::Data,
        "What this file is",
        "600 customers of a shopping mall, one a row. The table lists the columns: what each is for (● clusters, ○ describes, ◇ is an \
         outcome), its gaps and its spread. j and k move, Space changes what a column is for. The number keys 1 to 6 change tabs.",
    ),
    (
        Tab::Data,
        "What wants a word",
        "Nothing is changed behind your back: what looks wrong is listed below. f goes to the next finding, y takes the \
         remedy that is offered, i leaves it, and u takes back whatever you did last.",
    ),
    (
        Tab::Explore,
        "How values are spread",
        "One column at a time: how its values are spread and what is unusual. m holds it against another column, c shows all \
         correlations, v goes through the pictures.",
    ),
    (
        Tab::Prepare,
        "What is done to the columns",
        "The recipe, step by step: a adds one (cap outliers, take the log, make a column), d removes it, s changes the \
         scaling. Everything after it is worked out anew at once.",
    ),
    (
        Tab::Compare,
        "Which segmentation to take",
        "Every sensible clustering side by side. The first lines say which to take; x says why. j and k go through the runs: \
         the elbow and the silhouettes below follow. Enter takes the run under the cursor.",
    ),
    (
        Tab::Segments,
        "Who the segments are",
        "Each segment with what makes it different, one plain rule, and what to try. Enter lists its customers, r gives it a \
         name, v shows other pictures, e exports the rows with their segments.",
    ),
    (
        Tab::Map,
        "All customers at once",
        "A map of everybody. v goes on to silhouettes and the tree. That is all: ? says the keys of every place, : finds a \
         command by plain words, ! shows this screen as a command for scripts. Ctrl-O opens your own file.",
    ),
];

/// Begins the tour on the sample; what was open comes back after it.
pub fn begin(state: &mut State) -> Vec<Effect> {
    let mut effects = Vec::new();
    if !is_sample(&state.source.path) {
        state.before_tour = Some((state.source.clone(), state.world.recipe.clone().map(Box::new)));
        effects = state.open(SourceSpec::new("sample:mall"));
    }
    show(state, 0);
    effects
}

fn show(state: &mut State, step: usize) {
    state.tab = STEPS[step.min(STEPS.len() - 1)].0;
    state.overlay = Some(Overlay::Tour(step));
}

/// A key during the tour: on, back, or the end.
pub fn press(state: &mut State, key: Key, step: usize) -> Vec<Effect> {
    match key.code {
        Code::Enter | Code::Right | Code::Char(' ' | 'l' | 'n' | 'j') | Code::Down if step + 1 < STEPS.len() => {
            show(state, step + 1);
            Vec::new()
        }
        Code::Left | Code::Backspace | Code::Char('h' | 'k') | Code::Up => {
            show(state, step.saturating_sub(1));
            Vec::new()
        }
        Code::Enter | Code::Char('q') => end(state),
        _ => {
            show(state, step);
            Vec::new()
        }
    }
}

/// Ends the tour: what was open before it is opened again.
pub fn end(state: &mut State) -> Vec<Effect> {
    state.overlay = None;
    match state.before_tour.take() {
        Some((source, Some(recipe))) => state.go_on(source, *recipe),
        Some((source, None)) => state.open(source),
        None => Vec::new(),
    }
}

/// Draws the step at the foot of the tab, which stays in sight above it.
pub fn draw(look: &Look, parts: &Parts, step: usize, buf: &mut Buffer) {
    let Some((_, title, words)) = STEPS.get(step) else { return };
    let width = box_width(parts.body.width);
    let lines = text::wrap(words, width.saturating_sub(4).max(8) as usize);
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX).min(parts.body.height);
    let x = parts.body.x + (parts.body.width - width) / 2;
    let area = Rect { x, y: parts.body.bottom() - height, width, height };
    let title = format!("Tour {} of {}: {title}", step + 1, STEPS.len());
    let inside = frame_box(area, &title, look, buf);
    for (line, y) in lines.iter().zip(inside.top()..inside.bottom()) {
        text::put(buf, inside.x, y, inside.width, line, look.text());
    }
}
