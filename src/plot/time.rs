//! Ticks of a time axis, in seconds since 1970-01-01.

use chrono::{DateTime, Datelike, NaiveDate};

/// A day as `2012-09-04`, with the time where it is not midnight.
pub fn date(seconds: f64) -> String {
    match DateTime::from_timestamp(seconds as i64, 0) {
        Some(time) if seconds.rem_euclid(86_400.0) == 0.0 => time.format("%Y-%m-%d").to_string(),
        Some(time) => time.format("%Y-%m-%d %H:%M").to_string(),
        None => super::number::NONE.to_owned(),
    }
}

/// At most about `count` ticks with their labels: years, months, or days, whichever fit.
pub fn ticks(low: f64, high: f64, count: usize) -> Vec<(f64, String)> {
    const MONTHS: [i32; 9] = [1, 3, 6, 12, 24, 60, 120, 240, 600];
    let (Some(first), Some(last)) = (month_of(low), month_of(high)) else { return Vec::new() };
    let fitting = MONTHS.into_iter().find(|months| (last - first) / months <= count as i32).unwrap_or(1200);
    let ticks = month_ticks(first, last, fitting, low, high);
    if ticks.len() >= 2 { ticks } else { day_ticks(low, high, count) }
}

fn month_ticks(first: i32, last: i32, months: i32, low: f64, high: f64) -> Vec<(f64, String)> {
    (first.div_euclid(months)..=last.div_euclid(months))
        .filter_map(|times| {
            let month = times * months;
            let day = NaiveDate::from_ymd_opt(month.div_euclid(12), month.rem_euclid(12) as u32 + 1, 1)?;
            let label = day.format(if months >= 12 { "%Y" } else { "%Y-%m" }).to_string();
            Some((day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() as f64, label))
        })
        .filter(|(seconds, _)| (low..=high).contains(seconds))
        .collect()
}

fn day_ticks(low: f64, high: f64, count: usize) -> Vec<(f64, String)> {
    let days = super::scale::ticks(low / 86_400.0, high / 86_400.0, count);
    days.into_iter().filter(|day| day.fract() == 0.0).map(|day| (day * 86_400.0, date(day * 86_400.0))).collect()
}

fn month_of(seconds: f64) -> Option<i32> {
    let day = DateTime::from_timestamp(seconds as i64, 0)?.date_naive();
    Some(day.year() * 12 + day.month0() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_years_start_where_they_do() {
        let (low, high) = (1_343_606_400.0, 1_404_000_000.0); // 2012-07-30 to 2014-06-29
        let labels: Vec<String> = ticks(low, high, 4).into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels, ["2013-01", "2013-07", "2014-01"]);
        assert_eq!(date(1_346_716_800.0), "2012-09-04");
        assert_eq!(date(1_346_716_860.0), "2012-09-04 00:01");
        assert_eq!(ticks(1_346_716_800.0, 1_346_976_000.0, 3).len(), 4);
    }
}
