//! One line of the stream: an order line or event of a customer, or a moment.

use std::borrow::Cow;
use std::fmt;

use chrono::DateTime;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::error::{Error, Result};
use crate::recipe::rfm::{Returns, RollUpSpec, Worth, moment_of};
use crate::table::Key;

/// The key of a line that only says how late it is.
pub const TICK: &str = "tick";
/// Seconds since 1970 are fewer, milliseconds more.
const MILLISECONDS: f64 = 1e11;
/// Sums of more would not be exact, and no moment lies so far off (in seconds).
const MOST: f64 = 1e12;
/// Fields that are looked for, in the order of [`Names::all`].
const FIELDS: usize = 9;

/// What a line says.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// Somebody did something.
    Event(Event),
    /// It is that late now.
    Tick(f64),
}

/// Somebody did something.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Who.
    pub customer: String,
    /// When, in seconds since 1970.
    pub at: f64,
    /// What it is worth.
    pub worth: Worth,
    /// What tells the order from the customer's others.
    pub order: u64,
    /// Its number in the stream, where lines are numbered.
    pub seq: Option<u64>,
    /// What tells the line from the customer's others, where lines are named.
    pub id: Option<u64>,
}

/// The names of the fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Names {
    customer: String,
    date: String,
    order: Option<String>,
    quantity: Option<String>,
    price: Option<String>,
    amount: Option<String>,
    seq: Option<String>,
    id: Option<String>,
    returns: Returns,
}

impl Names {
    /// Those of a model's roll-up; `seq` numbers the lines, `id` names them.
    ///
    /// # Errors
    /// The roll-up does not name customer or date.
    pub fn of(spec: &RollUpSpec, seq: Option<&str>, id: Option<&str>) -> Result<Self> {
        let lacks = || Error::failed("the model does not say how customer and date are called").hint("make it anew");
        Ok(Self {
            customer: spec.customer.clone().ok_or_else(lacks)?,
            date: spec.date.clone().ok_or_else(lacks)?,
            order: spec.order.clone(),
            quantity: spec.quantity.clone(),
            price: spec.price.clone(),
            amount: spec.amount.clone(),
            seq: seq.map(str::to_owned),
            id: id.map(str::to_owned),
            returns: spec.returns,
        })
    }

    fn all(&self) -> [Option<&str>; FIELDS] {
        let (customer, date) = (Some(self.customer.as_str()), Some(self.date.as_str()));
        let others = [&self.order, &self.quantity, &self.price, &self.amount, &self.seq, &self.id];
        let [order, quantity, price, amount, seq, id] = others.map(Option::as_deref);
        [customer, date, order, quantity, price, amount, seq, id, Some(TICK)]
    }

    /// Reads a line.
    ///
    /// # Errors
    /// It is no object of plain values, or has no customer, date or number that is needed: in words.
    pub fn read(&self, line: &[u8]) -> Result<Line, String> {
        let mut reader = serde_json::Deserializer::from_slice(line);
        let told = |error: serde_json::Error| {
            format!("it is no JSON object: {}", error.to_string().split(" at line ").next().unwrap_or_default())
        };
        let cells = Fields(self.all()).deserialize(&mut reader).map_err(told)?;
        reader.end().map_err(told)?;
        let [customer, date, order, quantity, price, amount, seq, id, tick] = cells;
        if !matches!(tick, Cell::Nothing) && matches!(customer, Cell::Nothing) {
            return Ok(Line::Tick(tick.moment().ok_or("its tick is no moment")?));
        }
        let customer = customer.text().filter(|text| !text.is_empty());
        let customer = customer.ok_or_else(|| format!("it has no \"{}\"", self.customer))?;
        let at = date.moment().ok_or_else(|| format!("its \"{}\" is no moment", self.date))?;
        let of = |name: &Option<String>, cell: Cell<'_>| name.as_ref().map(|_| cell.number().unwrap_or(f64::NAN));
        let worth =
            Worth::of(of(&self.quantity, quantity), of(&self.price, price), of(&self.amount, amount), self.returns);
        if matches!(worth, Worth::Counts(value) | Worth::Back(value) if value.abs() > MOST) {
            return Err("nothing is worth so much".to_owned());
        }
        let hash = |cell: Cell<'_>| cell.text().filter(|text| !text.is_empty()).map(|text| Key::of_text(&text).mixed());
        let seq = match &self.seq {
            Some(name) => Some(seq.whole().ok_or_else(|| format!("its \"{name}\" is no whole number"))?),
            None => None,
        };
        let order = hash(order).unwrap_or_else(|| Key::of_number(at).mixed());
        Ok(Line::Event(Event { customer: customer.into_owned(), at, worth, order, seq, id: hash(id) }))
    }
}

/// A plain value.
#[derive(Debug, Clone, PartialEq)]
enum Cell<'t> {
    Nothing,
    Truth(bool),
    Whole(i64),
    Large(u64),
    Number(f64),
    Text(Cow<'t, str>),
}

impl<'t> Cell<'t> {
    /// As an identifier.
    fn text(self) -> Option<Cow<'t, str>> {
        match self {
            Self::Nothing => None,
            Self::Truth(truth) => Some(truth.to_string().into()),
            Self::Whole(number) => Some(number.to_string().into()),
            Self::Large(number) => Some(number.to_string().into()),
            Self::Number(number) => Some(number.to_string().into()),
            Self::Text(Cow::Borrowed(text)) => Some(text.trim().into()),
            Self::Text(Cow::Owned(text)) => Some(text.trim().to_owned().into()),
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Self::Whole(number) => Some(*number as f64),
            Self::Large(number) => Some(*number as f64),
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Nothing | Self::Truth(_) => None,
        }
        .filter(|number: &f64| number.is_finite())
    }

    fn whole(&self) -> Option<u64> {
        match self {
            Self::Whole(number) => u64::try_from(*number).ok(),
            Self::Large(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// As seconds since 1970: of a text that is written as dates are, or of a number of seconds or milliseconds.
    fn moment(&self) -> Option<f64> {
        match self {
            Self::Text(text) => moment(text.trim()),
            other => other.number().map(|number| if number.abs() >= MILLISECONDS { number / 1000.0 } else { number }),
        }
        .filter(|moment| moment.abs() < MOST)
    }
}

fn moment(text: &str) -> Option<f64> {
    let plain = text.strip_suffix('Z').unwrap_or(text);
    let plain = plain.split_once('.').map_or(plain, |(before, fraction)| {
        if fraction.bytes().all(|digit| digit.is_ascii_digit()) { before } else { plain }
    });
    let own = moment_of(Some(plain)).ok().flatten();
    own.or_else(|| DateTime::parse_from_rfc3339(text).ok().map(|at| at.timestamp() as f64))
}

/// Takes the fields of these names out of an object.
struct Fields<'n>([Option<&'n str>; FIELDS]);

impl<'de> DeserializeSeed<'de> for Fields<'_> {
    type Value = [Cell<'de>; FIELDS];

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Self::Value, D::Error> {
        input.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = [Cell<'de>; FIELDS];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut cells = [const { Cell::Nothing }; FIELDS];
        let mut seen = [false; FIELDS];
        while let Some(key) = map.next_key_seed(Plain)? {
            let Cell::Text(key) = key else { return Err(A::Error::custom("a key is no text")) };
            if !self.0.contains(&Some(key.as_ref())) {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let cell = map.next_value_seed(Plain)?;
            for place in (0..FIELDS).filter(|&place| self.0[place] == Some(key.as_ref())) {
                if std::mem::replace(&mut seen[place], true) {
                    return Err(A::Error::custom(format!("\"{key}\" stands there twice")));
                }
                cells[place] = cell.clone();
            }
        }
        Ok(cells)
    }
}

/// Reads a plain value.
struct Plain;

impl<'de> DeserializeSeed<'de> for Plain {
    type Value = Cell<'de>;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Cell<'de>, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Plain {
    type Value = Cell<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, a text, true, false or null")
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Cell<'de>, E> {
        Ok(Cell::Truth(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Cell<'de>, E> {
        Ok(Cell::Whole(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Cell<'de>, E> {
        Ok(i64::try_from(number).map_or(Cell::Large(number), Cell::Whole))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Cell<'de>, E> {
        Ok(Cell::Number(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Cell<'de>, E> {
        Ok(Cell::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Cell<'de>, A::Error> {
        Err(A::Error::custom("a list is no plain value"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn names() -> Names {
        let text = |text: &str| Some(text.to_owned());
        let spec = RollUpSpec {
            customer: text("who"),
            date: text("when"),
            order: text("order"),
            quantity: text("n"),
            price: text("each"),
            ..RollUpSpec::default()
        };
        Names::of(&spec, Some("seq"), None).unwrap()
    }

    fn event(line: &str) -> Event {
        match names().read(line.as_bytes()).unwrap() {
            Line::Event(event) => event,
            Line::Tick(at) => panic!("{at}"),
        }
    }

    #[test]
    fn the_same_event_in_several_spellings() {
        let one = event(
            r#"{"seq":7,"who":17850,"when":"2011-12-09 12:50:00","order":"A","n":2,"each":1.5,"more":[{"a":1}]}"#,
        );
        assert_eq!((one.customer.as_str(), one.at, one.worth), ("17850", 1_323_435_000.0, Worth::Counts(3.0)));
        for line in [
            r#"{"seq":"7","who":" 17850 ","when":"2011-12-09T12:50:00Z","order":"A","n":"2","each":"1.5"}"#,
            r#"{"seq":7,"who":"17850","when":1323435000,"order":"A","n":2.0,"each":1.5}"#,
            r#"{"seq":7,"who":"17850","when":1323435000000,"order":"A","n":2,"each":1.5}"#,
            r#"{"seq":7,"who":"17850","when":"2011-12-09T13:50:00+01:00","order":"A","n":2,"each":1.5}"#,
            r#"{"seq":7,"who":"17850","when":"2011-12-09T12:50:00.250Z","order":"A","n":2,"each":1.5}"#,
        ] {
            assert_eq!(event(line), one, "{line}");
        }
        let back = event(r#"{"seq":8,"who":1,"when":"2011-12-09","n":-2,"each":1.5}"#);
        assert_eq!(back.worth, Worth::Back(3.0));
        assert_eq!(names().read(br#"{"tick":"2011-12-10"}"#), Ok(Line::Tick(1_323_475_200.0)));
    }

    #[test]
    fn what_is_no_event_is_told() {
        for (line, why) in [
            ("{\"who\":1", "it is no JSON object"),
            ("[1]", "it is no JSON object"),
            (r#"{"who":1,"who":2,"when":"2011-12-09","seq":1}"#, "stands there twice"),
            (r#"{"when":"2011-12-09","seq":1}"#, "it has no \"who\""),
            (r#"{"who":1,"when":"yesterday","seq":1}"#, "its \"when\" is no moment"),
            (r#"{"who":1,"when":"2011-12-09"}"#, "its \"seq\" is no whole number"),
            (r#"{"who":[1],"when":"2011-12-09"}"#, "a list is no plain value"),
            (r#"{"tick":"soon"}"#, "its tick is no moment"),
            (r#"{"who":1,"when":1e300,"seq":1}"#, "its \"when\" is no moment"),
            (r#"{"who":1,"when":1,"n":1e200,"each":1e200,"seq":1}"#, "nothing is worth so much"),
        ] {
            let told = names().read(line.as_bytes()).unwrap_err();
            assert!(told.contains(why), "{line}: {told}");
        }
    }
}
