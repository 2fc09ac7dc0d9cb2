//! `compare --versus`: two runs against each other.

use serde::Serialize;

use super::super::args::Format;
use super::super::grid::{self, Grid, Side};
use super::super::out::Output;
use super::super::source::{self, SCHEMA_VERSION, SourceJson};
use super::super::street::Studied;
use crate::engine::versus::{self, Versus};
use crate::error::{Error, Result};
use crate::plot::number;

/// The two runs that are named.
///
/// # Errors
/// They are not two (exit 2).
pub fn parse(named: &str) -> Result<(&str, &str)> {
    let two = named.split_once(',').map(|(a, b)| (a.trim(), b.trim()));
    two.filter(|(a, b)| !a.is_empty() && !b.is_empty() && !b.contains(',')).ok_or_else(|| {
        Error::usage(format!("\"{named}\" does not name two runs")).at("--versus").hint("e.g. kmeans-k5,ward-k4")
    })
}

#[derive(Serialize)]
struct VersusJson<'a> {
    schema_version: u32,
    source: SourceJson,
    runs: [&'a str; 2],
    #[serde(flatten)]
    versus: &'a Versus,
}

/// Who of the first run stands where in the second.
///
/// # Errors
/// One of the runs is not there.
pub fn written(studied: &Studied, (a, b): (&str, &str), output: &Output) -> Result<String> {
    let found = versus::versus(&studied.study, &studied.ready.recipe, a, b)?;
    let words = || found.words(&|number| number.to_string()).join("\n");
    let heading = format!("{a} (rows) against {b} (columns)");
    Ok(match output.format {
        Format::Json => {
            let source = SourceJson::of(&studied.ready.loaded.table);
            source::json(&VersusJson { schema_version: SCHEMA_VERSION, source, runs: [a, b], versus: &found })?
        }
        Format::Csv => csv(&found),
        Format::Md => format!("# {heading}\n\n{}\n\n{}", words().replace('\n', "\n\n"), table(&found).markdown()),
        Format::Table => {
            format!("{heading}\n{}\n\n{}\n", words(), table(&found).lines(Some(output.width())).join("\n"))
        }
    })
}

/// Those in no segment stand last, and only where there are any.
fn table(found: &Versus) -> Grid {
    let order = |count: usize, any: bool| (1..count).chain(any.then_some(0)).collect::<Vec<_>>();
    let columns = found.counts.first().map_or(0, Vec::len);
    let rows = order(found.counts.len(), found.counts.first().is_some_and(|row| row.iter().any(|count| *count > 0)));
    let columns = order(columns, found.counts.iter().any(|row| row.first().is_some_and(|count| *count > 0)));
    let name = |number: usize| if number == 0 { "none".to_owned() } else { number.to_string() };
    let heads = columns.iter().map(|&column| (name(column), Side::Right));
    let mut grid = Grid::new(std::iter::once((String::new(), Side::Left)).chain(heads));
    for row in rows {
        let cells = columns.iter().map(|&column| number::whole(found.counts[row][column]));
        grid.push(std::iter::once(name(row)).chain(cells).collect());
    }
    grid
}

fn csv(found: &Versus) -> String {
    let cells = found.counts.iter().enumerate().flat_map(|(from, row)| {
        let cells = row.iter().enumerate().filter(|(_, count)| **count > 0);
        cells.map(move |(to, count)| [from, to, *count].map(|value| value.to_string()).to_vec())
    });
    grid::csv(&["first", "second", "customers"], cells)
}
