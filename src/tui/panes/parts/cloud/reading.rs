//! The cursor on a map: what a cell of the last frame holds, and who is there.

use super::{Cloud, Picture, Plane, two_features};
use crate::plot::number;
use crate::tui::action::Request;
use crate::tui::look::Look;
use crate::tui::panes::parts::reading::{self, Mark, Read};
use crate::tui::panes::parts::rows_here::{self, Here};
use crate::tui::panes::parts::{rows, titles};
use crate::tui::world::World;

impl Cloud {
    /// The cells of the last frame, across and down; none before it.
    fn cells(&self) -> Mark {
        let kept = self.grid.borrow();
        kept.as_ref().map_or((0, 0), |(_, drawn)| (drawn.grid.columns, drawn.grid.rows))
    }

    /// `income 54.1 to 56.3, spending 48 to 51: 4 customers`.
    fn told(&self, world: &World, mark: Mark) -> Option<String> {
        let (points, kept) = (self.points(world)?, self.grid.borrow());
        let grid = &kept.as_ref()?.1.grid;
        let customers = rows_here::customers(grid.cell(mark.0, mark.1).count as usize);
        let part = |title: &str, (low, high): (f64, f64)| {
            let name = titles::plain(title.split(',').next().unwrap_or(title)).to_owned();
            format!("{name} {} to {}", number::short(low), number::short(high))
        };
        drop(kept);
        let [across, up] = self.reach(mark)?;
        Some(match self.plane {
            Plane::Linear => format!("{}, {}: {customers}", part(&points.titles.0, across), part(&points.titles.1, up)),
            Plane::Near => customers,
        })
    }

    /// The values from which on, and up to which, a cell reaches, across and up.
    fn reach(&self, (x, y): Mark) -> Option<[(f64, f64); 2]> {
        let kept = self.grid.borrow();
        let Picture { axes, grid, .. } = &*kept.as_ref()?.1;
        Some([axes.x().reach(x), axes.y().reach(grid.rows.saturating_sub(y + 1))])
    }

    /// The rows of the matrix in a cell.
    fn rows(&self, world: &World, mark: Mark) -> Option<Vec<usize>> {
        let (points, kept) = (self.points(world)?, self.grid.borrow());
        let Picture { axes, grid, .. } = &*kept.as_ref()?.1;
        let (across, up) = (axes.x(), axes.y());
        let is_here = |at: &usize| {
            let row = up.cell(points.y[*at]).map(|row| grid.rows - 1 - row);
            across.cell(points.x[*at]) == Some(mark.0) && row == Some(mark.1)
        };
        Some((0..points.x.len()).filter(is_here).map(|at| points.row(at)).collect())
    }
}

/// One is the cell from the left, the other from the top.
impl Read for Cloud {
    fn begin(&self) -> Option<Mark> {
        let (across, down) = self.cells();
        let fullest = || self.grid.borrow().as_ref().map(|(_, drawn)| drawn.grid.peak());
        (across > 0 && down > 0).then(fullest).flatten()
    }

    fn step(&self, (x, y): Mark, (right, down): (isize, isize)) -> Mark {
        let cells = self.cells();
        (reading::moved(x, right, cells.0), reading::moved(y, down, cells.1))
    }

    fn has(&self, (x, y): Mark) -> bool {
        let (across, down) = self.cells();
        x < across && y < down
    }

    fn words(&self, world: &World, mark: Mark, _look: &Look) -> String {
        self.told(world, mark).unwrap_or_default()
    }

    fn list(&self, world: &World, mark: Mark) -> Option<Request> {
        let here = reading::of_table(world, self.rows(world, mark)?);
        let (points, [across, up]) = (self.points(world)?, self.reach(mark)?);
        let sides = [(points.titles.0.as_str(), across), (points.titles.1.as_str(), up)];
        let is_named = self.plane == Plane::Linear && two_features(world).is_some();
        let expression = is_named.then(|| rows::within(world.table.as_deref()?, &sides, &here)).flatten();
        Some(Here::new(self.told(world, mark)?, here).where_(expression).list(world))
    }
}
