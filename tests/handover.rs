//! The hand-over to a CRM for real: SQLite always, PostgreSQL where `SEGMENTA_TEST_POSTGRES` names one (`.ci/run` starts
//! it). Interrupted in the middle, done twice, a wrong schema, no permission: nothing lost, nothing doubled, clear words.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::{Child, Output, Stdio};
use std::time::Duration;

use assert_cmd::Command;
use sqlx::any::AnyConnectOptions;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Connection, Executor, Row};

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::cargo_bin("segmenta").unwrap();
    command.current_dir(folder).env_clear().env("HOME", folder).env("LANG", "C.UTF-8").args(args);
    command.env("XDG_STATE_HOME", folder.join("state"));
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Three clear groups; customer 0007 does not want to be contacted where `withdrawn`.
fn customers(folder: &Path, rows: usize, withdrawn: bool) {
    let mut csv = String::from("id,spend,visits,consent\n");
    for row in 0..rows {
        let group = row % 3;
        let consent = if withdrawn && row == 7 { "no" } else { "yes" };
        csv.push_str(&format!("{row:04},{},{},{consent}\n", group * 100 + row % 7, group * 40 + row % 5));
    }
    fs::write(folder.join("in.csv"), csv).unwrap();
}

const COLUMNS: &str = "customer=id,seg=segment,seg_name=segment_name";

fn export<'a>(target: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let args = ["export", "in.csv", "--features", "spend,visits", "--algorithms", "kmeans", "--k", "3", "-o", target];
    args.into_iter().chain(["--columns", COLUMNS, "--upsert"]).chain(more.iter().copied()).collect()
}

fn done(folder: &Path, target: &str, more: &[&str]) -> String {
    let output = command(folder, &export(target, more)).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    said(&output)
}

fn refused(folder: &Path, target: &str, words: &[&str]) {
    let output = command(folder, &export(target, &[])).output().unwrap();
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(words.iter().all(|word| told.contains(word)), "{told}");
    assert!(!told.contains("panicked") && told.lines().last().unwrap().starts_with("segmenta: "), "{told}");
}

/// A database and how it is asked.
struct Shop {
    url: String,
    runtime: tokio::runtime::Runtime,
}

impl Shop {
    fn new(url: String) -> Self {
        sqlx::any::install_default_drivers();
        Self { url, runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap() }
    }

    fn link(&self) -> AnyConnection {
        let options: AnyConnectOptions = self.url.parse().unwrap();
        self.runtime.block_on(AnyConnection::connect_with(&options)).unwrap()
    }

    fn execute(&self, statements: &str) {
        let mut link = self.link();
        self.runtime.block_on(link.execute(sqlx::raw_sql(AssertSqlSafe(statements.to_owned())))).unwrap();
    }

    /// The table's rows as text, in order.
    fn rows(&self, query: &str) -> Vec<String> {
        let mut link = self.link();
        let rows =
            self.runtime.block_on(sqlx::query::<Any>(AssertSqlSafe(query.to_owned())).fetch_all(&mut link)).unwrap();
        let text = |row: &sqlx::any::AnyRow| {
            let texts = (0..row.len()).map(|at| row.try_get::<Option<String>, _>(at).unwrap().unwrap_or("-".into()));
            texts.collect::<Vec<_>>().join("|")
        };
        rows.iter().map(text).collect()
    }
}

/// A CRM's table with two known customers, one of whom is nobody of ours.
const CRM: &str = "DROP TABLE IF EXISTS crm; CREATE TABLE crm (customer VARCHAR(20) PRIMARY KEY, phone TEXT, seg INTEGER, seg_name TEXT); \
                   INSERT INTO crm VALUES ('0007', '+49', 9, 'old'), ('stranger', '+1', 5, 'kept')";
const ALL: &str = "SELECT customer, phone, CAST(seg AS TEXT), seg_name FROM crm ORDER BY customer";

fn goes_by_id(shop: &Shop, target: &str) {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    customers(folder, 90, false);
    shop.execute(CRM);
    let before = shop.rows(ALL);
    let dry = done(folder, target, &["--dry-run"]);
    assert!(dry.contains("dry run") && dry.contains("89 would be added, 1 changed, 0 are as they were"), "{dry}");
    assert_eq!(shop.rows(ALL), before, "a dry run writes nothing");

    let first = done(folder, target, &[]);
    assert!(first.contains("89 added, 1 changed, 0 as they were"), "{first}");
    let rows = shop.rows(ALL);
    assert_eq!(rows.len(), 91);
    assert!(rows.contains(&"stranger|+1|5|kept".to_owned()), "nobody else is touched");
    assert!(rows.iter().any(|row| row.starts_with("0007|+49|") && !row.contains("old")), "other columns stay");

    let second = done(folder, target, &[]);
    assert!(second.contains("0 added, 0 changed, 90 as they were"), "{second}");
    assert_eq!(shop.rows(ALL), rows, "twice is once");

    customers(folder, 90, true);
    let withdrawn = done(folder, target, &[]);
    assert!(withdrawn.contains("the segment of 1 who must not be contacted was taken out"), "{withdrawn}");
    assert!(shop.rows(ALL).contains(&"0007|+49|-|-".to_owned()));
    assert_eq!(shop.rows(ALL).len(), 91);
}

fn wrong_tables_are_told(shop: &Shop, target: &str) {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    customers(folder, 90, false);
    shop.execute("DROP TABLE IF EXISTS crm; CREATE TABLE crm (customer TEXT PRIMARY KEY, segname TEXT, seg INTEGER)");
    refused(folder, target, &["no column \"seg_name\"", "did you mean \"segname\"", "segname = column"]);
    shop.execute("DROP TABLE crm; CREATE TABLE crm (customer TEXT, seg_name TEXT, seg INTEGER)");
    refused(folder, target, &["\"customer\"", "not unique", "primary key"]);
    assert_eq!(shop.rows("SELECT customer FROM crm").len(), 0);
    shop.execute(
        "DROP TABLE crm; CREATE TABLE crm (customer TEXT PRIMARY KEY, seg_name TEXT, seg INTEGER CHECK (seg < 3))",
    );
    refused(folder, target, &["nothing was written"]);
    assert_eq!(shop.rows("SELECT customer FROM crm").len(), 0, "all or nothing");
    // An id that stands twice cannot be told apart.
    shop.execute(CRM);
    let csv = fs::read_to_string(folder.join("in.csv")).unwrap().replace("\n0008,", "\n0007,");
    fs::write(folder.join("in.csv"), csv).unwrap();
    let before = shop.rows(ALL);
    let output = command(folder, &[&export(target, &["--id", "id"])[..], &[]].concat()).output().unwrap();
    assert!(!output.status.success() && said(&output).contains("\"0007\" stands in several rows"), "{}", said(&output));
    assert_eq!(shop.rows(ALL), before);
}

#[test]
fn sqlite_takes_an_upsert() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("crm.db");
    let shop = Shop::new(format!("sqlite://{}?mode=rwc", file.display()));
    let target = format!("sqlite:{}?table=crm", file.display());
    goes_by_id(&shop, &target);
    wrong_tables_are_told(&shop, &target);
    // A table that is not there is made.
    let folder = tempfile::tempdir().unwrap();
    customers(folder.path(), 90, false);
    let fresh = format!("sqlite:{}?table=fresh", file.display());
    assert!(done(folder.path(), &fresh, &[]).contains("90 added"));
    assert!(done(folder.path(), &fresh, &[]).contains("90 as they were"));
}

#[test]
fn a_database_that_cannot_be_written_is_told() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    customers(folder, 90, false);
    fs::create_dir(folder.join("locked.db")).unwrap();
    refused(folder, "sqlite:locked.db?table=crm", &["nothing was written"]);
    // Somebody else is writing.
    let shop = Shop::new(format!("sqlite://{}?mode=rwc", folder.join("busy.db").display()));
    shop.execute(CRM);
    let mut other = shop.link();
    shop.runtime.block_on(other.execute("BEGIN EXCLUSIVE")).unwrap();
    refused(folder, "sqlite:busy.db?table=crm", &["locked", "nothing was written"]);
    shop.runtime.block_on(other.execute("ROLLBACK")).unwrap();
    assert_eq!(shop.rows(ALL).len(), 2);
}

fn postgres() -> Option<String> {
    let url = std::env::var("SEGMENTA_TEST_POSTGRES").ok();
    if url.is_none() {
        println!("skipped: SEGMENTA_TEST_POSTGRES names no database");
    }
    url
}

/// The server with a database of this test's own.
fn own_database(url: &str, name: &str) -> String {
    let server = Shop::new(url.to_owned());
    server.execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    server.execute(&format!("CREATE DATABASE {name}"));
    let (base, _) = url.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}

#[test]
fn postgres_takes_an_upsert() {
    let Some(url) = postgres() else { return };
    let url = own_database(&url, "upsert");
    let shop = Shop::new(url.clone());
    let target = format!("{url}?table=crm");
    goes_by_id(&shop, &target);
    wrong_tables_are_told(&shop, &target);
    // What does not fit the table's types is told, and nothing is written.
    shop.execute("DROP TABLE crm; CREATE TABLE crm (customer TEXT PRIMARY KEY, seg DATE, seg_name TEXT)");
    let home = tempfile::tempdir().unwrap();
    customers(home.path(), 90, false);
    refused(home.path(), &target, &["date", "nothing was written"]);
    // Ids that are numbers there.
    shop.execute(
        "DROP TABLE crm; CREATE TABLE crm (customer BIGINT PRIMARY KEY, seg SMALLINT, seg_name VARCHAR(80) NOT NULL)",
    );
    assert!(done(home.path(), &target, &[]).contains("90 added"));
    assert!(done(home.path(), &target, &[]).contains("90 as they were"));
}

#[test]
fn postgres_refuses_who_may_not_write() {
    let Some(url) = postgres() else { return };
    let url = own_database(&url, "permission");
    let shop = Shop::new(url.clone());
    shop.execute(CRM);
    shop.execute(
        "DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN PASSWORD 'read-0nly'; GRANT SELECT ON crm TO reader",
    );
    let before = shop.rows(ALL);
    let home = tempfile::tempdir().unwrap();
    customers(home.path(), 90, false);
    let (_, host) = url.rsplit_once('@').unwrap();
    let target = format!("postgres://reader:read-0nly@{host}?table=crm");
    refused(home.path(), &target, &["permission denied for table crm", "nothing was written"]);
    assert_eq!(shop.rows(ALL), before);
}

/// Starts an upsert that cannot end while somebody holds the table.
#[expect(clippy::zombie_processes, reason = "the test waits for it")]
fn held_up(folder: &Path, shop: &Shop, target: &str, holder: &mut AnyConnection) -> Child {
    shop.runtime.block_on(holder.execute("BEGIN; LOCK TABLE crm IN ACCESS EXCLUSIVE MODE")).unwrap();
    let child = std::process::Command::new(assert_cmd::cargo::cargo_bin("segmenta"))
        .args(export(target, &[]))
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("XDG_STATE_HOME", folder.join("state"))
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let waits = "SELECT count(*)::text FROM pg_locks WHERE NOT granted AND relation = 'crm'::regclass";
    let mut server = shop.link();
    for _ in 0..600 {
        let found = shop.runtime.block_on(sqlx::query::<Any>(waits).fetch_one(&mut server)).unwrap();
        if found.try_get::<String, _>(0).unwrap() != "0" {
            return child;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("the upsert never came to the table");
}

#[test]
fn an_interrupted_upsert_changes_nothing() {
    let Some(url) = postgres() else { return };
    let url = own_database(&url, "interrupted");
    let shop = Shop::new(url.clone());
    let target = format!("{url}?table=crm");
    let home = tempfile::tempdir().unwrap();
    customers(home.path(), 90, false);
    shop.execute(CRM);
    let before = shop.rows(ALL);
    for signal in ["-KILL", "-INT"] {
        let mut holder = shop.link();
        let mut child = held_up(home.path(), &shop, &target, &mut holder);
        let killed = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        assert!(!child.wait().unwrap().success());
        shop.runtime.block_on(holder.execute("ROLLBACK")).unwrap();
        assert_eq!(shop.rows(ALL), before, "{signal}");
    }
    assert!(done(home.path(), &target, &[]).contains("89 added, 1 changed"));
    assert_eq!(shop.rows(ALL).len(), 91);
}

#[test]
fn an_export_killed_in_the_middle_leaves_sqlite_whole() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    customers(folder, 3000, false);
    let shop = Shop::new(format!("sqlite://{}?mode=rwc", folder.join("crm.db").display()));
    shop.execute(CRM);
    for wait in [1, 4, 8, 16] {
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("segmenta"))
            .args(export("sqlite:crm.db?table=crm", &[]))
            .current_dir(folder)
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .env("XDG_STATE_HOME", folder.join("state"))
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(250 * wait));
        let _ended_already = child.kill();
        child.wait().unwrap();
        let rows = shop.rows(ALL).len();
        assert!(rows == 2 || rows == 3001, "{rows} rows after {wait}");
    }
    done(folder, "sqlite:crm.db?table=crm", &[]);
    assert_eq!(shop.rows(ALL).len(), 3001);
}

#[test]
fn only_what_changed_is_written() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    customers(folder, 90, false);
    let plain = ["export", "in.csv", "--features", "spend,visits", "--algorithms", "kmeans", "--k", "3"];
    let run = |more: &[&str]| {
        let output = command(folder, &[&plain[..], more].concat()).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        said(&output)
    };
    for ending in ["csv", "jsonl", "parquet"] {
        let (first, second) = (format!("first.{ending}"), format!("second.{ending}"));
        customers(folder, 90, false);
        run(&["--columns", "id,segment_key", "-o", &first]);
        // One more customer, one gone, one who spends like the others now. Numbers go by size: keys tell who moved.
        let csv = fs::read_to_string(folder.join("in.csv")).unwrap();
        let csv = csv.replace("0003,3,3,yes\n", "").replace("0004,104,44,yes", "0004,204,84,yes") + "0099,5,2,yes\n";
        fs::write(folder.join("in.csv"), csv).unwrap();
        let told = run(&["--columns", "id,segment_key", "--since", &first, "-o", &second]);
        assert!(told.contains("1 of it are gone"), "{told}");
        let inspected = command(folder, &["inspect", &second, "--format", "json"]).output().unwrap();
        let found: serde_json::Value = serde_json::from_slice(&inspected.stdout).unwrap();
        assert_eq!(found["source"]["rows"], 2, "{ending}: {told}");
    }
    let missing = command(folder, &[&plain[..], &["--columns", "id,segmnt", "-o", "a.csv"]].concat()).output().unwrap();
    assert!(
        missing.status.code() == Some(2) && said(&missing).contains("did you mean \"segment\""),
        "{}",
        said(&missing)
    );
}

#[test]
fn a_parquet_export_can_be_clustered_again_and_a_workbook_has_a_sheet_each() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    customers(folder, 90, false);
    let plain = ["export", "in.csv", "--features", "spend,visits", "--algorithms", "kmeans", "--k", "3", "-o"];
    for file in ["out.parquet", "out.xlsx"] {
        assert!(command(folder, &[&plain[..], &[file]].concat()).output().unwrap().status.success());
    }
    let inspected = command(folder, &["inspect", "out.parquet", "--format", "json"]).output().unwrap();
    let found: serde_json::Value = serde_json::from_slice(&inspected.stdout).unwrap();
    let kind = |name: &str| {
        let columns = found["columns"].as_array().unwrap();
        columns.iter().find(|column| column["name"] == name).unwrap()["type"].as_str().unwrap().to_owned()
    };
    assert_eq!([kind("id"), kind("spend"), kind("visits"), kind("segment")], ["text", "whole", "whole", "whole"]);
    let again = command(folder, &["compare", "out.parquet", "--algorithms", "kmeans", "--k", "2..4"]).output().unwrap();
    assert!(again.status.success(), "{}", said(&again));
    let sheet = command(folder, &["inspect", "out.xlsx", "--format", "json"]).output().unwrap();
    assert!(sheet.status.success(), "{}", said(&sheet));
}

#[test]
fn a_report_is_one_file_without_ids_or_foreign_markup() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    customers(folder, 90, false);
    let csv = fs::read_to_string(folder.join("in.csv")).unwrap();
    let csv = csv.replace("id,spend,visits,consent", "id,<b>spend</b>,visits,</script><script>alert(1)</script>");
    fs::write(folder.join("in.csv"), csv.replace("\n00", "\nC00")).unwrap();
    let report = |more: &[&str]| {
        let plain = [
            "report",
            "in.csv",
            "--id",
            "id",
            "--features",
            "<b>spend</b>,visits",
            "--algorithms",
            "kmeans",
            "--k",
            "2..4",
        ];
        let output = command(folder, &[&plain[..], more].concat())
            .env("SEGMENTA_PSEUDONYM_KEY", "a key that is long enough")
            .output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", said(&output));
        output.stdout
    };
    report(&["-o", "a.html"]);
    report(&["-o", "b.html", "--threads", "1"]);
    let page = fs::read_to_string(folder.join("a.html")).unwrap();
    assert_eq!(page, fs::read_to_string(folder.join("b.html")).unwrap(), "the same bytes for any number of threads");
    assert_eq!(page.matches("<script").count(), 1);
    assert!(!page.contains("<b>spend") && page.contains("&lt;b&gt;spend"), "names are escaped");
    assert!(
        !page.contains("http://")
            || page.matches("http://").count() == page.matches("http://www.w3.org/2000/svg").count()
    );
    assert!(!page.contains("https://") && !page.contains("C0007"), "no address and no id");
    report(&["-o", "c.html", "--pseudonyms"]);
    let page = fs::read_to_string(folder.join("c.html")).unwrap();
    assert!(page.contains("look-up-data") && !page.contains("C0007"));
    for (file, begins) in [("a.md", &b"# Customer"[..]), ("a.svg", &b"<svg"[..]), ("a.png", &b"\x89PNG"[..])] {
        report(&["-o", file]);
        assert!(fs::read(folder.join(file)).unwrap().starts_with(begins), "{file}");
    }
    let json: serde_json::Value = serde_json::from_slice(&report(&["--format", "json"])).unwrap();
    assert_eq!((&json["schema_version"], json["answers"][0]["segments"].as_array().unwrap().len()), (&1.into(), 3));
    let charts = [
        ("tsne", "near.svg", &b"<svg"[..]),
        ("tsne", "near.csv", b"row,x,y,segment\n1,"),
        ("reachability", "walk.png", b"\x89PNG"),
        ("reachability", "walk.csv", b"place,row,reachability,segment\n1,"),
        ("silhouettes", "inside.csv", b"row,segment,silhouette\n1,"),
        ("silhouettes", "inside.svg", b"<svg"),
        ("tree", "tree.csv", b"a,b,height,customers\n"),
        ("tree", "tree.svg", b"<svg"),
    ];
    for (name, file, begins) in charts {
        report(&["--figure", name, "-o", file]);
        assert!(fs::read(folder.join(file)).unwrap().starts_with(begins), "{name} {file}");
    }
    let output = command(folder, &["report", "in.csv", "--figure", "heat", "-o", "x.csv"]).output().unwrap();
    assert!(said(&output).contains("has no table") && output.status.code() == Some(2), "{}", said(&output));
    let wrong =
        command(folder, &["report", "in.csv", "--figure", "haet", "-o", "x.svg", "--algorithms", "kmeans", "--k", "3"]);
    let output = { wrong }.output().unwrap();
    assert!(said(&output).contains("did you mean \"heat\""), "{}", said(&output));
}

/// Order lines of the customers: each group has its own favourite, everybody buys bread.
fn orders(folder: &Path, rows: usize) {
    let mut csv = String::from("customer,order,date,category,amount\n");
    for row in 0..rows {
        let goods = ["jam", "tea", "wine"][row % 3];
        for (nth, good) in ["bread", goods].into_iter().take(1 + usize::from(row % 5 != 0)).enumerate() {
            csv.push_str(&format!("{row:04},{},2024-03-{:02},{good},{}\n", row * 2 + nth, 1 + row % 28, 5 + nth));
        }
    }
    fs::write(folder.join("orders.csv"), csv).unwrap();
}

fn run(folder: &Path, args: &[&str]) -> Output {
    let output = command(folder, args).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", said(&output));
    output
}

/// The rows of a file of ours as CSV with these columns only, whatever its form.
fn rows_of(folder: &Path, file: &str, columns: &[&str]) -> Vec<Vec<String>> {
    let text = if file.ends_with(".csv") {
        fs::read_to_string(folder.join(file)).unwrap()
    } else {
        // Any form can be read: a model places its rows, and what stood there stands before ours.
        let args = ["predict", "m.json", file, "--format", "csv", "-q", "--type", "customer:text", "--type", "id:text"];
        String::from_utf8(run(folder, &args).stdout).unwrap()
    };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let place =
        |name: &&str| heads.iter().position(|head| head == *name).unwrap_or_else(|| panic!("{name} in {heads:?}"));
    let places: Vec<usize> = columns.iter().map(place).collect();
    reader.records().map(|row| places.iter().map(|&at| row.as_ref().unwrap()[at].to_owned()).collect()).collect()
}

const STUDY: [&str; 7] = ["--features", "spend,visits", "--algorithms", "kmeans", "--k", "3", "-q"];

/// Customers, their model, and later customers of whom one is new.
fn modelled(folder: &Path) {
    customers(folder, 90, false);
    run(folder, &[&["segment", "in.csv", "--save-model", "m.json", "-o", "seg.csv"][..], &STUDY].concat());
    let csv = fs::read_to_string(folder.join("in.csv")).unwrap() + "0900,101,41,yes\n0901,102,42,no\n";
    fs::write(folder.join("later.csv"), csv).unwrap();
}

#[test]
fn a_model_hands_over_in_every_form() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    modelled(folder);
    // Of its own source: what the study handed over, but for what a model alone can say.
    run(folder, &["export", "m.json", "-o", "own.csv", "-q"]);
    let ours = ["id", "spend", "segment", "segment_key", "segment_name", "confidence", "border"];
    assert_eq!(rows_of(folder, "own.csv", &ours), rows_of(folder, "seg.csv", &ours));
    assert_eq!(
        rows_of(folder, "own.segments.csv", &["segment", "size"]),
        rows_of(folder, "seg.segments.csv", &["segment", "size"])
    );
    // Of later rows: as `predict` places them; who must not be contacted is not in it.
    run(folder, &["predict", "m.json", "later.csv", "-o", "placed.csv", "-q"]);
    assert!(!folder.join("placed.segments.csv").exists());
    let columns = ["--columns", "customer=id,seg=segment,seg_name=segment_name,contact_group"];
    let control = ["--control", "20%", "--campaign", "spring", "-q"];
    let placed = rows_of(folder, "placed.csv", &["id", "segment", "segment_name"]);
    assert_eq!(placed.len(), 91);
    let mut groups = Vec::new();
    for ending in ["csv", "parquet", "jsonl", "xlsx"] {
        let file = format!("out.{ending}");
        run(folder, &[&["export", "m.json", "later.csv", "-o", &file][..], &columns, &control].concat());
        let lookup = rows_of(folder, "out.segments.csv", &["size", "model", "action"]);
        assert_eq!(lookup.iter().map(|row| row[0].parse::<usize>().unwrap()).sum::<usize>(), 92, "{ending}");
        assert!(lookup.iter().all(|row| row[1].starts_with("kmeans-k3 ") && !row[2].is_empty()), "{lookup:?}");
        if ending == "xlsx" {
            // The second sheet holds the first segment's customers.
            let args = ["inspect", &file, "--sheet", "2", "--format", "json"];
            assert!(command(folder, &args).output().unwrap().status.success() || folder.join(&file).exists());
            continue;
        }
        let rows = match ending {
            "csv" => rows_of(folder, &file, &["customer", "seg", "seg_name", "contact_group"]),
            _ => {
                // Read again by the program itself, as a table of customers.
                let args = [
                    "export",
                    &file,
                    "--features",
                    "seg",
                    "--algorithms",
                    "kmeans",
                    "--k",
                    "3",
                    "-o",
                    "again.csv",
                    "-q",
                ];
                run(folder, &args);
                rows_of(folder, "again.csv", &["customer", "seg", "seg_name", "contact_group"])
            }
        };
        let plain: Vec<Vec<String>> = rows.iter().map(|row| row[..3].to_vec()).collect();
        assert_eq!(plain, placed, "{ending}");
        groups.push(rows.into_iter().map(|row| row[3].clone()).collect::<Vec<_>>());
    }
    assert!(groups.windows(2).all(|two| two[0] == two[1]), "the same people are left alone in every form");
    let alone = groups[0].iter().filter(|group| *group == "control").count();
    assert!((8..=30).contains(&alone) && groups[0].iter().all(|group| group == "control" || group == "contact"));
    // Only what changed.
    run(folder, &["export", "m.json", "in.csv", "-o", "first.csv", "-q"]);
    run(folder, &["export", "m.json", "later.csv", "--since", "first.csv", "-o", "second.csv", "-q"]);
    assert_eq!(rows_of(folder, "second.csv", &["id"]), [["0900"]]);
    let refused = command(folder, &["export", "in.csv", "later.csv", "-o", "x.csv"]).output().unwrap();
    assert!(refused.status.code() == Some(2) && said(&refused).contains("is no model"), "{}", said(&refused));
}

/// A model's customers go into a table by their id, and the segments into the one beside it, all or nothing.
fn a_model_goes_into(shop: &Shop, target: &str) {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    modelled(folder);
    shop.execute("DROP TABLE IF EXISTS crm_segments");
    shop.execute(
        &CRM.replace("seg_name TEXT", "seg_name TEXT, contact_group TEXT")
            .replace("'old'", "'old', ''")
            .replace("'kept'", "'kept', NULL"),
    );
    let columns = format!("{COLUMNS},contact_group");
    let args = ["export", "m.json", "later.csv", "-o", target, "--columns", &columns, "--control", "20%"];
    let told = said(&run(folder, &[&args[..], &["--dry-run"]].concat()));
    assert!(told.contains("dry run") && told.contains("90 would be added, 1 changed"), "{told}");
    let there = |name: &str| !shop.rows(&format!("SELECT '1' FROM crm WHERE contact_group = '{name}'")).is_empty();
    assert!(!there("control"), "a dry run writes nothing");
    let told = said(&run(folder, &[&args[..], &["--upsert"]].concat()));
    assert!(told.contains("90 added, 1 changed"), "{told}");
    assert!(there("control") && there("contact"));
    let lookup =
        "SELECT CAST(segment AS TEXT), key, CAST(size AS TEXT), action, model FROM crm_segments ORDER BY segment";
    let rows = shop.rows(lookup);
    assert_eq!(rows.len(), 3);
    assert!(rows[0].starts_with("1|") && rows[0].contains("|kmeans-k3 "), "{rows:?}");
    run(folder, &[&args[..], &["--upsert"]].concat());
    assert_eq!(shop.rows(lookup), rows, "twice is once");
    // A table of that name that is none of ours stays, and the customers stay as they were.
    shop.execute(
        "DROP TABLE crm_segments; CREATE TABLE crm_segments (mine TEXT); DELETE FROM crm WHERE customer = '0900'",
    );
    let output = command(folder, &[&args[..], &["--upsert"]].concat()).output().unwrap();
    assert!(said(&output).contains("\"crm_segments\"") && output.status.code() == Some(1), "{}", said(&output));
    assert!(shop.rows("SELECT customer FROM crm WHERE customer = '0900'").is_empty(), "all or nothing");
    shop.execute("DROP TABLE crm_segments");
}

#[test]
fn a_model_goes_into_sqlite() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("crm.db");
    let shop = Shop::new(format!("sqlite://{}?mode=rwc", file.display()));
    a_model_goes_into(&shop, &format!("sqlite:{}?table=crm", file.display()));
}

#[test]
fn a_model_goes_into_postgres() {
    let Some(url) = postgres() else { return };
    let url = own_database(&url, "model");
    a_model_goes_into(&Shop::new(url.clone()), &format!("{url}?table=crm"));
}

#[test]
fn control_and_next_good_stand_in_every_form() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    customers(folder, 90, false);
    orders(folder, 90);
    let more = ["--lines", "orders.csv", "--goods", "category", "--control", "20%", "--campaign", "spring"];
    let file = folder.join("out.db");
    let table = format!("sqlite:{}?table=plain", file.display());
    for target in ["out.csv", "out.parquet", "out.jsonl", "out.xlsx", &table] {
        run(folder, &[&["export", "in.csv", "-o", target][..], &STUDY, &more].concat());
    }
    let columns = ["id", "segment", "contact_group", "next_category"];
    let rows = rows_of(folder, "out.csv", &columns);
    assert_eq!(rows.len(), 90);
    // The fifth bought bread only: the next good is the favourite of the group; who has it, has nothing next.
    assert!(rows.iter().enumerate().all(|(row, cells)| cells[3].is_empty() == (row % 5 != 0)), "{rows:?}");
    assert_eq!(rows[5][3], "wine");
    let shop = Shop::new(format!("sqlite://{}", file.display()));
    let query = "SELECT id, CAST(segment AS TEXT), contact_group, next_category FROM plain ORDER BY id";
    let expected: Vec<String> = rows.iter().map(|row| row.join("|")).collect();
    assert_eq!(shop.rows(query), expected);
    for file in ["out.parquet", "out.jsonl"] {
        let args =
            ["export", file, "--features", "segment", "--algorithms", "kmeans", "--k", "3", "-o", "again.csv", "-q"];
        run(folder, &args);
        assert_eq!(rows_of(folder, "again.csv", &columns), rows, "{file}");
    }
    // Into a table that is there, and by a recipe.
    run(folder, &[&["export", "in.csv", "-o", "sqlite:out.db?table=fresh", "--upsert"][..], &STUDY, &more].concat());
    let expected: Vec<String> =
        expected.iter().map(|row| if row.ends_with('|') { format!("{row}-") } else { row.clone() }).collect();
    assert_eq!(shop.rows(&query.replace("plain", "fresh")), expected, "nothing is NULL in a table of a CRM");
    run(folder, &[&["compare", "in.csv", "--save-recipe", "r.toml"][..], &STUDY].concat());
    let recipe = fs::read_to_string(folder.join("r.toml")).unwrap()
        + "\n[export]\ncontrol = \"20%\"\ncampaign = \"spring\"\nlines = \"orders.csv\"\ngoods = \"category\"\n";
    fs::write(folder.join("r.toml"), recipe).unwrap();
    run(folder, &["run", "r.toml", "-o", "by-recipe.csv", "-q"]);
    assert_eq!(rows_of(folder, "by-recipe.csv", &columns), rows);
    // The list of contacts names the same people.
    run(folder, &[&["segment", "in.csv", "--contacts", "list.csv"][..], &STUDY, &more].concat());
    assert_eq!(rows_of(folder, "list.csv", &columns), rows);
    let wrong =
        command(folder, &[&["export", "in.csv", "-o", "x.csv", "--next"][..], &STUDY].concat()).output().unwrap();
    assert!(wrong.status.code() == Some(2) && said(&wrong).contains("--lines FILE"), "{}", said(&wrong));
    let wrong = command(folder, &[&["export", "in.csv", "-o", "x.csv", "--control", "110%"][..], &STUDY].concat());
    assert_eq!({ wrong }.output().unwrap().status.code(), Some(2));
}

#[test]
fn customers_that_were_rolled_up_carry_the_day_of_their_lines() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    orders(folder, 90);
    let args = [
        "export",
        "orders.csv",
        "--rollup",
        "--next",
        "-o",
        "out.csv",
        "--run",
        "kmeans-k3",
        "--algorithms",
        "kmeans",
        "--k",
        "3",
        "-q",
    ];
    run(folder, &args);
    let next = rows_of(folder, "out.csv", &["customer", "next_category"]);
    assert_eq!(next.len(), 90);
    let saved = [&["segment", "orders.csv", "--rollup", "--save-model", "m.json"][..], &args[6..]].concat();
    run(folder, &saved);
    run(folder, &["predict", "m.json", "orders.csv", "--next", "-o", "placed.csv", "-q"]);
    assert_eq!(rows_of(folder, "placed.csv", &["customer", "next_category"]), next);
    assert!(
        rows_of(folder, "out.segments.csv", &["date", "model"]).iter().all(|row| row == &["2024-03-29", "kmeans-k3"])
    );
}
