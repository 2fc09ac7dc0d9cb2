//! The commands of the place and what its signs mean.

use crate::tui::action::Tab;
use crate::tui::command::{Command, Place};

const HERE: Place = Place::Tab(Tab::Compare);

/// The commands of this place.
pub const COMMANDS: &[Command] = &[
    HERE.command("compare.open", "open segments", "Takes this run and shows its segments", &["enter"], true),
    HERE.command(
        "compare.sort",
        "sort",
        "Sorts by the next column of the table; the line between advised and not advised stays",
        &["s"],
        true,
    ),
    HERE.command("compare.turn", "turn the order", "Turns the order around: worst first, and back", &["S"], false),
    HERE.command(
        "compare.curves",
        "curves",
        "Shows the curves of elbow and silhouette larger, with fewer runs above them, and back",
        &["v"],
        false,
    ),
    HERE.command(
        "compare.wider",
        "add runs",
        "Widens the study: more numbers of segments, then all algorithms",
        &["+"],
        true,
    ),
    HERE.command(
        "compare.pin",
        "pin",
        "Pins this run, so that two can be held against each other with =",
        &["space"],
        true,
    ),
    HERE.command("compare.all", "all", "Shows all runs, or only the best of each algorithm", &["z"], false),
    HERE.command("compare.algorithms", "algorithms", "Chooses the algorithms of the study", &["a"], false),
    HERE.command("compare.versus", "versus", "Who of one pinned run stands where in the other", &["="], false),
    HERE.command("compare.down", "down", "To the next run", &["j", "down"], false),
    HERE.command("compare.up", "up", "To the run above", &["k", "up"], false),
    HERE.command("compare.first", "first", "To the first run", &["g", "home"], false),
    HERE.command("compare.last", "last", "To the last run", &["G", "end"], false),
    HERE.command("compare.page_down", "page down", "Ten runs down", &["pagedown", "ctrl-d"], false),
    HERE.command("compare.page_up", "page up", "Ten runs up", &["pageup", "ctrl-u"], false),
    HERE.command("compare.finer", "one more", "To the run of this algorithm with more segments", &["]"], false),
    HERE.command("compare.coarser", "one fewer", "To the run of this algorithm with fewer segments", &["["], false),
];

/// What the columns and signs mean.
pub const EXPLAIN: &[(&str, &str)] = &[
    ("★", "the run that is advised; ☆ while redraws are still missing. x says why."),
    (
        "rank",
        "the order of advice: what holds comes first, by the votes of the indices, then by silhouette. =2: the same groups as run 2, found by another algorithm.",
    ),
    ("»", "the run that is open: 5 Segments and 6 Map show it. Enter opens the one under the cursor."),
    ("◇", "a pinned run; = holds the two that were pinned first against each other."),
    (
        "silhouette",
        "how far apart the segments are: 1 is apart, 0 touches, below 0 is mixed up. From .50 on it counts as good. The bars share one scale.",
    ),
    ("DBI", "Davies-Bouldin: how much neighbouring segments overlap; lower is better."),
    (
        "WCSS",
        "the sum of squared distances to the segments' centres; always falls with more segments, so look for the elbow.",
    ),
    ("CH, BIC", "Calinski-Harabasz, higher is better; BIC of mixtures, lower is better."),
    ("worst", "the silhouette of the segment that is least apart."),
    (
        "holds",
        "drawn afresh from the customers, how well the weakest segment comes back (mean Jaccard): firm from .85, holds from .75, below .60 no trust. ▓▓░░ is still being drawn.",
    ),
    ("least", "customers in the smallest segment."),
    ("out", "customers that are in no segment."),
    ("rules", "customers that one plain rule a segment puts where they belong, in %."),
    ("alike", "customers placed as in the first run."),
    ("!", "the reason why a run is not advised."),
    (
        "↑ ▸",
        "in the curves: ↑ the elbow of the WCSS, or the top of the silhouettes; ▸ the run under the cursor. They show the runs of its algorithm. No figure here is comparable between different features or scalings.",
    ),
    ("↑ ↓", "at the title of a column: the runs are sorted by it, rising or falling."),
];
