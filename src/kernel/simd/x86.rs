//! Code for registers that not every processor has: the one place where the compiler takes our word.
//!
//! SAFETY, of all that follows: [`Wide512`] and [`Wide256`] are made in [`with_vectors`] only, behind the question whether the
//! processor has their instructions; loads and stores go through references to as many numbers.
#![allow(unsafe_code)]

use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Sub};

use super::Wide;
use super::vector::{Half, OnVectors, Plain, Vector, operations};

/// Does `work` in the widest registers there are.
pub fn widest<W: Wide>(work: W) -> W::Out {
    if is_x86_feature_detected!("avx512f") {
        // SAFETY: the processor has just said that it has AVX-512F.
        return unsafe { with_avx512(work) };
    }
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has just said that it has AVX2.
        return unsafe { with_avx2(work) };
    }
    work.run()
}

/// Does `work` with the widest vectors there are.
pub fn with_vectors<W: OnVectors>(work: W) -> W::Out {
    if is_x86_feature_detected!("avx512f") {
        // SAFETY: the processor has just said that it has AVX-512F.
        return unsafe { with_avx512(In512(work)) };
    }
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has just said that it has AVX2.
        return unsafe { with_avx2(In256(work)) };
    }
    work.run::<Plain>()
}

#[target_feature(enable = "avx512f")]
fn with_avx512<W: Wide>(work: W) -> W::Out {
    work.run()
}

#[target_feature(enable = "avx2")]
fn with_avx2<W: Wide>(work: W) -> W::Out {
    work.run()
}

struct In512<W>(W);
struct In256<W>(W);

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

    #[inline(always)]
    fn square_root(self) -> Self {
        Self(unsafe { _mm512_sqrt_pd(self.0) })
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

    #[inline(always)]
    fn square_root(self) -> Self {
        unsafe { Self(_mm256_sqrt_pd(self.0), _mm256_sqrt_pd(self.1)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::simd::vector::WIDTH;
    use proptest::prelude::*;

    /// Every operation once, on numbers of both signs.
    struct Everything(Half, Half);

    impl OnVectors for Everything {
        type Out = ([Half; 10], u8, f64);

        #[inline(always)]
        fn run<V: Vector>(self) -> Self::Out {
            let (a, b) = (V::load(&self.0), V::load(&self.1));
            let found = [
                a + b,
                a - b,
                a * b,
                a / b,
                a.or_larger(b),
                a.or_smaller(b),
                a.if_below(b, V::all(1.0), b),
                a.unless_below(b, 0.5),
                (V::all(6_755_399_441_055_744.0) + a).two_to(),
                (a * a).square_root(),
            ];
            let mut halves = [[0.0; WIDTH]; 10];
            halves.iter_mut().zip(found).for_each(|(half, found)| found.store(half));
            (halves, a.differing(b), a.total())
        }
    }

    fn bits((halves, differing, total): ([Half; 10], u8, f64)) -> (Vec<u64>, u8, u64) {
        (halves.iter().flatten().map(|number| number.to_bits()).collect(), differing, total.to_bits())
    }

    proptest! {
        #[test]
        fn vectors_of_any_width_agree_to_the_bit(
            a in prop::array::uniform8(-9.0..9.0f64),
            mut b in prop::array::uniform8(-9.0..9.0f64),
            same in 0..WIDTH,
        ) {
            b[same] = a[same];
            let plain = bits(Everything(a, b).run::<Plain>());
            prop_assert_eq!(plain.1.count_ones() as usize, WIDTH - 1);
            prop_assert_eq!(&bits(with_vectors(Everything(a, b))), &plain);
            if is_x86_feature_detected!("avx2") {
                // SAFETY: the processor has just said that it has AVX2.
                prop_assert_eq!(&bits(unsafe { with_avx2(In256(Everything(a, b))) }), &plain);
            }
        }
    }
}
