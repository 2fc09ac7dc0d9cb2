//! Which column is what: named by the user, or guessed.

use super::{Extra, RollUpError, RollUpSpec};
use crate::error::nearest;
use crate::table::{Field, Kind, OrderColumns};

/// Finds the columns: those that are named have to be there, the others are guessed. Category, channel and kind are
/// looked for only where something is worked out from them.
///
/// # Errors
/// A named column is not there or holds something else, or the customer's or the date's is not seen.
pub fn resolve(spec: &RollUpSpec, guess: OrderColumns, fields: &[Field]) -> Result<OrderColumns, RollUpError> {
    let named = spec.columns();
    for (what, name) in named.iter() {
        known(name, what, fields)?;
    }
    let label =
        |extra: Extra, name: Option<String>, guessed: Option<String>| name.or(guessed.filter(|_| spec.wants(extra)));
    let free = named.amount.is_none();
    let columns = OrderColumns {
        customer: named.customer.or(guess.customer),
        date: named.date.or(guess.date),
        order: named.order.or(guess.order),
        amount: named.amount.or(guess.amount.filter(|_| named.price.is_none())),
        quantity: named.quantity.or(guess.quantity),
        price: named.price.or(guess.price.filter(|_| free)),
        category: label(Extra::Category, named.category, guess.category),
        channel: label(Extra::Channel, named.channel, guess.channel),
        kind: label(Extra::Kind, named.kind, guess.kind),
    };
    check(&columns, fields)?;
    Ok(columns)
}

fn known<'a>(name: &str, what: &'static str, fields: &'a [Field]) -> Result<&'a Field, RollUpError> {
    fields.iter().find(|field| field.name() == name).ok_or_else(|| RollUpError::NoColumn {
        name: name.to_owned(),
        what,
        nearest: nearest(name, fields.iter().map(Field::name)).map(str::to_owned),
    })
}

fn check(columns: &OrderColumns, fields: &[Field]) -> Result<(), RollUpError> {
    for (what, column) in [("customer", &columns.customer), ("date", &columns.date)] {
        column.as_ref().ok_or(RollUpError::NotGuessed(what))?;
    }
    for (what, name) in columns.iter() {
        let field = known(name, what, fields)?;
        let (fits, needed) = match what {
            "date" => (field.kind == Kind::Date, "dates"),
            "quantity" | "price" | "amount" => (field.column.values.numbers().is_some(), "numbers"),
            _ => (true, ""),
        };
        if !fits {
            return Err(RollUpError::WrongKind { name: name.to_owned(), needed, what });
        }
    }
    Ok(())
}
