#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use crate::table::{Kind, SourceSpec, read};

fn load(path: &Path) -> Table {
    let spec = SourceSpec::new(path);
    read(&spec, None, &Task::default()).unwrap()
}

/// Ten rows whose figures pandas gives.
fn small() -> Exploration {
    let file = tempfile::NamedTempFile::new().unwrap();
    let text = "x,y,flag,colour\n1,2,yes,red\n2,1,no,red\n2,,no,blue\n3,5,yes,red\n4,3,yes,green\n4.5,8,no,blue\n\
                7,9,no,\n40,30,yes,red\n,4,yes,green\n.5,1,no,red\n";
    std::fs::write(file.path(), text).unwrap();
    explore(&load(file.path()), &Task::default()).unwrap()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * b.abs().max(1.0)
}

#[test]
fn numbers_are_summed_up_as_pandas_does() {
    let x = small().summaries[0].clone();
    let numbers = x.numbers.unwrap();
    assert_eq!((x.count, x.missing, x.distinct), (9, 1, 8));
    assert!(close(numbers.mean, 7.111_111_111_111_111) && close(numbers.sd, 12.491_941_847_091_31));
    assert!(close(numbers.skew, 2.858_667_579_267_758_7));
    let five = [numbers.min, numbers.q1, numbers.median, numbers.q3, numbers.max];
    assert_eq!((five, numbers.outliers), ([0.5, 2.0, 3.0, 4.5, 40.0], 1));
}

#[test]
fn levels_are_ranked() {
    let exploration = small();
    let named = |column: usize| -> Vec<(String, usize)> {
        let texts = exploration.summaries[column].texts.clone().unwrap();
        texts.levels.into_iter().map(|level| (level.name, level.count)).collect()
    };
    assert_eq!(named(2), [("no".into(), 5), ("yes".into(), 5)]);
    assert_eq!(named(3), [("red".into(), 5), ("blue".into(), 2), ("green".into(), 2)]);
}

#[test]
fn correlation_leaves_gaps_out_pair_by_pair() {
    let correlation = small().correlation;
    assert_eq!(correlation.columns, ["x", "y", "flag"]);
    assert!(close(correlation.values[1], 0.981_119_316_486_416_9));
    assert_eq!(correlation.values[1], correlation.values[3]);
    assert!(close(correlation.values[0], 1.0));
}

#[test]
fn gaps_are_told_by_place_and_by_what_goes_missing_together() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let text = "id,a,b,c,d\n1,5,x,1,1\n2,,,2,2\n3,,,3,3\n4,,y,4,4\n5,6,x,5,5\n6,7,,6,6\n";
    std::fs::write(file.path(), text).unwrap();
    let gaps = explore(&load(file.path()), &Task::default()).unwrap().gaps;
    let named: Vec<(&str, usize)> = gaps.columns.iter().map(|of| (of.column.as_str(), of.missing)).collect();
    assert_eq!(named, [("a", 3), ("b", 3)]);
    assert_eq!(gaps.columns[0].shares, [0.0, 1.0, 1.0, 1.0, 0.0, 0.0]);
    let told: Vec<(Vec<usize>, usize)> = gaps.patterns.iter().map(|of| (of.columns.clone(), of.rows)).collect();
    assert_eq!(told, [(vec![0, 1], 2), (vec![0], 1), (vec![1], 1)]);
    assert_eq!((gaps.complete, gaps.others), (2, 0));
    assert_eq!(small().gaps.complete, 7);
}

#[test]
fn histograms_have_nice_edges() {
    let edges = |values: &[f64], kind| -> Vec<(f64, f64, usize)> {
        histogram(values, kind).iter().map(|bin| (bin.low, bin.high, bin.count)).collect()
    };
    assert_eq!(edges(&[0.0, 0.0, 1.0, 2.0], Kind::Whole), [(0.0, 1.0, 2), (1.0, 2.0, 1), (2.0, 3.0, 1)]);
    assert_eq!(edges(&[5.0, 5.0], Kind::Number), [(5.0, 5.0, 2)]);
    let tenths = edges(&[0.0, 0.15, 0.3, 2.0], Kind::Number);
    assert_eq!((tenths[0], tenths[1], tenths[19]), ((0.0, 0.1, 1), (0.1, 0.2, 1), (1.9, 2.0, 1)));
    let days = edges(&[0.0, 86_400.0 * 30.0], Kind::Date);
    assert_eq!((days[0].1, days.len()), (2.0 * 86_400.0, 15));
}

proptest! {
    #[test]
    fn a_histogram_holds_every_value_once(mut values in prop::collection::vec(-1e6..1e6f64, 1..200), whole: bool) {
        if whole {
            values.iter_mut().for_each(|value| *value = value.round());
        }
        values.sort_by(f64::total_cmp);
        let bins = histogram(&values, if whole { Kind::Whole } else { Kind::Number });
        prop_assert_eq!(bins.iter().map(|bin| bin.count).sum::<usize>(), values.len());
        prop_assert!(bins[0].low <= values[0] && bins[bins.len() - 1].high >= values[values.len() - 1]);
        prop_assert!(bins.len() <= 26 && bins.windows(2).all(|pair| pair[0].high == pair[1].low));
    }
}

#[test]
fn the_marketing_campaign_is_summed_up_as_pandas_does() {
    let shared = std::env::var_os("SEGMENTA_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")));
    let Ok(json) = std::fs::read_to_string(shared.join("reference/marketing_campaign_profile.json")) else { return };
    let reference: serde_json::Value = serde_json::from_str(&json).unwrap();
    let exploration = explore(&load(&shared.join("data/marketing_campaign.csv")), &Task::default()).unwrap();
    assert_eq!(exploration.rows as u64, reference["rows"].as_u64().unwrap());
    for summary in &exploration.summaries {
        let expected = &reference["per_column"][&summary.column];
        assert_eq!(summary.missing as u64, expected["missing"].as_u64().unwrap(), "{}", summary.column);
        assert_eq!(summary.distinct as u64, expected["distinct"].as_u64().unwrap(), "{}", summary.column);
        let Some(numbers) = summary.numbers.as_ref().filter(|_| summary.kind != Kind::Date) else { continue };
        let figures = [
            ("min", numbers.min),
            ("q25", numbers.q1),
            ("median", numbers.median),
            ("q75", numbers.q3),
            ("max", numbers.max),
            ("mean", numbers.mean),
            ("std_ddof1", numbers.sd),
            ("skew_pandas", numbers.skew),
            ("iqr_outliers_1_5", numbers.outliers as f64),
        ];
        for (name, figure) in figures {
            let wanted = expected[name].as_f64().unwrap_or(0.0);
            assert!((figure - wanted).abs() <= 1e-9 * wanted.abs().max(1.0), "{} {name}: {figure}", summary.column);
        }
    }
}
