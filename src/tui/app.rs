//! The event loop: drain what happened, update, then draw at most once, only when something changed.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Select, never, unbounded};
use crossterm::event::{Event as Input, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Size};

use super::action::Action;
use super::backend::{Backend, Event, News};
use super::log::{self, Entry};
use super::signals::{self, Signal};
use super::state::{Effect, Panes, Start, State, Tone};
use super::terminal::Terminal;
use super::update::update;
use crate::engine::sessions::{Keeper, Moment, Session};
use crate::error::{Error, Exit, Result};
use crate::study::Study;

/// Frames that only jobs ask for come at most this often.
const JOB_FRAME: Duration = Duration::from_millis(125);
/// Without a key for so long the cursor rests: longer than a key that is held down takes to come again.
const REST: Duration = Duration::from_millis(60);
/// A key that comes so long after the one before is no repetition: what it moves rests at once.
const SINGLE: Duration = Duration::from_millis(100);
/// Two clicks within this time and on one cell are a double click.
const DOUBLE_CLICK: Duration = Duration::from_millis(400);

/// Runs the workbench until it is left. `slow` is the least time between two frames that only jobs ask for, where
/// the default of 125 ms is too short for the link.
///
/// # Errors
/// A keymap with two commands on one key; a terminal that cannot be taken.
pub fn run(
    start: Start,
    panes: Panes,
    backend: &mut dyn Backend,
    (keeper, truth): (Option<Keeper>, Option<String>),
    slow: Option<Duration>,
) -> Result<Left> {
    let (state, effects) = State::new(start, panes)?;
    let trouble = |error: io::Error| Error::failed("the terminal cannot be used").caused_by(error);
    let signals = signals::listen().map_err(trouble)?;
    let terminal = Terminal::take().map_err(trouble)?;
    let input = listen().map_err(trouble)?;
    let engine = backend.receiver().clone();
    let mut app = App {
        state,
        terminal,
        backend,
        input,
        engine,
        signals,
        click: None,
        drawn: None,
        touched: Instant::now(),
        pause: slow.unwrap_or(JOB_FRAME),
        ended: None,
        keeper,
        truth,
        kept: Kept::default(),
        lines: String::new(),
    };
    // A terminal that is gone (a dropped line) is an end like any other.
    let _ = app.live(effects);
    Ok(Left { ended: app.ended, kept: app.keeper.is_some() && app.state.unsaved })
}

/// How the workbench was left.
#[derive(Debug, Clone, Copy)]
pub struct Left {
    /// What ended it from outside, if something did.
    pub ended: Option<Exit>,
    /// Whether there are changes that stand in the session alone.
    pub kept: bool,
}

/// What was handed to the keeper last.
#[derive(Default)]
struct Kept {
    session: Option<Session>,
    study: Option<Arc<Study>>,
}

/// The terminal's events, read by a thread of their own.
fn listen() -> io::Result<Receiver<Input>> {
    let (sender, receiver) = unbounded();
    std::thread::Builder::new().name("input".into()).spawn(move || {
        while let Ok(event) = crossterm::event::read() {
            if sender.send(event).is_err() {
                break;
            }
        }
    })?;
    Ok(receiver)
}

/// What a wait gave.
enum Wake {
    Input(Input),
    News(Event),
    Signal(Signal),
    /// It is time for the frame that was put off, or the cursor rests.
    Time,
    /// The engine is gone.
    Silence,
    /// The terminal is gone.
    Gone,
}

struct App<'a> {
    state: State,
    terminal: Terminal,
    backend: &'a mut dyn Backend,
    input: Receiver<Input>,
    engine: Receiver<Event>,
    signals: Receiver<Signal>,
    click: Option<(Instant, Position)>,
    drawn: Option<Instant>,
    /// When the last key came.
    touched: Instant,
    pause: Duration,
    ended: Option<Exit>,
    keeper: Option<Keeper>,
    /// The column of known classes.
    truth: Option<String>,
    kept: Kept,
    /// Lines for the command log.
    lines: String,
}

impl App<'_> {
    fn live(&mut self, effects: Vec<Effect>) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.act(Action::Resize(size))?;
        self.carry_out(effects)?;
        self.draw()?;
        let mut put_off = false;
        while !self.state.over {
            let first = self.wait(put_off);
            let (mut urgent, changed) = self.drain(first)?;
            urgent |= self.rest()?;
            self.keep();
            put_off |= changed;
            if !self.state.over && (urgent || (put_off && self.may_draw())) {
                self.draw()?;
                put_off = false;
            }
        }
        Ok(())
    }

    /// Blocks until something happens; where a frame was put off or the cursor moves, no longer than until its time.
    fn wait(&mut self, put_off: bool) -> Wake {
        let mut select = Select::new();
        let input = select.recv(&self.input);
        let signals = select.recv(&self.signals);
        let engine = select.recv(&self.engine);
        let frame = self.drawn.filter(|_| put_off).map(|drawn| drawn + self.pause);
        let rest = self.state.pane().moves().then(|| self.touched + REST);
        let ready = match frame.into_iter().chain(rest).min() {
            Some(deadline) => select.select_deadline(deadline),
            None => Ok(select.select()),
        };
        let Ok(ready) = ready else { return Wake::Time };
        match ready.index() {
            index if index == input => ready.recv(&self.input).map_or(Wake::Gone, Wake::Input),
            index if index == signals => ready.recv(&self.signals).map_or(Wake::Gone, Wake::Signal),
            index if index == engine => match ready.recv(&self.engine) {
                Ok(event) => Wake::News(event),
                Err(_) => Wake::Silence,
            },
            _ => Wake::Time,
        }
    }

    /// Tells the pane when the cursor rests; whether it does now.
    fn rest(&mut self) -> io::Result<bool> {
        let rests = self.state.pane().moves() && self.touched.elapsed() >= REST;
        if rests {
            self.act(Action::Rest)?;
        }
        Ok(rests)
    }

    /// Takes all that waits. Returns whether a frame is due at once (input, or an answer), and whether anything changed.
    fn drain(&mut self, first: Wake) -> io::Result<(bool, bool)> {
        let (mut urgent, mut changed) = (false, false);
        let mut next = Some(first);
        while let Some(wake) = next.take() {
            match wake {
                Wake::Input(input) => urgent |= self.input(input)?,
                Wake::News(event) => {
                    match &event.news {
                        News::Progress(jobs) => changed |= *jobs != self.state.jobs,
                        News::Study { .. } => changed = true,
                        // Somebody waits for an answer that comes but once.
                        _ => urgent = true,
                    }
                    self.act(Action::News(event))?;
                }
                Wake::Signal(signal) => urgent |= self.signal(signal)?,
                Wake::Gone => self.state.over = true,
                // A closed channel would wake us for ever.
                Wake::Silence => self.engine = never(),
                Wake::Time => {}
            }
            if !self.state.over {
                next = self.waiting();
            }
        }
        Ok((urgent, changed))
    }

    fn waiting(&self) -> Option<Wake> {
        let input = self.input.try_recv().ok().map(Wake::Input);
        let signal = || self.signals.try_recv().ok().map(Wake::Signal);
        input.or_else(signal).or_else(|| self.engine.try_recv().ok().map(Wake::News))
    }

    fn input(&mut self, input: Input) -> io::Result<bool> {
        let action = match input {
            Input::Key(key) => Action::Key(key),
            Input::Paste(text) => Action::Paste(text),
            Input::Resize(width, height) => Action::Resize(Size::new(width, height)),
            Input::Mouse(mouse) => match self.mouse(mouse) {
                Some(action) => action,
                None => return Ok(false),
            },
            Input::FocusGained | Input::FocusLost => return Ok(false),
        };
        let single = self.touched.elapsed() >= SINGLE;
        self.touched = Instant::now();
        self.act(action)?;
        if single && self.state.pane().moves() {
            self.act(Action::Rest)?;
        }
        Ok(true)
    }

    fn mouse(&mut self, mouse: MouseEvent) -> Option<Action> {
        match mouse.kind {
            MouseEventKind::ScrollDown => Some(Action::Scroll(3)),
            MouseEventKind::ScrollUp => Some(Action::Scroll(-3)),
            MouseEventKind::Down(MouseButton::Left) => {
                let (now, position) = (Instant::now(), Position::new(mouse.column, mouse.row));
                let twice = self.click.is_some_and(|(at, place)| place == position && now - at < DOUBLE_CLICK);
                self.click = (!twice).then_some((now, position));
                Some(Action::Click { position, twice })
            }
            _ => None,
        }
    }

    fn signal(&mut self, signal: Signal) -> io::Result<bool> {
        match signal {
            Signal::End => {
                self.ended = Some(Exit::Terminated);
                self.act(Action::Terminate)?;
            }
            Signal::Stop => self.terminal.suspend()?,
            Signal::GoOn => {
                self.terminal.resume()?;
                self.act(Action::Resize(self.terminal.size()?))?;
            }
        }
        Ok(true)
    }

    fn act(&mut self, action: Action) -> io::Result<()> {
        let effects = update(&mut self.state, action);
        self.carry_out(effects)
    }

    fn carry_out(&mut self, effects: Vec<Effect>) -> io::Result<()> {
        for effect in effects {
            match effect {
                Effect::Engine(order) => {
                    let entry = log::of_order(&order.work, &self.state.source);
                    self.lines.extend(entry.map(|entry| entry.line()));
                    self.backend.send(order);
                }
                Effect::Copy(text) => self.terminal.copy(&text)?,
                Effect::Suspend => self.terminal.suspend()?,
                Effect::Repaint => self.terminal.repaint(),
            }
        }
        Ok(())
    }

    /// Has the session written where it changed.
    fn keep(&mut self) {
        let Some(keeper) = &self.keeper else { return };
        if let Some(trouble) = keeper.trouble() {
            self.state.say(Tone::Bad, trouble);
        }
        let Some(session) = super::update::session(&self.state) else { return };
        let world = &self.state.world;
        let same = |old: &Arc<Study>| world.study.as_ref().is_some_and(|new| Arc::ptr_eq(old, new));
        let entries = [self.decided(&session), self.looked(&session)];
        self.lines.extend(entries.into_iter().flatten().map(|entry| entry.line()));
        let studied = self.kept.study.as_ref().map_or(world.study.is_none(), same);
        if self.kept.session.as_ref() == Some(&session) && studied && self.lines.is_empty() {
            return;
        }
        let known = (world.study.clone(), world.prepared.clone(), world.recipe.clone());
        let study = match known {
            (Some(study), Some(prepared), Some(recipe)) => Some((study, prepared, Arc::new(recipe))),
            _ => None,
        };
        keeper.keep(Moment {
            session: session.clone(),
            study,
            truth: self.truth.clone(),
            lines: std::mem::take(&mut self.lines),
        });
        self.kept = Kept { session: Some(session), study: world.study.clone() };
    }

    /// The line of what was decided since the last moment.
    fn decided(&self, session: &Session) -> Option<Entry> {
        let before = self.kept.session.as_ref()?;
        let recipe = session.recipe.clone().filter(|_| before.sources == session.sources)?;
        let what = self.state.message.as_ref().map_or_else(String::new, |(_, said)| said.clone());
        (before.recipe.as_ref() != Some(&recipe)).then_some(Entry::Decide { what, recipe })
    }

    /// The line of the rows that are looked at since then.
    fn looked(&self, session: &Session) -> Option<Entry> {
        let before = self.kept.session.as_ref().map_or(&None, |before| &before.rows);
        (*before != session.rows).then(|| Entry::Look { rows: session.rows.clone().unwrap_or_default() })
    }

    fn may_draw(&self) -> bool {
        self.drawn.is_none_or(|drawn| drawn.elapsed() >= self.pause)
    }

    fn draw(&mut self) -> io::Result<()> {
        self.terminal.draw(&self.state)?;
        self.drawn = Some(Instant::now());
        Ok(())
    }
}
