//! Map: all customers at once: the map, how well each lies in its segment, the tree of merges.

mod commands;
mod legend;
mod reachability;
mod reading;

#[cfg(test)]
mod tests;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::focus::{self, Focus};
use super::parts::cloud::{Cloud, Plane, Window};
use super::parts::silhouettes::{self, Sorted};
use super::parts::{headless, looked, missing, rows, tree};
use super::{Pane, Shown, parts};
use crate::engine::values::Dendrogram;
use crate::plot::number;
use crate::study::Run;
use crate::tui::action::{Request, Tab};
use crate::tui::command::Command;
use crate::tui::look::Look;
use crate::tui::widgets::{spelling, text};
use crate::tui::world::World;
pub use commands::COMMANDS;
use commands::EXPLAIN;

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum View {
    /// The map.
    #[default]
    Cloud,
    /// A bar a customer.
    Silhouettes,
    /// The dendrogram.
    Tree,
    /// The walk through the rows, for runs that go by density.
    Reachability,
    /// The t-SNE view.
    Near,
}

impl View {
    /// The next one, around.
    fn next(self, has_walk: bool) -> Self {
        match self {
            Self::Cloud => Self::Silhouettes,
            Self::Silhouettes => Self::Tree,
            Self::Tree if has_walk => Self::Reachability,
            Self::Tree | Self::Reachability => Self::Near,
            Self::Near => Self::Cloud,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Cloud => "map",
            Self::Silhouettes => "silhouettes",
            Self::Tree => "tree",
            Self::Reachability => "reachability",
            Self::Near => "t-SNE",
        }
    }
}

/// The pane of the pictures of the whole.
#[derive(Debug)]
pub struct Map {
    view: View,
    window: Window,
    only: Option<u32>,
    cut: Option<usize>,
    /// Whether the columns are shown as arrows.
    arrows: bool,
    cloud: Cloud,
    near: Cloud,
    sorted: Sorted,
    tree: tree::Room,
    walk: reachability::Room,
    /// The place of the picture that is read.
    mark: Option<(usize, usize)>,
}

impl Default for Map {
    fn default() -> Self {
        Self {
            view: View::default(),
            window: Window::default(),
            only: None,
            cut: None,
            arrows: false,
            cloud: Cloud::of(Plane::Linear),
            near: Cloud::of(Plane::Near),
            sorted: Sorted::default(),
            tree: tree::Room::default(),
            walk: reachability::Room::default(),
            mark: None,
        }
    }
}

impl Map {
    fn run_shown<'a>(&self, world: &'a World) -> Option<&'a Run> {
        world.study.as_ref()?.run(world.run_id()?).filter(|run| !run.labels.is_empty())
    }

    fn clusters(&self, world: &World) -> usize {
        self.run_shown(world).map_or(2, |run| run.labels.clusters())
    }

    fn has_walk(&self, world: &World) -> bool {
        self.run_shown(world).is_some_and(reachability::has)
    }

    /// All, 1, 2, … k, all.
    fn choose(&mut self, world: &World, by: i64) {
        let count = self.clusters(world) as i64 + 1;
        let at = (i64::from(self.only.unwrap_or(0)) + by).rem_euclid(count);
        self.only = u32::try_from(at).ok().filter(|&number| number > 0);
    }

    fn nearer(&mut self, world: &World, by: i64) {
        match self.view {
            View::Tree => self.move_cut(world, by),
            View::Cloud | View::Near => {
                let factor = if by > 0 { 0.5 } else { 2.0 };
                self.window.share = (self.window.share * factor).clamp(1.0 / 64.0, 1.0);
                self.pan(0.0, 0.0);
            }
            View::Silhouettes | View::Reachability => (),
        }
    }

    fn move_cut(&mut self, world: &World, by: i64) {
        let Some(tree) = &world.dendrogram else { return };
        let cut = self.cut.unwrap_or_else(|| self.clusters(world)) as i64 + by;
        self.cut = usize::try_from(cut.clamp(2, tree.leaves.len().clamp(2, 30) as i64)).ok();
    }

    /// Moves by shares of what is seen; the window stays within the map.
    fn pan(&mut self, right: f64, up: f64) {
        let half = self.window.share / 2.0;
        let moved = |at: f64, by: f64| (at + by * self.window.share).clamp(half, 1.0 - half);
        self.window.middle = (moved(self.window.middle.0, right), moved(self.window.middle.1, up));
    }

    fn sideways(&mut self, world: &World, by: i64) {
        if self.view == View::Tree { self.move_cut(world, by) } else { self.pan(by as f64 * 0.25, 0.0) }
    }

    fn draw_run(&self, buf: &mut Buffer, area: Rect, world: &World, run: &Run, look: &Look) {
        // The tree names its groups itself.
        let legend = if self.view == View::Tree { 0 } else { legend::height(world, run, area) };
        let picture = Rect { y: area.y + 1, height: area.height - 1 - legend, ..area };
        draw_head(buf, area, &self.head(world, run), look);
        let drawn = self.draw_picture(buf, picture, (world, run), look);
        self.draw_read(buf, area, world, look);
        if !drawn {
            let words = if world.stopped {
                "stopped: v shows the next picture; back here it begins again"
            } else {
                "being computed …  Esc stops"
            };
            text::put(buf, area.x + 3, area.y + 2, area.width - 4, words, look.dim());
        }
        if self.view != View::Tree {
            legend::draw(buf, area, world, run, self.only, look);
        }
    }

    /// What the picture shows, in words.
    fn head(&self, world: &World, run: &Run) -> String {
        match self.view {
            View::Cloud => self.cloud_head(world, run),
            View::Silhouettes => match world.silhouettes.get(&run.id) {
                Some(values) => silhouettes::head(&self.sorted.get(world, values, &run.labels)),
                None => "How well each customer lies in its segment".to_owned(),
            },
            View::Tree => match &world.dendrogram {
                Some(dendrogram) => tree::head(world, dendrogram, self.cut_shown(world, dendrogram)),
                None => "How customers merge into groups".to_owned(),
            },
            View::Reachability => match world.reachability.get(&run.id) {
                Some(reached) => reachability::head(world, reached),
                None => "How far one has to go from customer to customer".to_owned(),
            },
            View::Near => self.near_head(world),
        }
    }

    /// Draws the picture; false where its figures are not there yet.
    fn draw_picture(&self, buf: &mut Buffer, area: Rect, (world, run): (&World, &Run), look: &Look) -> bool {
        match self.view {
            View::Cloud => {
                let drawn = self.cloud.draw(buf, area, (world, &run.labels), self.window, self.only, look);
                if drawn && self.arrows {
                    self.cloud.arrows(buf, world, look);
                }
                return drawn;
            }
            View::Near => return self.near.draw(buf, area, (world, &run.labels), self.window, self.only, look),
            View::Silhouettes => {
                let Some(values) = world.silhouettes.get(&run.id) else { return false };
                let plot = self.sorted.get(world, values, &run.labels);
                silhouettes::draw(buf, area, &plot, (self.only, self.mark), look);
            }
            View::Tree => {
                let Some(dendrogram) = &world.dendrogram else { return false };
                let cut = self.cut_shown(world, dendrogram);
                tree::draw(buf, area, (world, dendrogram), (cut, &self.tree, self.mark), look);
            }
            View::Reachability => {
                let Some(reached) = world.reachability.get(&run.id) else { return false };
                let walk = reachability::Walk { reached, labels: &run.labels, room: &self.walk };
                reachability::draw(buf, area, (world, &walk), (self.only, self.mark), look);
            }
        }
        true
    }

    /// Into how many groups the tree is cut.
    fn cut_shown(&self, world: &World, dendrogram: &Dendrogram) -> usize {
        self.cut.unwrap_or_else(|| self.clusters(world)).clamp(1, dendrogram.leaves.len().max(1))
    }

    fn cloud_head(&self, world: &World, run: &Run) -> String {
        let two = world.prepared.as_ref().is_some_and(|prepared| prepared.origin.len() == 2);
        let what = match (self.cloud.title(world).filter(|_| two), &world.projection) {
            (Some(title), _) => title,
            (None, Some(pca)) => {
                let share = number::percent(pca.ratio[0] + pca.ratio[1], 0);
                let who = if world.looked.is_some() { "they" } else { "customers" };
                format!("Where {who} differ most, {share} of all differences (PCA)")
            }
            (None, None) => "Map".to_owned(),
        };
        format!("{what}: {}{}", looked::customers(world, run.labels.len()), self.zoom())
    }

    fn zoom(&self) -> String {
        match self.window.share < 1.0 {
            true => format!(" · {}× nearer, z whole", (1.0 / self.window.share) as usize),
            false => String::new(),
        }
    }

    fn near_head(&self, world: &World) -> String {
        let of = world.embedding.as_ref().map_or_else(
            || "customers".to_owned(),
            |embedding| {
                let (placed, rows) = (number::whole(embedding.points.len()), number::whole(embedding.rows));
                match placed == rows {
                    true => looked::customers(world, embedding.rows),
                    false => format!("{placed} of {rows} customers{}", looked::rows(world)),
                }
            },
        );
        format!("t-SNE: {of}, alike beside each other; distances mean nothing{}", self.zoom())
    }
}

fn draw_head(buf: &mut Buffer, area: Rect, words: &str, look: &Look) {
    text::put(buf, area.x + 1, area.y, area.width - 2, words, look.strong());
}

impl Pane for Map {
    fn commands(&self) -> &'static [Command] {
        COMMANDS
    }

    fn run(&mut self, id: &str, world: &World) -> Option<Vec<Request>> {
        if self.moved(id, world) {
            return Some(Vec::new());
        }
        match id {
            "map.read" => return Some(self.read(world)),
            "map.picture" => {
                (self.view, self.mark) = (self.view.next(self.has_walk(world)), None);
                let missing = self.view == View::Near && world.embedding.is_none();
                return Some(missing.then_some(Request::NeedEmbedding).into_iter().collect());
            }
            "map.down" => self.choose(world, 1),
            "map.up" => self.choose(world, -1),
            "map.in" => self.nearer(world, 1),
            "map.out" => self.nearer(world, -1),
            "map.left" => self.sideways(world, -1),
            "map.right" => self.sideways(world, 1),
            "map.north" => self.pan(0.0, 0.25),
            "map.south" => self.pan(0.0, -0.25),
            "map.arrows" => self.arrows = !self.arrows,
            "map.whole" => (self.window, self.only, self.cut) = (Window::default(), None, None),
            "map.open" if self.mark.is_some() => return Some(self.list_here(world).into_iter().collect()),
            "map.open" => return Some(vec![Request::Go(Tab::Segments)]),
            _ => return None,
        }
        Some(Vec::new())
    }

    fn needs(&self, world: &World) -> Vec<Request> {
        let Some(run) = self.run_shown(world) else { return Vec::new() };
        let mut needs = Vec::new();
        if !world.segments.contains_key(&run.id) {
            needs.push(Request::NeedSegments(run.id.clone()));
        }
        match self.view {
            View::Cloud if world.projection.is_none() => needs.push(Request::NeedProjection),
            View::Silhouettes if !world.silhouettes.contains_key(&run.id) => {
                needs.push(Request::NeedSilhouettes(run.id.clone()));
            }
            View::Tree if world.dendrogram.is_none() => needs.push(Request::NeedDendrogram),
            View::Reachability if !world.reachability.contains_key(&run.id) => {
                needs.push(Request::NeedReachability(run.id.clone()));
            }
            View::Near if world.embedding.is_none() && !world.stopped => needs.push(Request::NeedEmbedding),
            _ => (),
        }
        needs
    }

    /// Only what lies on two axes has a nearer; the tree's head says that the keys move its cut.
    fn offers(&self, _world: &World, id: &str) -> bool {
        !matches!(id, "map.in" | "map.out") || matches!(self.view, View::Cloud | View::Near)
    }

    fn settle(&mut self, world: &World) {
        let clusters = self.clusters(world);
        if self.view == View::Reachability && !self.has_walk(world) {
            (self.view, self.mark) = (View::Cloud, None);
        }
        self.keep_mark(world);
        self.only = self.only.filter(|&number| number as usize <= clusters);
    }

    fn view(&self, world: &World, look: &Look, area: Rect, buf: &mut Buffer) {
        if parts::tiny(area) {
            return;
        }
        match self.run_shown(world) {
            Some(run) => self.draw_run(buf, area, world, run, look),
            None => {
                let otherwise = match world.studying {
                    true => ("First look: the runs are being fitted …", "The map of the best one appears here."),
                    false => ("No segments to draw yet.", "4 Compare: choose a run with Enter, or + to start a study."),
                };
                missing::draw(buf, area, world, otherwise, look);
            }
        }
        spelling::spell(buf, area, look);
    }

    fn rows_here(&self, world: &World) -> Option<String> {
        rows::of_segment(world, self.only?)
    }

    fn search(&mut self, world: &World, words: &str, forward: bool) -> bool {
        let Some(segments) = world.shown_segments() else { return false };
        let (count, at) = (segments.list.len(), self.only.map_or(0, |number| number as usize));
        let words = words.to_lowercase();
        // Segments count from 1: before the first stands the place of all.
        let order = (1..=count + 1).map(|by| (at + if forward { by } else { count + 1 - by }) % (count + 1));
        let named = |number: &usize| *number > 0 && segments.list[*number - 1].name.to_lowercase().contains(&words);
        let found = order.into_iter().find(named).and_then(|number| u32::try_from(number).ok());
        self.only = found.or(self.only);
        found.is_some()
    }

    fn back(&mut self) -> bool {
        if self.mark.take().is_some() {
            return true;
        }
        let whole = self.window == Window::default() && self.only.is_none();
        (self.window, self.only) = (Window::default(), None);
        !whole
    }

    fn note(&self, world: &World, _area: Rect) -> String {
        let views = std::iter::successors(Some(View::Cloud), |view| Some(view.next(self.has_walk(world))));
        let views: Vec<View> =
            std::iter::once(View::Cloud).chain(views.skip(1).take_while(|view| *view != View::Cloud)).collect();
        let at = views.iter().position(|view| *view == self.view).map_or(1, |at| at + 1);
        format!("picture {at} of {}: {}, v next", views.len(), self.view.title())
    }

    fn figure(&self, _world: &World) -> String {
        match self.view {
            View::Cloud | View::Reachability | View::Near => "map",
            View::Silhouettes => "silhouettes",
            View::Tree => "tree",
        }
        .to_owned()
    }

    fn shown(&self, world: &World) -> Option<Shown> {
        self.run_shown(world)?;
        Some(match self.view {
            View::Cloud => Shown::Map,
            View::Near => Shown::Near,
            View::Reachability => Shown::Reachability,
            View::Silhouettes => Shown::Silhouettes,
            View::Tree => Shown::Tree,
        })
    }

    #[cfg(test)]
    fn flaw(&self, world: &World) -> Option<String> {
        let (x, y) = self.window.middle;
        let half = self.window.share / 2.0;
        let outside = [x, y].iter().any(|at| *at < half - 1e-9 || *at > 1.0 - half + 1e-9);
        let unknown = self.only.is_some_and(|number| number as usize > self.clusters(world));
        (outside || unknown).then(|| format!("the map shows {:?} of {:?}", self.only, self.window))
    }

    fn headless(&self, world: &World) -> String {
        let name = match self.view {
            View::Cloud => "map",
            View::Silhouettes => "silhouettes",
            View::Tree => "tree",
            View::Reachability => "reachability",
            View::Near => "tsne",
        };
        headless::figure(name, world)
    }

    fn focus_explained(&self) -> Focus {
        match self.view {
            View::Cloud => focus::MAP,
            View::Near => focus::NEAR,
            View::Silhouettes => focus::SILHOUETTES,
            View::Tree => focus::TREE,
            View::Reachability => focus::REACHABILITY,
        }
    }

    fn explain(&self) -> &'static [(&'static str, &'static str)] {
        EXPLAIN
    }
}
