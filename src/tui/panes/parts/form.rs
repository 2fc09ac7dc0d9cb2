//! The settings of a step, of the study, or what a column must be, one line each, to be typed.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::editor::{Editor, Typed};
use crate::error::{Error, nearest};
use crate::recipe::{
    EXPECTATION, EXPORT, Holds, Key, STUDY, Step, check_expression, expectation_of_words, expectation_words,
    export_of_words, export_words, keys_of, step_of_words, step_words, study_words, with_study_words,
};
use crate::table::Field;
use crate::tui::action::Request;
use crate::tui::look::Look;
use crate::tui::overlay::{box_width, frame_box, sight};
use crate::tui::panes::OpenKey;
use crate::tui::widgets::table::first_row;
use crate::tui::widgets::text;
use crate::tui::world::World;

/// The keys of a form.
pub const KEYS: &[OpenKey] =
    &[("enter", "takes all"), ("tab backtab", "line"), ("left right", "words"), ("esc", "leaves it as it was")];

/// What is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Subject {
    /// A step of this kind; in place of the one with the index.
    Step(&'static str, Option<usize>),
    /// The study and the seed.
    Study,
    /// How segments are handed over.
    Export,
    /// What this column must be.
    Expectation(String),
}

/// A form: one line a key.
#[derive(Debug, Clone)]
pub struct Form {
    subject: Subject,
    keys: &'static [Key],
    lines: Vec<Editor>,
    at: usize,
    /// Why it was not taken.
    wrong: Option<String>,
}

/// What became of a key.
enum Filled {
    /// It is still being filled in.
    On(Form),
    /// Done, or dropped.
    Over(Vec<Request>),
}

impl Form {
    /// For a new step, its known settings filled in.
    pub fn add(step: &Step) -> Self {
        Self::of_step(step, None)
    }

    /// For the step with this index.
    pub fn change(step: &Step, at: usize) -> Self {
        Self::of_step(step, Some(at))
    }

    fn of_step(step: &Step, at: Option<usize>) -> Self {
        let keys = keys_of(step.word());
        let lines: Vec<Editor> = step_words(step).into_iter().map(Editor::new).collect();
        // The column is chosen already; the first empty line asks.
        let first = keys.iter().zip(&lines).position(|(key, line)| key.needed && line.text().is_empty());
        let first = first.unwrap_or_else(|| usize::from(keys.len() > 1 && keys[0].name == "column"));
        Self { subject: Subject::Step(step.word(), at), keys, lines, at: first, wrong: None }
    }

    /// For the study and the seed.
    pub fn study(world: &World) -> Option<Self> {
        let words = study_words(world.recipe.as_ref()?);
        let lines = words.into_iter().map(Editor::new).collect();
        Some(Self { subject: Subject::Study, keys: STUDY, lines, at: 0, wrong: None })
    }

    /// For how segments are handed over.
    pub fn export(world: &World) -> Option<Self> {
        let lines = export_words(&world.recipe.as_ref()?.export).into_iter().map(Editor::new).collect();
        Some(Self { subject: Subject::Export, keys: EXPORT, lines, at: 0, wrong: None })
    }

    /// For what a column must be.
    pub fn expectation(world: &World, column: &str) -> Option<Self> {
        let expected = world.recipe.as_ref()?.schema.get(column).cloned().unwrap_or_default();
        let lines = expectation_words(&expected).into_iter().map(Editor::new).collect();
        let subject = Subject::Expectation(column.to_owned());
        Some(Self { subject, keys: EXPECTATION, lines, at: 0, wrong: None })
    }

    /// Gives a key to the form that is open, if one is: what is asked for then.
    pub fn fill(open: &mut Option<Self>, world: &World, key: KeyEvent) -> Option<Vec<Request>> {
        match open.take()?.key(world, key) {
            Filled::On(form) => {
                *open = Some(form);
                Some(Vec::new())
            }
            Filled::Over(requests) => Some(requests),
        }
    }

    /// Takes a key: Enter takes it all, Esc drops it, Tab and the arrows go from line to line and from word to word.
    fn key(mut self, world: &World, key: KeyEvent) -> Filled {
        self.wrong = None;
        let last = self.lines.len().saturating_sub(1);
        match key.code {
            KeyCode::Down | KeyCode::Tab => self.at = if self.at == last { 0 } else { self.at + 1 },
            KeyCode::Up | KeyCode::BackTab => self.at = self.at.checked_sub(1).unwrap_or(last),
            KeyCode::Right | KeyCode::Left => self.next_word(key.code == KeyCode::Right),
            KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => return Filled::Over(Vec::new()),
            _ => match self.lines[self.at].key(key) {
                Typed::On => {}
                Typed::Dropped => return Filled::Over(Vec::new()),
                Typed::Done(_) => return self.taken(world),
            },
        }
        Filled::On(self)
    }

    /// The next of the words that the line takes.
    fn next_word(&mut self, forward: bool) {
        let words = words(&self.keys[self.at].holds);
        if words.is_empty() {
            return;
        }
        let now = words.iter().position(|word| *word == self.lines[self.at].text());
        let next = match (now, forward) {
            (None, _) => 0,
            (Some(now), true) => (now + 1) % words.len(),
            (Some(now), false) => (now + words.len() - 1) % words.len(),
        };
        self.lines[self.at] = Editor::new(words[next]);
    }

    fn taken(mut self, world: &World) -> Filled {
        match self.requests(world) {
            Ok(requests) => Filled::Over(requests),
            Err(wrong) => {
                self.wrong = Some(wrong);
                Filled::On(self)
            }
        }
    }

    fn requests(&self, world: &World) -> Result<Vec<Request>, String> {
        let texts: Vec<&str> = self.lines.iter().map(Editor::text).collect();
        match &self.subject {
            Subject::Step(word, at) => {
                let step = step_of_words(word, &texts)?;
                check(&step, world)?;
                Ok(vec![match at {
                    Some(at) => Request::ReplaceStep(*at, step),
                    None => Request::AddStep(step),
                }])
            }
            Subject::Study => {
                let recipe = world.recipe.as_ref().ok_or("the file is still being read")?;
                let recipe = with_study_words(recipe, &texts)?;
                crate::engine::steps::plan(&recipe).map_err(|error| error.to_string())?;
                crate::engine::choosing::parse_bytes(&recipe.study.memory).map_err(|error| error.to_string())?;
                Ok(vec![Request::Settings(Box::new(recipe.study), recipe.seed)])
            }
            Subject::Export => Ok(vec![Request::HandOver(Box::new(export_of_words(&texts)?))]),
            Subject::Expectation(column) => Ok(vec![Request::Expect(column.clone(), expectation_of_words(&texts)?)]),
        }
    }

    /// What is out of range.
    #[cfg(test)]
    pub fn flaw(&self) -> Option<String> {
        (self.at >= self.lines.len()).then(|| format!("line {} of {}", self.at, self.lines.len()))
    }

    /// Draws it over the middle of `area`.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        let width = box_width(area.width);
        let foot = self.foot(width.saturating_sub(4) as usize);
        let wanted = self.lines.len() + 3 + foot;
        let height = u16::try_from(wanted).unwrap_or(u16::MAX).min(area.height);
        let y = area.y + (area.height - height).min(2);
        let place = Rect { x: area.x + (area.width - width) / 2, y, width, height };
        let inside = frame_box(place, &self.title(), look, buf);
        let foot = u16::try_from(foot).unwrap_or(0).min(inside.height.saturating_sub(1));
        let room = inside.height - foot;
        let first = first_row(self.at, self.lines.len(), room as usize);
        sight(buf, place, (first, room as usize), self.lines.len(), look);
        let label = self.keys.iter().map(|key| text::width(key.name)).max().unwrap_or(0) as u16 + 2;
        for ((index, line), y) in self.lines.iter().enumerate().skip(first).zip(inside.y..inside.y + room) {
            let row = Rect { y, height: 1, ..inside };
            self.draw_line(buf, row, label, index, line, look);
        }
        self.draw_foot(buf, Rect { y: inside.y + room, height: foot, ..inside }, look);
    }

    /// A line: the key, and what is typed; where that is nothing, what holds then.
    fn draw_line(&self, buf: &mut Buffer, row: Rect, label: u16, index: usize, line: &Editor, look: &Look) {
        let key = &self.keys[index];
        let style = if key.needed { look.strong() } else { look.text() };
        let value = Rect { x: row.x + label, width: row.width.saturating_sub(label), ..row };
        if index == self.at {
            line.draw(buf, row, &format!("{:<1$}", key.name, label as usize - 1), look);
            if line.text().is_empty() {
                text::put(buf, value.x + 2, row.y, value.width.saturating_sub(2), key.otherwise, look.dim());
            }
            return;
        }
        text::put(buf, row.x, row.y, label, key.name, style);
        match line.text() {
            "" => text::put(buf, value.x, row.y, value.width, key.otherwise, look.dim()),
            typed => text::put(buf, value.x, row.y, value.width, typed, look.text()),
        }
    }

    /// Lines for what any of the keys says, so that nothing jumps from one to the next, and for what is wrong.
    fn foot(&self, cells: usize) -> usize {
        let told = self.keys.iter().map(|key| text::wrap(&told(key), cells).len()).max().unwrap_or(0);
        told + self.wrong.as_ref().map_or(0, |wrong| text::wrap(wrong, cells).len())
    }

    /// What the line says and takes, and what was wrong.
    fn draw_foot(&self, buf: &mut Buffer, place: Rect, look: &Look) {
        let lines = |words: &str| text::wrap(words, place.width as usize);
        let told = lines(&told(&self.keys[self.at])).into_iter().map(|line| (line, look.dim()));
        let wrong = self.wrong.iter().flat_map(|wrong| lines(wrong)).map(|line| (line, look.error()));
        for ((line, style), y) in told.chain(wrong).zip(place.top()..place.bottom()) {
            text::put(buf, place.x, y, place.width, &line, style);
        }
    }

    fn title(&self) -> String {
        match &self.subject {
            Subject::Step(word, None) => format!("new step: {word}"),
            Subject::Step(word, Some(at)) => format!("step {}: {word}", at + 1),
            Subject::Study => "the study and the seed".to_owned(),
            Subject::Export => "the hand-over: columns, what changed, upsert".to_owned(),
            Subject::Expectation(column) => format!("what {column} must be"),
        }
    }
}

/// What a key says, and the words that it takes.
fn told(key: &Key) -> String {
    match key.holds {
        Holds::Word(_) | Holds::WordOr(..) | Holds::Words(_) => format!("{} · {}", key.about, key.holds.expected()),
        Holds::Flag => format!("{} · yes or no", key.about),
        _ => key.about.to_owned(),
    }
}

fn words(holds: &Holds) -> Vec<&'static str> {
    match holds {
        Holds::Word(words) | Holds::WordOr(words, _) => words.to_vec(),
        Holds::Flag => vec!["yes", "no"],
        _ => Vec::new(),
    }
}

/// The columns that a step names are there, and its expression can be worked out.
fn check(step: &Step, world: &World) -> Result<(), String> {
    let Some(table) = &world.table else { return Ok(()) };
    for column in step.columns() {
        if table.field(column).is_none() {
            let near = nearest(column, table.fields.iter().map(Field::name));
            let hint = near.map_or_else(String::new, |near| format!("; did you mean “{near}”?"));
            return Err(format!("no column “{column}”{hint}"));
        }
    }
    match step {
        Step::Derive { name, expression } => {
            check_expression(name, expression, table).map_err(|error| Error::from(error).to_string())
        }
        _ => Ok(()),
    }
}
