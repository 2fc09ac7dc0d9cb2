//! The commands of the place, and what its signs mean.

use crate::tui::action::Tab;
use crate::tui::command::{Command, Place};

const HERE: Place = Place::Tab(Tab::Data);

/// The commands of this place.
pub const COMMANDS: &[Command] = &[
    HERE.command("data.down", "column", "To the next column (in the whole table: row)", &["j", "down"], true),
    HERE.command("data.up", "column", "To the column above (in the whole table: row)", &["k", "up"], true),
    HERE.command("data.role", "role", "The column's role: cluster, describe, outcome, left out", &["space"], true)
        .at_cursor(),
    HERE.command("data.next_finding", "next finding", "To the next finding that wants a word", &["f"], true),
    HERE.command(
        "data.jump",
        "jump on",
        "To the next finding that wants a word; in the whole table: to the next other value of the column",
        &["]"],
        false,
    ),
    HERE.command("data.jump_back", "jump back", "To the one before: finding, or other value", &["["], false),
    HERE.command("data.findings", "all findings", "All findings, and back: every one can be answered", &["F"], false),
    HERE.command("data.take", "take", "Take the remedy of the marked finding", &["y"], false).at_cursor(),
    HERE.command("data.other", "other", "Take its other remedy", &["d"], false).at_cursor(),
    HERE.command("data.third", "third", "Take its third remedy", &["D"], false).at_cursor(),
    HERE.command("data.leave", "leave", "Leave what was found as it is", &["i"], false).at_cursor(),
    HERE.command("data.look", "look", "Explore this column", &["enter"], true),
    HERE.command(
        "data.rollup",
        "roll up",
        "Roll order lines up to one row a customer; back to the lines",
        &["R"],
        true,
    ),
    HERE.command("data.problems", "problems", "Write every problem as CSV: line, value, reason", &["p"], false),
    HERE.command("data.schema", "schema", "Propose a schema from the data, into the recipe", &["S"], false),
    HERE.command("data.expect", "must be", "What this column must be: type, range, allowed values", &["m"], false),
    HERE.command(
        "data.reading",
        "read as",
        "How the file is read: delimiter, encoding, header, sheet, joins …",
        &["o"],
        false,
    ),
    HERE.command("data.table", "table", "The whole table, and back", &["r"], false),
    HERE.command("data.left", "left", "A column to the left, in the whole table", &["h", "left"], false),
    HERE.command("data.right", "right", "A column to the right, in the whole table", &["l", "right"], false),
    HERE.command(
        "data.sort",
        "sort",
        "Sort the whole table by the first column in sight: up, down, as it was",
        &["s"],
        false,
    ),
    HERE.command(
        "data.freeze",
        "keep in sight",
        "Keep the columns up to this one in sight, in the whole table",
        &["z"],
        false,
    ),
    HERE.command("data.wider", "wider", "This column wider, in the whole table", &[">"], false),
    HERE.command("data.narrower", "narrower", "This column narrower, in the whole table", &["<"], false),
    HERE.command("data.copy", "copy", "Copy the value to the terminal's clipboard, in the whole table", &["c"], false),
    HERE.command(
        "data.copy_row",
        "copy row",
        "Copy the row to the terminal's clipboard, in the whole table",
        &["C"],
        false,
    ),
    HERE.command(
        "data.copy_table",
        "copy table",
        "Copy all rows of the whole table as they stand: to the clipboard, or to a file",
        &["Y"],
        false,
    ),
    HERE.command("data.page_down", "page down", "A page down", &["pagedown", "ctrl-d"], false),
    HERE.command("data.page_up", "page up", "A page up", &["pageup", "ctrl-u"], false),
    HERE.command("data.first", "first", "To the first", &["g", "home"], false),
    HERE.command("data.last", "last", "To the last", &["G", "end"], false),
];

/// What its columns and signs mean.
pub const EXPLAIN: &[(&str, &str)] = &[
    ("● cluster", "a feature: customers are grouped by it."),
    ("○ describe", "shown for each segment, not used to find it."),
    ("◇ outcome", "a result: kept out, used to judge the segments."),
    ("left out", "used for nothing. Space changes a role; x says why each column has its own."),
    ("gaps", "rows without a value."),
    ("values", "distinct values."),
    ("spread", "the histogram of a number, or the counts of the most frequent values of a text."),
    (
        "!",
        "wants your word: y takes what is offered, d the other remedy, i leaves it. Nothing is changed behind your back; u undoes.",
    ),
    ("✓", "seen to, or answered; F lists all findings, each with its remedies."),
    (
        "R",
        "order lines: one row a customer is made of them, with a sheet of what was guessed; R again shows the lines.",
    ),
    ("p", "writes every problem with its line in the file, to be sent back to whoever supplied it."),
    (
        "S",
        "proposes a schema: what the columns must be from now on. `segmenta inspect --recipe R --strict` holds files against it.",
    ),
    ("m", "what this column must be, in that schema: changed or said anew; all lines empty takes it out."),
    ("M", "shows personal data as they stand; they are masked otherwise."),
    (
        "o",
        "how the file was read, to be corrected: delimiter= quote= escape= header= encoding= decimal= thousands= skip= footer= comment= sheet= table= query= type=COLUMN:text (number, whole, yes-no, year, date, or %d/%m/%Y) join=FILE:key.",
    ),
    ("r", "all rows. :42 goes to row 42, / to a value."),
];
