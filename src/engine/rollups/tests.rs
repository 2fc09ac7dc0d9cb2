#![allow(clippy::unwrap_used)]
use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::*;

/// Order lines as text, about 3 MB of them.
fn orders() -> String {
    let mut text = String::from("order_id,customer_id,order_date,quantity,unit_price,category\n");
    for line in 0..60_000_u64 {
        let mixed = line.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        let (order, customer) = (line / 3, (line / 3).wrapping_mul(2_654_435_761) % 2_000);
        let (month, day) = (1 + line / 5_000 % 12, 1 + line % 28);
        let quantity = mixed % 9;
        writeln!(
            text,
            "{order},C{customer:06},2024-{month:02}-{day:02},{quantity},{}.{:02},g{}",
            mixed % 100,
            mixed % 89,
            mixed % 7
        )
        .unwrap();
    }
    text
}

fn spec(path: &Path) -> SourceSpec {
    SourceSpec::new(path)
}

fn all() -> RollUpSpec {
    RollUpSpec { with: rfm::Extra::ALL.to_vec(), scores: Some(rfm::Ties::RankFirst), ..RollUpSpec::default() }
}

fn bits(rolled: &RollUp) -> String {
    (0..rolled.customers()).map(|row| rolled.row(row).join(",") + "\n").collect()
}

#[test]
fn a_stream_gives_the_same_bits_as_memory() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.csv");
    std::fs::write(&file, orders()).unwrap();
    let task = Task::default();
    let whole = roll_up(&spec(&file), &all(), &Keep { folder: None, least: u64::MAX, every: 1 }, &task).unwrap();
    let stream = roll_up(&spec(&file), &all(), &Keep { folder: None, least: 0, every: 1 }, &task).unwrap();
    assert!(bits(&whole.rolled) == bits(&stream.rolled));
    assert!(whole.rolled == stream.rolled);
    assert_eq!(whole.source.fingerprint, stream.source.fingerprint);
}

#[test]
fn what_was_rolled_up_is_kept_for_its_owner_and_for_this_source_only() {
    let folder = tempfile::tempdir().unwrap();
    let (file, cache) = (folder.path().join("orders.csv"), folder.path().join("cache"));
    std::fs::write(&file, orders()).unwrap();
    let (task, keep) = (Task::default(), Keep { folder: Some(cache.clone()), least: 0, every: 1 << 20 });
    let first = roll_up(&spec(&file), &all(), &keep, &task).unwrap();
    let again = roll_up(&spec(&file), &all(), &keep, &task).unwrap();
    assert_eq!((first.kept, again.kept), (false, true));
    assert!(bits(&first.rolled) == bits(&again.rolled));
    assert_eq!((first.rolled.counts, first.rolled.snapshot), (again.rolled.counts, again.rolled.snapshot));
    assert_eq!(first.source, again.source);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let files: Vec<_> = std::fs::read_dir(&cache).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!((files.len(), mode(&cache)), (2, 0o700));
    assert!(files.iter().all(|file| mode(file) == 0o600));
    let other = roll_up(&spec(&file), &RollUpSpec::default(), &keep, &task).unwrap();
    std::fs::write(&file, orders() + "1,C1,2024-12-31,1,1.00,g1\n").unwrap();
    let changed = roll_up(&spec(&file), &all(), &keep, &task).unwrap();
    assert!(!other.kept && !changed.kept && changed.rolled != first.rolled);
}

#[test]
fn a_roll_up_that_was_broken_off_goes_on_to_the_same_table() {
    let folder = tempfile::tempdir().unwrap();
    let (file, cache) = (folder.path().join("orders.csv"), folder.path().join("cache"));
    std::fs::write(&file, orders()).unwrap();
    let whole = roll_up(&spec(&file), &all(), &Keep { folder: None, least: 0, every: 1 }, &Task::default()).unwrap();
    let kept = Kept::of(&cache, &spec(&file), &all()).unwrap();
    let half = std::fs::metadata(&file).unwrap().len() / 2;
    // The lines before the middle, as a roll-up leaves them that is killed there.
    let text = std::fs::read(&file).unwrap();
    let end = half as usize + text[half as usize..].iter().position(|&byte| byte == b'\n').unwrap() + 1;
    let front = folder.path().join("front.csv");
    std::fs::write(&front, &text[..end]).unwrap();
    let begun = Long::open(stream::sample(&spec(&front)).unwrap(), &all()).unwrap().unwrap();
    let mut save = |ledger: &Ledger, at: u64| kept.save(ledger, at);
    begun.roll_up(Ledger::default(), 0, &Task::default(), &mut save).unwrap().unwrap();
    assert_eq!(kept.broken_off().unwrap().1, end as u64);
    let keep = Keep { folder: Some(cache.clone()), least: 0, every: 1 << 40 };
    let resumed = roll_up(&spec(&file), &all(), &keep, &Task::default()).unwrap();
    assert!(resumed.rolled == whole.rolled);
    assert_eq!(resumed.source.fingerprint, whole.source.fingerprint);
    assert!(kept.broken_off().is_none());
}
