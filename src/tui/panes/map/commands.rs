//! The commands of the Map tab, and what its pictures mean.

use crate::tui::action::Tab;
use crate::tui::command::{Command, Place};

const HERE: Place = Place::Tab(Tab::Map);

/// The commands of this place.
pub const COMMANDS: &[Command] = &[
    HERE.command(
        "map.picture",
        "picture",
        "The next picture: map, silhouettes, tree, reachability (of runs that go by density), t-SNE",
        &["v"],
        true,
    ),
    HERE.command(
        "map.down",
        "segment",
        "Shows one segment alone, then the next; behind the last all",
        &["j", "down", "]"],
        true,
    ),
    HERE.command("map.up", "segment above", "Shows the segment above alone", &["k", "up", "["], false),
    HERE.command("map.in", "nearer", "Zooms into the map; cuts the tree into one group more", &["+"], true),
    HERE.command("map.out", "farther", "Zooms out of the map; cuts the tree into one group less", &["-"], true),
    HERE.command(
        "map.left",
        "left",
        "Moves the map to the left; cuts the tree into one group less",
        &["h", "left"],
        false,
    ),
    HERE.command(
        "map.right",
        "right",
        "Moves the map to the right; cuts the tree into one group more",
        &["l", "right"],
        false,
    ),
    HERE.command("map.north", "up", "Moves the map up", &["K", "pageup", "ctrl-u"], false),
    HERE.command("map.south", "down", "Moves the map down", &["J", "pagedown", "ctrl-d"], false),
    HERE.command(
        "map.arrows",
        "columns",
        "Shows which columns make up the two axes, as arrows, where there are more than two features",
        &["b"],
        false,
    ),
    HERE.command("map.whole", "whole", "The whole map again, all segments", &["z"], true),
    HERE.command(
        "map.read",
        "read",
        "Reads the picture: h j k l move, Enter lists the customers who are there",
        &["i"],
        true,
    ),
    HERE.command(
        "map.open",
        "open segments",
        "To the segments of this run; where a picture is read: who is there",
        &["enter"],
        false,
    ),
];

/// What the pictures mean.
pub const EXPLAIN: &[(&str, &str)] = &[
    (
        "the map",
        "every customer once; where several fall into one cell, the segment with the most of them names it, by glyph and by colour. With two features these are its axes, in the file's own units.",
    ),
    (
        "axis 1, axis 2",
        "with more features: the two directions in which the customers differ most (PCA), with the share of all differences that each shows, and the columns that make it up. What lies apart there is apart; what overlaps there may be apart in other directions.",
    ),
    (
        "b",
        "the columns as arrows: customers that lie where an arrow points have much of it; a long arrow says that the map tells its column well, two that point alike go up together.",
    ),
    (
        "silhouettes",
        "a bar a customer, sorted within each segment: long bars lie well inside, below zero (!) nearer to another segment. The dotted line is everyone's mean.",
    ),
    (
        "reachability",
        "the customers in the order of a walk that always takes the easiest step: a bar is the longest step of its stretch. A valley is a group, the deeper the denser; a high bar parts two. The glyphs below it are the run's segments; · has none.",
    ),
    (
        "t-SNE",
        "customers who are alike lie beside each other, whatever the number of features. Only that: how far groups lie apart, how large and how dense they look means nothing, and groups may be torn where there are none. Judge groups by the silhouettes.",
    ),
    (
        "the tree",
        "how customers merge into groups, and groups into larger ones (Ward); the higher two branches meet, the more they differ. The cut shows which groups a number of segments gives.",
    ),
];
