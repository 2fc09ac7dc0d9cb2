//! Feedback: who was contacted, who responded, and what the contact did beside a group left alone.

use serde::{Deserialize, Serialize};

use super::{intervals, vtest};
use crate::recipe::words::{count, counted, rounded};
use statrs::function::erf::erfc;

/// Up to this adjusted p an uplift is called real.
const REAL: f64 = 0.05;
/// Fewer customers in one of the groups say nothing.
const LEAST: usize = 10;
/// The standard normal quantile of 80 %: the power with which an uplift would be seen.
const POWER: f64 = 0.841_621_233_572_914_2;

/// One customer of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The segment, 0 in none; `None` where it is not known.
    pub segment: Option<u32>,
    /// Whether the customer was contacted; the others were left alone.
    pub contacted: bool,
    /// Whether the customer responded.
    pub responded: bool,
}

/// Some customers, and those of them who responded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Customers.
    pub customers: usize,
    /// Who responded.
    pub responded: usize,
}

/// What the contact did to some customers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Uplift {
    /// The segment; `None`: everyone.
    pub segment: Option<u32>,
    /// The segment's name, or `everyone`.
    pub name: String,
    /// Who was contacted.
    pub contacted: Group,
    /// Who was left alone.
    pub control: Group,
    /// The response rate of those contacted less that of the others; `None` where one group is empty.
    pub uplift: Option<f64>,
    /// Its interval of 95 % (Newcombe).
    pub interval: Option<(f64, f64)>,
    /// The p of no uplift (Fisher's exact test, mid-p).
    pub p: Option<f64>,
    /// The same, corrected for all segments (Holm 1979); of everyone as it is.
    pub adjusted: Option<f64>,
    /// Whether the uplift is called real.
    pub real: bool,
    /// The smallest uplift that groups so large would show in four of five campaigns.
    pub detectable: Option<f64>,
    /// What it comes to.
    pub words: String,
}

/// What a campaign did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Feedback {
    /// Everyone together.
    pub everyone: Uplift,
    /// The segments, 1 first.
    pub segments: Vec<Uplift>,
    /// Customers whose segment is not known; they count for everyone.
    pub unplaced: usize,
}

impl Group {
    /// The share that responded.
    pub fn rate(self) -> Option<f64> {
        (self.customers > 0).then(|| self.responded as f64 / self.customers as f64)
    }

    fn of<'a>(answers: impl Iterator<Item = &'a Answer>) -> Self {
        answers.fold(Self::default(), |group, answer| Self {
            customers: group.customers + 1,
            responded: group.responded + usize::from(answer.responded),
        })
    }
}

/// What the contact did, in each segment and in all; `names` are the segments', 1 first.
pub fn feedback(answers: &[Answer], names: &[String]) -> Feedback {
    let of = |number: u32, name: &String| {
        uplift(Some(number), name, answers.iter().filter(|answer| answer.segment == Some(number)))
    };
    let mut segments: Vec<Uplift> = (1..).zip(names).map(|(number, name)| of(number, name)).collect();
    holm(&mut segments);
    segments.iter_mut().for_each(Uplift::say);
    let mut everyone = uplift(None, "everyone", answers.iter());
    everyone.adjusted = everyone.p;
    everyone.say();
    let unplaced = answers.iter().filter(|answer| answer.segment.is_none()).count();
    Feedback { everyone, segments, unplaced }
}

/// What the contact did to customers of whom only the counts are known.
pub fn uplift_of(contacted: Group, control: Group) -> Uplift {
    let mut uplift = of_groups(None, "", contacted, control);
    uplift.adjusted = uplift.p;
    uplift.say();
    uplift
}

fn uplift<'a>(segment: Option<u32>, name: &str, answers: impl Iterator<Item = &'a Answer> + Clone) -> Uplift {
    let contacted = Group::of(answers.clone().filter(|answer| answer.contacted));
    let control = Group::of(answers.filter(|answer| !answer.contacted));
    of_groups(segment, name, contacted, control)
}

fn of_groups(segment: Option<u32>, name: &str, contacted: Group, control: Group) -> Uplift {
    let rates = contacted.rate().zip(control.rate());
    let pair = |group: Group| (group.responded as f64, group.customers as f64);
    Uplift {
        segment,
        name: name.to_owned(),
        contacted,
        control,
        uplift: rates.map(|(own, other)| own - other),
        interval: rates.map(|_| intervals::of_difference(pair(contacted), pair(control))),
        p: rates.map(|_| exact(contacted, control)),
        adjusted: None,
        real: false,
        detectable: rates.map(|_| detectable(contacted, control)),
        words: String::new(),
    }
}

/// Fisher's exact test, mid-p: the two-sided tail of the hypergeometric distribution.
fn exact(contacted: Group, control: Group) -> f64 {
    let (all, with) = (contacted.customers + control.customers, contacted.responded + control.responded);
    let v = vtest::of_level(contacted.responded, contacted.customers, with, all);
    erfc(v.abs() / std::f64::consts::SQRT_2)
}

/// (z₉₇.₅ + z₈₀) standard errors of the difference at the rate of all.
fn detectable(contacted: Group, control: Group) -> f64 {
    let (n, m) = (contacted.customers as f64, control.customers as f64);
    // One imagined response and one refusal: nobody's rate is known to be nothing.
    let rate = ((contacted.responded + control.responded) as f64 + 1.0) / (n + m + 2.0);
    (intervals::Z + POWER) * (rate * (1.0 - rate) * (1.0 / n + 1.0 / m)).sqrt()
}

/// Holm's step-down correction over those that were tested.
fn holm(of: &mut [Uplift]) {
    let mut tested: Vec<(f64, usize)> = of.iter().enumerate().filter_map(|(at, one)| Some((one.p?, at))).collect();
    tested.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut largest = 0.0_f64;
    for (rank, &(p, at)) in tested.iter().enumerate() {
        largest = largest.max(p * (tested.len() - rank) as f64).min(1.0);
        of[at].adjusted = Some(largest);
    }
}

impl Uplift {
    fn say(&mut self) {
        let is_enough = self.contacted.customers.min(self.control.customers) >= LEAST;
        self.real = is_enough && self.adjusted.is_some_and(|adjusted| adjusted <= REAL);
        self.words = self.verdict();
    }

    fn verdict(&self) -> String {
        let (Some(uplift), Some((low, high)), Some(detectable)) = (self.uplift, self.interval, self.detectable) else {
            let missing = if self.contacted.customers == 0 { "nobody was contacted" } else { "nobody was left alone" };
            return format!("{missing}: nothing can be said");
        };
        let groups = format!(
            "{} contacted and {} left alone",
            count(self.contacted.customers),
            counted(self.control.customers, "customer", "customers")
        );
        if self.contacted.customers.min(self.control.customers) < LEAST {
            return format!("{groups} are too few to show anything");
        }
        if !self.real {
            return format!("no uplift shown; {groups} would show one from {} on", points(detectable));
        }
        let direction = if uplift > 0.0 { "more" } else { "less" };
        format!("{} {direction} responded (between {} and {})", points(uplift.abs()), points(low), points(high))
    }
}

/// `4.2 points`: per cent of customers.
fn points(share: f64) -> String {
    format!("{} points", rounded(100.0 * share, 1))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn answers(segment: u32, contacted: (usize, usize), control: (usize, usize)) -> Vec<Answer> {
        let group = |(responded, customers): (usize, usize), contacted: bool| {
            (0..customers).map(move |at| Answer { segment: Some(segment), contacted, responded: at < responded })
        };
        group(contacted, true).chain(group(control, false)).collect()
    }

    #[test]
    fn an_uplift_has_newcombes_interval_and_fishers_mid_p() {
        let mut all = answers(1, (56, 70), (48, 80));
        all.extend(answers(2, (10, 100), (9, 100)));
        all.extend(answers(3, (3, 8), (0, 4)));
        all.push(Answer { segment: None, contacted: true, responded: false });
        let found = feedback(&all, &["A", "B", "C", "D"].map(str::to_owned));
        let [one, two, three, four] = found.segments.as_slice() else { panic!("four segments") };
        assert!((one.uplift.unwrap() - 0.2).abs() < 1e-12);
        let (low, high) = one.interval.unwrap();
        assert!((low - 0.052_431_472_402).abs() < 1e-9 && (high - 0.333_872_654_036_9).abs() < 1e-9);
        // scipy: 2·min(P(X < x), P(X > x)) + P(X = x) of hypergeom(150, 104, 70).
        assert!((one.p.unwrap() - 0.00844944267945265).abs() < 1e-9, "{:?}", one.p);
        assert!((one.adjusted.unwrap() - 3.0 * one.p.unwrap()).abs() < 1e-12);
        assert!(one.real && !two.real && !three.real);
        assert_eq!(one.words, "20 points more responded (between 5.2 points and 33.4 points)");
        assert!(
            two.words.starts_with("no uplift shown; 100 contacted and 100 customers left alone would show one from")
        );
        assert_eq!(three.words, "8 contacted and 4 customers left alone are too few to show anything");
        assert_eq!(four.words, "nobody was contacted: nothing can be said");
        assert_eq!((found.unplaced, found.everyone.contacted.customers), (1, 179));
    }

    #[test]
    fn corrected_p_never_falls_with_p() {
        let all: Vec<Answer> =
            [(30, 40), (25, 40), (22, 40)].iter().zip(1..).flat_map(|(own, at)| answers(at, *own, (15, 40))).collect();
        let found = feedback(&all, &["A", "B", "C"].map(str::to_owned));
        let of = |at: usize| (found.segments[at].p.unwrap(), found.segments[at].adjusted.unwrap());
        assert!((of(0).1 - 3.0 * of(0).0).abs() < 1e-15 && (of(1).1 - 2.0 * of(1).0).abs() < 1e-15);
        assert!((of(2).1 - of(2).0.max(of(1).1)).abs() < 1e-15);
    }
}
