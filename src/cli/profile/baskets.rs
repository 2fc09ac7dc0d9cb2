//! What the segments buy more than the others.

use super::super::grid::{Grid, Side};
use super::overview::glyph;
use crate::plot::number;
use crate::segments::Segments;
use crate::segments::baskets::{Baskets, Favourite};

/// For reading.
pub fn text(segments: &Segments) -> String {
    let Some(baskets) = &segments.baskets else { return String::new() };
    format!("\n── {} ──\n{}\n", heading(baskets), grid(baskets, segments).lines(None).join("\n"))
}

/// As Markdown.
pub fn markdown(segments: &Segments) -> String {
    let Some(baskets) = &segments.baskets else { return String::new() };
    format!("\n## {}\n\n{}", heading(baskets), grid(baskets, segments).markdown())
}

/// `jam 2.5 times (12 of 30); tea …`: what a segment buys more than the others.
pub fn csv_cell(baskets: &Baskets, segment: u32) -> String {
    let Some(of) = baskets.segments.iter().find(|of| of.segment == segment) else { return String::new() };
    let told = |favourite: &Favourite| {
        format!("{} {} times ({} of {})", favourite.good, favourite.lift, favourite.buyers, of.customers)
    };
    of.favourites.iter().map(told).collect::<Vec<_>>().join("; ")
}

fn heading(baskets: &Baskets) -> String {
    format!("what they buy more than the others: {} ({} different)", baskets.column, number::whole(baskets.goods))
}

fn grid(baskets: &Baskets, segments: &Segments) -> Grid {
    let heads = [("", Side::Left), ("segment", Side::Left), (baskets.column.as_str(), Side::Left)];
    let figures = ["n", "of", "share", "everyone", "lift"].map(|name| (name, Side::Right));
    let mut grid = Grid::new(heads.into_iter().chain(figures));
    for of in &baskets.segments {
        let name =
            segments.list.iter().find(|segment| segment.number == of.segment).map(|segment| segment.name.as_str());
        let (Some(name), number) = (name, of.segment) else { continue };
        let head = |first: bool| {
            if first { [format!("{} {number}", glyph(number)), name.to_owned()] } else { Default::default() }
        };
        if of.favourites.is_empty() {
            let rest = ["nothing more than the others", "", "", "", "", ""].map(str::to_owned);
            grid.push(head(true).into_iter().chain(rest).collect());
        }
        for (nth, favourite) in of.favourites.iter().enumerate() {
            let figures = [
                favourite.good.clone(),
                number::whole(favourite.buyers),
                number::whole(of.customers),
                number::percent(favourite.support, 1),
                number::percent(favourite.everyone, 1),
                number::ratio(favourite.lift, 2),
            ];
            grid.push(head(nth == 0).into_iter().chain(figures).collect());
        }
    }
    grid
}
