//! Whether later rows are like those that were studied.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::model::drift::{Change, Drift, Moved};
use crate::plot::number;
use crate::tui::look::Look;
use crate::tui::panes::parts::sheet::Sheet;
use crate::tui::widgets::text;

const NAME: usize = 24;
const FIGURE: usize = 8;
const SIZE: usize = 10;

/// Draws what moved.
pub fn draw(buf: &mut Buffer, area: Rect, drift: Option<&Drift>, scroll: usize, look: &Look) -> usize {
    let mut sheet = Sheet::default();
    match drift {
        Some(drift) => filled(&mut sheet, drift, area.width as usize, look),
        None => {
            let words = "No later rows were held against these. D asks for a file of them: what moved, which way, and how much it matters for the segments is told.";
            sheet.paragraph(words, area.width as usize, look.text());
        }
    }
    sheet.draw(buf, area, "drift", scroll, look)
}

fn filled(sheet: &mut Sheet, drift: &Drift, cells: usize, look: &Look) {
    sheet.paragraph(&drift.sentence(), cells, look.strong());
    drift.advice().iter().for_each(|advice| sheet.paragraph(advice, cells, look.text()));
    sheet.heading("What was compared", look);
    let head = [text::right("PSI", FIGURE), text::right("KS", FIGURE), text::right("p", FIGURE)].concat();
    sheet.line(vec![(format!("    {}{}{head}", " ".repeat(NAME), " ".repeat(SIZE)), look.dim())]);
    let (moved, same): (Vec<&Moved>, Vec<&Moved>) = drift.moved.iter().partition(|moved| moved.drifted);
    moved.iter().chain(&same).for_each(|moved| line(sheet, moved, look));
    if !moved.is_empty() {
        sheet.heading("What moved", look);
    }
    for moved in moved {
        sheet.paragraph(&format!("{}: {}.", moved.name, moved.in_words()), cells, look.text());
    }
}

/// `▲ annual_income   moderate   0.184   0.160  < .001`.
fn line(sheet: &mut Sheet, moved: &Moved, look: &Look) {
    let none = || number::NONE.to_owned();
    let ks = match moved.change {
        Change::Numbers { ks, .. } => number::ratio(ks, 3),
        _ => none(),
    };
    let psi = moved.psi.map_or_else(none, |psi| number::ratio(psi, 3));
    let p = moved.p().map_or_else(none, |p| if p < 0.001 { "< .001".to_owned() } else { number::ratio(p, 3) });
    let sign = if moved.drifted { "!" } else { " " };
    let style = if moved.drifted { look.strong() } else { look.text() };
    let name = text::left(&text::fit(&moved.name, NAME - 1), NAME);
    let size = text::left(if moved.drifted { moved.size.word() } else { "" }, SIZE);
    let figures = [psi, ks, p].map(|figure| text::right(&figure, FIGURE)).concat();
    sheet.line(vec![(format!("  {sign} {name}{size}{figures}"), style)]);
}
