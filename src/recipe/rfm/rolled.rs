//! One row a customer, and the table that it is for all that follows.

use super::lot::Counts;
use crate::matrix::{Column, Values};
use crate::recipe::clv::Models;
use crate::table::{Field, Kind, OrderColumns, Role, Shape, SourceInfo, Table, value};

/// One row a customer, ascending by id.
#[derive(Debug, Clone, PartialEq)]
pub struct RollUp {
    /// The columns that were used.
    pub columns: OrderColumns,
    /// The customers' ids.
    pub ids: Values,
    /// What was worked out, in order: recency, frequency, monetary (of events: events), and what else was asked for.
    pub features: Vec<Rolled>,
    /// What became of the lines.
    pub counts: Counts,
    /// The moment that recency counts back from (seconds since 1970).
    pub snapshot: f64,
    /// The fitted lifetime models, where they were asked for.
    pub models: Option<Models>,
}

/// One column of what was worked out.
#[derive(Debug, Clone, PartialEq)]
pub struct Rolled {
    /// Its name.
    pub name: String,
    /// What kind of values it holds.
    pub kind: Kind,
    /// What it is for.
    pub role: Role,
    /// The definition, in words.
    pub meaning: String,
    /// One value a customer.
    pub values: Values,
}

impl RollUp {
    /// The name of the customers' column.
    pub fn customer(&self) -> &str {
        self.columns.customer.as_deref().unwrap_or("customer")
    }

    /// The number of customers.
    pub fn customers(&self) -> usize {
        self.ids.len()
    }

    /// The column of this name.
    pub fn feature(&self, name: &str) -> Option<&Rolled> {
        self.features.iter().find(|feature| feature.name == name)
    }

    /// The texts of a customer: the id, then each column; empty where a value is missing.
    pub fn row(&self, row: usize) -> Vec<String> {
        std::iter::once(&self.ids)
            .chain(self.features.iter().map(|feature| &feature.values))
            .map(|of| value(of, row))
            .collect()
    }

    /// The id of a customer.
    pub fn row_id(&self, row: usize) -> String {
        value(&self.ids, row)
    }

    /// The names of [`RollUp::row`].
    pub fn names(&self) -> Vec<&str> {
        std::iter::once(self.customer()).chain(self.features.iter().map(|feature| feature.name.as_str())).collect()
    }

    /// The customers as a table, ready to be prepared; `source` is that of the lines.
    pub fn table(&self, source: SourceInfo) -> Table {
        let whole = matches!(self.ids, Values::Number(_));
        let id = Rolled {
            name: self.customer().to_owned(),
            kind: if whole { Kind::Whole } else { Kind::Text },
            role: Role::Id,
            meaning: "names the customer".to_owned(),
            values: self.ids.clone(),
        };
        let fields = std::iter::once(id).chain(self.features.iter().cloned()).map(field).collect();
        Table {
            // Its lines are no lines of these rows.
            source: SourceInfo { lines: None, until: Some(self.snapshot), ..source },
            shape: Shape::RolledUp { lines: usize::try_from(self.counts.used).unwrap_or(usize::MAX) },
            fields,
            rows: self.customers(),
        }
    }
}

fn field(rolled: Rolled) -> Field {
    let Rolled { name, kind, role, meaning, values } = rolled;
    let field = Field::of(Column { name, values }, kind);
    let (role, reason) = match field.distinct {
        0 | 1 if role == Role::Cluster => (Role::Ignore, "the same for all".to_owned()),
        _ => (role, meaning),
    };
    Field { role, reason, ..field }
}
