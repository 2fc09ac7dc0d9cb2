//! The exponential function, a lane at a time: the same bits on every machine.

use super::simd::{LANES, Lanes, Vector};

/// Below, the result would not be a normal number: it is 0.
const LEAST: f64 = -708.0;
/// Added to a number it leaves the nearest integer in the lowest bits.
const SHIFT: f64 = 6_755_399_441_055_744.0;
/// ln 2 in two parts, the first with so few digits that its products with integers are exact.
const LN_2_HIGH: f64 = f64::from_bits(0x3FE6_2E42_FEE0_0000);
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// Of (eʳ − 1 − r) / r² on |r| ≤ ½ ln 2, by powers of r: ½, and what is nearest to the rest at Chebyshev’s points. Two
/// terms fewer than Taylor’s series takes to be off by as little: less than a tenth of a unit in the last place.
const TERMS: [f64; 10] = [
    0.5,
    1.666_666_666_666_666_6e-1,
    4.166_666_666_665_134e-2,
    8.333_333_333_332_155e-3,
    1.388_888_890_589_174_5e-3,
    1.984_126_985_434_645_8e-4,
    2.480_153_636_831_133e-5,
    2.755_728_005_134_456_7e-6,
    2.761_381_816_969_184e-7,
    2.509_556_337_339_448_5e-8,
];

/// e to each power; the powers are at most 0.
#[inline(always)]
pub fn exp(powers: &Lanes) -> Lanes {
    let mut found = [0.0; LANES];
    for lane in 0..LANES {
        let power = powers[lane];
        let shifted = power * std::f64::consts::LOG2_E + SHIFT;
        let doublings = shifted - SHIFT;
        let rest = power - doublings * LN_2_HIGH - doublings * LN_2_LOW;
        let scale = f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
        found[lane] = if power < LEAST { 0.0 } else { (1.0 + (rest + rest * rest * tail(rest))) * scale };
    }
    found
}

/// As [`exp`], to the bit.
#[inline(always)]
pub fn exp_of<V: Vector>(power: V) -> V {
    let all = V::all;
    let shifted = power * all(std::f64::consts::LOG2_E) + all(SHIFT);
    let doublings = shifted - all(SHIFT);
    let rest = power - doublings * all(LN_2_HIGH) - doublings * all(LN_2_LOW);
    let (squared, two) = (rest * rest, |term: usize| all(TERMS[term]) + all(TERMS[term + 1]) * rest);
    let (fourth, four) = (squared * squared, |term: usize| two(term) + two(term + 2) * squared);
    let tail = four(0) + four(4) * fourth + two(8) * (fourth * fourth);
    ((all(1.0) + (rest + squared * tail)) * shifted.two_to()).unless_below(power, LEAST)
}

/// (eˣ − 1 − x) / x², in pairs of terms (Estrin's scheme): a chain of terms would wait for each of them.
#[inline(always)]
fn tail(x: f64) -> f64 {
    let (squared, fourth) = (x * x, (x * x) * (x * x));
    let two = |term: usize| TERMS[term] + TERMS[term + 1] * x;
    let four = |term: usize| two(term) + two(term + 2) * squared;
    four(0) + four(4) * fourth + two(8) * (fourth * fourth)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::simd::{OnVectors, Wide, half, widest, with_vectors};
    use proptest::prelude::*;

    struct Exp(Lanes);

    impl Wide for Exp {
        type Out = Lanes;

        #[inline(always)]
        fn run(self) -> Lanes {
            exp(&self.0)
        }
    }

    struct ExpOf(Lanes);

    impl OnVectors for ExpOf {
        type Out = Lanes;

        #[inline(always)]
        fn run<V: Vector>(self) -> Lanes {
            let mut found = [0.0; LANES];
            for (place, found) in found.as_chunks_mut().0.iter_mut().enumerate() {
                exp_of(V::load(half(&self.0, place))).store(found);
            }
            found
        }
    }

    proptest! {
        #[test]
        fn it_is_the_exponential_at_any_width(powers in prop::array::uniform16(-708.0..=0.0f64)) {
            let found = exp(&powers);
            for (found, power) in found.iter().zip(powers) {
                prop_assert!((found - power.exp()).abs() <= 4e-16 * power.exp());
            }
            prop_assert_eq!(widest(Exp(powers)).map(f64::to_bits), found.map(f64::to_bits));
            prop_assert_eq!(with_vectors(ExpOf(powers)).map(f64::to_bits), found.map(f64::to_bits));
        }
    }

    #[test]
    fn the_ends_are_exact() {
        let powers = [0.0, -0.0, -1e-300, -708.5, -1e300, f64::NEG_INFINITY, 0., 0., 0., 0., 0., 0., 0., 0., 0., 0.];
        for found in [exp(&powers), with_vectors(ExpOf(powers))] {
            assert_eq!(found[..6], [1.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
        }
    }
}
