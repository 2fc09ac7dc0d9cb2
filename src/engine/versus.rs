//! Two runs against each other: who stands where, who moves, how far both are alike.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::matrix::Labels;
use crate::metrics::external::ari_of_counts;
use crate::plot::number;
use crate::study::Study;

/// Two labelings of the same customers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Versus {
    /// Customers of each segment of the first (0, in none, first) in each of the second.
    pub counts: Vec<Vec<usize>>,
    /// The adjusted Rand index: 1 is the same, 0 is chance.
    pub ari: f64,
    /// For each segment of the first the one of the second that most of its customers stand in, if it is a segment.
    pub matches: Vec<Option<usize>>,
    /// Customers that stand in the matching segment.
    pub alike: usize,
    /// Who moves, the most first: from a segment of the first into another than the matching one of the second.
    pub moves: Vec<Move>,
}

/// Customers that move together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Move {
    /// The segment of the first run; 0 is none.
    pub from: usize,
    /// The segment of the second run; 0 is none.
    pub to: usize,
    /// How many.
    pub customers: usize,
}

impl Versus {
    /// Two labelings of the same rows.
    pub fn of(a: &Labels, b: &Labels) -> Self {
        let mut counts = vec![vec![0; b.clusters() + 1]; a.clusters() + 1];
        a.as_slice().iter().zip(b.as_slice()).for_each(|(&a, &b)| counts[a as usize][b as usize] += 1);
        Self::of_counts(counts)
    }

    /// What a cross table comes to; row and column 0 hold the customers in no segment.
    pub fn of_counts(counts: Vec<Vec<usize>>) -> Self {
        let matches: Vec<Option<usize>> = counts.iter().enumerate().map(|(from, row)| target(from, row)).collect();
        let mut moves = Vec::new();
        for (from, row) in counts.iter().enumerate() {
            let stays = if from == 0 { Some(0) } else { matches[from] };
            let others = row.iter().enumerate().filter(|&(to, &customers)| customers > 0 && Some(to) != stays);
            moves.extend(others.map(|(to, &customers)| Move { from, to, customers }));
        }
        moves.sort_by_key(|of| (std::cmp::Reverse(of.customers), of.from, of.to));
        let all: usize = counts.iter().flatten().sum();
        let alike = all - moves.iter().map(|of| of.customers).sum::<usize>();
        Self { ari: ari_of_counts(&counts), counts, matches, alike, moves }
    }

    /// What it comes to in a sentence, then one for each segment, with `glyph` before its number.
    pub fn words(&self, glyph: &dyn Fn(usize) -> String) -> Vec<String> {
        let all: usize = self.counts.iter().flatten().sum();
        let alike = match self.ari {
            ari if ari >= 0.95 => "nearly the same",
            ari if ari >= 0.8 => "much alike",
            ari if ari >= 0.5 => "alike in part",
            ari if ari >= 0.2 => "little alike",
            _ => "hardly more alike than chance",
        };
        let stay = number::whole(self.alike);
        let first = format!(
            "{alike}: {stay} of {} customers stay with the most of their segment (ARI {}).",
            number::whole(all),
            number::ratio(self.ari, 2)
        );
        let lines = (1..self.counts.len()).map(|from| self.line(from, glyph));
        std::iter::once(capital(&first)).chain(lines).collect()
    }

    /// `● 1 goes to ◆ 2 (78 of 81), 3 to ▲ 3`.
    fn line(&self, from: usize, glyph: &dyn Fn(usize) -> String) -> String {
        let name = |to: usize| if to == 0 { "no segment".to_owned() } else { glyph(to) };
        let size = number::whole(self.counts[from].iter().sum());
        let most =
            self.matches[from].map(|to| format!("{} of {size} to {}", number::whole(self.counts[from][to]), name(to)));
        let others = self.moves.iter().filter(|of| of.from == from);
        let others = others.map(|of| format!("{} to {}", number::whole(of.customers), name(of.to)));
        let parts: Vec<String> = most.into_iter().chain(others).collect();
        format!("{}: {}", glyph(from), parts.join(", "))
    }
}

/// The segment that most of a row stand in, the first of equal ones.
fn target(from: usize, row: &[usize]) -> Option<usize> {
    let most = row.iter().enumerate().skip(1).rev().max_by_key(|(_, count)| **count)?;
    (from > 0 && *most.1 > 0).then_some(most.0)
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// Two runs of a study, by their ids.
///
/// # Errors
/// One of them is not there, has no segments, or stands for other rows.
pub fn versus(study: &Study, recipe: &crate::recipe::Recipe, a: &str, b: &str) -> Result<Versus> {
    let runs = [a, b].map(|id| super::steps::choose(study, recipe, Some(id)));
    let [a, b] = runs;
    let (a, b) = (a?, b?);
    if a.labels.len() != b.labels.len() {
        return Err(Error::failed("the two runs are about other customers: one of them was fitted to a sample"));
    }
    Ok(Versus::of(&a.labels, &b.labels))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::metrics::external::ari;

    fn labels(raw: &[u32]) -> Labels {
        Labels::from_raw(&raw.iter().map(|&label| (label > 0).then_some(label)).collect::<Vec<_>>())
    }

    #[test]
    fn who_moves_is_who_leaves_the_most_of_the_own_segment() {
        let (a, b) = (labels(&[1, 1, 1, 1, 2, 2, 2, 0]), labels(&[1, 1, 1, 2, 2, 2, 0, 0]));
        let found = Versus::of(&a, &b);
        assert_eq!(found.counts, [vec![1, 0, 0], vec![0, 3, 1], vec![1, 0, 2]]);
        assert_eq!(found.matches, [None, Some(1), Some(2)]);
        assert_eq!(found.alike, 6);
        let moves: Vec<(usize, usize, usize)> = found.moves.iter().map(|of| (of.from, of.to, of.customers)).collect();
        assert_eq!(moves, [(1, 2, 1), (2, 0, 1)]);
        assert!((found.ari - ari(a.as_slice(), b.as_slice())).abs() < 1e-15);
        let words = found.words(&|number| number.to_string());
        assert_eq!(words[1..], ["1: 3 of 4 to 1, 1 to 2", "2: 2 of 3 to 2, 1 to no segment"]);
    }
}
