//! The lines of the sheet: what each is about, and what it can name.

use crate::recipe::rfm::Extra;
use crate::table::{Field, Kind, Table};

/// One line of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    Customer,
    Date,
    Order,
    Quantity,
    Price,
    Amount,
    Category,
    Channel,
    Kind,
    Snapshot,
    Returns,
    With(Extra),
    Scores,
    Horizon,
    Calibrate,
}

pub const LINES: [Line; 19] = [
    Line::Customer,
    Line::Date,
    Line::Order,
    Line::Quantity,
    Line::Price,
    Line::Amount,
    Line::Category,
    Line::Channel,
    Line::Kind,
    Line::Snapshot,
    Line::Returns,
    Line::With(Extra::Tenure),
    Line::With(Extra::Gaps),
    Line::With(Extra::OrderValue),
    Line::With(Extra::Returns),
    Line::With(Extra::Trend),
    Line::Scores,
    Line::Horizon,
    Line::Calibrate,
];

impl Line {
    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Date => "date",
            Self::Order => "order",
            Self::Quantity => "quantity",
            Self::Price => "price",
            Self::Amount => "or amount",
            Self::Category => "category",
            Self::Channel => "channel",
            Self::Kind => "kind of event",
            Self::Snapshot => "snapshot",
            Self::Returns => "returns",
            Self::With(Extra::Tenure) => "tenure",
            Self::With(Extra::Gaps) => "gaps between orders",
            Self::With(Extra::OrderValue) => "average order value",
            Self::With(Extra::Returns) => "returns share",
            Self::With(_) => "trend",
            Self::Scores => "scores and segments",
            Self::Horizon => "lifetime value",
            Self::Calibrate => "its models end",
        }
    }

    /// What it says, in a few words.
    pub fn about(self) -> &'static str {
        match self {
            Self::Customer => "whose line it is; needed",
            Self::Date => "when; needed",
            Self::Order => "lines alike here are one order",
            Self::Quantity => "how many pieces",
            Self::Price => "of one piece",
            Self::Amount => "what the line comes to, if not by price",
            Self::Category => "adds the favourite, and shares",
            Self::Channel => "adds the share of each",
            Self::Kind => "view, cart, purchase: adds shares",
            Self::Snapshot => "recency counts back from here",
            Self::Returns => "lines below zero",
            Self::With(Extra::Tenure) => "days since the first order",
            Self::With(Extra::Gaps) => "days between orders: mean, spread",
            Self::With(Extra::OrderValue) => "what an order comes to",
            Self::With(Extra::Returns) => "what came back of what was bought",
            Self::With(_) => "more lately than before?",
            Self::Scores => "R, F, M from 1 to 5; names of them",
            Self::Horizon => "what is still to come of each",
            Self::Calibrate => "what comes later tries them out",
        }
    }
}

/// The columns that a line can name, the guessed one first.
pub fn choices(line: Line, table: &Table) -> Vec<&str> {
    let guess = table.order_columns();
    let keys = [guess.order.clone(), guess.customer.clone()];
    let (guessed, fits): (_, fn(&Field) -> bool) = match line {
        Line::Date => (guess.date, |field| field.kind == Kind::Date),
        Line::Quantity => (guess.quantity, is_number),
        Line::Price => (guess.price, is_number),
        Line::Amount => (guess.amount, is_number),
        Line::Category => (guess.category, is_label),
        Line::Channel => (guess.channel, is_label),
        Line::Kind => (guess.kind, is_label),
        Line::Order => (guess.order, |field| field.kind != Kind::Date),
        _ => (guess.customer, |field| field.kind != Kind::Date),
    };
    // A number that names an order or a customer is no amount.
    let names_somebody = |name: &str| keys.iter().flatten().any(|key| key == name);
    let is_sum = matches!(line, Line::Quantity | Line::Price | Line::Amount);
    let fields = table.fields.iter().filter(|field| fits(field) && !(is_sum && names_somebody(field.name())));
    let mut names: Vec<&str> = fields.map(Field::name).collect();
    names.sort_by_key(|name| guessed.as_deref() != Some(*name));
    names
}

fn is_number(field: &Field) -> bool {
    matches!(field.kind, Kind::Whole | Kind::Number | Kind::YesNo)
}

/// What has few enough values to be counted apart.
fn is_label(field: &Field) -> bool {
    const MOST: usize = 1000;
    matches!(field.kind, Kind::Text | Kind::Whole | Kind::YesNo) && (2..=MOST).contains(&field.distinct)
}
