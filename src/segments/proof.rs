//! Proof: how sure the segments are, from everything that was tried, as a gauge and in plain words.

use serde::{Deserialize, Serialize};

use super::{Segments, Sureness};
use crate::recipe::words::counted;
use crate::study::{Agreement, Run, Sensitivity};

/// The scale of the gauge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gauge {
    /// Not to be built on.
    Poor,
    /// Of use, with care.
    Fair,
    /// To be built on.
    Good,
}

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// What, e.g. `separation`.
    pub name: String,
    /// What came out, on its own scale.
    pub value: f64,
    /// From here on it is good.
    pub good: f64,
    /// From here on it is fair.
    pub fair: f64,
    /// What it is worth; the gauge is the worst of these.
    pub mark: Gauge,
    /// What it says, with its figures.
    pub words: String,
}

/// What was tried on one segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SegmentProof {
    /// The segment's number.
    pub segment: u32,
    /// The mean Jaccard over the redraws.
    pub holds: Option<f64>,
    /// With other seeds.
    pub seeds: Option<f64>,
    /// Without the customers who are farthest out.
    pub outliers: Option<f64>,
    /// The feature that it hangs on most, and its Jaccard without it.
    pub hangs_on: Option<(String, f64)>,
    /// What it comes to.
    pub words: String,
}

/// How sure the segments are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// The worst of the trials.
    pub gauge: Gauge,
    /// What it rests on.
    pub trials: Vec<Trial>,
    /// For each feature the adjusted Rand index of the run without it, the one that matters most first.
    pub features: Vec<(String, f64)>,
    /// The segments, 1 first.
    pub segments: Vec<SegmentProof>,
    /// Customers that were refitted.
    pub rows: usize,
}

impl Gauge {
    /// The word on the screen.
    pub fn word(self) -> &'static str {
        match self {
            Self::Poor => "poor",
            Self::Fair => "fair",
            Self::Good => "good",
        }
    }

    fn of(value: f64, fair: f64, good: f64) -> Self {
        match () {
            () if value >= good => Self::Good,
            () if value >= fair => Self::Fair,
            () => Self::Poor,
        }
    }
}

/// Puts together what was tried on a run. `inputs` are the names of the features.
pub fn proof(run: &Run, segments: &Segments, tried: &Sensitivity, inputs: &[String]) -> Proof {
    let trials: Vec<Trial> =
        [separation(run, tried), holds(segments), prediction(tried), seeds(tried), outliers(tried)]
            .into_iter()
            .flatten()
            .collect();
    let name = |feature: usize| inputs.get(feature).cloned().unwrap_or_default();
    let mut features: Vec<(String, f64)> =
        tried.dropped.iter().map(|(feature, without)| (name(*feature), without.ari)).collect();
    features.sort_by(|a, b| a.1.total_cmp(&b.1));
    Proof {
        gauge: trials.iter().map(|trial| trial.mark).min().unwrap_or(Gauge::Poor),
        trials,
        features,
        segments: segments.list.iter().map(|segment| of_segment(segment, tried, &name)).collect(),
        rows: tried.rows,
    }
}

impl Proof {
    /// `Good: …` with the reason that decides.
    pub fn sentence(&self) -> String {
        let worst = self.trials.iter().filter(|trial| trial.mark == self.gauge);
        let words: Vec<&str> = worst.map(|trial| trial.words.as_str()).collect();
        match self.gauge {
            Gauge::Good => format!("Good: {}.", words.join("; ")),
            Gauge::Fair => format!("Fair, because of this: {}.", words.join("; ")),
            Gauge::Poor => format!("Poor: {}. Do not build on these segments.", words.join("; ")),
        }
    }
}

fn trial(name: &str, value: f64, (fair, good): (f64, f64), words: String) -> Trial {
    Trial { name: name.to_owned(), value, good, fair, mark: Gauge::of(value, fair, good), words }
}

/// The silhouette has to be clearer than that of customers without groups, unless the borders run where hardly anybody is.
fn separation(run: &Run, tried: &Sensitivity) -> Option<Trial> {
    const GOOD: f64 = 0.5;
    const POOR: f64 = 0.25;
    let value = run.metrics.silhouette?;
    let limit = tried.chance.unwrap_or(0.0);
    if tried.is_apart {
        let link = if value >= GOOD { "and" } else { "not compact (that begins at .50), but" };
        let words = format!("separation {}, {link} the space between the segments is all but empty", two(value));
        return Some(Trial { mark: Gauge::Good, ..trial("separation", value, (limit, GOOD), words) });
    }
    let than = match tried.chance {
        Some(limit) if value >= limit => format!("clearer than customers without groups look ({})", two(limit)),
        Some(limit) => format!("no clearer than customers without groups look (up to {})", two(limit)),
        None => "not held against chance".to_owned(),
    };
    let alone = if value < POOR { " (poor by itself)" } else { "" };
    let words = format!("separation {}{alone}, {than}", two(value));
    Some(trial("separation", value, (limit, GOOD.max(limit)), words))
}

fn holds(segments: &Segments) -> Option<Trial> {
    let known = segments.list.iter().filter_map(|segment| segment.holds.map(|holds| (holds, segment)));
    let (value, weakest) = known.min_by(|a, b| a.0.total_cmp(&b.0))?;
    let words = match weakest.sureness {
        Sureness::Firm => format!(
            "every segment comes back when the customers are drawn afresh, the weakest with {} of 1",
            two(value)
        ),
        _ => format!("{} comes back with {} of 1 only when the customers are drawn afresh", weakest.name, two(value)),
    };
    Some(trial("redraws", value, (0.75, 0.85), words))
}

fn prediction(tried: &Sensitivity) -> Option<Trial> {
    let value = tried.prediction?;
    let words = format!(
        "one half of the customers predicts the segments of the other half with {} of 1 in the weakest one",
        two(value)
    );
    Some(trial("prediction", value, (0.5, 0.8), words))
}

fn seeds(tried: &Sensitivity) -> Option<Trial> {
    let value = tried.seeds.as_ref()?.ari;
    let words = format!("other random starts agree with {} of 1", two(value));
    Some(trial("starts", value, (0.75, 0.9), words))
}

fn outliers(tried: &Sensitivity) -> Option<Trial> {
    let (out, without) = tried.outliers.as_ref()?;
    let who = counted(*out, "customer", "customers");
    let words = format!("without the {who} farthest out the segments agree with {} of 1", two(without.ari));
    Some(trial("outliers", without.ari, (0.6, 0.85), words))
}

fn of_segment(segment: &super::Segment, tried: &Sensitivity, name: &dyn Fn(usize) -> String) -> SegmentProof {
    let at = segment.number as usize - 1;
    let of = |agreement: &Agreement| agreement.jaccards.get(at).copied();
    let without = tried.dropped.iter().filter_map(|(feature, without)| Some((name(*feature), of(without)?)));
    let mut proof = SegmentProof {
        segment: segment.number,
        holds: segment.holds,
        seeds: tried.seeds.as_ref().and_then(of),
        outliers: tried.outliers.as_ref().and_then(|(_, without)| of(without)),
        hangs_on: without.min_by(|a, b| a.1.total_cmp(&b.1)),
        words: String::new(),
    };
    proof.words = in_words(&proof, segment.sureness);
    proof
}

/// `firm: comes back with .97 of 1 when drawn afresh, 1.00 from other starts, .96 without those farthest out; hangs on
/// income most (.41 without it)`.
fn in_words(proof: &SegmentProof, sureness: Sureness) -> String {
    let said = |value: Option<f64>, what: &str| value.map(|value| format!("{} {what}", two(value)));
    let parts = [
        said(proof.holds, "of 1 when drawn afresh"),
        said(proof.seeds, "from other starts"),
        said(proof.outliers, "without those farthest out"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let hangs =
        proof.hangs_on.as_ref().map(|(feature, left)| format!("; hangs on {feature} most ({} without it)", two(*left)));
    format!("{}: {}{}", sureness.word(), parts.join(", "), hangs.unwrap_or_default())
}

/// Two digits without the zero before the point.
fn two(value: f64) -> String {
    crate::plot::number::ratio(value, 2)
}
