#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::error::Error;
use crate::matrix::{Coded, Column, Values};
use crate::table::{Field, Kind, Role, Shape, SourceInfo, Table};
use crate::task::Task;

const GAP: f64 = f64::NAN;
/// What scikit-learn's answers below are about.
const X: [f64; 8] = [-3.0, 0.0, 1.0, 2.0, 2.0, 5.0, 9.0, 40.0];

fn number(name: &str, values: &[f64]) -> Field {
    let column = Column { name: name.to_owned(), values: Values::Number(values.to_vec()) };
    Field { role: Role::Cluster, ..Field::made(column, Kind::Number, String::new()) }
}

fn text(name: &str, values: &[&str]) -> Field {
    let texts = values.iter().map(|text| (!text.is_empty()).then_some(*text));
    let column = Column { name: name.to_owned(), values: Values::Text(Coded::from_texts(texts)) };
    Field { role: Role::Cluster, ..Field::made(column, Kind::Text, String::new()) }
}

fn table(fields: Vec<Field>) -> Table {
    let rows = fields[0].column.values.len();
    let source = SourceInfo { path: "t.csv".into(), ..SourceInfo::default() };
    Table { source, shape: Shape::Customers, fields, rows }
}

/// Fitted; the pipeline, written and read again, places the same rows alike.
fn prepare(table: &Table, steps: Vec<Step>) -> Prepared {
    let recipe = Recipe { steps, ..Recipe::propose(table) };
    let prepared = fit(&recipe, table, &Task::new(1)).unwrap();
    let json = serde_json::to_string(&prepared.pipeline).unwrap();
    let pipeline: Pipeline = serde_json::from_str(&json).unwrap();
    let columns: Vec<&Column> = table.fields.iter().map(|field| &field.column).collect();
    let outcome = pipeline.apply(&columns).unwrap().0;
    if prepared.fates.iter().all(|fate| !matches!(fate, Fate::Dropped(_))) {
        assert_eq!(outcome, prepared.matrix);
    }
    prepared
}

fn refused(table: &Table, steps: Vec<Step>) -> String {
    let recipe = Recipe { steps, ..Recipe::propose(table) };
    Error::from(fit(&recipe, table, &Task::new(1)).unwrap_err()).to_string()
}

fn raw() -> Step {
    Step::Scale { method: Scaling::None, columns: Vec::new() }
}

fn column(prepared: &Prepared, column: usize) -> Vec<f64> {
    prepared.matrix.values.column(column).to_vec()
}

fn close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= tolerance * expected.abs().max(1.0), "{found} is not {expected}");
    }
}

fn transform(method: Transformation) -> Step {
    Step::Transform { method, columns: Vec::new() }
}

#[test]
fn yeo_johnson_is_scikit_learns() {
    let table = table(vec![number("x", &X)]);
    let bent = prepare(&table, vec![transform(Transformation::YeoJohnson), raw()]);
    let Encoding::Number(fitted) = &bent.pipeline.features[0].encoding else { panic!("a number") };
    let Some(Bend::YeoJohnson(power)) = fitted.bend else { panic!("bent") };
    // PowerTransformer(standardize=False): λ by Brent's method, exact to 1e-6 or so.
    close(&[power], &[0.409_062_398_554_321_6], 1e-6);
    let expected = [-5.075_534_6, 0.0, 0.801_399_95, 1.387_008_5, 1.387_008_5, 2.643_101_1, 3.825_461_7, 8.722_466_3];
    close(&column(&bent, 0), &expected, 1e-5);
    let scaled = prepare(&table, vec![transform(Transformation::YeoJohnson)]);
    let expected = [
        -1.877_637_97,
        -0.473_459_54,
        -0.251_747_23,
        -0.089_734_97,
        -0.089_734_97,
        0.257_770_93,
        0.584_878_37,
        1.939_665_37,
    ];
    close(&column(&scaled, 0), &expected, 1e-5);
}

#[test]
fn quantiles_are_scikit_learns() {
    let place = |method| prepare(&table(vec![number("x", &X)]), vec![transform(method), raw()]).pipeline;
    let new = number("x", &[-9.0, -3.0, 0.0, 1.5, 2.0, 3.0, 40.0, 50.0]);
    let placed = |method| place(method).apply(&[&new.column]).unwrap().0.values.column(0).to_vec();
    // QuantileTransformer().
    let expected =
        [0.0, 0.0, 0.142_857_142_857_142_85, 0.357_142_857_142_857_1, 0.5, 0.619_047_619_047_619_1, 1.0, 1.0];
    close(&placed(Transformation::Quantile), &expected, 1e-15);
    let expected = [
        -5.199_337_582_605_575,
        -5.199_337_582_605_575,
        -1.067_570_523_878_141_4,
        -0.366_106_356_800_569_8,
        0.0,
        0.302_980_448_056_206_55,
        5.199_337_582_703_42,
        5.199_337_582_703_42,
    ];
    close(&placed(Transformation::QuantileNormal), &expected, 1e-9);
}

#[test]
fn the_nearest_fill_gaps_as_scikit_learns_do() {
    let fields = vec![
        number("a", &[1.0, 3.0, GAP, 8.0, 2.0]),
        number("b", &[2.0, 4.0, 6.0, 8.0, GAP]),
        number("c", &[GAP, 3.0, 5.0, 7.0, 4.0]),
    ];
    let impute = |column: &str| Step::Impute { column: column.into(), with: Fill::Nearest(2), indicator: false };
    let prepared = prepare(&table(fields), vec![impute("a"), impute("b"), impute("c"), raw()]);
    // KNNImputer(2), the other columns standardised.
    assert_eq!(column(&prepared, 0), [1.0, 3.0, 2.5, 8.0, 2.0]);
    assert_eq!(column(&prepared, 1), [2.0, 4.0, 6.0, 8.0, 3.0]);
    assert_eq!(column(&prepared, 2), [3.5, 3.0, 5.0, 7.0, 4.0]);
    assert_eq!(prepared.steps[1].detail, "1 gap filled with the mean of the 2 nearest by 2 other features");
    assert_eq!(prepared.fates[2], Fate::Imputed(vec![0]));
}

#[test]
fn gaps_can_be_filled_by_the_mean_and_flagged() {
    let table = table(vec![number("x", &[1.0, GAP, 3.0, 8.0]), number("y", &[1.0, 2.0, 3.0, 5.0])]);
    let with = |column: &str| Step::Impute { column: column.into(), with: Fill::Mean, indicator: true };
    let prepared = prepare(&table, vec![with("x"), with("y"), raw()]);
    // A flag that is the same in all rows says nothing.
    assert_eq!(prepared.pipeline.outputs, ["x", "x missing", "y"]);
    assert_eq!(column(&prepared, 0), [1.0, 4.0, 3.0, 8.0]);
    assert_eq!(column(&prepared, 1), [0.0, 1.0, 0.0, 0.0]);
    assert_eq!(prepared.origin, [0, 0, 1]);
}

#[test]
fn outliers_are_kept_flagged_or_winsorised() {
    let table = table(vec![number("x", &[1.0, 2.0, 3.0, 4.0, 100.0])]);
    let treated = |treatment, share| {
        let step = Step::Outliers { column: "x".into(), treatment, low: None, high: None, share };
        prepare(&table, vec![step, raw()])
    };
    let flagged = treated(Treatment::Flag, None);
    assert_eq!(flagged.pipeline.outputs, ["x", "x outside"]);
    assert_eq!(column(&flagged, 1), [0.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!(column(&flagged, 0)[4], 100.0);
    assert_eq!(column(&treated(Treatment::Keep, None), 0)[4], 100.0);
    // numpy: the quantiles .1 and .9 are 1.4 and 61.6.
    close(&column(&treated(Treatment::Winsorise, Some(0.1)), 0), &[1.4, 2.0, 3.0, 4.0, 61.6], 1e-14);
}

#[test]
fn categories_become_numbers() {
    let table = table(vec![text("size", &["m", "s", "", "l", "m"]), number("x", &[1.0, 2.0, 3.0, 4.0, 6.0])]);
    let encode = |method, order: &[&str]| Step::Encode {
        column: "size".into(),
        method,
        order: order.iter().map(|&level| level.to_owned()).collect(),
    };
    let ordinal = prepare(&table, vec![encode(Encode::Ordinal, &["s", "m", "l"]), raw()]);
    assert_eq!(column(&ordinal, 0), [1.0, 0.0, 1.0, 2.0, 1.0]);
    assert_eq!(ordinal.steps[2].detail, "s 0, m 1, l 2");
    let frequency = prepare(&table, vec![encode(Encode::Frequency, &[]), raw()]);
    assert_eq!(column(&frequency, 0), [0.6, 0.2, 0.6, 0.2, 0.6]);
    let new = [text("size", &["xl"]), number("x", &[1.0])];
    let place = |prepared: &Prepared| prepared.pipeline.apply(&[&new[0].column, &new[1].column]).unwrap().0.row(0)[0];
    // A level that was never seen: of frequency 0; without a place in the order it is a gap.
    assert_eq!((place(&frequency), place(&ordinal)), (0.0, 1.0));
    let wrong = refused(&table, vec![encode(Encode::Ordinal, &["s", "m", "L"])]);
    assert_eq!(wrong, "encode of \"size\": the value \"l\" has no place in the order; is \"L\" meant?");
    let codes = Step::Encode { column: "x".into(), method: Encode::OneHot, order: Vec::new() };
    assert_eq!(prepare(&table, vec![codes, raw()]).matrix.blocks.len(), 2);
}

#[test]
fn components_are_scikit_learns() {
    let table = table(vec![
        number("a", &[1.0, 2.0, 3.0, 4.0, 6.0, 5.0]),
        number("b", &[2.0, 1.0, 5.0, 3.0, 8.0, 4.0]),
        number("c", &[0.5, 4.0, 1.0, 2.5, 0.0, 9.0]),
    ]);
    let reduce = |components, share| Step::Reduce { method: Reducing::Pca, components, share };
    let two = prepare(&table, vec![reduce(Some(2), None)]);
    let reduction = two.pipeline.reduction.as_ref().unwrap();
    close(&reduction.shares, &[0.599_559_254_600_361_4, 0.377_839_695_522_383_6], 1e-12);
    close(&reduction.loadings[0], &[0.697_130_110_893_165, 0.714_760_329_987_044_6, -0.055_922_081_174_561], 1e-12);
    let expected = [
        -1.555_961_816_568_607,
        -1.526_942_533_012_781_7,
        0.197_212_136_690_045_97,
        -0.052_568_804_693_634_93,
        2.385_959_527_543_805_7,
        0.552_301_490_041_171_7,
    ];
    close(&column(&two, 0), &expected, 1e-12);
    assert_eq!(two.pipeline.outputs, ["component 1", "component 2"]);
    assert_eq!(reduction.told(1, 2), "+c +a");
    assert!(two.origin.is_empty() && (two.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    assert_eq!(prepare(&table, vec![reduce(None, Some(0.5))]).matrix.ncols(), 1);
    assert_eq!(prepare(&table, vec![reduce(None, Some(1.0))]).matrix.ncols(), 3);
}

#[test]
fn mixed_data_have_the_components_of_their_definition() {
    // By numpy: numbers standardised, (x − p)/√p of each level, eigenvectors of the covariance (Pagès 2004).
    let table = table(vec![
        number("a", &[1.0, 2.0, 3.0, 4.0, 6.0, 5.0]),
        number("b", &[2.0, 1.0, 5.0, 3.0, 8.0, 4.0]),
        text("city", &["b", "a", "b", "c", "a", "a"]),
    ]);
    let prepared = prepare(&table, vec![Step::Reduce { method: Reducing::Famd, components: Some(2), share: None }]);
    let reduction = prepared.pipeline.reduction.as_ref().unwrap();
    close(&reduction.shares, &[0.521_784_107_170_715_3, 0.268_232_226_004_534_9], 1e-12);
    let first: Vec<f64> = column(&prepared, 0).into_iter().map(f64::abs).collect();
    let expected = [
        2.076_076_657_849_436_3,
        0.885_673_768_576_040_1,
        0.530_707_197_076_756_7,
        0.019_738_395_762_212,
        2.455_564_265_545_027,
        1.056_631_753_719_418_3,
    ];
    close(&first, &expected, 1e-12);
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    let table = table(vec![number("x", &X), number("y", &X)]);
    let both = vec![
        Step::Log1p { column: "y".into() },
        Step::Transform { method: Transformation::Quantile, columns: vec!["y".into()] },
    ];
    assert!(refused(&table, both).contains("there are two such steps"));
    let share =
        Step::Outliers { column: "x".into(), treatment: Treatment::Winsorise, low: None, high: None, share: Some(0.7) };
    assert_eq!(refused(&table, vec![share]), "outliers of \"x\": share = 0.7 leaves nothing; e.g. share = 0.05");
    let none = Step::Reduce { method: Reducing::Pca, components: Some(0), share: None };
    assert_eq!(refused(&table, vec![none]), "reduce: no component is left; e.g. components = 3");
}

#[test]
fn what_says_nothing_new_is_left_out_and_named() {
    let table = table(vec![
        number("x", &X),
        number("twice", &X.map(|x| 2.0 * x + 1.0)),
        number("rare", &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]),
        text("city", &["a", "b", "a", "b", "a", "b", "a", "b"]),
    ]);
    let select = |same, correlation| Step::Select { same, correlation };
    let prepared = prepare(&table, vec![select(Some(0.85), Some(0.95))]);
    assert_eq!(prepared.pipeline.inputs, ["x", "city"]);
    let told = "left out: rare (the same in 87.5 %), twice (1 with x)";
    assert!(prepared.steps.iter().any(|step| step.detail == told && step.step == Some(0)), "{:?}", prepared.steps);
    assert_eq!(refused(&table, vec![select(Some(0.1), None)]), "select: no feature is left; raise its limits");
    assert!(refused(&table, vec![select(None, None)]).contains("it selects nothing"));
}
