//! Runs plain code compiled for the widest registers that this processor has.
//!
//! The code is ordinary Rust over arrays of [`LANES`] numbers, which the compiler vectorises. No width
//! contracts or reorders an operation, so SSE2, AVX2 and AVX-512 agree to the bit.

mod vector;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use vector::{Half, OnVectors, Vector, WIDTH, half};
#[cfg(target_arch = "x86_64")]
pub use x86::{widest, with_vectors};

/// How many numbers one step of the kernels works on.
pub const LANES: usize = 16;

/// One number for each of [`LANES`] points.
pub type Lanes = [f64; LANES];

/// One sum for each point. Lanes go in and out by value: a loop that writes through one reference while it reads
/// through another is not vectorised once it is unrolled.
#[inline(always)]
pub fn plus(a: &Lanes, b: &Lanes) -> Lanes {
    std::array::from_fn(|lane| a[lane] + b[lane])
}

/// One product for each point.
#[inline(always)]
pub fn times(a: &Lanes, b: &Lanes) -> Lanes {
    std::array::from_fn(|lane| a[lane] * b[lane])
}

/// Each point less the same number.
#[inline(always)]
pub fn less(a: &Lanes, b: f64) -> Lanes {
    std::array::from_fn(|lane| a[lane] - b)
}

/// The sum of all points, halves first: a chain of additions would wait for each of them.
#[inline(always)]
pub fn sum(lanes: &Lanes) -> f64 {
    let mut sums = *lanes;
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            sums[lane] += sums[lane + half];
        }
        half /= 2;
    }
    sums[0]
}

/// Work that gains from wide registers. Mark `run` as `#[inline(always)]`, or it stays narrow.
pub trait Wide {
    /// What the work gives.
    type Out;

    /// Does the work.
    fn run(self) -> Self::Out;
}

/// Does `work` in the widest registers there are.
#[cfg(not(target_arch = "x86_64"))]
pub fn widest<W: Wide>(work: W) -> W::Out {
    work.run()
}

/// Does `work` with the widest vectors there are.
#[cfg(not(target_arch = "x86_64"))]
pub fn with_vectors<W: OnVectors>(work: W) -> W::Out {
    work.run::<vector::Plain>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    struct Norms<'a>(&'a [Lanes]);

    impl Wide for Norms<'_> {
        type Out = Lanes;

        #[inline(always)]
        fn run(self) -> Lanes {
            let mut sums = [0.0; LANES];
            for row in self.0 {
                for lane in 0..LANES {
                    sums[lane] += row[lane] * row[lane];
                }
            }
            sums.map(f64::sqrt)
        }
    }

    proptest! {
        #[test]
        fn wide_and_plain_code_agree_to_the_bit(values in prop::collection::vec(-1e3..1e3f64, 64)) {
            let rows: Vec<Lanes> = values.chunks_exact(LANES).map(|row| std::array::from_fn(|i| row[i])).collect();
            prop_assert_eq!(widest(Norms(&rows)).map(f64::to_bits), Norms(&rows).run().map(f64::to_bits));
        }
    }
}
