//! What the columns of the part that is shown mean, and how to read it, for `?`: a part has a title and paragraphs of
//! (term, explanation).

mod sheets;

pub use sheets::{ACTION, CROSSES, NEXT_STUDY, ROLL_UP, VERSUS, WHY};

/// A part of a place.
pub type Focus = (&'static str, &'static [(&'static str, &'static str)]);

/// The reading cursor on bars.
const READ_BARS: (&str, &str) = (
    "h l, ⏎ which",
    "the reading cursor: from bar to bar; Enter lists the rows there, * in that list looks at these only.",
);

/// The reading cursor on the cells of a scatter.
const READ_CELLS: (&str, &str) = (
    "h l K J, ⏎ which",
    "the reading cursor: from cell to cell; Enter lists the rows there, * in that list looks at these only.",
);

/// The reading cursor on the pictures of the customers.
const READ_PICTURE: (&str, &str) = (
    "i, ⏎ which",
    "the reading cursor: h j k l move it, the first line says what is there; Enter lists who, * in that list looks at these only.",
);

/// The columns of the file.
pub const COLUMNS: Focus = (
    "The columns",
    &[
        ("column", "its name in the file; ▸ is where the keys act. Below stand its findings."),
        ("role", "what it is for: ● clusters, ○ describes, ◇ judges; dim is left out."),
        ("type", "how its values were read: whole, number, yes/no, year, date, text."),
        ("gaps, values", "rows without a value, and how many different values there are. – is none."),
        (
            "spread",
            "left to right from the smallest to the largest value, as high as rows have it; of texts the most frequent.",
        ),
        ("typical", "wide screens: the median of a number, the most frequent text."),
        ("note", "the finding that matters most. ! wants your word."),
    ],
);

/// The whole table.
pub const GRID: Focus = (
    "The table",
    &[
        ("the number", "the row's place in the file, from 1; it stays with the row when rows are sorted or left out."),
        ("↑ ↓", "the column by which the rows stand, rising or falling; rows without a value stand last."),
        ("│", "the columns left of it stay in sight (z)."),
        ("–", "no value. A text ending in … is longer than its column: > makes it wider, c copies it whole."),
        (
            "keys act",
            "on the row ▸ and the first column that moves: c its value, s sort, * the rows of this value, ] the next other.",
        ),
    ],
);

/// All findings.
pub const FINDINGS: Focus = (
    "The findings",
    &[
        ("!", "wants your word: y, d, D take what is offered from left to right, i leaves it."),
        ("✓", "seen to, or answered. u takes an answer back."),
        ("as it stands", "what is done where you say nothing: no value is changed without your word."),
        ("e.g.", "the first values or rows that it is about, personal data masked."),
    ],
);

/// One column in Explore.
pub const COLUMN: Focus = (
    "This column",
    &[
        (
            "the bars",
            "how many customers have such a value; the axis counts them from zero. Of texts: rows and their share.",
        ),
        ("q1, q3", "a quarter of the customers lie below q1, a quarter above q3; half lie between."),
        ("median, mean", "the customer in the middle; the sum shared evenly. A mean far from the median: a long tail."),
        ("sd", "standard deviation: of even bells two thirds lie within one of the mean."),
        ("outliers", "values beyond the fences, one and a half quartile ranges outside of q1 and q3."),
        READ_BARS,
    ],
);

/// One column against another.
pub const AGAINST: Focus = (
    "One against another",
    &[
        ("· • ▒ ▓ █", "few to many customers in a cell; each stands where its two values lie."),
        ("╌", "the straight line that fits best (least squares); its slope is said below."),
        (
            "correlation",
            "how near the points lie to a line: from .5 on strong, below .1 none to speak of. A curve can hide.",
        ),
        READ_CELLS,
    ],
);

/// All correlations.
pub const CORRELATIONS: Focus = (
    "Correlations",
    &[
        ("a number", "Pearson's r of line and column, −1 to 1, over the rows that have both values."),
        ("colour", "the stronger, the further from 0. The diagonal is a column with itself."),
        (
            "near 1, −1",
            "both say the same: together they count twice in the distances. Leave one out, or weigh it less.",
        ),
        (
            "h j k l, ⏎ scatter",
            "the reading cursor: names both columns and their r; Enter shows the one against the other.",
        ),
    ],
);

/// Gaps, row by row.
pub const GAPS: Focus = (
    "Gaps",
    &[
        ("a line", "a column; its count and share of rows without a value stand beside it."),
        (
            "░ █",
            "from the first row to the last: some of a stretch of rows lack the value, or all do. Under each other: the same rows.",
        ),
        ("together", "which columns rows lack at once: often one form, one source, one period."),
        (
            "h j k l, ⏎ which",
            "the reading cursor: a stretch of rows and a column; Enter lists the rows that lack it, * there looks at these only.",
        ),
    ],
);

/// Orders over time.
pub const ORDERS: Focus = (
    "Orders over time",
    &[
        (
            "a bar",
            "orders, or their value, of a day, week (from Monday) or month. The first and the last period may be cut short.",
        ),
        (
            "what counts",
            "lines as in a roll-up: what was given back or has no customer is left out. Where some rows are looked at: these lines, or all lines of these customers.",
        ),
        READ_BARS,
    ],
);

/// The recipe.
pub const STEPS: Focus = (
    "The steps and the features",
    &[
        ("1, 2, … and ·", "a number is a step of yours; · is done without being asked."),
        ("what it did", "counted on your rows, at once after each change."),
        ("rows", "before → after: fewer where a step leaves rows out."),
        ("the bars", "each feature's share of the distances: twice as long counts twice as much in who is alike."),
        ("worth", "after i: how much it has to do with groups; near 0 it only adds noise."),
    ],
);

/// The runs.
pub const RUNS: Focus = (
    "The runs",
    &[
        ("the order", "those above the line are advised, best first; those below are not, and say why with !."),
        ("setting, seg", "what was asked, e.g. k=5; the segments found."),
        ("silhouette", "from .50 on good; the bars share one scale, so that equal ones look equal."),
        ("DBI, WCSS", "lower is better; WCSS always falls with more segments: look where it stops falling fast."),
        ("holds", "the weakest segment when customers are drawn afresh: .85 firm, .75 holds, below .60 no trust."),
        ("least, out", "the smallest segment; customers in none."),
        ("s S, v", "s sorts by the next column, S turns the order around; v shows elbow and silhouettes larger."),
        ("I", "says all of a run: settings, seed, how it ended, time, every index."),
    ],
);

/// The segments and the card.
pub const CARD: Focus = (
    "The list and the card",
    &[
        (
            "the list",
            "by size; glyph, number and colour stay with the segment everywhere. Columns: where they differ most.",
        ),
        ("segment, everyone", "the mean, or the share of the named value, in the file's own units."),
        ("below ┃ above", "the distance from everyone's mean in standard deviations; half of one is worth a word."),
        ("spans", "smallest to largest value in the segment; no difference: within chance (v-test)."),
        ("*, ◇", "* only describes, ◇ is a result: both were kept out of the search."),
        ("Not known", "what no column can say: read it before acting. a shows every line in full."),
        (
            "v, i",
            "v shows heat map, lines, silhouettes, tree; i reads them: h j k l move, ⏎ which lists the customers there.",
        ),
    ],
);

/// The customers of a segment.
pub const CUSTOMERS: Focus = (
    "The customers",
    &[
        ("row", "the place in the file."),
        ("the columns", "the key, then those that tell the segments apart most."),
        ("in place", "the silhouette: near 1 well inside, near 0 on a border, below 0 (!) nearer to another segment."),
        ("12 of 39", "how many of them are looked at, where rows are filtered."),
    ],
);

/// Figures of all segments.
pub const STATISTICS: Focus = (
    "The statistics",
    &[
        ("η², V", "how much of a column the segments explain, 0 to 1: from .06 some, from .14 much."),
        ("counts", "the share of the distances between centres: how much a feature counts in telling them apart."),
        (
            "v of",
            "beyond 1.96 up or down the segment's mean is more than chance. The same data made the segments: it proves nothing.",
        ),
        ("apart, sd", "the distance from everyone's mean in standard deviations."),
        ("index", "the mean as a percentage of everyone's; 100 is average."),
    ],
);

/// What the segments bring.
pub const OUTCOMES: Focus = (
    "The outcomes",
    &[
        ("value", "the rate or mean of the result in the segment."),
        ("from–to", "holds the true value in 95 of 100 samples; wide where customers are few."),
        ("lift", "how many times everyone's: 1 is as everyone."),
        ("of all", "the segment's share of all that the result brought."),
        ("not proven", "chance alone makes such a difference often enough: act on none of these."),
    ],
);

/// How sure the segments are.
pub const PROOF: Focus = (
    "How sure",
    &[
        ("the gauge", "the worst trial decides: good, fair, poor."),
        (
            "the three figures",
            "how alike the segment stays when customers are redrawn, from other starts, and without those farthest out: 1 is the same.",
        ),
        ("without …", "the feature on which the segment hangs: alike by so much once it is left out."),
    ],
);

/// What they buy.
pub const BASKETS: Focus = (
    "What they buy",
    &[
        ("buyers, share", "customers of the segment who bought it, and as a share of the segment."),
        ("everyone", "the share of all customers."),
        ("lift", "share by everyone's share: 2 is twice as often. Listed is what they buy more than the others."),
    ],
);

/// Who moved.
pub const MIGRATION: Focus = (
    "Who moved",
    &[
        (
            "from, to",
            "lines are where customers were, columns where they are: a line read across says where they went.",
        ),
        ("stay", "the share of the line that is still there."),
        ("gone, came", "not in the later rows; not in the earlier ones."),
        ("Expected", "the same moves once more; a forecast, no promise."),
    ],
);

/// Whether later rows moved.
pub const DRIFT: Focus = (
    "Drift",
    &[
        ("PSI", "how differently the values are spread: from .10 look, from .25 much."),
        ("KS", "the largest gap between the two distributions, 0 to 1."),
        ("p", "how often chance makes such a gap. ! moved beyond chance, so many tests being made."),
    ],
);

/// The map.
pub const MAP: Focus = (
    "The map",
    &[
        (
            "a glyph",
            "the segment that most customers in this cell have; a dim · are those that are not looked at, or not shown alone.",
        ),
        (
            "the axes",
            "two features in their units; of more the two directions with most differences, named by their columns.",
        ),
        ("near, far", "what lies apart here is apart; what overlaps may be apart in other directions."),
        READ_PICTURE,
    ],
);

/// The t-SNE view.
pub const NEAR: Focus = (
    "t-SNE",
    &[
        ("beside", "are customers who are alike. Distances between groups, their sizes and their gaps mean nothing."),
        READ_PICTURE,
    ],
);

/// The silhouettes.
pub const SILHOUETTES: Focus = (
    "The silhouettes",
    &[
        (
            "a bar",
            "a customer, or some of them: (b − a) / max(a, b), a the mean distance within, b to the next segment.",
        ),
        ("long, short", "well inside; on a border. Below zero (!) nearer to another segment."),
        ("a thin wedge", "a segment few of whose customers lie inside: it is a stretch of a larger group."),
        ("where some are looked at", "only their bars; each figure is still held against all customers."),
        (
            "i, ⏎ which",
            "the reading cursor: j k a bar, h l a customer within it; says the nearest other segment. Enter lists the bar, * in that list looks at these only.",
        ),
    ],
);

/// The dendrogram.
pub const TREE: Focus = (
    "The tree",
    &[
        ("a joint", "where two groups become one: the higher, the more they differ (Ward: growth of WCSS)."),
        ("the cut", "+ and − move it: branches that it meets are the groups. Cut where joints lie far apart."),
        (
            "the signs",
            "of the segment that a group shares most customers with; of the tree's own run it is that segment.",
        ),
        ("where some are looked at", "branches without any of them stand back; the tree is that of all."),
        (
            "i, ⏎ which",
            "the reading cursor: k the branch above, j a part of it, h l beside it; Enter lists its customers, * in that list looks at these only.",
        ),
    ],
);

/// The reachability plot.
pub const REACHABILITY: Focus = (
    "Reachability",
    &[
        ("a bar", "the longest step to the next customer in its stretch of the walk."),
        ("a valley", "a group, the deeper the denser; a high bar parts two."),
        ("where some are looked at", "stretches without any of them stand back (░); the walk is that of all."),
        (
            "i, ⏎ which",
            "the reading cursor: h l from stretch to stretch; Enter lists the customers there, * in that list looks at these only.",
        ),
    ],
);
