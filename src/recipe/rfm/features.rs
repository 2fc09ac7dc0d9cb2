//! From accounts to one row a customer. Every column says what it means.

use std::collections::HashMap;

use super::ledger::{Account, Ledger, Levels};
use super::lot::LABELS;
use super::rolled::{RollUp, Rolled};
use super::scores::{Best, grid_in_words, scores, segment};
use super::{Extra, Returns, RollUpError, RollUpSpec, lifetime};
use crate::kernel::fold;
use crate::matrix::{Coded, Values};
use crate::table::{Key, Kind, OrderColumns, Role};
use crate::task::Task;

/// Seconds of a day.
pub const DAY: f64 = 86_400.0;
/// The levels that have a column of their own.
const LARGEST: usize = 8;

/// Works out what was asked for.
///
/// # Errors
/// No line was used, a lifetime model cannot be fitted, or the task was cancelled.
pub fn finish(
    ledger: Ledger,
    columns: &OrderColumns,
    spec: &RollUpSpec,
    until: Option<f64>,
    task: &Task,
) -> Result<RollUp, RollUpError> {
    let Ledger { parts, levels, counts } = ledger;
    let (mut accounts, mut names) = (Vec::new(), HashMap::new());
    for part in parts {
        accounts.extend(part.accounts.into_iter().filter(|account| !account.visits.is_empty()));
        names.extend(part.names);
    }
    task.check()?;
    if accounts.is_empty() {
        return Err(RollUpError::NothingLeft(left_out(&counts)));
    }
    let (accounts, ids) = by_id(accounts, &names);
    let last = accounts.iter().map(|account| account.last).fold(f64::NEG_INFINITY, f64::max);
    let snapshot = until.unwrap_or(last + DAY);
    let customers = Customers { accounts: &accounts, snapshot, last, levels: &levels, columns, spec, task };
    let (features, models) = customers.features()?;
    Ok(RollUp { columns: columns.clone(), ids, features, counts, snapshot, models })
}

fn left_out(counts: &super::Counts) -> String {
    format!(
        "of {} lines {} have no customer or date, {} no quantity and price above 0",
        counts.lines, counts.without_customer, counts.not_positive
    )
}

/// Sorts the accounts by their ids: as numbers where all of them are, else as texts.
fn by_id(accounts: Vec<Account>, names: &HashMap<Key, Box<str>>) -> (Vec<Account>, Values) {
    let numbers: Option<Vec<f64>> = accounts.iter().map(|account| number(account.customer)).collect();
    match numbers {
        Some(numbers) => {
            let (accounts, ids) = sorted(accounts, numbers, f64::total_cmp);
            (accounts, Values::Number(ids))
        }
        None => {
            let named =
                |key: Key| key.text().or_else(|| names.get(&key).map(|name| name.to_string())).unwrap_or_default();
            let texts = accounts.iter().map(|account| named(account.customer)).collect();
            let (accounts, levels) = sorted(accounts, texts, String::cmp);
            (accounts, Values::Text(Coded { codes: (0..levels.len() as u32).collect(), levels }))
        }
    }
}

/// The number that a key is, if it is written as numbers are.
fn number(key: Key) -> Option<f64> {
    key.number().or_else(|| {
        let text = key.text()?;
        text.parse::<f64>().ok().filter(|number| number.to_string() == text)
    })
}

fn sorted<T>(accounts: Vec<Account>, ids: Vec<T>, order: fn(&T, &T) -> std::cmp::Ordering) -> (Vec<Account>, Vec<T>) {
    let mut rows: Vec<(T, Account)> = ids.into_iter().zip(accounts).collect();
    rows.sort_by(|a, b| order(&a.0, &b.0));
    let (ids, accounts) = rows.into_iter().unzip();
    (accounts, ids)
}

/// All customers, ascending by id.
struct Customers<'a> {
    accounts: &'a [Account],
    snapshot: f64,
    /// The last moment of all.
    last: f64,
    levels: &'a [Levels; LABELS],
    columns: &'a OrderColumns,
    spec: &'a RollUpSpec,
    task: &'a Task,
}

impl Customers<'_> {
    fn features(&self) -> Result<(Vec<Rolled>, Option<crate::recipe::clv::Models>), RollUpError> {
        let mut features = self.base();
        for extra in Extra::ALL.into_iter().filter(|extra| self.spec.wants(*extra)) {
            self.task.check()?;
            features.extend(self.extra(extra));
        }
        if let Some(ties) = self.spec.scores {
            features.extend(self.scores(&features[..3], ties));
        }
        let Some(weeks) = self.spec.horizon else { return Ok((features, None)) };
        let (lifetime, models) = lifetime::features(self.accounts, self.last, weeks, self.spec, self.task)?;
        features.extend(lifetime);
        Ok((features, Some(models)))
    }

    /// One number a customer.
    fn numbers(&self, of: impl Fn(&Account) -> f64 + Sync) -> Values {
        let chunks =
            fold::chunks(self.accounts.len(), |range| self.accounts[range].iter().map(&of).collect::<Vec<_>>());
        Values::Number(chunks.concat())
    }

    fn feature(&self, name: &str, kind: Kind, meaning: &str, of: impl Fn(&Account) -> f64 + Sync) -> Rolled {
        let values = self.numbers(of);
        Rolled { name: name.to_owned(), kind, role: Role::Cluster, meaning: meaning.to_owned(), values }
    }

    fn base(&self) -> Vec<Rolled> {
        let snapshot = self.snapshot;
        let frequency = match self.columns.order {
            Some(_) => "distinct orders",
            None => "distinct moments (no column names the order)",
        };
        vec![
            self.feature(
                "recency",
                Kind::Whole,
                "whole days of 24 hours from the last one to the snapshot",
                |account| ((snapshot - account.last) / DAY).floor(),
            ),
            self.feature("frequency", Kind::Whole, frequency, |account| account.visits.len() as f64),
            self.value(),
        ]
    }

    /// The third column: money, or the number of events.
    fn value(&self) -> Rolled {
        let OrderColumns { quantity, price, amount, .. } = self.columns;
        let what = match (quantity, price, amount) {
            (_, _, Some(amount)) => format!("the sum of {amount}"),
            (Some(quantity), Some(price), None) => format!("the sum of {quantity} times {price}"),
            (Some(one), None, None) | (None, Some(one), None) => format!("the sum of {one}"),
            (None, None, None) => return self.feature("events", Kind::Whole, "events", |account| account.value),
        };
        let net = if self.spec.returns == Returns::Net { ", less what was returned" } else { "" };
        self.feature("monetary", Kind::Number, &format!("{what}{net}"), |account| account.value)
    }

    fn extra(&self, extra: Extra) -> Vec<Rolled> {
        let snapshot = self.snapshot;
        match extra {
            Extra::Tenure => vec![self.feature("tenure", Kind::Whole, "whole days from the first one to the snapshot", |account| {
                ((snapshot - account.first) / DAY).floor()
            })],
            Extra::Gaps => vec![
                self.feature("gap_mean", Kind::Number, "mean days between orders; missing where there is one only", |account| gaps(account).0),
                self.feature("gap_sd", Kind::Number, "standard deviation of these days (ddof 1); missing below three orders", |account| gaps(account).1),
            ],
            Extra::OrderValue => vec![self.feature("order_value", Kind::Number, "monetary over frequency", |account| {
                account.value / account.visits.len() as f64
            })],
            Extra::Returns => vec![self.feature("returns_share", Kind::Number, "what was given back over what was bought", |account| {
                account.back / account.value
            })],
            Extra::Category => self.shares(0, "category", true),
            Extra::Channel => self.shares(1, "channel", false),
            Extra::Kind => self.shares(2, "kind", false),
            Extra::Trend => vec![self.feature(
                "trend",
                Kind::Number,
                "what was bought in the later half of the time since the first purchase less the earlier half, over both: −1 to 1",
                |account| trend(account, snapshot),
            )],
        }
    }

    /// The favourite level where that is asked for, and the shares of the largest ones.
    fn shares(&self, label: usize, name: &str, favourite: bool) -> Vec<Rolled> {
        let levels = &self.levels[label].texts;
        let largest = self.largest(label);
        let mut columns = Vec::new();
        if favourite && !levels.is_empty() {
            let codes = self.accounts.iter().map(|account| most(&account.shares[label])).collect();
            let meaning = format!("the {name} with the largest value, the first one of equals");
            let values = Values::Text(Coded { codes, levels: levels.clone() });
            columns.push(Rolled {
                name: format!("favourite_{name}"),
                kind: Kind::Text,
                role: Role::Describe,
                meaning,
                values,
            });
        }
        for &code in &largest {
            let level = &levels[code as usize];
            let meaning = format!("share of the value in {level}");
            columns.push(self.feature(&format!("{name}: {level}"), Kind::Number, &meaning, |account| {
                part(account, label, |of| of == code)
            }));
        }
        if largest.len() < levels.len() {
            let meaning = format!("share of the value in the other {}", levels.len() - largest.len());
            columns.push(self.feature(&format!("{name}: others"), Kind::Number, &meaning, |account| {
                part(account, label, |of| !largest.contains(&of))
            }));
        }
        columns
    }

    /// The codes of the levels with the largest value of all customers, in the order of their first lines.
    fn largest(&self, label: usize) -> Vec<u32> {
        let mut sums = vec![0.0; self.levels[label].texts.len()];
        for &(code, sum) in self.accounts.iter().flat_map(|account| &account.shares[label]) {
            sums[code as usize] += sum;
        }
        let mut codes: Vec<u32> = (0..sums.len() as u32).collect();
        codes.sort_by(|&a, &b| sums[b as usize].total_cmp(&sums[a as usize]).then(a.cmp(&b)));
        codes.truncate(LARGEST);
        codes.sort_unstable();
        codes
    }

    fn scores(&self, base: &[Rolled], ties: super::Ties) -> Vec<Rolled> {
        let of = |place: usize, best| scores(base[place].values.numbers().unwrap_or_default(), best, ties);
        let [r, f, m] = [of(0, Best::Low), of(1, Best::High), of(2, Best::High)];
        let column = |name: &str, what: &str, scores: &[u8]| Rolled {
            name: name.to_owned(),
            kind: Kind::Whole,
            role: Role::Describe,
            meaning: format!("1 to 5, 5 is best, of {what}: {}", ties.meaning()),
            values: Values::Number(scores.iter().map(|&score| f64::from(score)).collect()),
        };
        let text = |name: &str, meaning: String, texts: Vec<String>| Rolled {
            name: name.to_owned(),
            kind: Kind::Text,
            role: Role::Describe,
            meaning,
            values: Values::Text(Coded::from_texts(texts.iter().map(|text| Some(text.as_str())))),
        };
        let rows = || (0..r.len()).map(|row| [r[row], f[row], m[row]]);
        vec![
            column("r_score", &base[0].name, &r),
            column("f_score", &base[1].name, &f),
            column("m_score", &base[2].name, &m),
            text("rfm", "the three scores".to_owned(), rows().map(|[r, f, m]| format!("{r}{f}{m}")).collect()),
            text(
                "rfm_segment",
                format!("the first that fits of: {}", grid_in_words()),
                rows().map(|of| segment(of).to_owned()).collect(),
            ),
        ]
    }
}

/// Mean and standard deviation of the days between consecutive orders.
fn gaps(account: &Account) -> (f64, f64) {
    let mut moments: Vec<f64> = account.visits.iter().map(|visit| visit.at / DAY).collect();
    moments.sort_unstable_by(f64::total_cmp);
    let gaps: Vec<f64> = moments.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let count = gaps.len() as f64;
    let mean = gaps.iter().sum::<f64>() / count;
    let squares: f64 = gaps.iter().map(|gap| (gap - mean) * (gap - mean)).sum();
    (mean, if gaps.len() < 2 { f64::NAN } else { (squares / (count - 1.0)).sqrt() })
}

fn trend(account: &Account, snapshot: f64) -> f64 {
    let middle = account.first + (snapshot - account.first) / 2.0;
    let sum = |later: bool| {
        account.visits.iter().filter(|visit| (visit.at >= middle) == later).map(|visit| visit.value).sum::<f64>()
    };
    let (early, late) = (sum(false), sum(true));
    if early + late > 0.0 { (late - early) / (late + early) } else { f64::NAN }
}

/// The code with the largest sum, the first one of equals.
fn most(shares: &[(u32, f64)]) -> u32 {
    let larger = |best: (u32, f64), next: &(u32, f64)| if next.1 > best.1 { *next } else { best };
    shares.iter().fold((Coded::MISSING, f64::NEG_INFINITY), larger).0
}

/// The share of the labelled value whose code is wanted; missing where nothing has a label.
fn part(account: &Account, label: usize, wanted: impl Fn(u32) -> bool) -> f64 {
    let shares = &account.shares[label];
    let all: f64 = shares.iter().map(|&(_, sum)| sum).sum();
    let some: f64 = shares.iter().filter(|&&(code, _)| wanted(code)).map(|&(_, sum)| sum).sum();
    some / all
}
