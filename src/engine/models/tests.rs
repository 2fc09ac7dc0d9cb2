#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

use super::*;
use crate::cluster::Algorithm;
use crate::engine::steps;
use crate::engine::values::Choices;
use crate::recipe::Step;
use crate::study::{Status, Study};

/// What a study was made of.
pub struct Walk {
    pub table: std::sync::Arc<Table>,
    recipe: Recipe,
    prepared: Prepared,
    study: Study,
}

fn walk(file: &Path, choices: &Choices) -> Walk {
    walk_by(file, choices, Vec::new())
}

/// With these steps on top of what is proposed.
pub fn walk_by(file: &Path, choices: &Choices, steps: Vec<Step>) -> Walk {
    let task = Task::default();
    let loaded = steps::load_for(&SourceSpec::new(file), None, choices, &task).unwrap();
    let mut recipe = steps::recipe_for(&loaded, None, choices).unwrap();
    steps.into_iter().for_each(|step| recipe.put_with_roles(step));
    let prepared = steps::prepare(&loaded.table, &recipe, &task).unwrap();
    let study = steps::compare(&loaded.table, &prepared, &recipe, None, &task, &mut |_| ()).unwrap();
    Walk { table: loaded.table, recipe, prepared, study }
}

impl Walk {
    pub fn model(&self, run: &Run) -> Model {
        let task = Task::default();
        let segments = steps::profile(&self.table, &self.recipe, &self.prepared, run, &task).unwrap();
        model_of(&self.table, &self.recipe, &self.prepared, run, &segments, &task).unwrap()
    }

    pub fn done(&self) -> impl Iterator<Item = &Run> {
        self.study.runs.iter().filter(|run| run.status == Status::Done)
    }

    /// The label of each row of the table; none where it was left out.
    fn labels(&self, run: &Run) -> Vec<Option<u32>> {
        let mut labels = vec![None; self.table.rows];
        let rows = self.prepared.matrix.rows.iter().zip(run.labels.as_slice());
        rows.for_each(|(&row, &label)| labels[row as usize] = Some(label));
        labels
    }
}

/// Numbers with gaps and an outlier, yes and no, dates, categories with a rare level.
pub fn mixed(folder: &Path) -> PathBuf {
    let mut text = "id,spend,visits,since,insured,channel\n".to_owned();
    for row in 0..90_usize {
        let group = row % 3;
        let spend = if row == 40 { String::new() } else { format!("{}", group * 40 + (row * 7) % 11) };
        let visits = if row == 7 { 400 } else { (group * 5 + row % 4) as i32 };
        let since = format!("{:02}/{:02}/20{:02}", row % 27 + 1, row % 12 + 1, 10 + group * 3);
        let insured = if (row * 5) % 7 < 3 { "Yes" } else { "No" };
        let channel = if row == 11 { "fax" } else { ["web", "shop", "phone"][(group + row / 60) % 3] };
        text += &format!("C{row:03},{spend},{visits},{since},{insured},{channel}\n");
    }
    let file = folder.join("mixed.csv");
    std::fs::write(&file, text).unwrap();
    file
}

pub fn all_algorithms(features: &[&str]) -> Choices {
    let algorithms = Algorithm::ALL.iter().map(|algorithm| algorithm.id().to_owned()).collect();
    Choices {
        algorithms: Some(algorithms),
        k: Some("3".into()),
        features: Some(features.iter().map(|&name| name.to_owned()).collect()),
        ..Choices::default()
    }
}

#[test]
fn every_algorithm_is_saved_read_and_places_its_rows_where_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let walk = walk(&mixed(folder.path()), &all_algorithms(&["spend", "visits", "since", "insured", "channel"]));
    let mut seen = Vec::new();
    for run in walk.done() {
        let file = folder.path().join("model.json");
        save(&walk.model(run), &file).unwrap();
        let model = read(&file).unwrap();
        let scored = score(&model, &walk.table, &Task::default()).unwrap();
        let labels: Vec<Option<u32>> = scored.rows.iter().map(|placed| placed.segment).collect();
        assert_eq!(labels, walk.labels(run), "{}", run.id);
        assert!(scored.rows.iter().all(|placed| placed.out_of_range == Some(false)), "{}", run.id);
        assert!(scored.missing.is_empty());
        seen.push(run.candidate.algorithm);
    }
    assert!(Algorithm::ALL.iter().all(|algorithm| seen.contains(algorithm)), "{seen:?}");
}

#[test]
fn another_file_is_read_as_the_first_was() {
    let folder = tempfile::tempdir().unwrap();
    let features = ["spend", "visits", "since", "insured", "channel"];
    let walk =
        walk(&mixed(folder.path()), &Choices { algorithms: Some(vec!["kmeans".into()]), ..all_algorithms(&features) });
    let run = walk.done().next().unwrap();
    let model = walk.model(run);
    let all = score(&model, &walk.table, &Task::default()).unwrap();
    // The first three rows alone: of these dates and answers nobody could say how they are written.
    let text = std::fs::read_to_string(folder.path().join("mixed.csv")).unwrap();
    let few: Vec<&str> = text.lines().take(4).collect();
    let file = folder.path().join("few.csv");
    std::fs::write(&file, few.join("\n")).unwrap();
    let table = load_rows(&model, &SourceSpec::new(&file), &Task::default()).unwrap();
    let scored = score(&model, &table, &Task::default()).unwrap();
    assert_eq!(scored.rows, all.rows[..3]);
}

#[test]
fn what_is_missing_or_new_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let features = ["spend", "visits", "channel"];
    let walk =
        walk(&mixed(folder.path()), &Choices { algorithms: Some(vec!["kmeans".into()]), ..all_algorithms(&features) });
    let model = walk.model(walk.done().next().unwrap());
    let scored = |text: &str| {
        let file = folder.path().join("new.csv");
        std::fs::write(&file, text).unwrap();
        let table = load_rows(&model, &SourceSpec::new(&file), &Task::default()).unwrap();
        score(&model, &table, &Task::default()).map(|scored| {
            let placed =
                scored.rows.iter().map(|placed| (placed.note.clone(), placed.out_of_range)).collect::<Vec<_>>();
            (placed, scored.missing)
        })
    };
    let (rows, missing) = scored("Spend,visits,channel\n40,5,web\n40,5,drone\n").unwrap();
    assert_eq!(missing, [("spend".to_owned(), Some("Spend".to_owned()))]);
    assert_eq!(rows[0].0, "filled: spend");
    assert_eq!(rows[1].0, "filled: spend, channel");
    let (rows, _) = scored("spend,visits,channel\n40,5,shop\n1e6,5,shop\n").unwrap();
    assert_eq!((rows[0].1, rows[1].1), (Some(false), Some(true)));
    let error = scored("a,b\n1,2\n").unwrap_err().to_string();
    assert!(error.contains("none of the model's columns is there: channel, spend, visits"), "{error}");
}

#[test]
fn the_same_run_gives_the_same_bytes_for_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let file = mixed(folder.path());
    let on = |threads| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| {
            let choices = Choices { k: Some("2..4".into()), ..Choices::default() };
            let walk = walk(&file, &choices);
            let run = walk.done().next().unwrap();
            walk.model(run).to_bytes().unwrap()
        })
    };
    assert!(on(1) == on(2));
}

#[test]
fn customers_that_were_rolled_up_are_placed_from_their_lines() {
    let choices = Choices {
        rollup: Some(crate::recipe::rfm::RollUpSpec::default()),
        algorithms: Some(vec!["kmeans".into()]),
        k: Some("3".into()),
        ..Choices::default()
    };
    let walk = walk(Path::new("sample:orders"), &choices);
    let run = walk.done().next().unwrap();
    let model = walk.model(run);
    assert!(model.takes_order_lines());
    let table = load_rows(&model, &SourceSpec::new("sample:orders"), &Task::default()).unwrap();
    let scored = score(&model, &table, &Task::default()).unwrap();
    assert_eq!(scored.rows.iter().map(|placed| placed.segment).collect::<Vec<_>>(), walk.labels(run));
}

#[test]
fn damage_and_later_versions_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let walk = walk(
        Path::new("sample:mall"),
        &Choices { algorithms: Some(vec!["kmeans".into()]), k: Some("3".into()), ..Choices::default() },
    );
    let bytes = walk.model(walk.done().next().unwrap()).to_bytes().unwrap();
    let file = folder.path().join("model");
    let told = |bytes: &[u8]| {
        std::fs::write(&file, bytes).unwrap();
        read(&file).unwrap_err().to_string()
    };
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(told(&bytes[..bytes.len() / 2]).contains("the model is damaged"));
    assert!(told(text.replace("\"version\":1", "\"version\":2").as_bytes()).contains("version 2 of the format"));
    assert!(told(text.replacen("0.", "1.", 1).as_bytes()).contains("damaged"));
    assert!(told(b"a,b\n1,2\n").contains("this is no model"));
    assert!(told(b"").contains("this is no model"));
    std::fs::write(&file, &bytes).unwrap();
    assert!(crate::model::is_model(&file));
}
