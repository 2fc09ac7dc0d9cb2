//! What opens over the runs: why, two runs against each other, a wider study.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::head::{ended, separation};
use super::table::spoken;
use crate::cluster::Algorithm;
use crate::engine::versus::Versus;
use crate::plot::number;
use crate::study::{Gate, Recommendation, Run, Study};
use crate::tui::action::Request;
use crate::tui::look::Look;
use crate::tui::panes::OpenKey;
use crate::tui::panes::focus::{self, Focus};
use crate::tui::panes::parts::cross::CrossCache;
use crate::tui::panes::parts::headless as line;
use crate::tui::panes::parts::sheet::Sheet;
use crate::tui::widgets::text;
use crate::tui::world::World;

/// The samples that a key goes through.
const SAMPLES: [usize; 4] = [2_000, 5_000, 10_000, 20_000];

/// What is open.
#[derive(Debug, Default)]
pub enum Open {
    /// Nothing.
    #[default]
    Closed,
    /// Why this run.
    Why(usize),
    /// Two runs against each other.
    Versus(String, String, usize),
    /// The algorithms and numbers of segments of the next study.
    Algorithms(Choice),
}

/// What the next study is to fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    cursor: usize,
    chosen: Vec<Algorithm>,
    k: (usize, usize),
    sample: Option<usize>,
    /// How many there are.
    customers: usize,
}

impl Open {
    /// The reasons.
    pub fn why() -> Self {
        Self::Why(0)
    }

    /// The two runs pinned first.
    pub fn versus(world: &World) -> Option<Self> {
        let [a, b, ..] = &world.pinned[..] else { return None };
        let study = world.study.as_ref()?;
        let rows = [study.run(a)?, study.run(b)?].map(|run| run.labels.len());
        (rows[0] == rows[1]).then(|| Self::Versus(a.clone(), b.clone(), 0))
    }

    /// The algorithms of the study as it is.
    pub fn algorithms(world: &World) -> Self {
        let sample = world.recipe.as_ref().and_then(|recipe| recipe.study.sample);
        let customers = world.prepared.as_ref().map_or(0, |prepared| prepared.full().matrix.nrows());
        let choice = Choice { cursor: 0, chosen: Algorithm::DEFAULT.to_vec(), k: (2, 10), sample, customers };
        let Some(study) = &world.study else { return Self::Algorithms(choice) };
        let chosen = study.plan.algorithms.iter().map(|candidate| candidate.algorithm);
        let chosen = Algorithm::ALL.into_iter().filter(|known| chosen.clone().any(|named| named == *known)).collect();
        Self::Algorithms(Choice { chosen, k: (*study.plan.k.start(), *study.plan.k.end()), ..choice })
    }

    /// The same with more numbers of segments.
    pub fn wider(world: &World) -> Self {
        let mut open = Self::algorithms(world);
        if let (Self::Algorithms(choice), Some(_)) = (&mut open, &world.study) {
            choice.widen();
        }
        open
    }

    /// Whether anything is open.
    pub fn is_open(&self) -> bool {
        !matches!(self, Self::Closed)
    }

    /// Runs a command of the place, where `most` is the last line to scroll to; `None`: nothing is open. What is not for
    /// what is open closes it.
    pub fn act(&mut self, id: &str, most: usize) -> Option<Vec<Request>> {
        match (&mut *self, id) {
            (Self::Algorithms(choice), _) => match choice.act(id) {
                Acted::On => return Some(Vec::new()),
                Acted::Say(words) => return Some(vec![Request::Say(words)]),
                Acted::Start(request) => {
                    *self = Self::Closed;
                    return Some(vec![request]);
                }
                Acted::Close => (),
            },
            (Self::Why(scroll) | Self::Versus(.., scroll), _) => {
                if scrolled(scroll, most, id) {
                    return Some(Vec::new());
                }
            }
            (Self::Closed, _) => return None,
        }
        *self = Self::Closed;
        Some(Vec::new())
    }

    /// Its keys; closed, none.
    pub fn keys(&self) -> Option<&'static [OpenKey]> {
        match self {
            Self::Closed => None,
            Self::Why(_) | Self::Versus(..) => Some(&[("compare.down compare.up", "scroll"), ("back", "back")]),
            Self::Algorithms(_) => Some(&[
                ("compare.open", "starts"),
                ("compare.pin", "takes or leaves"),
                ("compare.wider", "more segments"),
                ("compare.sort", "sample"),
                ("compare.all", "all"),
                ("back", "back"),
            ]),
        }
    }

    /// How it is read; closed, how the runs are.
    pub fn focus(&self) -> Focus {
        match self {
            Self::Closed => focus::RUNS,
            Self::Why(_) => focus::WHY,
            Self::Versus(..) => focus::VERSUS,
            Self::Algorithms(_) => focus::NEXT_STUDY,
        }
    }

    /// Closes what is about runs that are no more.
    pub fn settle(&mut self, known: impl Fn(&String) -> bool) {
        if matches!(self, Self::Versus(a, b, _) if !known(a) || !known(b)) {
            *self = Self::Closed;
        }
    }

    /// What is named and not there.
    #[cfg(test)]
    pub fn flaw(&self, world: &World) -> Option<String> {
        let known = |id: &String| world.study.as_ref().is_some_and(|study| study.run(id).is_some());
        match self {
            Self::Versus(a, b, _) if !known(a) || !known(b) => Some(format!("{a} against {b}")),
            Self::Algorithms(choice) if choice.cursor >= Algorithm::ALL.len() => Some("no such algorithm".into()),
            _ => None,
        }
    }

    /// Draws it over the whole place; returns the last line to scroll to.
    pub fn draw(
        &self,
        buf: &mut Buffer,
        area: Rect,
        world: &World,
        current: Option<&Run>,
        crosses: &CrossCache,
        look: &Look,
    ) -> usize {
        match (self, world.study.as_deref()) {
            (Self::Why(scroll), Some(study)) => {
                let sheet = why(study, current, area.width as usize, look);
                sheet.draw(buf, area, "why", *scroll, look)
            }
            (Self::Versus(a, b, scroll), Some(study)) => {
                let (Some(a), Some(b)) = (study.run(a), study.run(b)) else { return 0 };
                let title = format!("{} against {}", spoken(a), spoken(b));
                versus(a, b, crosses, area.width as usize, look).draw(buf, area, &title, *scroll, look)
            }
            (Self::Algorithms(choice), _) => {
                let scroll = choice.scroll(area.height.saturating_sub(1) as usize);
                choice.sheet(look).draw(buf, area, "the next study", scroll, look)
            }
            _ => Sheet::default().draw(buf, area, "no runs yet", 0, look),
        }
    }
}

/// Scrolls up to line `most`; whether the command does that.
fn scrolled(scroll: &mut usize, most: usize, id: &str) -> bool {
    let by = match id {
        "compare.down" => 1,
        "compare.up" => -1,
        "compare.page_down" => 10,
        "compare.page_up" => -10,
        "compare.first" => isize::MIN,
        "compare.last" => isize::MAX,
        _ => return false,
    };
    *scroll = scroll.saturating_add_signed(by).min(most);
    true
}

/// The lines of the choice above its list.
const LINES_BEFORE: usize = 4;

enum Acted {
    On,
    Say(String),
    Start(Request),
    Close,
}

impl Choice {
    fn act(&mut self, id: &str) -> Acted {
        match id {
            "compare.down" => self.cursor = (self.cursor + 1).min(Algorithm::ALL.len() - 1),
            "compare.up" => self.cursor = self.cursor.saturating_sub(1),
            "compare.first" => self.cursor = 0,
            "compare.last" => self.cursor = Algorithm::ALL.len() - 1,
            "compare.pin" => self.toggle(),
            "compare.wider" => self.widen(),
            "compare.sort" => self.sample = self.next_sample(),
            "compare.all" => self.chosen = Algorithm::ALL.to_vec(),
            "compare.open" if self.chosen.is_empty() => return Acted::Say("Choose at least one with Space.".into()),
            "compare.open" => return Acted::Start(self.request()),
            _ => return Acted::Close,
        }
        Acted::On
    }

    fn toggle(&mut self) {
        let algorithm = Algorithm::ALL[self.cursor];
        match self.chosen.iter().position(|chosen| *chosen == algorithm) {
            Some(at) => drop(self.chosen.remove(at)),
            None => {
                self.chosen = Algorithm::ALL
                    .into_iter()
                    .filter(|known| *known == algorithm || self.chosen.contains(known))
                    .collect()
            }
        }
    }

    /// 2..10, 2..15, 2..20, … 2..30, and again.
    fn widen(&mut self) {
        self.k.1 = if self.k.1 >= 30 { 10 } else { (self.k.1 / 5 + 1) * 5 };
        self.k.1 = self.k.1.max(self.k.0);
    }

    /// All, 2,000, 5,000, … as long as that is fewer than there are, and all again.
    fn next_sample(&self) -> Option<usize> {
        SAMPLES.into_iter().find(|&rows| self.sample.is_none_or(|now| rows > now) && rows < self.customers)
    }

    fn request(&self) -> Request {
        let ids = self.chosen.iter().map(|algorithm| algorithm.id().to_owned()).collect();
        Request::Study(ids, format!("{}..{}", self.k.0, self.k.1), self.sample)
    }

    /// The first line to show so that the cursor's stands among `room` lines, with the next one below it.
    fn scroll(&self, room: usize) -> usize {
        (LINES_BEFORE + self.cursor + 2).saturating_sub(room)
    }

    fn sheet(&self, look: &Look) -> Sheet {
        let mut sheet = Sheet::default();
        let segments = format!("{} to {}", self.k.0, self.k.1);
        let (text, strong, key) = (look.text(), look.strong(), look.key());
        sheet.line(vec![("Segments ".into(), text), (segments, strong), ("   +".into(), key), (" more".into(), text)]);
        let of = match self.sample {
            Some(rows) => format!("a sample of {}, the chosen run refitted on all", number::whole(rows)),
            None => "all".to_owned(),
        };
        sheet.line(vec![("Customers ".into(), text), (of, strong), ("   s".into(), key), (" sample".into(), text)]);
        sheet.line(Vec::new());
        let keys = [("   Space", " takes or leaves"), ("   z", " all")];
        let keys = keys.into_iter().flat_map(|(key, words)| [(key.into(), look.key()), (words.into(), text)]);
        sheet.line(std::iter::once(("Algorithms".into(), strong)).chain(keys).collect());
        for (index, algorithm) in Algorithm::ALL.into_iter().enumerate() {
            let mark = if self.cursor == index { "▸ " } else { "  " };
            let checked = if self.chosen.contains(&algorithm) { "[x] " } else { "[ ] " };
            let style = if self.cursor == index { super::parts::cursor(look) } else { text };
            let name = format!("{:<17}", algorithm.title());
            let about = (format!("  {}", algorithm.about()), look.dim());
            sheet.line(vec![(mark.into(), key), (checked.into(), text), (name, style), about]);
        }
        sheet
    }
}

fn why(study: &Study, current: Option<&Run>, cells: usize, look: &Look) -> Sheet {
    let mut sheet = Sheet::default();
    let advice = &study.recommendation;
    sheet.heading(if advice.provisional { "The answer so far" } else { "The answer" }, look);
    advice.reasons.iter().for_each(|reason| sheet.paragraph(&ended(reason), cells, look.text()));
    if let Some(guard) = &advice.tautology {
        let level = guard.level.as_ref().map_or(String::new(), |level| format!(" = {level}"));
        let words =
            format!("! {}{level} alone says nearly the same (AMI {}).", guard.column, number::ratio(guard.ami, 2));
        sheet.paragraph(&words, cells, look.warning());
    }
    if let Some(run) = current.filter(|run| advice.id.as_deref() != Some(run.id.as_str())) {
        this_run(&mut sheet, run, cells, look);
    }
    votes(&mut sheet, study, look);
    gates(&mut sheet, advice, look);
    others(&mut sheet, study, cells, look);
    sheet
}

fn this_run(sheet: &mut Sheet, run: &Run, cells: usize, look: &Look) {
    sheet.heading(&format!("The run under the cursor: {}", spoken(run)), look);
    if let Some(silhouette) = run.metrics.silhouette {
        let words = format!("separation {} ({})", separation(silhouette), number::ratio(silhouette, 3));
        sheet.paragraph(&words, cells, look.text());
    }
    if run.against.is_empty() {
        sheet.paragraph("nothing speaks against it; the answer above has more votes", cells, look.text());
    }
    run.against.iter().for_each(|against| sheet.paragraph(&format!("! {against}"), cells, look.warning()));
    run.warnings.iter().for_each(|warning| sheet.paragraph(warning, cells, look.text()));
}

fn votes(sheet: &mut Sheet, study: &Study, look: &Look) {
    let advice = &study.recommendation;
    if advice.votes.is_empty() {
        return;
    }
    let k = study.recommended().map(|run| run.labels.clusters());
    let agree = advice.votes.iter().filter(|vote| Some(vote.k) == k).count();
    sheet.heading(&format!("Votes: {agree} of {} indices agree", advice.votes.len()), look);
    for vote in &advice.votes {
        let (sign, style) = if Some(vote.k) == k { ("✓", look.good()) } else { (" ", look.dim()) };
        let words = format!(" {:<20} says {}", index_name(&vote.index), vote.k);
        sheet.line(vec![("  ".into(), style), (sign.into(), style), (words, look.text())]);
    }
}

fn gates(sheet: &mut Sheet, advice: &Recommendation, look: &Look) {
    if advice.gates.is_empty() {
        return;
    }
    sheet.heading("What it was held to", look);
    for gate in &advice.gates {
        let (sign, style) = match gate.pass {
            Some(true) => ("✓", look.good()),
            Some(false) => ("!", look.warning()),
            None => ("░", look.dim()),
        };
        sheet.line(vec![("  ".into(), style), (sign.into(), style), (format!(" {}", gate_words(gate)), look.text())]);
    }
}

/// An index as the field calls it.
fn index_name(id: &str) -> String {
    match id {
        "davies_bouldin" => "Davies-Bouldin".into(),
        "calinski_harabasz" => "Calinski-Harabasz".into(),
        "bic" => "BIC".into(),
        other => other.replace('_', "-"),
    }
}

fn gate_words(gate: &Gate) -> String {
    let of = |value: f64| match gate.name.as_str() {
        "assigned" | "smallest" => number::percent(value, 1),
        _ => number::ratio(value, 2),
    };
    let value = gate.value.map_or("still being computed".to_owned(), of);
    let limit = of(gate.limit);
    match gate.name.as_str() {
        "holds" => format!("weakest segment when redrawn      {value} (at least {limit})"),
        "assigned" => format!("customers that have a segment     {value} (at least {limit})"),
        "smallest" => format!("smallest segment, share of all    {value} (at least {limit})"),
        "chance" => format!("separation, against mere chance   {value} (chance reaches {limit})"),
        other => format!("{other:<33} {value} (limit {limit})"),
    }
}

fn others(sheet: &mut Sheet, study: &Study, cells: usize, look: &Look) {
    let advice = &study.recommendation;
    if !advice.alternatives.is_empty() {
        sheet.heading("Fewer or more", look);
        advice.alternatives.iter().for_each(|other| sheet.paragraph(&other.what, cells, look.text()));
    }
    if !advice.rejected.is_empty() {
        sheet.heading("Not advised", look);
    }
    for rejected in &advice.rejected {
        let title = study.run(&rejected.id).map_or(rejected.id.clone(), spoken);
        sheet.paragraph(&format!("{title}: {}", rejected.why), cells, look.text());
    }
}

/// The cross table of two runs, segments of the first in rows.
fn versus(a: &Run, b: &Run, crosses: &CrossCache, cells: usize, look: &Look) -> Sheet {
    let counts = crosses.get(&a.labels, &b.labels);
    let mut sheet = Sheet::default();
    let found = Versus::of_counts((*counts).clone());
    let glyph = |number: usize| format!("{} {number}", look.glyph(u32::try_from(number).unwrap_or(0)));
    let words = found.words(&glyph);
    for line in text::wrap(&words[0], cells.saturating_sub(2)) {
        sheet.line(vec![(line, look.strong())]);
    }
    sheet.line(vec![(format!("Rows: {}. Columns: {}.", spoken(a), spoken(b)), look.dim())]);
    sheet.line(Vec::new());
    let shown = (cells.saturating_sub(12) / 8).min(b.labels.clusters() + 1);
    let label = |segment: usize| match segment {
        0 => "none".to_owned(),
        segment => format!("{} {segment}", look.glyph(u32::try_from(segment).unwrap_or(0))),
    };
    let present = |segment: &usize| *segment > 0 || b.labels.noise() > 0;
    let titles: String = (0..shown).filter(present).map(|segment| format!("{:>8}", label(segment))).collect();
    sheet.line(vec![(format!("{:<8}{titles}", ""), look.dim())]);
    for (segment, row) in counts.iter().enumerate().filter(|(segment, _)| *segment > 0 || a.labels.noise() > 0) {
        let mut spans = vec![(format!("{:<8}", label(segment)), look.segment(u32::try_from(segment).unwrap_or(0)))];
        spans.extend((0..shown).filter(present).map(|column| match row[column] {
            0 => (format!("{:>8}", "·"), look.dim()),
            count => (format!("{:>8}", number::whole(count)), look.text()),
        }));
        sheet.line(spans);
    }
    sheet.heading("Who goes where", look);
    words[1..].iter().for_each(|line| sheet.paragraph(line, cells, look.text()));
    sheet
}

/// The command that fits the study on the screen.
pub fn headless(world: &World) -> String {
    line::command("compare", world, &[])
}
