//! The core's only source of randomness: a seeded generator.
//! Separate so that nothing else can be tempted by an ambient one; same seed, same execution.

/// SplitMix64: tiny, fast, and its whole state is one number that can be stored and handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A generator of its own for one evaluation, so that evaluations do not depend on each other's appetite.
    pub(crate) fn fork(&mut self) -> Self {
        Self(self.next_u64())
    }

    /// A number from zero to `bound`, both included.
    pub(crate) fn up_to(&mut self, bound: u64) -> u64 {
        match bound.checked_add(1) {
            // The high half of the product is uniform enough: bounds are delays, far below 2^64.
            Some(size) => {
                u64::try_from((u128::from(self.next_u64()) * u128::from(size)) >> 64).unwrap_or(bound)
            }
            None => self.next_u64(),
        }
    }

    /// A Task Token: long enough never to be met by chance, free of characters a shell would touch.
    pub(crate) fn token(&mut self) -> String {
        let drawn: [u64; 3] = std::array::from_fn(|_| self.next_u64());
        let [a, b, c] = drawn;
        format!("{a:016x}{b:016x}{c:016x}{:016x}", seal(drawn))
    }

    /// A random UUID (version 4), as the service names what nobody has named.
    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (self.next_u64(), self.next_u64());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | (low >> 48 & 0x3fff),
            low & 0xffff_ffff_ffff,
        )
    }
}

/// Whether a text is a Task Token of this or another engine. So nobody needs to remember the tokens that are spent.
pub(crate) fn is_token(text: &str) -> bool {
    let part = |index: usize| {
        let digits = text.get(index * 16..(index + 1) * 16)?;
        let are_ours = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        u64::from_str_radix(digits, 16).ok().filter(|_| are_ours)
    };
    let parts = (part(0), part(1), part(2), part(3));
    matches!(parts, (Some(a), Some(b), Some(c), Some(d)) if text.len() == 64 && d == seal([a, b, c]))
}

/// What a token ends with: follows from the rest.
fn seal(parts: [u64; 3]) -> u64 {
    parts.into_iter().fold(0, |sealed, part| Random(sealed ^ part).next_u64())
}

#[cfg(test)]
mod tests {
    use super::{Random, is_token};

    #[test]
    fn a_token_is_known_by_its_text() {
        let token = Random::seeded(7).token();
        assert!(is_token(&token));
        assert!(!is_token(&token.to_uppercase()));
        assert!(!is_token(&token[1..]));
        let altered = if token.starts_with('0') { "1" } else { "0" };
        assert!(!is_token(&token.replacen(&token[..1], altered, 1)));
        assert!(!is_token(&"é".repeat(32)));
    }

    #[test]
    fn a_seed_decides_everything() {
        assert_eq!(Random::seeded(7).token(), Random::seeded(7).token());
        assert_ne!(Random::seeded(7).token(), Random::seeded(8).token());
    }

    #[test]
    fn identifiers_say_that_they_are_random() {
        let uuid = Random::seeded(7).uuid();
        let parts: Vec<_> = uuid.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12]);
        assert_eq!(&uuid[14..15], "4");
        assert!(matches!(&uuid[19..20], "8" | "9" | "a" | "b"), "{uuid}");
    }

    #[test]
    fn bounded_numbers_stay_in_bounds_and_reach_both_ends() {
        let mut random = Random::seeded(3);
        let drawn: Vec<_> = (0..200).map(|_| random.up_to(3)).collect();
        assert!(drawn.iter().all(|number| *number <= 3));
        assert!((0..=3).all(|number| drawn.contains(&number)));
    }
}
