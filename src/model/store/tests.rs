#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;

use super::*;

/// The model that is kept for tests, told apart by its program's name.
fn model(name: &str) -> Model {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kept/model-v1.json");
    Model { program: name.to_owned(), ..Model::read(Path::new(file)).unwrap() }
}

/// A store with models a, b, c …, the last of which serves over those before.
fn filled(folder: &Path, names: &[&str]) -> Store {
    let mut store = Store::create(folder).unwrap();
    for name in names {
        let version = store.add(&model(name), "test").unwrap();
        store.promote(version.number, "test", "").unwrap();
    }
    store
}

fn told(store: &Store) -> Vec<(What, Option<u64>)> {
    store.shelf().history().events.iter().map(|event| (event.event, event.version)).collect()
}

fn history_file(folder: &Path) -> PathBuf {
    folder.join("history.ndjson")
}

#[test]
fn versions_serve_one_after_the_other_and_back() {
    let root = tempfile::tempdir().unwrap();
    let mut store = filled(root.path(), &["a", "b"]);
    assert_eq!((store.shelf().serving(), store.shelf().before()), (Some(2), Some(1)));
    let candidate = store.add(&model("c"), "test").unwrap();
    assert_eq!((candidate.number, store.shelf().serving()), (3, Some(2)));
    assert_eq!(store.add(&model("a"), "test").unwrap().number, 1, "what is there already is no new version");
    let (number, back) = store.roll_back("test", "it was worse").unwrap();
    assert_eq!((number, back.program.as_str()), (1, "a"));
    assert!(matches!(store.roll_back("test", ""), Err(StoreError::NothingBefore)));
    assert!(matches!(store.promote(9, "test", ""), Err(StoreError::NoVersion { number: 9, .. })));
    drop(store);
    let shelf = Shelf::read(root.path()).unwrap();
    let (number, served) = shelf.served().unwrap();
    assert_eq!((number, served.program.as_str()), (1, "a"));
    let last = shelf.history().events.last().unwrap().clone();
    assert_eq!((last.event, last.version, last.from), (What::RolledBack, Some(1), Some(2)));
    assert_eq!((last.seq, last.words.as_str()), (6, "it was worse"));
    let about = shelf.version(1).unwrap().about.clone().unwrap();
    assert_eq!((about.segments, about.customers), (4, 600));
}

#[test]
fn a_store_is_changed_by_one_at_a_time() {
    let root = tempfile::tempdir().unwrap();
    let store = filled(root.path(), &["a"]);
    let Err(StoreError::Locked(_, holder)) = Store::open(root.path()) else { panic!("it opened twice") };
    assert_eq!(holder, Some(std::process::id()));
    assert_eq!(Shelf::read(root.path()).unwrap().serving(), Some(1), "whoever only reads may");
    drop(store);
    Store::open(root.path()).unwrap();
}

#[test]
fn the_serving_version_and_the_one_before_it_are_never_removed() {
    let root = tempfile::tempdir().unwrap();
    let mut store = filled(root.path(), &["a", "b"]);
    store.keep(3);
    for name in ["c", "d", "e"] {
        store.add(&model(name), "test").unwrap();
    }
    let there: Vec<u64> = store.shelf().versions().iter().map(|version| version.number).collect();
    assert_eq!(there, [1, 2, 5]);
    assert_eq!(fs::read_dir(root.path().join("versions")).unwrap().count(), 3);
    let removed = told(&store).into_iter().filter(|(what, _)| *what == What::Removed);
    assert_eq!(removed.map(|(_, version)| version.unwrap()).collect::<Vec<_>>(), [3, 4]);
    store.keep(0);
    assert_eq!(store.add(&model("f"), "test").unwrap().number, 6, "no number is given twice");
    assert_eq!(store.shelf().versions().len(), 3);
}

#[test]
fn lines_that_were_owed_are_written_at_the_next_opening() {
    let root = tempfile::tempdir().unwrap();
    drop(filled(root.path(), &["a", "b"]));
    let whole = fs::read(history_file(root.path())).unwrap();
    // The program may have ended before, while or after it wrote any of the bytes.
    for cut in (0..whole.len()).step_by(7).chain([whole.len() - 1]) {
        fs::write(history_file(root.path()), &whole[..cut]).unwrap();
        let store = Store::open(root.path()).unwrap();
        let (events, shelf) = (&store.shelf().history().events, store.shelf());
        assert_eq!(shelf.served().unwrap().1.program, "b", "cut at {cut}");
        assert!(events.windows(2).all(|pair| pair[0].seq < pair[1].seq), "cut at {cut}: {events:?}");
        let is_promotion = |event: &&Event| event.event == What::Promoted;
        assert_eq!(events.iter().rfind(is_promotion).unwrap().version, Some(2), "cut at {cut}");
        let (told, _) = shelf.history().told();
        assert_eq!(told.into_iter().collect::<Vec<_>>(), [1, 2], "cut at {cut}");
        drop(store);
        let again = Store::open(root.path()).unwrap();
        assert_eq!(
            again.shelf().history().torn.len(),
            usize::from(cut > 0 && whole[cut - 1] != b'\n' && whole[cut] != b'\n')
        );
    }
}

#[test]
fn what_was_being_written_is_tidied_up() {
    let root = tempfile::tempdir().unwrap();
    drop(filled(root.path(), &["a"]));
    let part = root.path().join("versions/.x.part");
    fs::write(&part, "half").unwrap();
    // A version without its line: the program ended between the two.
    let bytes = model("b").to_bytes().unwrap();
    fs::write(root.path().join(format!("versions/0002-{}.json", versions::hash(&bytes))), &bytes).unwrap();
    let mut store = Store::open(root.path()).unwrap();
    assert!(!part.exists());
    assert_eq!(told(&store).last(), Some(&(What::Saved, Some(2))));
    assert_eq!(store.promote(2, "test", "").unwrap().program, "b");
    drop(store);
    fs::remove_file(root.path().join("versions").join(format!("0002-{}.json", versions::hash(&bytes)))).unwrap();
    let store = Store::open(root.path()).unwrap();
    assert_eq!(told(&store).last(), Some(&(What::Removed, Some(2))));
    assert!(matches!(store.shelf().served(), Err(StoreError::NoVersion { number: 2, .. })));
}

#[test]
fn damage_is_told_and_never_served() {
    let root = tempfile::tempdir().unwrap();
    let mut store = filled(root.path(), &["a", "b"]);
    let path = store.shelf().version(2).unwrap().path(root.path());
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.len() - 9;
    bytes[at] ^= 1;
    fs::write(&path, bytes).unwrap();
    assert!(matches!(store.shelf().served(), Err(StoreError::Damaged { number: 2, .. })));
    assert_eq!(store.roll_back("test", "").unwrap().1.program, "a", "one can go back from it");
    assert!(matches!(store.promote(2, "test", ""), Err(StoreError::Damaged { number: 2, .. })));
    drop(store);
    for (text, is_told) in [
        ("", "damaged"),
        ("{}", "damaged"),
        (r#"{"format":"segmenta-store","version":2,"chain":[]}"#, "version 2"),
        (r#"{"format":"other","version":1,"chain":[]}"#, "no store"),
    ] {
        fs::write(root.path().join("serving.json"), text).unwrap();
        let error = Store::open(root.path()).unwrap_err();
        assert!(error.to_string().contains(is_told), "{text}: {error}");
    }
}

#[test]
fn no_store_is_made_of_a_folder_with_other_files() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("thesis.txt"), "mine").unwrap();
    assert!(matches!(Store::create(root.path()), Err(StoreError::Others(_))));
    assert!(matches!(Store::open(root.path()), Err(StoreError::NotOne(_))));
    assert!(matches!(Shelf::read(root.path()), Err(StoreError::NotOne(_))));
    let empty = Store::create(&root.path().join("deep/store")).unwrap();
    assert!(matches!(empty.shelf().served(), Err(StoreError::Empty(_))));
}

#[test]
fn responses_are_counted_by_segment() {
    let root = tempfile::tempdir().unwrap();
    let mut store = filled(root.path(), &["a"]);
    let mut more = Recorded::default();
    more.count("loyal", true, true, 12.5);
    more.count("loyal", true, false, 0.0);
    more.count("loyal", false, false, 0.0);
    store.add_feedback(&more, "crm").unwrap();
    let all = store.add_feedback(&more, "crm").unwrap();
    drop(store);
    assert_eq!(all, Shelf::read(root.path()).unwrap().feedback().unwrap());
    let loyal = all.0["loyal"];
    assert_eq!(loyal.contacted, Tally { customers: 4, responded: 2, value: 25.0 });
    assert_eq!((loyal.control.customers, all.customers()), (2, 6));
}
