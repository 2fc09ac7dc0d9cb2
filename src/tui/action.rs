//! What can happen, and what is to be done about it.

use crossterm::event::KeyEvent;
use ratatui::layout::{Position, Size};

use super::backend::Event;
use crate::recipe::rfm::RollUpSpec;
use crate::recipe::{ExportSpec, Scaling, Step, StudySpec};
use crate::table::schema::Expectation;
use crate::table::{Remedy, Role};

/// One of the six tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tab {
    /// What this file is.
    #[default]
    Data,
    /// Distributions.
    Explore,
    /// The recipe.
    Prepare,
    /// The runs.
    Compare,
    /// The segments of a run.
    Segments,
    /// Pictures of the whole.
    Map,
}

impl Tab {
    /// All tabs, in the order of their number keys.
    pub const ALL: [Self; 6] = [Self::Data, Self::Explore, Self::Prepare, Self::Compare, Self::Segments, Self::Map];

    /// Its place among the tabs, from 0.
    pub fn index(self) -> usize {
        self as usize
    }

    /// The title beside the number.
    pub fn title(self) -> &'static str {
        match self {
            Self::Data => "Data",
            Self::Explore => "Explore",
            Self::Prepare => "Prepare",
            Self::Compare => "Compare",
            Self::Segments => "Segments",
            Self::Map => "Map",
        }
    }
}

/// What a pane asks the whole application for. Panes own their cursor and view settings and change those
/// themselves; everything else is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Go to a tab.
    Go(Tab),
    /// Put the cursor of Data, Explore and Prepare on this column.
    FocusColumn(String),
    /// Give a column a role.
    SetRole(String, Role),
    /// Answer a finding with a remedy.
    Take(usize, Remedy),
    /// Leave a finding as it is.
    Leave(usize),
    /// Add a step at the end of the recipe.
    AddStep(Step),
    /// Replace the step with this index.
    ReplaceStep(usize, Step),
    /// Remove the step with this index.
    RemoveStep(usize),
    /// Have the step with this index carried out earlier, or later, among those of its kind.
    MoveStep(usize, bool),
    /// Study in this way, with this seed.
    Settings(Box<StudySpec>, u64),
    /// Rank the features, also for the run that is shown (they arrive in the world).
    RankFeatures,
    /// Scale all features in this way.
    Scale(Scaling),
    /// Choose a run and show its segments.
    ChooseRun(String),
    /// Pin or unpin a run.
    Pin(String),
    /// Study these algorithms over these k: ids as on the command line, and e.g. `2..12`.
    Study(Vec<String>, String, Option<usize>),
    /// Compute the segments of a run (they arrive in the world).
    NeedSegments(String),
    /// Compute the silhouette of each row of a run (it arrives in the world).
    NeedSilhouettes(String),
    /// Compute the PCA view (it arrives in the world).
    NeedProjection,
    /// Compute the orders over time (they arrive in the world).
    NeedOverTime,
    /// Compute the reachability of the rows for a run (it arrives in the world).
    NeedReachability(String),
    /// Compute the t-SNE view (it arrives in the world).
    NeedEmbedding,
    /// Compute the dendrogram (it arrives in the world).
    NeedDendrogram,
    /// Roll the order lines up in this way; without one: back to the lines.
    RollUp(Option<Box<RollUpSpec>>),
    /// Write the rows with their segments to this file.
    Export(String),
    /// Ask where the list of whom to contact goes.
    AskContacts,
    /// Rename a segment of the run that is shown.
    Rename(u32, String),
    /// Write this about a segment of the run that is shown; nothing takes the note away.
    Note(u32, String),
    /// Try this with a segment of the run that is shown, in place of what the playbook says.
    TryWith(u32, String),
    /// Have all segments that are shown keep their keys and names in later studies.
    KeepNames,
    /// Put the schema that the table keeps into the recipe.
    ProposeSchema,
    /// How segments are handed over from now on.
    HandOver(Box<ExportSpec>),
    /// A column must be this from now on.
    Expect(String, Expectation),
    /// Write the cells and rows that have a problem.
    WriteProblems,
    /// Copy this text to the terminal's clipboard; the second word says what it is.
    Copy(String, &'static str),
    /// Ask for another period of the customers.
    AskPeriod,
    /// Ask for later rows.
    AskLater,
    /// Ask where the customers go who moved.
    AskMovers,
    /// Ask for the results of a campaign.
    AskResults,
    /// Ask how the source is to be read; what was guessed stands there.
    AskReading,
    /// Say this in the status line.
    Say(String),
    /// Show a box with this title: paragraphs of (term, explanation).
    Show(String, Vec<(String, String)>),
    /// Show rows of the table, from which one can go on to look at them alone.
    List(Listed),
}

/// Rows of the table as a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// What they have in common, and how many they are.
    pub title: String,
    /// Who each is, and what is told of it; the last may say how many more there are.
    pub lines: Vec<(String, String)>,
    /// How many they are.
    pub count: usize,
    /// The expression that holds for them and no others; `None` where they are too many to be named.
    pub expression: Option<String>,
}

/// What happened: the one input of the update.
#[derive(Debug, Clone)]
pub enum Action {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// A click; `twice` where it is the second of a double click.
    Click {
        /// Where.
        position: Position,
        /// Whether it is a double click.
        twice: bool,
    },
    /// The wheel turned by this many rows, down is positive.
    Scroll(i32),
    /// The screen has this size now.
    Resize(Size),
    /// No key came for a moment while [`super::panes::Pane::moves`].
    Rest,
    /// The engine has something.
    News(Event),
    /// The program is asked to end from outside.
    Terminate,
    /// The program goes on after it was stopped.
    Resume,
}
