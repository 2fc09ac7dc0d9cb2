//! What stands between the file and its segments, and what to press.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::error::Exit;
use crate::table::Shape;
use crate::tui::look::Look;
use crate::tui::widgets::text;
use crate::tui::world::World;

/// What is missing, and what brings it.
pub type Missing = (String, String);

/// What is missing before anything can be compared; `None` once the features were prepared.
pub fn before_runs(world: &World) -> Option<Missing> {
    let follow = "The runs and their segments follow by themselves.";
    let (what, next) = match (&world.table, &world.recipe) {
        _ if let Some((why, hint)) = &world.unread => (why.as_str(), *hint),
        _ if world.prepared.is_some() => return None,
        (None, _) => ("The file is being read …", follow),
        (Some(table), _) if matches!(table.shape, Shape::OrderLines { .. }) => (
            "These are lines of orders; segments need one row a customer.",
            "1 Data, then R: rolls them up. Runs and segments follow by themselves.",
        ),
        (_, Some(recipe)) if recipe.roles.cluster.is_empty() => {
            ("No features to compare on yet.", "1 Data: give columns the role cluster with Space.")
        }
        _ => match world.unprepared.as_deref() {
            None => ("The features are being prepared …", follow),
            Some(error) if error.exit == Exit::Interrupted => {
                ("Preparing the features was stopped.", "3 Prepare: any change computes them again.")
            }
            Some(error) => (
                error.what.as_str(),
                error.hint.as_deref().unwrap_or("3 Prepare: change the step that fails, or u takes the change back."),
            ),
        },
    };
    Some((what.to_owned(), next.to_owned()))
}

/// Says it in a place that has nothing else to show; where the features are there, `otherwise` is what is missing.
pub fn draw(buf: &mut Buffer, area: Rect, world: &World, otherwise: (&str, &str), look: &Look) {
    let (what, next) = before_runs(world).unwrap_or_else(|| (otherwise.0.to_owned(), otherwise.1.to_owned()));
    let mut y = area.y;
    for (words, indent, style) in [(what, 1, look.strong()), (next, 3, look.text())] {
        let room = area.width.saturating_sub(indent + 1);
        for line in text::wrap(&words, room as usize) {
            if y < area.bottom() {
                text::put(buf, area.x + indent, y, room, &line, style);
            }
            y += 1;
        }
    }
}
