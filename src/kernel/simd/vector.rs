//! A register's numbers, for loops that the compiler does not vectorise well by itself.

use std::ops::{Add, Div, Mul, Sub};

use super::Lanes;

/// So many numbers stand in a [`Vector`].
pub const WIDTH: usize = 8;

/// Numbers that a [`Vector`] is made from.
pub type Half = [f64; WIDTH];

/// Half a tile's numbers: the first or the second.
#[inline(always)]
pub fn half(lanes: &Lanes, half: usize) -> &Half {
    &lanes.as_chunks().0[half]
}

/// Numbers in registers. The operations are those of single numbers, to the bit.
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
    /// The square roots.
    #[must_use]
    fn square_root(self) -> Self;

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

/// One number after the other.
#[derive(Clone, Copy)]
pub struct Plain(Half);

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

pub(super) use operations;

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

    #[inline(always)]
    fn square_root(self) -> Self {
        Self(self.0.map(f64::sqrt))
    }
}
