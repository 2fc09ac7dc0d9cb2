//! Maps over fixed chunks: in parallel, with the results in order.
//!
//! The chunks depend on the number of items only, never on the number of threads, so that whoever
//! combines the results in order gets the same bits on any machine.

use std::ops::Range;

use rayon::prelude::*;

/// Items a chunk where nothing else is asked for.
pub const CHUNK: usize = 1024;

/// Maps `0..n` in chunks of [`CHUNK`] items.
pub fn chunks<T: Send>(n: usize, map: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    chunks_of(CHUNK, n, map)
}

/// Maps `0..n` in chunks of `size` items. A single chunk stays on the caller's thread.
pub fn chunks_of<T: Send>(size: usize, n: usize, map: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let chunk = |index: usize| map(index * size..n.min((index + 1) * size));
    match n.div_ceil(size) {
        0 => Vec::new(),
        1 => vec![chunk(0)],
        count => (0..count).into_par_iter().map(chunk).collect(),
    }
}

/// Does both, at the same time where there is a thread for it.
pub fn both<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(a, b)
}

/// As [`chunks_of`], each chunk with the part of `out` that it fills.
pub fn fill<O: Send, T: Send>(size: usize, out: &mut [O], map: impl Fn(Range<usize>, &mut [O]) -> T + Sync) -> Vec<T> {
    let n = out.len();
    let chunk = |(index, part): (usize, &mut [O])| map(index * size..n.min((index + 1) * size), part);
    if n <= size {
        return if n == 0 { Vec::new() } else { vec![chunk((0, out))] };
    }
    out.par_chunks_mut(size).enumerate().map(chunk).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chunks_cover_everything_in_order() {
        for n in [0, 1, 7, 8, 9, 100] {
            let ranges = chunks_of(8, n, |range| range);
            assert_eq!(ranges.into_iter().flatten().collect::<Vec<_>>(), (0..n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn each_chunk_fills_its_own_part() {
        let mut out = vec![0; 100];
        let sizes = fill(8, &mut out, |range, part| {
            part.copy_from_slice(&range.clone().collect::<Vec<_>>());
            range.len()
        });
        assert_eq!(out, (0..100).collect::<Vec<_>>());
        assert_eq!(sizes.len(), 13);
        assert_eq!(sizes.last(), Some(&4));
    }
}
