//! Euclidean distances between two rows.

/// The squared distance: the sum of (a−b)², column by column in order. Every kernel of this room adds in
/// this order, so that they agree to the bit.
#[inline]
pub fn squared(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (a, b)| {
        let difference = a - b;
        sum + difference * difference
    })
}

/// The distance.
pub fn euclidean(a: &[f64], b: &[f64]) -> f64 {
    squared(a, b).sqrt()
}

/// The largest squared distance whose root is at most `radius`: comparing with it says the same as
/// comparing roots, also where `radius` itself was measured as a root. Below every distance where it is negative.
pub fn squared_limit(radius: f64) -> f64 {
    if radius < 0.0 {
        return f64::NEG_INFINITY;
    }
    let mut limit = radius * radius;
    while limit.sqrt() > radius {
        limit = limit.next_down();
    }
    while limit.next_up().sqrt() <= radius && limit.is_finite() {
        limit = limit.next_up();
    }
    limit
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_three_four_five_triangle() {
        assert_eq!(squared(&[0.0, 0.0], &[3.0, 4.0]), 25.0);
        assert_eq!(euclidean(&[0.0, 0.0], &[3.0, 4.0]), 5.0);
    }

    #[test]
    fn no_radius_is_too_odd() {
        assert_eq!(squared_limit(-1e308), f64::NEG_INFINITY);
        assert_eq!((squared_limit(0.0), squared_limit(1e308)), (0.0, f64::MAX));
        assert!(squared_limit(f64::NAN).is_nan() && squared_limit(1e-308) < 1e-300);
    }

    proptest! {
        #[test]
        fn the_limit_says_the_same_as_the_root(squared in 0.0..1e6f64) {
            let radius = squared.sqrt();
            prop_assert!(squared <= squared_limit(radius));
            prop_assert!(squared_limit(radius).sqrt() <= radius);
            prop_assert!(squared_limit(radius).next_up().sqrt() > radius);
        }
    }
}
