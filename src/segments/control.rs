//! A control group: who is left alone, chosen by a keyed hash of the id, so that it is the same person in every export.

/// What the key is for: another use of the same secret gives other bits.
const CONTEXT: &str = "segmenta 2026-11-21 control group";

/// The word for who is left alone.
pub const CONTROL: &str = "control";

/// Chooses who is left alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Control {
    share: f64,
    key: [u8; 32],
}

impl Control {
    /// Leaves this share of the customers alone, in (0, 1); another key (a campaign's name) chooses others.
    pub fn new(share: f64, key: &str) -> Option<Self> {
        (share > 0.0 && share < 1.0).then(|| Self { share, key: blake3::derive_key(CONTEXT, key.as_bytes()) })
    }

    /// Whether the customer with this id is left alone.
    pub fn holds(&self, id: &str) -> bool {
        let hash = blake3::keyed_hash(&self.key, id.as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&hash.as_bytes()[..8]);
        // The 53 bits of a number in [0, 1).
        ((u64::from_le_bytes(first) >> 11) as f64) * (-53_f64).exp2() < self.share
    }

    /// The word in an export.
    pub fn word(&self, id: &str) -> &'static str {
        if self.holds(id) { CONTROL } else { "contact" }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_share_is_kept_and_the_same_person_stays() {
        let spring = Control::new(0.1, "spring").unwrap();
        let ids: Vec<String> = (0..20_000).map(|id| id.to_string()).collect();
        let chosen: Vec<&String> = ids.iter().filter(|id| spring.holds(id)).collect();
        assert!((1870..=2130).contains(&chosen.len()), "{}", chosen.len());
        let more = Control::new(0.2, "spring").unwrap();
        assert!(chosen.iter().all(|id| more.holds(id)), "a larger group keeps who was in the smaller one");
        let summer = Control::new(0.1, "summer").unwrap();
        let both = chosen.iter().filter(|id| summer.holds(id)).count();
        assert!((140..=270).contains(&both), "{both}");
        assert_eq!((Control::new(0.0, "a"), Control::new(1.0, "a")), (None, None));
    }
}
