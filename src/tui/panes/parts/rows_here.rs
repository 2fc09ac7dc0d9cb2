//! "Which rows are here": the rows that lie at one place of a chart, in words, as a list, and as an expression.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::engine::looking::these_rows;
use crate::plot::number;
use crate::table::{Field, Role, Table};
use crate::tui::action::{Listed, Request};
use crate::tui::look::Look;
use crate::tui::panes::data::written;
use crate::tui::widgets::text;
use crate::tui::world::World;

/// Rows that are listed.
const LISTED: usize = 300;
/// Columns that are told of each.
const TOLD: usize = 6;
/// Rows that are named one by one in an expression at most.
const NAMED: usize = 20_000;

/// What lies at a place of a chart.
#[derive(Debug, Clone, Default)]
pub struct Here<'a> {
    words: String,
    rows: Vec<usize>,
    said: Vec<String>,
    columns: Vec<&'a str>,
    expression: Option<String>,
}

impl<'a> Here<'a> {
    /// These rows of the table; the words say what and how many.
    pub fn new(words: impl Into<String>, rows: Vec<usize>) -> Self {
        Self { words: words.into(), rows, ..Self::default() }
    }

    /// With what the chart says of each row.
    #[must_use]
    pub fn said(self, said: Vec<String>) -> Self {
        Self { said, ..self }
    }

    /// With the columns of the chart: they are told first.
    #[must_use]
    pub fn of(self, columns: &[&'a str]) -> Self {
        Self { columns: columns.to_vec(), ..self }
    }

    /// With an expression that holds for these rows and no others.
    #[must_use]
    pub fn where_(self, expression: Option<String>) -> Self {
        Self { expression, ..self }
    }

    /// Lists them, those that are looked at, each with the columns of the chart and then the features.
    pub fn list(mut self, world: &World) -> Request {
        let Some(table) = world.table.as_deref() else {
            return Request::Say("the file is still being read".to_owned());
        };
        let all = self.rows.len();
        self.said.resize(all, String::new());
        let rows = std::mem::take(&mut self.rows).into_iter().zip(std::mem::take(&mut self.said));
        let rows: Vec<(usize, String)> = rows.filter(|(row, _)| world.looks_at(*row)).collect();
        if rows.is_empty() {
            return Request::Say(format!("nobody is here: {}", self.words));
        }
        if rows.len() < all {
            self.words += &format!(", {} looked at", number::whole(rows.len()));
        }
        let lines = self.lines(world, table, &rows);
        let mut places: Vec<usize> = rows.into_iter().map(|(row, _)| row).collect();
        places.sort_unstable();
        let named = || (places.len() <= NAMED).then(|| these_rows(&places, table));
        let among = |expression: String| match &world.filter {
            Some(filter) => format!("({filter}) AND ({expression})"),
            None => expression,
        };
        let expression = self.expression.map(among).or_else(named);
        Request::List(Listed { title: self.words, lines, count: places.len(), expression })
    }

    fn lines(&self, world: &World, table: &Table, rows: &[(usize, String)]) -> Vec<(String, String)> {
        let told = told(world, table, &self.columns);
        let line = |(row, said): &(usize, String)| {
            let name = name(world, *row);
            let values = told.iter().map(|field| format!("{} {}", field.name(), shown(world, field, *row)));
            let said = Some(said.clone()).filter(|said| !said.is_empty());
            (name, said.into_iter().chain(values).collect::<Vec<_>>().join(" · "))
        };
        let mut lines: Vec<(String, String)> = rows.iter().take(LISTED).map(line).collect();
        if rows.len() > LISTED {
            lines.push(("…".to_owned(), format!("and {} more", number::whole(rows.len() - LISTED))));
        }
        lines
    }
}

/// `1 row`, `24 rows`.
pub fn counted(rows: usize) -> String {
    format!("{} row{}", number::whole(rows), if rows == 1 { "" } else { "s" })
}

/// `1 column`, `24 columns`.
pub fn columns(count: usize) -> String {
    format!("{} column{}", number::whole(count), if count == 1 { "" } else { "s" })
}

/// `1 customer`, `24 customers`.
pub fn customers(count: usize) -> String {
    format!("{} customer{}", number::whole(count), if count == 1 { "" } else { "s" })
}

/// What the cursor reads, in the first line of `area`, with what can be done (`⏎ which`).
pub fn draw(buf: &mut Buffer, area: Rect, name: &str, words: &str, enter: &str, look: &Look) {
    text::put(buf, area.x, area.y, area.width, &" ".repeat(area.width as usize), look.text());
    let spans = [(" ", look.text()), (name, look.strong()), ("  ", look.text()), (words, look.title())];
    let spans = if name.is_empty() { [spans[0], spans[3], ("", look.text()), ("", look.text())] } else { spans };
    let at = text::put_spans(buf, area.x, area.y, area.width, &spans);
    let key = if look.names_keys() { "Enter" } else { "⏎" };
    let hints = [format!("{key} {enter}  Esc"), format!("{key} {enter}"), key.to_owned()];
    if let Some(hint) = hints.iter().find(|hint| at as usize + text::width(hint) + 3 <= area.right() as usize) {
        text::put_right(buf, Rect { width: area.width - 1, ..area }, 0, hint, look.dim());
    }
}

/// Who a row of the table is: the id, or the row's number.
pub fn name(world: &World, row: usize) -> String {
    let id = world.table.as_deref().and_then(|table| table.fields.iter().find(|field| is_id(world, field)));
    id.map_or_else(|| format!("row {}", number::whole(row + 1)), |id| shown(world, id, row))
}

fn is_id(world: &World, field: &Field) -> bool {
    match world.recipe.as_ref().and_then(|recipe| recipe.roles.id.as_deref()) {
        Some(id) => field.name() == id,
        None => field.role == Role::Id,
    }
}

/// The columns of the chart, then features up to [`TOLD`].
fn told<'a>(world: &World, table: &'a Table, columns: &[&str]) -> Vec<&'a Field> {
    let mut told: Vec<&Field> = columns.iter().filter_map(|name| table.field(name)).collect();
    let features = world.recipe.as_ref().map_or_else(Vec::new, |recipe| recipe.roles.cluster.clone());
    let features = features.iter().filter_map(|name| table.field(name));
    for field in features.chain(table.fields.iter().filter(|field| field.role == Role::Cluster)) {
        if told.len() < TOLD && told.iter().all(|other| other.name() != field.name()) {
            told.push(field);
        }
    }
    told
}

fn shown(world: &World, field: &Field, row: usize) -> String {
    world.shown(field, written(field, row))
}
