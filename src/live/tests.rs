#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::record::{self, Record};
use super::state::{Feature, State};

fn line(value: &Record) -> Vec<u8> {
    let mut out = Vec::new();
    record::write(value, &mut out).unwrap();
    out
}

#[test]
fn a_record_that_was_changed_is_none() {
    let whole = line(&Record::Accepted(7));
    let text = whole.strip_suffix(b"\n").unwrap();
    assert_eq!(record::read::<Record>(text), Some(Record::Accepted(7)));
    for place in 0..text.len() {
        let mut changed = text.to_vec();
        changed[place] ^= 1;
        assert_eq!(record::read::<Record>(&changed), None, "{place}");
        assert_eq!(record::read::<Record>(&text[..place]), None, "{place}");
    }
}

#[test]
fn features_are_those_of_a_roll_up() {
    let names = ["recency", "frequency", "monetary", "events", "tenure", "order_value", "returns_share"];
    assert!(names.iter().all(|name| Feature::of(name).is_some()));
    assert_eq!(["trend", "gap_mean", "clv"].map(Feature::of), [None; 3]);
    let customer = super::state::Customer {
        first: 0.0,
        last: 86_400.0 * 3.5,
        value: 30.0,
        back: 6.0,
        orders: 3,
        ..Default::default()
    };
    let at = |name| Feature::of(name).unwrap().value(&customer, 86_400.0 * 10.0);
    assert_eq!((at("recency"), at("tenure"), at("order_value"), at("returns_share")), (7.0, 11.0, 10.0, 0.2));
}

#[test]
fn who_is_forgotten_leaves_the_others_in_place() {
    let mut state = State::default();
    for id in ["a", "b", "c"] {
        state.put(super::state::Customer { id: id.into(), ..Default::default() });
    }
    assert!(state.forget("b") && !state.forget("b"));
    let place = state.put(super::state::Customer { id: "c".into(), orders: 4, ..Default::default() });
    assert_eq!((place, state.customers.len(), state.customers[1].orders), (1, 2, 4));
}
