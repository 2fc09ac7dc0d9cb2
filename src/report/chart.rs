//! A chart of the workbench as a file: a picture (SVG, PNG) or the table behind it (CSV).

use super::ReportError;
use super::figures::mark;
use super::svg::{Anchor, Svg, clipped, fill};
use crate::plot::chart::{Chart, Field, Layer, Panel};
use crate::plot::grid::Grid;
use crate::plot::scale::Scale;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 320.0;
const TOP: f64 = 26.0;
const FOOT: f64 = 46.0;
const RIGHT: f64 = 30.0;
/// Room of a letter of a label.
const LETTER: f64 = 7.0;
/// Marks beside and above each other that points are binned to.
const CELLS: (usize, usize) = (110, 56);
/// Names that are drawn line by line need this much.
const LINE: f64 = 20.0;

/// The chart as an SVG file.
pub fn svg(chart: &Chart) -> String {
    drawn(chart).file()
}

/// The chart as a PNG file.
///
/// # Errors
/// It cannot be rendered.
pub fn png(chart: &Chart) -> Result<Vec<u8>, ReportError> {
    super::png::png(&svg(chart))
}

/// The table behind the chart.
///
/// # Errors
/// It cannot be written.
pub fn csv(chart: &Chart) -> Result<Vec<u8>, ReportError> {
    let failed = |error: &dyn std::fmt::Display| ReportError::Picture(error.to_string());
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(&chart.heads).map_err(|error| failed(&error))?;
    for row in &chart.rows {
        out.write_record(row).map_err(|error| failed(&error))?;
    }
    out.into_inner().map_err(|error| failed(&error))
}

fn drawn(chart: &Chart) -> Svg {
    let heights: Vec<f64> = chart.panels.iter().map(height).collect();
    let whole: f64 = heights.iter().map(|height| height + TOP + FOOT).sum();
    let mut svg = Svg::new(WIDTH, whole, &chart.title, &chart.words);
    let mut top = 0.0;
    for (panel, height) in chart.panels.iter().zip(heights) {
        Frame::new(panel, top + TOP, height).draw(&mut svg);
        top += height + TOP + FOOT;
    }
    svg
}

/// Names need a line each.
fn height(panel: &Panel) -> f64 {
    let by_name = panel.layers.iter().any(|layer| matches!(layer, Layer::Across(_) | Layer::Fields(_)));
    if by_name { (LINE * panel.y.ticks.len() as f64).max(60.0) } else { HEIGHT }
}

/// Where a panel stands on the drawing.
struct Frame<'a> {
    panel: &'a Panel,
    left: f64,
    top: f64,
    size: (f64, f64),
    x: Scale,
    y: Scale,
}

impl<'a> Frame<'a> {
    fn new(panel: &'a Panel, top: f64, height: f64) -> Self {
        let longest = panel.y.ticks.iter().map(|(_, label)| label.chars().count().min(26)).max().unwrap_or(0);
        let left = 12.0 + LETTER * longest as f64;
        let scale = |(low, high): (f64, f64)| Scale::linear(low, high, 1);
        Self {
            panel,
            left,
            top,
            size: (WIDTH - left - RIGHT, height),
            x: scale(panel.x.domain),
            y: scale(panel.y.domain),
        }
    }

    fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let kept = |share: f64| share.clamp(0.0, 1.0);
        let across = kept(self.x.position(x)) * self.size.0;
        (self.left + across, self.top + (1.0 - kept(self.y.position(y))) * self.size.1)
    }

    fn draw(&self, svg: &mut Svg) {
        self.draw_axes(svg);
        self.panel.layers.iter().for_each(|layer| self.draw_layer(svg, layer));
    }

    fn draw_axes(&self, svg: &mut Svg) {
        let foot = self.top + self.size.1;
        for (value, label) in &self.panel.x.ticks {
            let (x, _) = self.at(*value, 0.0);
            svg.line((x, self.top), (x, foot), "g");
            svg.text((x, foot + 16.0), Anchor::Middle, "m", label);
        }
        for (value, label) in &self.panel.y.ticks {
            let (_, y) = self.at(0.0, *value);
            svg.line((self.left, y), (self.left + self.size.0, y), "g");
            svg.text((self.left - 6.0, y + 4.0), Anchor::End, "m", &clipped(label, 26));
        }
        svg.line((self.left, foot), (self.left + self.size.0, foot), "a");
        svg.text((self.left + self.size.0, foot + 34.0), Anchor::End, "b", &clipped(&self.panel.x.title, 80));
        svg.text((self.left, self.top - 12.0), Anchor::Start, "b", &clipped(&self.panel.y.title, 80));
    }

    fn draw_layer(&self, svg: &mut Svg, layer: &Layer) {
        match layer {
            Layer::Bars(bars) => bars.iter().for_each(|&(from, to, height, label)| {
                let class = if label == 0 { "m".to_owned() } else { fill(label) };
                self.rect(svg, (from, to), (0.0, height), &class, 1.0);
            }),
            Layer::Across(bars) => bars.iter().for_each(|&(from, to, length)| {
                self.rect(svg, (0.0, length), (from + 0.15, to - 0.15), "s1", 1.0);
            }),
            Layer::Line(points) => {
                let points: Vec<(f64, f64)> = points.iter().map(|&(x, y)| self.at(x, y)).collect();
                svg.path(&points, "p");
            }
            Layer::Points(points) => self.draw_points(svg, points),
            Layer::At(lines) => self.draw_lines(svg, lines),
            Layer::Fields(fields) => fields.iter().for_each(|field| self.draw_field(svg, field)),
        }
    }

    /// A name that would overlap one before it is left out.
    fn draw_lines(&self, svg: &mut Svg, lines: &[(f64, String)]) {
        let mut taken: Vec<(f64, f64)> = Vec::new();
        for (value, name) in lines {
            let (x, _) = self.at(*value, 0.0);
            svg.line((x, self.top), (x, self.top + self.size.1), "a");
            let half = LETTER * name.chars().count() as f64 / 2.0 + 2.0;
            if taken.iter().all(|&(from, to)| x + half < from || x - half > to) {
                taken.push((x - half, x + half));
                svg.text((x, self.top - 2.0), Anchor::Middle, "m", name);
            }
        }
    }

    fn rect(&self, svg: &mut Svg, (left, right): (f64, f64), (low, high): (f64, f64), class: &str, opacity: f64) {
        let ((x, bottom), (end, y)) = (self.at(left, low), self.at(right, high));
        // A hair of white between two bars where there is room.
        let gap = if end - x > 6.0 { 1.0 } else { 0.0 };
        svg.shaded((x, y), (end - x - gap, bottom - y), class, opacity);
    }

    fn draw_field(&self, svg: &mut Svg, field: &Field) {
        let class = if field.value < 0.0 { "lo" } else { "hi" };
        // At most so opaque that the number on it is read.
        let most = if field.text.is_empty() { 1.0 } else { 0.55 };
        self.rect(svg, field.x, field.y, class, most * field.value.abs().min(1.0));
        let wide = self.at(field.x.1, 0.0).0 - self.at(field.x.0, 0.0).0;
        // A number that does not fit its field is left to the colour and to the table.
        if !field.text.is_empty() && LETTER * field.text.chars().count() as f64 <= wide {
            let middle = self.at(f64::midpoint(field.x.0, field.x.1), f64::midpoint(field.y.0, field.y.1));
            svg.text((middle.0, middle.1 + 4.0), Anchor::Middle, "", &field.text);
        }
    }

    /// Points binned, a mark a cell: the fuller the larger, in the segment that most of them are in.
    fn draw_points(&self, svg: &mut Svg, points: &[(f64, f64, u32)]) {
        let ((left, right), (low, high)) = (self.panel.x.domain, self.panel.y.domain);
        let (x, y) = (Scale::linear(left, right, CELLS.0), Scale::linear(low, high, CELLS.1));
        let grid = Grid::bin(points.iter().copied(), &x, &y);
        let full = f64::from(grid.fullest().max(1));
        for (column, row) in (0..CELLS.1).flat_map(|row| (0..CELLS.0).map(move |column| (column, row))) {
            let cell = grid.cell(column, row);
            let (across, up) = (x.reach(column), y.reach(CELLS.1 - 1 - row));
            let place = self.at(f64::midpoint(across.0, across.1), f64::midpoint(up.0, up.1));
            let radius = 1.6 + 1.8 * (f64::from(cell.count) / full).sqrt();
            match (cell.count, cell.label) {
                (0, _) => {}
                (_, 0) => svg.circle(place, radius, "m"),
                (_, segment) => mark(svg, place, radius, segment),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::plot::chart::Side;

    fn chart() -> Chart {
        let layers = vec![
            Layer::Bars(vec![(0.0, 10.0, 4.0, 1), (10.0, 20.0, 2.0, 3)]),
            Layer::Line(vec![(0.0, 1.0), (20.0, 3.0)]),
            Layer::Points(vec![(5.0, 1.0, 2), (5.0, 1.0, 2), (99.0, 1.0, 1)]),
            Layer::At(vec![(7.0, "median".into())]),
        ];
        let x = Side::numbers((0.0, 20.0), 4, "income <k>");
        let names = Panel {
            x: Side::numbers((0.0, 9.0), 3, ""),
            y: Side::names(["red", "=1+1, blue"].into_iter()),
            layers: vec![
                Layer::Across(vec![(1.0, 2.0, 9.0)]),
                Layer::Fields(vec![Field { x: (0.0, 1.0), y: (0.0, 1.0), value: -0.5, text: "-.50".into() }]),
            ],
        };
        Chart {
            name: "income".into(),
            title: "Income".into(),
            words: "a hill".into(),
            panels: vec![Panel { x, y: Side::numbers((0.0, 5.0), 3, "rows"), layers }, names],
            heads: vec!["from".into(), "rows".into()],
            rows: vec![vec!["0".into(), "4".into()], vec!["a,\"b\"".into(), String::new()]],
        }
    }

    #[test]
    fn every_layer_is_drawn_and_nothing_becomes_markup() {
        let text = svg(&chart());
        for part in [
            "class=\"s1\"",
            "class=\"s3\"",
            "polyline",
            "income &lt;k&gt;",
            "median",
            "=1+1, blue",
            "class=\"lo\" fill-opacity=\"0.28\"",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(png(&chart()).unwrap().starts_with(b"\x89PNG"));
    }

    #[test]
    fn the_table_is_read_back() {
        assert_eq!(String::from_utf8(csv(&chart()).unwrap()).unwrap(), "from,rows\n0,4\n\"a,\"\"b\"\"\",\n");
    }

    #[test]
    fn an_empty_chart_is_no_error() {
        let empty = Chart { panels: vec![Panel::default()], ..chart() };
        assert!(svg(&empty).contains("</svg>"));
    }
}
