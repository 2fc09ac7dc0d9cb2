//! The plain values of this room.

use serde::{Deserialize, Serialize};

use super::personal::Personal;
use super::spec::SourceInfo;
use super::typing;
use crate::matrix::Column;

/// What kind of values a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Whole numbers.
    Whole,
    /// Numbers with a fraction.
    Number,
    /// Two values that mean yes and no (0/1, yes/no, true/false).
    YesNo,
    /// Years.
    Year,
    /// Dates, with or without a time.
    Date,
    /// Anything else.
    Text,
}

impl Kind {
    /// As screens call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Number => "number",
            Self::YesNo => "yes/no",
            Self::Year => "year",
            Self::Date => "date",
            Self::Text => "text",
        }
    }
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A feature.
    Cluster,
    /// Profiled, not clustered on.
    Describe,
    /// Kept out, used to judge the segments.
    Outcome,
    /// Names the customer.
    Id,
    /// Whether the customer may be contacted.
    Consent,
    /// Left out.
    Ignore,
}

/// A column of the table with what is known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name and the values. `YesNo` and the numeric kinds hold numbers (yes = 1), `Date` seconds.
    pub column: Column,
    /// What kind of values it holds.
    pub kind: Kind,
    /// What it is for: proposed by [`Field::reason`]'s rule.
    pub role: Role,
    /// Why it has this role, a short phrase.
    pub reason: String,
    /// Rows without a value.
    pub missing: usize,
    /// Distinct values, without the missing.
    pub distinct: usize,
    /// How dates are written, in chrono's notation, e.g. `%d-%m-%Y`.
    pub date_format: Option<String>,
    /// For a `YesNo` column written as text: the texts for no and yes.
    pub yes_no: Option<(String, String)>,
    /// Rows with a text that could not be read as the column's kind, with that text; they count as missing.
    pub unreadable: Vec<(u32, String)>,
    /// How "no value" is written in a delimited text, with the rows of each spelling, most frequent first.
    pub gaps: Vec<(String, usize)>,
    /// Of numbers in a delimited text the first few that are written with more than digits: `$84,835.00`, `12%`.
    pub dressed: Vec<String>,
    /// What the values tell about a person, where they name or locate one: such a column is never a feature.
    pub personal: Option<Personal>,
}

impl Field {
    /// A column that was made rather than read: its gaps and values counted, without role.
    pub fn of(column: Column, kind: Kind) -> Self {
        Self {
            kind,
            role: Role::Ignore,
            reason: String::new(),
            missing: typing::missing(&column.values),
            distinct: typing::distinct(&column.values),
            date_format: None,
            yes_no: None,
            unreadable: Vec::new(),
            gaps: Vec::new(),
            dressed: Vec::new(),
            personal: None,
            column,
        }
    }

    /// A column that was made of others, with no role yet.
    pub fn made(column: Column, kind: Kind, reason: String) -> Self {
        Self { reason, ..Self::of(column, kind) }
    }

    /// The column's name.
    pub fn name(&self) -> &str {
        &self.column.name
    }
}

/// What one row of the table stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum Shape {
    /// One customer a row.
    Customers,
    /// One order line a row: to be rolled up to one row a customer first.
    OrderLines {
        /// The column that names the customer.
        customer: String,
        /// The number of distinct customers.
        customers: usize,
        /// The column of the order's date.
        date: String,
        /// The column that names the order, if there is one.
        order: Option<String>,
        /// The quantity column, if there is one.
        quantity: Option<String>,
        /// The price or amount column, if there is one.
        price: Option<String>,
    },
    /// One customer a row, rolled up from order lines or events.
    RolledUp {
        /// How many lines there were.
        lines: usize,
    },
    /// Sales with a date and an amount, but no column that names the customer.
    Sales {
        /// The column of the sale's date.
        date: String,
    },
}

impl Shape {
    /// Whether a row is a customer.
    pub fn is_customers(&self) -> bool {
        matches!(self, Self::Customers | Self::RolledUp { .. })
    }
}

/// The columns of order lines or events; `None`: there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderColumns {
    /// Names the customer.
    pub customer: Option<String>,
    /// When it happened.
    pub date: Option<String>,
    /// Names the order.
    pub order: Option<String>,
    /// How many pieces.
    pub quantity: Option<String>,
    /// What one piece costs.
    pub price: Option<String>,
    /// What the line comes to; only where there is no price.
    pub amount: Option<String>,
    /// The group of goods.
    pub category: Option<String>,
    /// Where it was bought or done.
    pub channel: Option<String>,
    /// What happened.
    pub kind: Option<String>,
}

impl OrderColumns {
    /// What each is for, and its name; those that are there.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("customer", &self.customer),
            ("date", &self.date),
            ("order", &self.order),
            ("quantity", &self.quantity),
            ("price", &self.price),
            ("amount", &self.amount),
            ("category", &self.category),
            ("channel", &self.channel),
            ("kind", &self.kind),
        ];
        all.into_iter().filter_map(|(what, name)| Some((what, name.as_deref()?)))
    }
}

/// What was read: named, typed columns of equal length.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Where it came from.
    pub source: SourceInfo,
    /// What a row stands for.
    pub shape: Shape,
    /// The columns, in the source's order.
    pub fields: Vec<Field>,
    /// The number of rows.
    pub rows: usize,
}

impl Table {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name() == name)
    }

    /// The columns of order lines or events, as their names and kinds let one guess.
    pub fn order_columns(&self) -> OrderColumns {
        super::roles::order_columns(&self.fields)
    }

    /// The names of the columns with this role.
    pub fn names(&self, role: Role) -> Vec<&str> {
        self.fields.iter().filter(|field| field.role == role).map(Field::name).collect()
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know; what is done about it needs no answer.
    Note,
    /// Wants the user's word.
    Warning,
    /// Would make the answer wrong.
    Error,
}

/// What kind of thing was noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// Values are missing.
    Missing,
    /// One value only.
    Constant,
    /// Names the row.
    Identifier,
    /// Rows that repeat another in every column.
    DuplicateRows,
    /// Rows that repeat another but for the identifier.
    DuplicateButId,
    /// An identifier that stands in several rows.
    DuplicateId,
    /// Far outside the bulk of the values.
    Outliers,
    /// Impossible or implausible values (a birth year of 1893).
    Impossible,
    /// Skewed so much that a few rows rule the distances.
    Skew,
    /// The same category written in several ways.
    Spellings,
    /// Levels with very few rows.
    RareLevels,
    /// Whole numbers that are codes, not amounts.
    Codes,
    /// Looks like a result, kept out of the features.
    Outcome,
    /// Days and months cannot be told apart.
    AmbiguousDates,
    /// Order lines, not customers.
    OrderLines,
    /// Sales without a column that names the customer.
    NoCustomer,
    /// Values that could not be read as the column's kind.
    Unreadable,
    /// Numbers written as text: `$84,835.00`, `10,000+`, `19M`, `5%`.
    NumbersAsText,
    /// Numbers and words in one column.
    MixedTypes,
    /// Two features that say the same.
    Collinear,
    /// Tells an outcome nearly without error: known only when the outcome is.
    Leak,
    /// Names or locates a person.
    Personal,
    /// A trait by which nobody may be put at a disadvantage: gender, age, religion …
    Protected,
    /// Customers who must not be contacted.
    Consent,
    /// Breaks what the recipe's schema says.
    Schema,
    /// Lines of the source that are no rows of its table, and were left out.
    BrokenLines,
    /// Totals and notes around the table, which were left out.
    Surroundings,
    /// Bytes that are not what the rest of the text is written in.
    Encoding,
    /// How the rows of joined sources met.
    Join,
    /// Texts that a spreadsheet would take for formulas.
    Formulas,
}

/// What can be done about a finding; the recipe turns it into a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "do")]
pub enum Remedy {
    /// Fill gaps with the median (numbers) or the mode (text).
    Impute {
        /// The column.
        column: String,
    },
    /// Bring values outside [low, high] to the nearer bound.
    Cap {
        /// The column.
        column: String,
        /// The lower bound, if any.
        low: Option<f64>,
        /// The upper bound, if any.
        high: Option<f64>,
    },
    /// Leave out rows whose value lies outside [low, high].
    DropOutside {
        /// The column.
        column: String,
        /// The lower bound, if any.
        low: Option<f64>,
        /// The upper bound, if any.
        high: Option<f64>,
    },
    /// Leave out rows that repeat an earlier one in all columns but these.
    DropDuplicates {
        /// Columns not compared.
        except: Vec<String>,
    },
    /// Take log(1 + x).
    Log1p {
        /// The column.
        column: String,
    },
    /// Write these levels of a text column as one.
    Merge {
        /// The column.
        column: String,
        /// The spellings to replace.
        from: Vec<String>,
        /// What to write instead.
        to: String,
    },
    /// Pool the levels with fewer rows than this share into one.
    PoolRare {
        /// The column.
        column: String,
        /// The share of rows below which a level is rare.
        below: f64,
    },
    /// Fill gaps with this number.
    FillWith {
        /// The column.
        column: String,
        /// The number.
        value: f64,
    },
    /// Leave out rows without a value.
    DropGaps {
        /// The column.
        column: String,
    },
    /// Read numbers that are written as text; what is no number is a gap.
    ParseNumbers {
        /// The column.
        column: String,
    },
    /// Several at once.
    All {
        /// In this order.
        remedies: Vec<Remedy>,
    },
    /// Give the column another role.
    SetRole {
        /// The column.
        column: String,
        /// The role.
        role: Role,
    },
}

/// One thing that the quality check noticed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What kind of thing.
    pub kind: FindingKind,
    /// The column it is about; `None` where it is about rows.
    pub column: Option<String>,
    /// How many rows it concerns.
    pub rows: usize,
    /// How bad it is.
    pub severity: Severity,
    /// One short sentence, e.g. `1 row of 666,666, next is 162,397`.
    pub message: String,
    /// Up to five examples as they stand in the source.
    pub examples: Vec<String>,
    /// What is proposed: the first is what `y` takes, the others are alternatives.
    pub remedies: Vec<Remedy>,
    /// What the recipe does about it without an answer, e.g. `median, 51,381.5`; empty: nothing.
    pub default: String,
}

impl Finding {
    /// Whether the finding wants the user's word.
    pub fn wants_word(&self) -> bool {
        self.severity > Severity::Note
    }
}

/// The first rows of a source as they are written there: shown before anything else is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// Where they came from.
    pub source: SourceInfo,
    /// The columns' names.
    pub columns: Vec<String>,
    /// The first rows, one text a column.
    pub rows: Vec<Vec<String>>,
    /// The number of rows in the source, where it can be known without reading it.
    pub total: Option<usize>,
}

impl Preview {
    /// What stands in this cell; nothing where there is none.
    pub fn text(&self, row: usize, column: usize) -> &str {
        self.rows.get(row).and_then(|row| row.get(column)).map_or("", String::as_str)
    }

    /// The same as it may be shown before the columns are known: masked where the column's name or the text itself is
    /// that of personal data.
    pub fn discreet(&self, row: usize, column: usize) -> String {
        let (name, text) = (self.columns.get(column).map_or("", String::as_str), self.text(row, column));
        Personal::guess(name, text).map_or_else(|| text.to_owned(), |kind| kind.mask(text))
    }
}
