//! What one row stands for.

use super::super::names::Words;
use super::super::values::{Field, Kind, OrderColumns, Shape};

/// A customer has at least this many order lines on average.
const LINES: f64 = 1.2;

/// The columns of order lines or events, as their names and kinds let one guess.
pub(in crate::table) fn order_columns(fields: &[Field]) -> OrderColumns {
    let find = |wanted: &dyn Fn(&Field, &Words) -> bool| {
        fields.iter().find(|field| wanted(field, &Words::of(field.name()))).map(|field| field.name().to_owned())
    };
    let is_number = |field: &Field| matches!(field.kind, Kind::Whole | Kind::Number);
    let is_label = |field: &Field| matches!(field.kind, Kind::Text | Kind::Whole | Kind::YesNo);
    let price = find(&|field, words| is_number(field) && words.names_a_price());
    OrderColumns {
        date: find(&|field, words| field.kind == Kind::Date && words.names_the_order_date())
            .or_else(|| find(&|field, _| field.kind == Kind::Date)),
        customer: find(&|field, words| words.names_the_customer() && !words.is_bare_id() && !parts_in_two(field))
            .or_else(|| find(&|_, words| words.is_bare_id())),
        order: find(&|field, words| field.kind != Kind::Date && words.names_the_order()),
        quantity: find(&|field, words| is_number(field) && words.names_a_quantity()),
        amount: find(&|field, words| is_number(field) && price.is_none() && words.names_an_amount()),
        price,
        category: find(&|field, words| is_label(field) && words.names_a_line_category()),
        channel: find(&|field, words| is_label(field) && words.names_a_channel()),
        kind: find(&|field, words| field.kind == Kind::Text && words.names_an_event()),
    }
}

/// Says yes or no of customers (`member`), and names none of them.
fn parts_in_two(field: &Field) -> bool {
    const FEW: usize = 10;
    let rows = field.column.values.len() - field.missing;
    matches!(field.kind, Kind::YesNo | Kind::Date) || field.distinct <= 2 && rows >= FEW
}

/// Customers, order lines or events, or sales without a customer.
pub(in crate::table) fn shape(fields: &[Field]) -> Shape {
    let columns = order_columns(fields);
    let values = columns.quantity.is_some() || columns.price.is_some() || columns.amount.is_some();
    let customer = columns.customer.as_deref().and_then(|name| fields.iter().find(|field| field.name() == name));
    let Some(date) = columns.date.filter(|_| values || columns.kind.is_some()) else { return Shape::Customers };
    match customer {
        Some(customer) if repeats(customer) => Shape::OrderLines {
            customer: customer.name().to_owned(),
            customers: customer.distinct,
            date,
            order: columns.order,
            quantity: columns.quantity,
            price: columns.price.or(columns.amount),
        },
        None if columns.order.is_some() || columns.quantity.is_some() && columns.price.or(columns.amount).is_some() => {
            Shape::Sales { date }
        }
        _ => Shape::Customers,
    }
}

fn repeats(customer: &Field) -> bool {
    let present = customer.column.values.len() - customer.missing;
    customer.distinct > 1 && present as f64 >= LINES * customer.distinct as f64
}
