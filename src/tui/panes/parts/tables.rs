//! The tables behind pictures that the report draws: a chart without panels.

use crate::engine::charts;
use crate::plot::chart::{Chart, plain};
use crate::tui::world::World;

fn table(name: &str, heads: &[&str], rows: Vec<Vec<String>>) -> Chart {
    let heads = heads.iter().map(|head| (*head).to_owned()).collect();
    Chart { name: name.to_owned(), heads, rows, ..Chart::default() }
}

/// The segments with the means of all columns that have some.
pub fn means(world: &World) -> Option<Chart> {
    let segments = world.shown_segments()?;
    let at: Vec<usize> = (0..segments.effects.len()).filter(|&at| segments.effects[at].mean.is_some()).collect();
    let columns = at.iter().map(|&at| segments.effects[at].column.as_str());
    let heads: Vec<&str> = ["segment", "name", "customers", "share"].into_iter().chain(columns).collect();
    let row = |of: &crate::segments::Segment| {
        let means = at.iter().map(|&at| of.cells.get(at).and_then(|cell| cell.mean).map_or_else(String::new, plain));
        let first = [of.number.to_string(), of.name.clone(), of.size.to_string(), plain(of.share)];
        first.into_iter().chain(means).collect()
    };
    Some(table("means", &heads, segments.list.iter().map(row).collect()))
}

/// Each customer's silhouette with the segment, by row of the table from 1.
pub fn silhouettes(world: &World) -> Option<Chart> {
    let run = world.study.as_ref()?.run(world.run_id()?)?;
    let (values, prepared) = (world.silhouettes.get(&run.id)?, world.prepared.as_ref()?);
    Some(charts::silhouettes(values, &run.labels, &prepared.matrix))
}

/// The tree of merges.
pub fn tree(world: &World) -> Option<Chart> {
    world.dendrogram.as_deref().map(charts::tree)
}
