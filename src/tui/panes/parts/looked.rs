//! How many of the rows a chart is about, where only some are looked at.

use crate::plot::number;
use crate::tui::world::World;

/// ` · 84 of 600 rows`; nothing where all rows are looked at.
pub fn rows(world: &World) -> String {
    let told = world.looked.as_ref().map(|looked| of(looked.rows.len(), looked.all()));
    told.map_or_else(String::new, |told| format!(" · {told} rows"))
}

/// `600 customers`, or `84 of 600 customers` where only some of the rows are looked at; of fewer customers than there
/// are rows that stands behind them.
pub fn customers(world: &World, count: usize) -> String {
    match &world.looked {
        Some(looked) if looked.all() == count => format!("{} customers", of(looked.rows.len(), count)),
        _ => format!("{} customers{}", number::whole(count), rows(world)),
    }
}

fn of(some: usize, all: usize) -> String {
    format!("{} of {}", number::whole(some), number::whole(all))
}
