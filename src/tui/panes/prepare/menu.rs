//! The menu behind `a`: what is to be done, then to which column; what else a step wants is asked by a form.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::around;
use crate::recipe::{
    Binning, Case, DatePart, Encode, Fill, Measure, Reducing, Scaling, Step, Transformation, Treatment, all_options,
};
use crate::table::{Field, Kind, Role};
use crate::tui::action::Request;
use crate::tui::look::Look;
use crate::tui::overlay::{box_width, frame_box, sight};
use crate::tui::panes::OpenKey;
use crate::tui::panes::parts::form::Form;
use crate::tui::widgets::table::first_row;
use crate::tui::widgets::text;
use crate::tui::world::World;

/// The keys of the menu.
pub const KEYS: &[OpenKey] =
    &[("prepare.down prepare.up", "move"), ("prepare.change", "chooses"), ("search", "find"), ("back", "closes")];

/// What can be added: its title, what it does, for which columns, and whether a form asks.
pub struct Entry {
    title: &'static str,
    help: &'static str,
    of: Of,
    asks: bool,
    begin: fn(String, &World) -> Step,
}

/// Which columns a step makes sense for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    /// No column is chosen.
    All,
    Gaps,
    Numbers,
    /// Numbers that cluster or not.
    AnyNumber,
    Dates,
    Categories,
    AnyText,
    Features,
}

const fn entry(
    title: &'static str,
    help: &'static str,
    of: Of,
    asks: bool,
    begin: fn(String, &World) -> Step,
) -> Entry {
    Entry { title, help, of, asks, begin }
}

/// Everything that can be added.
pub const ENTRIES: &[Entry] =
    &[
        entry("fill gaps", "median or most frequent; Enter: mean, nearest", Of::Gaps, false, impute),
        entry("cap outliers", "at the fences, 1.5 quartile ranges out", Of::Numbers, false, |column, _| {
            outliers(column, Treatment::Cap)
        }),
        entry("drop outliers", "their rows are left out", Of::Numbers, false, |column, _| {
            outliers(column, Treatment::Drop)
        }),
        entry("treat outliers", "cap, winsorise, drop, flag, keep; with bounds", Of::AnyNumber, true, |column, _| {
            outliers(column, Treatment::Winsorise)
        }),
        entry("take the log", "log(1 + x), for skewed amounts", Of::Numbers, false, |column, _| Step::Log1p { column }),
        entry("bend", "Yeo-Johnson or quantiles", Of::Numbers, false, |column, _| Step::Transform {
            method: Transformation::YeoJohnson,
            columns: vec![column],
        }),
        entry("scale one", "a feature by a scaling of its own", Of::Numbers, true, |column, _| Step::Scale {
            method: Scaling::Robust,
            columns: vec![column],
        }),
        entry("weigh", "a feature counts twice as much", Of::Features, false, |column, _| Step::Weight {
            column,
            by: 2.0,
        }),
        entry("pool rare values", "into one, below 1 % of the rows", Of::Categories, false, |column, _| {
            Step::PoolRare { column, below: 0.01 }
        }),
        entry("write as one", "several values of a category", Of::Categories, true, |column, _| Step::Merge {
            column,
            from: Vec::new(),
            to: String::new(),
        }),
        entry("encode", "as an order, by frequency; codes as a category", Of::Features, true, |column, _| {
            Step::Encode { column, method: Encode::Ordinal, order: Vec::new() }
        }),
        entry("drop repeated rows", "all columns alike but the key", Of::All, false, |_, world| Step::DropDuplicates {
            except: world.recipe.as_ref().and_then(|recipe| recipe.roles.id.clone()).into_iter().collect(),
        }),
        entry("select features", "leave out the nearly constant and the doubled", Of::All, true, |_, _| Step::Select {
            same: Some(0.98),
            correlation: Some(0.95),
        }),
        entry("components", "all features put together to fewer (PCA, FAMD)", Of::All, true, |_, _| Step::Reduce {
            method: Reducing::Pca,
            components: None,
            share: Some(0.9),
        }),
        entry("make a column", "by an expression: 2024 - Year_Birth", Of::All, true, |_, _| Step::Derive {
            name: String::new(),
            expression: String::new(),
        }),
        entry("ratio", "one column divided by another", Of::AnyNumber, true, |column, _| Step::Ratio {
            column,
            by: String::new(),
            name: None,
        }),
        entry("put in bins", "numbers as a category", Of::AnyNumber, true, |column, _| Step::Bin {
            column,
            by: Binning::Quantile,
            bins: Some(5),
            edges: Vec::new(),
            name: None,
        }),
        entry("part of a date", "year, quarter, month, weekday and more", Of::Dates, true, |column, _| {
            Step::DatePart { column, part: DatePart::Year, name: None }
        }),
        entry("days since", "a date, until the newest or a day", Of::Dates, true, |column, _| Step::DaysSince {
            column,
            until: None,
            name: None,
        }),
        entry("read as numbers", "$84,835.00, 10,000+, 19M, 5%", Of::AnyText, false, |column, _| Step::ParseNumber {
            column,
            name: None,
        }),
        entry("clean texts", "blanks, letters, accents", Of::AnyText, true, |column, _| Step::CleanText {
            column,
            case: Some(Case::Title),
            plain: None,
            name: None,
        }),
        entry("look up", "in a file: postcode → region", Of::AnyText, true, |column, _| Step::LookUp {
            column,
            file: "".into(),
            key: None,
            value: None,
            first: None,
            name: Some("looked up".into()),
        }),
        entry("multiple choice", "a;b;c as columns of 0 and 1", Of::AnyText, true, flags),
        entry("measure texts", "length, words, sentiment, keywords", Of::AnyText, true, |column, _| {
            Step::TextFeatures { column, measures: vec![Measure::Words, Measure::Sentiment], keywords: Vec::new() }
        }),
        entry("scale of questions", "answers put together, some reversed", Of::AnyNumber, true, |column, _| {
            Step::Likert {
                columns: vec![column],
                name: String::new(),
                reversed: Vec::new(),
                low: Some(1.0),
                high: Some(5.0),
                answers: Vec::new(),
            }
        }),
    ];

fn impute(column: String, world: &World) -> Step {
    let field = world.table.as_ref().and_then(|table| table.field(&column));
    let text = field.is_some_and(|field| field.kind == Kind::Text);
    Step::Impute { column, with: if text { Fill::Mode } else { Fill::Median }, indicator: false }
}

fn outliers(column: String, treatment: Treatment) -> Step {
    Step::Outliers { column, treatment, low: None, high: None, share: None }
}

/// The answers are written down, so that the columns have names.
fn flags(column: String, world: &World) -> Step {
    let field = world.table.as_ref().and_then(|table| table.field(&column));
    let options = field.map(|field| all_options(&field.column, ";")).unwrap_or_default();
    Step::Flags { column, separator: Some(";".into()), options }
}

/// The menu: choosing what, then the column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Menu {
    what: Option<usize>,
    at: usize,
    /// The column that is proposed.
    column: Option<String>,
}

/// What came of a choice.
pub enum Chosen {
    /// The next question.
    Menu(Menu),
    /// The settings are asked.
    Form(Form),
    /// Nothing more is asked.
    Done(Vec<Request>),
}

impl Menu {
    /// Opened at the first entry; `column` is proposed where a column is asked for.
    pub fn new(column: Option<String>) -> Self {
        Self { what: None, at: 0, column }
    }

    /// Up or down.
    pub fn step(&mut self, world: &World, by: isize) {
        let last = self.entries(world).len().saturating_sub(1);
        self.at = self.at.saturating_add_signed(by).min(last);
    }

    /// To the next entry that contains the words; `false` where there is none.
    pub fn search(&mut self, world: &World, wanted: &str, forward: bool) -> bool {
        let entries = self.entries(world);
        let holds = |at: &usize| {
            let (title, help) = &entries[*at];
            title.to_lowercase().contains(wanted) || help.to_lowercase().contains(wanted)
        };
        let found = around(self.at, entries.len(), forward).find(holds);
        self.at = found.unwrap_or(self.at);
        found.is_some()
    }

    /// Enter: the next question, or the step.
    pub fn choose(self, world: &World) -> (Chosen, Option<String>) {
        match self.what {
            None => self.choose_what(world),
            Some(what) => {
                let column = columns(world, ENTRIES[what].of).into_iter().nth(self.at).map(Field::name);
                (begun(&ENTRIES[what], column.unwrap_or_default(), world), None)
            }
        }
    }

    fn choose_what(self, world: &World) -> (Chosen, Option<String>) {
        let what = self.at.min(ENTRIES.len() - 1);
        let entry = &ENTRIES[what];
        if entry.of == Of::All {
            return (begun(entry, "", world), None);
        }
        let fields = columns(world, entry.of);
        if fields.is_empty() {
            return (Chosen::Menu(self), Some("there is no column for that".into()));
        }
        let proposed = self.column.as_deref().and_then(|name| fields.iter().position(|field| field.name() == name));
        (Chosen::Menu(Self { what: Some(what), at: proposed.unwrap_or(0), column: self.column }), None)
    }

    fn entries(&self, world: &World) -> Vec<(String, String)> {
        match self.what {
            None => ENTRIES.iter().map(|entry| (entry.title.to_owned(), entry.help.to_owned())).collect(),
            Some(what) => columns(world, ENTRIES[what].of)
                .into_iter()
                .map(|field| (field.name().to_owned(), hint(field)))
                .collect(),
        }
    }

    /// The cursor stays among the entries: other columns may be there than before.
    pub fn settle(&mut self, world: &World) {
        self.at = self.at.min(self.entries(world).len().saturating_sub(1));
    }

    /// What is out of range.
    #[cfg(test)]
    pub fn flaw(&self, world: &World) -> Option<String> {
        let entries = self.entries(world).len();
        (self.at >= entries.max(1)).then(|| format!("entry {} of {entries}", self.at))
    }

    fn title(&self) -> String {
        self.what.map_or_else(|| "add a step".to_owned(), |what| format!("{}: which column?", ENTRIES[what].title))
    }

    /// Draws it over the middle of `area`.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, world: &World, look: &Look) {
        let entries = self.entries(world);
        let height = u16::try_from(entries.len() + 2).unwrap_or(u16::MAX).min(area.height.saturating_sub(2));
        let width = box_width(area.width);
        let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + 2.min(area.height), width, height };
        let inside = frame_box(place, &self.title(), look, buf);
        let room = height.saturating_sub(2) as usize;
        let first = first_row(self.at, entries.len(), room);
        sight(buf, place, (first, room), entries.len(), look);
        for ((index, entry), y) in entries.iter().enumerate().skip(first).zip(inside.top()..inside.bottom()) {
            draw_entry(buf, Rect { y, height: 1, ..inside }, entry, index == self.at, look);
        }
    }
}

/// The step, or the form that asks for the rest.
fn begun(entry: &Entry, column: &str, world: &World) -> Chosen {
    let step = (entry.begin)(column.to_owned(), world);
    if entry.asks { Chosen::Form(Form::add(&step)) } else { Chosen::Done(vec![Request::AddStep(step)]) }
}

fn draw_entry(buf: &mut Buffer, area: Rect, (title, help): &(String, String), here: bool, look: &Look) {
    let style = if here { look.cursor() } else { look.text() };
    if here {
        buf.set_style(area, style);
        text::put(buf, area.x, area.y, 1, "▸", style);
    }
    text::put(buf, area.x + 2, area.y, 22, title, style);
    text::put(buf, area.x + 25, area.y, area.width.saturating_sub(25), help, if here { style } else { look.dim() });
}

fn hint(field: &Field) -> String {
    match field.missing {
        0 => field.kind.title().into(),
        missing => format!("{}, {missing} gaps", field.kind.title()),
    }
}

/// The columns that a step makes sense for.
fn columns(world: &World, of: Of) -> Vec<&Field> {
    let (Some(table), Some(recipe)) = (&world.table, &world.recipe) else { return Vec::new() };
    let fits = |field: &&Field| {
        let clusters = recipe.role(field.name()) == Role::Cluster;
        let number = matches!(field.kind, Kind::Whole | Kind::Number | Kind::Year | Kind::YesNo);
        match of {
            Of::All => false,
            Of::Gaps => field.missing > 0 && clusters,
            Of::Numbers => number && clusters,
            Of::AnyNumber => number,
            Of::Dates => field.kind == Kind::Date,
            Of::Categories => field.kind == Kind::Text && clusters,
            Of::AnyText => field.kind == Kind::Text,
            Of::Features => clusters,
        }
    };
    table.fields.iter().filter(fits).collect()
}
