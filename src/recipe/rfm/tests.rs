#![allow(clippy::unwrap_used, clippy::panic)]
use proptest::prelude::*;

use super::lot::PARTS;
use super::*;
use crate::matrix::Column;
use crate::table::{Field, Key, Kind, Role, Shape, SourceInfo};

fn field(name: &str, kind: Kind, values: Values) -> Field {
    Field { role: Role::Describe, ..Field::of(Column { name: name.into(), values }, kind) }
}

fn source() -> SourceInfo {
    SourceInfo { path: "orders.csv".into(), ..SourceInfo::default() }
}

fn texts(all: &[&str]) -> Values {
    Values::Text(Coded::from_texts(all.iter().map(|text| (!text.is_empty()).then_some(*text))))
}

fn days(all: &[f64]) -> Values {
    Values::Number(all.iter().map(|day| day * DAY).collect())
}

fn table(fields: Vec<Field>) -> Table {
    let rows = fields[0].column.values.len();
    Table { source: source(), shape: Shape::Customers, fields, rows }
}

/// Seven lines of three customers; c only gave something back.
fn lines() -> Table {
    table(vec![
        field("customer", Kind::Text, texts(&["b", "a", "a", "a", "", "b", "c"])),
        field("order_date", Kind::Date, days(&[0.0, 1.5, 1.5, 10.0, 3.0, 9.0, 4.0])),
        field("order", Kind::Text, texts(&["o1", "o2", "o2", "o3", "o4", "o5", "o6"])),
        field("quantity", Kind::Whole, Values::Number(vec![2.0, 1.0, 3.0, 1.0, 1.0, -1.0, -1.0])),
        field("price", Kind::Number, Values::Number(vec![5.0, 1.5, 2.0, 4.0, 9.0, 5.0, 1.0])),
        field("category", Kind::Text, texts(&["x", "x", "y", "x", "y", "x", "y"])),
    ])
}

fn rolled(table: &Table, spec: &RollUpSpec) -> RollUp {
    roll_up(table, spec, &Task::default()).unwrap()
}

fn numbers<'a>(rolled: &'a RollUp, name: &str) -> &'a [f64] {
    rolled.feature(name).unwrap_or_else(|| panic!("no {name}")).values.numbers().unwrap()
}

#[test]
fn order_lines_become_customers() {
    let rolled = rolled(&lines(), &RollUpSpec::default());
    assert_eq!(rolled.names(), ["customer", "recency", "frequency", "monetary"]);
    assert_eq!(rolled.row(0), ["a", "1", "2", "11.5"]);
    assert_eq!(rolled.row(1), ["b", "11", "1", "10"]);
    assert_eq!(rolled.customers(), 2);
    let counts = rolled.counts;
    assert_eq!((counts.lines, counts.used, counts.without_customer, counts.not_positive), (7, 4, 1, 2));
    assert!((rolled.snapshot - 11.0 * DAY).abs() < 1e-9);
}

#[test]
fn returns_can_be_taken_from_what_was_bought() {
    let rolled = rolled(&lines(), &RollUpSpec { returns: Returns::Net, ..RollUpSpec::default() });
    assert_eq!(rolled.row(1), ["b", "2", "2", "5"]);
    assert_eq!(rolled.row(2), ["c", "7", "1", "-1"]);
}

#[test]
fn a_snapshot_that_is_named_leaves_out_what_came_later() {
    let spec = RollUpSpec { snapshot: Some("1970-01-05 12:00".into()), ..RollUpSpec::default() };
    let rolled = rolled(&lines(), &spec);
    assert_eq!(rolled.row(0), ["a", "3", "1", "7.5"]);
    assert_eq!(rolled.counts.later, 2);
    assert!(matches!(moment_of(Some("soon")), Err(RollUpError::NoDate(_))));
}

#[test]
fn what_else_is_asked_for_is_worked_out_by_hand() {
    let spec = RollUpSpec { with: Extra::ALL.to_vec(), ..RollUpSpec::default() };
    let rolled = rolled(&lines(), &spec);
    assert_eq!(numbers(&rolled, "tenure"), [9.0, 11.0]);
    let gaps = numbers(&rolled, "gap_mean");
    assert!(gaps[0] == 8.5 && gaps[1].is_nan() && numbers(&rolled, "gap_sd")[0].is_nan());
    assert_eq!(numbers(&rolled, "order_value"), [5.75, 10.0]);
    assert_eq!(numbers(&rolled, "returns_share"), [0.0, 0.5]);
    assert_eq!(rolled.feature("favourite_category").unwrap().values.text().unwrap().get(0), Some("y"));
    assert_eq!(numbers(&rolled, "category: x"), [5.5 / 11.5, 1.0]);
    assert_eq!(numbers(&rolled, "category: y"), [6.0 / 11.5, 0.0]);
    // a spent 7.5 at 1.5 and 4 at 10: the middle of 1.5 and 11 is 6.25.
    assert_eq!(numbers(&rolled, "trend"), [(4.0 - 7.5) / 11.5, -1.0]);
}

#[test]
fn gaps_are_pandas() {
    let mut table = lines();
    table.fields[0].column.values = texts(&["a"; 7]);
    table.fields[3].column.values = Values::Number(vec![1.0; 7]);
    let rolled = rolled(&table, &RollUpSpec { with: vec![Extra::Gaps], ..RollUpSpec::default() });
    // pandas: Series([0, 1.5, 3, 4, 9, 10]).diff().mean(), .std()
    assert!((numbers(&rolled, "gap_mean")[0] - 2.0).abs() < 1e-12);
    assert!((numbers(&rolled, "gap_sd")[0] - 1.695_582_495_781_317).abs() < 1e-12);
}

#[test]
fn events_are_counted() {
    let table = table(vec![
        field("user_id", Kind::Text, texts(&["u", "v", "u", "u"])),
        field("timestamp", Kind::Date, days(&[1.0, 2.0, 2.0, 2.0])),
        field("event", Kind::Text, texts(&["view", "view", "buy", "view"])),
        field("channel", Kind::Text, texts(&["app", "web", "web", "app"])),
    ]);
    let spec = RollUpSpec { with: vec![Extra::Channel, Extra::Kind], ..RollUpSpec::default() };
    let rolled = rolled(&table, &spec);
    assert_eq!(rolled.names()[..4], ["user_id", "recency", "frequency", "events"]);
    assert_eq!(rolled.row(0)[..4], ["u", "1", "2", "3"]);
    assert_eq!(numbers(&rolled, "kind: view"), [2.0 / 3.0, 1.0]);
    assert_eq!(numbers(&rolled, "channel: web"), [1.0 / 3.0, 1.0]);
}

#[test]
fn columns_can_be_named_and_wrong_ones_are_refused() {
    let mut table = lines();
    table.fields[0].column.name = "wer".into();
    let task = Task::default();
    let tried = |spec: RollUpSpec| roll_up(&table, &spec, &task);
    assert!(matches!(tried(RollUpSpec::default()), Err(RollUpError::NotGuessed("customer"))));
    let named = RollUpSpec { customer: Some("wer".into()), ..RollUpSpec::default() };
    assert_eq!(tried(named.clone()).unwrap().customer(), "wer");
    let absent = RollUpSpec { amount: Some("pice".into()), ..named.clone() };
    assert!(matches!(tried(absent), Err(RollUpError::NoColumn { nearest: Some(name), .. }) if name == "price"));
    let text = RollUpSpec { quantity: Some("category".into()), ..named.clone() };
    assert!(matches!(tried(text), Err(RollUpError::WrongKind { what: "quantity", .. })));
    let mut nothing = lines();
    nothing.fields[3].column.values = Values::Number(vec![-1.0; 7]);
    assert!(matches!(roll_up(&nothing, &RollUpSpec::default(), &task), Err(RollUpError::NothingLeft(_))));
}

#[test]
fn the_customers_are_a_table() {
    let spec = RollUpSpec { scores: Some(Ties::RankFirst), ..RollUpSpec::default() };
    let table = rolled(&lines(), &spec).table(source());
    assert_eq!((table.rows, &table.shape), (2, &Shape::RolledUp { lines: 4 }));
    assert_eq!(table.names(Role::Id), ["customer"]);
    assert_eq!(table.names(Role::Cluster), ["recency", "frequency", "monetary"]);
    assert_eq!(table.names(Role::Describe), ["r_score", "f_score", "m_score", "rfm", "rfm_segment"]);
}

#[test]
fn a_cancelled_roll_up_ends() {
    let task = Task::default();
    task.cancel();
    assert!(matches!(roll_up(&lines(), &RollUpSpec::default(), &task), Err(RollUpError::Cancelled(_))));
}

/// A lot of random lines, cut into stretches of these lengths.
fn ledger(lines: &[(u8, u8, u32, u8)], lengths: &[usize]) -> Ledger {
    let names = ["a customer whose name is long", "b", "0003", "another one with a long name", "e"];
    let customers: Vec<&str> = lines.iter().map(|line| names[line.0 as usize % 5]).collect();
    let customer = Keys::of_column(&texts(&customers));
    let order: Vec<Key> = lines.iter().map(|line| Key::of_number(f64::from(line.1 % 40))).collect();
    let date: Vec<f64> = lines.iter().map(|line| f64::from(line.1) * DAY).collect();
    let amount: Vec<f64> = lines.iter().map(|line| f64::from(line.2) / 97.0).collect();
    let labels: Vec<&str> = lines.iter().map(|line| ["x", "y", "z"][line.3 as usize % 3]).collect();
    let mut ledger = Ledger::default();
    let mut lengths = lengths.iter().cycle();
    let mut start = 0;
    while start < lines.len() {
        let end = (start + lengths.next().unwrap()).min(lines.len());
        // Codes by first appearance within the stretch, as a stream gives them.
        let label = Coded::from_texts(labels[start..end].iter().map(|label| Some(*label)));
        let stretch = Lines {
            customer: &customer.of[start..end],
            names: Some(&customer),
            date: &date[start..end],
            order: Some(&order[start..end]),
            quantity: None,
            price: None,
            amount: Some(&amount[start..end]),
            until: f64::INFINITY,
            labels: [Some((&label.codes, &label.levels)), None, None],
        };
        ledger.take(&[stretch.sorted(Returns::LeaveOut, 0)]);
        start = end;
    }
    ledger
}

proptest! {
    #[test]
    fn the_stretches_do_not_matter(
        lines in proptest::collection::vec(any::<(u8, u8, u32, u8)>(), 1..400),
        lengths in proptest::collection::vec(1_usize..50, 1..5),
    ) {
        prop_assert_eq!(ledger(&lines, &[usize::MAX >> 1]), ledger(&lines, &lengths));
    }

    #[test]
    fn a_ledger_is_read_as_it_was_written(lines in proptest::collection::vec(any::<(u8, u8, u32, u8)>(), 0..400)) {
        let ledger = ledger(&lines, &[100]);
        let bytes = ledger.to_bytes();
        prop_assert_eq!(bytes.len(), PARTS + 1);
        let bytes = bytes.concat();
        prop_assert_eq!(&Ledger::from_bytes(&bytes).unwrap(), &ledger);
        prop_assert!(Ledger::from_bytes(&bytes[..bytes.len() - 1]).is_err());
        prop_assert!(Ledger::from_bytes(b"segrollX").is_err());
    }
}

/// Fader and Hardie's CDNOW: what lifetimes 0.11.3 publishes of the same customers.
#[test]
fn the_lifetime_models_have_the_published_parameters() {
    let spec = crate::table::SourceSpec::new("sample:cdnow");
    let table = crate::table::read(&spec, None, &Task::default()).unwrap();
    let spec = RollUpSpec {
        returns: Returns::Net,
        horizon: Some(39.0),
        calibrate: Some("1997-09-30".into()),
        ..RollUpSpec::default()
    };
    let rolled = rolled(&table, &spec);
    let models = rolled.models.unwrap();
    let (often, much) = (models.purchases, models.value.unwrap());
    assert_eq!(models.customers, 2357);
    let known = [
        (often.r, 0.2426),
        (often.alpha, 4.4135),
        (often.a, 0.7929),
        (often.b, 2.4258),
        (much.p, 6.249),
        (much.q, 3.745),
        (much.v, 15.448),
    ];
    for (ours, published) in known {
        assert!((ours - published).abs() < 5e-4, "{ours}, not {published}");
    }
    // The first customer of the summary: x = 2, t_x = 30.43.
    assert!((numbers(&rolled, "expected_purchases")[0] - 1.226).abs() < 1e-3);
    assert!((numbers(&rolled, "alive")[0] - 0.7266).abs() < 1e-3);
}
