//! Joins by key: which rows of two sources belong together, and what did not meet.

use std::collections::HashMap;

use polars::prelude::{Column, DataFrame, IdxCa, IdxSize, IntoLazy};

use super::error::Fault;
use super::figures::{count, counted};
use super::plan::{Named, Plan};
use super::spec::{How, SourceInfo};
use super::values::{Finding, FindingKind, Severity};
use super::{columns, csv, noticed};
use crate::error::nearest;
use crate::task::Task;

/// Joins a source to what stands so far, and notes how their rows met.
pub(super) fn join(
    info: &mut SourceInfo,
    left: Plan,
    right_info: SourceInfo,
    right: Plan,
    task: &Task,
) -> Result<Plan, Fault> {
    let keys = keys(&right_info, &left.names(), &right.names())?;
    let how = right_info.asked.how.unwrap_or_default();
    let (left_frame, right_frame) = (left.collect(&left.names(), task)?, right.collect(&right.names(), task)?);
    task.begin("joining", 0);
    let side = |frame: &DataFrame, names: Vec<&str>| Side::new(frame, &names);
    let here = side(&left_frame, keys.iter().map(|(here, _)| here.as_str()).collect())?;
    let there = side(&right_frame, keys.iter().map(|(_, there)| there.as_str()).collect())?;
    let met = Met::new(&here, &there, how, task)?;
    let path = right_info.path.display().to_string();
    info.noticed.extend(findings(&met, &here, &there, &keys, &path));
    let right_noticed = right_info.noticed.iter().cloned();
    info.noticed.extend(right_noticed.map(|finding| noticed::of(finding, Some(&right_info.path))));
    if met.left.iter().enumerate().any(|(row, place)| *place != Some(row as IdxSize)) {
        info.lines = None;
    }
    info.joined.push(right_info);
    put_together(&left, left_frame, &right, right_frame, &keys, &met)
}

/// The pairs of key columns, here and there: those that are named, else the one name that both have.
fn keys(right: &SourceInfo, here: &[String], there: &[String]) -> Result<Vec<(String, String)>, Fault> {
    let common: Vec<&String> = here.iter().filter(|name| there.contains(name)).collect();
    let named = &right.asked.on;
    if named.is_empty() {
        let [one] = common.as_slice() else { return Err(no_key(&common)) };
        return Ok(vec![((*one).clone(), (*one).clone())]);
    }
    let pair = |text: &String| {
        let (a, b) = if here.contains(text) && there.contains(text) {
            (text.as_str(), text.as_str())
        } else {
            text.split_once('=').map_or((text.as_str(), text.as_str()), |(a, b)| (a.trim(), b.trim()))
        };
        Ok((known(a, here)?, known(b, there)?))
    };
    named.iter().map(pair).collect()
}

fn no_key(common: &[&String]) -> Fault {
    let names: Vec<&str> = common.iter().map(|name| name.as_str()).collect();
    let hint = match names.is_empty() {
        true => "the sources have no column of the same name: name both, on = \"id = customer\"".to_owned(),
        false => format!("columns of both: {}", names.join(", ")),
    };
    Fault::Option { what: "by which column are the sources joined?".to_owned(), hint }
}

fn known(name: &str, names: &[String]) -> Result<String, Fault> {
    match names.iter().find(|known| known.as_str() == name) {
        Some(name) => Ok(name.clone()),
        None => Err(Fault::NoColumn {
            name: name.to_owned(),
            nearest: nearest(name, names.iter().map(String::as_str)).map(str::to_owned),
        }),
    }
}

/// The keys of one side, one a row; `None` where a part of the key is missing.
struct Side {
    exact: Vec<Option<String>>,
}

/// Between the parts of a key.
const PART: char = '\u{1f}';

impl Side {
    fn new(frame: &DataFrame, names: &[&str]) -> Result<Self, Fault> {
        let mut exact: Vec<Option<String>> = vec![Some(String::new()); frame.height()];
        for (place, name) in names.iter().enumerate() {
            let texts = columns::texts(frame.column(name)?)?;
            for (key, text) in exact.iter_mut().zip(texts.iter()) {
                let text = text.map(str::trim).filter(|text| !text.is_empty());
                *key = key.take().zip(text).map(|(key, text)| match place {
                    0 => text.to_owned(),
                    _ => format!("{key}{PART}{text}"),
                });
            }
        }
        Ok(Self { exact })
    }

    fn keys(&self, form: Form) -> Vec<Option<String>> {
        match form {
            Form::Exact => self.exact.clone(),
            Form::Loose => self.exact.iter().map(|key| key.as_deref().map(loose)).collect(),
        }
    }

    fn distinct(keys: &[Option<String>]) -> usize {
        let mut present: Vec<&String> = keys.iter().flatten().collect();
        present.sort_unstable();
        present.dedup();
        present.len()
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Exact,
    Loose,
}

/// A key without what only its form makes: leading zeros, a decimal `.0`, capitals.
fn loose(key: &str) -> String {
    let part = |part: &str| {
        let plain = part.trim().to_lowercase();
        let plain = plain.strip_suffix(".0").unwrap_or(&plain);
        let digits = plain.trim_start_matches('0');
        let number = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
        if number { if digits.is_empty() { "0" } else { digits }.to_owned() } else { plain.to_owned() }
    };
    key.split(PART).map(part).collect::<Vec<_>>().join(&PART.to_string())
}

/// Which rows belong together.
struct Met {
    left: Vec<Option<IdxSize>>,
    right: Vec<Option<IdxSize>>,
    /// Rows here with and without a row there.
    matched: usize,
    unmatched: usize,
    /// Rows there without a row here.
    right_unmatched: usize,
    /// Keys with several rows there that are matched here.
    fanned: Vec<String>,
    /// Pairs of keys that are the same but for their form.
    forms: Vec<(String, String)>,
    how: How,
}

impl Met {
    fn new(here: &Side, there: &Side, how: How, task: &Task) -> Result<Self, Fault> {
        let form = form(here, there);
        let (left, right) = (here.keys(form), there.keys(form));
        let mut rows: HashMap<&str, Vec<IdxSize>> = HashMap::new();
        for (row, key) in (0..).zip(&right) {
            if let Some(key) = key {
                rows.entry(key).or_default().push(row);
            }
        }
        let (forms, fanned) = (Vec::new(), Vec::new());
        let mut met = Self {
            left: Vec::new(),
            right: Vec::new(),
            matched: 0,
            unmatched: 0,
            right_unmatched: 0,
            fanned,
            forms,
            how,
        };
        let mut seen = vec![false; right.len()];
        let mut fanned = std::collections::BTreeSet::new();
        for (row, key) in (0..).zip(&left) {
            if row % 65_536 == 0 {
                task.check()?;
            }
            let Some(found) = key.as_deref().and_then(|key| rows.get(key)) else {
                met.unmatched += 1;
                if how != How::Inner {
                    met.push(Some(row), None);
                }
                continue;
            };
            met.matched += 1;
            if found.len() > 1 {
                fanned.extend(here.exact[row as usize].clone());
            }
            for &other in found {
                seen[other as usize] = true;
                met.push(Some(row), Some(other));
            }
            met.note_form(here.exact[row as usize].as_deref(), there.exact[found[0] as usize].as_deref());
        }
        met.fanned = fanned.into_iter().collect();
        met.right_unmatched = seen.iter().filter(|seen| !**seen).count();
        if how == How::Full {
            (0..).zip(&seen).filter(|(_, seen)| !**seen).for_each(|(other, _)| met.push(None, Some(other)));
        }
        Ok(met)
    }

    fn push(&mut self, left: Option<IdxSize>, right: Option<IdxSize>) {
        self.left.push(left);
        self.right.push(right);
    }

    fn note_form(&mut self, here: Option<&str>, there: Option<&str>) {
        if let (Some(here), Some(there)) = (here, there)
            && here != there
            && self.forms.len() < 5
        {
            self.forms.push((shown(here), shown(there)));
        }
    }
}

fn shown(key: &str) -> String {
    key.replace(PART, ", ")
}

/// Keys meet exactly; without regard to their form where more of them meet so and none falls together.
fn form(here: &Side, there: &Side) -> Form {
    let met = |form| {
        let (left, right) = (here.keys(form), there.keys(form));
        let known: std::collections::HashSet<&String> = right.iter().flatten().collect();
        left.iter().flatten().filter(|key| known.contains(key)).count()
    };
    let apart = |side: &Side| Side::distinct(&side.keys(Form::Exact)) == Side::distinct(&side.keys(Form::Loose));
    if met(Form::Loose) > met(Form::Exact) && apart(here) && apart(there) { Form::Loose } else { Form::Exact }
}

fn put_together(
    left: &Plan,
    left_frame: DataFrame,
    right: &Plan,
    right_frame: DataFrame,
    keys: &[(String, String)],
    met: &Met,
) -> Result<Plan, Fault> {
    let take = |places: &[Option<IdxSize>]| places.iter().copied().collect::<IdxCa>();
    let mut whole: Vec<Column> = left_frame.take(&take(&met.left))?.columns().to_vec();
    let taken = right_frame.take(&take(&met.right))?;
    if met.how == How::Full {
        coalesce(&mut whole, &taken, keys)?;
    }
    let is_key = |name: &str| keys.iter().any(|(_, there)| there == name);
    let added: Vec<&Named> = right.columns.iter().filter(|column| !is_key(&column.name)).collect();
    let all: Vec<String> = left.names().into_iter().chain(added.iter().map(|column| column.name.clone())).collect();
    let free = csv::names(&all, true);
    let mut columns = left.columns.clone();
    for (column, name) in added.iter().zip(&free[left.columns.len()..]) {
        let mut values = taken.column(&column.name)?.clone();
        values.rename(name.as_str().into());
        whole.push(values);
        columns.push(Named { name: name.clone(), written: column.written });
    }
    let rows = met.left.len();
    let whole = DataFrame::new(rows, whole)?;
    Ok(Plan { frame: whole.clone().lazy(), held: Some(whole), columns, rows })
}

/// Rows that are only there have their key from there.
fn coalesce(whole: &mut [Column], taken: &DataFrame, keys: &[(String, String)]) -> Result<(), Fault> {
    for (here, there) in keys {
        let Some(column) = whole.iter_mut().find(|column| column.name() == here.as_str()) else { continue };
        let (mine, other) = (columns::texts(column)?, columns::texts(taken.column(there)?)?);
        let texts: Vec<Option<&str>> = mine.iter().zip(other.iter()).map(|(mine, other)| mine.or(other)).collect();
        *column = Column::new(here.as_str().into(), texts);
    }
    Ok(())
}

fn findings(met: &Met, here: &Side, there: &Side, keys: &[(String, String)], path: &str) -> Vec<Finding> {
    let by: Vec<String> = keys.iter().map(|(a, b)| if a == b { a.clone() } else { format!("{a} = {b}") }).collect();
    let rows = here.exact.len();
    let message = format!(
        "joined with {path} by {}: {} of {} matched, {} without a match; {} of its {} not here",
        by.join(", "),
        count(met.matched),
        counted(rows, "row"),
        count(met.unmatched),
        count(met.right_unmatched),
        counted(there.exact.len(), "row"),
    );
    let severity = match met.matched {
        0 => Severity::Error,
        few if few * 2 < rows => Severity::Warning,
        _ => Severity::Note,
    };
    let unmatched: Vec<String> = unmatched(met, here);
    let first = noticed::finding(FindingKind::Join, severity, met.unmatched, message);
    let mut found = vec![Finding { examples: unmatched, ..first }];
    found.extend(fan_out(met, rows, path));
    found.extend(forms(met, path));
    found
}

fn unmatched(met: &Met, here: &Side) -> Vec<String> {
    let alone = met.left.iter().zip(&met.right).filter(|(_, right)| right.is_none());
    let keys = alone.filter_map(|(left, _)| left.and_then(|row| here.exact[row as usize].as_deref()));
    keys.take(5).map(shown).collect()
}

fn fan_out(met: &Met, rows: usize, path: &str) -> Option<Finding> {
    let message = format!(
        "{} in several rows of {path}: {} became {}",
        if met.fanned.len() == 1 {
            "1 key stands".to_owned()
        } else {
            format!("{} keys stand", count(met.fanned.len()))
        },
        counted(rows, "row"),
        count(met.left.len()),
    );
    let found = noticed::finding(FindingKind::Join, Severity::Warning, met.fanned.len(), message);
    let examples = met.fanned.iter().take(5).map(|key| shown(key)).collect();
    (!met.fanned.is_empty()).then_some(Finding { examples, default: "every pair is a row".to_owned(), ..found })
}

fn forms(met: &Met, path: &str) -> Option<Finding> {
    let (here, there) = met.forms.first()?;
    let message = format!("keys differ in form: {here:?} here, {there:?} in {path}");
    let found = noticed::finding(FindingKind::Join, Severity::Warning, met.matched, message);
    let examples = met.forms.iter().map(|(here, there)| format!("{here} = {there}")).collect();
    Some(Finding { examples, default: "matched without leading zeros and capitals".to_owned(), ..found })
}
