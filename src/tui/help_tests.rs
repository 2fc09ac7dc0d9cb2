//! `?` explains the part that is shown.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::command_tests::sample;
use super::desk::Desk;
use super::inline::Inline;
use super::work::Beginning;
use crate::table::SourceSpec;

/// (keys, the title of the part, titles of columns that stand there and are explained).
const PARTS: &[(&str, &str, &[&str])] = &[
    ("1", "The columns", &["column", "role", "type", "gaps", "values", "spread", "note"]),
    ("1 r", "The table", &[]),
    ("1 F", "The findings", &[]),
    ("2 G home", "This column", &["q1", "q3", "median", "mean", "sd", "outliers"]),
    ("2 home m", "One against another", &["correlation"]),
    ("2 c", "Correlations", &[]),
    ("2 g", "Gaps", &[]),
    ("3", "The steps and the features", &["what it did", "rows"]),
    ("4", "The runs", &["setting", "seg", "silhouette", "DBI", "WCSS", "holds", "least", "out"]),
    ("4 x", "Why this run", &["The answer", "Votes", "What it was held to", "Fewer or more", "Not advised"]),
    ("4 g space G space =", "Two runs against each other", &["Who goes where"]),
    ("4 a", "The next study", &["Segments", "Customers", "Algorithms"]),
    ("5", "The list and the card", &["segment", "everyone", "below", "above", "spans"]),
    ("5 a", "The action", &["To try", "Channel", "Moment", "Tone", "Measure", "Beware", "Not known"]),
    ("5 c", "The cross tables", &[]),
    ("5 enter", "The customers", &["row", "in place"]),
    ("5 x", "The statistics", &["η², V", "counts", "v of", "apart,", "index"]),
    ("5 o", "The outcomes", &["value", "from–to", "lift", "of all"]),
    ("5 p", "How sure", &[]),
    ("5 b", "What they buy", &[]),
    ("5 m", "Who moved", &[]),
    ("5 d", "Drift", &[]),
    ("6", "The map", &[]),
    ("6 v", "The silhouettes", &[]),
    ("6 v v", "The tree", &[]),
    ("5 v v v", "The silhouettes", &[]),
    ("5 v v v v", "The tree", &[]),
];

/// The same on order lines.
const OF_LINES: &[(&str, &str, &[&str])] = &[(
    "1 R",
    "The roll-up",
    &["customer", "date", "order", "quantity", "price", "snapshot", "returns", "scores and segments", "lifetime value"],
)];

#[test]
fn every_part_is_explained_with_the_columns_that_stand_there() {
    let mut wrong = Vec::new();
    let lines = || {
        let mut desk = Desk::opened(SourceSpec::new("sample:orders"), 120, 40);
        desk.settle(&mut Inline::new(Beginning::default()));
        desk
    };
    let on_sample = PARTS.iter().map(|part| (part, Desk::with(sample(), 120, 40)));
    for ((keys, title, columns), mut desk) in on_sample.chain(OF_LINES.iter().map(|part| (part, lines()))) {
        desk.keys(keys);
        let screen = desk.screen();
        let (found, told) = desk.state.pane().focus_explained();
        if found != *title || told.is_empty() {
            wrong.push(format!("{found} in place of {title} after {keys}"));
        }
        let words: String = told.iter().flat_map(|(term, words)| [*term, " ", *words, "\n"]).collect();
        for column in columns.iter().filter(|column| !screen.contains(**column) || !words.contains(**column)) {
            wrong.push(format!("{column} of {title}: on the screen and explained?\n{screen}"));
        }
        desk.keys("?");
        let help: String = (0..20)
            .map(|_| {
                let page = desk.screen();
                desk.keys("pagedown");
                page
            })
            .collect();
        for (_, words) in told {
            let end = words.split_whitespace().next_back().unwrap_or_default();
            if !help.contains(end) {
                wrong.push(format!("{end} is cut off under {title}"));
            }
        }
        if !help.contains(title) || !help.contains("On every tab") {
            wrong.push(format!("? does not show {title}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
