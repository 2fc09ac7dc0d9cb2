//! What stands on the sheets that open over a tab.

use super::Focus;

/// Why this run.
pub const WHY: Focus = (
    "Why this run",
    &[
        ("The answer", "what is advised and what it rests on; so far: the redraws are not all in."),
        (
            "Votes",
            "indices of different kinds, each with the number of segments it says; ✓ says what is advised. They see one thing each: none of them decides alone.",
        ),
        (
            "What it was held to",
            "the weakest segment when customers are drawn afresh, customers with a segment, the smallest segment; ! falls short.",
        ),
        ("Fewer or more", "what a coarser or a finer answer would do to the customers."),
        ("Not advised", "runs that look better by one figure, and why they are not taken."),
    ],
);

/// Two runs against each other.
pub const VERSUS: Focus = (
    "Two runs against each other",
    &[
        ("Rows, Columns", "the segments of the one and of the other; a number is the customers who are in both."),
        ("a full line", "spread over several columns: the other run splits this segment; over one: it keeps it."),
        ("none", "customers without a segment in that run."),
        ("ARI", "agreement beyond chance: 1 the same groups, 0 as by chance."),
        ("Who goes where", "the moves in words, largest first."),
    ],
);

/// What the next study fits.
pub const NEXT_STUDY: Focus = (
    "The next study",
    &[
        ("Segments", "the numbers of segments that are tried; + more of them. Algorithms by density find their own."),
        ("Customers", "all of them, or a sample: the chosen run is then fitted to all, and both figures are shown."),
        (
            "Algorithms",
            "Space takes one in or out. What does not fit the columns or the memory is left out with its reason.",
        ),
        ("Enter", "starts it; runs that were fitted before with the same settings are not fitted again."),
    ],
);

/// What to try with a segment.
pub const ACTION: Focus = (
    "The action",
    &[
        (
            "To try",
            "the first play of the playbook that fits, in brackets its kind and why it fits; Enter writes another.",
        ),
        ("Channel, Moment, Tone", "where, when and how to speak to them, as the play says."),
        ("Measure", "what would show that it worked: hold it against a part that is left alone."),
        ("Beware", "what does harm with such customers."),
        ("Not known", "what no column of this file can say: find it out before spending money."),
    ],
);

/// The segments against known groups.
pub const CROSSES: Focus = (
    "The cross tables",
    &[
        ("a line", "a group that was known before: a level of a column such as tier, or an RFM name."),
        ("a column", "a segment; the number is the customers who are in both, · none."),
        ("the words", "how much of each group a segment takes, and whether both say the same."),
    ],
);

/// Order lines to customers.
pub const ROLL_UP: Focus = (
    "The roll-up",
    &[
        (
            "customer, date",
            "the columns that say whose line it is and when: without both there is no roll-up. Space goes through the columns.",
        ),
        (
            "order, quantity, price",
            "what makes lines one order, and what a line comes to; amount where the file has the product.",
        ),
        ("snapshot", "the day from which recency counts back."),
        ("returns", "lines below zero: left out and counted, or taken from monetary."),
        ("[x]", "what is worked out beside recency, frequency and monetary."),
        (
            "scores and segments",
            "the RFM grid: each of the three in fifths, and the names it gives (Champions, At risk …).",
        ),
        ("lifetime value", "what a customer is expected to bring in so many weeks (BG/NBD and Gamma-Gamma)."),
    ],
);
