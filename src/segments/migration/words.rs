//! Migration in words.

use super::{Backtest, Driver, Flow, Forecast, Migration, State};
use crate::recipe::words::{count, counted, number, rounded};

fn percent(share: f64) -> String {
    format!("{} %", rounded(100.0 * share, 1))
}

impl Migration {
    /// `Of 4,338 customers before, 3,100 stayed in their segment (71.5 %), 900 moved (20.7 %), 338 went; 200 came.`
    pub fn sentence(&self) -> String {
        let [before, after] = self.customers;
        let of = |part: usize| {
            if before > 0 { format!(" ({})", percent(part as f64 / before as f64)) } else { String::new() }
        };
        let unplaced = match self.unplaced {
            0 => String::new(),
            unplaced => format!("; {} could not be placed", count(unplaced)),
        };
        format!(
            "Of {} in {}, {} stayed in their segment{}, {} moved{}, {} went{}; {} came, which makes {} in {}{unplaced}.",
            counted(before, "customer", "customers"),
            self.periods[0],
            count(self.stayed),
            of(self.stayed),
            count(self.moved),
            of(self.moved),
            count(self.went),
            of(self.went),
            count(self.came),
            count(after),
            self.periods[1],
        )
    }

    /// The flows that change something, the largest first.
    pub fn changes(&self) -> Vec<&Flow> {
        let mut flows: Vec<&Flow> = self.flows.iter().filter(|flow| flow.from != flow.to).collect();
        flows.sort_by_key(|flow| std::cmp::Reverse(flow.customers));
        flows
    }

    /// `High income → Low income: 12 of 40 (30 %, between 18.1 and 45.4 %), because spending fell from 80 to 41`.
    pub fn flow_in_words(&self, flow: &Flow) -> String {
        let way = match (flow.from, flow.to) {
            (State::Absent, to) => format!("new in {}", to.name(&self.names)),
            (from, State::Absent) => format!("gone from {}", from.name(&self.names)),
            (from, to) => format!("{} → {}", from.name(&self.names), to.name(&self.names)),
        };
        let shares = flow.share.zip(flow.interval).map(|(share, (low, high))| {
            let low = percent(low);
            format!(" ({}, between {} and {})", percent(share), low.trim_end_matches(" %"), percent(high))
        });
        let drivers: Vec<String> = flow.drivers.iter().map(Driver::words).collect();
        let because = if drivers.is_empty() { String::new() } else { format!(": {}", drivers.join(", ")) };
        format!("{way}: {}{}{because}", count(flow.customers), shares.unwrap_or_default())
    }
}

impl Driver {
    /// `spending 80.2 before, 41 now`.
    pub fn words(&self) -> String {
        format!("{} {} before, {} now", self.feature, number(self.before, 3), number(self.after, 3))
    }
}

impl Forecast {
    /// Whether the forecast is worth something, and what that rests on.
    pub fn sentence(&self) -> String {
        let Some(test) = &self.backtest else {
            return "The forecast could not be tried: too few customers whose next segment is known.".to_owned();
        };
        format!("{} {}", test.verdict(), test.rests_on())
    }
}

impl Backtest {
    fn verdict(&self) -> String {
        let Self { loss, interval: (low, high), .. } = self;
        let figures = format!(
            "log loss {} against {} (the plain shares {})",
            rounded(loss.model, 3),
            rounded(loss.stays, 3),
            rounded(loss.matrix, 3)
        );
        match () {
            () if *low > 0.0 => format!("The forecast is better than “everyone stays”: {figures}."),
            () if *high < 0.0 => format!("The forecast is worse than “everyone stays”: {figures}. Do not use it."),
            () => format!("The forecast is not shown to be better than “everyone stays”: {figures}."),
        }
    }

    fn rests_on(&self) -> String {
        let who = counted(self.customers, "customer", "customers");
        let covered = match self.covered {
            Some((hits, all)) if all > 0 => {
                format!(
                    " {} of {} flows lie in the interval that was expected for them (95 in 100 should).",
                    count(hits),
                    count(all)
                )
            }
            _ => String::new(),
        };
        if self.is_later_period {
            format!("Tried on {who} of a later period that it had not seen.{covered}")
        } else {
            format!(
                "Tried on {who} of the same period, each predicted from the others; a third period would tell more."
            )
        }
    }
}
