//! The workbench as a person uses it: the real binary in a real pty, driven by keys.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Output;
use std::thread;
use std::time::Duration;

use assert_cmd::Command;
use support::{Terminal, many};
use tempfile::TempDir;

const MALL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/mall_customers.csv");
/// What the export writes behind the input's columns.
const ADDED: [&str; 6] = ["segment", "segment_key", "segment_name", "confidence", "border", "segment_note"];

/// A folder with the mall's customers as `mall.csv`.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(MALL, folder.path().join("mall.csv")).unwrap();
    folder
}

/// A workbench on `mall.csv`.
fn workbench(folder: &TempDir) -> Terminal {
    Terminal::start(&["mall.csv"], folder.path(), 80, 24)
}

fn segmenta(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::cargo_bin("segmenta").unwrap();
    command.current_dir(folder).env_clear().env("HOME", folder).env("LANG", "C.UTF-8");
    command.args(args).output().unwrap()
}

fn done(folder: &Path, args: &[&str]) {
    let output = segmenta(folder, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Waits until a finished study recommends something; the tab's title says so on every tab.
fn until_studied(terminal: &Terminal) -> String {
    terminal.until_screen("a finished study", |text| text.contains("Compare ★") && !text.contains("study:"))
}

/// Presses `keys` and counts them.
fn press(terminal: &mut Terminal, keys: &str) -> usize {
    terminal.press(keys);
    keys.split_whitespace().count()
}

/// A table of a CSV file.
struct Sheet {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

fn sheet(folder: &TempDir, name: &str) -> Sheet {
    let text = read(folder, name);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let texts = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
    Sheet {
        names: texts(reader.headers().unwrap()),
        rows: reader.records().map(|record| texts(&record.unwrap())).collect(),
    }
}

/// Every row of the input stands in `name`, in order and with its original text, and has a segment or says why not.
fn is_export_of(folder: &TempDir, input: &str, name: &str) {
    let (input, output) = (sheet(folder, input), sheet(folder, name));
    let width = input.names.len();
    assert_eq!(output.names[..width], input.names);
    assert_eq!(output.names[width..], ADDED);
    assert_eq!(output.rows.len(), input.rows.len());
    for (written, original) in output.rows.iter().zip(&input.rows) {
        assert_eq!(written[..width], original[..]);
        let (segment, note) = (&written[width], &written[width + 5]);
        assert!(!segment.is_empty() || !note.is_empty(), "{written:?}");
    }
}

#[test]
fn from_file_to_segmented_csv_in_five_keys() {
    let folder = folder();
    let before = read(&folder, "mall.csv");
    let mut terminal = workbench(&folder);
    until_studied(&terminal);
    let mut keys = press(&mut terminal, "4");
    terminal.until("★ Take");
    keys += press(&mut terminal, "enter e");
    terminal.until("mall-segments.csv");
    keys += press(&mut terminal, "enter");
    terminal.until("rows written");
    keys += press(&mut terminal, "q");
    assert_eq!(terminal.ended(), 0);
    assert!(keys <= 6, "{keys} keys");

    assert_eq!(read(&folder, "mall.csv"), before, "the input stays as it is");
    is_export_of(&folder, "mall.csv", "mall-segments.csv");
    let lookup = sheet(&folder, "mall-segments.segments.csv");
    let exported = sheet(&folder, "mall-segments.csv");
    let named = exported.names.iter().position(|name| name == "segment_name").unwrap();
    let names: Vec<&String> = exported.rows.iter().map(|row| &row[named]).filter(|name| !name.is_empty()).collect();
    assert!(lookup.rows.len() > 1 && names.iter().all(|name| lookup.rows.iter().any(|row| row.contains(*name))));
}

#[test]
fn another_question_in_twelve_keys_gives_what_the_command_gives() {
    let folder = folder();
    let mut terminal = workbench(&folder);
    until_studied(&terminal);
    let mut keys = press(&mut terminal, "g");
    // The first column is the key; age is left out, the income becomes an outcome.
    keys += press(&mut terminal, "j j space space space");
    terminal.until("age: left out");
    keys += press(&mut terminal, "j space space");
    terminal.until("annual_income: outcome");
    until_studied(&terminal);
    keys += press(&mut terminal, "e enter");
    terminal.until("rows written");
    keys += press(&mut terminal, "q");
    assert_eq!(terminal.ended(), 0);
    assert!(keys <= 12, "{keys} keys");

    is_export_of(&folder, "mall.csv", "mall-segments.csv");
    let options = ["--exclude", "age", "--outcome", "annual_income"];
    done(folder.path(), &[&["segment", "mall.csv", "-o", "by-command.csv"][..], &options[..]].concat());
    assert_eq!(read(&folder, "mall-segments.csv"), read(&folder, "by-command.csv"));
}

#[test]
fn keys_command_and_recipe_answer_alike() {
    let folder = folder();
    let mut terminal = workbench(&folder);
    until_studied(&terminal);
    terminal.press("e enter");
    terminal.until("rows written");
    terminal.press("ctrl-s enter");
    terminal.until("recipe written");
    terminal.type_text(":w other.toml\r");
    terminal.until("other.toml");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);

    let here = folder.path();
    done(here, &["segment", "mall.csv", "-o", "command.csv", "--save-recipe", "saved.toml"]);
    let by_keys = read(&folder, "mall-segments.csv");
    assert_eq!(by_keys, read(&folder, "command.csv"));
    assert_eq!(read(&folder, "mall-segments.segments.csv"), read(&folder, "command.segments.csv"));
    for recipe in ["mall.recipe.toml", "other.toml", "saved.toml"] {
        done(here, &["run", recipe, "-o", "recipe.csv"]);
        assert_eq!(by_keys, read(&folder, "recipe.csv"), "{recipe}");
        assert_eq!(read(&folder, "command.segments.csv"), read(&folder, "recipe.segments.csv"), "{recipe}");
    }
    assert_eq!(read(&folder, "mall.recipe.toml"), read(&folder, "saved.toml"));
}

#[test]
fn a_recipe_saved_elsewhere_finds_its_source() {
    let folder = folder();
    fs::create_dir(folder.path().join("recipes")).unwrap();
    let mut terminal = workbench(&folder);
    until_studied(&terminal);
    terminal.type_text(":w recipes/mall.toml\r");
    terminal.until("recipe written");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
    done(folder.path(), &["run", "recipes/mall.toml", "-o", "out.csv"]);
    is_export_of(&folder, "mall.csv", "out.csv");
}

#[test]
fn an_export_never_replaces_its_input() {
    let folder = folder();
    let before = read(&folder, "mall.csv");
    let mut terminal = workbench(&folder);
    until_studied(&terminal);
    terminal.press("e ctrl-u");
    terminal.type_text("./mall.csv\r");
    terminal.until("the input");
    assert_eq!(read(&folder, "mall.csv"), before);
    let output = segmenta(folder.path(), &["segment", "mall.csv", "-o", "mall.csv"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(read(&folder, "mall.csv"), before);
}

#[test]
fn the_command_of_a_screen_works_as_printed() {
    let folder = folder();
    let mut terminal = Terminal::start(&["mall.csv"], folder.path(), 160, 45);
    until_studied(&terminal);
    terminal.press("g j j space space space");
    terminal.until("age: left out");
    until_studied(&terminal);
    for (tab, verb) in [("1", "inspect"), ("2", "explore"), ("3", "compare"), ("4", "compare"), ("5", "profile")] {
        terminal.press(tab);
        terminal.press("!");
        let shown = terminal.until_screen("the whole box", |screen| boxed(screen).is_some());
        terminal.press("!");
        terminal.gone("This screen as a command");
        let command = boxed(&shown).unwrap();
        assert!(command.starts_with(&format!("segmenta {verb} mall.csv")), "{command}");
        let args: Vec<&str> = command.split_whitespace().skip(1).collect();
        done(folder.path(), &args);
        assert!(verb == "inspect" || verb == "explore" || command.contains("--exclude age"), "{command}");
    }
}

/// The command in the box, its lines joined: nothing until the box is closed. Beside the box there may be other lines.
fn boxed(screen: &str) -> Option<String> {
    let mut lines = screen.lines().skip_while(|line| !line.contains("This screen as a command"));
    let title: Vec<char> = lines.next()?.split("This screen").next()?.chars().collect();
    let left = title.iter().rposition(|sign| *sign == '┌')?;
    let own: Vec<String> = lines.map(|line| line.chars().skip(left).collect()).collect();
    let bottom = own.iter().position(|line| line.starts_with('└'))?;
    let words = own[..bottom].iter().map(|line| line.split('│').nth(1).unwrap_or_default().trim());
    Some(words.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" "))
}

#[test]
fn quitting_gives_the_terminal_back() {
    let folder = folder();
    let mut terminal = workbench(&folder);
    terminal.until("customer_id");
    assert!(terminal.in_alternate_screen());
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
    terminal.until_closed();
    assert!(!terminal.in_alternate_screen());
}

#[test]
fn a_signal_ends_it_and_gives_the_terminal_back() {
    let folder = folder();
    let mut terminal = workbench(&folder);
    terminal.until("customer_id");
    let kill = std::process::Command::new("kill").args(["-TERM", &terminal.pid().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(terminal.ended(), 143);
    terminal.until_closed();
    assert!(!terminal.in_alternate_screen());
}

#[test]
fn it_lives_through_a_storm_of_sizes() {
    let folder = folder();
    let mut terminal = workbench(&folder);
    until_studied(&terminal);
    for tab in ["1", "2", "3", "4", "5", "6"] {
        terminal.press(tab);
        for (columns, rows) in [(20, 5), (1, 1), (160, 45), (80, 8), (30, 40), (300, 100), (20, 5), (80, 24)] {
            terminal.resize(columns, rows);
        }
    }
    terminal.press("1 ctrl-l");
    terminal.until("customer_id");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn pasted_rubbish_does_nothing() {
    let folder = folder();
    let mut terminal = workbench(&folder);
    until_studied(&terminal);
    let rubbish = "q1q\u{7}4eq\nrm -rf\tdüß\u{202e}🦀\r\n".repeat(200);
    terminal.type_text(&format!("\x1b[200~{rubbish}\x1b[201~"));
    terminal.press("2");
    terminal.until("▌2 Explore▐");
    terminal.press("/");
    terminal.type_text(&format!("\x1b[200~{rubbish}\x1b[201~"));
    terminal.press("enter q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn without_a_terminal_it_prints_the_comparison() {
    let folder = folder();
    let output = segmenta(folder.path(), &["mall.csv", "--algorithms", "kmeans", "--k", "2..4"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.contains("k-means"), "{text}");
    assert!(!text.contains('\x1b'));
}

#[test]
fn a_dumb_terminal_gets_the_comparison() {
    let folder = folder();
    let args = ["mall.csv", "--algorithms", "kmeans", "--k", "2..3"];
    let mut terminal = Terminal::start_with(&args, folder.path(), 120, 40, &[("TERM", "dumb")]);
    terminal.until("k-means");
    assert_eq!(terminal.ended(), 0);
    assert!(!terminal.in_alternate_screen());
}

#[test]
fn without_a_file_the_sample_opens() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(&[], folder.path(), 80, 24);
    terminal.until("customer_id");
    until_studied(&terminal);
    terminal.press("e enter");
    terminal.until("rows written");
    assert!(folder.path().join("mall-segments.csv").is_file());
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn what_cannot_be_opened_is_said_and_the_program_lives_on() {
    let folder = folder();
    fs::write(folder.path().join("empty.csv"), "").unwrap();
    fs::write(folder.path().join("names.csv"), "name\nann\nbob\n").unwrap();
    fs::create_dir(folder.path().join("none")).unwrap();
    let known = [("nosuch.csv", "no such file"), ("empty.csv", "empty"), ("none", "folder"), (".", "empty.csv: ")];
    for (file, words) in known {
        let mut terminal = Terminal::start(&[file], folder.path(), 80, 24);
        terminal.until(words);
        terminal.press("4 5 6 3 2 1 e ! ! x x");
        terminal.until("Ctrl-O opens another file");
        terminal.press("ctrl-o");
        terminal.until("open file");
        terminal.type_text("mall.csv\r");
        terminal.until("customer_id");
        terminal.press("q");
        assert_eq!(terminal.ended(), 0, "{file}");
    }
    let mut terminal = Terminal::start(&["names.csv"], folder.path(), 80, 24);
    terminal.until("name");
    terminal.press("4 q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn an_idle_workbench_writes_nothing() {
    let folder = folder();
    let mut terminal = workbench(&folder);
    until_studied(&terminal);
    for tab in ["2", "3", "4", "5", "6", "1"] {
        terminal.press(tab);
        quiet(&terminal);
    }
    let before = terminal.bytes();
    thread::sleep(Duration::from_secs(1));
    assert_eq!(terminal.bytes(), before);
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

/// Waits until nothing was written for half a second.
fn quiet(terminal: &Terminal) {
    let mut before = usize::MAX;
    while before != terminal.bytes() {
        before = terminal.bytes();
        thread::sleep(Duration::from_millis(500));
    }
}

#[test]
fn a_stopped_study_keeps_its_runs_and_can_be_started_again() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("many.csv"), many(10_000)).unwrap();
    let mut terminal = Terminal::start(&["many.csv"], folder.path(), 80, 24);
    terminal.press("4");
    terminal
        .until_screen("runs while the study goes on", |text| text.contains("k-means") && text.contains("Esc stops"));
    terminal.press("esc");
    let kept = terminal.gone("Esc stops");
    assert!(kept.contains("k-means"), "{kept}");
    terminal.press("1");
    terminal.until("▌1 Data▐");
    terminal.press("g j space 4");
    terminal.until_screen("another study", |text| text.contains("k-means") && text.contains("Esc stops"));
    terminal.press("q q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn the_model_saved_by_key_is_the_one_of_the_command() {
    let folder = folder();
    let mut terminal = workbench(&folder);
    until_studied(&terminal);
    terminal.press("5");
    terminal.until("customers");
    terminal.press("ctrl-e");
    terminal.until("save model as: mall.model.json");
    terminal.press("enter");
    terminal.until("model written: mall.model.json");
    done(folder.path(), &["compare", "mall.csv", "--quiet", "--save-model", "command.json", "-o", "compare.json"]);
    done(folder.path(), &["segment", "mall.csv", "--quiet", "--save-model", "segment.json", "-o", "rows.csv"]);
    let (key, command) = (read(&folder, "mall.model.json"), read(&folder, "command.json"));
    assert_eq!(command, read(&folder, "segment.json"));
    assert!(key == command, "{}", first_difference(&key, &command));
    terminal.press("q");
}

/// Where two texts begin to differ.
fn first_difference(a: &str, b: &str) -> String {
    let body = |text: &str| text.lines().nth(1).unwrap_or_default().to_owned();
    let (a, b) = (body(a), body(b));
    let at = a.bytes().zip(b.bytes()).position(|(a, b)| a != b).unwrap_or(0).saturating_sub(80);
    let shown = |text: &str| text.chars().skip(at).take(200).collect::<String>();
    format!("{}\n{}", shown(&a), shown(&b))
}
