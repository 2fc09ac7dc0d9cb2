//! One feature while its pipeline is being fitted: what is fitted so far, and the values as they stand now.

use std::collections::HashMap;

use super::bend::Bend;
use super::codes::{frequencies, numbered, ordinals, told_codes};
use super::feature::{Category, Encoding, Feature, Gone, Indicator, Limits, Number, Sign, coded};
use super::nearest::Nearest;
use super::pipeline::why;
use super::stats::{mean_sd, median, mode, quantile, sorted};
use super::{Encode, Fill, RecipeError, Scaling, Step, Transformation, Treatment};
use crate::matrix::{Coded, Column, Values};
use crate::table::{Field, Kind};
use crate::task::Task;

/// What rare levels are pooled into.
pub(super) const OTHER: &str = "other";
const SECONDS_A_DAY: f64 = 86_400.0;
/// The share that winsorising cuts off at each end where nothing else is asked for.
const SHARE: f64 = 0.05;

/// The rows of the table: `None` while a row is kept, else why it is left out.
pub(super) struct Rows(pub Vec<Option<String>>);

impl Rows {
    pub fn kept(&self, row: usize) -> bool {
        self.0[row].is_none()
    }

    pub fn left(&self) -> usize {
        self.0.iter().filter(|why| why.is_none()).count()
    }
}

pub(super) struct Draft<'a> {
    pub field: &'a Field,
    pub scaling: Scaling,
    working: Working,
}

pub(super) enum Working {
    Number { fitted: Number, values: Vec<f64> },
    Category { fitted: Category, coded: Coded },
}

impl<'a> Draft<'a> {
    /// `as_category`: numbers that are codes.
    pub fn new(field: &'a Field, as_category: bool) -> Self {
        let working = match (&field.column.values, field.kind) {
            (Values::Text(_), kind) if kind != Kind::YesNo => category(&field.column),
            _ if as_category => category(&field.column),
            _ => numbers(field),
        };
        Self { field, scaling: Scaling::default(), working }
    }

    pub fn name(&self) -> &'a str {
        self.field.name()
    }

    pub fn is_category(&self) -> bool {
        matches!(self.working, Working::Category { .. })
    }

    /// The values of a number as they stand now.
    pub fn numbers(&self) -> Option<&[f64]> {
        match &self.working {
            Working::Number { values, .. } => Some(values),
            Working::Category { .. } => None,
        }
    }

    /// The levels of a category as they stand now.
    fn levels(&self) -> &[String] {
        match &self.working {
            Working::Number { .. } => &[],
            Working::Category { coded, .. } => &coded.levels,
        }
    }

    /// Writes the levels `from` as `to`; returns the rows changed.
    pub fn merge(&mut self, from: &[String], to: &str) -> usize {
        let Working::Category { fitted, coded } = &mut self.working else { return 0 };
        fitted.merged.extend(from.iter().filter(|text| *text != to).map(|text| (text.clone(), to.to_owned())));
        relabel(coded, |level| from.iter().any(|text| text == level), to)
    }

    /// Pools the levels below this share of the rows with a value; returns how many levels and rows.
    pub fn pool(&mut self, below: f64, rows: &Rows) -> (usize, usize) {
        let Working::Category { coded, .. } = &mut self.working else { return (0, 0) };
        let counts = level_counts(coded, rows);
        let total: usize = counts.iter().sum();
        let is_rare = |count: usize| (count as f64) < below * total as f64;
        let rare: Vec<String> = coded
            .levels
            .iter()
            .zip(&counts)
            .filter(|&(_, &count)| is_rare(count))
            .map(|(level, _)| level.clone())
            .collect();
        (rare.len(), relabel(coded, |level| rare.iter().any(|text| text == level), OTHER))
    }

    /// Sets bounds (where none are given the IQR fences, for winsorising the quantiles at `share`); returns the rows
    /// outside that stay and those to be dropped.
    pub fn limit(
        &mut self,
        mut limits: Limits,
        share: Option<f64>,
        rows: &Rows,
    ) -> (Limits, usize, Vec<(usize, Gone)>) {
        let Working::Number { fitted, values } = &mut self.working else { return (limits, 0, Vec::new()) };
        (limits.low, limits.high) = match (limits.low, limits.high) {
            (None, None) if limits.treatment == Treatment::Winsorise => tails(values, share.unwrap_or(SHARE), rows),
            (None, None) => fences(values, rows),
            (low, high) => (low.map(|bound| fitted.convert(bound)), high.map(|bound| fitted.convert(bound))),
        };
        fitted.limits = Some(limits);
        let (mut outside, mut gone) = (0, Vec::new());
        for row in (0..values.len()).filter(|&row| rows.kept(row)) {
            match fitted.bounded(values[row]) {
                Ok(value) => {
                    outside += usize::from(limits.exclude(values[row]));
                    values[row] = value;
                }
                Err(why) => {
                    gone.push((row, why));
                    values[row] = f64::NAN;
                }
            }
        }
        (limits, outside, gone)
    }

    /// Rows without a value.
    pub fn gaps(&self, rows: &Rows) -> Vec<usize> {
        let is_gap = |row: usize| match &self.working {
            Working::Number { values, .. } => values[row].is_nan(),
            Working::Category { coded, .. } => coded.codes[row] == Coded::MISSING,
        };
        (0..rows.0.len()).filter(|&row| rows.kept(row) && is_gap(row)).collect()
    }

    /// Fits how gaps are filled and fills them; returns the value as it is shown (nothing where rows are dropped).
    pub fn fill(&mut self, with: &Fill, rows: &Rows) -> Result<String, RecipeError> {
        if *with == Fill::Drop {
            return Ok(String::new());
        }
        let gaps = self.gaps(rows);
        let name = self.name();
        match &mut self.working {
            Working::Number { fitted, values } => {
                let value = filling_number(fitted, values, with, name, rows)?;
                fitted.fill = Some(value);
                gaps.iter().for_each(|&row| values[row] = value);
                Ok(super::words::number(value, 6))
            }
            Working::Category { fitted, coded } => {
                let level = fitted.merge(&filling_level(coded, with, name, rows)?).to_owned();
                let code = code_of(coded, &level);
                gaps.iter().for_each(|&row| coded.codes[row] = code);
                // The place among the levels is known once they are final; until then their code waits here.
                fitted.fill = Some(code as usize);
                Ok(level)
            }
        }
    }

    /// Fits the customers that fill the gaps, and fills them. `others` are the other numeric features, gaps and all.
    pub fn fill_by_others(
        &mut self,
        k: usize,
        others: &[(&str, &[f64])],
        gaps: &[usize],
        rows: &Rows,
        task: &Task,
    ) -> Result<(), RecipeError> {
        let name = self.name();
        let Working::Number { fitted, values } = &mut self.working else {
            let hint = "use with = \"mode\"";
            return Err(refused_fill(name, &Fill::Nearest(k), "a category has no mean", hint));
        };
        if others.is_empty() {
            let what = "there is no other numeric feature to compare customers by";
            return Err(refused_fill(name, &Fill::Nearest(k), what, "use with = \"median\""));
        }
        let nearest = Nearest::fit(k, others, values, |row| rows.kept(row));
        let columns: Vec<&[f64]> = others.iter().map(|(_, values)| *values).collect();
        for (&row, value) in gaps.iter().zip(nearest.fill(gaps, &columns, task)?) {
            values[row] = value;
        }
        fitted.nearest = Some(Box::new(nearest));
        Ok(())
    }

    /// Turns a category into numbers; returns what it did.
    pub fn encode(
        &mut self,
        step: &Step,
        method: Encode,
        order: &[String],
        rows: &Rows,
    ) -> Result<String, RecipeError> {
        let Working::Category { fitted, coded } = &self.working else {
            let what = "the column holds numbers, not categories";
            return Err(step.refused(what, "method = \"one-hot\" takes its numbers as codes"));
        };
        let counts = level_counts(coded, rows);
        let levels: Vec<(&str, usize)> =
            coded.levels.iter().map(String::as_str).zip(counts).filter(|(_, count)| *count > 0).collect();
        let numbers = match method {
            Encode::OneHot => return Ok("one column a level".to_owned()),
            Encode::Ordinal => ordinals(step, &levels, order)?,
            Encode::Frequency => frequencies(&levels),
        };
        let told = told_codes(&numbers);
        self.working = numbered(fitted, coded, numbers, method);
        Ok(told)
    }

    /// Bends the distribution; returns how.
    pub fn bend(&mut self, how: Transformation, rows: &Rows) -> String {
        let Working::Number { fitted, values } = &mut self.working else { return String::new() };
        let kept: Vec<f64> =
            values.iter().enumerate().filter(|(row, _)| rows.kept(*row)).map(|(_, &value)| value).collect();
        let bend = Bend::fit(how, &kept);
        values.iter_mut().for_each(|value| *value = bend.apply(*value));
        let told = bend.told();
        fitted.bend = Some(bend);
        told
    }

    /// Takes log(1 + x).
    pub fn log1p(&mut self, rows: &Rows) -> Result<(), RecipeError> {
        let refused = |what: String, hint| Step::Log1p { column: self.field.name().to_owned() }.refused(what, hint);
        let Working::Number { fitted, values } = &mut self.working else {
            return Err(refused("a category has no logarithm".to_owned(), "leave the step out"));
        };
        let kept = values.iter().enumerate().filter(|(row, _)| rows.kept(*row)).map(|(_, &value)| value);
        let least = kept.fold(f64::INFINITY, f64::min);
        if least < 0.0 {
            let what = format!("it has negative values, down to {}", super::words::number(least, 6));
            return Err(refused(what, "cap it at 0 first: outliers with low = 0"));
        }
        fitted.log = true;
        values.iter_mut().for_each(|value| *value = value.ln_1p());
        Ok(())
    }

    /// Whether the rows that are left all have the same value.
    pub fn is_constant(&self, rows: &Rows) -> bool {
        match &self.working {
            Working::Number { values, .. } => {
                let mut kept = values.iter().enumerate().filter(|(row, _)| rows.kept(*row)).map(|(_, value)| value);
                kept.next().is_none_or(|first| kept.all(|value| value == first))
            }
            Working::Category { coded, .. } => level_counts(coded, rows).iter().filter(|&&count| count > 0).count() < 2,
        }
    }

    /// The fitted feature, with a column of 0 and 1 for each sign that is not the same in all rows.
    pub fn finish(self, weight: f64, signs: &[Sign], rows: &Rows) -> Feature {
        let (field, scaling) = (self.field, self.scaling);
        let encoding = match self.working {
            Working::Number { fitted, values } => {
                let kept = values.into_iter().enumerate().filter(|(row, _)| rows.kept(*row)).map(|(_, value)| value);
                let (centre, spread) = scale(&kept.collect::<Vec<_>>(), scaling);
                Encoding::Number(Number { centre, spread, weight, ..fitted })
            }
            Working::Category { fitted, coded } => Encoding::Category(weigh(fitted, &coded, scaling, weight, rows)),
        };
        let mut feature = Feature { column: field.name().to_owned(), encoding, indicators: Vec::new() };
        for &sign in signs {
            let flags = feature.says(sign, &field.column);
            let kept: Vec<f64> =
                flags.into_iter().enumerate().filter(|(row, _)| rows.kept(*row)).map(|(_, flag)| flag).collect();
            if kept.iter().any(|flag| *flag != kept[0]) {
                let (centre, spread) = scale(&kept, scaling);
                feature.indicators.push(Indicator { of: sign, centre, spread, weight });
            }
        }
        feature
    }

    /// Refuses a step that only categories (or only numbers) can have.
    pub fn expect_category(&self, step: &Step, wanted: bool) -> Result<(), RecipeError> {
        match (wanted, self.is_category()) {
            (true, false) => Err(step.refused("the column holds numbers, not categories", "leave the step out")),
            (false, true) => Err(step.refused("the column holds categories, not numbers", "leave the step out")),
            _ => Ok(()),
        }
    }

    /// Refuses to merge a level that is not there.
    pub fn expect_levels(&self, step: &Step, wanted: &[String]) -> Result<(), RecipeError> {
        let Some(unknown) = wanted.iter().find(|text| !self.levels().contains(text)) else { return Ok(()) };
        let hint = crate::error::nearest(unknown, self.levels().iter().map(String::as_str));
        Err(step.refused(
            format!("no value \"{unknown}\""),
            &hint
                .map_or("see `segmenta explore` for its values".to_owned(), |near| format!("did you mean \"{near}\"?")),
        ))
    }
}

/// The number that fills the gaps of a column.
fn filling_number(fitted: &Number, values: &[f64], with: &Fill, name: &str, rows: &Rows) -> Result<f64, RecipeError> {
    let kept = values.iter().enumerate().filter(|(row, _)| rows.kept(*row)).map(|(_, &value)| value);
    let value = match with {
        Fill::Median => median(kept.collect()),
        Fill::Mean => mean_sd(kept).0,
        Fill::Mode => mode(kept).unwrap_or(f64::NAN),
        Fill::Number(value) => fitted.convert(*value),
        Fill::Text(_) | Fill::Drop | Fill::Nearest(_) => {
            let what = "a column of numbers cannot be filled with a text";
            return Err(refused_fill(name, with, what, "use with = { number = 0 }"));
        }
    };
    if value.is_finite() { Ok(value) } else { Err(RecipeError::AllMissing(name.to_owned())) }
}

/// The level that fills the gaps of a category.
fn filling_level(coded: &Coded, with: &Fill, name: &str, rows: &Rows) -> Result<String, RecipeError> {
    match with {
        Fill::Mode => common_level(coded, rows).ok_or_else(|| RecipeError::AllMissing(name.to_owned())),
        Fill::Text(text) => Ok(text.clone()),
        Fill::Median | Fill::Mean | Fill::Number(_) | Fill::Nearest(_) | Fill::Drop => {
            Err(refused_fill(name, with, "a category has no median or number", "use with = \"mode\""))
        }
    }
}

fn refused_fill(column: &str, with: &Fill, what: &str, hint: &str) -> RecipeError {
    Step::Impute { column: column.to_owned(), with: with.clone(), indicator: false }.refused(what, hint)
}

/// Why a row is dropped by a feature without a value.
pub(super) fn missing(column: &str) -> String {
    why(column, Gone::Missing)
}

fn category(column: &Column) -> Working {
    let fitted = Category {
        merged: Vec::new(),
        levels: Vec::new(),
        other: None,
        fill: None,
        shares: Vec::new(),
        centred: false,
        factor: 1.0,
        weight: 1.0,
    };
    Working::Category { fitted, coded: coded(column).into_owned() }
}

fn numbers(field: &Field) -> Working {
    let mut fitted = Number::plain(field.yes_no.clone());
    if field.kind == Kind::Date {
        let earliest = fitted.read(&field.column).into_iter().fold(f64::INFINITY, f64::min);
        fitted.start = if earliest.is_finite() { earliest } else { 0.0 };
        fitted.unit = SECONDS_A_DAY;
    }
    let values = fitted.read(&field.column);
    Working::Number { fitted, values }
}

/// Tukey's fences: q1 − 1.5·iqr and q3 + 1.5·iqr.
fn fences(values: &[f64], rows: &Rows) -> (Option<f64>, Option<f64>) {
    let kept = sorted(values.iter().enumerate().filter(|(row, _)| rows.kept(*row)).map(|(_, &value)| value));
    let (low, high) = (quantile(&kept, 0.25), quantile(&kept, 0.75));
    let reach = 1.5 * (high - low);
    (Some(low - reach).filter(|bound| bound.is_finite()), Some(high + reach).filter(|bound| bound.is_finite()))
}

/// The quantiles that cut off this share at each end.
fn tails(values: &[f64], share: f64, rows: &Rows) -> (Option<f64>, Option<f64>) {
    let kept = sorted(values.iter().enumerate().filter(|(row, _)| rows.kept(*row)).map(|(_, &value)| value));
    let bound = |share| Some(quantile(&kept, share)).filter(|bound| bound.is_finite());
    (bound(share), bound(1.0 - share))
}

/// What is subtracted and divided by. Where nothing varies the divisor is 1; where the middle half of the
/// values is equal, robust scaling falls back on the standard deviation.
fn scale(values: &[f64], scaling: Scaling) -> (f64, f64) {
    let or_one = |spread: f64| if spread > 0.0 { spread } else { 1.0 };
    match scaling {
        Scaling::None => (0.0, 1.0),
        Scaling::Standard => {
            let (mean, sd) = mean_sd(values.iter().copied());
            (mean, or_one(sd))
        }
        Scaling::Minmax => {
            let low = values.iter().copied().fold(f64::INFINITY, f64::min);
            let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            (low, or_one(high - low))
        }
        Scaling::Robust => {
            let ordered = sorted(values.iter().copied());
            let range = quantile(&ordered, 0.75) - quantile(&ordered, 0.25);
            let spread = if range > 0.0 { range } else { mean_sd(values.iter().copied()).1 };
            (quantile(&ordered, 0.5), or_one(spread))
        }
    }
}

/// The final levels and their factor: the total variance of the category's columns, 1 − Σp² (p(1 − p) for
/// the one column of a two-valued category), becomes 1, as that of one standardised number. Under min-max
/// two rows that differ lie 1 apart, as the two ends of a number do. Without scaling it stays 0/1.
fn weigh(fitted: Category, coded: &Coded, scaling: Scaling, weight: f64, rows: &Rows) -> Category {
    let counts = level_counts(coded, rows);
    let waiting = fitted.fill.map(|code| coded.levels[code].clone());
    let mut present: Vec<(String, usize)> = coded
        .levels
        .iter()
        .cloned()
        .zip(counts)
        .filter(|(level, count)| *count > 0 || Some(level) == waiting.as_ref())
        .collect();
    present.sort();
    let total: usize = present.iter().map(|(_, count)| count).sum();
    let shares: Vec<f64> = present.iter().map(|(_, count)| *count as f64 / total as f64).collect();
    let two = present.len() == 2;
    let variance =
        if two { shares[0] * shares[1] } else { 1.0 - shares.iter().map(|share| share * share).sum::<f64>() };
    let centred = matches!(scaling, Scaling::Standard | Scaling::Robust);
    let factor = match scaling {
        Scaling::None => 1.0,
        Scaling::Minmax if two => 1.0,
        Scaling::Minmax => std::f64::consts::FRAC_1_SQRT_2,
        Scaling::Standard | Scaling::Robust => 1.0 / variance.sqrt(),
    };
    let place = |wanted: &str| present.iter().position(|(level, _)| level == wanted);
    let (other, fill) = (place(OTHER), waiting.as_deref().and_then(place));
    let levels = present.iter().map(|(level, _)| level.clone()).collect();
    Category { levels, other, fill, shares, centred, factor: factor * weight, weight, ..fitted }
}

/// How many kept rows have each level.
fn level_counts(coded: &Coded, rows: &Rows) -> Vec<usize> {
    let mut counts = vec![0; coded.levels.len()];
    for (row, &code) in coded.codes.iter().enumerate() {
        if rows.kept(row)
            && let Some(count) = counts.get_mut(code as usize)
        {
            *count += 1;
        }
    }
    counts
}

/// The most frequent level, ties by first appearance.
fn common_level(coded: &Coded, rows: &Rows) -> Option<String> {
    let kept = coded.codes.iter().enumerate().filter(|(row, _)| rows.kept(*row));
    let code = mode(kept.map(|(_, &code)| if code == Coded::MISSING { f64::NAN } else { f64::from(code) }))?;
    coded.levels.get(code as usize).cloned()
}

/// The code of a level, which is added where it is new.
fn code_of(coded: &mut Coded, level: &str) -> u32 {
    let place = coded.levels.iter().position(|text| text == level).unwrap_or_else(|| {
        coded.levels.push(level.to_owned());
        coded.levels.len() - 1
    });
    u32::try_from(place).unwrap_or(Coded::MISSING)
}

/// Writes the chosen levels as `to`; returns the rows changed.
fn relabel(coded: &mut Coded, chosen: impl Fn(&str) -> bool, to: &str) -> usize {
    let old: HashMap<u32, ()> = (0..)
        .zip(&coded.levels)
        .filter(|(_, level)| level.as_str() != to && chosen(level))
        .map(|(code, _)| (code, ()))
        .collect();
    if old.is_empty() {
        return 0;
    }
    let code = code_of(coded, to);
    let mut changed = 0;
    for value in coded.codes.iter_mut().filter(|value| old.contains_key(value)) {
        *value = code;
        changed += 1;
    }
    changed
}

/// The bounds in words, e.g. `above 162,397`.
pub(super) fn bounds(limits: Limits) -> String {
    let shown = |value| super::words::number(value, 6);
    match (limits.low, limits.high) {
        (Some(low), Some(high)) => format!("outside {} to {}", shown(low), shown(high)),
        (Some(low), None) => format!("below {}", shown(low)),
        (None, Some(high)) => format!("above {}", shown(high)),
        (None, None) => "without bounds".to_owned(),
    }
}

/// What a treatment did, in one word.
pub(super) fn treated(treatment: Treatment) -> &'static str {
    match treatment {
        Treatment::Keep => "kept as they are",
        Treatment::Cap => "brought to the bound",
        Treatment::Winsorise => "brought to the quantile",
        Treatment::Drop => "left out",
        Treatment::Flag => "kept, with a column that says so",
    }
}
