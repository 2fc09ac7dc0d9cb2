//! The card of one segment: what differs, who, how sure, and what is not known.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::differences::{self, Difference};
use crate::plot::number;
use crate::segments::{Action, Rule, Segment, Segments, Sureness};
use crate::table::{Field, Role};
use crate::tui::look::Look;
use crate::tui::panes::parts::{segment_list, titles, value};
use crate::tui::widgets::table::{self, Cell, Column};
use crate::tui::widgets::{bars, rule, text};
use crate::tui::world::World;

/// Draws the card under its title.
pub fn draw(buf: &mut Buffer, area: Rect, world: &World, (segments, segment): (&Segments, &Segment), look: &Look) {
    draw_title(buf, area, segment, look);
    let inner = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let wide = inner.width.saturating_sub(LABEL + 4) as usize;
    let mut words = words(world, segments, segment, wide);
    let columns = segment.cells.len();
    let room = |columns: usize| (inner.height as usize).saturating_sub(1 + columns);
    // What another line says too, and who can be looked up by a key, gives way to what nothing else says.
    for (given, columns) in [(&PLAY[..], columns), (&["In words"], columns), (&["Typical"], columns.min(LEAST_COLUMNS))]
    {
        if lines(&words, wide) > room(columns) {
            words.retain(|(of, _)| !given.contains(of));
        }
    }
    // The facts get all that they need where some columns are left, and one line each in any case.
    let below = words.len().max(lines(&words, wide).min(room(columns.min(LEAST_COLUMNS))));
    let shown = (inner.height as usize).saturating_sub(1 + below).min(columns);
    let used = draw_differences(buf, inner, (segments, segment), shown, look);
    let rest = Rect { y: inner.y + used, height: inner.height.saturating_sub(used), ..inner };
    draw_words(buf, rest, &words, look);
}

/// The lines of these facts in so many cells.
fn lines(words: &[(&str, String)], cells: usize) -> usize {
    words.iter().map(|(_, words)| text::wrap(words, cells).len()).sum()
}

fn draw_title(buf: &mut Buffer, area: Rect, segment: &Segment, look: &Look) {
    let customers = format!("{} customers", number::whole(segment.size));
    let shared = format!("{customers}, {}", number::percent(segment.share, 1));
    rule::with_hint(buf, area, &titled(segment, [shared, customers], area.width, look), "a in full", look);
    text::put(buf, area.x + 4, area.y, 1, look.glyph(segment.number), look.segment(segment.number));
}

/// `● 1  High income · 161 customers` with the first of `sizes` that leaves the name whole, for a rule of so many cells.
pub fn titled<const N: usize>(segment: &Segment, sizes: [String; N], width: u16, look: &Look) -> String {
    let name = format!("{} {}  {}", look.glyph(segment.number), segment.number, text::clean(&segment.name));
    let room = width.saturating_sub(rule::ENDS) as usize;
    let whole = sizes.iter().map(|size| format!("{name} · {size}")).find(|title| text::width(title) <= room);
    whole.unwrap_or(name)
}

/// The cells of the bars' columns: the name, two figures, bars, spans.
struct Layout {
    columns: Vec<Column>,
    half: u16,
    bars: u16,
}

impl Layout {
    fn new(width: u16, differences: &[Difference]) -> Self {
        let spans = differences.iter().map(|difference| text::width(&difference.spans)).max().unwrap_or(0).max(5);
        let spans = u16::try_from(spans).unwrap_or(u16::MAX).min(24);
        let figure = differences.iter().map(|difference| text::width(&difference.own)).max().unwrap_or(0);
        let figure = u16::try_from(figure).unwrap_or(8).clamp(8, 10);
        let legend = legend(differences);
        let names = differences.iter().map(|difference| text::width(&difference.name) + 2);
        let longest = names.chain([text::width(legend)]).max().unwrap_or(0);
        let name = u16::try_from(longest).unwrap_or(u16::MAX).clamp(14, (width / 4).max(14));
        let fixed = 3 + name + 2 * (figure + 1) + 2 + 2 + spans + 1;
        let half = (width.saturating_sub(fixed + 1) / 2).clamp(4, 20);
        let columns = vec![
            Column::left(legend, name).gap(3),
            Column::right("segment", figure),
            Column::right("everyone", figure),
            Column::left("", 2 * half + 1).gap(2),
            Column::left("spans", spans).gap(2),
        ];
        let bars = table::width(&columns[..3]) + 2;
        Self { columns, half, bars }
    }
}

/// Draws the columns that differ and returns the lines used.
fn draw_differences(
    buf: &mut Buffer,
    area: Rect,
    (segments, segment): (&Segments, &Segment),
    room: usize,
    look: &Look,
) -> u16 {
    let lines: Vec<Difference> = differences::chosen(segments, segment, room)
        .into_iter()
        .map(|index| differences::of_column(&segments.effects[index], &segment.cells[index]))
        .collect();
    if lines.is_empty() {
        return 0;
    }
    let layout = Layout::new(area.width, &lines);
    table::header(buf, area, &layout.columns, look.dim());
    draw_scale(buf, area, &layout, look);
    let full = differences::full(segments);
    for (line, y) in lines.iter().zip(area.y + 1..area.bottom()) {
        draw_line(buf, Rect { y, height: 1, ..area }, &layout, line, look);
        let at = (area.x + layout.bars, y);
        bars::around_middle(buf, at, layout.half, line.distance, full, (look.segment(segment.number), look.rule()));
    }
    1 + u16::try_from(lines.len()).unwrap_or(0)
}

fn draw_scale(buf: &mut Buffer, area: Rect, layout: &Layout, look: &Look) {
    let half = layout.half as usize;
    let (below, above) = if half >= 6 { ("below ", " above") } else { ("− ", " +") };
    let (x, y) = (area.x + layout.bars, area.y);
    text::put(buf, x, y, layout.half, &text::right(below, half), look.dim());
    text::put(buf, x + layout.half, y, 1, "┃", look.rule());
    text::put(buf, x + layout.half + 1, y, layout.half, above, look.dim());
}

fn draw_line(buf: &mut Buffer, area: Rect, layout: &Layout, line: &Difference, look: &Look) {
    let name = layout.columns[0].width as usize;
    let mark = match line.role {
        Role::Cluster => "",
        Role::Outcome => " ◇",
        _ => " *",
    };
    let name = format!("{}{mark}", titles::fitted(&line.name, name - text::width(mark)));
    let cells = [
        Cell::new(name, look.text()),
        Cell::new(line.own.clone(), look.strong()),
        Cell::new(line.everyone.clone(), look.text()),
        Cell::default(),
        Cell::new(line.spans.clone(), look.text()),
    ];
    table::row(buf, area, &layout.columns, &cells);
}

/// What the marks at the names mean.
fn legend(lines: &[Difference]) -> &'static str {
    let described = lines.iter().any(|line| !matches!(line.role, Role::Cluster | Role::Outcome));
    let outcomes = lines.iter().any(|line| line.role == Role::Outcome);
    match (described, outcomes) {
        (true, true) => "* described ◇ result",
        (true, false) => "* only described",
        (false, true) => "◇ a result",
        (false, false) => "",
    }
}

const LABEL: u16 = 10;
/// The columns that the card shows before its facts are cut.
const LEAST_COLUMNS: usize = 2;
/// Results that the card tells; o shows all.
const RESULTS: usize = 2;

/// The facts below the bars, in their order.
pub fn words(world: &World, segments: &Segments, segment: &Segment, cells: usize) -> Vec<(&'static str, String)> {
    let mut words = Vec::new();
    if let Some(rule) = &segment.rule {
        words.push(("Rule", rule_words(rule, segment)));
    }
    if let Some(typical) = typical(world, segments, segment, cells) {
        words.push(("Typical", typical));
    }
    words.push(("Holds", holds(segment)));
    let results = segments.results(segment.number).into_iter().take(RESULTS);
    words.extend(results.enumerate().map(|(nth, words)| (if nth == 0 { "Results" } else { "" }, words)));
    words.extend(segments.buys(segment.number).map(|words| ("Buys more", words)));
    words.push(("In words", segment.sentence.clone()));
    words.extend(segment.to_try.clone().map(|words| ("To try", words)));
    words.extend(segment.action.iter().flat_map(play));
    words.extend(segment.note.clone().map(|note| ("Note", note)));
    if segment.size < crate::engine::privacy::SMALL {
        words.push(("Few", "so few customers that single persons could be told".to_owned()));
    }
    words.push(("Not known", segment.unknown.clone()));
    words.retain(|(_, words)| !words.is_empty());
    words
}

/// How the play is carried out.
const PLAY: [&str; 5] = ["Because", "Channel", "Moment", "Tone", "Measure"];

/// Why and how, and what to beware of.
fn play(action: &Action) -> [(&'static str, String); 6] {
    let [because, channel, moment, tone, measure] = PLAY;
    [
        (because, format!("{} ({})", action.because, action.kind.word())),
        (channel, action.channel.clone()),
        (moment, action.moment.clone()),
        (tone, action.tone.clone()),
        (measure, action.measure.clone()),
        ("Beware", action.avoid.clone()),
    ]
}

fn rule_words(rule: &Rule, segment: &Segment) -> String {
    let found = (rule.recall * segment.size as f64).round() as usize;
    let others = if rule.precision > 0.0 { (found as f64 / rule.precision).round() as usize - found } else { 0 };
    let who = if found == segment.size {
        format!("all {}", number::whole(found))
    } else {
        format!("{} of {}", number::whole(found), number::whole(segment.size))
    };
    match others {
        0 => format!("{}: {who} and nobody else", rule.text),
        others => {
            format!("{}: {who}, with {} other{}", rule.text, number::whole(others), if others == 1 { "" } else { "s" })
        }
    }
}

/// What the word of the scale means, to be read without the scale.
fn comes_back(sureness: Sureness) -> &'static str {
    match sureness {
        Sureness::Firm => "nearly whole",
        Sureness::Holds => "mostly whole",
        Sureness::Pattern => "partly there",
        Sureness::NoTrust => "falls apart",
        Sureness::Unknown => "not known yet",
    }
}

fn holds(segment: &Segment) -> String {
    let word = segment_list::sureness(segment.sureness);
    let border = match segment.border {
        0 => "nobody on a border".to_owned(),
        1 => "one customer on a border".to_owned(),
        border => format!("{} customers on a border", number::whole(border)),
    };
    match segment.holds {
        Some(holds) => {
            format!("{word} ({}): {} when redrawn; {border}", value::holds(holds), comes_back(segment.sureness))
        }
        None => format!("{word} yet; {border}"),
    }
}

/// The customers nearest the centre, with what they have: `0176, 88, 86 · 0172, 87, 75`.
fn typical(world: &World, segments: &Segments, segment: &Segment, cells: usize) -> Option<String> {
    let table = world.table.as_ref()?;
    let id = super::customers::id_column(world);
    let all: Vec<&str> = segments.effects.iter().map(|effect| effect.column.as_str()).collect();
    let columns = &all[..all.len().min(3)];
    let titles = titles::short_among(columns, &all, 10);
    let of_row = |&row: &u32| {
        let shown = |field: &Field| world.shown(field, super::customers::text_of(field, row as usize));
        let mut parts = vec![id.map_or_else(|| format!("row {}", row + 1), shown)];
        let fields = columns.iter().zip(&titles).filter_map(|(name, title)| Some((table.field(name)?, title)));
        parts.extend(fields.map(|(field, title)| format!("{title} {}", shown(field))));
        parts.join(", ")
    };
    let mut typical: Vec<String> = segment.paragons.iter().take(3).map(of_row).collect();
    while typical.len() > 1 && text::width(&typical.join(" · ")) > cells {
        typical.pop();
    }
    (!typical.is_empty()).then(|| typical.join(" · "))
}

/// Draws the facts, each on one line, and on more where there is room; the last (what is not known) always.
fn draw_words(buf: &mut Buffer, area: Rect, words: &[(&'static str, String)], look: &Look) {
    let wide = area.width.saturating_sub(LABEL + 4) as usize;
    let mut spare = (area.height as usize).saturating_sub(words.len());
    let mut y = area.y;
    for (label, words) in words {
        let lines = text::lines(words, wide, 1 + spare);
        spare -= lines.len().saturating_sub(1);
        for (line, label) in lines.iter().zip([label].into_iter().chain(std::iter::repeat(&""))) {
            if y >= area.bottom() {
                return;
            }
            text::put(buf, area.x + 3, y, LABEL, label, look.strong());
            text::put(buf, area.x + 3 + LABEL, y, area.width - LABEL - 4, line, look.text());
            y += 1;
        }
    }
}
