//! The two first lines: what is this, can I go on.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::plot::number;
use crate::recipe::Recipe;
use crate::study::{Structure, Study};
use crate::table::{Preview, Role, Shape, Table, is_sample};
use crate::tui::action::Request;
use crate::tui::look::Look;
use crate::tui::panes::parts::rows_here::columns;
use crate::tui::widgets::text;
use crate::tui::world::World;

/// Draws them.
pub fn draw(buf: &mut Buffer, area: Rect, world: &World, look: &Look) {
    let width = area.width.saturating_sub(2);
    let what = what(world);
    let facts = text::beginning(&what, width as usize, &[" · ", ", "]).unwrap_or(&what);
    text::put(buf, area.x + 1, area.y, width, facts, look.title());
    if area.height < 2 {
        return;
    }
    let counts = can_go_on(world);
    text::put(buf, area.x + 1, area.y + 1, width, &counts, look.text());
    let hint = first_look(world);
    if text::width(&counts) + text::width(&hint) + 4 <= width as usize {
        text::put_right(buf, Rect { width: area.width - 1, ..area }, 1, &hint, look.text());
    }
}

/// E.g. `2,240 customers, one a row, key ID · 29 columns · tab-separated, UTF-8`.
fn what(world: &World) -> String {
    match (&world.table, &world.preview) {
        _ if let Some((why, _)) = &world.unread => why.clone(),
        (Some(table), _) => {
            let sample = if is_sample(&table.source.path) { "the bundled sample: " } else { "" };
            format!("{sample}{} · {} · {}", rows(world, table), columns(table.fields.len()), table.source.written())
        }
        (None, Some(preview)) => first_words(preview),
        (None, None) => format!("opening {}", world.title),
    }
}

fn first_words(preview: &Preview) -> String {
    let rows = preview.total.map_or_else(String::new, |total| format!("{} rows · ", number::whole(total)));
    format!("{rows}{} · {}", columns(preview.columns.len()), preview.source.written())
}

fn rows(world: &World, table: &Table) -> String {
    let count = number::whole(table.rows);
    match &table.shape {
        Shape::Customers => {
            let id = world.recipe.as_ref().and_then(|recipe| recipe.roles.id.as_deref());
            let key = id.map_or_else(String::new, |id| format!(", key {id}"));
            format!("{count} customers, one a row{key}")
        }
        Shape::RolledUp { lines } => format!("{count} customers, rolled up from {} lines", number::whole(*lines)),
        Shape::OrderLines { customers, .. } => {
            format!("order lines: {count} rows, {} customers", number::whole(*customers))
        }
        Shape::Sales { .. } => format!("{count} sales, without a column that names the customer"),
    }
}

/// E.g. `16 cluster · 2 describe · 7 outcomes · 4 left out`.
fn can_go_on(world: &World) -> String {
    let (Some(table), Some(recipe)) = (&world.table, &world.recipe) else {
        return world.unread.as_ref().map_or("reading; roles and findings follow", |(_, hint)| hint).into();
    };
    if let Shape::OrderLines { .. } = table.shape {
        return "one row a customer is needed: R rolls the lines up".into();
    }
    let roles = &recipe.roles;
    if roles.cluster.is_empty() {
        return "nothing to cluster on yet: Space gives the column under the cursor a role".into();
    }
    counts(recipe, table.fields.len())
}

fn counts(recipe: &Recipe, columns: usize) -> String {
    let roles = &recipe.roles;
    let (cluster, describe, outcome) = (roles.cluster.len(), roles.describe.len(), roles.outcome.len());
    let rest = columns.saturating_sub(cluster + describe + outcome);
    let outcomes = if outcome == 1 { "outcome" } else { "outcomes" };
    let parts = [(cluster, "cluster"), (describe, "describe"), (outcome, outcomes), (rest, "left out")];
    let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}"));
    parts.collect::<Vec<_>>().join(" · ")
}

/// What the study in the background says so far.
fn first_look(world: &World) -> String {
    match &world.study {
        Some(study) => answer(study, world.studying),
        None if world.studying => "first look: running".into(),
        None => String::new(),
    }
}

fn answer(study: &Study, studying: bool) -> String {
    let advice = &study.recommendation;
    let Some(run) = study.recommended() else {
        let none = advice.structure == Structure::None && !advice.provisional;
        return if none { "first look: no clear groups".into() } else { "first look: running".into() };
    };
    let mut answers = vec![run.labels.clusters()];
    answers.extend(advice.alternatives.iter().filter(|other| other.advised).map(|other| other.segments).take(1));
    answers.sort_unstable();
    answers.dedup();
    let answers: Vec<String> = answers.iter().map(usize::to_string).collect();
    let said = if studying || advice.provisional { "first look" } else { "advised" };
    format!("{said}: {} groups", answers.join(" or "))
}

/// Why each column has its role.
pub fn why(world: &World) -> Vec<Request> {
    let Some(table) = &world.table else {
        return vec![Request::Say("not yet: the file is still being read".into())];
    };
    let reason = |field: &crate::table::Field| {
        let role = super::columns::role(world, field.name());
        let yours = if role == field.role { "" } else { " (your word)" };
        let said = format!("{}{yours}: {}", crate::tui::spoken::role(role), field.reason);
        (
            field.name().to_owned(),
            if role == field.role || role == Role::Ignore { said } else { said.replace(": ", "; proposed: ") },
        )
    };
    vec![Request::Show("Why each column has its role".into(), table.fields.iter().map(reason).collect())]
}
