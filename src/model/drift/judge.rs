//! The report on a tally.

use super::chance::{self, holm};
use super::scale::{Cells, Grid, Scale};
use super::values::{By, Change, Drift, Level, Moved, Size, Test, What};
use super::{Tally, Yardstick};
use crate::segments::p_of_level;

/// Fewer rows say nothing.
pub const LEAST_ROWS: usize = 30;
/// How often a report may say "drifted" where nothing did.
pub const LIMIT: f64 = 0.02;

/// Holds the rows of a tally against a yardstick; with fewer than [`LEAST_ROWS`] placed ones nothing is tested.
pub fn drift(yardstick: &Yardstick, tally: &Tally) -> Drift {
    let tests = tally.rows - tally.unplaced >= LEAST_ROWS;
    let features = yardstick.scales.iter().map(|scale| feature(yardstick, scale, tally));
    let mut moved: Vec<Moved> =
        features.chain([segments(yardstick, tally)]).chain(distances(yardstick, tally)).collect();
    if !tests {
        moved.iter_mut().for_each(|moved| moved.tests.clear());
    }
    correct(&mut moved);
    moved.iter_mut().for_each(Moved::put_into_words);
    Drift {
        rows: tally.rows,
        unplaced: tally.unplaced,
        trained_on: yardstick.sizes.iter().sum(),
        limit: LIMIT,
        drifted: moved.iter().any(|moved| moved.drifted),
        moved,
    }
}

/// Corrects all tests for each other.
fn correct(moved: &mut [Moved]) {
    let p: Vec<f64> = moved.iter().flat_map(|moved| &moved.tests).map(|test| test.p).collect();
    let mut corrected = holm(&p).into_iter();
    for moved in moved {
        for (test, corrected) in moved.tests.iter_mut().zip(corrected.by_ref()) {
            test.corrected = corrected;
        }
        moved.drifted = moved.tests.iter().any(|test| test.corrected <= LIMIT);
    }
}

fn test(by: By, p: f64) -> Test {
    Test { by, p, corrected: 1.0 }
}

/// Something of which nothing is known yet.
fn plain(what: What, name: &str) -> Moved {
    Moved {
        what,
        name: name.to_owned(),
        drifted: false,
        psi: None,
        psi_by_chance: None,
        size: Size::Slight,
        change: Change::Nothing,
        missing: None,
        importance: None,
        tests: Vec::new(),
        placed_otherwise: None,
        sentence: String::new(),
    }
}

fn feature(yardstick: &Yardstick, scale: &Scale, tally: &Tally) -> Moved {
    let (missing, counts) = yardstick.of_scale(scale, tally);
    let mut moved = Moved { importance: scale.importance, ..plain(What::Feature, &scale.column) };
    match &scale.cells {
        Cells::Numbers(grid) => of_numbers(&mut moved, grid, &counts),
        Cells::Levels { names, before, .. } => of_levels(&mut moved, (names, before), &counts),
        Cells::Nothing => {}
    }
    let (gaps, rows) = (scale.gaps, tally.rows);
    let share = |missing: usize, rows: usize| missing as f64 / rows.max(1) as f64;
    moved.missing = Some([share(gaps.missing, gaps.rows), share(missing, rows)]);
    if gaps.missing + missing > 0 && rows > 0 {
        let p = p_of_level(missing, rows, gaps.missing + missing, gaps.rows + rows);
        moved.tests.push(test(By::Missing, p));
    }
    moved
}

fn of_numbers(moved: &mut Moved, grid: &Grid, now: &[f64]) {
    let before = grid.before();
    let (n, m): (f64, f64) = (before.iter().sum(), now.iter().sum());
    if n < 1.0 || m < 1.0 {
        return;
    }
    let (ks, ranks) = (grid.ks(now), chance::ranks(&before, now));
    moved.change = Change::Numbers { median: [grid.median(&before), grid.median(now)], ks, above: ranks.above };
    sized(moved, &grid.in_bins(now));
    if grid.is_yes_no(now) {
        let yes = [before[1], now[1]].map(|count| count as usize);
        moved.tests.push(test(By::Shares, p_of_level(yes[1], m as usize, yes[0] + yes[1], (n + m) as usize)));
        return;
    }
    moved.tests.push(test(By::Ks, chance::p_of_ks(ks, n, m)));
    // Guessed counts would move the ranks.
    moved.tests.extend(ranks.p.filter(|_| grid.is_exact()).map(|p| test(By::Ranks, p)));
}

fn of_levels(moved: &mut Moved, (names, before): (&[String], &[f64]), now: &[f64]) {
    let (n, m): (f64, f64) = (before.iter().sum(), now.iter().sum());
    if n < 1.0 || m < 1.0 {
        return;
    }
    let others = std::iter::once("others");
    let named = names.iter().map(String::as_str).chain(others).zip(before.iter().zip(now));
    let level =
        |(name, (old, new)): (&str, (&f64, &f64))| Level { name: name.to_owned(), before: old / n, now: new / m };
    let mut levels: Vec<Level> = named.map(level).filter(|level| level.before + level.now > 0.0).collect();
    levels.sort_by(|a, b| (b.now - b.before).abs().total_cmp(&(a.now - a.before).abs()));
    moved.change = Change::Levels(levels);
    sized(moved, &(before.to_vec(), now.to_vec()));
    moved.tests.extend(chance::chi_squared(before, now).map(|of| test(By::ChiSquared, of.p)));
}

fn sized(moved: &mut Moved, (before, now): &(Vec<f64>, Vec<f64>)) {
    let (psi, by_chance) = (chance::psi(before, now), chance::psi_by_chance(before, now));
    (moved.psi, moved.psi_by_chance) = (Some(psi), Some(by_chance));
    moved.size = Size::of(psi - by_chance);
}

/// The borders were drawn through the training rows, so that their shares say less of the customers' than as many rows
/// that had no part in that: each counts so much.
const FITTED: f64 = 0.5;

/// The segments' shares. Where single training rows place others, who is in no segment is not compared: no training row
/// is farther from the training rows than itself.
fn segments(yardstick: &Yardstick, tally: &Tally) -> Moved {
    let mut moved = plain(What::Segments, "segments");
    let (mut before, mut now): (Vec<f64>, Vec<f64>) =
        (yardstick.sizes.iter().map(|&size| FITTED * size as f64).collect(), yardstick.of_segments(tally));
    let mut names = yardstick.names.clone();
    if yardstick.remembers {
        before.remove(0);
        now.remove(0);
        names.remove(0);
    }
    // There is no level beside these.
    before.push(0.0);
    now.push(0.0);
    of_levels(&mut moved, (&names, &before), &now);
    moved
}

fn distances(yardstick: &Yardstick, tally: &Tally) -> Option<Moved> {
    let grid = yardstick.distances.as_ref().filter(|_| !yardstick.remembers)?;
    let mut moved = plain(What::Distances, "distances");
    of_numbers(&mut moved, grid, &yardstick.of_distances(tally));
    Some(moved)
}
