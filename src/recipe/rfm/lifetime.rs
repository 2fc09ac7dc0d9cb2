//! Customer lifetime value from the accounts.

use super::features::DAY;
use super::ledger::Account;
use super::rolled::Rolled;
use super::{RollUpError, RollUpSpec, moment_of};
use crate::kernel::fold;
use crate::matrix::Values;
use crate::recipe::clv::{BgNbd, ClvError, GammaGamma, History, Models, Spent};
use crate::table::{Kind, Role};
use crate::task::Task;

const DAYS_A_WEEK: f64 = 7.0;

impl From<ClvError> for RollUpError {
    fn from(error: ClvError) -> Self {
        match error {
            ClvError::Cancelled(cancelled) => Self::Cancelled(cancelled),
            other => Self::Model(other.to_string()),
        }
    }
}

/// What the models learn from: the purchases of a day as one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// In weeks.
    pub history: History,
    /// The purchases after the first.
    pub spent: Spent,
}

/// The days with purchases until `end` (a day since 1970) and what was spent on each.
fn days(account: &Account, end: f64) -> Vec<(f64, f64)> {
    let mut visits: Vec<(f64, f64)> =
        account.visits.iter().map(|visit| ((visit.at / DAY).floor(), visit.value)).collect();
    visits.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut days: Vec<(f64, f64)> = Vec::new();
    for (day, value) in visits.into_iter().filter(|(day, _)| *day <= end) {
        match days.last_mut() {
            Some((known, sum)) if *known == day => *sum += value,
            _ => days.push((day, value)),
        }
    }
    days
}

/// A customer until the day `end`; `None` who came later. Weeks are rounded to hundredths, as in the summaries that the
/// models were published with.
pub fn summary(account: &Account, end: f64) -> Option<Summary> {
    let days = days(account, end);
    let ((first, _), (last, _)) = (*days.first()?, *days.last()?);
    let repeats = &days[1..];
    let spent: f64 = repeats.iter().map(|(_, value)| value).sum();
    let purchases = repeats.len() as u32;
    let mean = if purchases == 0 { 0.0 } else { spent / f64::from(purchases) };
    let weeks = |days: f64| hundredths(days / DAYS_A_WEEK);
    Some(Summary {
        history: History { repeats: purchases, last: weeks(last - first), age: weeks(end - first) },
        spent: Spent { purchases, mean },
    })
}

/// Halves go up as in decimal arithmetic, also where the nearest f64 lies a little below them.
fn hundredths(value: f64) -> f64 {
    (value * 100.0 * (1.0 + 1e-12)).round() / 100.0
}

/// Mean values to the cent, as published; where less than 1 is usual, as they are.
fn to_the_cent(spent: &mut [Spent]) {
    let buyers = || spent.iter().filter(|of| of.purchases > 0);
    if buyers().map(|of| of.mean).sum::<f64>() >= buyers().count() as f64 {
        spent.iter_mut().for_each(|of| of.mean = hundredths(of.mean));
    }
}

/// Fits both models and works out their columns over the next `weeks`.
///
/// # Errors
/// The models cannot be fitted, or the task was cancelled.
pub fn features(
    accounts: &[Account],
    last: f64,
    weeks: f64,
    spec: &RollUpSpec,
    task: &Task,
) -> Result<(Vec<Rolled>, Models), RollUpError> {
    let end = (moment_of(spec.calibrate.as_deref())?.unwrap_or(last) / DAY).floor();
    let all =
        fold::chunks(accounts.len(), |range| accounts[range].iter().map(|of| summary(of, end)).collect::<Vec<_>>());
    let all: Vec<Option<Summary>> = all.concat();
    task.begin("lifetime models", 0);
    let known: Vec<Summary> = all.iter().flatten().copied().collect();
    let histories: Vec<History> = known.iter().map(|of| of.history).collect();
    let purchases = BgNbd::fit(&histories, task)?;
    let mut spent: Vec<Spent> = known.iter().map(|of| of.spent).collect();
    to_the_cent(&mut spent);
    let value = GammaGamma::fit(&spent, task)?;
    let models = Models { purchases, value: Some(value), customers: known.len() };
    Ok((columns(&all, &purchases, &value, weeks), models))
}

fn columns(all: &[Option<Summary>], purchases: &BgNbd, value: &GammaGamma, weeks: f64) -> Vec<Rolled> {
    let column = |name: &str, meaning: String, of: &(dyn Fn(&Summary) -> f64 + Sync)| {
        let one = |summary: &Option<Summary>| summary.as_ref().map_or(f64::NAN, of);
        let values = fold::chunks(all.len(), |range| all[range].iter().map(one).collect::<Vec<_>>()).concat();
        Rolled {
            name: name.to_owned(),
            kind: Kind::Number,
            role: Role::Describe,
            meaning,
            values: Values::Number(values),
        }
    };
    let next = |of: &Summary| purchases.expected(&of.history, weeks);
    let worth = |of: &Summary| value.expected(&of.spent);
    let BgNbd { r, alpha, a, b } = purchases;
    let GammaGamma { p, q, v } = value;
    vec![
        column(
            "alive",
            format!(
                "chance that the customer has not left (BG/NBD: r {r:.4}, α {alpha:.4}, a {a:.4}, b {b:.4}; days of purchase, in weeks)"
            ),
            &|of| purchases.alive(&of.history),
        ),
        column(
            "expected_purchases",
            format!("days of purchase to be expected in the next {weeks} weeks (BG/NBD)"),
            &next,
        ),
        column(
            "purchase_value",
            format!(
                "value of such a day (Gamma-Gamma: p {p:.3}, q {q:.3}, v {v:.3}, from the purchases after the first)"
            ),
            &worth,
        ),
        column(
            "clv",
            format!("expected_purchases times purchase_value: the next {weeks} weeks, not discounted"),
            &|of| next(of) * worth(of),
        ),
    ]
}
