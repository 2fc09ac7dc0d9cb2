//! Personal data: columns that name or locate a person, found by their names and their values, and how they are masked.

use std::net::IpAddr;

use card_validate::Validate;
use serde::{Deserialize, Serialize};

use super::names::Words;
use super::values::{Field, Kind};
use crate::matrix::{Coded, Values};

/// Tells whether a text is of a kind.
type Test = fn(&str) -> bool;

/// Distinct values that are looked at.
const PROBE: usize = 500;
/// The share of them that must be of a kind.
const MOST: f64 = 0.8;
/// So many distinct texts are no category.
const MANY: usize = 50;
/// Fewer distinct values prove nothing.
const ENOUGH: usize = 3;

/// What a column tells about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Personal {
    /// E-mail addresses.
    Email,
    /// Telephone numbers.
    Phone,
    /// Names of persons.
    Name,
    /// Postal addresses.
    Address,
    /// Payment cards, their check digit right (Luhn).
    Card,
    /// Bank accounts, their check digits right (ISO 13616).
    Iban,
    /// IP addresses.
    Ip,
    /// Numbers of a passport, of social security and the like.
    Official,
    /// The day of birth, to the day.
    Birthday,
    /// Prose in which e-mail addresses stand.
    Prose,
}

impl Personal {
    /// What the values are, in the plural.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Email => "e-mail addresses",
            Self::Phone => "telephone numbers",
            Self::Name => "names",
            Self::Address => "addresses",
            Self::Card => "card numbers",
            Self::Iban => "bank accounts",
            Self::Ip => "IP addresses",
            Self::Official => "official numbers",
            Self::Birthday => "birthdays",
            Self::Prose => "texts with e-mail addresses",
        }
    }

    /// What a single text is, as far as it or its column's name tells.
    pub(super) fn guess(name: &str, text: &str) -> Option<Self> {
        let text = text.trim();
        let tests: [(Self, Test); 5] = [
            (Self::Email, is_email),
            (Self::Iban, is_iban),
            (Self::Card, is_card),
            (Self::Ip, is_ip),
            (Self::Phone, is_phone),
        ];
        let found = tests.into_iter().find(|(_, is)| is(text)).map(|(kind, _)| kind);
        found.or_else(|| Words::of(name).personal())
    }

    /// The first values of a column as they stand.
    pub fn examples(field: &Field) -> Vec<String> {
        probe(field).into_iter().take(2).collect()
    }

    /// A value as it may be shown: enough to tell two apart, too little to reach anybody.
    pub fn mask(self, text: &str) -> String {
        const HIDDEN: &str = "•••";
        let text = text.trim();
        if text.is_empty() {
            return String::new();
        }
        let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
        let last = |count: usize| -> String {
            let digits: Vec<char> = text.chars().filter(|letter| letter.is_alphanumeric()).collect();
            // Of a short text the end would be most of it.
            let from = if digits.len() > 2 * count { digits.len() - count } else { digits.len() };
            digits[from..].iter().collect()
        };
        match self {
            Self::Email => match text.split_once('@') {
                Some((name, host)) => format!("{}{HIDDEN}@{}{HIDDEN}", first(name), first(host)),
                None => format!("{}{HIDDEN}", first(text)),
            },
            Self::Card | Self::Iban => format!("{HIDDEN}{}", last(4)),
            Self::Phone | Self::Official => format!("{HIDDEN}{}", last(2)),
            Self::Name | Self::Address => format!("{}{HIDDEN}", first(text)),
            Self::Ip | Self::Birthday | Self::Prose => HIDDEN.to_owned(),
        }
    }
}

/// What the column tells about a person, if anything. Digits alone need a telling name or a check digit.
pub(super) fn of(field: &Field) -> Option<Personal> {
    let words = Words::of(field.name());
    if field.kind == Kind::Date {
        return words.names_a_birth().then_some(Personal::Birthday);
    }
    if matches!(field.kind, Kind::YesNo | Kind::Year) {
        return None;
    }
    let texts = probe(field);
    let most = |is: &dyn Fn(&str) -> bool| is_most(&texts, is);
    let by_value = [
        (Personal::Email, most(&is_email)),
        (Personal::Iban, most(&is_iban)),
        (Personal::Card, most(&is_card)),
        (Personal::Ip, most(&is_ip)),
        (Personal::Phone, most(&is_phone)),
        (Personal::Address, most(&is_address)),
        (Personal::Name, most(&has_a_title)),
        (Personal::Prose, field.kind == Kind::Text && texts.iter().any(|text| holds_an_email(text))),
    ];
    let by_name = || words.personal().filter(|kind| fits(*kind, field, &texts));
    let by_value = by_value.into_iter().find(|(_, found)| *found).map(|(kind, _)| kind);
    by_value.or_else(by_name)
}

/// Whether values can be what the column's name says: `mobile_os` holds no telephone numbers.
fn fits(kind: Personal, field: &Field, texts: &[String]) -> bool {
    let digits = |text: &String| text.bytes().filter(u8::is_ascii_digit).count();
    let numbered = |least: usize| texts.iter().filter(|text| digits(text) >= least).count() * 2 > texts.len();
    let present = field.column.values.len() - field.missing;
    match kind {
        Personal::Phone | Personal::Card | Personal::Iban => numbered(6),
        Personal::Official => numbered(4),
        _ => field.kind == Kind::Text && (field.distinct * 2 > present || field.distinct > MANY),
    }
}

/// The first distinct values as texts.
fn probe(field: &Field) -> Vec<String> {
    match &field.column.values {
        Values::Text(Coded { levels, .. }) => levels.iter().take(PROBE).map(|text| text.trim().to_owned()).collect(),
        // Numbers with a fraction or few digits are amounts and counts.
        Values::Number(numbers) if field.kind == Kind::Whole => {
            let long = numbers.iter().take(PROBE).filter(|value| **value >= 1e6).map(ToString::to_string);
            let long: Vec<String> = long.collect();
            let mut distinct = long;
            distinct.sort();
            distinct.dedup();
            distinct
        }
        Values::Number(_) => Vec::new(),
    }
}

fn is_most(texts: &[String], is: &dyn Fn(&str) -> bool) -> bool {
    // A first look at a few spares most columns the whole.
    let few = texts.len().min(20);
    let count = |texts: &[String]| texts.iter().filter(|text| is(text)).count() as f64;
    texts.len() >= ENOUGH && count(&texts[..few]) >= 0.5 * few as f64 && count(texts) >= MOST * texts.len() as f64
}

/// One `@` with something before it and a host with a dot behind it.
fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let plain = |letter: char| letter.is_alphanumeric() || "._%+-'".contains(letter);
    !name.is_empty()
        && name.chars().all(plain)
        && host.split_once('.').is_some_and(|(_, end)| end.len() >= 2)
        && host.chars().all(|letter| letter.is_alphanumeric() || ".-".contains(letter))
        && !host.starts_with('.')
        && !host.ends_with('.')
}

fn holds_an_email(text: &str) -> bool {
    text.contains('@')
        && text
            .split(|c: char| c.is_whitespace() || ",;<>()".contains(c))
            .any(|word| is_email(word.trim_end_matches(['.', ':', '!', '?'])))
}

fn is_iban(text: &str) -> bool {
    text.len() >= 15 && text.parse::<iban::Iban>().is_ok()
}

fn is_card(text: &str) -> bool {
    let digits: String = text.chars().filter(|letter| !matches!(letter, ' ' | '-')).collect();
    (13..=19).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && Validate::from(&digits).is_ok()
}

fn is_ip(text: &str) -> bool {
    text.contains(['.', ':']) && text.parse::<IpAddr>().is_ok()
}

/// `+49 30 123456`, `(555) 010-9999`, `0049-30-123456`: seven to fifteen digits and what stands between them. Without
/// such a beginning digits in groups may name anything.
fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let plain = text.chars().all(|letter| letter.is_ascii_digit() || "+ -()/.".contains(letter));
    let marked = text.starts_with('+')
        || text.starts_with('(')
        || text.starts_with("00") && !text.bytes().all(|b| b.is_ascii_digit());
    plain && (7..=15).contains(&digits) && marked && !looks_like_a_date(text)
}

/// Three groups of one, two or four digits: `31-12-2020`, `2020-12-31`, `2020-12-31 10:00`.
fn looks_like_a_date(text: &str) -> bool {
    let groups: Vec<usize> = text.split(['-', '/', '.', ' ']).map(str::len).take(3).collect();
    matches!(groups[..], [4, 1..=2, 1..=2] | [1..=2, 1..=2, 2 | 4])
}

/// A street and a house number: `12 Main Street`, `Hauptstr. 5`.
fn is_address(text: &str) -> bool {
    const STREETS: [&str; 22] = [
        "street",
        "st",
        "avenue",
        "ave",
        "road",
        "rd",
        "lane",
        "ln",
        "drive",
        "dr",
        "boulevard",
        "blvd",
        "court",
        "ct",
        "rue",
        "via",
        "calle",
        "weg",
        "platz",
        "allee",
        "gasse",
        "straat",
    ];
    let lower = text.to_lowercase();
    let mut words = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let street =
        |word: &str| STREETS.contains(&word) || ["straße", "strasse", "str"].iter().any(|end| word.ends_with(end));
    lower.contains(|letter: char| letter.is_ascii_digit()) && words.any(street)
}

/// `Mr. John Smith`.
fn has_a_title(text: &str) -> bool {
    const TITLES: [&str; 12] =
        ["mr", "mrs", "ms", "miss", "herr", "frau", "dr", "prof", "mme", "monsieur", "madame", "señor"];
    let mut words = text.split_whitespace();
    let title = words.next().map(|word| word.trim_end_matches('.').to_lowercase());
    title.is_some_and(|title| TITLES.contains(&title.as_str())) && words.next().is_some()
}

impl Field {
    /// A text of this column as it may be shown: masked where it is personal.
    pub fn discreet(&self, text: &str) -> String {
        self.personal.map_or_else(|| text.to_owned(), |kind| kind.mask(text))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::read_text;
    use super::*;

    fn kinds(text: &str) -> Vec<Option<Personal>> {
        read_text(text).fields.iter().map(|field| field.personal).collect()
    }

    #[test]
    fn values_tell_what_names_do_not() {
        let found = kinds(
            "a,b,c,d,e,f,g\n\
             ann@example.org,4111 1111 1111 1111,DE44 5001 0517 5407 3249 31,192.0.2.1,+49 30 123456,12 Main Street,Mr. X Y\n\
             bob@example.org,5500 0000 0000 0004,GB82 WEST 1234 5698 7654 32,192.0.2.2,+49 30 123457,7 High St.,Mrs. V W\n\
             cyd@example.org,3400 0000 0000 009,FR14 2004 1010 0505 0001 3M02 606,2001:db8::1,(555) 010-9999,Hauptstr. 5,Dr. A B\n",
        );
        let expected = [
            Personal::Email,
            Personal::Card,
            Personal::Iban,
            Personal::Ip,
            Personal::Phone,
            Personal::Address,
            Personal::Name,
        ];
        assert_eq!(found, expected.map(Some));
    }

    #[test]
    fn wrong_check_digits_dates_and_amounts_are_no_persons() {
        let found = kinds(
            "a,b,c,d\n4111 1111 1111 1112,2020-12-31 10:00,DE45 5001 0517 5407 3249 31,1234567\n\
             5500 0000 0000 0005,2020-12-30 11:00,GB83 WEST 1234 5698 7654 32,2345678\n\
             3400 0000 0000 008,2020-12-29 12:00,FR15 2004 1010 0505 0001 3M02 606,3456789\n",
        );
        assert_eq!(found[1..], [None; 3]);
    }

    #[test]
    fn names_tell_what_values_do_not() {
        let found = kinds(
            "first_name,phone,PhoneService,date_of_birth,Product Name,ssn\nAnn,5551234567,Yes,1980-05-01,Tea,078051120\n\
             Bob,5551234568,No,1981-06-30,Milk,219099999\nCyd,5551234569,No,1990-07-31,Tea,457555462\n",
        );
        let expected = [
            Some(Personal::Name),
            Some(Personal::Phone),
            None,
            Some(Personal::Birthday),
            None,
            Some(Personal::Official),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn masks_tell_apart_but_not_who() {
        assert_eq!(Personal::Email.mask("ann@example.org"), "a•••@e•••");
        assert_eq!(Personal::Card.mask("4111 1111 1111 1111"), "•••1111");
        assert_eq!(Personal::Phone.mask("+49 30 123456"), "•••56");
        assert_eq!(Personal::Name.mask("Ann Smith"), "A•••");
        assert_eq!(Personal::Official.mask("12"), "•••");
        assert_eq!(Personal::Ip.mask("192.0.2.1"), "•••");
        assert_eq!(Personal::Email.mask("  "), "");
    }
}
