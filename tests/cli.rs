//! The commands of the real binary: bad input gives one clear sentence and the right exit status, results keep the contract.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

fn segmenta(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::cargo_bin("segmenta").unwrap();
    command.current_dir(folder).env_clear().env("HOME", folder).env("LANG", "C.UTF-8");
    command.args(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Ends with `exit`, says one sentence that contains `words`, prints nothing and leaves no file behind.
fn refused(file: Option<&str>, args: &[&str], exit: i32, words: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    if let Some(content) = file {
        fs::write(folder.path().join("in.csv"), content).unwrap();
    }
    let output = segmenta(folder.path(), args);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(exit), "{args:?}: {said}");
    assert!(output.stdout.is_empty(), "{args:?} printed {}", text(&output.stdout));
    let error = said.lines().last().unwrap_or_default();
    assert!(error.starts_with("segmenta: "), "{args:?}: {said}");
    assert!(words.iter().all(|word| error.contains(word)), "{args:?}: {error}");
    assert!(!said.contains("panicked"), "{said}");
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), usize::from(file.is_some()), "{left:?}");
}

/// Three clear groups in two columns.
fn groups() -> String {
    let mut csv = String::from("id,spend,visits\n");
    for row in 0..90 {
        let group = row % 3;
        csv.push_str(&format!("c{row:02},{},{}\n", group * 100 + row % 7, group * 40 + row % 5));
    }
    csv
}

#[test]
fn a_source_that_cannot_be_read() {
    refused(None, &["compare", "nosuch.csv"], 1, &["nosuch.csv", "no such file"]);
    refused(None, &["inspect", "."], 1, &["folder"]);
    refused(Some(""), &["compare", "in.csv"], 1, &["empty"]);
    refused(Some("a,b,c\n"), &["compare", "in.csv"], 1, &["in.csv"]);
}

#[test]
fn whoever_names_one_cut_gets_it_even_where_there_is_no_structure() {
    let folder = tempfile::tempdir().unwrap();
    let row = |row: usize| format!("c{row},{},{}\n", row * 37 % 101, row * 53 % 103);
    let even = format!("id,spend,visits\n{}", (0..100).map(row).collect::<String>());
    fs::write(folder.path().join("in.csv"), even).unwrap();
    let of_all = segmenta(folder.path(), &["profile", "in.csv", "--algorithms", "kmeans", "--k", "2..6"]);
    assert_eq!(of_all.status.code(), Some(1), "{}", text(&of_all.stdout));
    assert!(text(&of_all.stderr).contains("--algorithms kmeans --k 4"), "{}", text(&of_all.stderr));
    let cut = segmenta(folder.path(), &["profile", "in.csv", "--algorithms", "kmeans", "--k", "4"]);
    assert_eq!(cut.status.code(), Some(0), "{}", text(&cut.stderr));
    assert!(text(&cut.stdout).starts_with("4 segments of 100 customers"), "{}", text(&cut.stdout));
}

#[test]
fn a_source_that_cannot_be_clustered() {
    let names = "name,city\nann,x\nbob,y\ncid,x\ndan,y\neve,x\n";
    refused(Some(names), &["compare", "in.csv"], 1, &[]);
    refused(Some("a,b\n,\n,\n,\n"), &["compare", "in.csv"], 1, &[]);
    refused(Some("spend\nNaN\ninf\nnan\n-inf\n"), &["compare", "in.csv"], 1, &[]);
}

#[test]
fn wrong_usage_is_found_before_the_data_are_read() {
    let csv = groups();
    let wrong: [(&[&str], &[&str]); 10] = [
        (&["compare", "in.csv", "--features", "spnd"], &["--features", "\"spnd\"", "did you mean \"spend\""]),
        (&["compare", "in.csv", "--outcome", "zzz"], &["--outcome"]),
        (&["compare", "in.csv", "--k", "many"], &["--k", "2..10"]),
        (&["compare", "in.csv", "--algorithms", "kmaens"], &["kmeans"]),
        (&["compare", "in.csv", "--memory", "lots"], &["--memory", "4GiB"]),
        (&["compare", "in.csv", "--smallest", "7"], &["--smallest"]),
        (&["compare", "in.csv", "-o", "out.zip"], &["out.zip", "--format"]),
        (&["compare", "in.csv", "--sample", "5"], &["--sample", "give 100 or more"]),
        (&["compare", "in.csv", "--preparations", "cooked"], &["--preparations", "capped"]),
        (&["segment", "in.csv", "-o", "out.docx"], &["out.docx", ".parquet"]),
    ];
    for (args, words) in wrong {
        refused(Some(&csv), args, 2, words);
    }
}

#[test]
fn too_many_segments_for_the_rows() {
    let csv = "spend,visits\n1,2\n1,2\n5,6\n5,6\n1,2\n5,6\n";
    refused(Some(csv), &["compare", "in.csv", "--algorithms", "kmeans", "--k", "5", "-q"], 1, &[]);
}

#[test]
fn a_broken_recipe_names_line_and_key() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("r.toml"), "version = 1\nseed = 42\ncolour = 3\n").unwrap();
    let output = segmenta(folder.path(), &["run", "r.toml"]);
    let said = text(&output.stderr);
    assert!(matches!(output.status.code(), Some(1 | 2)), "{said}");
    assert!(said.contains("r.toml:3") && said.contains("colour"), "{said}");
    assert!(output.stdout.is_empty());
}

#[test]
fn the_comparison_has_the_fields_of_the_contract_in_order() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("in.csv"), groups()).unwrap();
    let args = ["compare", "in.csv", "--algorithms", "kmeans", "--k", "2..4", "--format", "json", "--labels"];
    let output = segmenta(folder.path(), &args);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(keys(&json), "schema_version source features rows_used seed memory runs elbow recommendation");
    assert_eq!(keys(&json["source"]), "path rows columns fingerprint");
    assert_eq!(
        keys(&json["runs"][0]),
        "id algorithm params status reason warnings clusters noise assigned sizes seconds metrics cluster_silhouettes \
         smallest holds rules rank labels"
    );
    assert_eq!(
        keys(&json["runs"][0]["metrics"]),
        "silhouette silhouette_sample simplified_silhouette davies_bouldin calinski_harabasz wcss bic aic icl \
         log_likelihood contact dbcv stability prediction_strength"
    );
    assert_eq!(keys(&json["elbow"]["kmeans"]), "k wcss range knee");
    assert_eq!(
        keys(&json["recommendation"]),
        "id structure strongest useful votes gates rejected reasons alternatives"
    );
    assert_eq!(json["recommendation"]["id"], "kmeans-k3");
    assert_eq!(json["runs"][1]["labels"].as_array().unwrap().len(), 90);
}

/// 600 customers in three groups, one of them with large amounts, and whether they answered.
fn many() -> String {
    let row = |row: usize| {
        let (group, noise) = (row % 3, (row * 7919 % 101) as f64 / 101.0);
        let spend = [10.0, 200.0, 3000.0][group] * (1.0 + noise / 4.0);
        let visits = [5.0, 20.0, 12.0][group] + (row * 104_729 % 97) as f64 / 40.0;
        format!("{spend:.2},{visits:.2},{}\n", usize::from(group == 1 && !row.is_multiple_of(5)))
    };
    "spend,visits,responded\n".to_owned() + &(0..600).map(row).collect::<String>()
}

#[test]
fn a_sample_is_studied_and_its_run_refitted_on_all_rows() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("in.csv"), many()).unwrap();
    let asked = ["--algorithms", "kmeans", "--k", "2..4", "--sample", "150"];
    let args = [&["compare", "in.csv", "--format", "json", "--save-recipe", "r.toml"], &asked[..]].concat();
    let json: Value = serde_json::from_slice(&segmenta(folder.path(), &args).stdout).unwrap();
    assert_eq!(
        (&json["sample"]["rows"], &json["sample"]["of"], &json["rows_used"]),
        (&150.into(), &600.into(), &150.into())
    );
    let runs = json["runs"].as_array().unwrap();
    let run = runs.iter().find(|run| run["id"] == json["recommendation"]["id"]).unwrap();
    assert_eq!((&run["id"], &run["sizes"]), (&"kmeans-k3".into(), &vec![50, 50, 50].into()));
    assert_eq!((&run["full"]["sizes"], &run["full"]["alike"]), (&vec![200, 200, 200].into(), &150.into()));
    assert!(runs.iter().filter(|other| other["id"] != run["id"]).all(|other| other.get("full").is_none()));
    let said = json["recommendation"]["reasons"].as_array().unwrap().last().unwrap().as_str().unwrap().to_owned();
    assert!(
        said.starts_with("Studied on a sample of 150 of 600 customers; refitted on all of them: 3 segments"),
        "{said}"
    );
    // Another run than the recommended one, and everybody has a segment.
    let args = [&["segment", "in.csv", "--run", "kmeans-k2", "-o", "out.csv"], &asked[..]].concat();
    assert_eq!(segmenta(folder.path(), &args).status.code(), Some(0));
    let written = fs::read_to_string(folder.path().join("out.csv")).unwrap();
    assert_eq!(written.lines().count(), 601);
    assert!(!written.contains("not in the sample"));
    let args = [&["profile", "in.csv", "--format", "json"], &asked[..]].concat();
    let profile: Value = serde_json::from_slice(&segmenta(folder.path(), &args).stdout).unwrap();
    assert_eq!((&profile["sample"]["rows"], &profile["full"]["rows"]), (&150.into(), &600.into()));
    assert_eq!(profile["full"]["metrics"], run["full"]["metrics"]);
    // The recipe asks for the same sample.
    assert!(fs::read_to_string(folder.path().join("r.toml")).unwrap().contains("sample = 150"));
    let table = text(&segmenta(folder.path(), &["run", "r.toml"]).stdout);
    assert!(
        table.contains("a sample of 150 of 600 customers") && table.contains("k-means k=3 on all 600: seg 3"),
        "{table}"
    );
}

#[test]
fn preparations_are_compared_by_what_can_be() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("in.csv"), many()).unwrap();
    let asked = ["compare", "in.csv", "--algorithms", "kmeans", "--k", "2..4", "--preparations", "raw,log,pca"];
    let json: Value =
        serde_json::from_slice(&segmenta(folder.path(), &[&asked[..], &["--format", "json"]].concat()).stdout).unwrap();
    let list = json["preparations"].as_array().unwrap();
    let ids: Vec<&str> = list.iter().map(|of| of["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["recipe", "raw", "log", "pca"]);
    assert!(list[0]["run"] == "kmeans-k3" && list[3]["sizes"] == list[0]["sizes"]);
    assert!(list.iter().all(|of| of.get("silhouette").is_none() && of.get("wcss").is_none()));
    assert_eq!(list[0]["agreement"].as_array().unwrap().last().unwrap()["ari"], 1.0);
    assert_eq!(list[0]["outcomes"][0]["column"], "responded");
    let said = json["reasons"].as_array().unwrap().last().unwrap().as_str().unwrap();
    assert!(said.starts_with("Silhouettes and WCSS are left out"), "{said}");
    for (format, word) in [("table", "Who finds the same"), ("csv", "ari_recipe"), ("md", "| preparation")] {
        let output = segmenta(folder.path(), &[&asked[..], &["--format", format]].concat());
        assert!(text(&output.stdout).contains(word), "{}", text(&output.stdout));
    }
}

#[test]
fn every_row_is_written_with_its_text_and_its_segment() {
    let folder = tempfile::tempdir().unwrap();
    let csv = groups().replace("id,spend", "segment,spend").replace("\nc0", "\n000");
    fs::write(folder.path().join("in.csv"), &csv).unwrap();
    let args = ["segment", "in.csv", "--algorithms", "kmeans", "--k", "3", "-o", "out.csv"];
    let output = segmenta(folder.path(), &args);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("segment_2"), "{}", text(&output.stderr));
    let written = fs::read_to_string(folder.path().join("out.csv")).unwrap();
    let mut lines = written.lines();
    let header = "segment,spend,visits,segment_2,segment_key,segment_name,confidence,border,segment_note";
    assert_eq!(lines.next(), Some(header));
    for (ours, theirs) in lines.zip(csv.lines().skip(1)) {
        assert!(ours.starts_with(theirs), "{ours} / {theirs}");
    }
    let lookup = fs::read_to_string(folder.path().join("out.segments.csv")).unwrap();
    assert_eq!(lookup.lines().count(), 4);
    assert!(lookup.starts_with("segment,key,name,size,share,rule,action,date,model,fingerprint\n"));
}

#[test]
fn a_saved_recipe_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("in.csv"), groups()).unwrap();
    let common = ["segment", "in.csv", "--algorithms", "kmeans,ward", "--k", "2..4", "--threads", "1"];
    let first = [&common[..], &["-o", "a.csv", "--save-recipe", "r.toml"]].concat();
    assert!(segmenta(folder.path(), &first).status.success());
    let output = segmenta(folder.path(), &["run", "r.toml", "-o", "b.csv", "--threads", "2"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("a.csv"), read("b.csv"));
    assert_eq!(read("a.segments.csv"), read("b.segments.csv"));
}

#[test]
fn without_a_terminal_and_a_file_the_sample_is_compared() {
    let folder = tempfile::tempdir().unwrap();
    let output = segmenta(folder.path(), &["--quiet", "--algorithms", "kmeans"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(said.starts_with("sample:mall · 600 customers"), "{said}");
    assert!(said.contains("★ Take 6 segments"), "{said}");
    assert!(output.stderr.is_empty());
}

#[test]
fn the_small_commands_answer() {
    let folder = tempfile::tempdir().unwrap();
    let commands: [&[&str]; 9] = [
        &["inspect", "sample:mall", "--format", "json"],
        &["explore", "sample:mall"],
        &["themes"],
        &["keys"],
        &["config", "path"],
        &["config", "print"],
        &["doctor"],
        &["completions", "bash"],
        &["man"],
    ];
    for args in commands {
        let output = segmenta(folder.path(), args);
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
        assert!(!output.stdout.is_empty(), "{args:?}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is written unasked");
}

#[test]
fn strictly_an_unanswered_finding_is_a_no() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(segmenta(folder.path(), &["inspect", "sample:mall", "--strict", "-q"]).status.code(), Some(3));
}

#[test]
fn a_customer_is_explained_by_a_study_and_by_its_model_alike() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("in.csv"), groups()).unwrap();
    let made = segmenta(folder.path(), &["segment", "in.csv", "-o", "out.csv", "--save-model", "m.json", "-q"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let json = |args: &[&str]| -> Value {
        let output = segmenta(folder.path(), args);
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let of_study = json(&["explain", "in.csv", "--id", "c07", "--format", "json", "-q"]);
    let by_model = json(&["explain", "m.json", "in.csv", "--id", "c07", "--format", "json", "-q"]);
    let again = json(&["explain", "m.json", "--id", "c07", "--format", "json", "-q"]);
    assert_eq!(by_model, again);
    for key in ["segment", "key", "name", "id", "row", "action"] {
        assert_eq!(of_study[key], by_model[key], "{key}");
    }
    assert_eq!(of_study["why"]["parts"][0]["feature"], by_model["why"]["parts"][0]["feature"]);
    for format in ["table", "csv", "md"] {
        let output = segmenta(folder.path(), &["explain", "m.json", "--id", "c07", "--format", format, "-q"]);
        assert!(text(&output.stdout).contains("spend"), "{format}");
    }
    let nobody = segmenta(folder.path(), &["explain", "m.json", "--id", "c007"]);
    assert_eq!(nobody.status.code(), Some(1));
    assert!(text(&nobody.stderr).contains("no customer has \"c007\""), "{}", text(&nobody.stderr));
}

#[test]
fn two_runs_are_held_against_each_other() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("in.csv"), groups()).unwrap();
    let args =
        ["compare", "in.csv", "--algorithms", "kmeans,ward", "--k", "2..3", "--versus", "kmeans-k3,ward-k3", "-q"];
    let run = |format: &str| segmenta(folder.path(), &[&args[..], &["--format", format]].concat());
    let found: Value = serde_json::from_slice(&run("json").stdout).unwrap();
    assert_eq!((found["ari"].as_f64(), found["alike"].as_u64()), (Some(1.0), Some(90)));
    assert_eq!(text(&run("csv").stdout), "first,second,customers\n1,1,30\n2,2,30\n3,3,30\n");
    assert!(text(&run("table").stdout).contains("Nearly the same: 90 of 90"));
    refused(Some(&groups()), &["compare", "in.csv", "--versus", "kmeans-k3"], 2, &["does not name two runs"]);
}

#[test]
fn kept_segments_of_a_recipe_keep_their_keys_and_names() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("in.csv"), groups()).unwrap();
    let saved = segmenta(folder.path(), &["compare", "in.csv", "--save-recipe", "r.toml", "-q"]);
    assert!(saved.status.success(), "{}", text(&saved.stderr));
    let kept = "\n[[segment]]\nkey = \"vip\"\nname = \"The best\"\nnote = \"ask Ann\"\ncentre = { spend = 203.0, visits = 82.0 }\n\
                \n[[play]]\nid = \"mine\"\nsegment = \"vip\"\noffer = \"call them\"\n";
    let recipe = fs::read_to_string(folder.path().join("r.toml")).unwrap() + kept;
    fs::write(folder.path().join("r.toml"), recipe).unwrap();
    let output = segmenta(folder.path(), &["profile", "in.csv", "--recipe", "r.toml", "--format", "json", "-q"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let best = found["list"].as_array().unwrap().iter().find(|segment| segment["key"] == "vip").unwrap();
    assert_eq!((best["name"].as_str(), best["note"].as_str()), (Some("The best"), Some("ask Ann")));
    assert_eq!(best["to_try"].as_str(), Some("call them"));
}

#[test]
fn segments_are_found_again_by_the_lock_of_the_run_before() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("in.csv"), groups()).unwrap();
    let run = |args: &[&str]| {
        let output = segmenta(folder.path(), args);
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
    };
    run(&["profile", "in.csv", "--save-recipe", "r.toml", "--keep-names", "-q", "-o", "p.json"]);
    let recipe = fs::read_to_string(folder.path().join("r.toml")).unwrap();
    assert_eq!(recipe.matches("[[segment]]").count(), 3);
    fs::write(folder.path().join("r.toml"), recipe.split("[[segment]]").next().unwrap()).unwrap();
    run(&["run", "r.toml", "-o", "out.csv", "-q"]);
    let lock = fs::read_to_string(folder.path().join("r.lock")).unwrap();
    let mut known: Value = serde_json::from_str(&lock).unwrap();
    known["segments"][0]["key"] = "first".into();
    known["segments"][0]["name"] = "The first".into();
    fs::write(folder.path().join("r.lock"), known.to_string()).unwrap();
    run(&["run", "r.toml", "-o", "out.csv", "-q"]);
    let rows = fs::read_to_string(folder.path().join("out.csv")).unwrap();
    assert_eq!(rows.matches(",first,The first,").count(), 30);
    assert!(fs::read_to_string(folder.path().join("r.lock")).unwrap().contains("\"The first\""));
}

#[test]
fn names_stay_when_the_data_changed_a_little_and_the_hand_has_the_last_word() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    fs::write(file("in.csv"), groups()).unwrap();
    let run = |args: &[&str]| {
        let output = segmenta(folder.path(), args);
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
    };
    let names = || {
        let text = fs::read_to_string(file("out.segments.csv")).unwrap();
        let mut rows = csv::Reader::from_reader(text.as_bytes());
        let row = |row: Result<csv::StringRecord, csv::Error>| row.map(|row| (row[1].to_owned(), row[2].to_owned()));
        let mut names: Vec<(String, String)> = rows.records().map(row).collect::<Result<_, _>>().unwrap();
        names.sort();
        names
    };
    run(&["compare", "in.csv", "--algorithms", "kmeans", "--k", "3", "--save-recipe", "r.toml", "-q"]);
    run(&["run", "r.toml", "-o", "out.csv", "-q"]);
    let first = names();
    // Ten customers fewer, everybody a little on: the numbers change places, keys and names stay.
    let all = groups();
    let changed =
        all.lines().enumerate().filter(|(at, _)| *at == 0 || at % 9 != 1).map(|(_, line)| format!("{line}\n"));
    fs::write(file("in.csv"), changed.collect::<String>()).unwrap();
    run(&["run", "r.toml", "-o", "out.csv", "-q"]);
    assert_eq!(names(), first);
    // Other settings.
    let recipe = fs::read_to_string(file("r.toml")).unwrap().replace("kmeans", "ward");
    fs::write(file("r.toml"), &recipe).unwrap();
    run(&["run", "r.toml", "-o", "out.csv", "-q"]);
    assert_eq!(names(), first);
    // A name and a play written by hand into the recipe, for a key that only the lock knows by its centre.
    let key = &first[0].0;
    let hand = format!(
        "\n[[segment]]\nkey = \"{key}\"\nname = \"Ann's\"\nnote = \"ask Ann\"\ncentre = {{}}\n\
                        \n[[play]]\nid = \"mine\"\nsegment = \"{key}\"\noffer = \"call them\"\n"
    );
    fs::write(file("r.toml"), recipe + &hand).unwrap();
    run(&["run", "r.toml", "-o", "out.csv", "--save-model", "m.json", "-q"]);
    assert_eq!(names()[0], (key.clone(), "Ann's".to_owned()));
    assert!(fs::read_to_string(file("out.segments.csv")).unwrap().contains("call them"));
    let shown = text(&segmenta(folder.path(), &["profile", "m.json", "-q"]).stdout);
    assert!(shown.contains("Ann's") && shown.contains("ask Ann"), "{shown}");
}
