//! How sure the segments are: the gauge, what it rests on, each segment.

use super::super::grid::{Grid, Side};
use super::overview::glyph;
use crate::plot::number;
use crate::segments::{Proof, Segments, Trial};

/// For reading.
pub fn text(segments: &Segments) -> String {
    let Some(proof) = &segments.proof else { return String::new() };
    let tables = [trials(proof), per_segment(proof, segments), features(proof)];
    let tables: Vec<String> = tables.iter().flatten().map(|grid| grid.lines(None).join("\n")).collect();
    format!("\n── how sure: {} ──\n{}\n\n{}\n", proof.gauge.word(), proof.sentence(), tables.join("\n\n"))
}

/// As Markdown.
pub fn markdown(segments: &Segments) -> String {
    let Some(proof) = &segments.proof else { return String::new() };
    let tables = [trials(proof), per_segment(proof, segments), features(proof)];
    let tables: Vec<String> = tables.iter().flatten().map(Grid::markdown).collect();
    format!("\n## How sure: {}\n\n{}\n\n{}", proof.gauge.word(), proof.sentence(), tables.join("\n"))
}

/// The columns that the proof adds to the segments' CSV.
pub const CSV_HEADS: [&str; 4] = ["starts", "without outliers", "hangs on", "without it"];

/// What stands in them.
pub fn csv_cells(proof: &Proof, segment: u32) -> [String; 4] {
    let some = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let Some(of) = proof.segments.iter().find(|of| of.segment == segment) else { return Default::default() };
    let (feature, without) = of.hangs_on.clone().unzip();
    [some(of.seeds), some(of.outliers), feature.unwrap_or_default(), some(without)]
}

fn ratio(value: Option<f64>) -> String {
    value.map_or_else(|| number::NONE.to_owned(), |value| number::ratio(value, 2))
}

fn trials(proof: &Proof) -> Option<Grid> {
    let heads = [("tried", Side::Left), ("found", Side::Right), ("good from", Side::Right), ("", Side::Left)];
    let mut grid = Grid::new(heads.into_iter().chain([("says", Side::Left)]));
    for Trial { name, value, good, mark, words, .. } in &proof.trials {
        grid.push(vec![name.clone(), ratio(Some(*value)), ratio(Some(*good)), mark.word().to_owned(), words.clone()]);
    }
    Some(grid)
}

fn per_segment(proof: &Proof, segments: &Segments) -> Option<Grid> {
    let heads = ["redraws", "other starts", "no outliers"].map(|name| (name, Side::Right));
    let last = [("hangs on", Side::Left), ("without it", Side::Right)];
    let mut grid = Grid::new([("", Side::Left), ("segment", Side::Left)].into_iter().chain(heads).chain(last));
    for of in &proof.segments {
        let Some(segment) = segments.list.iter().find(|segment| segment.number == of.segment) else { continue };
        let (feature, without) = of.hangs_on.clone().unzip();
        grid.push(vec![
            format!("{} {}", glyph(of.segment), of.segment),
            segment.name.clone(),
            ratio(of.holds),
            ratio(of.seeds),
            ratio(of.outliers),
            feature.unwrap_or_default(),
            ratio(without),
        ]);
    }
    Some(grid)
}

fn features(proof: &Proof) -> Option<Grid> {
    let mut grid = Grid::new([("without this feature", Side::Left), ("the same segments", Side::Right)]);
    proof.features.iter().for_each(|(feature, left)| grid.push(vec![feature.clone(), ratio(Some(*left))]));
    (!proof.features.is_empty()).then_some(grid)
}
