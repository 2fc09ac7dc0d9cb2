//! The README's pictures, drawn from the real screens: the bundled sample, its own seed, nothing typed but keys.
//!
//! `SEGMENTA_PICTURES=renew cargo test --release pictures` writes them anew.

use std::path::PathBuf;

use super::svg::svg;
use super::*;
use crate::table::SourceSpec;

const SIZE: (u16, u16) = (110, 34);

/// (the file, its title, the keys that lead there).
const PICTURES: &[(&str, &str, &str)] = &[
    ("data", "Data: the columns of a file, what they are for, what wants a word", "1 g j j"),
    ("explore", "Explore: how the values of one column are spread", "2"),
    ("compare", "Compare: the runs side by side, and which one to take", "4"),
    ("segments", "Segments: who they are, what makes each different, what to try", "5 j"),
    ("map", "Map: all customers at once", "6"),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/pictures")
}

/// The workbench on the sample, everything worked out that it works out by itself.
fn opened() -> (Desk, Inline) {
    let mut desk = Desk::opened(SourceSpec::new("sample:mall"), SIZE.0, SIZE.1);
    let mut engine = Inline::new(Beginning::default());
    desk.settle(&mut engine);
    (desk, engine)
}

#[test]
fn the_pictures_are_those_of_the_screens() {
    let renew = std::env::var("SEGMENTA_PICTURES").is_ok_and(|value| value == "renew");
    let (mut desk, mut engine) = opened();
    for (name, title, keys) in PICTURES {
        desk.keys(keys);
        desk.settle(&mut engine);
        desk.state.message = None;
        desk.state.look = look("dark", Depth::True, Glyphs::Braille);
        let (drawn, file) = (svg(title, &desk.buffer().0), folder().join(format!("{name}.svg")));
        if renew {
            std::fs::create_dir_all(folder()).unwrap();
            std::fs::write(&file, &drawn).unwrap();
        }
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        let how = "SEGMENTA_PICTURES=renew cargo test --release pictures";
        assert!(kept == drawn, "{} is not what the screen shows; draw it anew by: {how}", file.display());
    }
}
