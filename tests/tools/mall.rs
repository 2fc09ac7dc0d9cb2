//! The showpiece: a mall's customers, their order lines and the groups they were drawn from.
//!
//! Everything follows from one seed. Normal values are sums of twelve uniform ones, so that no mathematical
//! library has a say and the bytes are the same everywhere.

use std::fmt::Write;

use chrono::{Days, NaiveDate};
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// The three files' text.
pub struct Mall {
    /// One customer a row, with planted dirt.
    pub customers: String,
    /// One order line a row.
    pub orders: String,
    /// The group each customer was drawn from.
    pub truth: String,
}

/// Mean and standard deviation.
type Spread = (f64, f64);

/// A group of customers who behave alike.
struct Group {
    name: &'static str,
    size: usize,
    age: Spread,
    income: Spread,
    score: Spread,
    visits: Spread,
    recency: Spread,
    /// Of 100, how many are women, came by the web or by both ways, responded to the last campaign.
    women: u32,
    online: u32,
    both: u32,
    responded: u32,
    /// Mean price of what they buy, and the categories they like.
    price: f64,
    likes: &'static [&'static str],
}

const GROUPS: [Group; 6] = [
    Group {
        name: "families",
        size: 160,
        age: (41.0, 4.5),
        income: (56_000.0, 6_500.0),
        score: (50.0, 6.0),
        visits: (30.0, 4.0),
        recency: (14.0, 5.0),
        women: 56,
        online: 12,
        both: 30,
        responded: 14,
        price: 24.0,
        likes: &["Groceries", "Children", "Home", "Fashion"],
    },
    Group {
        name: "young regulars",
        size: 125,
        age: (25.0, 3.0),
        income: (27_000.0, 4_500.0),
        score: (79.0, 6.0),
        visits: (46.0, 5.0),
        recency: (7.0, 3.0),
        women: 59,
        online: 30,
        both: 48,
        responded: 24,
        price: 16.0,
        likes: &["Fashion", "Food court", "Electronics", "Beauty"],
    },
    Group {
        name: "high spenders",
        size: 105,
        age: (36.0, 4.5),
        income: (94_000.0, 8_000.0),
        score: (84.0, 6.0),
        visits: (38.0, 4.5),
        recency: (9.0, 4.0),
        women: 53,
        online: 18,
        both: 42,
        responded: 46,
        price: 62.0,
        likes: &["Fashion", "Jewellery", "Electronics", "Restaurants"],
    },
    Group {
        name: "shop elsewhere",
        size: 90,
        age: (47.0, 5.0),
        income: (97_000.0, 8_500.0),
        score: (18.0, 6.0),
        visits: (9.0, 2.5),
        recency: (62.0, 12.0),
        women: 45,
        online: 34,
        both: 18,
        responded: 6,
        price: 38.0,
        likes: &["Electronics", "Home", "Restaurants"],
    },
    Group {
        name: "careful pensioners",
        size: 70,
        age: (69.0, 4.5),
        income: (29_000.0, 4_500.0),
        score: (24.0, 6.0),
        visits: (22.0, 4.0),
        recency: (22.0, 7.0),
        women: 61,
        online: 4,
        both: 9,
        responded: 17,
        price: 13.0,
        likes: &["Groceries", "Home", "Food court"],
    },
    Group {
        name: "lapsed",
        size: 45,
        age: (33.0, 4.5),
        income: (50_000.0, 6_500.0),
        score: (34.0, 6.0),
        visits: (4.0, 1.2),
        recency: (205.0, 22.0),
        women: 49,
        online: 40,
        both: 20,
        responded: 3,
        price: 22.0,
        likes: &["Fashion", "Electronics", "Food court"],
    },
];

const SEED: u64 = 2026;
const CITIES: [&str; 4] = ["Northgate", "Riverside", "Old Town", "Harbour"];
const DUPLICATES: usize = 5;
const INCOME_GAPS: usize = 14;
const AGE_GAPS: usize = 6;
/// One of the families has a zero too many.
const MISTYPED: std::ops::Range<i64> = 40_000..45_000;

#[derive(Clone)]
struct Customer {
    group: usize,
    gender: &'static str,
    age: Option<i64>,
    income: Option<i64>,
    score: i64,
    visits: i64,
    recency: i64,
    city: &'static str,
    channel: &'static str,
    joined: NaiveDate,
    responded: bool,
}

/// Makes all three files.
pub fn make() -> Mall {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(SEED);
    let mut customers = draw_customers(&mut random);
    repeat_some(&mut customers, &mut random);
    customers.shuffle(&mut random);
    plant_dirt(&mut customers, &mut random);
    let orders = write_orders(&customers, &mut random);
    Mall { customers: write_customers(&customers), orders, truth: write_truth(&customers) }
}

/// The day the files were taken.
fn snapshot() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 12, 31).unwrap_or_default()
}

fn draw_customers(random: &mut impl Rng) -> Vec<Customer> {
    let drawn = GROUPS.iter().enumerate().flat_map(|(group, of)| std::iter::repeat_n((group, of), of.size));
    drawn.map(|(group, of)| draw(group, of, random)).collect()
}

fn draw(group: usize, of: &Group, random: &mut impl Rng) -> Customer {
    Customer {
        group,
        gender: if chance(of.women, random) { "Female" } else { "Male" },
        age: Some(whole(of.age, 18, 90, random)),
        income: Some(whole(of.income, 9_000, 128_000, random) / 100 * 100),
        score: whole(of.score, 1, 100, random),
        visits: whole(of.visits, 1, 70, random),
        recency: whole(of.recency, 1, 300, random),
        city: CITIES[random.gen_range(0..CITIES.len())],
        channel: channel(of, random),
        joined: snapshot() - Days::new(random.gen_range(400..2_400)),
        responded: chance(of.responded, random),
    }
}

fn channel(of: &Group, random: &mut impl Rng) -> &'static str {
    match random.gen_range(0..100) {
        draw if draw < of.online => "online",
        draw if draw < of.online + of.both => "both",
        _ => "store",
    }
}

/// Twelve uniform values have variance 1.
fn whole((mean, sd): Spread, low: i64, high: i64, random: &mut impl Rng) -> i64 {
    let normal = (0..12).map(|_| random.r#gen::<f64>()).sum::<f64>() - 6.0;
    ((mean + sd * normal).round() as i64).clamp(low, high)
}

fn chance(percent: u32, random: &mut impl Rng) -> bool {
    random.gen_range(0..100) < percent
}

fn repeat_some(customers: &mut Vec<Customer>, random: &mut impl Rng) {
    let repeated: Vec<Customer> = customers.choose_multiple(random, DUPLICATES).cloned().collect();
    customers.extend(repeated);
}

/// Gaps, one absurd income, and cities written in other ways. Repeated customers stay as they are.
fn plant_dirt(customers: &mut [Customer], random: &mut impl Rng) {
    let mut single: Vec<usize> = (0..customers.len()).filter(|&row| !has_twin(customers, row)).collect();
    single.shuffle(random);
    let (income_gaps, rest) = single.split_at(INCOME_GAPS);
    let (age_gaps, rest) = rest.split_at(AGE_GAPS);
    income_gaps.iter().for_each(|&row| customers[row].income = None);
    age_gaps.iter().for_each(|&row| customers[row].age = None);
    let mistyped = |row: &&usize| customers[**row].income.is_some_and(|income| MISTYPED.contains(&income));
    if let Some(&row) = rest.iter().find(|row| customers[**row].group == 0 && mistyped(row)) {
        customers[row].income = customers[row].income.map(|income| income * 10);
    }
    respell(customers, rest, "Old Town", &["old town", "old town", "OLD TOWN", "old town", "OLD TOWN"]);
    respell(customers, rest, "Riverside", &["riverside", "riverside", "River side"]);
}

fn has_twin(customers: &[Customer], row: usize) -> bool {
    let of = |customer: &Customer| (customer.age, customer.income, customer.joined, customer.visits);
    customers.iter().enumerate().any(|(other, customer)| other != row && of(customer) == of(&customers[row]))
}

fn respell(customers: &mut [Customer], rows: &[usize], city: &str, spellings: &[&'static str]) {
    let of_city: Vec<usize> = rows.iter().copied().filter(|&row| customers[row].city == city).collect();
    for (&row, &spelling) in of_city.iter().zip(spellings) {
        customers[row].city = spelling;
    }
}

fn id(row: usize) -> String {
    format!("M{:04}", row + 1)
}

fn text(value: Option<i64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn write_customers(customers: &[Customer]) -> String {
    let mut out = String::from(
        "customer_id,gender,age,annual_income,spending_score,visits_12m,days_since_visit,city,channel,joined,\
         currency,responded\n",
    );
    for (row, of) in customers.iter().enumerate() {
        let (id, age, income, responded) = (id(row), text(of.age), text(of.income), u8::from(of.responded));
        let Customer { gender, score, visits, recency, city, channel, joined, .. } = of;
        let _ = writeln!(
            out,
            "{id},{gender},{age},{income},{score},{visits},{recency},{city},{channel},{joined},EUR,{responded}"
        );
    }
    out
}

fn write_truth(customers: &[Customer]) -> String {
    let mut out = String::from("customer_id,group\n");
    for (row, customer) in customers.iter().enumerate() {
        let _ = writeln!(out, "{},{}", id(row), GROUPS[customer.group].name);
    }
    out
}

/// One order line as it is written, but for the order's number.
struct Line {
    date: NaiveDate,
    customer: String,
    quantity: i64,
    cents: i64,
    category: &'static str,
    channel: &'static str,
}

fn write_orders(customers: &[Customer], random: &mut impl Rng) -> String {
    let mut orders: Vec<Vec<Line>> = Vec::new();
    for (row, customer) in customers.iter().enumerate() {
        orders.extend((0..orders_of(customer)).map(|nth| draw_order(row, customer, nth, random)));
    }
    orders.sort_by_key(|lines| lines.first().map(|line| line.date));
    let mut out = String::from("order_id,customer_id,date,quantity,unit_price,category,channel\n");
    for (number, lines) in orders.iter().enumerate() {
        lines.iter().for_each(|line| write_line(&mut out, number, line));
    }
    out
}

/// About every fourth visit ends at a till.
fn orders_of(customer: &Customer) -> i64 {
    1 + customer.visits / 4
}

/// The first order is the last visit's; the others fall on the year before it.
fn draw_order(row: usize, customer: &Customer, nth: i64, random: &mut impl Rng) -> Vec<Line> {
    let back = if nth == 0 { 0 } else { random.gen_range(1..=(360 - customer.recency).max(2)) };
    let date = snapshot() - Days::new((customer.recency + back).unsigned_abs());
    // One order in fifty was paid without the customer's card.
    let customer_id = if random.gen_range(0..50) == 0 { String::new() } else { id(row) };
    let channel = order_channel(customer.channel, random);
    (0..random.gen_range(1..=3)).map(|_| draw_line(date, &customer_id, customer.group, channel, random)).collect()
}

fn order_channel(preferred: &'static str, random: &mut impl Rng) -> &'static str {
    match preferred {
        "both" if random.gen_range(0..2) == 0 => "online",
        "both" => "store",
        other => other,
    }
}

fn draw_line(date: NaiveDate, customer: &str, group: usize, channel: &'static str, random: &mut impl Rng) -> Line {
    let of = &GROUPS[group];
    let cents = whole((of.price * 100.0, of.price * 35.0), 190, 20_000, random) / 10 * 10 + 9;
    let quantity = random.gen_range(1..=4);
    // One line in seventy is a return.
    let quantity = if random.gen_range(0..70) == 0 { -quantity } else { quantity };
    let category = of.likes[random.gen_range(0..of.likes.len())];
    Line { date, customer: customer.to_owned(), quantity, cents, category, channel }
}

fn write_line(out: &mut String, number: usize, line: &Line) {
    let Line { date, customer, quantity, cents, category, channel } = line;
    let (whole, rest) = (cents / 100, cents % 100);
    let _ = writeln!(out, "{},{customer},{date},{quantity},{whole}.{rest:02},{category},{channel}", 10_001 + number);
}
