//! The menu behind `a`: what is to be done, then to which column.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::recipe::{Fill, Step, Treatment};
use crate::table::{Field, Kind, Role};
use crate::tui::action::Request;
use crate::tui::look::Look;
use crate::tui::overlay::frame_box;
use crate::tui::widgets::table::first_row;
use crate::tui::widgets::text;
use crate::tui::world::World;

/// What can be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Impute,
    Cap,
    DropOutliers,
    Log,
    PoolRare,
    Weight,
    Duplicates,
}

const ALL: [(What, &str, &str); 7] = [
    (What::Impute, "fill gaps", "with the median or the most frequent value"),
    (What::Cap, "cap outliers", "at the fences, 1.5 quartile ranges out"),
    (What::DropOutliers, "drop outliers", "their rows are left out"),
    (What::Log, "take the log", "log(1 + x), for skewed amounts"),
    (What::PoolRare, "pool rare values", "into one, below 1 % of the rows"),
    (What::Weight, "weigh", "a feature counts twice as much"),
    (What::Duplicates, "drop repeated rows", "all columns alike but the key"),
];

/// The menu: choosing what, then the column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Menu {
    what: Option<What>,
    at: usize,
    /// The column that is proposed.
    column: Option<String>,
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

    /// Enter: the next question, or the step.
    pub fn choose(self, world: &World) -> (Option<Self>, Vec<Request>) {
        match self.what {
            None => self.choose_what(world),
            Some(what) => {
                let column = columns(world, what).into_iter().nth(self.at).map(Field::name);
                let step = column.and_then(|column| step(world, what, column));
                (None, step.map(Request::AddStep).into_iter().collect())
            }
        }
    }

    fn choose_what(self, world: &World) -> (Option<Self>, Vec<Request>) {
        let what = ALL[self.at.min(ALL.len() - 1)].0;
        if what == What::Duplicates {
            let except = world.recipe.as_ref().and_then(|recipe| recipe.roles.id.clone()).into_iter().collect();
            return (None, vec![Request::AddStep(Step::DropDuplicates { except })]);
        }
        let fields = columns(world, what);
        if fields.is_empty() {
            return (Some(self), vec![Request::Say("there is no column for that".into())]);
        }
        let proposed = self.column.as_deref().and_then(|name| fields.iter().position(|field| field.name() == name));
        (Some(Self { what: Some(what), at: proposed.unwrap_or(0), column: self.column }), Vec::new())
    }

    fn entries(&self, world: &World) -> Vec<(String, String)> {
        match self.what {
            None => ALL.iter().map(|(_, title, help)| ((*title).to_owned(), (*help).to_owned())).collect(),
            Some(what) => {
                columns(world, what).into_iter().map(|field| (field.name().to_owned(), hint(field))).collect()
            }
        }
    }

    fn title(&self) -> String {
        let what = self.what.and_then(|what| ALL.iter().find(|(other, ..)| *other == what));
        what.map_or_else(|| "add a step".to_owned(), |(_, title, _)| format!("{title}: which column?"))
    }

    /// Draws it over the right half of `area`.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, world: &World, look: &Look) {
        let entries = self.entries(world);
        let height = u16::try_from(entries.len() + 2).unwrap_or(u16::MAX).min(area.height.saturating_sub(2));
        let width = area.width.saturating_sub(4).min(72);
        let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + 2.min(area.height), width, height };
        let inside = frame_box(place, &self.title(), "⏎ chooses · Esc closes", look, buf);
        let first = first_row(self.at, entries.len(), height.saturating_sub(2) as usize);
        for ((index, entry), y) in entries.iter().enumerate().skip(first).zip(inside.top()..inside.bottom()) {
            draw_entry(buf, Rect { y, height: 1, ..inside }, entry, index == self.at, look);
        }
    }
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
        0 => crate::tui::spoken::kind(field.kind).into(),
        missing => format!("{}, {missing} gaps", crate::tui::spoken::kind(field.kind)),
    }
}

/// The columns that a step makes sense for, as far as they are used.
fn columns(world: &World, what: What) -> Vec<&Field> {
    let (Some(table), Some(recipe)) = (&world.table, &world.recipe) else { return Vec::new() };
    let fits = |field: &&Field| {
        let role = recipe.role(field.name());
        let number = matches!(field.kind, Kind::Whole | Kind::Number | Kind::Year);
        match what {
            What::Impute => field.missing > 0 && role == Role::Cluster,
            What::Cap | What::DropOutliers | What::Log => number && role == Role::Cluster,
            What::PoolRare => field.kind == Kind::Text && role == Role::Cluster,
            What::Weight => role == Role::Cluster,
            What::Duplicates => false,
        }
    };
    table.fields.iter().filter(fits).collect()
}

fn step(world: &World, what: What, column: &str) -> Option<Step> {
    let field = world.table.as_ref()?.field(column)?;
    let column = column.to_owned();
    let fill = if field.kind == Kind::Text { Fill::Mode } else { Fill::Median };
    Some(match what {
        What::Impute => Step::Impute { column, with: fill, indicator: false },
        What::Cap => Step::Outliers { column, treatment: Treatment::Cap, low: None, high: None, share: None },
        What::DropOutliers => Step::Outliers { column, treatment: Treatment::Drop, low: None, high: None, share: None },
        What::Log => Step::Log1p { column },
        What::PoolRare => Step::PoolRare { column, below: 0.01 },
        What::Weight => Step::Weight { column, by: 2.0 },
        What::Duplicates => return None,
    })
}
