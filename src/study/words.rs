//! Numbers and lists as the sentences write them.

use std::fmt::Write;

/// Memory for reading, e.g. `1.6 GB`.
pub fn bytes(bytes: u64) -> String {
    const UNITS: [(f64, &str); 3] = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    let value = bytes as f64;
    let (size, unit) = UNITS.into_iter().find(|(size, _)| value >= *size).unwrap_or((1.0, "bytes"));
    if size > 1.0 { format!("{:.1} {unit}", value / size) } else { format!("{bytes} {unit}") }
}

/// A whole number with its thousands apart, e.g. `2,240`.
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Two digits without the leading zero, e.g. `.97`, `1.00`, `-.05`.
pub fn two(value: f64) -> String {
    let text = format!("{value:.2}");
    match text.strip_prefix("-0") {
        Some(rest) => format!("-{rest}"),
        None => text.strip_prefix('0').map(str::to_owned).unwrap_or(text),
    }
}

/// A share, e.g. `97.5 %`, `5 %`.
pub fn percent(share: f64) -> String {
    let text = format!("{:.1}", share * 100.0);
    format!("{} %", text.strip_suffix(".0").unwrap_or(&text))
}

/// A small number as a word, e.g. `five`; from 13 on in digits.
pub fn small(number: usize) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ];
    WORDS.get(number).map_or_else(|| count(number), |word| (*word).to_owned())
}

/// `a`, `a and b`, `a, b and c`.
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    let mut text = String::new();
    for (place, item) in items.iter().enumerate() {
        let glue = match place {
            0 => "",
            _ if place + 1 == items.len() => " and ",
            _ => ", ",
        };
        let _ = write!(text, "{glue}{}", item.as_ref());
    }
    text
}

/// `1 customer`, `2 customers`.
pub fn customers(number: usize) -> String {
    format!("{} customer{}", count(number), if number == 1 { "" } else { "s" })
}

/// The first letter as a capital.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_on_the_screens() {
        assert_eq!([two(0.5547), two(1.0), two(-0.05), two(0.996)], [".55", "1.00", "-.05", "1.00"]);
        assert_eq!([percent(0.975), percent(0.05), percent(1.0)], ["97.5 %", "5 %", "100 %"]);
        assert_eq!([count(7), count(2240), count(1_234_567)], ["7", "2,240", "1,234,567"]);
        assert_eq!([bytes(1_600_000_000), bytes(12)], ["1.6 GB", "12 bytes"]);
        assert_eq!([small(5), small(13)], ["five", "13"]);
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!([customers(1), capital("ward and mixture")], ["1 customer", "Ward and mixture"]);
    }
}
