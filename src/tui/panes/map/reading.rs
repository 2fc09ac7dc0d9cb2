//! The cursor on the pictures of the Map tab.

use std::rc::Rc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::reachability::Walk;
use super::{Map, View};
use crate::tui::action::Request;
use crate::tui::look::Look;
use crate::tui::panes::parts::cloud::Cloud;
use crate::tui::panes::parts::reading::{self, Mark, Read};
use crate::tui::panes::parts::silhouettes::Plot;
use crate::tui::panes::parts::tree::Tree;
use crate::tui::world::World;

/// The picture that is shown, as it can be read.
enum Readable<'a> {
    Cloud(&'a Cloud),
    Silhouettes(Rc<Plot>),
    Tree(Tree<'a>),
    Walk(Walk<'a>),
}

impl Readable<'_> {
    fn read(&self) -> &dyn Read {
        match self {
            Self::Cloud(cloud) => *cloud,
            Self::Silhouettes(plot) => plot.as_ref(),
            Self::Tree(tree) => tree,
            Self::Walk(walk) => walk,
        }
    }
}

impl Map {
    fn readable<'a>(&'a self, world: &'a World) -> Option<Readable<'a>> {
        let run = self.run_shown(world)?;
        Some(match self.view {
            View::Cloud => Readable::Cloud(&self.cloud),
            View::Near => Readable::Cloud(&self.near),
            View::Silhouettes => Readable::Silhouettes(self.sorted.shown(world)?),
            View::Tree => Readable::Tree(Tree::shown(world.dendrogram.as_deref()?, &self.tree)?),
            View::Reachability => {
                let reached = world.reachability.get(&run.id)?;
                Readable::Walk(Walk { reached, labels: &run.labels, room: &self.walk })
            }
        })
    }

    /// The picture and the place that is read, where it is still there.
    fn here<'a>(&'a self, world: &'a World) -> Option<(Readable<'a>, Mark)> {
        let (shown, mark) = (self.readable(world)?, self.mark?);
        shown.read().has(mark).then_some((shown, mark))
    }

    /// Puts the cursor where reading begins, or away.
    pub(super) fn read(&mut self, world: &World) -> Vec<Request> {
        let begin = self.readable(world).and_then(|shown| shown.read().begin());
        if begin.is_none() {
            return vec![Request::Say("not yet: this picture is being computed".to_owned())];
        }
        self.mark = if self.mark.is_some() { None } else { begin };
        Vec::new()
    }

    /// Moves the cursor where there is one.
    pub(super) fn moved(&mut self, id: &str, world: &World) -> bool {
        let by = match id {
            "map.left" => (-1, 0),
            "map.right" => (1, 0),
            "map.up" | "map.north" => (0, -1),
            "map.down" | "map.south" => (0, 1),
            _ => return false,
        };
        let to = self.here(world).map(|(shown, mark)| shown.read().step(mark, by));
        self.mark = to.or(self.mark);
        to.is_some()
    }

    /// Whether the place that is read is still there.
    pub(super) fn keep_mark(&mut self, world: &World) {
        self.mark = self.here(world).map(|(_, mark)| mark);
    }

    /// The customers under the cursor.
    pub(super) fn list_here(&self, world: &World) -> Option<Request> {
        let (shown, mark) = self.here(world)?;
        shown.read().list(world, mark)
    }

    /// What is read, in the first line; on a map a cross leads to it.
    pub(super) fn draw_read(&self, buf: &mut Buffer, area: Rect, world: &World, look: &Look) {
        let Some((shown, mark)) = self.here(world) else { return };
        if let Readable::Cloud(cloud) = &shown {
            cloud.cross(buf, mark, look);
        }
        reading::draw(buf, area, &shown.read().words(world, mark, look), look);
    }
}
