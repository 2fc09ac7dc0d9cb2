//! One answer: its segments at a glance, side by side, and one by one.

use serde::Serialize;

use super::super::figures::{self, Figure};
use super::super::words::{glyph, value};
use super::card::Card;
use super::runs::setting;
use super::{Picture, Reply, Told};
use crate::plot::number;
use crate::segments::{Group, Proof, Segments, Sureness};
use crate::table::Role;

/// Columns that stand at a glance.
const GLANCE: usize = 3;

/// One answer.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// The run.
    pub id: String,
    /// E.g. `5 segments: k-means k=5`.
    pub title: String,
    /// Whether it is the one that was chosen.
    pub chosen: bool,
    /// How clear and how sure it is, in sentences.
    pub standing: Vec<String>,
    /// The columns that stand at a glance.
    pub glance: Vec<String>,
    /// What everyone has in them.
    pub everyone: Vec<String>,
    /// Customers in the table, and in no segment.
    pub customers: String,
    /// Customers in no segment, in words; empty where all are in one.
    pub unassigned: String,
    /// The segments.
    pub segments: Vec<Card>,
    /// All columns: name, everyone's value, and one value a segment.
    pub beside: Vec<Beside>,
    /// What other groupings of the same customers say: RFM names, segmentations that the file holds.
    pub crosses: Vec<String>,
    /// The pictures of all segments.
    pub pictures: Vec<Picture>,
}

/// One column, the segments' values side by side.
#[derive(Debug, Clone, Serialize)]
pub struct Beside {
    /// The column.
    pub column: String,
    /// `*` where it only describes, `◇` where it is an outcome.
    pub sign: &'static str,
    /// Demography, purchases, engagement, or nothing.
    pub group: &'static str,
    /// η² or Cramér's V.
    pub effect: String,
    /// The feature's share of the distances between the segments.
    pub importance: String,
    /// Everyone's value.
    pub everyone: String,
    /// One value a segment.
    pub values: Vec<String>,
}

impl Answer {
    pub(super) fn of(told: &Told<'_>, reply: &Reply, chosen: bool) -> Self {
        let segments = &reply.segments;
        let glance = glance(segments);
        let run = &reply.run;
        let count = segments.list.len();
        let title = format!("{count} segments: {} {}", run.candidate.algorithm.title(), setting(run));
        Self {
            id: run.id.clone(),
            title: title.trim_end().to_owned(),
            chosen,
            standing: standing(reply),
            glance: glance.iter().map(|&at| segments.effects[at].column.clone()).collect(),
            everyone: glance.iter().map(|&at| value(&segments.effects[at], segments.effects[at].mean)).collect(),
            customers: number::whole(segments.customers),
            unassigned: unassigned(segments),
            segments: segments.list.iter().map(|segment| Card::of(told, segments, segment, &glance)).collect(),
            beside: beside(segments),
            crosses: segments
                .crosses
                .iter()
                .map(|cross| format!("{}: {}", cross.with, cross.words.join("; ")))
                .collect(),
            pictures: whole(told, reply).iter().map(Picture::from).collect(),
        }
    }
}

/// All pictures of an answer, also those of single segments.
pub(super) fn figures(told: &Told<'_>, reply: &Reply) -> Vec<Figure> {
    let single = reply.segments.list.iter().map(|segment| figures::differences(&reply.segments, segment));
    whole(told, reply).into_iter().chain(single).collect()
}

/// The pictures that show all segments.
fn whole(told: &Told<'_>, reply: &Reply) -> Vec<Figure> {
    let (segments, labels) = (&reply.segments, reply.run.labels.as_slice());
    let mut all = vec![figures::sizes(segments), figures::heat(segments), figures::lines(segments)];
    all.extend(figures::map(told.view, labels));
    all.push(figures::outlines(segments, labels, &reply.silhouettes));
    all
}

/// The numeric columns with the largest effects.
fn glance(segments: &Segments) -> Vec<usize> {
    (0..segments.effects.len()).filter(|&at| segments.effects[at].mean.is_some()).take(GLANCE).collect()
}

fn standing(reply: &Reply) -> Vec<String> {
    let segments = &reply.segments;
    let mut said = Vec::new();
    if let Some(silhouette) = reply.run.metrics.silhouette {
        let clear = match silhouette {
            value if value >= 0.5 => "they are clearly apart",
            value if value >= 0.25 => "their borders are soft",
            _ => "they flow into each other",
        };
        said.push(format!("Separation {}: {clear} (from .50 on it counts as good).", number::ratio(silhouette, 2)));
    }
    said.push(match reply.run.holds() {
        None => "They were not redrawn: how well they hold is not known.".to_owned(),
        Some(holds) => {
            let word = Sureness::of(Some(holds)).word();
            format!("Drawn afresh, the weakest segment came back with {} of 1: {word}.", number::ratio(holds, 2))
        }
    });
    said.extend(segments.proof.as_ref().map(Proof::sentence));
    let border: usize = segments.list.iter().map(|segment| segment.border).sum();
    said.push(match border {
        0 => "Nobody stands on a border.".to_owned(),
        1 => "One customer stands on a border.".to_owned(),
        border => format!("{} customers stand on a border.", number::whole(border)),
    });
    said
}

fn unassigned(segments: &Segments) -> String {
    match segments.unassigned {
        0 => String::new(),
        count => format!("{} customers are in no segment", number::whole(count)),
    }
}

fn beside(segments: &Segments) -> Vec<Beside> {
    let line = |(at, effect): (usize, &crate::segments::Effect)| Beside {
        column: effect.column.clone(),
        sign: sign(effect.role),
        group: group(effect.group),
        effect: number::ratio(effect.size, 2),
        importance: effect.importance.map_or_else(String::new, |share| number::percent(share, 0)),
        everyone: match effect.levels.first() {
            Some((level, share)) => format!("{level} {}", number::percent(*share, 0)),
            None => value(effect, effect.mean),
        },
        values: segments.list.iter().map(|segment| own(segments, segment, at)).collect(),
    };
    segments.effects.iter().enumerate().map(line).collect()
}

fn group(group: Group) -> &'static str {
    match group {
        Group::Demography => "demography",
        Group::Purchases => "purchases",
        Group::Engagement => "engagement",
        Group::Other => "",
    }
}

/// The mean, or the share of the level that most customers have.
fn own(segments: &Segments, segment: &crate::segments::Segment, at: usize) -> String {
    let (effect, cell) = (&segments.effects[at], &segment.cells[at]);
    match cell.levels.first() {
        Some((_, share, _)) => number::percent(*share, 0),
        None => value(effect, cell.mean),
    }
}

/// What stands behind a column that was not clustered on.
pub(super) fn sign(role: Role) -> &'static str {
    match role {
        Role::Outcome => "◇",
        Role::Cluster => "",
        _ => "*",
    }
}

/// The sign, number and name of a segment.
pub(super) fn called(segment: &crate::segments::Segment) -> String {
    format!("{} {} · {}", glyph(segment.number), segment.number, segment.name)
}
