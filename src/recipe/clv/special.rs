//! Special functions, kept in logarithms so that nothing overflows.

pub use statrs::function::gamma::ln_gamma;

/// ln(eᵃ + eᵇ).
pub fn ln_add(a: f64, b: f64) -> f64 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    if high == f64::NEG_INFINITY { high } else { high + (low - high).exp().ln_1p() }
}

/// Terms beyond which the series is given up.
const TERMS: u32 = 1_000_000;
/// Where a running sum is brought back to 1.
const LARGE: f64 = 1e200;

/// (1 − z)ᵃ · ₂F₁(a, b; c; z) for 0 ≤ z < 1 and positive a and b, by the Gauss series. The factor keeps the product
/// within what an f64 holds, whatever a: the sum alone grows like (1 − z)^(c − a − b).
pub fn damped_hypergeometric(a: f64, b: f64, c: f64, z: f64) -> f64 {
    let (mut term, mut sum, mut scale) = (1.0_f64, 1.0_f64, a * (-z).ln_1p());
    for step in 0..TERMS {
        let k = f64::from(step);
        term *= (a + k) * (b + k) / ((c + k) * (k + 1.0)) * z;
        sum += term;
        if sum.abs() > LARGE {
            scale += LARGE.ln();
            term /= LARGE;
            sum /= LARGE;
        }
        // Past the largest term the rest is below a geometric series with ratio z.
        let falling = (a + k + 1.0) * (b + k + 1.0) * z < (c + k + 1.0) * (k + 2.0);
        if falling && term.abs() <= f64::EPSILON * (1.0 - z) * sum.abs() {
            break;
        }
    }
    sum * scale.exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    // mpmath, 40 digits.
    #[test]
    fn the_series_is_mpmaths() {
        let known = [
            (0.2426, 2.4258, 2.2187, 0.5, 1.0199608302058099),
            (2.2426, 4.4258, 4.2187, 0.39, 1.0615015537108692),
            (26.2426, 28.4258, 28.2187, 0.9, 1.5891641869858133),
            (300.25, 302.4, 302.2, 0.7, 1.2711071603770174),
            (2000.25, 2002.4, 2002.2, 0.95, 1.820227125348805),
            (0.5, 0.9, 0.2, 0.3, 1.6998094026115906),
            (0.2426, 2.4258, -0.4, 0.5, -5.149878936380569),
        ];
        for (a, b, c, z, value) in known {
            let ours = damped_hypergeometric(a, b, c, z);
            assert!((ours - value).abs() <= 1e-11 * value.abs(), "{a} {b} {c} {z}: {ours}, not {value}");
        }
    }

    #[test]
    fn sums_of_exponentials_do_not_overflow() {
        assert_eq!(ln_add(1000.0, 1000.0), 1000.0 + 2.0_f64.ln());
        assert_eq!(ln_add(f64::NEG_INFINITY, 3.0), 3.0);
        assert_eq!(ln_add(f64::NEG_INFINITY, f64::NEG_INFINITY), f64::NEG_INFINITY);
    }
}
