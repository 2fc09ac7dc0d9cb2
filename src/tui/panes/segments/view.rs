//! How the list of segments, the card and the pictures are drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::pictures::Picture;
use super::places::Places;
use super::{Segments, card, head, pictures};
use crate::segments::Segments as Profile;
use crate::tui::look::Look;
use crate::tui::panes::parts::segment_list;
use crate::tui::widgets::rule;
use crate::tui::world::World;

/// The lines that titles of the heat map beside the card take: the first that leaves room for the lines below.
const TITLES: [u16; 2] = [3, 1];
/// The lines of the screen that the segments' lines take at least.
const LINES: u16 = 11;

impl Segments {
    /// Draws list, card and picture.
    pub(super) fn draw(&self, buf: &mut Buffer, area: Rect, world: &World, profile: &Profile, look: &Look) {
        let places = Places::new(area, profile);
        if !self.shares.draw(buf, places.head, world, look) {
            head::draw(buf, places.head, world, profile, look);
        }
        if places.is_small && self.picture != Picture::Bars && self.editor.is_none() {
            return self.draw_picture(buf, places.card, (world, profile), self.picture, look);
        }
        let first = places.first(self.cursor, profile);
        segment_list::draw(buf, places.list, profile, (Some(self.cursor), first), look);
        if let Some((what, editor)) = &self.editor {
            let y = places.list.y + 1 + u16::try_from(self.cursor - first).unwrap_or(0);
            editor.draw(buf, Rect { y, height: 1, ..places.list }, what.title(), look);
        }
        let Some(segment) = profile.list.get(self.pictured()).filter(|_| !places.is_small) else { return };
        if places.side.width > 0 {
            card::draw(buf, places.card, world, (profile, segment), look);
            rule::upright(buf, places.side, look);
            let inner = Rect { x: places.side.x + 1, width: places.side.width - 1, ..places.side };
            return self.draw_side(buf, inner, world, profile, look);
        }
        match self.picture {
            Picture::Bars => card::draw(buf, places.card, world, (profile, segment), look),
            other => self.draw_picture(buf, places.card, (world, profile), other, look),
        }
    }

    /// Beside the card's bars heat map and lines where there is room for both, else the chosen picture.
    fn draw_side(&self, buf: &mut Buffer, area: Rect, world: &World, profile: &Profile, look: &Look) {
        let list = u16::try_from(profile.list.len()).unwrap_or(u16::MAX);
        let fits = |heat: &u16| area.height >= heat.saturating_add(LINES);
        let heat = TITLES.map(|titles| list.saturating_add(4 + titles)).into_iter().find(fits);
        let Some(heat) = heat.filter(|_| self.picture == Picture::Bars) else {
            return self.draw_picture(buf, area, (world, profile), self.picture, look);
        };
        pictures::heat(buf, Rect { height: heat, ..area }, profile, (self.pictured(), &self.reading), look);
        let rest = Rect { y: area.y + heat, height: area.height - heat, ..area };
        pictures::lines(buf, rest, profile, self.pictured(), look);
    }

    fn draw_picture(
        &self,
        buf: &mut Buffer,
        area: Rect,
        (world, profile): (&World, &Profile),
        picture: Picture,
        look: &Look,
    ) {
        let read = (self.pictured(), &self.reading);
        match picture {
            Picture::Lines => pictures::lines(buf, area, profile, self.pictured(), look),
            Picture::Silhouettes => pictures::silhouettes(buf, area, world, (read, &self.sorted), look),
            Picture::Tree => pictures::tree(buf, area, world, (self.cut(world), &self.reading), look),
            Picture::Bars | Picture::Heat => pictures::heat(buf, area, profile, read, look),
        }
        self.draw_read(buf, area, world, look);
    }
}
