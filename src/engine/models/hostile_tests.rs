//! Models that somebody made by hand: whatever stands in them, they are refused or place rows; nothing panics.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;
use serde_json::{Map, Value};

use super::tests::{all_algorithms, mixed, walk_by};
use super::*;
use crate::engine::values::Choices;
use crate::recipe::{Binning, Fill, Reducing, Step};

/// Values that one would try.
fn odd(random: &mut Xoshiro256PlusPlus) -> Value {
    let text = r#"[null, 0, -1, 1, 3, 1e308, -1e308, 1e-308, 4294967295, 18446744073709551615, "", "x", "%Y-%m", true, [], {}, [[]], [0], ["a", "a"]]"#;
    let odd: Vec<Value> = serde_json::from_str(text).unwrap();
    odd[random.gen_range(0..odd.len())].clone()
}

/// The value with something in it changed: replaced, left out, doubled, taken from elsewhere.
fn changed(value: &mut Value, random: &mut Xoshiro256PlusPlus) {
    let stops = random.gen_range(0..10) == 0;
    match value {
        Value::Object(map) if !map.is_empty() && !stops => in_object(map, random),
        Value::Array(list) if !list.is_empty() && !stops => in_list(list, random),
        other => *other = odd(random),
    }
}

fn in_object(map: &mut Map<String, Value>, random: &mut Xoshiro256PlusPlus) {
    let key = map.keys().nth(random.gen_range(0..map.len())).unwrap().clone();
    if random.gen_range(0..20) == 0 {
        map.remove(&key);
    } else {
        changed(&mut map[&key], random);
    }
}

fn in_list(list: &mut Vec<Value>, random: &mut Xoshiro256PlusPlus) {
    let at = random.gen_range(0..list.len());
    match random.gen_range(0..12) {
        0 => drop(list.remove(at)),
        1 => list.insert(at, list[at].clone()),
        2 => list.truncate(at),
        _ => changed(&mut list[at], random),
    }
}

/// The bytes of a model file that says this.
fn sealed(model: &Value) -> Vec<u8> {
    let body = format!("\"model\":{model}}}\n");
    let seal = blake3::hash(body.as_bytes()).to_hex();
    format!("{{\"format\":\"segmenta-model\",\"version\":1,\"integrity\":\"blake3:{seal}\",\n{body}").into_bytes()
}

/// Makes columns in every way that has a formula, and puts them together.
fn steps() -> Vec<Step> {
    vec![
        Step::Derive { name: "more".into(), expression: "spend * 2 + visits".into() },
        Step::Bin {
            column: "visits".into(),
            by: Binning::Quantile,
            bins: Some(3),
            edges: vec![],
            name: Some("bin".into()),
        },
        Step::Impute { column: "spend".into(), with: Fill::Nearest(3), indicator: true },
        Step::Reduce { method: Reducing::Pca, components: Some(3), share: None },
    ]
}

#[test]
fn nothing_that_stands_in_a_model_makes_it_panic() {
    let folder = tempfile::tempdir().unwrap();
    let file = mixed(folder.path());
    let features = ["spend", "visits", "since", "insured", "channel"];
    let with = |id: &str, steps| {
        let choices =
            Choices { algorithms: Some(vec![id.to_owned()]), stability: Some(1), ..all_algorithms(&features) };
        walk_by(&file, &choices, steps)
    };
    let mut loaded = 0;
    for (id, steps) in [
        ("kmeans", vec![]),
        ("gmm", vec![]),
        ("kprototypes", vec![]),
        ("dbscan", vec![]),
        ("ward", vec![]),
        ("kmeans", steps()),
    ] {
        let walk = with(id, steps);
        let bytes = walk.model(walk.done().next().unwrap()).to_bytes().unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let whole: Value = serde_json::from_str(&text).unwrap();
        assert!(Model::from_bytes(&sealed(&whole["model"])).is_ok());
        let mut random = Task::new(9).stream(&["hostile", id]);
        for _ in 0..100 {
            let mut model = whole["model"].clone();
            // What places rows more often than what describes them.
            let part = ["pipeline", "clusterer", "regions", "columns"][random.gen_range(0..4)];
            if random.gen_range(0..5) == 0 {
                changed(&mut model, &mut random)
            } else {
                changed(&mut model[part], &mut random)
            }
            if let Ok(model) = Model::from_bytes(&sealed(&model)) {
                loaded += 1;
                let _refused = score(&model, &walk.table, &Task::default());
                let _refused = model.code(crate::model::Language::Sql);
            }
        }
    }
    assert!(loaded > 50, "{loaded}");
}
