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
    let wrong =
        command(folder, &["report", "in.csv", "--figure", "haet", "-o", "x.svg", "--algorithms", "kmeans", "--k", "3"]);
    let output = { wrong }.output().unwrap();
    assert!(said(&output).contains("did you mean \"heat\""), "{}", said(&output));
}
