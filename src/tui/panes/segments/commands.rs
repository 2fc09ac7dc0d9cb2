//! The commands of the place and what its signs mean.

use crate::tui::action::Tab;
use crate::tui::command::{Command, Place};

const HERE: Place = Place::Tab(Tab::Segments);

/// The commands of this place.
pub const COMMANDS: &[Command] = &[
    HERE.command("segments.down", "segment", "To the next segment", &["j", "down"], true),
    HERE.command(
        "segments.open",
        "customers",
        "Lists the customers of this segment; x there says why one is here",
        &["enter"],
        true,
    ),
    HERE.command("segments.rename", "name", "Gives this segment another name; its key stays", &["r"], true),
    HERE.command(
        "segments.action",
        "in full",
        "All that is known of this segment, its rule in full, and what to try with it; Enter there changes that",
        &["a"],
        false,
    ),
    HERE.command("segments.copy", "copy list", "Copies the customers' ids, to the terminal's clipboard", &["y"], false),
    HERE.command(
        "segments.copy_rule",
        "copy rule",
        "Copies the segment's rule, to the terminal's clipboard",
        &["Y"],
        false,
    ),
    HERE.command("segments.picture", "picture", "The next picture: bars, heat map, lines, silhouettes, tree", &["v"], true),
    HERE.command(
        "segments.crosses",
        "cross tables",
        "The segments against those known before: the RFM names, and segmentations in the file, in words",
        &["c"],
        false,
    ),
    HERE.command("segments.note", "note", "Writes a note about this segment; it stands in the recipe", &["w"], false),
    HERE.command(
        "segments.keep",
        "keep names",
        "Keeps these segments' keys and names: they stand in the recipe, and another study finds them again by their centres",
        &["K"],
        false,
    ),
    HERE.command("segments.more", "more groups", "Cuts the tree into one group more", &["+"], false),
    HERE.command("segments.fewer", "fewer groups", "Cuts the tree into one group less", &["-"], false),
    HERE.command(
        "segments.outcomes",
        "outcomes",
        "What the segments bring: results with intervals, by weight",
        &["o"],
        false,
    ),
    HERE.command(
        "segments.proof",
        "how sure",
        "How sure the segments are: other starts, without a feature, by halves",
        &["p"],
        false,
    ),
    HERE.command(
        "segments.baskets",
        "what they buy",
        "What each segment buys more than the others, of order lines",
        &["b"],
        false,
    ),
    HERE.command("segments.moved", "who moved", "Who moved between segments from period to period", &["m"], false),
    HERE.command(
        "segments.follow",
        "follow",
        "Follows the customers to another period: a file, or days of the order lines",
        &["F"],
        false,
    ),
    HERE.command(
        "segments.movers",
        "write who moved",
        "Writes the customers who were followed, all or those of one cell: from=1 to=2",
        &["W"],
        false,
    ),
    HERE.command(
        "segments.drift",
        "drift",
        "Whether later rows are like those studied: what moved, which way, how much it matters",
        &["d"],
        false,
    ),
    HERE.command(
        "segments.hold",
        "hold against",
        "Holds later rows against those studied: a file of them",
        &["D"],
        false,
    ),
    HERE.command(
        "segments.feedback",
        "feedback",
        "What a campaign did: a file of who was contacted and who responded",
        &["f"],
        false,
    ),
    HERE.command(
        "segments.contacts",
        "contacts",
        "Writes whom to contact: id, segment, what to try, who is left alone, the next good",
        &["C"],
        false,
    ),
    HERE.command(
        "segments.handover",
        "hand-over",
        "What e and C write: columns, control group, next good, only what changed, upsert",
        &["H"],
        false,
    ),
    HERE.command(
        "segments.next",
        "next segment",
        "To the next segment, also from the list of its customers",
        &["]"],
        false,
    ),
    HERE.command("segments.former", "former segment", "To the segment above, also from that list", &["["], false),
    HERE.command(
        "segments.read",
        "read",
        "Reads heat map, silhouettes or tree: h j k l move, Enter lists who is there",
        &["i"],
        false,
    ),
    HERE.command("segments.left", "read left", "Where a picture is read: the place to the left", &["h", "left"], false),
    HERE.command("segments.right", "read right", "Where a picture is read: the place to the right", &["l", "right"], false),
    HERE.command("segments.up", "up", "To the segment above", &["k", "up"], false),
    HERE.command("segments.first", "first", "To the first one", &["g", "home"], false),
    HERE.command("segments.last", "last", "To the last one", &["G", "end"], false),
    HERE.command("segments.page_down", "page down", "A page down in the list of customers", &["pagedown", "ctrl-d"], false),
    HERE.command("segments.page_up", "page up", "A page up in the list of customers", &["pageup", "ctrl-u"], false),
];

/// What the columns and signs mean.
pub const EXPLAIN: &[(&str, &str)] = &[
    ("segments", "stand in the order of their size and keep their number, glyph and colour everywhere."),
    (
        "the figures",
        "are means in the file's own units, of the columns that differ most between the segments; everyone's stand below.",
    ),
    (
        "below ┃ above",
        "how far the segment's mean lies from everyone's, in standard deviations: half of one is where words like high and low begin.",
    ),
    ("spans", "the smallest and the largest value in the segment."),
    ("*", "a column that was not used to find the segments: it only describes them."),
    ("◇", "a result, kept out of the search: it judges the segments."),
    ("Rule", "a plain rule that finds the segment, how many of it it finds, and how many of those found belong to it."),
    (
        "holds",
        "how well the segment comes back when the customers are drawn afresh: firm from .85, holds from .75, a pattern from .60, below that no trust.",
    ),
    ("on a border", "customers that are nearer to another segment than to their own."),
    (
        "Results",
        "a result's rate or mean with the interval that holds the true value in 95 of 100 samples, everyone's, and the lift: how many times everyone's it is. Real: chance alone hardly makes such a difference. o shows all of them.",
    ),
    ("Buys more", "what more of them bought than of everyone, by order lines; b shows all of it."),
    (
        "To try, Beware",
        "the first play of the playbook that fits the segment's traits; a opens it. A file playbook.toml in the config folder, or [[play]] in the recipe, goes before the built-in ones. No play promises an effect.",
    ),
    (
        "index",
        "the segment's mean as a percentage of everyone's: 100 is average. Of a category the share of its most telling level.",
    ),
    (
        "η², v",
        "x shows them: how much of a column's spread the segments explain, and how far a mean is from chance (beyond 1.96 up or down). The same data made the segments, so these describe and prove nothing.",
    ),
    (
        "counts",
        "a feature's share of the distances between the segments' centres: how much it counts in telling them apart.",
    ),
    (
        "why here",
        "x on a customer: what each feature says for this segment and against the next one, as shares of all that is said.",
    ),
];
