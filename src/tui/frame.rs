//! The frame around every tab: tab bar, status line, footer, and what stands over them.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::Style;

use super::action::Tab;
use super::backend::JobStatus;
use super::commands::Entry;
use super::look::{Glyphs, Look};
use super::overlay;
use super::state::{State, Tone};
use super::widgets::{bars, spelling, text};
use crate::plot::number;
use crate::study::Status;

/// Below this nothing can be shown.
const LEAST: Size = Size::new(40, 10);

/// Where things are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// The tab bar.
    pub tabs: Rect,
    /// The tab's content.
    pub body: Rect,
    /// The status line.
    pub status: Rect,
    /// The keys.
    pub footer: Rect,
}

/// Divides the screen.
pub fn parts(area: Rect) -> Parts {
    let line = |from_bottom: u16| Rect {
        y: area.bottom().saturating_sub(from_bottom).max(area.y),
        height: area.height.min(1),
        ..area
    };
    let body = Rect { y: area.y + area.height.min(1), height: area.height.saturating_sub(3), ..area };
    Parts { tabs: Rect { height: area.height.min(1), ..area }, body, status: line(2), footer: line(1) }
}

/// Draws everything; returns where the cursor stands, if text is being typed.
pub fn draw(state: &State, buf: &mut Buffer) -> Option<Position> {
    let area = buf.area;
    buf.set_style(area, state.look.text());
    if area.width < LEAST.width || area.height < LEAST.height {
        too_small(state, buf);
        return None;
    }
    let parts = parts(area);
    tabs(state, parts.tabs, buf);
    state.pane().view(&state.world, &state.look, parts.body, buf);
    status(state, parts.status, buf);
    footer(state, parts.footer, buf);
    let cursor = overlay::draw(state, &parts, buf);
    spelling::spell(buf, area, &state.look);
    cursor
}

fn too_small(state: &State, buf: &mut Buffer) {
    let (area, least) = (buf.area, LEAST);
    let words = format!(
        "segmenta needs {} × {} cells (80 × 24 for everything); here are {} × {}",
        least.width, least.height, area.width, area.height
    );
    for (line, y) in text::wrap(&words, area.width.max(1) as usize).iter().zip(area.top()..area.bottom()) {
        text::put(buf, area.x, y, area.width, line, state.look.text());
    }
    spelling::spell(buf, area, &state.look);
}

/// The words of a tab with the mark around them; narrow screens show the title of the selected one only.
fn label(state: &State, tab: Tab) -> String {
    let number = tab.index() + 1;
    if tab == state.tab {
        let plain = matches!(state.look.glyphs, Glyphs::Narrow | Glyphs::Ascii);
        let (left, right) = if plain { ("[", "]") } else { ("▌", "▐") };
        return format!("{left}{number} {}{right}", tab.title());
    }
    unselected(state, tab)
}

fn unselected(state: &State, tab: Tab) -> String {
    let number = tab.index() + 1;
    if state.size.width < 64 {
        return format!(" {number} ");
    }
    match badge(state, tab) {
        Some(badge) => format!(" {number} {} {badge} ", tab.title()),
        None => format!(" {number} {} ", tab.title()),
    }
}

/// The number of segments that is advised: `~3` while it may change.
fn badge(state: &State, tab: Tab) -> Option<String> {
    if tab != Tab::Compare {
        return None;
    }
    let study = state.world.study.as_ref()?;
    let segments = study.recommended()?.labels.clusters();
    let provisional = state.world.studying || study.recommendation.provisional;
    Some(format!("{}{segments}", if provisional { "~" } else { "★" }))
}

/// Where the tabs stand. They share the blanks between them where the file's name needs the room.
fn places(state: &State) -> Vec<(Tab, u16, String)> {
    let labels = Tab::ALL.map(|tab| (tab, label(state, tab)));
    // As if the tab with the badge were not selected: the blanks are the same on all tabs.
    let widest = |(tab, label): &(Tab, String)| cells(label).max(cells(&unselected(state, *tab)));
    let wide: u16 = labels.iter().map(widest).sum();
    let is_tight = wide + 2 + cells(stem(&state.world.title)) > state.size.width;
    let mut x = 0;
    labels
        .into_iter()
        .map(|(tab, label)| {
            let at = x;
            x += cells(&label) - u16::from(is_tight);
            (tab, at, label)
        })
        .collect()
}

fn cells(words: &str) -> u16 {
    u16::try_from(text::width(words)).unwrap_or(u16::MAX)
}

fn tabs(state: &State, area: Rect, buf: &mut Buffer) {
    let (mut end, mut places) = (area.x, places(state));
    // What is selected covers the blanks of its neighbours.
    places.sort_by_key(|(tab, ..)| *tab == state.tab);
    for (tab, x, label) in places {
        let style = if tab == state.tab { state.look.selected() } else { state.look.text() };
        text::put(buf, area.x + x, area.y, cells(&label), &label, style);
        end = end.max(area.x + x + cells(&label));
    }
    let room = area.right().saturating_sub(end + 1);
    let title = named(&state.world.title, room.saturating_sub(1) as usize);
    text::put_right(
        buf,
        Rect { x: end, width: area.right().saturating_sub(end + 1), ..area },
        0,
        &title,
        state.look.strong(),
    );
}

/// A file's name in so many cells, without its ending where that makes it fit.
fn named(file: &str, cells: usize) -> String {
    let stem = stem(file);
    if text::width(file) > cells && text::width(stem) <= cells { text::clean(stem) } else { text::fit(file, cells) }
}

/// The file's name without its ending.
fn stem(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// The tab whose words stand at `position`.
pub fn tab_at(state: &State, position: Position) -> Option<Tab> {
    let hit = |(_, x, label): &(Tab, u16, String)| (*x..x + cells(label)).contains(&position.x);
    (position.y == 0).then(|| places(state).into_iter().find(hit).map(|(tab, ..)| tab)).flatten()
}

fn status(state: &State, area: Rect, buf: &mut Buffer) {
    let here = state.job_here();
    let job = here.or(state.jobs.first());
    let note = state.pane().note(&state.world, parts(buf.area).body);
    let room = area.width.saturating_sub(2);
    let (left, style, right) = match (&state.message, job) {
        (Some((tone, said)), Some(job)) => {
            let (left, right) = beside(spoken(*tone, said), job, room as usize);
            (left, tone_style(*tone, &state.look), right)
        }
        (Some((tone, said)), None) => (spoken(*tone, said), tone_style(*tone, &state.look), note),
        (None, Some(job)) => (progress(job, here.is_some()), state.look.text(), note),
        (None, None) => (quiet(state), state.look.dim(), note),
    };
    if state.message.is_some() && text::width(&left) > room as usize {
        return tell_whole(buf, area, &left, style, &state.look);
    }
    text::put(buf, area.x + 1, area.y, room, &left, style);
    if stand_beside(&left, &right, room as usize) {
        text::put_right(buf, Rect { width: area.width.saturating_sub(1), ..area }, 0, &right, state.look.dim());
    }
}

/// The lines above the status line that what is said may cover, until the next key.
const ABOVE: u16 = 4;

/// What is longer than the status line goes on above it.
fn tell_whole(buf: &mut Buffer, area: Rect, said: &str, style: Style, look: &Look) {
    let room = area.width.saturating_sub(2);
    let lines = text::lines(said, room as usize, usize::from(ABOVE.min(area.y)) + 1);
    let height = u16::try_from(lines.len()).unwrap_or(1).max(1);
    let told = Rect { y: area.y + 1 - height, height, ..area };
    text::clear(buf, told, look);
    for (line, y) in lines.iter().zip(told.y..) {
        text::put(buf, area.x + 1, y, room, line, style);
    }
}

fn stand_beside(left: &str, right: &str, room: usize) -> bool {
    text::width(left) + 2 + text::width(right) <= room
}

/// What is said, and beside it how far a job is, in fewer words where those have no room.
fn beside(said: String, job: &JobStatus, room: usize) -> (String, String) {
    let found = [progress(job, false), counted(job)].into_iter().find(|right| stand_beside(&said, right, room));
    (said, found.unwrap_or_default())
}

fn spoken(tone: Tone, said: &str) -> String {
    match tone {
        Tone::Good => format!("✓ {said}"),
        Tone::Plain => said.to_owned(),
        Tone::Bad => format!("! {said}"),
    }
}

fn tone_style(tone: Tone, look: &Look) -> Style {
    match tone {
        Tone::Good => look.good(),
        Tone::Plain => look.text(),
        Tone::Bad => look.error(),
    }
}

/// `study 24/29`.
fn counted(job: &JobStatus) -> String {
    match job.total {
        0 => format!("{} …", job.name),
        total => format!("{} {}/{}", job.name, job.done, total),
    }
}

/// `study: redraws 24 of 29 ▓▓▓▓▓▓▓▓░░ Esc stops`.
fn progress(job: &JobStatus, esc: bool) -> String {
    let (done, total) = (job.done as usize, job.total as usize);
    let words = match total {
        0 if job.what.is_empty() => job.name.clone(),
        0 => format!("{}: {}", job.name, job.what),
        _ => {
            let bar = bars::progress(done.min(total), total, 10);
            format!("{}: {} {} of {} {bar}", job.name, job.what, number::whole(done), number::whole(total))
        }
    };
    if esc { words + " Esc stops" } else { words }
}

/// What is said while nothing happens: which rows are looked at, a session that waits, that the file was read.
fn quiet(state: &State) -> String {
    if let Some(session) = state.offered.as_ref().filter(|_| !state.decided) {
        return session.offer();
    }
    match (&state.world.table, &state.world.preview) {
        (Some(_), _) if state.world.filter.is_some() => {
            format!("rows where {}", state.world.filter.as_deref().unwrap_or_default())
        }
        (Some(table), _) => studied(state).unwrap_or_else(|| format!("✓ read {} rows", number::whole(table.rows))),
        (None, Some(_)) => "reading".into(),
        (None, None) => String::new(),
    }
}

/// That the study came to its end, or how far it came.
fn studied(state: &State) -> Option<String> {
    let study = state.world.study.as_ref().filter(|_| !state.world.studying)?;
    let count = |status: Status| study.runs.iter().filter(|run| run.status == status).count();
    let (done, waiting) = (count(Status::Done), count(Status::Waiting));
    Some(match (done, waiting) {
        (1, 0) => "✓ 1 run done".to_owned(),
        (done, 0) => format!("✓ {done} runs done"),
        (done, waiting) => format!("stopped: {done} of {} runs done", done + waiting),
    })
}

/// Keys with what they do.
pub type Hint = (String, String);

/// Keys with what they do: commands of one title stand together (`j k column`), the most useful first, cut to
/// what fits; `? help` always stands at the right.
fn footer(state: &State, area: Rect, buf: &mut Buffer) {
    // Where text is typed `?` is a letter, and what stands over the tab says its keys itself.
    let help = if state.overlay.is_some() || state.pane().typing() { "" } else { "? help" };
    let end = rows_chip(state, area, area.right().saturating_sub(cells(help) + 2), buf);
    let mut x = area.x + 1;
    for (keys, title) in hints(state) {
        let width = cells(&keys) + 1 + cells(&title);
        if x + width > end {
            break;
        }
        text::put_spans(
            buf,
            x,
            area.y,
            width,
            &[(&keys, state.look.key()), (" ", state.look.text()), (&title, state.look.text())],
        );
        x += width + 2;
    }
    let x = area.right().saturating_sub(cells(help) + 1);
    let (key, word) = help.split_at(help.len().min(1));
    text::put_spans(buf, x, area.y, cells(help), &[(key, state.look.key()), (word, state.look.text())]);
}

/// How many rows are looked at, and the key that shows all again; returns where the chip begins.
fn rows_chip(state: &State, area: Rect, end: u16, buf: &mut Buffer) -> u16 {
    let Some(filter) = &state.world.filter else { return end };
    let looked = state.world.looked.as_ref().filter(|looked| looked.expression == *filter);
    let chip = match looked {
        Some(looked) => format!(" {} of {} rows ", number::whole(looked.rows.len()), number::whole(looked.all())),
        None => " finding rows ".to_owned(),
    };
    let key = state.keymap.entry("rows.all").and_then(|entry| entry.keys.first());
    let key = key.map_or_else(String::new, |key| key.label(state.look.names_keys()));
    let x = end.saturating_sub(cells(&chip) + cells(&key) + 6).max(area.x);
    let spans = [(chip.as_str(), state.look.selected()), (" ", state.look.text()), (&key, state.look.key())];
    let at = text::put_spans(buf, x, area.y, end.saturating_sub(x), &spans);
    text::put(buf, at, area.y, end.saturating_sub(at), " all", state.look.text());
    x.saturating_sub(1)
}

/// The footer's commands: those of what is open, else of the place.
pub fn hints(state: &State) -> Vec<Hint> {
    if let Some(overlay) = &state.overlay {
        return overlay::keys::of(state, overlay);
    }
    if state.pane().typing() {
        let keys = state.pane().typing_keys().iter();
        return keys.map(|told| overlay::keys::hint(*told, state.look.names_keys())).collect();
    }
    if let Some(open) = state.pane().open_keys() {
        return open.iter().filter_map(|told| open_hint(state, told)).collect();
    }
    let mut hints: Vec<Hint> = Vec::new();
    for entry in state.keymap.entries().iter().filter(|entry| is_offered(state, entry, false)) {
        add_hint(&mut hints, entry, state.look.names_keys());
    }
    for entry in state.keymap.entries().iter().filter(|entry| is_offered(state, entry, true)) {
        add_hint(&mut hints, entry, state.look.names_keys());
    }
    hints
}

/// The keys of commands in what is open inside the place.
fn open_hint(state: &State, (ids, title): &(&str, &'static str)) -> Option<Hint> {
    let key = |id| state.keymap.entry(id).and_then(|entry| entry.keys.first());
    let labels: Vec<String> = ids.split(' ').filter_map(key).map(|key| key.label(state.look.names_keys())).collect();
    (!labels.is_empty()).then(|| (labels.join(" "), (*title).to_owned()))
}

fn add_hint(hints: &mut Vec<Hint>, entry: &Entry, words: bool) {
    let Some(key) = entry.keys.first() else { return };
    let (key, title) = (key.label(words), entry.command.title);
    match hints.iter_mut().find(|(_, known)| known == title) {
        Some((keys, _)) => *keys = format!("{keys} {key}"),
        None => hints.push((key, title.to_owned())),
    }
}

fn is_offered(state: &State, entry: &Entry, everywhere: bool) -> bool {
    let command = &entry.command;
    if !command.footer
        || (command.place == super::command::Place::Everywhere) != everywhere
        || !entry.works_on(state.tab)
    {
        return false;
    }
    match command.id {
        "undo" => state.history.can_undo(),
        "open" => state.tab == Tab::Data,
        "tab.compare" => matches!(state.tab, Tab::Data | Tab::Explore | Tab::Prepare),
        "export" | "report" | "why" => {
            matches!(state.tab, Tab::Compare | Tab::Segments | Tab::Map) && state.world.run_id().is_some()
        }
        id => everywhere || state.pane().offers(&state.world, id),
    }
}
