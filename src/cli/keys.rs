//! `keys`: the keys of the workbench, as its command table has them.

use serde::Serialize;

use super::args::{Format, OutputArgs};
use super::grid::{self, Grid, Side};
use super::out::Output;
use super::source::json;
use crate::error::Result;

/// One command of the workbench.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyRow {
    /// Where it works: a tab, or everywhere.
    pub place: String,
    /// Its keys.
    pub keys: Vec<String>,
    /// Its id, by which the config's keymap knows it.
    pub id: String,
    /// What it does.
    pub help: String,
}

/// Lists the keys.
pub fn keys(args: &OutputArgs, keys: &[KeyRow]) -> Result<()> {
    let output = Output::of(args)?;
    output.write(&match output.format {
        Format::Json => json(&keys)?,
        Format::Csv => grid::csv(&["place", "keys", "id", "help"], keys.iter().map(row)),
        Format::Md => grid_of(keys).markdown(),
        Format::Table => grid_of(keys).lines(Some(output.width())).join("\n") + "\n",
    })
}

fn row(of: &KeyRow) -> Vec<String> {
    vec![of.place.clone(), of.keys.join(" "), of.id.clone(), of.help.clone()]
}

fn grid_of(keys: &[KeyRow]) -> Grid {
    let heads = [("where", Side::Left), ("keys", Side::Left), ("id", Side::Left), ("what it does", Side::Flow)];
    let mut grid = Grid::new(heads);
    keys.iter().for_each(|key| grid.push(row(key)));
    grid
}
