//! One segment: what it is, how to tell it, how sure it is, what to do, what to expect, what is not known.

use serde::Serialize;

use super::super::figures;
use super::super::words::{glyph, value};
use super::answer::{About, called, sign};
use super::data::Fact;
use super::results::{self, GoodLine, ResultLine};
use super::{Picture, Told};
use crate::matrix::Values;
use crate::plot::number;
use crate::segments::{Cell, Effect, Segment, Segments};
use crate::table::{Kind, Role};

/// A difference from here on is told (in standard deviations).
const LARGE: f64 = 0.5;
/// Customers that are told as typical.
const TYPICAL: usize = 3;
/// Levels of a category that are told.
const LEVELS: usize = 3;
/// In fewer customers no effect can be shown.
const FEW: usize = 50;

/// One segment.
#[derive(Debug, Clone, Serialize)]
pub struct Card {
    /// 1..=k.
    pub number: u32,
    /// Its key.
    pub key: String,
    /// Its sign.
    pub glyph: &'static str,
    /// Its name.
    pub name: String,
    /// Sign, number and name.
    pub called: String,
    /// Customers.
    pub size: usize,
    /// Customers as text.
    pub customers: String,
    /// The share of all, as text.
    pub share: String,
    /// The share of the largest segment, in per cent: how long its bar is.
    pub bar: f64,
    /// Its values in the columns at a glance, as text and as numbers to sort by.
    pub glance: Vec<(String, Option<f64>)>,
    /// One sentence of what it is.
    pub sentence: String,
    /// Its columns.
    pub lines: Vec<Line>,
    /// How to tell its customers.
    pub rule: String,
    /// Typical customers.
    pub typical: Vec<String>,
    /// The mean Jaccard over the redraws.
    pub holds: Option<f64>,
    /// The same as text.
    pub holds_text: String,
    /// How sure it is.
    pub sure: String,
    /// Its results.
    pub results: Vec<ResultLine>,
    /// What it buys more than the others.
    pub goods: Vec<GoodLine>,
    /// What to offer next, and to how many.
    pub next: Vec<String>,
    /// What could be tried.
    pub action: String,
    /// Why this, by which channel, when, in which tone, and what not to do.
    pub plan: Vec<Fact>,
    /// What somebody wrote about it.
    pub note: String,
    /// What to expect, and how to measure it.
    pub expect: String,
    /// What is not known.
    pub unknown: String,
    /// How it differs from everyone.
    pub picture: Picture,
}

/// One column of a segment.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// The column.
    pub column: String,
    /// `*` where it only describes, `◇` where it is an outcome.
    pub sign: &'static str,
    /// The segment's value.
    pub own: String,
    /// Everyone's.
    pub everyone: String,
    /// The segment's value where everyone's is 100.
    pub index: String,
    /// How far that is apart, in words.
    pub apart: String,
}

impl Card {
    pub(super) fn of(about: &About<'_>, of: &Segment, glance: &[usize]) -> Self {
        let segments = about.segments;
        let largest = segments.list.iter().map(|segment| segment.size).max().unwrap_or(1).max(1);
        let at_a_glance = |&at: &usize| (value(&segments.effects[at], of.cells[at].mean), of.cells[at].mean);
        let baskets = segments.baskets.as_ref();
        Self {
            number: of.number,
            key: of.key.clone(),
            glyph: glyph(of.number),
            name: of.name.clone(),
            called: called(of),
            size: of.size,
            customers: number::whole(of.size),
            share: number::percent(of.share, 1),
            bar: (1000.0 * of.size as f64 / largest as f64).round() / 10.0,
            glance: glance.iter().map(at_a_glance).collect(),
            sentence: of.sentence.clone(),
            lines: segments.effects.iter().zip(&of.cells).flat_map(|(effect, cell)| lines(effect, cell)).collect(),
            rule: rule(of),
            typical: about.rows.map(|(told, _)| typical(told, segments, of)).unwrap_or_default(),
            holds: of.holds,
            holds_text: of.holds.map_or_else(|| number::NONE.to_owned(), |holds| number::ratio(holds, 2)),
            sure: sure(segments, of),
            results: results::results(segments, of.number),
            goods: baskets.map(|baskets| results::favourites(baskets, of.number)).unwrap_or_default(),
            next: baskets.map(|baskets| results::next(baskets, &rows(about, of.number))).unwrap_or_default(),
            action: action(of),
            plan: plan(of),
            note: of.note.clone().unwrap_or_default(),
            expect: expect(segments, of),
            unknown: of.unknown.clone(),
            picture: Picture::from(&figures::differences(segments, of)),
        }
    }
}

/// The rows of the table that are in a segment.
fn rows(about: &About<'_>, number: u32) -> Vec<u32> {
    let Some((told, reply)) = about.rows else { return Vec::new() };
    let labelled = told.prepared.matrix.rows.iter().zip(reply.run.labels.as_slice());
    labelled.filter(|(_, label)| **label == number).map(|(&row, _)| row).collect()
}

fn lines(effect: &Effect, cell: &Cell) -> Vec<Line> {
    if effect.levels.is_empty() { vec![number_line(effect, cell)] } else { level_lines(effect, cell) }
}

fn number_line(effect: &Effect, cell: &Cell) -> Line {
    let apart = match cell.difference {
        Some(sds) if sds >= LARGE => format!("{} standard deviations above", number::ratio(sds, 2)),
        Some(sds) if sds <= -LARGE => format!("{} standard deviations below", number::ratio(-sds, 2)),
        _ => "no great difference".to_owned(),
    };
    Line {
        column: effect.column.clone(),
        sign: sign(effect.role),
        own: value(effect, cell.mean),
        everyone: value(effect, effect.mean),
        index: cell.index.map_or_else(|| number::NONE.to_owned(), |index| number::fixed(index, 0)),
        apart,
    }
}

/// The levels whose shares differ most from everyone's.
fn level_lines(effect: &Effect, cell: &Cell) -> Vec<Line> {
    let mut levels: Vec<(&(String, f64, f64), f64)> =
        cell.levels.iter().zip(effect.levels.iter().map(|(_, share)| *share)).collect();
    levels.sort_by(|a, b| (b.0.1 - b.1).abs().total_cmp(&(a.0.1 - a.1).abs()));
    levels.into_iter().take(LEVELS).map(|((level, own, _), all)| level_line(effect, level, *own, all)).collect()
}

fn level_line(effect: &Effect, level: &str, own: f64, all: f64) -> Line {
    let points = 100.0 * (own - all);
    let side = if points < 0.0 { "below" } else { "above" };
    let apart = match points.abs() {
        small if small < 5.0 => "no great difference".to_owned(),
        large => format!("{} points {side}", number::fixed(large, 0)),
    };
    Line {
        column: format!("{}: {level}", effect.column),
        sign: sign(effect.role),
        own: number::percent(own, 0),
        everyone: number::percent(all, 0),
        index: if all > 0.0 { number::fixed(100.0 * own / all, 0) } else { number::NONE.to_owned() },
        apart,
    }
}

fn rule(of: &Segment) -> String {
    match &of.rule {
        Some(rule) => {
            let (found, right) = (number::percent(rule.recall, 0), number::percent(rule.precision, 0));
            let all = number::percent(rule.coverage, 0);
            format!(
                "{}: finds {found} of them; {right} of whom it finds belong here; {all} of all customers",
                rule.text
            )
        }
        None => "no plain rule finds them".to_owned(),
    }
}

/// The customers nearest the centre: by their values, and by their pseudonyms where these are asked for.
fn typical(told: &Told<'_>, segments: &Segments, of: &Segment) -> Vec<String> {
    let table = told.prepared.whole(told.table);
    let shown = segments.effects.iter().filter(|effect| effect.role != Role::Outcome).take(4);
    let fields: Vec<_> = shown.filter_map(|effect| Some((effect, table.field(&effect.column)?))).collect();
    let id = told.recipe.roles.id.as_deref().and_then(|id| table.field(id));
    let one = |&row: &u32| {
        let row = row as usize;
        let name = told.pseudonyms.zip(id).map(|(pseudonyms, field)| {
            let hidden = pseudonyms.of(&crate::table::value(&field.column.values, row));
            format!("{}: ", &hidden[..hidden.len().min(super::look_up::DIGITS)])
        });
        let values = fields.iter().filter(|(_, field)| field.personal.is_none()).map(|(effect, field)| {
            let shown = match &field.column.values {
                Values::Number(numbers) => exact(effect, numbers[row]),
                Values::Text(coded) => coded.get(row).unwrap_or(number::NONE).to_owned(),
            };
            format!("{} {shown}", effect.column)
        });
        format!("{}{}", name.unwrap_or_default(), values.collect::<Vec<_>>().join(", "))
    };
    of.paragons.iter().take(TYPICAL).map(one).collect()
}

fn exact(effect: &Effect, of: f64) -> String {
    match effect.kind {
        _ if of.is_nan() => number::NONE.to_owned(),
        Kind::YesNo => if of == 1.0 { "yes" } else { "no" }.to_owned(),
        Kind::Date => value(effect, Some(of)),
        Kind::Year => format!("{of:.0}"),
        _ if of.fract() == 0.0 => number::fixed(of, 0),
        _ => value(effect, Some(of)),
    }
}

fn sure(segments: &Segments, of: &Segment) -> String {
    let border = match of.border {
        0 => "nobody on a border".to_owned(),
        1 => "1 customer on a border".to_owned(),
        border => format!("{} customers on a border", number::whole(border)),
    };
    let tried = segments.proof.as_ref().and_then(|proof| proof.segments.iter().find(|one| one.segment == of.number));
    if let Some(tried) = tried {
        return format!("{}; {border}", tried.words);
    }
    let holds = of.holds.map(|holds| format!(", came back with {} of 1 when redrawn", number::ratio(holds, 2)));
    format!("{}{}; {border}", of.sureness.word(), holds.unwrap_or_default())
}

fn action(of: &Segment) -> String {
    let ask =
        "find out first: the columns do not say what they want; ask some of the typical ones before money is spent";
    of.to_try.clone().unwrap_or_else(|| ask.to_owned())
}

/// The rest of what the playbook says.
fn plan(of: &Segment) -> Vec<Fact> {
    let Some(action) = &of.action else { return Vec::new() };
    let all = [
        ("why this", &action.because),
        ("channel", &action.channel),
        ("moment", &action.moment),
        ("tone", &action.tone),
        ("measure", &action.measure),
        ("not", &action.avoid),
    ];
    all.into_iter().filter(|(_, words)| !words.is_empty()).map(|(term, words)| Fact::new(term, words.clone())).collect()
}

/// What a trial with half of the segment left alone could show: the smallest difference of two shares that 95 %
/// confidence finds with 80 % power (normal approximation).
fn expect(segments: &Segments, of: &Segment) -> String {
    const Z: f64 = 1.959_964 + 0.841_621;
    if of.size < FEW {
        return format!(
            "{} are too few to prove an effect: leave half of them alone, and read what comes as a sign",
            number::whole(of.size)
        );
    }
    let rate = segments.outcomes.iter().filter(|outcome| outcome.is_rate).find_map(|outcome| {
        let lift = outcome.segments.iter().find(|lift| lift.segment == of.number)?;
        Some((outcome, lift.value?))
    });
    let share = rate.map_or(0.1, |(_, share)| share.clamp(0.01, 0.99));
    let visible = Z * (4.0 * share * (1.0 - share) / of.size as f64).sqrt();
    let anyway = match rate {
        Some((outcome, share)) => format!("the {} is {} as things are", outcome.title, outcome.written(share)),
        None => "10 % would respond anyway".to_owned(),
    };
    format!(
        "no effect is promised: leave half of them alone and compare; where {anyway}, a difference of {} points or more \
         will show",
        number::fixed((100.0 * visible).max(0.1), 1)
    )
}
