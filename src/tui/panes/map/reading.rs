//! The cross on the map: what a cell holds, and who is there.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Map, View};
use crate::tui::action::Request;
use crate::tui::look::Look;
use crate::tui::panes::parts::cloud::Cloud;
use crate::tui::panes::parts::rows_here;
use crate::tui::widgets::text;
use crate::tui::world::World;

impl Map {
    /// The map that is shown, where it is one.
    pub(super) fn shown(&self) -> Option<&Cloud> {
        match self.view {
            View::Cloud => Some(&self.cloud),
            View::Near => Some(&self.near),
            View::Silhouettes | View::Tree | View::Reachability => None,
        }
    }

    /// Puts the cross on the fullest cell, or away.
    pub(super) fn read(&mut self) -> Vec<Request> {
        let ((across, up), fullest) = self.shown().map_or(((0, 0), (0, 0)), Cloud::cells);
        if across == 0 || up == 0 {
            let words = match self.shown() {
                Some(_) => "not yet: the map is being computed",
                None => "only the map and t-SNE are read cell by cell: v shows them",
            };
            return vec![Request::Say(words.to_owned())];
        }
        self.mark = if self.mark.is_some() { None } else { Some(fullest) };
        Vec::new()
    }

    /// Moves the cross where there is one.
    pub(super) fn moved(&mut self, id: &str) -> bool {
        let Some(((across, up), (x, y))) = self.shown().map(|cloud| cloud.cells().0).zip(self.mark) else {
            return false;
        };
        let to = match id {
            "map.left" => (x.saturating_sub(1), y),
            "map.right" => (x + 1, y),
            "map.up" | "map.north" => (x, y.saturating_sub(1)),
            "map.down" | "map.south" => (x, y + 1),
            _ => return false,
        };
        self.mark = Some((to.0.min(across.saturating_sub(1)), to.1.min(up.saturating_sub(1))));
        true
    }

    /// The customers under the cross.
    pub(super) fn list_here(&self, world: &World) -> Option<Request> {
        let (cloud, mark, prepared) = (self.shown()?, self.mark?, world.prepared.as_ref()?);
        let rows = cloud.rows(world, mark)?;
        let rows: Vec<usize> = rows.iter().filter_map(|&row| Some(*prepared.matrix.rows.get(row)? as usize)).collect();
        Some(rows_here::show(world, &cloud.words(world, mark)?, &rows, &[]))
    }

    pub(super) fn draw_cross(&self, buf: &mut Buffer, area: Rect, world: &World, look: &Look) {
        let Some((cloud, mark)) = self.shown().zip(self.mark) else { return };
        cloud.cross(buf, mark, look);
        let words = format!("{}   ⏎ which  Esc", cloud.words(world, mark).unwrap_or_default());
        text::put(buf, area.x + 1, area.y, area.width - 2, &" ".repeat(area.width as usize - 2), look.text());
        text::put(buf, area.x + 1, area.y, area.width - 2, &words, look.title());
    }
}
