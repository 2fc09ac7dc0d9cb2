//! `themes`: the themes of the workbench.

use super::args::{Format, OutputArgs};
use super::grid::{self, Grid, Side};
use super::out::Output;
use super::source::json;
use crate::config::{Ground, Paths, Theme};
use crate::error::Result;

/// Lists the themes, the user's own among them.
pub fn themes(args: &OutputArgs) -> Result<()> {
    let output = Output::of(args)?;
    let rows = rows()?;
    output.write(&match output.format {
        Format::Json => json(&objects(&rows))?,
        Format::Csv => grid::csv(&["theme", "for", "about"], rows),
        Format::Md => grid_of(rows).markdown(),
        Format::Table => grid_of(rows).lines(Some(output.width())).join("\n") + "\n",
    })
}

fn rows() -> Result<Vec<Vec<String>>> {
    let folder = Paths::of_user().map(|paths| paths.themes());
    let row = |name: String| {
        let theme = Theme::load(&name, folder.as_deref())?.value;
        Ok(vec![name, ground(theme.ground).to_owned(), theme.about])
    };
    Theme::names(folder.as_deref()).into_iter().map(row).collect()
}

fn ground(ground: Ground) -> &'static str {
    match ground {
        Ground::Any => "any",
        Ground::Dark => "dark",
        Ground::Light => "light",
    }
}

fn objects(rows: &[Vec<String>]) -> Vec<serde_json::Value> {
    rows.iter().map(|row| serde_json::json!({"theme": row[0], "for": row[1], "about": row[2]})).collect()
}

fn grid_of(rows: Vec<Vec<String>>) -> Grid {
    let mut grid = Grid::new([("theme", Side::Left), ("for", Side::Left), ("about", Side::Flow)]);
    rows.into_iter().for_each(|row| grid.push(row));
    grid
}
