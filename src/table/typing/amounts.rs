//! Amounts as people write them in texts.

/// The number that a text stands for: with currency signs and codes, grouped by `,` `.` `'` or blanks, negative by a sign
/// or in brackets, with `+`, `%` (a hundredth), `k`, `m`, `bn` behind it. A single `,` or `.` before three digits groups.
pub fn parse_amount(text: &str) -> Option<f64> {
    let text = text.trim();
    let (text, in_brackets) = match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        Some(inner) => (inner, true),
        None => (text, false),
    };
    let is_digit = |c: char| c.is_ascii_digit();
    let first = text.find(is_digit)?;
    // `.5`, but not the point of `Rs. 500`.
    let begin =
        first - usize::from(text[..first].ends_with(['.', ',']) && !text[..first - 1].ends_with(char::is_alphabetic));
    let end = text.rfind(is_digit)? + 1;
    let (before, digits, after) = (text.get(..begin)?, text.get(begin..end)?, text.get(end..)?);
    let negative = in_brackets || before.contains(['-', '−']);
    let value = plain(digits)? * unit(after)?;
    is_sign(before).then_some(if negative { -value } else { value })
}

/// Whether what stands before a number is a sign of it: a currency's, a code of three capitals, `<`.
fn is_sign(before: &str) -> bool {
    let letters: String = before.chars().filter(|c| c.is_alphabetic()).collect();
    let code = letters.len() == 3 && letters.bytes().all(|byte| byte.is_ascii_uppercase());
    let known = letters.is_empty() || code || matches!(letters.as_str(), "Rs" | "kr" | "R");
    known && before.chars().all(|c| c.is_alphabetic() || c.is_whitespace() || "$€£¥₹-−+~<>≤≥.".contains(c))
}

/// What stands behind a number, as a factor.
fn unit(after: &str) -> Option<f64> {
    let word: String = after.chars().filter(|c| !c.is_whitespace() && !"$€£¥₹+".contains(*c)).collect();
    let word = word.to_lowercase();
    let word = ["usd", "eur", "gbp", "chf"].iter().fold(word.as_str(), |word, code| word.trim_end_matches(code));
    match word {
        "" | "." | "-" | ".-" => Some(1.0),
        "%" => Some(0.01),
        "k" | "tsd" => Some(1e3),
        "m" | "mn" | "mio" | "million" => Some(1e6),
        "b" | "bn" | "mrd" | "billion" => Some(1e9),
        _ => None,
    }
}

/// Digits with marks between them.
fn plain(digits: &str) -> Option<f64> {
    let digits: String = digits.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’' | '_')).collect();
    if let Some((mantissa, exponent)) = digits.split_once(['e', 'E']) {
        return Some(plain(mantissa)? * 10_f64.powi(exponent.trim_start_matches('+').parse().ok()?));
    }
    let marks: Vec<(usize, char)> = digits.char_indices().filter(|(_, c)| matches!(c, ',' | '.')).collect();
    let decimal = match marks.last() {
        Some(&(at, mark)) if is_decimal(&digits, &marks, at, mark) => Some(at),
        _ => None,
    };
    let (whole, fraction) = decimal.map_or((digits.as_str(), ""), |at| (&digits[..at], &digits[at + 1..]));
    let whole = ungrouped(whole)?;
    format!("{whole}.{fraction}0").parse().ok()
}

/// Whether the last mark is the decimal one: it stands alone, and not as `,` before three digits; or others group.
fn is_decimal(digits: &str, marks: &[(usize, char)], at: usize, mark: char) -> bool {
    let same = marks.iter().filter(|(_, other)| *other == mark).count();
    let three = digits.len() - at - 1 == 3;
    same == 1 && (marks.len() > 1 || mark == '.' || !three)
}

/// Digits in groups of three, joined.
fn ungrouped(text: &str) -> Option<String> {
    let groups: Vec<&str> = text.split([',', '.']).collect();
    let alike = groups.len() == 1 || groups[1..].iter().all(|group| group.len() == 3) && groups[0].len() <= 3;
    let joined = groups.concat();
    (alike && joined.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| if joined.is_empty() { "0".into() } else { joined })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, value) in [
            ("$84,835.00", 84_835.0),
            ("10,000+", 10_000.0),
            ("19M", 19e6),
            ("1.5k", 1500.0),
            ("5%", 0.05),
            ("12,5 %", 0.125),
            ("(1,234.50)", -1234.5),
            ("-€ 1.234,56", -1234.56),
            ("1 234 567", 1_234_567.0),
            ("CHF 1'200.-", 1200.0),
            ("3.2 bn", 3.2e9),
            ("1,234", 1234.0),
            ("1.234", 1.234),
            ("0,5", 0.5),
            ("1e3", 1000.0),
            (".5", 0.5),
            ("Rs. 500", 500.0),
        ] {
            let found = parse_amount(text).unwrap_or(f64::NAN);
            assert!((found - value).abs() <= value.abs() * 1e-15, "{text}: {found}");
        }
        for text in ["", "n/a", "12 apples", "1,23,4", "10-20", "abc 5", "1.2.3", "--"] {
            assert_eq!(parse_amount(text), None, "{text}");
        }
    }
}
