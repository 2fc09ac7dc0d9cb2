//! A small SVG writer. Shapes name a class, not a colour: a page gives it light or dark ones, a file of its own brings
//! [`STYLE`] along.

use std::fmt::Write;

/// What a file of its own is drawn with: the segments' colours tell apart for the colour-blind too (Okabe and Ito's,
/// darkened where they stand on white).
const STYLE: &str = "text{font-family:'DejaVu Sans',sans-serif;font-size:12px;fill:#1b1f24}.m{fill:#57606a}.b{font-weight:bold}\
.g{stroke:#d0d7de;stroke-width:1;fill:none}.a{stroke:#57606a;stroke-width:1;fill:none}.hi{fill:#b35900}.lo{fill:#0b62a4}\
.p{stroke:#1b1f24;stroke-width:2;fill:none}.k{fill:#1b1f24}\
.s1{fill:#0b62a4}.s2{fill:#c04f00}.s3{fill:#00775a}.s4{fill:#a8457f}.s5{fill:#7a6200}.s6{fill:#23709f}.s7{fill:#6b46b8}\
.s8{fill:#5f6b73}.s9{fill:#8f4a2a}.s10{fill:#3b7a2a}\
.l1{stroke:#0b62a4}.l2{stroke:#c04f00}.l3{stroke:#00775a}.l4{stroke:#a8457f}.l5{stroke:#7a6200}.l6{stroke:#23709f}\
.l7{stroke:#6b46b8}.l8{stroke:#5f6b73}.l9{stroke:#8f4a2a}.l10{stroke:#3b7a2a}.w{stroke-width:2;fill:none}";

/// The room of a title.
const TITLE: f64 = 30.0;

/// Which end of a text its place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A point, from the top left.
pub(super) type Point = (f64, f64);

/// A drawing in the making.
#[derive(Debug, Clone)]
pub(super) struct Svg {
    width: f64,
    height: f64,
    title: String,
    words: String,
    body: String,
}

impl Svg {
    /// An empty drawing; `title` and `words` are what a screen reader says.
    pub fn new(width: f64, height: f64, title: &str, words: &str) -> Self {
        Self { width, height, title: title.to_owned(), words: words.to_owned(), body: String::new() }
    }

    /// A filled rectangle.
    pub fn rect(&mut self, at: Point, size: Point, class: &str) {
        self.shaded(at, size, class, 1.0);
    }

    /// A filled rectangle that is `opacity` opaque.
    pub fn shaded(&mut self, (x, y): Point, (width, height): Point, class: &str, opacity: f64) {
        let faint = faint(opacity);
        let (width, height) = (short(width.max(0.0)), short(height.max(0.0)));
        self.put(&format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{width}\" height=\"{height}\" class=\"{class}\"{faint}/>",
            short(x),
            short(y)
        ));
    }

    /// A straight line.
    pub fn line(&mut self, from: Point, to: Point, class: &str) {
        self.path(&[from, to], class);
    }

    /// Straight lines from point to point.
    pub fn path(&mut self, points: &[Point], class: &str) {
        let points: Vec<String> = points.iter().map(|&(x, y)| format!("{},{}", short(x), short(y))).collect();
        self.put(&format!("<polyline points=\"{}\" class=\"{class}\" fill=\"none\"/>", points.join(" ")));
    }

    /// A closed shape.
    pub fn shape(&mut self, points: &[Point], class: &str) {
        self.shaded_shape(points, class, 1.0);
    }

    /// A closed shape that is `opacity` opaque.
    pub fn shaded_shape(&mut self, points: &[Point], class: &str, opacity: f64) {
        let points: Vec<String> = points.iter().map(|&(x, y)| format!("{},{}", short(x), short(y))).collect();
        self.put(&format!("<polygon points=\"{}\" class=\"{class}\"{}/>", points.join(" "), faint(opacity)));
    }

    /// A filled circle.
    pub fn circle(&mut self, (x, y): Point, radius: f64, class: &str) {
        self.put(&format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" class=\"{class}\"/>",
            short(x),
            short(y),
            short(radius)
        ));
    }

    /// A text; y is its foot.
    pub fn text(&mut self, (x, y): Point, anchor: Anchor, class: &str, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        self.put(&format!(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"{anchor}\" class=\"{class}\">{}</text>",
            short(x),
            short(y),
            escaped(text)
        ));
    }

    /// As a part of a page, which has the colours.
    pub fn inline(&self) -> String {
        format!("{}{}</svg>", self.head(0.0, ""), self.body)
    }

    /// As a file of its own, on white, under its title.
    pub fn file(&self) -> String {
        let (width, height) = (short(self.width), short(self.height + TITLE));
        let sized = format!(" width=\"{width}\" height=\"{height}\"");
        let title = escaped(&clipped(&self.title, 68));
        format!(
            "{}<style>{STYLE}</style><rect y=\"-{TITLE}\" width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\
             <text x=\"0\" y=\"-12\" class=\"b\">{title}</text>{}</svg>\n",
            self.head(TITLE, &sized),
            self.body
        )
    }

    fn head(&self, above: f64, sized: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 {} {} {}\"{sized} role=\"img\"><title>{}</title><desc>{}</desc>",
            short(-above),
            short(self.width),
            short(self.height + above),
            escaped(&self.title),
            escaped(&self.words)
        )
    }

    fn put(&mut self, element: &str) {
        // Writing to a string cannot fail.
        let _memory = writeln!(self.body, "{element}");
    }
}

/// The class of a segment's fill; from the eleventh on the colours come again.
pub(super) fn fill(segment: u32) -> String {
    format!("s{}", (segment.max(1) - 1) % 10 + 1)
}

/// The class of a segment's line.
pub(super) fn stroke(segment: u32) -> String {
    format!("l{} w", (segment.max(1) - 1) % 10 + 1)
}

fn faint(opacity: f64) -> String {
    if opacity < 1.0 { format!(" fill-opacity=\"{}\"", short(opacity)) } else { String::new() }
}

/// Two decimals at most.
fn short(value: f64) -> String {
    let value = if value.is_finite() { (value * 100.0).round() / 100.0 } else { 0.0 };
    (value + 0.0).to_string()
}

fn escaped(text: &str) -> String {
    let plain: String = text.chars().filter(|letter| !letter.is_control()).collect();
    plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The text, shortened to about `most` characters.
pub(super) fn clipped(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_cannot_become_markup() {
        let mut svg = Svg::new(10.0, 10.0, "a<b", "\"q\" & \u{1}c");
        svg.text((1.0, 2.345), Anchor::Start, "m", "<script>alert(1)</script>");
        let text = svg.inline();
        assert!(text.contains("<title>a&lt;b</title><desc>&quot;q&quot; &amp; c</desc>"), "{text}");
        assert!(text.contains("y=\"2.35\"") && !text.contains("<script"), "{text}");
    }

    #[test]
    fn colours_come_again_and_numbers_are_short() {
        assert_eq!((fill(1), fill(10), fill(11), stroke(0)), ("s1".into(), "s10".into(), "s1".into(), "l1 w".into()));
        assert_eq!((short(1.0 / 3.0), short(-0.001), short(f64::NAN)), ("0.33".into(), "0".into(), "0".into()));
        assert_eq!(clipped("spending score", 8), "spendin…");
    }
}
