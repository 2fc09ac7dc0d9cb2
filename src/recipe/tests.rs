#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::error::Error;
use crate::matrix::{Coded, Column, Values};
use crate::table::{Field, Kind, Remedy, Role, Schema, Shape, SourceInfo, SourceSpec, Table};
use crate::task::Task;

const GAP: f64 = f64::NAN;

fn number(name: &str, kind: Kind, values: &[f64]) -> Field {
    field(name, kind, Values::Number(values.to_vec()))
}

fn text(name: &str, values: &[&str]) -> Field {
    let texts = values.iter().map(|text| (!text.is_empty()).then_some(*text));
    field(name, Kind::Text, Values::Text(Coded::from_texts(texts)))
}

fn field(name: &str, kind: Kind, values: Values) -> Field {
    let column = Column { name: name.to_owned(), values };
    Field { role: Role::Cluster, distinct: 2, ..Field::of(column, kind) }
}

fn table(fields: Vec<Field>) -> Table {
    let rows = fields[0].column.values.len();
    let source = SourceInfo { path: "t.csv".into(), ..SourceInfo::default() };
    Table { source, shape: Shape::Customers, fields, rows }
}

fn prepare(table: &Table, steps: Vec<Step>) -> Result<Prepared, RecipeError> {
    let recipe = Recipe { steps, ..Recipe::propose(table) };
    fit(&recipe, table, &Task::new(1))
}

fn raw() -> Step {
    Step::Scale { method: Scaling::None, columns: Vec::new() }
}

fn values(prepared: &Prepared, column: usize) -> Vec<f64> {
    prepared.matrix.values.column(column).to_vec()
}

fn message(error: RecipeError) -> String {
    Error::from(error).to_string()
}

#[test]
fn standard_scaling_is_scikit_learns() {
    let table = table(vec![number("x", Kind::Whole, &[1.0, 2.0, 3.0, 6.0])]);
    let prepared = prepare(&table, Vec::new()).unwrap();
    // StandardScaler: mean 3, sd √3.5.
    let expected = [-2.0, -1.0, 0.0, 3.0].map(|value| value / 3.5_f64.sqrt());
    for (value, expected) in values(&prepared, 0).into_iter().zip(expected) {
        assert!((value - expected).abs() < 1e-15);
    }
    assert_eq!(prepared.fates, vec![Fate::Used; 4]);
    assert_eq!(prepared.weights, [1.0]);
}

#[test]
fn minmax_robust_and_none_are_what_they_say() {
    let table = table(vec![number("x", Kind::Whole, &[1.0, 2.0, 3.0, 5.0])]);
    let scaled = |method| values(&prepare(&table, vec![Step::Scale { method, columns: Vec::new() }]).unwrap(), 0);
    assert_eq!(scaled(Scaling::Minmax), [0.0, 0.25, 0.5, 1.0]);
    // numpy: median 2.5, quartiles 1.75 and 3.5.
    assert_eq!(scaled(Scaling::Robust), [-1.5, -0.5, 0.5, 2.5].map(|value: f64| value / 1.75));
    assert_eq!(scaled(Scaling::None), [1.0, 2.0, 3.0, 5.0]);
}

#[test]
fn robust_scaling_of_mostly_equal_values_falls_back_on_the_deviation() {
    let table = table(vec![number("x", Kind::Whole, &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 8.0])]);
    let robust = Step::Scale { method: Scaling::Robust, columns: Vec::new() };
    assert_eq!(values(&prepare(&table, vec![robust]).unwrap(), 0)[7], 8.0 / 7.0_f64.sqrt());
}

#[test]
fn a_two_valued_category_is_one_column_that_weighs_like_a_number() {
    let table = table(vec![text("sex", &["m", "f", "f", "f"]), number("x", Kind::Whole, &[1.0, 2.0, 3.0, 6.0])]);
    let prepared = prepare(&table, Vec::new()).unwrap();
    assert_eq!(prepared.matrix.names, ["sex=m", "x"]);
    assert!((prepared.weights[0] - 0.5).abs() < 1e-15);
    let raw = prepare(&table, vec![raw()]).unwrap();
    assert_eq!(values(&raw, 0), [1.0, 0.0, 0.0, 0.0]);
}

#[test]
fn a_wide_category_has_the_variance_of_one_number() {
    let table = table(vec![
        text("city", &["b", "a", "c", "a", "b", "a"]),
        number("x", Kind::Whole, &[1.0, 2.0, 3.0, 6.0, 1.0, 0.0]),
    ]);
    let prepared = prepare(&table, Vec::new()).unwrap();
    assert_eq!(prepared.matrix.names, ["city=a", "city=b", "city=c", "x"]);
    assert_eq!(prepared.origin, [0, 0, 0, 1]);
    assert!((prepared.weights[0] - 0.5).abs() < 1e-15);
    let minmax = prepare(&table, vec![Step::Scale { method: Scaling::Minmax, columns: Vec::new() }]).unwrap();
    let apart: f64 = (0..3).map(|c| (minmax.matrix.row(0)[c] - minmax.matrix.row(1)[c]).powi(2)).sum();
    assert!((apart - 1.0).abs() < 1e-15);
}

#[test]
fn the_matrix_knows_its_categories() {
    let table = table(vec![
        number("x", Kind::Whole, &[1.0, 2.0, 3.0, 6.0, 1.0, 0.0]),
        text("city", &["b", "a", "c", "a", "b", "a"]),
        text("sex", &["m", "f", "f", "m", "f", "f"]),
    ]);
    for method in [Scaling::Standard, Scaling::Minmax, Scaling::Robust, Scaling::None] {
        let steps = vec![Step::Scale { method, columns: Vec::new() }, Step::Weight { column: "sex".into(), by: 3.0 }];
        let prepared = prepare(&table, steps).unwrap();
        let matrix = prepared.matrix.select(&[5, 4, 3, 2, 1, 0]);
        let levels = |block: usize| -> Vec<Option<usize>> {
            (0..6).map(|row| matrix.blocks[block].level(matrix.row(row))).collect()
        };
        assert_eq!(levels(0), [0, 1, 0, 2, 0, 1].map(Some));
        assert_eq!(levels(1), [0, 0, 1, 0, 0, 1].map(Some));
        assert_eq!((matrix.blocks[0].weight, matrix.blocks[1].weight), (1.0, 3.0));
        assert_eq!(crate::matrix::numbers(&matrix.blocks, matrix.ncols()), [0]);
        let unseen = text("sex", &["x"]).column;
        let columns = [&number("x", Kind::Whole, &[1.0]).column, &text("city", &["z"]).column, &unseen];
        let (new, _) = prepared.pipeline.apply(&columns).unwrap();
        assert!(new.blocks.iter().all(|block| block.level(new.row(0)).is_none()));
        assert_eq!(new.blocks, matrix.blocks);
    }
}

#[test]
fn a_level_never_seen_is_the_pooled_one_or_none_and_counts_as_a_guess() {
    let seen = table(vec![text("city", &["a", "a", "b", "b", "c", "c", "d"])]);
    let pooled = Step::PoolRare { column: "city".into(), below: 0.2 };
    let new = text("city", &["z", "a"]);
    let place = |steps| {
        let prepared = prepare(&seen, steps).unwrap();
        let (matrix, fates) = prepared.pipeline.apply(&[&new.column]).unwrap();
        (matrix, fates, prepared)
    };
    let (matrix, fates, prepared) = place(vec![raw(), pooled]);
    assert_eq!(prepared.pipeline.outputs, ["city=a", "city=b", "city=c", "city=other"]);
    assert_eq!(matrix.row(0), [0.0, 0.0, 0.0, 1.0]);
    assert_eq!(fates[1], Fate::Used);
    let (matrix, fates, _) = place(vec![raw()]);
    assert_eq!(matrix.row(0), [0.0; 4]);
    assert_eq!(fates, [Fate::Imputed(vec![0]), Fate::Used]);
}

#[test]
fn gaps_are_filled_by_median_and_mode_and_the_fates_say_so() {
    let table = table(vec![
        number("x", Kind::Number, &[1.0, GAP, 3.0, 10.0]),
        text("city", &["b", "a", "", "b"]),
        number("sure", Kind::YesNo, &[1.0, 0.0, GAP, 0.0]),
    ]);
    let prepared = prepare(&table, vec![raw()]).unwrap();
    assert_eq!(values(&prepared, 0), [1.0, 3.0, 3.0, 10.0]);
    assert_eq!(values(&prepared, 1), [1.0, 0.0, 1.0, 1.0]);
    assert_eq!(values(&prepared, 2), [1.0, 0.0, 0.0, 0.0]);
    assert_eq!(prepared.fates, [Fate::Used, Fate::Imputed(vec![0]), Fate::Imputed(vec![1, 2]), Fate::Used]);
    assert!(
        prepared.steps.iter().any(|step| step.title == "impute x" && step.detail == "1 gap filled with the median, 3")
    );
}

#[test]
fn a_dropped_row_says_why() {
    let table = table(vec![
        number("income", Kind::Number, &[1.0, GAP, 1.0, 900.0, 5.0, 6.0]),
        number("age", Kind::Whole, &[1.0, 2.0, 1.0, 4.0, 5.0, 7.0]),
    ]);
    let steps = vec![
        raw(),
        Step::DropDuplicates { except: Vec::new() },
        Step::Impute { column: "income".into(), with: Fill::Drop, indicator: false },
        Step::Outliers {
            column: "income".into(),
            treatment: Treatment::Drop,
            low: None,
            high: Some(10.0),
            share: None,
        },
    ];
    let prepared = prepare(&table, steps).unwrap();
    assert_eq!(prepared.dropped(1), Some("income is missing"));
    assert_eq!(prepared.dropped(2), Some("repeats row 1"));
    assert_eq!(prepared.dropped(3), Some("income 900 is above 10"));
    assert_eq!(prepared.matrix.rows, [0, 4, 5]);
    let counts: Vec<_> = prepared.steps.iter().map(|s| (s.title.as_str(), s.rows_before, s.rows_after)).collect();
    let expected = [("features", 6, 6), ("drop duplicates", 6, 5), ("outliers income", 5, 4), ("impute income", 4, 3)];
    assert_eq!(counts[..4], expected);
}

#[test]
fn duplicates_may_differ_in_the_named_columns_only() {
    let fields = vec![number("id", Kind::Whole, &[1.0, 2.0, 3.0]), number("x", Kind::Whole, &[5.0, 5.0, 6.0])];
    let kept = |except| prepare(&table(fields.clone()), vec![Step::DropDuplicates { except }]).unwrap().matrix.nrows();
    assert_eq!(kept(Vec::new()), 3);
    assert_eq!(kept(vec!["id".into()]), 2);
}

#[test]
fn capping_brings_values_to_the_fences() {
    let table = table(vec![number("x", Kind::Whole, &[1.0, 2.0, 3.0, 4.0, 100.0])]);
    let cap = Step::Outliers { column: "x".into(), treatment: Treatment::Cap, low: None, high: None, share: None };
    // numpy: quartiles 2 and 4, fences −1 and 7.
    let prepared = prepare(&table, vec![cap, raw()]).unwrap();
    assert_eq!(values(&prepared, 0), [1.0, 2.0, 3.0, 4.0, 7.0]);
    assert_eq!(prepared.steps[1].detail, "1 row outside −1 to 7: brought to the bound");
}

#[test]
fn a_column_that_is_not_clustered_on_can_drop_rows() {
    let mut born = number("born", Kind::Year, &[1893.0, 1970.0, 1980.0]);
    born.role = Role::Describe;
    let table = table(vec![born, number("x", Kind::Whole, &[1.0, 2.0, 3.0])]);
    let drop = Step::Outliers {
        column: "born".into(),
        treatment: Treatment::Drop,
        low: Some(1901.0),
        high: None,
        share: None,
    };
    let prepared = prepare(&table, vec![drop]).unwrap();
    assert_eq!(prepared.dropped(0), Some("born 1,893 is below 1,901"));
    assert_eq!(prepared.pipeline.inputs, ["x"]);
}

#[test]
fn logarithms_dates_and_weights() {
    let day = 86_400.0;
    let table = table(vec![
        number("x", Kind::Number, &[0.0, std::f64::consts::E - 1.0, GAP]),
        number("since", Kind::Date, &[10.0 * day, 12.0 * day, 15.0 * day]),
    ]);
    let high = Some(14.0 * day);
    let steps = vec![
        raw(),
        Step::Log1p { column: "x".into() },
        Step::Outliers { column: "since".into(), treatment: Treatment::Cap, low: None, high, share: None },
        Step::Weight { column: "since".into(), by: 2.0 },
    ];
    let prepared = prepare(&table, steps).unwrap();
    assert_eq!(values(&prepared, 0)[..2], [0.0, 1.0]);
    assert_eq!(values(&prepared, 1), [0.0, 4.0, 8.0]);
}

#[test]
fn merged_spellings_are_one_level() {
    let table = table(vec![text("land", &["UK", "uk", "U.K.", "FR"])]);
    let merge =
        |from: &str| Step::Merge { column: "land".into(), from: vec![from.into(), "U.K.".into()], to: "UK".into() };
    let prepared = prepare(&table, vec![merge("uk"), raw()]).unwrap();
    assert_eq!(prepared.pipeline.outputs, ["land=UK"]);
    assert_eq!(values(&prepared, 0), [1.0, 1.0, 1.0, 0.0]);
    assert_eq!(
        message(prepare(&table, vec![merge("Uk")]).unwrap_err()),
        "merge of \"land\": no value \"Uk\"; did you mean \"uk\"?"
    );
}

#[test]
fn applying_the_pipeline_gives_the_same_bits() {
    let table = table(vec![
        number("x", Kind::Number, &[0.1, GAP, 3.7, 10.9, 4.4, 1e9]),
        text("city", &["b", "a", "", "b", "c", "d"]),
        number("sure", Kind::YesNo, &[1.0, 0.0, GAP, 0.0, 1.0, 1.0]),
    ]);
    let steps = vec![
        Step::Log1p { column: "x".into() },
        Step::Outliers { column: "x".into(), treatment: Treatment::Drop, low: None, high: Some(100.0), share: None },
    ];
    let prepared = prepare(&table, steps).unwrap();
    let json = serde_json::to_string(&prepared.pipeline).unwrap();
    let pipeline: Pipeline = serde_json::from_str(&json).unwrap();
    assert_eq!(pipeline, prepared.pipeline);
    let mut columns: Vec<&Column> = table.fields.iter().map(|field| &field.column).collect();
    columns.reverse();
    let (matrix, fates) = pipeline.apply(&columns).unwrap();
    assert_eq!(matrix, prepared.matrix);
    assert_eq!(fates, prepared.fates);
}

#[test]
fn numbers_written_as_text_are_read() {
    let seen = table(vec![
        number("x", Kind::Number, &[1.0, 2.0, 3.0]),
        Field { yes_no: Some(("No".into(), "Yes".into())), ..number("sure", Kind::YesNo, &[0.0, 1.0, 1.0]) },
    ]);
    let prepared = prepare(&seen, vec![raw()]).unwrap();
    let new = [text("x", &["2.5", "?"]), text("sure", &["Yes", "No"])];
    let (matrix, fates) = prepared.pipeline.apply(&[&new[0].column, &new[1].column]).unwrap();
    assert_eq!(matrix.as_slice(), [2.5, 1.0, 2.0, 0.0]);
    assert_eq!(fates[1], Fate::Imputed(vec![0]));
}

#[test]
fn the_order_of_the_recipe_does_not_matter() {
    let table = table(vec![number("a", Kind::Whole, &[1.0, 2.0]), number("b", Kind::Whole, &[5.0, 3.0])]);
    let mut recipe = Recipe::propose(&table);
    let before = fit(&recipe, &table, &Task::new(1)).unwrap();
    recipe.set_role("a", Role::Ignore);
    recipe.set_role("a", Role::Cluster);
    assert_eq!(recipe.roles.cluster, ["b", "a"]);
    assert_eq!(fit(&recipe, &table, &Task::new(1)).unwrap().matrix, before.matrix);
}

#[test]
fn a_constant_feature_is_left_out_and_the_report_says_so() {
    let table = table(vec![number("three", Kind::Whole, &[3.0, 3.0]), number("x", Kind::Whole, &[1.0, 2.0])]);
    let prepared = prepare(&table, Vec::new()).unwrap();
    assert_eq!(prepared.pipeline.inputs, ["x"]);
    assert!(prepared.steps.iter().any(|step| step.detail == "three: the same in every row" && step.columns_after == 1));
}

#[test]
fn what_cannot_be_done_is_one_clear_sentence() {
    let table = table(vec![
        number("Income", Kind::Number, &[1.0, -5.0, 3.0]),
        number("empty", Kind::Number, &[GAP, GAP, GAP]),
        text("city", &["a", "b", "a"]),
    ]);
    let with = |cluster: &[&str], steps: Vec<Step>| {
        let mut recipe = Recipe { steps, ..Recipe::propose(&table) };
        recipe.roles.cluster = cluster.iter().map(|name| (*name).to_owned()).collect();
        message(fit(&recipe, &table, &Task::new(1)).unwrap_err())
    };
    assert_eq!(with(&["incom"], vec![]), "roles.cluster: no column \"incom\"; did you mean \"Income\"?");
    assert_eq!(with(&[], vec![]), "no column to cluster on; choose some with --features, e.g. Income, empty");
    assert_eq!(with(&["city", "city"], vec![]), "\"city\" stands in roles.cluster and again in roles.cluster");
    assert_eq!(
        with(&["Income", "empty"], vec![]),
        "\"empty\" has no value in any row; choose other columns with --features or in roles.cluster"
    );
    let log = |column: &str| vec![Step::Log1p { column: column.into() }];
    assert_eq!(
        with(&["Income"], log("Income")),
        "log1p of \"Income\": it has negative values, down to −5; cap it at 0 first: outliers with low = 0"
    );
    assert_eq!(with(&["city"], log("city")), "log1p of \"city\": a category has no logarithm; leave the step out");
    let twice = [log("Income"), log("Income")].concat();
    assert_eq!(with(&["Income"], twice), "log1p of \"Income\": there are two such steps; make one step of them");
    let median = vec![Step::Impute { column: "city".into(), with: Fill::Median, indicator: false }];
    assert_eq!(with(&["city"], median), "impute of \"city\": a category has no median or number; use with = \"mode\"");
    let outside =
        Step::Outliers { column: "Income".into(), treatment: Treatment::Drop, low: Some(9.0), high: None, share: None };
    assert!(with(&["Income"], vec![outside]).starts_with("no row is left of 3: in 1 Income"));
}

#[test]
fn a_remedy_replaces_what_was_done_about_the_same_thing() {
    let table = table(vec![number("x", Kind::Number, &[1.0, GAP, 3.0])]);
    let mut recipe = Recipe::propose(&table);
    let cap = Remedy::Cap { column: "x".into(), low: None, high: Some(9.0) };
    recipe.take(&cap);
    recipe.take(&Remedy::DropOutside { column: "x".into(), low: Some(0.0), high: None });
    recipe.take(&Remedy::DropDuplicates { except: vec!["x".into()] });
    recipe.take(&Remedy::SetRole { column: "x".into(), role: Role::Outcome });
    let words: Vec<_> = recipe.steps.iter().map(Step::word).collect();
    assert_eq!(words, ["drop-duplicates", "outliers", "impute", "scale"]);
    assert!(matches!(recipe.steps[1], Step::Outliers { treatment: Treatment::Drop, low: Some(_), high: None, .. }));
    assert_eq!(recipe.role("x"), Role::Outcome);
    assert!(recipe.roles.cluster.is_empty());
}

const WRITTEN: &str = r#"
version = 1
seed = 42

[[source]]
path = "t.csv"

[roles]
cluster = ["x"]

[[step]]
do = "impute"
column = "x"
with = { number = 3 }

[[step]]
do = "scale"
method = "standard"

[study]
algorithms = ["kmeans"]
k = "2..10"
memory = "4GiB"
"#;

#[test]
fn a_recipe_by_hand_is_read() {
    let recipe = Recipe::from_toml(WRITTEN, "recipe.toml").unwrap();
    assert_eq!(recipe.steps[0], Step::Impute { column: "x".into(), with: Fill::Number(3.0), indicator: false });
    assert_eq!(recipe.roles.cluster, ["x"]);
}

#[test]
fn a_broken_recipe_names_line_and_nearest_word() {
    let broken =
        |from: &str, to: &str| message(Recipe::from_toml(&WRITTEN.replace(from, to), "recipe.toml").unwrap_err());
    assert_eq!(
        broken("column = \"x\"", "colum = \"x\""),
        "recipe.toml:13: unknown key \"colum\"; did you mean \"column\"?"
    );
    assert_eq!(broken("\"impute\"", "\"imput\""), "recipe.toml:12: unknown word \"imput\"; did you mean \"impute\"?");
    assert_eq!(
        broken("\"standard\"", "\"standart\""),
        "recipe.toml:18: unknown word \"standart\"; did you mean \"standard\"?"
    );
    assert_eq!(broken("cluster =", "clustr ="), "recipe.toml:9: unknown key \"clustr\"; did you mean \"cluster\"?");
    assert_eq!(broken("[study]", "[sudy]"), "recipe.toml:20: unknown key \"sudy\"; did you mean \"study\"?");
    assert_eq!(broken("k = \"2..10\"\n", ""), "recipe.toml:20: the key \"k\" is missing");
    assert_eq!(broken("version = 1", "version = 9"), "this recipe has version 9, this program reads version 1");
    assert!(broken("seed = 42", "seed = \"x\"").starts_with("recipe.toml:3: a seed is a whole number"));
    assert!(broken("seed = 42", "seed = ").starts_with("recipe.toml:3: "));
    assert_eq!(
        broken("cluster = [\"x\"]", "cluster = 3"),
        "recipe.toml:9: the key \"cluster\" holds the number 3; it takes a list"
    );
    assert_eq!(broken("k = \"2..10\"", "k = 3"), "recipe.toml:22: the key \"k\" holds the number 3; it takes a text");
    assert_eq!(
        broken("path = \"t.csv\"", "path = \"t.csv\"\nheader = \"yes\""),
        "recipe.toml:7: the key \"header\" holds the text \"yes\"; it takes true or false"
    );
}

#[test]
fn a_broken_step_names_line_and_key_too() {
    let broken = |step: &str| {
        let text = WRITTEN.replace("do = \"impute\"\ncolumn = \"x\"\nwith = { number = 3 }\n", step);
        message(Recipe::from_toml(&text, "recipe.toml").unwrap_err())
    };
    assert!(broken("column = \"x\"\n").starts_with("recipe.toml:11: the key \"do\" is missing; one of: derive, "));
    assert_eq!(
        broken("do = \"weight\"\ncolumn = \"x\"\n"),
        "recipe.toml:11: the key \"by\" is missing; weight takes by = a number"
    );
    assert_eq!(
        broken("do = \"pool-rare\"\ncolumn = \"x\"\nbelow = \"1%\"\n"),
        "recipe.toml:14: the key \"below\" holds a text; it takes a number"
    );
    assert_eq!(
        broken("do = \"impute\"\ncolumn = \"x\"\nwith = \"medain\"\n"),
        "recipe.toml:14: unknown word \"medain\"; did you mean \"median\"?"
    );
    assert_eq!(
        broken("do = \"impute\"\ncolumn = \"x\"\nwith = { nearst = 5 }\n"),
        "recipe.toml:14: unknown key \"nearst\"; did you mean \"nearest\"?"
    );
    assert_eq!(
        broken("do = \"impute\"\ncolumn = \"x\"\nwith = { nearest = -5 }\n"),
        "recipe.toml:14: the key \"nearest\" holds a negative number; it takes a whole number from 0"
    );
    assert_eq!(
        broken("do = \"outliers\"\ncolumn = \"x\"\ntreatment = \"winsorize\"\n"),
        "recipe.toml:14: unknown word \"winsorize\"; did you mean \"winsorise\"?"
    );
    assert_eq!(
        broken("do = \"scale\"\nmethod = \"standard\"\ncolumns = \"x\"\n"),
        "recipe.toml:14: the key \"columns\" holds a text; it takes a list of texts"
    );
}

#[test]
fn a_recipe_that_does_not_fit_the_data_names_its_line() {
    let table = table(vec![number("x", Kind::Number, &[1.0, -2.0, 3.0]), text("city", &["a", "b", "a"])]);
    let said = |from: &str, to: &str| {
        let text = WRITTEN.replace(from, to);
        let recipe = Recipe::from_toml(&text, "recipe.toml").unwrap();
        let error = Error::from(fit(&recipe, &table, &Task::new(1)).unwrap_err());
        located(error, &text, std::path::Path::new("recipe.toml")).to_string()
    };
    assert_eq!(
        said("cluster = [\"x\"]", "cluster = [\"x\", \"ctiy\"]"),
        "recipe.toml:9: roles.cluster: no column \"ctiy\"; did you mean \"city\"?"
    );
    assert_eq!(said("column = \"x\"", "column = \"y\""), "recipe.toml:13: step \"impute\": no column \"y\"");
    assert_eq!(
        said("do = \"scale\"\nmethod = \"standard\"", "do = \"log1p\"\ncolumn = \"x\""),
        "recipe.toml:18: log1p of \"x\": it has negative values, down to −2; cap it at 0 first: outliers with low = 0"
    );
    assert!(
        said("do = \"scale\"\nmethod = \"standard\"", "do = \"derive\"\nname = \"y\"\nexpression = \"z + 1\"")
            .starts_with("recipe.toml:19: derive of \"y\": in `z + 1`: no column \"z\"")
    );
}

#[test]
fn the_schema_of_steps_is_what_serde_reads() {
    for (word, keys) in STEPS {
        for key in *keys {
            let text = format!("do = \"{word}\"\n\"no such key\" = 1\n");
            let said = toml::from_str::<Step>(&text).unwrap_err().to_string();
            assert!(said.contains(&format!("`{}`", key.name)), "{word} {}: {said}", key.name);
            assert_eq!(said.split_once("expected").unwrap().1.matches('`').count(), 2 * keys.len(), "{word}: {said}");
        }
    }
    let said = toml::from_str::<Step>("do = \"no such step\"\n").unwrap_err().to_string();
    assert_eq!(said.split_once("expected").unwrap().1.matches('`').count(), 2 * STEPS.len(), "{said}");
}

const COMMENTED: &str = r#"# What we found out in spring.
version = 1
seed = 42 # the answer

[[source]]
path = "t.csv"

[study] # first what is studied
k = "2..6"
memory = "4GiB"

[roles]
cluster = [
    "x", # what they spend
    "y",
]

# Nobody knows these.
[[step]]
do = "impute"
column = "x"
with = { number = 3 } # by the branch office

# Then the scale.
[[step]]
do = "scale"
method = "standard"
"#;

#[test]
fn what_was_written_around_a_recipe_stays_when_it_is_edited() {
    let recipe = Recipe::from_toml(COMMENTED, "r.toml").unwrap();
    assert_eq!(patched(COMMENTED, &recipe).unwrap(), COMMENTED);
    let mut edited = recipe.clone();
    edited.put(Step::Weight { column: "y".into(), by: 2.0 });
    edited.put(Step::Impute { column: "x".into(), with: Fill::Number(4.0), indicator: false });
    edited.put(Step::Log1p { column: "x".into() });
    edited.set_role("z", Role::Cluster);
    edited.set_role("y", Role::Describe);
    edited.study.k = "2..10".into();
    let expected = COMMENTED
        .replace("\"2..6\"", "\"2..10\"")
        .replace("    \"y\",\n]", "    \"z\",\n]\ndescribe = [\"y\"]")
        .replace("{ number = 3 }", "{ number = 4.0 }")
        .replace("\n# Then", "\n[[step]]\ndo = \"log1p\"\ncolumn = \"x\"\n\n# Then")
        + "\n[[step]]\ndo = \"weight\"\ncolumn = \"y\"\nby = 2.0\n";
    assert_eq!(patched(COMMENTED, &edited).unwrap(), expected);
    // Taken back, all is as it was.
    assert_eq!(patched(&expected, &recipe).unwrap().replace("\ndescribe = []", "").replace("3.0", "3"), COMMENTED);
    assert_eq!(patched("no recipe", &recipe), None);
}

proptest! {
    #[test]
    fn a_patched_recipe_says_what_was_asked_for(
        old in proptest::collection::vec(any_step(), 0..6),
        new in proptest::collection::vec(any_step(), 0..6),
        cluster in proptest::collection::vec("[a-c]", 0..3),
    ) {
        let recipe = |steps: &[Step], cluster: &[String]| {
            let source = SourceSpec::new("a");
            let roles = Roles { cluster: cluster.to_vec(), ..Roles::default() };
            Recipe { version: 1, seed: 1, source: vec![source], rollup: None, roles, steps: steps.to_vec(), study: StudySpec::default(), schema: Schema::new(), export: ExportSpec::default(), kept: Vec::new(), plays: Vec::new(), traits: BTreeMap::new() }
        };
        let text = recipe(&old, &["b".into()]).to_toml();
        let wanted = recipe(&new, &cluster);
        let patched = patched(&text, &wanted);
        prop_assert!(patched.is_some(), "{}", text);
        prop_assert_eq!(Recipe::from_toml(&patched.unwrap(), "r.toml").unwrap(), wanted);
    }
}

fn any_step() -> impl Strategy<Value = Step> {
    let name = "[a-zA-Z ()$\"\\\\é=#]{0,12}";
    let finite = -1e300..1e300f64;
    let fill = prop_oneof![
        Just(Fill::Median),
        Just(Fill::Mode),
        Just(Fill::Drop),
        finite.clone().prop_map(Fill::Number),
        name.prop_map(Fill::Text),
    ];
    let treatment = prop_oneof![Just(Treatment::Cap), Just(Treatment::Drop)];
    let method =
        prop_oneof![Just(Scaling::Standard), Just(Scaling::Minmax), Just(Scaling::Robust), Just(Scaling::None)];
    let bound = proptest::option::of(finite.clone());
    let names = proptest::collection::vec(name, 0..3);
    prop_oneof![
        (name, fill).prop_map(|(column, with)| Step::Impute { column, with, indicator: false }),
        (name, treatment, bound.clone(), bound).prop_map(|(column, treatment, low, high)| Step::Outliers {
            column,
            treatment,
            low,
            high,
            share: None,
        }),
        names.clone().prop_map(|except| Step::DropDuplicates { except }),
        (name, names.clone(), name).prop_map(|(column, from, to)| Step::Merge { column, from, to }),
        (name, 0.0..1.0f64).prop_map(|(column, below)| Step::PoolRare { column, below }),
        name.prop_map(|column| Step::Log1p { column }),
        (method, names).prop_map(|(method, columns)| Step::Scale { method, columns }),
        (name, finite).prop_map(|(column, by)| Step::Weight { column, by }),
    ]
}

proptest! {
    #[test]
    fn a_recipe_read_again_is_the_same_and_written_again_the_same_bytes(
        seed: u64,
        path in "[a-z/ :é]{1,12}",
        delimiter in proptest::option::of(proptest::char::any()),
        cluster in proptest::collection::vec("[^\u{0}]{0,9}", 0..4),
        id in proptest::option::of("[a-z]{1,5}"),
        steps in proptest::collection::vec(any_step(), 0..6),
        smallest in proptest::option::of(0.0..1.0f64),
    ) {
        let source = SourceSpec { delimiter, header: Some(true), ..SourceSpec::new(path) };
        let roles = Roles { cluster, id, ..Roles::default() };
        let study = StudySpec { smallest, ..StudySpec::default() };
        let recipe = Recipe { version: 1, seed, source: vec![source], rollup: None, roles, steps, study, schema: Schema::new(), export: ExportSpec::default(), kept: Vec::new(), plays: Vec::new(), traits: BTreeMap::new() };
        let text = recipe.to_toml();
        let again = Recipe::from_toml(&text, "r.toml").unwrap();
        prop_assert_eq!(&again, &recipe);
        prop_assert_eq!(again.to_toml(), text);
    }

    #[test]
    fn the_pipeline_places_every_row_it_was_fitted_on_alike(
        x in proptest::collection::vec(prop_oneof![3 => -1e3..1e3f64, 1 => Just(f64::NAN)], 3..30),
        codes in proptest::collection::vec(0..5usize, 30),
    ) {
        let names = ["", "a", "b", "c", "d"];
        let city: Vec<&str> = codes[..x.len()].iter().map(|&code| names[code]).collect();
        let table = table(vec![number("x", Kind::Number, &x), text("city", &city)]);
        if let Ok(prepared) = prepare(&table, Vec::new()) {
            let columns: Vec<&Column> = table.fields.iter().map(|field| &field.column).collect();
            let (matrix, fates) = prepared.pipeline.apply(&columns).unwrap();
            prop_assert!(matrix.as_slice().iter().all(|value| value.is_finite()));
            prop_assert_eq!(matrix, prepared.matrix);
            prop_assert_eq!(fates, prepared.fates);
        }
    }
}
