//! Values as their column writes them.

use crate::plot::{number, time};
use crate::segments::Effect;
use crate::table::Kind;

/// One value of a column.
pub fn exact(kind: Kind, value: f64) -> String {
    match kind {
        _ if value.is_nan() => number::NONE.to_owned(),
        Kind::Date => time::date(value),
        Kind::Year => format!("{value:.0}"),
        Kind::YesNo => if value > 0.5 { "yes" } else { "no" }.to_owned(),
        Kind::Whole => number::fixed(value, 0),
        Kind::Number | Kind::Text => number::short(value),
    }
}

/// A mean of a column whose values spread by `sd`: a share for yes/no columns, a day for dates.
pub fn mean(kind: Kind, mean: f64, sd: f64) -> String {
    match kind {
        Kind::Date => time::date((mean / 86_400.0).round() * 86_400.0),
        Kind::YesNo => number::percent(mean, if mean < 0.1 { 1 } else { 0 }),
        Kind::Year => format!("{mean:.0}"),
        _ => number::ratio(mean, number::decimals_for_spread(sd)),
    }
}

/// How well something holds, with two digits that never round up over a bound of the scale.
pub fn holds(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    let over = [0.60, 0.75, 0.85].into_iter().any(|bound| value < bound && rounded >= bound);
    number::ratio(if over { rounded - 0.01 } else { rounded }, 2)
}

/// The mean of one segment (`None`: everyone's) of an effect's column.
pub fn of_effect(effect: &Effect, value: Option<f64>) -> String {
    match value.or(effect.mean) {
        Some(value) => mean(effect.kind, value, effect.sd.unwrap_or(0.0)),
        None => number::NONE.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_their_kind_is() {
        assert_eq!(exact(Kind::Year, 1971.0), "1971");
        assert_eq!(exact(Kind::Whole, 1971.0), "1,971");
        assert_eq!(exact(Kind::YesNo, 1.0), "yes");
        assert_eq!([0.746, 0.75, 0.968, 0.5995].map(holds), [".74", ".75", ".97", ".59"]);
        assert_eq!(mean(Kind::YesNo, 0.149, 0.35), "15 %");
        assert_eq!(mean(Kind::Number, 52_247.3, 25_173.0), "52,247");
        assert_eq!(mean(Kind::Whole, 0.444, 0.53), ".444");
        assert_eq!(mean(Kind::Date, 1_346_716_900.0, 1.0), "2012-09-04");
    }
}
