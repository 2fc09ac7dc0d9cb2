//! Numbers in sentences.

/// `value` with thousands set off by ',' and `digits` significant digits, the whole part always in full.
pub(crate) fn number(value: f64, digits: usize) -> String {
    written(value, digits, 12)
}

/// As [`number`] with three digits, at most `decimals` of them behind the point.
pub(crate) fn rounded(value: f64, decimals: usize) -> String {
    written(value, 3, decimals)
}

/// Rounded once: 44.154 is 44.2, though 44.15 would be 44.1.
fn written(value: f64, digits: usize, most: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let magnitude = if value == 0.0 { 0 } else { value.abs().log10().floor() as i64 };
    let decimals = (digits as i64 - 1 - magnitude).clamp(0, most as i64) as usize;
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    let sign = if value < 0.0 && text.bytes().any(|byte| matches!(byte, b'1'..=b'9')) { "−" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", thousands(whole))
}

/// A whole number of rows and the like.
pub(crate) fn count(value: usize) -> String {
    thousands(&value.to_string())
}

/// `1 row`, `2 rows`.
pub(crate) fn counted(value: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(value), if value == 1 { one } else { many })
}

fn thousands(digits: &str) -> String {
    let mut text = String::new();
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
    fn numbers_keep_their_whole_part() {
        let shown = |value| number(value, 6);
        assert_eq!(shown(51381.5), "51,381.5");
        assert_eq!(shown(666_666.0), "666,666");
        assert_eq!(shown(-0.25), "−0.25");
        assert_eq!(shown(0.0), "0");
        assert_eq!(number(86.538, 3), "86.5");
        assert_eq!(number(1234.6, 3), "1,235");
        assert_eq!(number(0.001_234, 3), "0.00123");
        assert_eq!(number(f64::NAN, 3), "–");
        assert_eq!(rounded(44.154_471_544_715_45, 2), "44.2");
        assert_eq!((rounded(1.234, 1), rounded(0.004, 2), rounded(123.4, 1)), ("1.2".into(), "0".into(), "123".into()));
        assert_eq!(counted(1, "row", "rows"), "1 row");
        assert_eq!(counted(1234, "row", "rows"), "1,234 rows");
    }
}
