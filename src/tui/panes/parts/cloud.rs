//! The map of all customers: two features in their own units where there are two, else the PCA view; or the t-SNE view.

mod reading;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::titles;
use crate::engine::charts;
use crate::engine::values::{Embedding, Projection};
use crate::matrix::Labels;
use crate::plot::chart::{Chart, Side};
use crate::plot::grid::Grid;
use crate::plot::{number, scale};
use crate::tui::look::Look;
use crate::tui::widgets::axes::{Axes, Axis};
use crate::tui::widgets::{cross, curve, scatter, text};
use crate::tui::world::World;

/// What part of the map is seen: the middle and the share of the whole, 1 for all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Where the middle lies, in [0, 1] of the whole, right and up.
    pub middle: (f64, f64),
    /// How much of each axis is seen.
    pub share: f64,
}

impl Default for Window {
    fn default() -> Self {
        Self { middle: (0.5, 0.5), share: 1.0 }
    }
}

impl Window {
    fn domain(&self, (low, high): (f64, f64), middle: f64) -> (f64, f64) {
        let (wide, at) = ((high - low) * self.share, low + (high - low) * middle);
        (at - wide / 2.0, at + wide / 2.0)
    }
}

/// Where the customers stand: one point a row of the matrix.
#[derive(Debug)]
struct Points {
    x: Vec<f64>,
    y: Vec<f64>,
    /// The row of the matrix of each point, where they are not all of them.
    rows: Option<Vec<u32>>,
    titles: (String, String),
    extent: ((f64, f64), (f64, f64)),
}

/// What was binned for a frame.
#[derive(Debug)]
struct Picture {
    axes: Axes,
    grid: Grid,
    /// The customers that are not looked at.
    others: Grid,
}

impl Points {
    /// The row of the matrix of a point.
    fn row(&self, at: usize) -> usize {
        self.rows.as_ref().map_or(at, |rows| rows[at] as usize)
    }
}

type PointsKey = (usize, usize);
type GridKey = (PointsKey, [usize; 2], Rect, [u64; 3]);
/// What was drawn last, and for what.
type Kept<K, V> = RefCell<Option<(K, V)>>;

/// Which view of the customers it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Plane {
    /// Two features, or the two directions in which customers differ most.
    #[default]
    Linear,
    /// Near ones stay near (t-SNE).
    Near,
}

/// The map, with what was computed for its last frame.
#[derive(Debug, Default)]
pub struct Cloud {
    plane: Plane,
    points: Kept<PointsKey, Option<Rc<Points>>>,
    grid: Kept<GridKey, Rc<Picture>>,
}

impl Cloud {
    /// The map of this view.
    pub fn of(plane: Plane) -> Self {
        Self { plane, ..Self::default() }
    }

    /// What the axes show, `y over x`, once there are points.
    pub fn title(&self, world: &World) -> Option<String> {
        self.points(world).map(|points| format!("{} over {}", points.titles.1, points.titles.0))
    }

    /// Draws the map of a labelling; `false` where there are no points yet.
    pub fn draw(
        &self,
        buf: &mut Buffer,
        area: Rect,
        (world, labels): (&World, &Arc<Labels>),
        window: Window,
        only: Option<u32>,
        look: &Look,
    ) -> bool {
        // Where no map is drawn, none can be read.
        let kept = self.grid.take();
        let Some(points) = self.points(world) else { return false };
        if area.width < 12 || area.height < 4 {
            return true;
        }
        let area = Rect { x: area.x + 1, width: area.width - 1, ..area };
        let key = (self.keys(world), [Arc::as_ptr(labels) as usize, world.looked_key()], area, bits(window));
        let picture = match kept.filter(|(old, _)| *old == key) {
            Some((_, picture)) => picture,
            None => Rc::new(bin(&points, (world, labels), area, window)),
        };
        picture.axes.draw(buf, look);
        scatter::others(buf, picture.axes.inner(), &picture.others, look);
        scatter::segments(buf, picture.axes.inner(), &picture.grid, only, look);
        self.grid.replace(Some((key, picture)));
        true
    }

    /// Marks a cell of the last frame.
    pub fn cross(&self, buf: &mut Buffer, mark: (usize, usize), look: &Look) {
        if let Some((_, drawn)) = self.grid.borrow().as_ref() {
            cross::cell(buf, &drawn.axes, mark, look);
        }
    }

    /// All points with their segments, to be saved.
    pub fn chart(&self, world: &World, labels: &Labels) -> Option<Chart> {
        let points = self.points(world)?;
        let label = |at: usize| labels.as_slice().get(points.row(at)).copied().unwrap_or(0);
        let rows = &world.prepared.as_ref()?.matrix.rows;
        let is_looked_at = |at: &usize| rows.get(points.row(*at)).is_none_or(|&row| world.looks_at(row as usize));
        let shown: Vec<usize> = (0..points.x.len()).filter(is_looked_at).collect();
        let of = |at: usize| (points.row(at) as u32, points.x[at], points.y[at], label(at));
        let all: Vec<(u32, f64, f64, u32)> = shown.into_iter().map(of).collect();
        let bare = |side: Side| if points.rows.is_some() { Side { ticks: Vec::new(), ..side } } else { side };
        let x = bare(Side::numbers(points.extent.0, 8, &points.titles.0));
        let y = bare(Side::numbers(points.extent.1, 6, &points.titles.1));
        let told = match self.plane {
            Plane::Linear => {
                ("map", "Each mark stands for the customers who lie there, in the segment of most of them.")
            }
            Plane::Near => (charts::NEAR_NAME, charts::NEAR),
        };
        Some(charts::points(told, &all, [x, y], &world.prepared.as_ref()?.matrix))
    }

    /// Draws the columns that make up the two axes over the last frame, as arrows from the middle; nothing where the
    /// axes are columns themselves.
    pub fn arrows(&self, buf: &mut Buffer, world: &World, look: &Look) {
        let kept = self.grid.borrow();
        let (Some((_, picture)), Some(projection), None) =
            (kept.as_ref(), world.projection.as_deref(), two_features(world))
        else {
            return;
        };
        let Some(points) = self.points(world) else { return };
        let ends = ends(projection, points.extent);
        ends.iter().for_each(|(_, end)| curve::ray(buf, &picture.axes, *end, look));
        ends.iter().for_each(|(name, end)| scatter::label(buf, &picture.axes, *end, titles::plain(name), look));
    }

    fn points(&self, world: &World) -> Option<Rc<Points>> {
        let (key, mut kept) = (self.keys(world), self.points.borrow_mut());
        if kept.as_ref().is_none_or(|(old, _)| *old != key) {
            *kept = Some((key, place(world, self.plane).map(Rc::new)));
        }
        kept.as_ref().and_then(|(_, points)| points.clone())
    }

    fn keys(&self, world: &World) -> PointsKey {
        let prepared = world.prepared.as_ref().map_or(0, |prepared| Arc::as_ptr(prepared) as usize);
        let placed = match self.plane {
            Plane::Linear => world.projection.as_ref().map_or(0, |projection| Arc::as_ptr(projection) as usize),
            Plane::Near => world.embedding.as_ref().map_or(0, |embedding| Arc::as_ptr(embedding) as usize),
        };
        (prepared, placed)
    }
}

fn bits(window: Window) -> [u64; 3] {
    [window.middle.0.to_bits(), window.middle.1.to_bits(), window.share.to_bits()]
}

/// The least lines of a picture whose axes have titles.
const TITLED: u16 = 8;
/// What the labels of the upright axis take at most.
const LABELS: usize = 8;

/// The title with as many of its columns as fit whole; none where there is no room at all.
fn fitted(title: &str, cells: usize) -> String {
    let mut title = title;
    while text::width(title) > cells {
        let Some(at) = title.rfind(" +").max(title.rfind(" −")).filter(|_| cells > 0) else {
            return text::fit(title, cells);
        };
        title = title[..at].trim_end_matches(':');
    }
    title.to_owned()
}

fn bin(points: &Points, (world, labels): (&World, &Labels), area: Rect, window: Window) -> Picture {
    let (x, y) = points.extent;
    // Where there are few lines, all are for the picture.
    let room = if area.height < TITLED { 0 } else { (area.width as usize).saturating_sub(LABELS) };
    let [across, up] = [&points.titles.0, &points.titles.1].map(|title| fitted(title, room));
    let x = Axis::numbers(window.domain(x, window.middle.0), (area.width / 12) as usize, across);
    let y = Axis::numbers(window.domain(y, window.middle.1), (area.height / 4).max(2) as usize, up);
    // Where the axes are no columns, numbers on them would say what is not so.
    let bare = |axis: Axis| if points.rows.is_some() { Axis { ticks: Vec::new(), ..axis } } else { axis };
    let axes = Axes::new(area, bare(x), bare(y));
    let rows = world.prepared.as_ref().map_or(&[][..], |prepared| &prepared.matrix.rows);
    let looked_at = |at: usize| rows.get(points.row(at)).is_none_or(|&row| world.looks_at(row as usize));
    let label = |at: usize| labels.as_slice().get(points.row(at)).copied().unwrap_or(0);
    let of = |wanted: bool| {
        let some = points.x.iter().zip(&points.y).enumerate().filter(|(at, _)| looked_at(*at) == wanted);
        Grid::bin(some.map(|(at, (&x, &y))| (x, y, label(at))), &axes.x(), &axes.y())
    };
    Picture { grid: of(true), others: of(false), axes }
}

fn place(world: &World, plane: Plane) -> Option<Points> {
    let (x, y, titles) = match plane {
        Plane::Linear => two_features(world).or_else(|| world.projection.as_deref().map(from_projection))?,
        Plane::Near => from_embedding(world.embedding.as_deref()?),
    };
    let rows = world.embedding.as_ref().filter(|_| plane == Plane::Near).map(|embedding| embedding.chosen.clone());
    let padded = |(low, high): (f64, f64)| {
        let slack = if low < high { (high - low) * 0.02 } else { 0.5 };
        (low - slack, high + slack)
    };
    let extent = (padded(scale::extent(x.iter().copied())?), padded(scale::extent(y.iter().copied())?));
    Some(Points { x, y, rows, titles, extent })
}

/// Columns that are shown as arrows at most.
const ARROWS: usize = 6;

/// The strongest loadings, stretched alike so that all ends lie within the map.
fn ends(projection: &Projection, (x, y): ((f64, f64), (f64, f64))) -> Vec<(&str, (f64, f64))> {
    let mut strongest: Vec<&(String, [f64; 2])> = projection.loadings.iter().collect();
    strongest.sort_by(|a, b| b.1[0].hypot(b.1[1]).total_cmp(&a.1[0].hypot(a.1[1])));
    strongest.truncate(ARROWS);
    let room = |(low, high): (f64, f64), at: f64| if at < 0.0 { low / at } else { high / at };
    let fits = strongest.iter().flat_map(|(_, loading)| [room(x, loading[0]), room(y, loading[1])]);
    let stretch = 0.9 * fits.filter(|by| by.is_finite() && *by > 0.0).fold(f64::MAX, f64::min);
    strongest.iter().map(|(name, loading)| (name.as_str(), (loading[0] * stretch, loading[1] * stretch))).collect()
}

type Placed = (Vec<f64>, Vec<f64>, (String, String));

/// Where exactly two numbers were clustered on, they are the map, in the file's own units.
fn two_features(world: &World) -> Option<Placed> {
    let (table, prepared) = (world.table.as_ref()?, world.prepared.as_ref()?);
    let [x, y] = prepared.origin[..] else { return None };
    let names = [prepared.pipeline.inputs.get(x)?, prepared.pipeline.inputs.get(y)?];
    let column = |name: &str| {
        let values = table.field(name)?.column.values.numbers()?;
        Some(prepared.matrix.rows.iter().map(|&row| values.get(row as usize).copied().unwrap_or(f64::NAN)).collect())
    };
    (x != y).then(|| Some((column(names[0])?, column(names[1])?, (names[0].clone(), names[1].clone())))).flatten()
}

fn from_projection(projection: &Projection) -> Placed {
    let axis = |axis: usize| projection.points.iter().map(|point| point[axis]).collect();
    (axis(0), axis(1), (axis_title(projection, 0), axis_title(projection, 1)))
}

/// The axes have no units: only who lies beside whom means something.
fn from_embedding(embedding: &Embedding) -> Placed {
    let axis = |axis: usize| embedding.points.iter().map(|point| point[axis]).collect();
    (axis(0), axis(1), (String::new(), String::new()))
}

/// `PC1 55 %: +Income +MntWines −Kidhome`: the share of the variance and the strongest loadings.
pub fn axis_title(projection: &Projection, axis: usize) -> String {
    let mut strongest: Vec<&(String, [f64; 2])> = projection.loadings.iter().collect();
    strongest.sort_by(|a, b| b.1[axis].abs().total_cmp(&a.1[axis].abs()));
    let names: Vec<String> = strongest
        .iter()
        .take(3)
        .filter(|(_, loading)| loading[axis].abs() >= 0.2)
        .map(|(name, loading)| format!("{}{}", if loading[axis] < 0.0 { "−" } else { "+" }, titles::plain(name)))
        .collect();
    let made_of = if names.is_empty() { String::new() } else { format!(": {}", names.join(" ")) };
    format!("axis {}, {} of the variance{made_of}", axis + 1, number::percent(projection.ratio[axis], 0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn arrows_point_as_the_loadings_and_stay_within_the_map() {
        let loadings = [("a", [0.6, 0.1]), ("b", [-0.7, 0.0]), ("c", [0.05, 0.99])];
        let projection = Projection {
            points: Vec::new(),
            ratio: [0.55, 0.2],
            loadings: loadings.map(|(name, loading)| (name.to_owned(), loading)).to_vec(),
        };
        let ends = ends(&projection, ((-3.0, 5.0), (-2.0, 2.0)));
        assert_eq!(ends.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["c", "b", "a"]);
        for (name, (x, y)) in &ends {
            let loading = loadings.iter().find(|(known, _)| known == name).unwrap().1;
            assert!((-3.0..=5.0).contains(x) && (-2.0..=2.0).contains(y), "{name} {x} {y}");
            assert!((x * loading[1] - y * loading[0]).abs() < 1e-9 && x * loading[0] + y * loading[1] > 0.0);
        }
        assert!((ends[0].1.1 - 1.8).abs() < 1e-9, "the longest reaches nine tenths of the way");
    }

    #[test]
    fn a_title_names_whole_columns_only() {
        let title = "axis 1, 38 % of the variance: +Catalog −Kids at home +Wines";
        assert_eq!(fitted(title, 80), title);
        assert_eq!(fitted(title, 55), "axis 1, 38 % of the variance: +Catalog −Kids at home");
        assert_eq!(fitted(title, 40), "axis 1, 38 % of the variance: +Catalog");
        assert_eq!(fitted(title, 32), "axis 1, 38 % of the variance");
        assert_eq!((fitted(title, 8), fitted(title, 0)), ("axis 1,…".into(), String::new()));
    }

    #[test]
    fn axes_name_their_strongest_columns() {
        let loadings = [("Income (k$)", [0.6, 0.1]), ("Kids", [-0.7, 0.0]), ("Age", [0.05, 0.99])];
        let projection = Projection {
            points: Vec::new(),
            ratio: [0.55, 0.2],
            loadings: loadings.map(|(name, loading)| (name.to_owned(), loading)).to_vec(),
        };
        assert_eq!(axis_title(&projection, 0), "axis 1, 55 % of the variance: −Kids +Income");
    }
}
