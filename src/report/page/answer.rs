//! One answer: its segments at a glance, side by side, and one by one.

use serde::Serialize;

use super::super::figures::{self, Figure};
use super::super::words::{glyph, value};
use super::card::Card;
use super::data::Fact;
use super::runs::setting;
use super::{Picture, Reply, Told};
use crate::plot::number;
use crate::segments::{Group, Proof, Segments, Sureness, Trial};
use crate::table::Role;

/// Columns that stand at a glance.
const GLANCE: usize = 3;
/// Features that are told without which the segments would be others.
const HANGS_ON: usize = 3;

/// One answer.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// The run.
    pub id: String,
    /// E.g. `5 segments: k-means k=5`.
    pub title: String,
    /// Whether it is the one that was chosen.
    pub chosen: bool,
    /// Why it stands here: `recommended`, `asked for`, or `another answer`.
    pub why_here: &'static str,
    /// How clear and how sure it is, in sentences.
    pub standing: Vec<String>,
    /// What was tried on it.
    pub sure: Option<Sure>,
    /// The columns that stand at a glance.
    pub glance: Vec<String>,
    /// What everyone has in them.
    pub everyone: Vec<String>,
    /// The first result, and everyone's.
    pub result: Option<Fact>,
    /// The column of the goods that they buy.
    pub goods: Option<String>,
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

/// How sure the segments are, from everything that was tried.
#[derive(Debug, Clone, Serialize)]
pub struct Sure {
    /// Poor, fair or good.
    pub gauge: &'static str,
    /// Why.
    pub sentence: String,
    /// What was tried.
    pub trials: Vec<TrialLine>,
    /// Features without which the segments would be others, the one that matters most first.
    pub hangs_on: Vec<Fact>,
}

/// One thing that was tried.
#[derive(Debug, Clone, Serialize)]
pub struct TrialLine {
    /// What.
    pub name: String,
    /// What came out.
    pub found: String,
    /// From here on it is fair, and good.
    pub wanted: String,
    /// What it is worth.
    pub mark: &'static str,
    /// What it says.
    pub words: String,
}

/// What an answer is about: a run of a study with its rows, or what a model holds.
pub(super) struct About<'a> {
    pub id: &'a str,
    pub title: String,
    pub chosen: bool,
    pub separation: Option<f64>,
    pub holds: Option<f64>,
    pub segments: &'a Segments,
    pub rows: Option<(&'a Told<'a>, &'a Reply)>,
}

impl<'a> About<'a> {
    fn why_here(&self) -> &'static str {
        let advised = self.rows.and_then(|(told, _)| told.study.recommendation.id.as_deref());
        match self.chosen {
            true if advised == Some(self.id) => "recommended",
            true if self.rows.is_none() => "as saved",
            true => "asked for",
            false => "another answer",
        }
    }

    pub fn reply(told: &'a Told<'a>, reply: &'a Reply, chosen: bool) -> Self {
        let (run, count) = (&reply.run, reply.segments.list.len());
        let title = format!("{count} segments: {} {}", run.candidate.algorithm.title(), setting(run));
        Self {
            id: &run.id,
            title: title.trim_end().to_owned(),
            chosen,
            separation: run.metrics.silhouette,
            holds: run.holds(),
            segments: &reply.segments,
            rows: Some((told, reply)),
        }
    }
}

impl Answer {
    pub(super) fn of(about: &About<'_>) -> Self {
        let segments = about.segments;
        let glance = glance(segments);
        let result = segments.outcomes.first();
        Self {
            id: about.id.to_owned(),
            title: about.title.clone(),
            chosen: about.chosen,
            why_here: about.why_here(),
            standing: standing(about),
            sure: segments.proof.as_ref().map(Sure::of),
            glance: glance.iter().map(|&at| segments.effects[at].column.clone()).collect(),
            everyone: glance.iter().map(|&at| value(&segments.effects[at], segments.effects[at].mean)).collect(),
            result: result.map(|outcome| Fact::new(outcome.title.clone(), outcome.written(outcome.everyone))),
            goods: segments.baskets.as_ref().map(|baskets| baskets.column.clone()),
            customers: number::whole(segments.customers),
            unassigned: unassigned(segments),
            segments: segments.list.iter().map(|segment| Card::of(about, segment, &glance)).collect(),
            beside: beside(segments),
            crosses: segments.crosses.iter().map(|cross| cross.words.join(" ")).collect(),
            pictures: whole(about).iter().map(Picture::from).collect(),
        }
    }
}

impl Sure {
    fn of(proof: &Proof) -> Self {
        let line = |trial: &Trial| TrialLine {
            name: trial.name.clone(),
            found: number::ratio(trial.value, 2),
            wanted: format!("{} and {}", number::ratio(trial.fair, 2), number::ratio(trial.good, 2)),
            mark: trial.mark.word(),
            words: trial.words.clone(),
        };
        let without = |(feature, alike): &(String, f64)| Fact::new(feature.clone(), number::ratio(*alike, 2));
        Self {
            gauge: proof.gauge.word(),
            sentence: proof.sentence(),
            trials: proof.trials.iter().map(line).collect(),
            hangs_on: proof.features.iter().take(HANGS_ON).map(without).collect(),
        }
    }
}

/// All pictures of an answer, also those of single segments.
pub(super) fn figures(about: &About<'_>) -> Vec<Figure> {
    let single = about.segments.list.iter().map(|segment| figures::differences(about.segments, segment));
    whole(about).into_iter().chain(single).collect()
}

/// The pictures that show all segments.
fn whole(about: &About<'_>) -> Vec<Figure> {
    let segments = about.segments;
    let mut all = vec![figures::sizes(segments), figures::heat(segments), figures::lines(segments)];
    all.extend(figures::outcomes(segments));
    if let Some((told, reply)) = about.rows {
        let labels = reply.run.labels.as_slice();
        all.extend(figures::map(told.view, segments, labels));
        all.push(figures::outlines(segments, labels, &reply.silhouettes));
        let segments = reply.run.labels.clusters();
        all.extend(reply.tree.as_ref().and_then(|tree| figures::tree(tree, segments)));
    }
    all
}

/// The numeric columns with the largest effects.
fn glance(segments: &Segments) -> Vec<usize> {
    (0..segments.effects.len()).filter(|&at| segments.effects[at].mean.is_some()).take(GLANCE).collect()
}

fn standing(about: &About<'_>) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(silhouette) = about.separation {
        let clear = match silhouette {
            value if value >= 0.5 => "they are clearly apart",
            value if value >= 0.25 => "their borders are soft",
            _ => "they flow into each other",
        };
        said.push(format!("Separation {}: {clear} (from .50 on it counts as good).", number::ratio(silhouette, 2)));
    }
    said.push(match about.holds {
        None => "They were not redrawn: how well they hold is not known.".to_owned(),
        Some(holds) => {
            let word = Sureness::of(Some(holds)).word();
            format!("Drawn afresh, the weakest segment came back with {} of 1: {word}.", number::ratio(holds, 2))
        }
    });
    let border: usize = about.segments.list.iter().map(|segment| segment.border).sum();
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
        column: match effect.levels.first() {
            Some((level, _)) => format!("{}: {level}", effect.column),
            None => effect.column.clone(),
        },
        sign: sign(effect.role),
        group: group(effect.group),
        effect: number::ratio(effect.size, 2),
        importance: effect.importance.map_or_else(String::new, |share| number::percent(share, 0)),
        everyone: match effect.levels.first() {
            Some((_, share)) => number::percent(*share, 0),
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
