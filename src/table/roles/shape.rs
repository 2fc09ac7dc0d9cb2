//! What one row stands for.

use super::super::names::Words;
use super::super::values::{Field, Kind, Shape};

/// A customer has at least this many order lines on average.
const LINES: f64 = 1.2;

/// Customers, order lines, or sales without a customer.
pub(in crate::table) fn shape(fields: &[Field]) -> Shape {
    let find = |wanted: &dyn Fn(&Field, &Words) -> bool| fields.iter().find(|field| wanted(field, &Words::of(field.name())));
    let is_number = |field: &Field| matches!(field.kind, Kind::Whole | Kind::Number);
    let name = |field: &Field| field.name().to_owned();

    let date = find(&|field, words| field.kind == Kind::Date && words.names_the_order_date())
        .or_else(|| find(&|field, _| field.kind == Kind::Date));
    let customer = find(&|_, words| words.names_the_customer() && !words.is_bare_id())
        .or_else(|| find(&|_, words| words.is_bare_id()));
    let order = find(&|field, words| field.kind != Kind::Date && words.names_the_order());
    let quantity = find(&|field, words| is_number(field) && words.names_a_quantity());
    let price = find(&|field, words| is_number(field) && words.names_a_price())
        .or_else(|| find(&|field, words| is_number(field) && words.names_an_amount()));

    let Some(date) = date.filter(|_| quantity.or(price).is_some()) else { return Shape::Customers };
    match customer {
        Some(customer) if repeats(customer) => Shape::OrderLines {
            customer: name(customer),
            customers: customer.distinct,
            date: name(date),
            order: order.map(name),
            quantity: quantity.map(name),
            price: price.map(name),
        },
        None if order.is_some() || quantity.is_some() && price.is_some() => Shape::Sales { date: name(date) },
        _ => Shape::Customers,
    }
}

fn repeats(customer: &Field) -> bool {
    let present = customer.column.values.len() - customer.missing;
    customer.distinct > 1 && present as f64 >= LINES * customer.distinct as f64
}
