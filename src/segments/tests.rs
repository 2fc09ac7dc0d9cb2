#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::PathBuf;
use std::sync::Arc;

use super::columns::eta_squared;
use super::contingency::Contingency;
use super::*;
use crate::cluster::{Algorithm, Settings};
use crate::matrix::{Coded, Column, Labels, Values};
use crate::metrics::Metrics;
use crate::recipe::{Prepared, Recipe, Step, fit};
use crate::study::{Candidate, Run, Stability, Status};
use crate::table::{Field, Kind, Role, Shape, SourceInfo, SourceSpec, Table};
use crate::task::Task;

fn number(name: &str, role: Role, values: &[f64]) -> Field {
    field(name, Kind::Number, role, Values::Number(values.to_vec()))
}

fn text(name: &str, role: Role, values: &[&str]) -> Field {
    let texts = values.iter().map(|text| (!text.is_empty()).then_some(*text));
    field(name, Kind::Text, role, Values::Text(Coded::from_texts(texts)))
}

fn field(name: &str, kind: Kind, role: Role, values: Values) -> Field {
    let column = Column { name: name.to_owned(), values };
    Field { role, missing: 0, distinct: 2, ..Field::of(column, kind) }
}

fn table(fields: Vec<Field>) -> Table {
    let rows = fields[0].column.values.len();
    let source = SourceInfo { path: "t.csv".into(), ..SourceInfo::default() };
    Table { source, shape: Shape::Customers, fields, rows }
}

fn run(raw: &[u32], jaccards: Vec<f64>) -> Run {
    let labels = Labels::from_raw(&raw.iter().map(|&label| (label > 0).then_some(label)).collect::<Vec<_>>());
    let stability = Stability { redraws: 20, planned: 20, mean_ari: 1.0, jaccards };
    Run {
        id: "kmeans-k".to_owned(),
        candidate: Candidate { algorithm: Algorithm::Kmeans, settings: Settings::default() },
        status: Status::Done,
        reason: None,
        warnings: Vec::new(),
        ending: None,
        labels: Arc::new(labels),
        clusterer: None,
        metrics: Metrics::default(),
        cluster_silhouettes: Vec::new(),
        stability: Some(stability),
        rules: None,
        same_as: None,
        against: Vec::new(),
        rank: None,
        seconds: 0.0,
    }
}

fn profiled(table: &Table, raw: &[u32]) -> Segments {
    let recipe = Recipe::propose(table);
    let prepared = fit(&recipe, table, &Task::new(1)).unwrap();
    profile(table, &recipe, &prepared, &run(raw, Vec::new()), &[], &Task::new(1)).unwrap()
}

fn close(value: f64, expected: f64) {
    assert!((value - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{value} is not {expected}");
}

#[test]
fn v_tests_of_levels_are_the_hypergeometric_ones() {
    // Exact fractions, and the normal quantile of their logarithm.
    let table = [
        (30, 50, 60, 500, 8.824_622_972_623_892),
        (0, 40, 100, 1000, -2.469_765_960_716_370_7),
        (13, 22, 112, 200, 0.294_818_720_936_788_8),
        (3, 9, 12, 36, -0.018_903_756_761_948_134),
        (70, 80, 100, 400, 13.701_101_456_703_382),
        // Beyond what a p-value of f64 can hold.
        (900, 1000, 2000, 10_000, 51.685_433_406_604_72),
        (500, 1000, 900, 1_000_000, 77.302_188_051_820_22),
    ];
    for (inside, size, with, rows, expected) in table {
        close(vtest::of_level(inside, size, with, rows), expected);
    }
    assert_eq!(vtest::of_level(5, 5, 5, 9).signum(), 1.0);
    assert_eq!(vtest::of_level(3, 9, 3, 9), 0.0);
    assert_eq!(vtest::of_level(0, 4, 0, 9), 0.0);
}

#[test]
fn v_tests_of_means_follow_the_formula() {
    // (6 − 3) / (2 · √((10 − 4) / (9 · 4))) by hand.
    close(vtest::of_mean(6.0, 4, (3.0, 2.0, 10)).unwrap(), 3.0 / (2.0 * (6.0_f64 / 36.0).sqrt()));
    assert_eq!(vtest::of_mean(3.0, 10, (3.0, 2.0, 10)), None);
    assert_eq!(vtest::of_mean(3.0, 4, (3.0, 0.0, 10)), None);
}

#[test]
fn effect_sizes_by_hand() {
    let labels = Labels::from_raw(&[Some(1), Some(1), Some(2), Some(2), None]);
    // Means 1.5 and 5.5 around 3.5: between 16, total 17.
    close(eta_squared(&[1.0, 2.0, 5.0, 6.0, 99.0], &labels), 16.0 / 17.0);
    assert_eq!(eta_squared(&[3.0; 5], &labels), 0.0);
    let cramers_v = |codes: &[u32], levels| Contingency::new(codes, levels, &labels).cramers_v();
    close(cramers_v(&[0, 0, 1, 1, 0], 2), 1.0);
    close(cramers_v(&[0, 1, 0, 1, 0], 2), 0.0);
    assert_eq!(cramers_v(&[0; 5], 1), 0.0);
}

fn two_groups() -> Table {
    table(vec![
        number("Annual Income (k$)", Role::Cluster, &[10.0, 12.0, 14.0, 90.0, 92.0, 94.0, f64::NAN]),
        text("city", Role::Describe, &["a", "a", "", "b", "b", "b", "b"]),
        field("bought", Kind::YesNo, Role::Outcome, Values::Number(vec![0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0])),
    ])
}

#[test]
fn a_profile_has_everyones_numbers_beside_the_segments() {
    let mut table = two_groups();
    table.fields[0].role = Role::Cluster;
    let recipe = Recipe {
        steps: vec![Step::Impute {
            column: "Annual Income (k$)".into(),
            with: crate::recipe::Fill::Drop,
            indicator: false,
        }],
        ..Recipe::propose(&table)
    };
    let prepared = fit(&recipe, &table, &Task::new(1)).unwrap();
    let run = run(&[1, 1, 1, 2, 2, 2], vec![0.9, 0.7]);
    let silhouettes = [0.5, -0.1, 0.6, 0.5, 0.4, 0.9];
    let segments = profile(&table, &recipe, &prepared, &run, &silhouettes, &Task::new(1)).unwrap();
    assert_eq!((segments.customers, segments.unassigned), (7, 0));
    let first = &segments.list[0];
    assert_eq!((first.name.as_str(), first.key.as_str()), ("Low income", "low-income"));
    assert_eq!((first.border, first.sureness, first.silhouette), (1, Sureness::Firm, Some(1.0 / 3.0)));
    assert_eq!(segments.list[1].sureness, Sureness::Pattern);
    assert_eq!(first.paragons, [1, 0, 2]);
    let rule = first.rule.as_ref().unwrap();
    assert_eq!((rule.text.as_str(), rule.precision, rule.recall), ("income ≤ 14 k$", 1.0, 1.0));
    assert_eq!(
        first.sentence,
        "Annual income 12 k$, the lowest (everyone: 52). Not used to find them: city a 100 % (everyone: 40 %). \
         Results: bought 0 % (everyone: 33.3 %)."
    );
    let cell = &first.cells[0];
    assert_eq!((cell.mean, cell.span), (Some(12.0), Some((10.0, 14.0))));
    close(cell.difference.unwrap(), -40.0 / segments.effects[0].sd.unwrap());
    assert_eq!(first.cells[1].levels[0].0, "b");
    assert!(!first.unknown.is_empty());
}

#[test]
fn an_empty_run_has_no_segments_and_noise_is_counted() {
    let table = two_groups();
    assert!(profiled(&table, &[0; 7]).list.is_empty());
    let segments = profiled(&table, &[1, 1, 1, 2, 2, 0, 0]);
    assert_eq!((segments.list.len(), segments.unassigned), (2, 2));
}

#[test]
fn a_small_segment_is_called_small() {
    let values: Vec<f64> = (0..400).map(|row| if row < 3 { 500.0 } else { f64::from(row % 7) }).collect();
    let raw: Vec<u32> = (0..400).map(|row| if row < 3 { 2 } else { 1 }).collect();
    let segments = profiled(&table(vec![number("x", Role::Cluster, &values)]), &raw);
    assert!(segments.list[1].sentence.starts_with("Only 3 customers, 0.8 % of all: too few to plan for on their own."));
    assert!(!segments.list[0].sentence.contains("Only"));
}

#[test]
fn names_differ_whatever_happens() {
    // Ten groups along one line: nine of them would be low, middle or high.
    let values: Vec<f64> = (0..40).map(|row| f64::from(row / 4) * 10.0).collect();
    let raw: Vec<u32> = (0..40).map(|row| row / 4 + 1).collect();
    let segments = profiled(&table(vec![number("MntWines", Role::Cluster, &values)]), &raw);
    let names: Vec<&str> = segments.list.iter().map(|segment| segment.name.as_str()).collect();
    let expected =
        ["Lowest wines spending", "Low wines spending (10)", "Low wines spending (20)", "Low wines spending (30)"];
    assert_eq!(names[..4], expected);
    let all: std::collections::BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(all.len(), 10);
    let same = profiled(&table(vec![number("x", Role::Cluster, &[1.0, 2.0, 1.0, 2.0])]), &[1, 1, 2, 2]);
    assert_eq!(same.list[0].name, "Middle x");
    assert_eq!(same.list[1].name, "Middle x (2)");
}

#[test]
fn a_long_name_gives_up_what_it_does_not_need() {
    let a = [1.0, 1.1, 9.0, 9.1];
    let fields =
        |a_name: &str| vec![number(a_name, Role::Cluster, &a), number("b", Role::Cluster, &[1.0, 2.0, 8.0, 7.0])];
    let names = |a_name: &str| -> Vec<String> {
        let segments = profiled(&table(fields(a_name)), &[1, 1, 2, 2]);
        segments.list.iter().map(|segment| segment.name.clone()).collect()
    };
    assert_eq!(names("a"), ["Low a, low b", "High a, high b"]);
    let long = "transactions of the last twelve months in all shops";
    assert_eq!(names(long), [format!("Low {long}"), format!("High {long}")]);
}

#[test]
fn a_third_feature_tells_equal_names_apart() {
    let a = [1.0, 1.0, 1.0, 1.0, 9.0, 9.0, 9.0, 9.0];
    let b = [1.0, 1.0, 1.2, 1.2, 9.0, 9.0, 9.0, 9.0];
    let c = [5.0, 5.2, 1.0, 1.2, 3.0, 3.2, 2.8, 3.0];
    let fields = vec![number("c", Role::Cluster, &c), number("a", Role::Cluster, &a), number("b", Role::Cluster, &b)];
    let segments = profiled(&table(fields), &[1, 1, 2, 2, 3, 3, 3, 3]);
    let mut names: Vec<&str> = segments.list.iter().map(|segment| segment.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["High a, high b", "High c, low a, low b", "Low c, low a, low b"]);
}

fn shared() -> Option<PathBuf> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    let folder = std::env::var_os("SEGMENTA_SHARED").map_or(beside, PathBuf::from);
    folder.join("data").is_dir().then_some(folder)
}

/// Mall, income and score standardised, with the reference labels at k = 5.
fn mall(order: impl Fn(usize) -> usize) -> Option<(Table, Recipe, Prepared, Run)> {
    let folder = shared()?;
    let path = folder.join("data/Mall_Customers.csv");
    let spec = SourceSpec::new(path);
    let mut table = crate::table::read(&spec, None, &Task::default()).unwrap();
    let text = std::fs::read_to_string(folder.join("reference/mall_income_score_z.json")).unwrap();
    let reference: serde_json::Value = serde_json::from_str(&text).unwrap();
    let labels: Vec<u32> = serde_json::from_value(reference["kmeans"]["k"]["5"]["labels"].clone()).unwrap();
    for field in &mut table.fields {
        match &mut field.column.values {
            Values::Number(values) => *values = (0..200).map(|row| values[order(row)]).collect(),
            Values::Text(coded) => coded.codes = (0..200).map(|row| coded.codes[order(row)]).collect(),
        }
    }
    let raw: Vec<u32> = (0..200).map(|row| labels[order(row)] + 1).collect();
    let mut recipe = Recipe::propose(&table);
    let names: Vec<String> = table.fields.iter().map(|field| field.name().to_owned()).collect();
    for name in &names {
        let is_feature = name.contains("Income") || name.contains("Score");
        recipe.set_role(name, if is_feature { Role::Cluster } else { Role::Describe });
    }
    recipe.set_role("CustomerID", Role::Id);
    let prepared = fit(&recipe, &table, &Task::new(1)).unwrap();
    Some((table, recipe, prepared, run(&raw, Vec::new())))
}

#[test]
fn mall_differs_by_the_published_effects() {
    let Some((table, recipe, prepared, run)) = mall(|row| row) else { return };
    let segments = profile(&table, &recipe, &prepared, &run, &[], &Task::new(1)).unwrap();
    let effects: Vec<(&str, f64)> =
        segments.effects.iter().map(|effect| (effect.column.as_str(), effect.size)).collect();
    let expected = [
        ("Spending Score (1-100)", 0.878_247_520_423_110_9),
        ("Annual Income (k$)", 0.793_910_438_798_305),
        ("Age", 0.202_333_250_966_485_55),
        ("Genre", 0.105_6),
    ];
    for ((column, size), (name, value)) in effects.into_iter().zip(expected) {
        assert_eq!(column, name);
        assert!((size - value).abs() < if name == "Genre" { 5e-5 } else { 1e-12 }, "{name}: {size}");
    }
    // scipy 1.17: f_oneway, kruskal, chi2_contingency without correction.
    let tests = [
        vec![
            (TestKind::F, 351.652_522_966_387_44, 5.912_224_299e-88),
            (TestKind::Kruskal, 174.777_372_605_625_57, 9.862_168_924e-37),
        ],
        vec![
            (TestKind::F, 187.797_643_246_663_43, 1.034_689_998e-65),
            (TestKind::Kruskal, 172.096_589_292_634_15, 3.710_741_704e-36),
        ],
        vec![
            (TestKind::F, 12.365_747_972_530_496, 5.548_069_689e-9),
            (TestKind::Kruskal, 41.510_027_089_777_914, 2.107_519_024e-8),
        ],
        vec![(TestKind::ChiSquared, 2.232_060_790_078_859, 0.693_164_096_2)],
    ];
    for (effect, expected) in segments.effects.iter().zip(tests) {
        for (test, (kind, statistic, p)) in effect.tests.iter().zip(expected) {
            assert_eq!(test.kind, kind);
            close(test.statistic, statistic);
            assert!((test.p - p).abs() < 1e-6 * p, "{}: {}", effect.column, test.p);
        }
    }
    let groups: Vec<Group> = segments.effects.iter().map(|effect| effect.group).collect();
    assert_eq!(groups, [Group::Purchases, Group::Demography, Group::Demography, Group::Demography]);
    // Of k-means on standardised features the centres' distances share as η² does.
    let (score, income) = (0.878_247_520_423_110_9, 0.793_910_438_798_305);
    close(segments.effects[0].importance.unwrap(), score / (score + income));
    assert_eq!(segments.effects[2].importance, None);
}

#[test]
fn mall_has_the_published_profile() {
    let Some((table, recipe, prepared, run)) = mall(|row| row) else { return };
    let segments = profile(&table, &recipe, &prepared, &run, &[], &Task::new(1)).unwrap();
    let second = &segments.list[1];
    close(second.cells[1].index.unwrap(), 100.0 * second.cells[1].mean.unwrap() / 60.56);
    close(second.cells[1].holding.unwrap(), 39.0 * second.cells[1].mean.unwrap() / 12_112.0);
    close(second.cells[3].reach[0], 21.0 / 112.0);
    assert_eq!(second.action.as_ref().unwrap().because, "income high, spending high");
    assert!(second.action.as_ref().unwrap().measure.ends_with("39 are too few to prove an effect: read it as a sign"));
    close(second.cells[0].v_test.unwrap(), 8.605_842_620_997_192);
    close(second.cells[1].difference.unwrap(), 0.991_583_047_683_919_7);
    close(second.cells[2].v_test.unwrap(), -3.068_222_158_034_541_5);
    let (level, share, v_test) = &second.cells[3].levels[0];
    assert_eq!((level.as_str(), *share), ("Female", 21.0 / 39.0));
    close(*v_test, -0.300_686_965_208_967_8);
    let rule = second.rule.as_ref().unwrap();
    assert_eq!((rule.text.as_str(), rule.coverage), ("income ≥ 69 k$ and spending ≥ 63", 0.195));
    rules_are_what_they_say(&table, &segments, &run);
    assert_eq!(
        second.sentence,
        "Spending score 82.1, the highest (everyone: 50.2), annual income 86.5 k$ (everyone: 60.6)."
    );
    assert_eq!(second.key, "high-income-high-spending");
    assert!(second.to_try.as_ref().unwrap().starts_with("keep and reward"));
    assert!(second.unknown.starts_with("money spent, how often they buy"));
}

/// Every rule's precision, recall and coverage counted again from its words.
fn rules_are_what_they_say(table: &Table, segments: &Segments, run: &Run) {
    let values = |word: &str| {
        let name = if word == "income" { "Annual Income (k$)" } else { "Spending Score (1-100)" };
        table.field(name).unwrap().column.values.numbers().unwrap()
    };
    let number = |word: &str| word.parse::<f64>().unwrap();
    let holds = |condition: &str, row: usize| {
        let words: Vec<&str> = condition.trim_end_matches(" k$").split(' ').collect();
        let value = values(words[0])[row];
        match words[1..] {
            ["≥", low] => value >= number(low),
            ["≤", high] => value <= number(high),
            [low, "to", high] => value >= number(low) && value <= number(high),
            _ => panic!("{condition}"),
        }
    };
    for segment in &segments.list {
        let rule = segment.rule.as_ref().unwrap();
        let inside: Vec<usize> =
            (0..200).filter(|&row| rule.text.split(" and ").all(|condition| holds(condition, row))).collect();
        let hits = inside.iter().filter(|&&row| run.labels.as_slice()[row] == segment.number).count() as f64;
        assert_eq!(rule.precision, hits / inside.len() as f64, "{}", rule.text);
        assert_eq!(rule.recall, hits / segment.size as f64, "{}", rule.text);
        assert_eq!(rule.coverage, inside.len() as f64 / 200.0, "{}", rule.text);
    }
}

#[test]
fn a_customer_is_explained_by_what_parts_the_segments() {
    let Some((table, recipe, prepared, run)) = mall(|row| row) else { return };
    let segments = profile(&table, &recipe, &prepared, &run, &[], &Task::new(1)).unwrap();
    let centres = Centres::new(&prepared.matrix, &run.labels);
    let features = &prepared.pipeline.inputs;
    let frame = Frame { table: &table, segments: &segments, centres: &centres, features, origin: &prepared.origin };
    let of = |row: usize| why(&frame, row, prepared.matrix.row(row), run.labels.as_slice()[row]).unwrap();
    let found = of(175);
    assert_eq!((found.segment, found.next, found.parts[0].feature.as_str()), (2, 1, "Spending Score (1-100)"));
    let (own, other) = (centres.of(2).unwrap(), centres.of(1).unwrap());
    let point = prepared.matrix.row(175);
    let squared = |centre: &[f64]| point.iter().zip(centre).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
    close(found.parts.iter().map(|part| part.points).sum(), squared(other) - squared(own));
    close(found.parts.iter().map(|part| part.share).sum(), 1.0);
    assert!(found.words.starts_with("In 2 High income, high spending rather than 1 Middle income, middle spending: "));
    assert!(found.words.contains("annual income 88 k$ (there 86.5, in the other 55.3)"), "{}", found.words);
}

#[test]
fn kept_segments_keep_key_name_and_note_where_they_are_found_again() {
    let Some((table, mut recipe, prepared, run)) = mall(|row| row) else { return };
    let before = profile(&table, &recipe, &prepared, &run, &[], &Task::new(1)).unwrap();
    let mut known = kept(&before);
    known.truncate(2);
    known[0].name = "The many".into();
    known[1] = crate::recipe::KeptSegment {
        key: "low-income-high-spending".into(),
        name: "Low income, low spending".into(),
        note: Some("ask Ann".into()),
        centre: [("Annual Income (k$)".to_owned(), 80.0), ("Spending Score (1-100)".to_owned(), 85.0)].into(),
    };
    recipe.kept = known;
    let after = profile(&table, &recipe, &prepared, &run, &[], &Task::new(1)).unwrap();
    let shown: Vec<(&str, &str)> =
        after.list.iter().map(|segment| (segment.key.as_str(), segment.name.as_str())).collect();
    let expected = [
        ("middle-income-middle-spending", "The many"),
        ("low-income-high-spending", "Low income, low spending"),
        ("high-income-low-spending", "High income, low spending"),
        ("low-income-low-spending", "Low income, low spending (2)"),
        ("low-income-high-spending-2", "Low income, high spending"),
    ];
    assert_eq!(shown, expected);
    assert_eq!(after.list[1].note.as_deref(), Some("ask Ann"));
    let mut moved = before.clone();
    let far = crate::recipe::KeptSegment {
        centre: [("Annual Income (k$)".to_owned(), 300.0)].into(),
        ..kept(&before)[0].clone()
    };
    carry(&mut moved, &[far]);
    assert_eq!(moved.list[0].key, "middle-income-middle-spending-2");
}

#[test]
fn rfm_names_are_crossed_and_give_their_actions() {
    let recency: Vec<f64> =
        (0..100).map(|row| if row < 20 { f64::from(row) } else { 100.0 + f64::from(row) }).collect();
    let frequency: Vec<f64> =
        (0..100).map(|row| if row < 20 { 50.0 - f64::from(row) } else { 10.0 - f64::from(row) / 20.0 }).collect();
    let monetary: Vec<f64> =
        (0..100).map(|row| if row < 20 { 900.0 - f64::from(row) } else { 100.0 - f64::from(row) / 2.0 }).collect();
    let fields = vec![
        number("recency", Role::Cluster, &recency),
        number("frequency", Role::Cluster, &frequency),
        number("monetary", Role::Cluster, &monetary),
    ];
    let raw: Vec<u32> = (0..100).map(|row| if row < 20 { 2 } else { 1 }).collect();
    let segments = profiled(&table(fields), &raw);
    let names: Vec<&str> = segments.list.iter().map(|segment| segment.name.as_str()).collect();
    assert_eq!(names, ["Buys now and then, spends middling", "Buys often, spends much"]);
    assert!(segments.list[1].sentence.contains("last purchase 9.5 days ago, the shortest (everyone: "));
    let cross = &segments.crosses[0];
    let champions = cross.levels.iter().position(|level| level == "Champions").unwrap();
    assert_eq!((cross.with.as_str(), cross.counts[1][champions]), ("RFM", 20));
    assert!(cross.words[1..].iter().any(|words| words.starts_with("Segment 2: all Champions (100 %; everyone: 20 %)")));
    let action = segments.list[1].action.as_ref().unwrap();
    assert_eq!((action.play.as_str(), action.because.as_str()), ("champions", "100 % Champions"));
    let named = vec![
        number("x", Role::Cluster, &[1.0, 2.0, 8.0, 9.0]),
        text("customer_tier", Role::Describe, &["gold", "gold", "basic", "basic"]),
    ];
    let segments = profiled(&table(named), &[1, 1, 2, 2]);
    assert_eq!((segments.crosses[0].with.as_str(), segments.crosses[0].v), ("customer_tier", 1.0));
}

#[test]
fn a_result_that_really_differs_gives_its_action() {
    // 32 % of 700 and 9 % of 300 churned: less than half a standard deviation apart, Cohen's h .59.
    let churned = |row: usize| f64::from(u8::from(if row < 700 { row % 25 < 8 } else { row % 100 < 9 }));
    let plays = |churned: &dyn Fn(usize) -> f64| {
        let churn: Vec<f64> = (0..1000).map(churned).collect();
        let x: Vec<f64> = (0..1000).map(|row| f64::from(u8::from(row < 700)) + (row % 7) as f64).collect();
        let fields =
            vec![number("x", Role::Cluster, &x), field("Churn", Kind::YesNo, Role::Outcome, Values::Number(churn))];
        let raw: Vec<u32> = (0..1000).map(|row| if row < 700 { 1 } else { 2 }).collect();
        let segments = profiled(&table(fields), &raw);
        segments.list.iter().map(|segment| segment.action.clone().unwrap()).collect::<Vec<_>>()
    };
    let found = plays(&churned);
    assert_eq!((found[0].play.as_str(), found[0].because.as_str()), ("reasons-to-stay", "churn high"));
    assert_ne!(found[1].play, "reasons-to-stay");
    assert_ne!(plays(&|row| f64::from(u8::from(row % 4 == 0)))[0].play, "reasons-to-stay");
}

#[test]
fn a_recipes_plays_go_before_the_built_in_ones() {
    let table = two_groups();
    let mut recipe = Recipe::propose(&table);
    let play =
        "[traits]\nmoney = [\"income\"]\n[[play]]\nid = \"mine\"\nwhen = { money = \"low\" }\noffer = \"call them\"\n";
    let book = crate::recipe::Playbook::from_toml(play, std::path::Path::new("p.toml")).unwrap();
    (recipe.plays, recipe.traits) = (book.plays, book.traits);
    let again = Recipe::from_toml(&recipe.to_toml(), "r.toml").unwrap();
    assert_eq!(again, recipe);
    let prepared = fit(&recipe, &table, &Task::new(1)).unwrap();
    let run = run(&[1, 1, 1, 2, 2, 2, 2], Vec::new());
    let segments = profile(&table, &recipe, &prepared, &run, &[], &Task::new(1)).unwrap();
    let low = segments.list.iter().find(|segment| segment.name.starts_with("Low")).unwrap();
    assert_eq!(low.to_try.as_deref(), Some("call them"));
    assert!(segments.list.iter().all(|segment| segment.action.is_some()));
}

#[test]
fn malls_five_names_are_the_same_whatever_the_order_of_rows() {
    for order in [|row| row, |row: usize| 199 - row, |row: usize| (row * 73 + 11) % 200] {
        let Some((table, recipe, prepared, run)) = mall(order) else { return };
        let segments = profile(&table, &recipe, &prepared, &run, &[], &Task::new(1)).unwrap();
        let names: Vec<&str> = segments.list.iter().map(|segment| segment.name.as_str()).collect();
        let expected = [
            "Middle income, middle spending",
            "High income, high spending",
            "High income, low spending",
            "Low income, low spending",
            "Low income, high spending",
        ];
        assert_eq!(names, expected);
    }
}
