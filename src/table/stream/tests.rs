#![allow(clippy::unwrap_used, clippy::panic)]
use std::path::Path;

use super::*;
use crate::table::{Key, SourceSpec, TableError};

fn spec(path: &Path) -> SourceSpec {
    SourceSpec::new(path)
}

fn written(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

/// What was handed over, in order, and how it ended.
fn read(path: &Path, columns: &[(&str, Take)], from: u64) -> (Vec<Stretch>, u64, Streamed) {
    let stream = Stream::new(&sample(&spec(path)).unwrap(), columns).unwrap();
    let (mut all, mut at) = (Vec::new(), 0);
    let ended = stream.read::<TableError>(from, &Task::default(), &mut |stretches, end| {
        all.extend(stretches);
        at = end;
        Ok(())
    });
    (all, at, ended.unwrap())
}

const TEXT: &str =
    "who,when,what\na,2024-01-02,1.5\n\"b, c\",2024-01-31,\"x\ny\"\r\n\nshort,line\n,2024-02-30,NA\na,2024-03-01,2";

#[test]
fn lines_are_read_as_what_they_are_wanted_for() {
    let file = written(TEXT);
    let columns = [("what", Take::Number), ("who", Take::Key), ("when", Take::Date("%Y-%m-%d".to_owned()))];
    let (stretches, _, ended) = read(file.path(), &columns, 0);
    let [stretch] = &stretches[..] else { panic!("{} stretches", stretches.len()) };
    assert_eq!((stretch.rows, stretch.broken), (4, 1));
    let keys = ["a", "b, c", "", "a"].map(Key::of_text);
    assert_eq!(stretch.keys(1).unwrap().of, keys);
    let dates: Vec<Option<f64>> = stretch.numbers(2).unwrap().iter().map(|&at| (!at.is_nan()).then_some(at)).collect();
    assert_eq!(dates, [Some(1_704_153_600.0), Some(1_706_659_200.0), None, Some(1_709_251_200.0)]);
    let amounts = stretch.numbers(0).unwrap();
    assert_eq!((amounts[0], amounts[1].is_nan(), amounts[2].is_nan(), amounts[3]), (1.5, true, true, 2.0));
    let hash = format!("blake3:{}", blake3::hash(TEXT.as_bytes()).to_hex());
    assert_eq!(ended, Streamed::Done(Some(hash)));
}

#[test]
fn a_long_text_can_be_gone_on_with_where_a_stretch_ended() {
    let lines: String = (0..400_000).map(|line| format!("c{},{}\n", line % 977, line % 50)).collect();
    let file = written(&format!("who,what\n{lines}"));
    let columns = [("who", Take::Key), ("what", Take::Label)];
    let (all, _, _) = read(file.path(), &columns, 0);
    assert!(all.len() > 2);
    assert_eq!(all.iter().map(|stretch| stretch.rows).sum::<usize>(), 400_000);
    let bytes = std::fs::read(file.path()).unwrap();
    let middle = bytes.len() / 2;
    let from = middle + bytes[middle..].iter().position(|&byte| byte == b'\n').unwrap() + 1;
    let before = bytes[..from].iter().filter(|&&byte| byte == b'\n').count() - 1;
    let (rest, at, ended) = read(file.path(), &columns, from as u64);
    assert_eq!(rest.iter().map(|stretch| stretch.rows).sum::<usize>(), 400_000 - before);
    assert_eq!((at, ended), (bytes.len() as u64, Streamed::Done(None)));
    let keys =
        |stretches: &[Stretch]| stretches.iter().flat_map(|one| one.keys(0).unwrap().of.clone()).collect::<Vec<_>>();
    assert_eq!(keys(&all)[before..], keys(&rest));
}

#[test]
fn what_is_no_utf8_is_left_to_others() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), b"who,what\na,1\n").unwrap();
    let stream = Stream::new(&sample(&spec(file.path())).unwrap(), &[("who", Take::Key)]).unwrap();
    std::fs::write(file.path(), b"who,what\n\xFF,1\n").unwrap();
    let ended = stream.read::<TableError>(0, &Task::default(), &mut |_, _| Ok(()));
    assert_eq!(ended.unwrap(), Streamed::NotPlain);
}
