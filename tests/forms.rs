//! `migrate`, `feedback`, `profile` and `explain` as table, JSON, CSV and Markdown: the same numbers in all four.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

const STUDY: [&str; 9] =
    ["--features", "spend,visits", "--algorithms", "kmeans", "--k", "3", "--outcome", "responded", "--quiet"];

fn printed(folder: &Path, args: &[&str]) -> String {
    let mut command = Command::cargo_bin("segmenta").unwrap();
    command.current_dir(folder).env_clear().env("HOME", folder).env("LANG", "C.UTF-8");
    let output = command.args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What a command prints in each of the forms.
struct Forms {
    table: String,
    json: Value,
    /// The records, by the names of the columns.
    csv: Vec<csv::StringRecord>,
    head: csv::StringRecord,
    md: String,
}

impl Forms {
    fn of(folder: &Path, args: &[&str]) -> Self {
        let form = |format: &str| printed(folder, &[args, &["--format", format, "--quiet"]].concat());
        let text = form("csv");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        Self {
            table: form("table"),
            json: serde_json::from_str(&form("json")).unwrap(),
            head: reader.headers().unwrap().clone(),
            csv: reader.records().map(Result::unwrap).collect(),
            md: form("md"),
        }
    }

    fn cell<'a>(&self, record: &'a csv::StringRecord, column: &str) -> &'a str {
        let at =
            self.head.iter().position(|name| name == column).unwrap_or_else(|| panic!("{column}: {:?}", self.head));
        &record[at]
    }

    fn number(&self, record: &csv::StringRecord, column: &str) -> Option<f64> {
        self.cell(record, column).parse().ok()
    }

    /// A line of the table, and the one of the Markdown that says the same.
    fn holds(&self, words: &str) {
        assert!(self.table.contains(words), "{words}:\n{}", self.table);
        assert!(self.md.contains(words), "{words}:\n{}", self.md);
    }

    /// The cells of the line that begins with these words, in the table and in Markdown.
    fn line(&self, begins: &str) -> Vec<String> {
        let plain = |line: &str| line.replace('|', " ").split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let begin: Vec<String> = begins.split_whitespace().map(str::to_owned).collect();
        let find = |text: &str| {
            text.lines().map(plain).find(|line| line.starts_with(&begin)).unwrap_or_else(|| panic!("{begins}:\n{text}"))
        };
        let (table, md) = (find(&self.table), find(&self.md));
        assert_eq!(table, md, "the table and Markdown say the same");
        table[begin.len()..].to_vec()
    }
}

/// Three clear groups of customers who mostly answer in the middle one.
fn customers(rows: usize) -> String {
    let row = |row: usize| {
        let group = row % 3;
        let answer = if (group == 1 && !row.is_multiple_of(5)) || row.is_multiple_of(11) { "yes" } else { "no" };
        format!("c{row:03},{},{},{answer}\n", group * 100 + row % 7, group * 40 + row % 5)
    };
    "id,spend,visits,responded\n".to_owned() + &(0..rows).map(row).collect::<String>()
}

/// The same a period later: every tenth went, every seventh moved on to the next group, five came.
fn later(rows: usize) -> String {
    let row = |row: usize| {
        let group = (row + usize::from(row.is_multiple_of(7))) % 3;
        format!("c{row:03},{},{},no\n", group * 100 + row % 7, group * 40 + row % 5)
    };
    let there = (0..rows).filter(|row| row % 10 != 9).chain((rows..rows + 5).map(|row| row / 3 * 3));
    "id,spend,visits,responded\n".to_owned()
        + &there
            .enumerate()
            .map(|(at, of)| if at < rows - rows / 10 { row(of) } else { row(900 + at) })
            .collect::<String>()
}

fn model(folder: &Path) {
    fs::write(folder.join("in.csv"), customers(180)).unwrap();
    fs::write(folder.join("later.csv"), later(180)).unwrap();
    printed(folder, &[&["segment", "in.csv", "--save-model", "m.json", "-o", "out.csv"][..], &STUDY].concat());
}

fn state(value: &Value) -> String {
    value["segment"].as_u64().map(|number| number.to_string()).unwrap_or_default()
}

#[test]
fn a_migration_says_the_same_in_all_forms_and_adds_up() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    model(folder);
    let forms = Forms::of(folder, &["migrate", "m.json", "in.csv", "later.csv", "--customers", "who.csv"]);
    let of = &forms.json["migrations"][0];
    let (states, counts) = (of["states"].as_array().unwrap(), of["counts"].as_array().unwrap());
    let number = |value: &Value| value.as_u64().unwrap() as usize;
    let row = |row: &Value| row.as_array().unwrap().iter().map(number).collect::<Vec<_>>();
    let counts: Vec<Vec<usize>> = counts.iter().map(row).collect();
    // Row by row: who was there before; column by column: who is there now; the corner is everybody once.
    let sizes = |file: &str| fs::read_to_string(folder.join(file)).unwrap().lines().count() - 1;
    let absent = states.iter().position(|state| state == "absent").unwrap();
    let before: usize = counts.iter().enumerate().filter(|(at, _)| *at != absent).flat_map(|(_, row)| row).sum();
    let after: usize = counts.iter().map(|row| row.iter().sum::<usize>() - row[absent]).sum();
    assert_eq!((before, after), (sizes("in.csv"), sizes("later.csv")));
    assert_eq!([before, after], [number(&of["customers"][0]), number(&of["customers"][1])]);
    let stayed: usize = (0..3).map(|at| counts[at][at]).sum();
    let (came, went) = (counts[absent].iter().sum::<usize>(), counts.iter().map(|row| row[absent]).sum::<usize>());
    assert_eq!((stayed, came, went), (number(&of["stayed"]), number(&of["came"]), number(&of["went"])));
    assert_eq!(before, stayed + number(&of["moved"]) + went);
    let who = fs::read_to_string(folder.join("who.csv")).unwrap();
    for (word, count) in [("stayed", stayed), ("moved", number(&of["moved"])), ("came", came), ("went", went)] {
        assert_eq!(who.matches(&format!(",{word},")).count(), count, "{word}");
    }
    // Each flow is a line of the CSV with the same figures, and a cell of the tables.
    let flows = of["flows"].as_array().unwrap();
    let lines: Vec<_> = forms.csv.iter().filter(|line| forms.cell(line, "after") == "later").collect();
    assert_eq!(lines.len(), flows.len());
    for (flow, line) in flows.iter().zip(lines) {
        assert_eq!([state(&flow["from"]), state(&flow["to"])], [forms.cell(line, "from"), forms.cell(line, "to")]);
        assert_eq!(flow["customers"].as_u64().unwrap() as f64, forms.number(line, "customers").unwrap());
        assert_eq!(flow["share"].as_f64(), forms.number(line, "share"));
        assert_eq!(flow["interval"][1].as_f64(), forms.number(line, "high"));
        let drivers = flow["drivers"].as_array().unwrap().len();
        assert_eq!(forms.cell(line, "drivers").split("; ").filter(|one| !one.is_empty()).count(), drivers);
    }
    for (at, name) in of["names"].as_array().unwrap().iter().enumerate() {
        let line = forms.line(&format!("{} {}", at + 1, name.as_str().unwrap()));
        let cells: Vec<usize> = line.iter().take(5).map(|cell| cell.parse().unwrap_or(0)).collect();
        assert_eq!(cells[..4], counts[at], "{line:?}");
        assert_eq!(cells[4], counts[at].iter().sum::<usize>(), "the row adds up: {line:?}");
    }
    forms.holds(forms.json["sentence"].as_str().unwrap());
    forms.holds(forms.json["forecast_in_words"].as_str().unwrap());
    let expected = forms.json["forecast"]["expected"].as_array().unwrap();
    let next: Vec<_> = forms.csv.iter().filter(|line| forms.cell(line, "after") == "next").collect();
    assert_eq!(next.len(), expected.len());
    for (value, line) in expected.iter().zip(next) {
        assert_eq!(value.as_f64(), forms.number(line, "customers"));
    }
    // The customers of one cell.
    printed(
        folder,
        &["migrate", "m.json", "in.csv", "later.csv", "--customers", "cell.csv", "--from", "1", "--to", "2", "--quiet"],
    );
    assert_eq!(sizes("cell.csv"), counts[0][1]);
}

/// A campaign over the customers: every `n`th was left alone; who was contacted answers more often.
fn campaign(n: usize) -> String {
    let row = |row: usize| {
        let contacted = !row.is_multiple_of(n);
        let answered = if contacted { row.is_multiple_of(2) } else { row.is_multiple_of(12) };
        let word = |yes| if yes { "yes" } else { "no" };
        format!("c{row:03},{},{},{}\n", row % 3 + 1, word(contacted), word(answered))
    };
    "id,segment,contacted,responded\n".to_owned() + &(0..180).map(row).collect::<String>()
}

#[test]
fn feedback_says_the_same_in_all_forms() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    model(folder);
    fs::write(folder.join("half.csv"), campaign(2)).unwrap();
    fs::write(folder.join("few.csv"), campaign(29)).unwrap();
    for (file, enough) in [("half.csv", true), ("few.csv", false)] {
        let forms = Forms::of(folder, &["feedback", "m.json", file]);
        let segments = forms.json["segments"].as_array().unwrap();
        let all: Vec<&Value> = segments.iter().chain([&forms.json["everyone"]]).collect();
        assert_eq!(forms.csv.len(), all.len());
        for (of, line) in all.iter().zip(&forms.csv) {
            assert_eq!(of["segment"].as_u64().map(|number| number as f64), forms.number(line, "segment"));
            for (group, column) in [("contacted", "contacted"), ("control", "control")] {
                let figures = (of[group]["customers"].as_f64(), of[group]["responded"].as_f64());
                assert_eq!(figures, (forms.number(line, column), forms.number(line, &format!("{column}_responded"))));
            }
            assert_eq!(of["uplift"].as_f64(), forms.number(line, "uplift"));
            assert_eq!(
                (of["p"].as_f64(), of["adjusted"].as_f64()),
                (forms.number(line, "p"), forms.number(line, "adjusted"))
            );
            assert_eq!(of["interval"][0].as_f64(), forms.number(line, "low"));
            assert_eq!(of["words"], forms.cell(line, "words"));
            assert!(forms.md.contains(of["words"].as_str().unwrap()));
            assert_eq!(of["words"].as_str().unwrap().contains("too few to show anything"), !enough, "{of}");
            // The table breaks the words: its figures stand in the first line.
            let begin = format!(
                "{} {}",
                of["segment"].as_u64().map_or_else(String::new, |at| at.to_string()),
                of["name"].as_str().unwrap()
            );
            let [contacted, alone] = ["contacted", "control"]
                .map(|group| format!("{} of {}", of[group]["responded"], of[group]["customers"]));
            for text in [&forms.table, &forms.md] {
                let plain = |line: &str| line.replace('|', " ").split_whitespace().collect::<Vec<_>>().join(" ");
                let line = text.lines().map(plain).find(|line| line.starts_with(begin.trim())).unwrap();
                assert!(line.contains(&contacted) && line.contains(&alone), "{line}");
                let percent = format!("{:.1} %", 100.0 * of["uplift"].as_f64().unwrap());
                assert!(line.contains(&percent), "{line} has no {percent}");
            }
        }
        assert!(forms.table.contains(all[3]["words"].as_str().unwrap()));
    }
}

#[test]
fn a_profile_says_the_same_in_all_forms_by_file_and_by_model() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    model(folder);
    let by_file = Forms::of(folder, &[&["profile", "in.csv"][..], &STUDY[..8]].concat());
    let by_model = Forms::of(folder, &["profile", "m.json"]);
    for key in ["list", "effects", "outcomes", "run", "customers", "unassigned"] {
        assert_eq!(by_file.json[key], by_model.json[key], "{key}");
    }
    for forms in [&by_file, &by_model] {
        let list = forms.json["list"].as_array().unwrap();
        let outcome = &forms.json["outcomes"][0];
        assert_eq!(forms.csv.len(), list.len() + 1, "everyone stands in the last line");
        let everyone = forms.csv.last().unwrap();
        assert_eq!((forms.cell(everyone, "name"), forms.number(everyone, "size")), ("everyone", Some(180.0)));
        for (at, (of, line)) in list.iter().zip(&forms.csv).enumerate() {
            assert_eq!((&of["key"], &of["name"]), (&forms.cell(line, "key").into(), &forms.cell(line, "name").into()));
            assert_eq!(of["size"].as_f64(), forms.number(line, "size"));
            for column in ["share", "silhouette", "holds", "cohesion"] {
                assert_eq!(of[column].as_f64(), forms.number(line, column), "{column}");
            }
            for column in ["recall", "precision", "coverage"] {
                assert_eq!(of["rule"][column].as_f64(), forms.number(line, column), "{column}");
            }
            let effects = forms.json["effects"].as_array().unwrap();
            for (place, effect) in effects.iter().enumerate().filter(|(_, effect)| !effect["mean"].is_null()) {
                let column = effect["column"].as_str().unwrap();
                assert_eq!(of["cells"][place]["mean"].as_f64(), forms.number(line, column), "{column}");
                assert_eq!(effect["mean"].as_f64(), forms.number(everyone, column), "{column}");
            }
            let lift = &outcome["segments"][at];
            let title = outcome["title"].as_str().unwrap();
            for (field, column) in
                [("value", ""), ("lift", " lift"), ("effect", " effect"), ("adjusted", " adjusted p")]
            {
                assert_eq!(lift[field].as_f64(), forms.number(line, &format!("{title}{column}")), "{column}");
            }
            let said =
                format!("{}  {} · {} customers, {}", of["number"], of["name"].as_str().unwrap(), of["size"], "33.3 %");
            forms.holds(&said);
            forms.holds(of["sentence"].as_str().unwrap());
            // The outcome's own line: rate and interval.
            let percent = |value: &Value| format!("{} %", (1000.0 * value.as_f64().unwrap()).round() / 10.0);
            let (low, high) = (percent(&lift["interval"][0]), percent(&lift["interval"][1]));
            let figures = format!("{} {}–{high}", percent(&lift["value"]), low.trim_end_matches(" %"));
            for text in [&forms.table, &forms.md] {
                let plain = |line: &str| line.replace('|', " ").split_whitespace().collect::<Vec<_>>().join(" ");
                let name = format!("{} {}", of["number"], of["name"].as_str().unwrap());
                let found = text.lines().map(plain).any(|line| line.contains(&name) && line.contains(&figures));
                assert!(found, "{name} … {figures}:\n{text}");
            }
        }
        forms.holds("responded rate: everyone");
        let value = outcome["segments"][1]["value"].as_f64().unwrap();
        forms.holds(&format!("{} %", (1000.0 * value).round() / 10.0));
    }
}

#[test]
fn a_customer_is_explained_alike_in_all_forms() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    model(folder);
    let by_file = Forms::of(folder, &[&["explain", "in.csv", "--id", "c007"][..], &STUDY[..8]].concat());
    let by_model = Forms::of(folder, &["explain", "m.json", "--id", "c007"]);
    for key in ["segment", "key", "name", "why", "action"] {
        assert_eq!(by_file.json[key], by_model.json[key], "{key}");
    }
    for forms in [&by_file, &by_model] {
        let parts = forms.json["why"]["parts"].as_array().unwrap();
        assert_eq!(parts.len(), forms.csv.len());
        for (part, line) in parts.iter().zip(&forms.csv) {
            assert_eq!(forms.json["segment"].as_f64(), forms.number(line, "segment"));
            assert_eq!(forms.json["confidence"].as_f64(), forms.number(line, "confidence"));
            assert_eq!(part["share"].as_f64(), forms.number(line, "share"));
            assert_eq!(part["value"], forms.cell(line, "value"));
            let cells = forms.line(part["feature"].as_str().unwrap());
            assert_eq!(part["value"], cells[0].as_str());
            assert_eq!(format!("{:.0}", 100.0 * part["share"].as_f64().unwrap()), cells[3]);
        }
        forms.holds(forms.json["why"]["words"].as_str().unwrap());
    }
    // Other ids, another run: what a study takes, its explanation takes.
    let other = printed(
        folder,
        &[
            "explain",
            "in.csv",
            "--id",
            "c007",
            "--id-column",
            "id",
            "--k",
            "2..4",
            "--algorithms",
            "kmeans",
            "--run",
            "kmeans-k2",
            "--features",
            "spend,visits",
            "--format",
            "json",
            "-q",
        ],
    );
    let other: Value = serde_json::from_str(&other).unwrap();
    assert!(other["segment"].as_u64().unwrap() <= 2, "{other}");
}
