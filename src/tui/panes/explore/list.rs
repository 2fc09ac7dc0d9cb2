//! The columns with a sparkline each.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::explore::{Exploration, Summary};
use crate::plot::bars;
use crate::table::Role;
use crate::tui::look::Look;
use crate::tui::panes::parts::{self, titles};
use crate::tui::widgets::table::first_row;
use crate::tui::widgets::text;
use crate::tui::world::World;

/// What the columns are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Features first, then what describes, results, the rest; in the file's order.
    #[default]
    Role,
    /// Most gaps first.
    Gaps,
    /// Most skewed first.
    Skew,
    /// By name.
    Name,
}

impl Order {
    /// How many there are.
    pub const COUNT: usize = 4;

    /// The next one, around.
    pub fn next(self) -> Self {
        match self {
            Self::Role => Self::Gaps,
            Self::Gaps => Self::Skew,
            Self::Skew => Self::Name,
            Self::Name => Self::Role,
        }
    }

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Gaps => "gaps",
            Self::Skew => "skew",
            Self::Name => "name",
        }
    }
}

/// The role that a column has now: the recipe's word before the table's proposal.
pub fn role(world: &World, summary: &Summary) -> Role {
    let Some(recipe) = &world.recipe else { return summary.role };
    let (roles, name) = (&recipe.roles, &summary.column);
    let is = |list: &[String]| list.contains(name);
    match () {
        () if is(&roles.cluster) => Role::Cluster,
        () if is(&roles.describe) => Role::Describe,
        () if is(&roles.outcome) => Role::Outcome,
        () if roles.id.as_ref() == Some(name) => Role::Id,
        () if roles.consent.as_ref() == Some(name) => Role::Consent,
        () => Role::Ignore,
    }
}

fn sign(role: Role) -> &'static str {
    match role {
        Role::Cluster => "●",
        Role::Describe => "○",
        Role::Outcome => "◇",
        Role::Id | Role::Consent | Role::Ignore => " ",
    }
}

/// The columns in this order.
pub fn ordered<'a>(world: &World, exploration: &'a Exploration, order: Order) -> Vec<&'a Summary> {
    let mut columns: Vec<&Summary> = exploration.summaries.iter().collect();
    let skew = |summary: &Summary| summary.numbers.as_ref().map_or(0.0, |numbers| numbers.skew.abs());
    match order {
        Order::Role => columns.sort_by_key(|summary| match role(world, summary) {
            Role::Cluster => 0,
            Role::Describe => 1,
            Role::Outcome => 2,
            Role::Id | Role::Consent | Role::Ignore => 3,
        }),
        Order::Gaps => columns.sort_by_key(|summary| std::cmp::Reverse(summary.missing)),
        Order::Skew => columns.sort_by(|a, b| skew(b).total_cmp(&skew(a))),
        Order::Name => columns.sort_by_key(|summary| summary.column.to_lowercase()),
    }
    columns
}

/// The counts that a sparkline of `cells` cells shows: of the bins, or of the levels.
pub fn counts(summary: &Summary, cells: usize) -> Vec<f64> {
    let counts: Vec<f64> = match (&summary.numbers, &summary.texts) {
        (Some(numbers), _) => numbers.histogram.iter().map(|bin| bin.count as f64).collect(),
        (None, Some(texts)) => texts.levels.iter().take(cells).map(|level| level.count as f64).collect(),
        (None, None) => Vec::new(),
    };
    bars::pooled(&counts, cells)
}

/// The first column in sight of a list of this height (with its titles).
pub fn first(cursor: usize, count: usize, height: u16) -> usize {
    first_row(cursor, count, height.saturating_sub(1) as usize)
}

/// The fewest cells of a sparkline.
const LEAST_SPARK: u16 = 6;

/// The cells of a line beside the name and the sparkline: marker, sign and the blanks.
const SIGNS: u16 = 6;

fn longest<'a>(names: impl Iterator<Item = &'a str>) -> u16 {
    u16::try_from(names.map(text::width).max().unwrap_or(0)).unwrap_or(u16::MAX)
}

/// The cells of the list in so many: more where names are long without their units, and never half of them.
pub fn width(columns: &[&Summary], all: u16) -> u16 {
    let usual = if all >= 120 { 44 } else { 29 };
    let names = columns.iter().map(|summary| titles::plain(&summary.column));
    usual.max(longest(names).saturating_add(LEAST_SPARK + SIGNS).min(all * 9 / 20))
}

/// Draws the list with its titles.
pub fn draw(
    buf: &mut Buffer,
    area: Rect,
    world: &World,
    (columns, at): (&[&Summary], usize),
    order: Order,
    look: &Look,
) {
    let spark = if area.width >= 40 { 18 } else { 10 };
    // Long names take some cells of the sparklines.
    let wanted = longest(columns.iter().map(|summary| summary.column.as_str()))
        .saturating_sub(area.width.saturating_sub(spark + SIGNS));
    let spark = spark - wanted.min(spark - LEAST_SPARK);
    let name = area.width.saturating_sub(spark + SIGNS);
    text::put(buf, area.x + 4, area.y, name, &format!("by {}", order.title()), look.dim());
    text::put(buf, area.x + 5 + name, area.y, spark, "spread", look.dim());
    let rows = columns.iter().enumerate().skip(first(at, columns.len(), area.height));
    for ((index, summary), y) in rows.zip(area.y + 1..area.bottom()) {
        let here = index == at;
        text::put(buf, area.x, y, 1, if here { "▸" } else { " " }, look.key());
        text::put(buf, area.x + 2, y, 1, sign(role(world, summary)), look.text());
        let style = if here { parts::cursor(look) } else { look.text() };
        text::put(buf, area.x + 4, y, name, &titles::fitted(&summary.column, name as usize), style);
        let line = bars::sparkline(&counts(summary, spark as usize));
        text::put(buf, area.x + 5 + name, y, spark, &line, look.bar());
    }
}
