//! The whole state of the workbench: what it knows, where one is, what stands over it.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use ratatui::layout::{Rect, Size};

use super::action::{Listed, Tab};
use super::backend::{Generation, Job, JobStatus, Order, Work};
use super::command::Command;
use super::commands::{EVERYWHERE, Keymap};
use super::endings::Endings;
use super::history::History;
use super::line::Line;
use super::look::{Depth, Glyphs, Look};
use super::panes::Pane;
use super::themes::Choice;
use super::world::World;
use crate::config::{Key, Read, Theme};
use crate::engine::looking::Looking;
use crate::engine::sessions::Session;
use crate::error::{Error, Result};
use crate::recipe::Recipe;
use crate::recipe::rfm::RollUpSpec;
use crate::table::{SourceSpec, shown};

/// The panes, one a tab, in the order of the tabs.
pub type Panes = [Box<dyn Pane>; 6];

/// What the loop is to do after an update.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Hand this to the engine.
    Engine(Order),
    /// Hand this text to the terminal's clipboard (OSC 52).
    Copy(String),
    /// Give the terminal back and stop, as Ctrl-Z does.
    Suspend,
    /// Paint every cell again.
    Repaint,
}

/// How much a message matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Good,
    /// Something to know.
    Plain,
    /// Something failed.
    Bad,
}

/// What a line of text is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The text to look for.
    Search,
    /// The rows to look at.
    Rows,
    /// The file to open.
    Open,
    /// The file for the recipe.
    Save,
    /// The file for the model.
    Model,
    /// The columns by which a classifier tells the segment.
    Train,
    /// Another period of the customers.
    Period,
    /// Later rows, held against those that were studied.
    Later,
    /// Where the customers go who moved, and which of them.
    Movers,
    /// The results of a campaign.
    Results,
    /// How the source is read.
    Reading,
    /// The file for the chart that is shown.
    Chart,
    /// The file for what the clipboard does not take.
    Copy,
}

impl Purpose {
    /// The words before the line.
    pub fn title(self) -> &'static str {
        match self {
            Self::Search => "/",
            Self::Rows => "rows where: ",
            Self::Open => "open file: ",
            Self::Save => "save recipe as: ",
            Self::Model => "save model as: ",
            Self::Train => "tell the segment by: ",
            Self::Movers => "who moved to (file from=1 to=2): ",
            Self::Period => "other period (file, or day,day): ",
            Self::Later => "later rows (file): ",
            Self::Results => "results of a campaign: ",
            Self::Reading => "read it with: ",
            Self::Chart => "save chart as (svg, png, csv): ",
            Self::Copy => "more than 70 kB, copy to file: ",
        }
    }

    /// What the line takes, for people; nothing where that is plain, or listed.
    pub fn takes(self) -> &'static str {
        match self {
            Self::Search | Self::Rows | Self::Open | Self::Copy => "",
            Self::Save => "a file ending in .toml: every decision so far, which segmenta run FILE carries out again",
            Self::Model => "a file ending in .json: places later customers in these segments (segmenta predict, serve)",
            Self::Train => "columns with commas, cheap to know of new customers: how well do they tell the segment?",
            Self::Period => {
                "another file of the same customers, earlier or later; of order lines also two days: 2011-06-01,2011-12-01"
            }
            Self::Later => "a file of later customers: are they still like those that were studied?",
            Self::Movers => "a file (.csv, .parquet); from=1 and to=2 after it take those only who moved from 1 to 2",
            Self::Results => {
                "a file with customer, contacted or left alone, and what they did: did the campaign work, in whom?"
            }
            Self::Reading => {
                "delimiter=; (comma, tab, space …) header=yes|no encoding=UTF-8 decimal=. or , skip=LINES sheet=NAME: what is                  left out is found out"
            }
            Self::Chart => "a file ending in .svg or .png (a picture) or .csv (the figures behind it)",
        }
    }
}

/// What stands over the tab.
#[derive(Debug, Clone, PartialEq)]
pub enum Overlay {
    /// The keys and signs of this place, scrolled by this many lines.
    Help(u16),
    /// The commands that match a few letters, and which of them is selected.
    Palette(Line, usize),
    /// Paragraphs of (term, explanation), scrolled by this many lines.
    Text(String, Vec<(String, String)>, u16),
    /// Rows of the table, scrolled by this many lines.
    Rows(Listed, u16),
    /// This screen as a command; it was handed to the clipboard.
    Headless(String),
    /// A line of text that is asked for, in the status line.
    Prompt(Purpose, Line),
    /// Where the rows with their segments go.
    Export(Line),
    /// Where the list of whom to contact goes.
    Contacts(Line),
    /// The themes, which of them is shown, and the one of before.
    Themes(Vec<Choice>, usize, String),
    /// A step of the tour.
    Tour(usize),
}

/// The newest generation of each thing that answers may belong to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stamps {
    newest: Generation,
    /// Of the source.
    pub source: Generation,
    /// Of the matrix.
    pub matrix: Generation,
    /// Of the study.
    pub study: Generation,
    /// Of the rows that are looked at.
    pub rows: Generation,
}

impl Stamps {
    /// The source changed, and with it everything.
    pub fn renew_source(&mut self) {
        self.renew_matrix();
        self.source = self.newest;
    }

    /// The recipe changed: the matrix and the study with it.
    pub fn renew_matrix(&mut self) {
        self.renew_study();
        self.matrix = self.newest;
    }

    /// Other rows are looked at.
    pub fn renew_rows(&mut self) {
        self.newest += 1;
        self.rows = self.newest;
    }

    /// The study alone changed.
    pub fn renew_study(&mut self) {
        self.newest += 1;
        self.study = self.newest;
    }
}

/// How the workbench is started.
#[derive(Debug, Clone)]
pub struct Start {
    /// The source to open.
    pub source: SourceSpec,
    /// The theme.
    pub theme: Theme,
    /// Where the user's own themes lie.
    pub themes: Option<PathBuf>,
    /// How many colours there are.
    pub depth: Depth,
    /// Which characters there are.
    pub glyphs: Glyphs,
    /// The user's keys by command id.
    pub keymap: BTreeMap<String, Vec<Key>>,
    /// What is to be told at the start, e.g. what the config file has wrong.
    pub warnings: Vec<String>,
    /// A session to go on with.
    pub resumed: Option<Box<Session>>,
    /// A session of this source that could be gone on with.
    pub offered: Option<Box<Session>>,
    /// Whether the session is kept: then nothing is lost with the workbench.
    pub is_kept: bool,
    /// The files that were opened last.
    pub recent: Vec<String>,
}

/// The whole state.
pub struct State {
    /// What is known.
    pub world: World,
    /// Which tab is shown.
    pub tab: Tab,
    /// The tabs' contents.
    pub panes: Panes,
    /// What stands over the tab.
    pub overlay: Option<Overlay>,
    /// The last message.
    pub message: Option<(Tone, String)>,
    /// The jobs that run.
    pub jobs: Vec<JobStatus>,
    /// The size of the screen.
    pub size: Size,
    /// How things look.
    pub look: Look,
    /// Which key does what.
    pub keymap: Keymap,
    /// The recipe's changes.
    pub history: History,
    /// The newest generations.
    pub stamps: Stamps,
    /// The source that is open.
    pub source: SourceSpec,
    /// Where the user's own themes lie.
    pub themes: Option<PathBuf>,
    /// What was searched for.
    pub sought: String,
    /// What was typed last to look at some rows.
    pub typed_rows: String,
    /// Whether there is something that is written nowhere.
    pub unsaved: bool,
    /// Whether the recipe was ever changed, written since or not.
    pub decided: bool,
    /// Whether `q` was pressed once although something would be lost.
    pub asked_to_quit: bool,
    /// Whether the program is to end.
    pub over: bool,
    /// The session that is gone on with, until its table is read.
    pub resumed: Option<Box<Session>>,
    /// A session of this source that could be gone on with.
    pub offered: Option<Box<Session>>,
    /// Whether the session is kept: then nothing is lost with the workbench.
    pub is_kept: bool,
    /// The theme that was chosen here.
    pub theme: Option<String>,
    /// The name of the theme that is shown.
    pub theme_shown: String,
    /// What the clipboard did not take, until it is written to a file.
    pub to_copy: Option<String>,
    /// What the line that is typed could be: a file, an expression.
    pub candidates: Vec<String>,
    /// How the expression that is typed could go on.
    pub endings: Endings,
    /// The files that were opened last.
    pub recent: Vec<String>,
    /// What was open before the tour.
    pub before_tour: Option<(SourceSpec, Option<Box<Recipe>>)>,
    /// The rows that were asked for last.
    pub(super) looking: Option<Looking>,
    /// What was asked of the engine and not answered yet, or cannot be answered.
    pub(super) asked: HashSet<String>,
}

impl State {
    /// The state at the start: nothing known, the source being opened.
    ///
    /// # Errors
    /// Two commands on one key in one place.
    pub fn new(start: Start, panes: Panes) -> Result<(Self, Vec<Effect>)> {
        let Read { value: keymap, warnings } = Keymap::new(&table_of(&panes), &start.keymap)?;
        let mut state = Self {
            world: World::default(),
            tab: Tab::default(),
            panes,
            overlay: None,
            message: start.warnings.into_iter().chain(warnings).next().map(|warning| (Tone::Bad, warning)),
            jobs: Vec::new(),
            size: Size::new(80, 24),
            look: Look::new(&start.theme, start.depth, start.glyphs),
            keymap,
            history: History::default(),
            stamps: Stamps::default(),
            source: start.source.clone(),
            themes: start.themes,
            sought: String::new(),
            typed_rows: String::new(),
            looking: None,
            unsaved: false,
            decided: false,
            asked_to_quit: false,
            over: false,
            resumed: None,
            offered: None,
            is_kept: start.is_kept,
            theme: None,
            theme_shown: start.theme.name.clone(),
            to_copy: None,
            candidates: Vec::new(),
            endings: Endings::default(),
            recent: start.recent,
            before_tour: None,
            asked: HashSet::new(),
        };
        let effects = match start.resumed {
            Some(session) => super::update::resume(&mut state, session),
            None => state.open(start.source),
        };
        if let Some(session) = start.offered.filter(|_| state.message.is_none()) {
            super::update::offer(&mut state, session);
        }
        Ok((state, effects))
    }

    /// Forgets everything and opens a source.
    pub fn open(&mut self, source: SourceSpec) -> Vec<Effect> {
        self.offered = None;
        self.begin(&source);
        vec![self.order(self.stamps.source, Work::Open(Box::new(source)))]
    }

    /// Opens a source to go on with this recipe.
    pub fn go_on(&mut self, source: SourceSpec, recipe: Recipe) -> Vec<Effect> {
        self.begin(&source);
        vec![self.order(self.stamps.source, Work::Resume(Box::new(source), Box::new(recipe)))]
    }

    /// Reads the source anew, its lines rolled up in this way or as they stand there.
    pub fn roll_up(&mut self, spec: Option<Box<RollUpSpec>>) -> Vec<Effect> {
        let source = self.source.clone();
        self.begin(&source);
        vec![self.order(self.stamps.source, Work::RollUp(Box::new(source), spec))]
    }

    /// Forgets what was known, as of another table.
    fn begin(&mut self, source: &SourceSpec) {
        self.stamps.renew_source();
        self.world.remember_segments();
        let former = std::mem::take(&mut self.world.former);
        self.world = World { title: title_of(source), former, ..World::default() };
        self.history = History::default();
        self.asked.clear();
        (self.unsaved, self.decided) = (false, false);
        self.source = source.clone();
        self.settle();
    }

    /// The pane that is shown.
    pub fn pane(&self) -> &dyn Pane {
        self.panes[self.tab.index()].as_ref()
    }

    /// Where the tab's content is drawn.
    pub fn body(&self) -> Rect {
        super::frame::parts(Rect::from((ratatui::layout::Position::ORIGIN, self.size))).body
    }

    /// Brings the cursors of all panes, and how far what stands over them is scrolled, into range.
    pub fn settle(&mut self) {
        let most = super::overlay::most_scroll(self);
        if let (Some(Overlay::Help(from) | Overlay::Text(_, _, from) | Overlay::Rows(_, from)), Some(most)) =
            (&mut self.overlay, most)
        {
            *from = most.min(*from);
        }
        for pane in &mut self.panes {
            pane.settle(&self.world);
        }
    }

    /// Says this in the status line.
    pub fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.message = Some((tone, text.into()));
    }

    /// Says what went wrong.
    pub fn complain(&mut self, error: &Error) {
        self.say(Tone::Bad, error.to_string());
    }

    /// The job that belongs to the tab and can be cancelled now.
    pub fn job_here(&self) -> Option<&JobStatus> {
        let kinds: &[Job] = match self.tab {
            Tab::Data => &[Job::Open],
            Tab::Explore => &[Job::Explore, Job::Look],
            Tab::Prepare => &[Job::Prepare, Job::Map],
            Tab::Compare => &[Job::Study],
            Tab::Segments => &[Job::Profile, Job::Study],
            Tab::Map => &[Job::Map, Job::Study],
        };
        let of_tab = kinds.iter().find_map(|kind| self.jobs.iter().find(|job| job.job == *kind && job.can_cancel));
        of_tab.or_else(|| self.jobs.iter().find(|job| job.job == Job::Export && job.can_cancel))
    }

    /// An order to the engine with its stamp.
    pub(super) fn order(&self, generation: Generation, work: Work) -> Effect {
        Effect::Engine(Order { generation, work })
    }
}

/// The whole command table: everywhere, then tab by tab.
pub fn table_of(panes: &Panes) -> Vec<Command> {
    EVERYWHERE.iter().chain(panes.iter().flat_map(|pane| pane.commands())).copied().collect()
}

/// The source's name for the title bar.
fn title_of(source: &SourceSpec) -> String {
    let path = shown(&source.path);
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
