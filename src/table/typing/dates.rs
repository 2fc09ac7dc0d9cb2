//! Dates as people write them. The way of writing is the one that reads most values.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime};

use super::super::names::Words;
use super::super::values::Kind;
use super::{Typed, UNREADABLE, spread};
use crate::matrix::{Coded, Values};

/// Days first where `-` or `.` stands between them, months first with `/`: taken where the values leave it open.
const DAYS: [&str; 19] = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d.%m.%Y",
    "%m.%d.%Y",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d-%m-%y",
    "%m-%d-%y",
    "%d.%m.%y",
    "%m/%d/%y",
    "%d/%m/%y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %b %y",
    "%b %d, %Y",
];
const TIMES: [&str; 9] =
    ["", " %H:%M", " %H:%M:%S", " %H:%M:%S%.f", "T%H:%M", "T%H:%M:%S", "T%H:%M:%S%.f", " %I:%M %p", " %I:%M:%S %p"];
/// Texts that choose the ways of writing worth trying on all.
const PROBE: usize = 200;

/// Reads a column of texts as dates; `None` where it is none.
pub(super) fn read(coded: &Coded) -> Option<Typed> {
    let levels: Vec<&str> = coded.levels.iter().map(|level| level.trim()).collect();
    let probe = &levels[..levels.len().min(PROBE)];
    if !probe.iter().any(|text| text.contains(|c: char| c.is_ascii_digit())) {
        return None;
    }
    let formats = likely(probe);
    let read =
        |format: &String| -> Vec<f64> { levels.iter().map(|text| seconds(text, format).unwrap_or(f64::NAN)).collect() };
    let count = |values: &Vec<f64>| values.iter().filter(|value| !value.is_nan()).count();
    let readings: Vec<(String, Vec<f64>)> = formats.into_iter().map(|format| (format.clone(), read(&format))).collect();
    // `max_by_key` takes the last of equals, so the first way of writing has to come last.
    let best = readings.into_iter().rev().max_by_key(|(_, values)| count(values));
    let one_way = best.and_then(|(format, values)| typed(coded, format, &values));
    one_way.or_else(|| some_with_times(coded, &levels))
}

/// Dates of one way of writing, some of them with a time.
fn some_with_times(coded: &Coded, levels: &[&str]) -> Option<Typed> {
    let probe = &levels[..levels.len().min(PROBE)];
    let read = |text: &str, day: &str| {
        let zones = ["T%H:%M:%S%.fZ", "T%H:%M:%S%.f%:z", " %H:%M:%S%.f%:z"];
        TIMES.iter().chain(&zones).find_map(|time| seconds(text, &format!("{day}{time}")))
    };
    let day = DAYS.iter().find(|day| probe.iter().all(|text| read(text, day).is_some()))?;
    let values: Vec<f64> = levels.iter().map(|text| read(text, day).unwrap_or(f64::NAN)).collect();
    typed(coded, (*day).to_owned(), &values)
}

fn typed(coded: &Coded, format: String, values: &[f64]) -> Option<Typed> {
    let rows = (0..).zip(&coded.codes).filter(|&(_, &code)| code != Coded::MISSING);
    let unread = rows.clone().filter(|&(_, &code)| values[code as usize].is_nan());
    let unreadable: Vec<(u32, String)> =
        unread.map(|(row, &code)| (row, coded.levels[code as usize].clone())).collect();
    if unreadable.len() as f64 > UNREADABLE * rows.count() as f64 {
        return None;
    }
    let typed = Typed::new(Values::Number(spread(coded, values)), Kind::Date);
    Some(Typed { date_format: Some(format), unreadable, ..typed })
}

/// The ways of writing that read nearly all of the first texts.
fn likely(probe: &[&str]) -> Vec<String> {
    let all = DAYS.iter().flat_map(|day| TIMES.iter().map(move |time| format!("{day}{time}")));
    let zoned = ["%Y-%m-%dT%H:%M:%S%.f%:z", "%Y-%m-%d %H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M:%S%.fZ"].map(str::to_owned);
    let enough = (probe.len() * 9).div_ceil(10);
    all.chain(zoned)
        .filter(|format| {
            let mut failed = 0;
            probe.iter().all(|text| {
                failed += usize::from(seconds(text, format).is_none());
                failed + enough <= probe.len()
            })
        })
        .collect()
}

/// Seconds since 1970 of a text written in this way (chrono's notation).
pub fn seconds(text: &str, format: &str) -> Option<f64> {
    let time = if format.ends_with("%:z") {
        DateTime::parse_from_str(text, format).ok()?.naive_utc()
    } else if format.contains("%H") || format.contains("%I") {
        NaiveDateTime::parse_from_str(text, format).ok()?
    } else {
        NaiveDate::parse_from_str(text, format).ok()?.and_hms_opt(0, 0, 0)?
    };
    // `%Y` reads any number of digits.
    if !(1800..=2200).contains(&time.year()) {
        return None;
    }
    let utc = time.and_utc();
    Some(utc.timestamp() as f64 + f64::from(utc.timestamp_subsec_nanos()) / 1e9)
}

/// Dates written as whole numbers, 20120904; only in columns that are named like dates.
pub(super) fn from_compact(values: &[f64], words: &Words) -> Option<Vec<f64>> {
    if !words.names_a_date() || values.iter().all(|value| value.is_nan()) {
        return None;
    }
    let read = |value: &f64| match value.is_nan() {
        true => Some(f64::NAN),
        false => compact(*value),
    };
    values.iter().map(read).collect()
}

/// The day that a number like 20120904 stands for.
pub(in crate::table) fn compact(value: f64) -> Option<f64> {
    if value.fract() != 0.0 || !(18_000_101.0..=22_001_231.0).contains(&value) {
        return None;
    }
    let digits = value as i32;
    let date = NaiveDate::from_ymd_opt(digits / 10_000, (digits / 100 % 100) as u32, (digits % 100) as u32)?;
    Some(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp() as f64)
}
