//! The cursor on the pictures of the Segments tab: heat map, silhouettes, tree.

use std::cell::Cell;
use std::rc::Rc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Segments;
use super::differences::of_column;
use super::pictures::Picture;
use crate::plot::number;
use crate::segments::Segments as Profile;
use crate::tui::action::Request;
use crate::tui::look::Look;
use crate::tui::panes::parts::reading::{self, Mark, Read};
use crate::tui::panes::parts::rows_here::{self, Here};
use crate::tui::panes::parts::silhouettes::Plot;
use crate::tui::panes::parts::tree::{self, Tree};
use crate::tui::panes::parts::{rows, titles};
use crate::tui::world::World;

/// What the keys to the sides say where nothing is read.
pub const BEGIN: &str = "i reads heat map, silhouettes and tree (v): then h j k l move, Enter lists who is there";

/// What is read, and what the last frame had room for.
#[derive(Debug, Default)]
pub struct Reading {
    /// The place of the picture that is read.
    pub mark: Option<Mark>,
    /// The columns of the heat map.
    pub columns: Cell<usize>,
    /// The leaves of the tree.
    pub tree: tree::Room,
}

/// The heat map: one is a column, the other a segment.
struct Heat<'a> {
    profile: &'a Profile,
    columns: usize,
}

impl Read for Heat<'_> {
    fn begin(&self) -> Option<Mark> {
        (self.columns > 0 && !self.profile.list.is_empty()).then_some((0, 0))
    }

    fn step(&self, (x, y): Mark, (right, down): (isize, isize)) -> Mark {
        (reading::moved(x, right, self.columns), reading::moved(y, down, self.profile.list.len()))
    }

    fn has(&self, (x, y): Mark) -> bool {
        x < self.columns && y < self.profile.list.len()
    }

    /// `◆ 2, income: 86.5, everyone 60.6, 1.24 sd above`.
    fn words(&self, _world: &World, (x, y): Mark, look: &Look) -> String {
        let Some(segment) = self.profile.list.get(y) else { return String::new() };
        let Some((effect, cell)) = self.profile.effects.iter().zip(&segment.cells).nth(x) else { return String::new() };
        let told = of_column(effect, cell);
        let apart = match told.distance {
            none if none.is_nan() => String::new(),
            far => format!(", {} sd {}", number::ratio(far.abs(), 2), if far < 0.0 { "below" } else { "above" }),
        };
        let (glyph, name) = (look.glyph(segment.number), titles::plain(&told.name));
        format!("{glyph} {}, {name}: {}, everyone {}{apart}", segment.number, told.own, told.everyone)
    }

    fn list(&self, world: &World, (x, y): Mark) -> Option<Request> {
        let (segment, effect) = (self.profile.list.get(y)?, self.profile.effects.get(x)?);
        let labels = &world.study.as_ref()?.run(world.run_id()?)?.labels;
        let here = reading::of_table(world, labels.members(segment.number));
        let words = format!("segment {}: {}", segment.number, rows_here::customers(here.len()));
        let expression = rows::of_segment(world, segment.number);
        Some(Here::new(words, here).of(&[&effect.column]).where_(expression).list(world))
    }
}

/// The picture that is shown, as it can be read.
enum Readable<'a> {
    Heat(Heat<'a>),
    Silhouettes(Rc<Plot>),
    Tree(Tree<'a>),
}

impl Readable<'_> {
    fn read(&self) -> &dyn Read {
        match self {
            Self::Heat(heat) => heat,
            Self::Silhouettes(plot) => plot.as_ref(),
            Self::Tree(tree) => tree,
        }
    }
}

impl Segments {
    fn readable<'a>(&'a self, world: &'a World) -> Option<Readable<'a>> {
        let profile = world.shown_segments()?;
        Some(match self.picture {
            Picture::Heat => {
                // Before the first frame there is room for all of them.
                let room = Some(self.reading.columns.get()).filter(|room| *room > 0);
                let columns = room.map_or(profile.effects.len(), |room| room.min(profile.effects.len()));
                Readable::Heat(Heat { profile: profile.as_ref(), columns })
            }
            Picture::Silhouettes => Readable::Silhouettes(self.sorted.shown(world)?),
            Picture::Tree => Readable::Tree(Tree::shown(world.dendrogram.as_deref()?, &self.reading.tree)?),
            Picture::Bars | Picture::Lines => return None,
        })
    }

    /// The picture and the place that is read, where it is still there.
    fn here<'a>(&'a self, world: &'a World) -> Option<(Readable<'a>, Mark)> {
        let (shown, mark) = (self.readable(world)?, self.reading.mark?);
        shown.read().has(mark).then_some((shown, mark))
    }

    /// Puts the cursor where reading begins, or away.
    pub(super) fn read(&mut self, world: &World) -> Vec<Request> {
        let begin = self.readable(world).and_then(|shown| shown.read().begin());
        self.reading.mark = match (self.reading.mark, begin) {
            (Some(_), _) => None,
            (None, Some((x, _))) if self.picture == Picture::Heat => Some((x, self.cursor)),
            (None, Some(begin)) => Some(begin),
            (None, None) => return vec![Request::Say(unread(self.picture).to_owned())],
        };
        Vec::new()
    }

    /// Moves the cursor of the picture where there is one; on the heat map the segment's goes along.
    pub(super) fn moved(&mut self, id: &str, world: &World) -> bool {
        let by = match id {
            "segments.left" => (-1, 0),
            "segments.right" => (1, 0),
            "segments.up" => (0, -1),
            "segments.down" => (0, 1),
            _ => return false,
        };
        let Some(to) = self.here(world).map(|(shown, mark)| shown.read().step(mark, by)) else { return false };
        self.reading.mark = Some(to);
        if self.picture == Picture::Heat {
            self.cursor = to.1;
        }
        true
    }

    /// Whether the place that is read is still there.
    pub(super) fn keep_mark(&mut self, world: &World) {
        self.reading.mark = self.here(world).map(|(_, mark)| mark);
    }

    /// The customers under the cursor of the picture.
    pub(super) fn list_here(&self, world: &World) -> Vec<Request> {
        let listed = self.here(world).and_then(|(shown, mark)| shown.read().list(world, mark));
        listed.into_iter().collect()
    }

    /// What is read, in place of the picture's title.
    pub(super) fn draw_read(&self, buf: &mut Buffer, area: Rect, world: &World, look: &Look) {
        if let Some((shown, mark)) = self.here(world) {
            reading::draw(buf, area, &shown.read().words(world, mark, look), look);
        }
    }
}

/// Why nothing can be read.
fn unread(picture: Picture) -> &'static str {
    match picture {
        Picture::Bars | Picture::Lines => "heat map, silhouettes and tree are read place by place: v shows them",
        Picture::Heat | Picture::Silhouettes | Picture::Tree => "not yet: this picture is being computed",
    }
}
