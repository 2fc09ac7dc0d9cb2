//! How many of the rows that are looked at each segment has.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::plot::number;
use crate::tui::look::Look;
use crate::tui::widgets::text;
use crate::tui::world::World;

/// Which rows of which labels were counted.
type Key = [usize; 2];

/// The counts of the last frame.
#[derive(Debug, Default)]
pub struct Shares {
    kept: RefCell<Option<(Key, Rc<Vec<usize>>)>>,
}

impl Shares {
    /// Draws `84 looked at: ● 84  ◆ 0 …` in place of the first line; `false` where all rows are looked at.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, world: &World, look: &Look) -> bool {
        let Some(counts) = self.counted(world) else { return false };
        let of_segments: usize = counts.iter().sum();
        let head = format!("{} of them looked at: ", number::whole(of_segments));
        let mut x = text::put_spans(buf, area.x + 1, area.y, area.width - 2, &[(&head, look.strong())]);
        for (segment, count) in (1..).zip(counts.iter()) {
            let words = format!("{} ", number::whole(*count));
            let wide = u16::try_from(text::width(&words)).unwrap_or(u16::MAX).saturating_add(3);
            if x + wide >= area.right() {
                text::put(buf, x, area.y, 1, "…", look.dim());
                break;
            }
            let style = if *count == 0 { look.dim() } else { look.text() };
            let spans = [(look.glyph(segment), look.segment(segment)), (" ", look.text()), (&words, style)];
            x = text::put_spans(buf, x, area.y, wide, &spans) + 1;
        }
        true
    }

    /// Of each segment how many customers are looked at; counted once for the same rows and labels.
    fn counted(&self, world: &World) -> Option<Rc<Vec<usize>>> {
        world.looked.as_ref()?;
        let labels = &world.study.as_ref()?.run(world.run_id()?)?.labels;
        let key = [world.looked_key(), Arc::as_ptr(labels) as usize];
        let mut kept = self.kept.borrow_mut();
        if kept.as_ref().is_none_or(|(old, _)| *old != key) {
            let mut counts = vec![0; labels.clusters() + 1];
            let placed = world.prepared.as_ref()?.matrix.rows.iter().zip(labels.as_slice());
            let looked = placed.filter(|(row, _)| world.looks_at(**row as usize));
            looked.for_each(|(_, &label)| counts[label as usize] += 1);
            *kept = Some((key, Rc::new(counts.split_off(1))));
        }
        kept.as_ref().map(|(_, counts)| Rc::clone(counts))
    }
}
