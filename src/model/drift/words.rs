//! Drift in words.

use super::values::{By, Change, Drift, Level, Moved, Size, What};
use crate::recipe::words::{count, counted, number, rounded};

/// Levels that are named.
const NAMED: usize = 3;

fn percent(share: f64) -> String {
    format!("{} %", rounded(100.0 * share, 1))
}

impl Drift {
    /// What it comes to, in a sentence or two.
    pub fn sentence(&self) -> String {
        let placed = self.rows - self.unplaced;
        if placed < super::LEAST_ROWS {
            return format!(
                "Of {} nothing can be said: {} placed rows are needed.",
                counted(self.rows, "row", "rows"),
                super::LEAST_ROWS
            );
        }
        let against =
            format!("{} held against the {} of the model", counted(self.rows, "row", "rows"), count(self.trained_on));
        let unplaced = match self.unplaced {
            0 => String::new(),
            unplaced => format!("; {} could not be placed", count(unplaced)),
        };
        let names: Vec<&str> =
            self.moved.iter().filter(|moved| moved.drifted).map(|moved| moved.name.as_str()).collect();
        match names.as_slice() {
            [] => format!("Nothing moved beyond chance: {against}{unplaced}."),
            [one] => format!("{one} moved beyond chance: {against}{unplaced}."),
            [most @ .., last] => format!("{} and {last} moved beyond chance: {against}{unplaced}.", most.join(", ")),
        }
    }

    /// Whether anything moved beyond chance by this PSI at least, less what chance gives; that values are missing has
    /// none, and counts.
    pub fn is_beyond(&self, psi: f64) -> bool {
        let by = |moved: &Moved| moved.psi.unwrap_or(0.0) - moved.psi_by_chance.unwrap_or(0.0);
        self.moved.iter().any(|moved| moved.drifted && (psi <= 0.0 || !moved.values_moved() || by(moved) >= psi))
    }

    /// What to do, where something moved.
    pub fn advice(&self) -> Option<&'static str> {
        let of = |what: What| self.moved.iter().any(|moved| moved.what == what && moved.drifted);
        let large = self.moved.iter().any(|moved| moved.drifted && moved.size >= Size::Moderate);
        match () {
            () if !self.drifted => None,
            () if of(What::Distances) && large => {
                Some("The segments do not lie where the customers are any more: make the model anew.")
            }
            () if of(What::Segments) || large => {
                Some("The segments still apply, but their sizes or what they mean changed: look at them again.")
            }
            () => Some("It is real, but hardly changes who is where: watch it."),
        }
    }
}

impl What {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Feature => "feature",
            Self::Segments => "segments",
            Self::Distances => "distances",
        }
    }
}

impl Moved {
    /// The smallest p of its tests, corrected for all of the report.
    pub fn p(&self) -> Option<f64> {
        self.tests.iter().map(|test| test.corrected).min_by(f64::total_cmp)
    }

    /// The sentence, with what the move does to the segments where that is known.
    pub fn in_words(&self) -> String {
        let otherwise = self.placed_otherwise.map(|share| {
            format!("; distributed as then it would put {} of the rows in another segment", percent(share))
        });
        format!("{}{}", self.sentence, otherwise.unwrap_or_default())
    }

    /// Fills the sentence in.
    pub(super) fn put_into_words(&mut self) {
        let changed = match &self.change {
            Change::Nothing => "nothing to compare".to_owned(),
            Change::Numbers { median, above, .. } => self.way(*median, *above),
            Change::Levels(levels) => self.shifts(levels),
        };
        let missing = self
            .missing
            .filter(|_| self.tests.iter().any(|test| test.by == By::Missing && self.is_real(test.corrected)));
        let missing =
            missing.map(|[then, now]| format!("; without a value {} then, {} now", percent(then), percent(now)));
        let counts = self.importance.filter(|_| self.drifted);
        let counts = counts.map(|share| format!("; it makes {} of what tells the segments apart", percent(share)));
        let untested = if self.tests.is_empty() && self.change != Change::Nothing { " (not tested)" } else { "" };
        self.sentence = format!("{changed}{untested}{}{}", missing.unwrap_or_default(), counts.unwrap_or_default());
    }

    fn is_real(&self, corrected: f64) -> bool {
        self.drifted && corrected <= super::LIMIT
    }

    /// Whether the values themselves moved, not only how many are missing.
    fn values_moved(&self) -> bool {
        self.tests.iter().any(|test| test.by != By::Missing && self.is_real(test.corrected))
    }

    /// `fell: half of them up to 41, then 50; a row of now is below one of then in 63 %`.
    fn way(&self, [then, now]: [f64; 2], above: f64) -> String {
        if !self.values_moved() {
            return "as then".to_owned();
        }
        let middle = format!("middle value {} then, {} now", number(then, 3), number(now, 3));
        let (word, share) = if above >= 0.5 { ("above", above) } else { ("below", 1.0 - above) };
        let pairs = format!("a row of now lies {word} one of then in {} of the pairs", percent(share));
        let verb = match (above, self.what) {
            (above, _) if (above - 0.5).abs() < 0.02 => "spread otherwise",
            (above, What::Distances) if above > 0.5 => "farther from the centres",
            (_, What::Distances) => "nearer to the centres",
            (above, _) if above > 0.5 => "rose",
            _ => "fell",
        };
        format!("{verb}: {middle}; {pairs}")
    }

    /// `Harbour 24 % then, 35 % now; …`.
    fn shifts(&self, levels: &[Level]) -> String {
        if !self.values_moved() {
            return "as then".to_owned();
        }
        let told = levels.iter().take(NAMED);
        let words =
            told.map(|level| format!("{} {} then, {} now", level.name, percent(level.before), percent(level.now)));
        format!("shares moved: {}", words.collect::<Vec<_>>().join("; "))
    }
}
