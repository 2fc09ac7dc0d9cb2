//! Numbers as screens write them: four significant digits, thousands with ',', no zero before the point in tables.

use std::collections::BTreeSet;

/// What stands where there is no number.
pub const NONE: &str = "–";

/// A count with thousands, e.g. `2,240`.
pub fn whole(count: usize) -> String {
    grouped(&count.to_string())
}

/// `decimals` digits after the point, thousands with ',', e.g. `44,448.5`. NaN gives [`NONE`].
pub fn fixed(value: f64, decimals: usize) -> String {
    if value.is_nan() {
        return NONE.to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞".to_owned() } else { "-∞".to_owned() };
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let sign = if value < 0.0 && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) { "-" } else { "" };
    format!("{sign}{}{fraction}", grouped(whole))
}

/// As [`fixed`], without the zero before the point: `.555`, `-.44`, `1.00`.
pub fn ratio(value: f64, decimals: usize) -> String {
    bare(&fixed(value, decimals))
}

/// Four significant digits, none of them behind a whole number: `65.57`, `.5547`, `44,448`, `3`.
pub fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return fixed(value, 0);
    }
    let power = value.abs().log10().floor();
    if !(-4.0..12.0).contains(&power) {
        return format!("{value:.3e}");
    }
    bare(&trimmed(fixed(value, digits_after(power, 4))))
}

/// How many decimals a column of numbers takes, so that its largest has four significant digits
/// (three behind the point below 1); 0 where all are whole.
pub fn decimals<'a>(values: impl IntoIterator<Item = &'a f64>) -> usize {
    let (mut largest, mut all_whole) = (0.0_f64, true);
    for value in values.into_iter().filter(|value| value.is_finite()) {
        largest = largest.max(value.abs());
        all_whole &= value.fract() == 0.0;
    }
    match largest {
        _ if all_whole => 0,
        largest if largest < 1.0 => 3,
        largest => digits_after(largest.log10().floor(), 4),
    }
}

/// How many decimals the means of a column take whose values spread by `sd`: a hundredth of it is seen.
pub fn decimals_for_spread(sd: f64) -> usize {
    if sd > 0.0 && sd.is_finite() { digits_after(sd.log10().floor(), 3).min(4) } else { 0 }
}

/// As [`fixed`] where that fits into `cells` cells, with fewer decimals where a number below 1,000 fits so (`-.09`), else
/// four digits and a unit: `120.3G`.
pub fn fixed_within(value: f64, decimals: usize, cells: usize) -> String {
    let fits = |text: &String| text.chars().count() <= cells;
    let text = ratio(value, decimals);
    if fits(&text) || !value.is_finite() {
        return text;
    }
    let shorter = (0..decimals).rev().filter(|_| value.abs() < 1e3).map(|decimals| ratio(value, decimals));
    if let Some(text) = shorter.into_iter().find(fits) {
        return text;
    }
    let (unit, name) = unit_of(value);
    let scaled = value / unit;
    [2, 1, 0]
        .into_iter()
        .map(|decimals| format!("{scaled:.decimals$}{name}"))
        .find(|text| text.len() <= cells)
        .unwrap_or_else(|| format!("{value:.0e}"))
}

/// At most four cells: `269`, `65`, `.55`, `1.3`, `44k`, `1.2M`.
pub fn compact(value: f64) -> String {
    let size = value.abs();
    match size {
        _ if !value.is_finite() => NONE.to_owned(),
        0.0 => "0".to_owned(),
        size if size < 0.995 => ratio(value, 2),
        size if size < 9.95 && value.fract() != 0.0 => fixed(value, 1),
        size if size < 999.5 => fixed(value, 0),
        _ => scaled(value),
    }
}

/// As [`compact`], brought to `cells` cells where a coarser unit helps: `444k` in three is `.4M`.
pub fn within(value: f64, cells: usize) -> String {
    let text = compact(value);
    if text.chars().count() <= cells {
        return text;
    }
    match value.abs() {
        size if size < 1.0 => ratio(value, 1),
        size if size < 10.0 => fixed(value, 0),
        size if (99_950.0..999_500.0).contains(&size) => format!("{}M", ratio(value / 1e6, 1)),
        _ => Some(scaled(value)).filter(|text| text.chars().count() <= cells).unwrap_or_else(|| rounded(value)),
    }
}

/// The unit in which more of the values can be told apart in `cells` cells than by a unit beside each, and how it is said
/// behind what they are: `/1,000`. `None` where none helps.
pub fn shared_unit(values: impl Iterator<Item = f64> + Clone, cells: usize) -> Option<(f64, &'static str)> {
    let told = |unit: f64| -> usize {
        let texts = values.clone().map(|value| within(value / unit, cells));
        texts.filter(|text| text.chars().count() <= cells).collect::<BTreeSet<String>>().len()
    };
    let plain = told(1.0);
    [(1e3, "/1,000"), (1e6, "/1,000,000")].into_iter().find(|(unit, _)| told(*unit) > plain)
}

/// `2k` for 2,300: a unit and no decimals.
fn rounded(value: f64) -> String {
    let (unit, name) = unit_of(value);
    format!("{:.0}{name}", value / unit)
}

fn unit_of(value: f64) -> (f64, &'static str) {
    const UNITS: [(f64, &str); 4] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];
    UNITS.into_iter().find(|(unit, _)| value.abs() >= unit * 0.9995).unwrap_or((1e3, "k"))
}

fn scaled(value: f64) -> String {
    let (unit, name) = unit_of(value);
    let scaled = value / unit;
    let decimals = usize::from(scaled.abs() < 9.95);
    format!("{}{name}", trimmed(format!("{scaled:.decimals$}")))
}

/// A tick of an axis whose ticks are `step` apart.
pub fn tick(value: f64, step: f64) -> String {
    match value {
        0.0 => "0".to_owned(),
        value if value.abs().max(step.abs()) >= 100_000.0 => scaled(value),
        value => fixed(value, digits_of(step)),
    }
}

fn digits_of(step: f64) -> usize {
    if step > 0.0 { (-step.log10() - 1e-9).ceil().clamp(0.0, 8.0) as usize } else { 0 }
}

/// A share as a percentage, e.g. `40.5 %`.
pub fn percent(share: f64, decimals: usize) -> String {
    if share.is_nan() { NONE.to_owned() } else { format!("{} %", fixed(share * 100.0, decimals)) }
}

fn digits_after(power: f64, significant: i32) -> usize {
    (significant - 1 - power as i32).max(0) as usize
}

fn trimmed(text: String) -> String {
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn bare(text: &str) -> String {
    match (text.strip_prefix("0."), text.strip_prefix("-0.")) {
        (Some(rest), _) => format!(".{rest}"),
        (_, Some(rest)) => format!("-.{rest}"),
        _ => text.to_owned(),
    }
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_show_four_digits_and_thousands() {
        let cases = [(65.568_4, "65.57"), (0.554_66, ".5547"), (44_448.455, "44,448"), (-0.44, "-.44"), (3.0, "3")];
        for (value, text) in cases {
            assert_eq!(short(value), text);
        }
        assert_eq!(short(f64::NAN), "–");
        assert_eq!(short(1.5e20), "1.500e20");
        assert_eq!(whole(1_234_567), "1,234,567");
        assert_eq!(fixed(-0.001, 2), "0.00");
        assert_eq!(ratio(0.9996, 3), "1.000");
        assert_eq!(ratio(-0.44, 2), "-.44");
        assert_eq!(percent(0.405, 1), "40.5 %");
    }

    #[test]
    fn a_column_shares_its_decimals() {
        assert_eq!(decimals(&[65.568, 157.7]), 1);
        assert_eq!(decimals(&[0.5, 0.25]), 3);
        assert_eq!(decimals(&[44_448.4, 1.0]), 0);
        assert_eq!(decimals(&[3.0, 18.0]), 0);
        assert_eq!(decimals_for_spread(26.3), 1);
        assert_eq!(decimals_for_spread(25_173.0), 0);
        assert_eq!(decimals_for_spread(0.5), 3);
    }

    #[test]
    fn compact_numbers_take_four_cells() {
        let cases =
            [(269.4, "269"), (0.554, ".55"), (1.31, "1.3"), (44_448.0, "44k"), (1_234_567.0, "1.2M"), (2.0, "2")];
        for (value, text) in cases {
            assert_eq!(compact(value), text);
        }
        assert_eq!(fixed_within(120_345_678_901.0, 1, 6), "120.3G");
        assert_eq!(fixed_within(65.57, 1, 6), "65.6");
        assert_eq!((fixed_within(-0.0887, 3, 4), fixed_within(-0.0887, 3, 5)), ("-.09".into(), "-.089".into()));
        assert_eq!((fixed_within(123.45, 1, 4), fixed_within(9_876.5, 1, 4)), ("123".into(), "9.9k".into()));
        assert_eq!(within(444_448.0, 3), ".4M");
        for value in [0.0, 0.999, 9.96, 99.9, 999.6, 9_999.0, 99_999.0, 999_999.0, -0.5, -12.0] {
            assert!(compact(value).chars().count() <= 4, "{value} gives {}", compact(value));
        }
    }

    #[test]
    fn ticks_show_what_their_step_needs() {
        assert_eq!(tick(0.25, 0.05), "0.25");
        assert_eq!(tick(20.0, 20.0), "20");
        assert_eq!(tick(1500.0, 500.0), "1,500");
        assert_eq!(tick(0.0, 200_000.0), "0");
        assert_eq!(tick(600_000.0, 200_000.0), "600k");
        assert_eq!(tick(1_500_000.0, 500_000.0), "1.5M");
    }
}
