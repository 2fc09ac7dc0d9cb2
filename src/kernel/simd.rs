//! Runs plain code compiled for the widest registers that this processor has.
//!
//! The code is ordinary Rust over arrays of [`LANES`] numbers, which the compiler vectorises. No width
//! contracts or reorders an operation, so SSE2, AVX2 and AVX-512 agree to the bit.

use std::ops::{Add, Div, Mul, Sub};

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
#[allow(unsafe_code)]
pub fn widest<W: Wide>(work: W) -> W::Out {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor has just said that it has AVX-512F.
            return unsafe { with_avx512(work) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has just said that it has AVX2.
            return unsafe { with_avx2(work) };
        }
    }
    work.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn with_avx512<W: Wide>(work: W) -> W::Out {
    work.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2<W: Wide>(work: W) -> W::Out {
    work.run()
}

/// So many numbers stand in a [`Vector`].
pub const WIDTH: usize = 8;

/// Numbers that a [`Vector`] is made from.
pub type Half = [f64; WIDTH];

/// Half a tile's numbers: the first or the second.
#[inline(always)]
pub fn half(lanes: &Lanes, half: usize) -> &Half {
    &lanes.as_chunks().0[half]
}

/// Numbers in registers, for loops that the compiler does not vectorise well by itself. The operations are those of
/// single numbers, to the bit.
pub trait Vector: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> {
    /// The same number everywhere.
    fn all(value: f64) -> Self;
    /// The numbers of half a tile.
    fn load(from: &Half) -> Self;
    /// Writes the numbers.
    fn store(self, to: &mut Half);
    /// The larger of two; the other where one is no number.
    #[must_use]
    fn or_larger(self, other: Self) -> Self;
    /// The smaller of two; the other where one is no number.
    #[must_use]
    fn or_smaller(self, other: Self) -> Self;
    /// `then` where this is below `other`, else `otherwise`.
    fn if_below(self, other: Self, then: Self, otherwise: Self) -> Self;
    /// A bit for each number that is not the other's.
    fn differing(self, other: Self) -> u8;
    /// 0 where `measure` is below `limit`.
    #[must_use]
    fn unless_below(self, measure: Self, limit: f64) -> Self;
    /// Two to the integers in the lowest bits, without a check.
    #[must_use]
    fn two_to(self) -> Self;

    /// The sum of all numbers, halves first.
    #[inline(always)]
    fn total(self) -> f64 {
        let mut numbers = [0.0; WIDTH];
        self.store(&mut numbers);
        let [a, b, c, d, e, f, g, h] = numbers;
        ((a + e) + (c + g)) + ((b + f) + (d + h))
    }
}

/// Work on [`Vector`]s. Mark `run`, and all that it calls, as `#[inline(always)]`.
pub trait OnVectors {
    /// What the work gives.
    type Out;

    /// Does the work.
    fn run<V: Vector>(self) -> Self::Out;
}

/// Does `work` with the widest vectors there are.
#[allow(unsafe_code)]
pub fn with_vectors<W: OnVectors>(work: W) -> W::Out {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor has just said that it has AVX-512F.
            return unsafe { with_avx512(x86::In512(work)) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has just said that it has AVX2.
            return unsafe { with_avx2(x86::In256(work)) };
        }
    }
    work.run::<Plain>()
}

/// One number after the other.
#[derive(Clone, Copy)]
struct Plain(Half);

macro_rules! operations {
    ($vector:ty: $($operation:ident $method:ident $function:expr),*) => {$(
        impl $operation for $vector {
            type Output = Self;

            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                $function(self, other)
            }
        }
    )*};
}

operations!(Plain:
    Add add |a: Self, b: Self| a.with(b, |a, b| a + b),
    Sub sub |a: Self, b: Self| a.with(b, |a, b| a - b),
    Mul mul |a: Self, b: Self| a.with(b, |a, b| a * b),
    Div div |a: Self, b: Self| a.with(b, |a, b| a / b)
);

impl Plain {
    #[inline(always)]
    fn with(self, other: Self, operation: impl Fn(f64, f64) -> f64) -> Self {
        Self(std::array::from_fn(|place| operation(self.0[place], other.0[place])))
    }
}

impl Vector for Plain {
    #[inline(always)]
    fn all(value: f64) -> Self {
        Self([value; WIDTH])
    }

    #[inline(always)]
    fn load(from: &Half) -> Self {
        Self(*from)
    }

    #[inline(always)]
    fn store(self, to: &mut Half) {
        *to = self.0;
    }

    #[inline(always)]
    fn or_larger(self, other: Self) -> Self {
        self.with(other, |a, b| if a > b { a } else { b })
    }

    #[inline(always)]
    fn or_smaller(self, other: Self) -> Self {
        self.with(other, |a, b| if a < b { a } else { b })
    }

    #[inline(always)]
    fn if_below(self, other: Self, then: Self, otherwise: Self) -> Self {
        let pick = |place| if self.0[place] < other.0[place] { then.0[place] } else { otherwise.0[place] };
        Self(std::array::from_fn(pick))
    }

    #[inline(always)]
    fn differing(self, other: Self) -> u8 {
        (0..WIDTH).fold(0, |bits, place| bits | u8::from(self.0[place] != other.0[place]) << place)
    }

    #[inline(always)]
    fn unless_below(self, measure: Self, limit: f64) -> Self {
        self.with(measure, |value, measure| if measure < limit { 0.0 } else { value })
    }

    #[inline(always)]
    fn two_to(self) -> Self {
        Self(self.0.map(|shifted| f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52)))
    }
}

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod x86 {
    //! SAFETY, of all that follows: [`Wide512`] and [`Wide256`] are made in [`with_vectors`](super::with_vectors) only, behind
    //! the question whether the processor has their instructions; loads and stores go through references to as many numbers.

    use std::arch::x86_64::*;
    use std::ops::{Add, Div, Mul, Sub};

    use super::{Half, OnVectors, Vector, Wide};

    pub struct In512<W>(pub W);
    pub struct In256<W>(pub W);

    impl<W: OnVectors> Wide for In512<W> {
        type Out = W::Out;

        #[inline(always)]
        fn run(self) -> W::Out {
            self.0.run::<Wide512>()
        }
    }

    impl<W: OnVectors> Wide for In256<W> {
        type Out = W::Out;

        #[inline(always)]
        fn run(self) -> W::Out {
            self.0.run::<Wide256>()
        }
    }

    #[derive(Clone, Copy)]
    struct Wide512(__m512d);

    operations!(Wide512:
        Add add |a: Self, b: Self| Self(unsafe { _mm512_add_pd(a.0, b.0) }),
        Sub sub |a: Self, b: Self| Self(unsafe { _mm512_sub_pd(a.0, b.0) }),
        Mul mul |a: Self, b: Self| Self(unsafe { _mm512_mul_pd(a.0, b.0) }),
        Div div |a: Self, b: Self| Self(unsafe { _mm512_div_pd(a.0, b.0) })
    );

    impl Vector for Wide512 {
        #[inline(always)]
        fn all(value: f64) -> Self {
            Self(unsafe { _mm512_set1_pd(value) })
        }

        #[inline(always)]
        fn load(from: &Half) -> Self {
            Self(unsafe { _mm512_loadu_pd(from.as_ptr()) })
        }

        #[inline(always)]
        fn store(self, to: &mut Half) {
            unsafe { _mm512_storeu_pd(to.as_mut_ptr(), self.0) }
        }

        #[inline(always)]
        fn or_larger(self, other: Self) -> Self {
            Self(unsafe { _mm512_max_pd(self.0, other.0) })
        }

        #[inline(always)]
        fn or_smaller(self, other: Self) -> Self {
            Self(unsafe { _mm512_min_pd(self.0, other.0) })
        }

        #[inline(always)]
        fn if_below(self, other: Self, then: Self, otherwise: Self) -> Self {
            Self(unsafe {
                let below = _mm512_cmp_pd_mask::<_CMP_LT_OQ>(self.0, other.0);
                _mm512_mask_blend_pd(below, otherwise.0, then.0)
            })
        }

        #[inline(always)]
        fn differing(self, other: Self) -> u8 {
            unsafe { _mm512_cmp_pd_mask::<_CMP_NEQ_UQ>(self.0, other.0) }
        }

        #[inline(always)]
        fn unless_below(self, measure: Self, limit: f64) -> Self {
            Self(unsafe {
                let keep = _mm512_cmp_pd_mask::<_CMP_NLT_UQ>(measure.0, _mm512_set1_pd(limit));
                _mm512_maskz_mov_pd(keep, self.0)
            })
        }

        #[inline(always)]
        fn two_to(self) -> Self {
            Self(unsafe {
                let exponent = _mm512_add_epi64(_mm512_castpd_si512(self.0), _mm512_set1_epi64(1023));
                _mm512_castsi512_pd(_mm512_slli_epi64::<52>(exponent))
            })
        }
    }

    #[derive(Clone, Copy)]
    struct Wide256(__m256d, __m256d);

    operations!(Wide256:
        Add add |a: Self, b: Self| unsafe { Self(_mm256_add_pd(a.0, b.0), _mm256_add_pd(a.1, b.1)) },
        Sub sub |a: Self, b: Self| unsafe { Self(_mm256_sub_pd(a.0, b.0), _mm256_sub_pd(a.1, b.1)) },
        Mul mul |a: Self, b: Self| unsafe { Self(_mm256_mul_pd(a.0, b.0), _mm256_mul_pd(a.1, b.1)) },
        Div div |a: Self, b: Self| unsafe { Self(_mm256_div_pd(a.0, b.0), _mm256_div_pd(a.1, b.1)) }
    );

    impl Vector for Wide256 {
        #[inline(always)]
        fn all(value: f64) -> Self {
            let half = unsafe { _mm256_set1_pd(value) };
            Self(half, half)
        }

        #[inline(always)]
        fn load(from: &Half) -> Self {
            unsafe { Self(_mm256_loadu_pd(from.as_ptr()), _mm256_loadu_pd(from[4..].as_ptr())) }
        }

        #[inline(always)]
        fn store(self, to: &mut Half) {
            unsafe {
                _mm256_storeu_pd(to.as_mut_ptr(), self.0);
                _mm256_storeu_pd(to[4..].as_mut_ptr(), self.1);
            }
        }

        #[inline(always)]
        fn or_larger(self, other: Self) -> Self {
            unsafe { Self(_mm256_max_pd(self.0, other.0), _mm256_max_pd(self.1, other.1)) }
        }

        #[inline(always)]
        fn or_smaller(self, other: Self) -> Self {
            unsafe { Self(_mm256_min_pd(self.0, other.0), _mm256_min_pd(self.1, other.1)) }
        }

        #[inline(always)]
        fn if_below(self, other: Self, then: Self, otherwise: Self) -> Self {
            let pick =
                |a, b, then, otherwise| unsafe { _mm256_blendv_pd(otherwise, then, _mm256_cmp_pd::<_CMP_LT_OQ>(a, b)) };
            Self(pick(self.0, other.0, then.0, otherwise.0), pick(self.1, other.1, then.1, otherwise.1))
        }

        #[inline(always)]
        fn differing(self, other: Self) -> u8 {
            let bits = |a, b| unsafe { _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_NEQ_UQ>(a, b)) as u8 };
            bits(self.0, other.0) | bits(self.1, other.1) << 4
        }

        #[inline(always)]
        fn unless_below(self, measure: Self, limit: f64) -> Self {
            let kept = |value, measure| unsafe {
                _mm256_and_pd(value, _mm256_cmp_pd::<_CMP_NLT_UQ>(measure, _mm256_set1_pd(limit)))
            };
            Self(kept(self.0, measure.0), kept(self.1, measure.1))
        }

        #[inline(always)]
        fn two_to(self) -> Self {
            let scale = |shifted| unsafe {
                let exponent = _mm256_add_epi64(_mm256_castpd_si256(shifted), _mm256_set1_epi64x(1023));
                _mm256_castsi256_pd(_mm256_slli_epi64::<52>(exponent))
            };
            Self(scale(self.0), scale(self.1))
        }
    }
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
