#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

fn typed(name: &str, texts: &[&str]) -> Typed {
    let texts: Vec<Option<&str>> = texts.iter().map(|text| Some(*text)).collect();
    Typed::from_written(&texts, &Words::of(name), '.', &Task::default()).unwrap()
}

fn numbers(typed: &Typed) -> Vec<f64> {
    typed.values.numbers().unwrap().to_vec()
}

#[test]
fn gaps_are_known_by_their_spellings() {
    for gap in ["", "  ", "NA", "n/a", "NaN", "NULL", "None", "-", "?", "inf", "-Inf"] {
        assert!(is_missing(gap), "{gap:?}");
    }
    assert!(!is_missing("No") && !is_missing("0"));
    let typed = typed("x", &["1", "NA", "inf", " 2 "]);
    assert_eq!((typed.kind, missing(&typed.values), distinct(&typed.values)), (Kind::Whole, 2, 2));
}

#[test]
fn numbers_are_read_as_written() {
    for (text, decimal, value) in [
        ("1e3", '.', 1000.0),
        ("-1.5", '.', -1.5),
        ("$84,835.00", '.', 84_835.0),
        ("-$1,234", '.', -1234.0),
        ("1.234,56", ',', 1234.56),
        ("0,05", ',', 0.05),
        ("89", ',', 89.0),
        ("($120.00)", '.', -120.0),
        ("7.5 %", '.', 0.075),
    ] {
        assert_eq!(parse_number(text, decimal), Some(value), "{text}");
    }
    for text in ["", "a", "1,23", "12:30", "1-2", "1e999", "0x10", "%", "()"] {
        assert_eq!(parse_number(text, '.'), None, "{text}");
    }
}

#[test]
fn kinds_follow_the_values() {
    let kind = |name, texts: &[&str]| typed(name, texts).kind;
    assert_eq!(kind("a", &["1", "2.5"]), Kind::Number);
    assert_eq!(kind("a", &["0", "1", "1"]), Kind::YesNo);
    assert_eq!(kind("kids", &["0", "1", "2"]), Kind::Whole);
    assert_eq!(kind("Year_Birth", &["1957", "1893"]), Kind::Year);
    assert_eq!(kind("a", &["1957", "1893"]), Kind::Whole);
    assert_eq!(kind("a", &["0001", "0002"]), Kind::Text);
    assert_eq!(kind("a", &["12345678901234567890", "12345678901234567891"]), Kind::Text);
    assert_eq!(kind("a", &["Yes", "no", ""]), Kind::YesNo);
    assert_eq!(kind("a", &["red", "blue"]), Kind::Text);
    assert_eq!(kind("order_date", &["19970101", "19971231"]), Kind::Date);
}

#[test]
fn yes_and_no_keep_their_texts() {
    let typed = typed("x", &["Yes", "No", " ", "Yes"]);
    assert_eq!(typed.yes_no, Some(("No".into(), "Yes".into())));
    assert_eq!(numbers(&typed)[..2], [1.0, 0.0]);
    assert!(numbers(&typed)[2].is_nan());
}

#[test]
fn a_few_unreadable_values_do_not_make_a_column_text() {
    let mut texts = vec!["1.5"; 99];
    texts.push("12 yrs");
    let age = typed("age", &texts);
    assert_eq!((age.kind, age.unreadable), (Kind::Number, vec![(99, "12 yrs".to_owned())]));
    texts[99] = "C536379";
    assert_eq!(typed("InvoiceNo", &texts).kind, Kind::Text);
}

#[test]
fn the_order_of_day_and_month_is_decided_by_the_values() {
    let format = |texts: &[&str]| typed("d", texts).date_format.unwrap_or_default();
    assert_eq!(format(&["04-09-2012", "21-08-2013"]), "%d-%m-%Y");
    assert_eq!(format(&["1/5/2019", "3/25/2019"]), "%m/%d/%Y");
    assert_eq!(format(&["1/5/2019", "25/3/2019"]), "%d/%m/%Y");
    assert_eq!(format(&["6/16/14", "6/15/14"]), "%m/%d/%y");
    assert_eq!(format(&["10.03.2004", "01.02.2003"]), "%d.%m.%Y");
    assert_eq!(format(&["2024-02-29", "2023-12-01"]), "%Y-%m-%d");
    assert_eq!(format(&["2024-02-29T08:30:00", "2023-12-01T00:00:00"]), "%Y-%m-%dT%H:%M:%S");
    assert_eq!(format(&["16 Dec 21", "19 Mar 20"]), "%d %b %y");
    assert_eq!(format(&["4/22/2018 6:00", "4/21/2018 22:45"]), "%m/%d/%Y %H:%M");
}

#[test]
fn dates_become_seconds() {
    assert_eq!(numbers(&typed("d", &["01-01-1970", "02-01-1970", "NA"]))[..2], [0.0, 86_400.0]);
    assert_eq!(numbers(&typed("d", &["2000-01-01T00:00:00+02:00"])), [946_677_600.0]);
    assert_eq!(typed("d", &["13:08", "10:29"]).kind, Kind::Text);
}
