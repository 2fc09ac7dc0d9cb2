#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::error::Error;
use crate::matrix::{Coded, Column, Values};
use crate::recipe::{Prepared, Recipe, fit};
use crate::table::{Field, Kind, Role, Shape, SourceInfo, Table};
use crate::task::Task;

const GAP: f64 = f64::NAN;

fn number(name: &str, kind: Kind, values: &[f64]) -> Field {
    let column = Column { name: name.to_owned(), values: Values::Number(values.to_vec()) };
    Field { role: Role::Cluster, ..Field::made(column, kind, String::new()) }
}

fn text(name: &str, values: &[&str]) -> Field {
    let texts = values.iter().map(|text| (!text.is_empty()).then_some(*text));
    let column = Column { name: name.to_owned(), values: Values::Text(Coded::from_texts(texts)) };
    Field { role: Role::Ignore, ..Field::made(column, Kind::Text, String::new()) }
}

fn table(fields: Vec<Field>) -> Table {
    let rows = fields[0].column.values.len();
    let source = SourceInfo { path: "t.csv".into(), ..SourceInfo::default() };
    Table { source, shape: Shape::Customers, fields, rows }
}

/// A recipe over these features that makes columns by these steps.
fn recipe(table: &Table, features: &[&str], steps: &str) -> Recipe {
    let list = features.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    let text = format!(
        "version = 1\nseed = 1\n[[source]]\npath = \"t.csv\"\n[roles]\ncluster = [{list}]\n{steps}\n[[step]]\ndo = \"scale\"\nmethod = \"none\"\n[study]\nk = \"2..3\"\nmemory = \"1GiB\"\n"
    );
    let read = Recipe::from_toml(&text, "r.toml").unwrap();
    assert_eq!(read.source.len(), 1, "{}", table.rows);
    read
}

/// The prepared table; one row alone, and the pipeline read again, give the same bits.
fn prepared(table: &Table, features: &[&str], steps: &str) -> Prepared {
    let prepared = fit(&recipe(table, features, steps), table, &Task::new(1)).unwrap();
    let json = serde_json::to_string(&prepared.pipeline).unwrap();
    let pipeline: crate::recipe::Pipeline = serde_json::from_str(&json).unwrap();
    assert_eq!(pipeline, prepared.pipeline);
    for (place, &row) in prepared.matrix.rows.iter().enumerate() {
        let alone: Vec<Column> = table.fields.iter().map(|field| one(&field.column, row as usize)).collect();
        let (matrix, _) = pipeline.apply(&alone.iter().collect::<Vec<_>>()).unwrap();
        assert_eq!(matrix.row(0), prepared.matrix.row(place), "row {row}");
    }
    prepared
}

fn one(column: &Column, row: usize) -> Column {
    let values = match &column.values {
        Values::Number(values) => Values::Number(vec![values[row]]),
        Values::Text(coded) => Values::Text(Coded::from_texts([coded.get(row)])),
    };
    Column { name: column.name.clone(), values }
}

fn column(prepared: &Prepared, column: usize) -> Vec<f64> {
    prepared.matrix.values.column(column).to_vec()
}

fn made(prepared: &Prepared, name: &str) -> Field {
    prepared.table.as_ref().unwrap().field(name).unwrap().clone()
}

fn refused(table: &Table, features: &[&str], steps: &str) -> String {
    Error::from(fit(&recipe(table, features, steps), table, &Task::new(1)).unwrap_err()).to_string()
}

fn derive(name: &str, expression: &str) -> String {
    format!("[[step]]\ndo = \"derive\"\nname = \"{name}\"\nexpression = '''{expression}'''\n")
}

#[test]
fn an_expression_makes_a_column_row_by_row() {
    let day = 86_400.0;
    let table = table(vec![
        number("born", Kind::Year, &[1980.0, 1990.0, GAP, 2000.0]),
        number("Annual Income", Kind::Number, &[10.0, 25.0, 0.0, 4.0]),
        number("since", Kind::Date, &[0.0, 31.0 * day, 400.0 * day, GAP]),
        text("city", &["Rome", "Bonn", "Rome", ""]),
    ]);
    let steps = [
        derive("age", "2024 - born"),
        derive("older", "age * 2"),
        derive("root", "ROUND(SQRT(\"Annual Income\"), 1)"),
        derive("roman", "CASE WHEN city = 'Rome' THEN 1 ELSE 0 END"),
        derive("month", "DATE_PART('month', since)"),
        derive("rich", "\"Annual Income\" > 5"),
    ];
    let features = ["age", "older", "root", "roman", "rich"];
    let prepared = prepared(&table, &features, &steps.concat());
    assert_eq!(prepared.pipeline.inputs, features);
    assert_eq!(column(&prepared, 0), [44.0, 34.0, 34.0, 24.0]);
    assert_eq!(column(&prepared, 1), [88.0, 68.0, 68.0, 48.0]);
    assert_eq!(column(&prepared, 2), [3.2, 5.0, 0.0, 2.0]);
    assert_eq!(column(&prepared, 3), [1.0, 0.0, 1.0, 0.0]);
    assert_eq!(made(&prepared, "rich").kind, Kind::YesNo);
    assert_eq!(made(&prepared, "month").column.values.numbers().unwrap()[..3], [1.0, 2.0, 2.0]);
    assert_eq!(prepared.pipeline.sources(), ["Annual Income", "born", "city"]);
    assert_eq!(prepared.steps[0].detail, "→ age (1 row without a value) = 2024 - born");
}

#[test]
fn an_expression_that_cannot_be_is_told_with_column_and_expression() {
    let table = table(vec![number("born", Kind::Year, &[1980.0, 1990.0]), text("city", &["Rome", "Bonn"])]);
    let said = |expression: &str| refused(&table, &["age"], &derive("age", expression));
    assert_eq!(said("2024 - bron"), "derive of \"age\": in `2024 - bron`: no column \"bron\"; did you mean \"born\"?");
    assert!(said("born - avg(born)").contains("avg(…) looks at other rows"));
    assert!(said("born - ").starts_with("derive of \"age\": in `born - `: "), "{}", said("born - "));
    assert!(said("1 + 1").contains("it names no column"));
    assert!(said("CAST(city AS DOUBLE)").contains("try_cast"), "{}", said("CAST(city AS DOUBLE)"));
    assert!(said("born + city").starts_with("derive of \"age\": in `born + city`: "));
}

#[test]
fn amounts_dates_and_ratios() {
    let table = table(vec![
        text("price", &["$84,835.00", "10,000+", "5%", "on request"]),
        number("since", Kind::Date, &[1_400_000_000.0, 1_388_534_400.0, GAP, 1_403_999_999.0]),
        number("a", Kind::Number, &[1.0, 2.0, 3.0, 4.0]),
        number("b", Kind::Number, &[2.0, 0.0, 4.0, GAP]),
    ]);
    let steps = "
[[step]]\ndo = \"parse-number\"\ncolumn = \"price\"
[[step]]\ndo = \"date-part\"\ncolumn = \"since\"\npart = \"weekday\"
[[step]]\ndo = \"days-since\"\ncolumn = \"since\"
[[step]]\ndo = \"days-since\"\ncolumn = \"since\"\nuntil = \"2014-06-30\"\nname = \"days\"
[[step]]\ndo = \"ratio\"\ncolumn = \"a\"\nby = \"b\"
";
    let prepared = prepared(&table, &["price", "since weekday", "days since since", "days", "a / b"], steps);
    assert_eq!(made(&prepared, "price").column.values.numbers().unwrap()[..3], [84_835.0, 10_000.0, 0.05]);
    assert_eq!(prepared.steps[0].detail, "3 numbers read, 1 could not be");
    // 2014-05-13 was a Tuesday, 2014-01-01 a Wednesday, 2014-06-28 a Saturday.
    let weekdays = made(&prepared, "since weekday").column.values.numbers().unwrap().to_vec();
    assert_eq!((weekdays[0], weekdays[1], weekdays[3]), (2.0, 3.0, 6.0));
    let days = made(&prepared, "days since since").column.values.numbers().unwrap().to_vec();
    assert_eq!((days[0], days[1], days[3]), (46.0, 178.0, 0.0));
    let days = made(&prepared, "days").column.values.numbers().unwrap().to_vec();
    assert_eq!((days[0], days[1], days[3]), (47.0, 180.0, 1.0));
    let ratio = made(&prepared, "a / b").column.values.numbers().unwrap().to_vec();
    assert_eq!((ratio[0], ratio[2]), (0.5, 0.75));
    assert!(ratio[1].is_nan() && ratio[3].is_nan());
}

#[test]
fn bins_are_scikit_learns() {
    let x = [-3.0, 0.0, 1.0, 2.0, 2.0, 5.0, 9.0, 40.0];
    let table = table(vec![number("x", Kind::Number, &x)]);
    let of = |settings: &str| {
        let step = format!("[[step]]\ndo = \"bin\"\ncolumn = \"x\"\n{settings}\n");
        let prepared = prepared(&table, &["x"], &step);
        let field = made(&prepared, "x bin");
        let coded = field.column.values.text().unwrap().clone();
        (0..8).map(|row| coded.get(row).unwrap().to_owned()).collect::<Vec<_>>()
    };
    let numbers =
        |labels: Vec<String>| -> Vec<u32> { labels.iter().map(|label| label[..1].parse().unwrap()).collect() };
    // KBinsDiscretizer(4, uniform), (4, quantile), counted from 1.
    assert_eq!(numbers(of("by = \"width\"\nbins = 4")), [1, 1, 1, 1, 1, 1, 2, 4]);
    assert_eq!(numbers(of("by = \"quantile\"\nbins = 4")), [1, 1, 2, 3, 3, 3, 4, 4]);
    let stated = of("by = \"edges\"\nedges = [0, 5]");
    assert_eq!(
        stated,
        ["1: below 0", "2: 0 to 5", "2: 0 to 5", "2: 0 to 5", "2: 0 to 5", "3: from 5", "3: from 5", "3: from 5"]
    );
    let wrong = refused(&table, &["x"], "[[step]]\ndo = \"bin\"\ncolumn = \"x\"\nby = \"edges\"\nedges = [5, 0]\n");
    assert_eq!(wrong, "bin of \"x\": the edges do not rise; e.g. edges = [20, 40, 60]");
}

#[test]
fn answers_of_surveys() {
    let table = table(vec![
        number("q1", Kind::Whole, &[1.0, 3.0, 5.0, 4.0, 2.0]),
        number("q2", Kind::Whole, &[4.0, 3.0, 1.0, 2.0, 5.0]),
        text("q3", &["disagree", "agree", "Agree ", "strongly agree", "disagree"]),
        text("media", &["tv;web", "web", "", "print ; tv", "web"]),
    ]);
    let steps = "
[[step]]\ndo = \"likert\"\nname = \"mood\"\ncolumns = [\"q1\", \"q2\"]\nreversed = [\"q2\"]
[[step]]\ndo = \"likert\"\nname = \"words\"\ncolumns = [\"q3\"]\nanswers = [\"strongly disagree\", \"disagree\", \"neutral\", \"agree\", \"strongly agree\"]
[[step]]\ndo = \"flags\"\ncolumn = \"media\"
";
    let prepared = prepared(&table, &["mood", "words", "media=web", "media=tv"], steps);
    assert_eq!(column(&prepared, 0), [1.5, 3.0, 5.0, 4.0, 1.5]);
    assert_eq!(column(&prepared, 1), [2.0, 4.0, 4.0, 5.0, 2.0]);
    assert_eq!(made(&prepared, "media=print").column.values.numbers().unwrap()[3], 1.0);
    // The features stand in the table's order; a gap is filled with the most frequent.
    assert_eq!(prepared.pipeline.inputs, ["mood", "words", "media=tv", "media=web"]);
    assert_eq!(column(&prepared, 3), [1.0, 1.0, 1.0, 0.0, 1.0]);
}

#[test]
fn the_questions_of_a_scale_tell_how_far_they_ask_the_same() {
    // By numpy: k/(k−1)·(1 − Σ var/var Σ) of these three questions, .94.
    let table = table(vec![
        number("a", Kind::Whole, &[1.0, 3.0, 5.0, 4.0, 2.0]),
        number("b", Kind::Whole, &[2.0, 3.0, 5.0, 4.0, 1.0]),
        number("c", Kind::Whole, &[2.0, 4.0, 4.0, 5.0, 2.0]),
    ]);
    let steps = "[[step]]\ndo = \"likert\"\nname = \"mood\"\ncolumns = [\"a\", \"b\", \"c\"]\n";
    assert_eq!(
        prepared(&table, &["mood"], steps).steps[0].detail,
        "→ mood: the mean of 3 questions, Cronbach's α 0.94"
    );
    let wrong = steps.to_owned() + "reversed = [\"d\"]\n";
    assert!(refused(&table, &["mood"], &wrong).contains("\"d\" is reversed but none of the questions"));
}

#[test]
fn texts_are_cleaned_and_measured() {
    let table = table(vec![
        number("x", Kind::Number, &[1.0, 2.0, 3.0]),
        text("city", &[" Köln", "koln  ", "KÖLN"]),
        text("review", &["The book was good.", "I want a refund!", ""]),
    ]);
    let steps = "
[[step]]\ndo = \"clean-text\"\ncolumn = \"city\"\ncase = \"title\"\nplain = true
[[step]]\ndo = \"text-features\"\ncolumn = \"review\"\nmeasures = [\"characters\", \"words\", \"sentiment\"]\nkeywords = [\"refund\"]
";
    let prepared = prepared(&table, &["x", "review: words", "review=refund"], steps);
    assert_eq!(made(&prepared, "city").column.values.text().unwrap().levels, ["Koln"]);
    assert_eq!(prepared.steps[0].detail, "→ city: 1 level of 3");
    assert_eq!(column(&prepared, 1), [4.0, 4.0, 0.0]);
    assert_eq!(column(&prepared, 2), [0.0, 1.0, 0.0]);
    assert_eq!(made(&prepared, "review: characters").column.values.numbers().unwrap(), [18.0, 16.0, 0.0]);
    let sentiment = made(&prepared, "review: sentiment").column.values.numbers().unwrap().to_vec();
    assert!((sentiment[0] - 0.4404).abs() < 5e-5 && sentiment[2].is_nan());
}

#[test]
fn values_are_looked_up_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("regions.csv");
    std::fs::write(&file, "zip,region,km\n010,Saxony,1.5\n50,Rhineland,2\n80,Bavaria,3\n50,Elsewhere,9\n").unwrap();
    let table = table(vec![
        number("x", Kind::Number, &[1.0, 2.0, 3.0, 4.0]),
        text("postcode", &["50667", "10115", "80331", "99999"]),
    ]);
    let step = |more: &str| {
        format!("[[step]]\ndo = \"look-up\"\ncolumn = \"postcode\"\nfile = {:?}\n{more}\n", file.display().to_string())
    };
    let found = prepared(&table, &["x"], &step("first = 2"));
    let region = made(&found, "region").column.values.text().unwrap().clone();
    // 10 stands as 010 in the file.
    let regions: Vec<Option<&str>> = (0..4).map(|row| region.get(row)).collect();
    assert_eq!(regions, [Some("Rhineland"), Some("Saxony"), Some("Bavaria"), None]);
    assert_eq!(found.steps[0].detail, "→ region: 3 of 4 rows found; 1 row of the file gainsay an earlier one");
    let found = prepared(&table, &["far"], &step("first = 2\nvalue = \"km\"\nname = \"far\""));
    assert_eq!(column(&found, 0)[..3], [2.0, 1.5, 3.0]);
    assert!(refused(&table, &["x"], &step("value = \"regoin\"")).contains("did you mean \"region\"?"));
}
