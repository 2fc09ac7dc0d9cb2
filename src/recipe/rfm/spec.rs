//! What a recipe or the user says about rolling up.

use serde::{Deserialize, Serialize};

use super::Ties;
use crate::table::OrderColumns;

/// How order lines or events become one row a customer: the recipe's `[rollup]`. Columns that are not named are
/// guessed from their names.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RollUpSpec {
    /// The column that names the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// The column that says when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The column that names the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// How many pieces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// What one piece costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    /// What the line comes to, in place of quantity and price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// The group of goods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Where it was bought or done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// What happened, of an event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The moment that recency counts back from, e.g. `2011-12-10 12:50:00`; else one day after the last line used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<String>,
    /// What becomes of returns and cancellations.
    #[serde(skip_serializing_if = "is_default")]
    pub returns: Returns,
    /// What is worked out beside recency, frequency and monetary.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<Extra>,
    /// Scores from 1 to 5 and the named segments, ties broken in this way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scores: Option<Ties>,
    /// Customer lifetime value over this many weeks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub horizon: Option<f64>,
    /// The last day that the lifetime models are fitted to, e.g. `1997-09-30`; else the day of the last line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibrate: Option<String>,
}

fn is_default(returns: &Returns) -> bool {
    *returns == Returns::default()
}

/// What becomes of lines whose quantity or price is not above 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Returns {
    /// They are left out and counted.
    #[default]
    LeaveOut,
    /// They count as they are: what was returned is taken from monetary.
    Net,
}

/// What can be worked out beside recency, frequency and monetary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extra {
    /// Days since the first purchase.
    Tenure,
    /// Mean and standard deviation of the days between orders.
    Gaps,
    /// The average order's value.
    OrderValue,
    /// What was returned, as a share of what was bought.
    Returns,
    /// The favourite category and the shares of the largest ones.
    Category,
    /// The shares of the channels.
    Channel,
    /// The shares of the kinds of events.
    Kind,
    /// Whether the customer buys more lately than before.
    Trend,
}

impl Extra {
    /// All of them, in the order of their columns.
    pub const ALL: [Self; 8] = [
        Self::Tenure,
        Self::Gaps,
        Self::OrderValue,
        Self::Returns,
        Self::Category,
        Self::Channel,
        Self::Kind,
        Self::Trend,
    ];

    /// The word in recipes and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Tenure => "tenure",
            Self::Gaps => "gaps",
            Self::OrderValue => "order-value",
            Self::Returns => "returns",
            Self::Category => "category",
            Self::Channel => "channel",
            Self::Kind => "kind",
            Self::Trend => "trend",
        }
    }

    /// The one with this word.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|extra| extra.id() == id)
    }
}

impl RollUpSpec {
    /// Whether this is worked out.
    pub fn wants(&self, extra: Extra) -> bool {
        self.with.contains(&extra)
    }

    /// The columns that are named.
    pub fn columns(&self) -> OrderColumns {
        OrderColumns {
            customer: self.customer.clone(),
            date: self.date.clone(),
            order: self.order.clone(),
            quantity: self.quantity.clone(),
            price: self.price.clone(),
            amount: self.amount.clone(),
            category: self.category.clone(),
            channel: self.channel.clone(),
            kind: self.kind.clone(),
        }
    }

    /// The same with every column that is used named, so that it rolls up the same way next time.
    #[must_use]
    pub fn with_columns(&self, columns: &OrderColumns) -> Self {
        let columns = columns.clone();
        Self {
            customer: columns.customer,
            date: columns.date,
            order: columns.order,
            quantity: columns.quantity,
            price: columns.price,
            amount: columns.amount,
            category: columns.category,
            channel: columns.channel,
            kind: columns.kind,
            ..self.clone()
        }
    }
}
