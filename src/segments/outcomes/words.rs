//! Outcomes in words: a number always with everyone's beside it, and no promise of effect.

use super::{Better, Lift, Outcome};
use crate::recipe::words::{number, rounded};

impl Outcome {
    /// A rate or mean of it as people write it.
    pub fn written(&self, value: f64) -> String {
        if self.is_rate { format!("{} %", rounded(100.0 * value, 1)) } else { number(value, 3) }
    }

    /// `response rate 27.1 % (between 23.2 and 31.4 %), everyone 14.9 %: 1.82 times everyone’s, which is good; 41 % of all.`
    pub fn sentence(&self, lift: &Lift) -> String {
        let Some(value) = lift.value else { return format!("{}: not known of anybody here.", self.title) };
        let mut words = format!("{} {}", self.title, self.written(value));
        if let Some((low, high)) = lift.interval {
            let (low, high) = (self.written(low), self.written(high));
            words.push_str(&format!(" (between {} and {high})", low.trim_end_matches(" %")));
        }
        words.push_str(&format!(", everyone {}", self.written(self.everyone)));
        words.push_str(&format!(": {}", self.verdict(lift)));
        if let (Some(weight), true) = (lift.weight, self.counts()) {
            words.push_str(&format!("; {} of all", self.percent(weight)));
        }
        words + "."
    }

    /// `response 27.1 % (23.2–31.4), everyone 14.9 %: lift 1.82, real`: one line of a card, where % says that it is a rate.
    pub fn brief(&self, lift: &Lift) -> Option<String> {
        let (value, (low, high)) = lift.value.zip(lift.interval)?;
        let (low, high, everyone) = (self.written(low), self.written(high), self.written(self.everyone));
        let [low, high] = [&low, &high].map(|end| end.trim_end_matches(" %"));
        let title = self.title.trim_end_matches(" rate");
        let figures = format!("{title} {} ({low}–{high}), everyone {everyone}", self.written(value));
        let found = match lift.lift {
            _ if !lift.real => "lift not proven".to_owned(),
            Some(lift) => format!("lift {}, real", rounded(lift, 2)),
            None => format!("{}, real", self.verdict(lift)),
        };
        Some(format!("{figures}: {found}"))
    }

    /// `1.8 times everyone’s`, or that no difference is shown.
    pub fn verdict(&self, lift: &Lift) -> String {
        if !lift.real {
            return "no difference shown".to_owned();
        }
        let higher = lift.value.is_some_and(|value| value > self.everyone);
        let judged = match (self.better, higher) {
            (Better::Unsaid, _) => "",
            (Better::More, true) | (Better::Less, false) => ", which is good",
            _ => ", which is not good",
        };
        let times = lift.lift.map(|lift| format!("{} times everyone’s", rounded(lift, 2)));
        let plain = || if higher { "above everyone’s" } else { "below everyone’s" }.to_owned();
        format!("{}{judged}", times.unwrap_or_else(plain))
    }

    /// Whether shares of all that it counts mean something: of answers and money, not of grades.
    pub fn counts(&self) -> bool {
        use super::Meaning::{Conversion, OrderValue, Other, Retention, Satisfaction};
        match self.meaning {
            Satisfaction | OrderValue => false,
            Retention | Conversion | Other => self.is_rate,
            _ => true,
        }
    }

    fn percent(&self, share: f64) -> String {
        format!("{} %", rounded(100.0 * share, 1))
    }
}
