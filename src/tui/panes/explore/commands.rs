//! The commands of the Explore tab, and what its charts mean.

use crate::tui::action::Tab;
use crate::tui::command::{Command, Place};

const HERE: Place = Place::Tab(Tab::Explore);

/// The commands of this place.
pub const COMMANDS: &[Command] = &[
    HERE.command("explore.down", "column", "To the next column", &["j", "down", "]"], true),
    HERE.command(
        "explore.against",
        "against",
        "This column against another one; again: against the next",
        &["m"],
        true,
    ),
    HERE.command("explore.correlations", "correlations", "All correlations with their numbers", &["c"], true),
    HERE.command("explore.gaps", "gaps", "Which columns have gaps, where, and which go missing together", &["g"], true),
    HERE.command("explore.orders", "orders", "Orders and their value over time, of order lines", &["o"], true),
    HERE.command(
        "explore.picture",
        "picture",
        "The next picture: distribution, against another, correlations, gaps, orders",
        &["v"],
        true,
    ),
    HERE.command("explore.sort", "sort", "Orders the columns: by role, gaps, skew, name", &["s"], true),
    HERE.command("explore.up", "up", "To the column above", &["k", "up", "["], false),
    HERE.command("explore.first", "first", "To the first column", &["home"], false),
    HERE.command("explore.last", "last", "To the last column", &["G", "end"], false),
    HERE.command("explore.page_down", "page down", "Ten columns down", &["pagedown", "ctrl-d"], false),
    HERE.command("explore.page_up", "page up", "Ten columns up", &["pageup", "ctrl-u"], false),
    HERE.command(
        "explore.right",
        "read",
        "Reads the chart: the next bar or cell; Enter lists the rows there, of a correlation its scatter",
        &["l", "right"],
        false,
    ),
    HERE.command("explore.left", "read back", "The bar or cell before", &["h", "left"], false),
    HERE.command("explore.higher", "cell above", "The cell above; correlations and gaps take k too", &["K"], false),
    HERE.command("explore.lower", "cell below", "The cell below; correlations and gaps take j too", &["J"], false),
    HERE.command(
        "explore.open",
        "in data",
        "To this column in Data; where a chart is read: the rows there",
        &["enter"],
        false,
    ),
];

/// What the charts mean.
pub const EXPLAIN: &[(&str, &str)] = &[
    (
        "● ○ ◇",
        "what a column is for: ● a feature that clusters, ○ describes, ◇ a result; without a sign it is left out.",
    ),
    ("the bars", "count customers; they always start at zero."),
    (
        "├──▒▒┃▒▒──┤",
        "the box: the middle half of the customers is ▒, its middle line the median, the ends the smallest and largest value.",
    ),
    (
        "5 % … 95 %",
        "quantiles, each at its place: so many of the customers have at most this value. The line over the bars is the density: the bars smoothed (Gaussian kernel, Silverman's width), drawn where many values differ.",
    ),
    (
        "gaps",
        "a line a column, the table's rows from left to right: ░ where some of a stretch of rows lack the value, █ where all do; gaps that stand under each other are missing in the same rows. Below: which columns rows lack together.",
    ),
    (
        "orders",
        "a bar a day, week (from Monday) or month, whichever the span needs; lines count as in a roll-up: what was given back or has no customer is left out. The first and the last period may be cut short.",
    ),
    (
        "outliers",
        "values farther than one and a half times the middle half's width from it. They are reported and stay unless you say otherwise.",
    ),
    ("skew", "0: even on both sides; above 1: a long tail to the right, where log1p (3 Prepare) may help."),
    (
        "correlation",
        "Pearson's r: 1 go up together, −1 against each other, 0 no straight line. Two features with |r| near 1 count the same thing twice.",
    ),
    ("· • ▒ ▓ █", "in a scatter: few to many customers in one cell."),
];
