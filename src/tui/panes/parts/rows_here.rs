//! "Which rows are here": the rows that lie at one place of a chart, as a list.

use crate::plot::number;
use crate::table::{Field, Role, Table};
use crate::tui::action::Request;
use crate::tui::panes::data::written;
use crate::tui::world::World;

/// Rows that are listed.
const LISTED: usize = 300;
/// Columns that are told of each.
const TOLD: usize = 6;

/// Lists these rows of the table under `what`, which says how many, each with the columns of the chart and then the features.
pub fn show(world: &World, what: &str, rows: &[usize], columns: &[&str]) -> Request {
    let Some(table) = world.table.as_deref() else { return Request::Say("the file is still being read".to_owned()) };
    let rows: Vec<usize> = rows.iter().copied().filter(|&row| world.looks_at(row)).collect();
    if rows.is_empty() {
        return Request::Say(format!("nobody is here: {what}"));
    }
    let id = table.fields.iter().find(|field| is_id(world, field));
    let told = told(world, table, columns);
    let line = |&row: &usize| {
        let name = id.map_or_else(|| format!("row {}", number::whole(row + 1)), |id| text(world, id, row));
        let values = told.iter().map(|field| format!("{} {}", field.name(), text(world, field, row)));
        (name, values.collect::<Vec<_>>().join(" · "))
    };
    let mut lines: Vec<(String, String)> = rows.iter().take(LISTED).map(line).collect();
    if rows.len() > LISTED {
        lines.push(("…".to_owned(), format!("and {} more", number::whole(rows.len() - LISTED))));
    }
    Request::Show(what.to_owned(), lines)
}

/// `1 row`, `24 rows`.
pub fn counted(rows: usize) -> String {
    format!("{} row{}", number::whole(rows), if rows == 1 { "" } else { "s" })
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

fn text(world: &World, field: &Field, row: usize) -> String {
    world.shown(field, written(field, row))
}
