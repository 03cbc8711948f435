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
        let [a, b, c, d] = std::array::from_fn(|_| self.next_u64());
        format!("{a:016x}{b:016x}{c:016x}{d:016x}")
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

#[cfg(test)]
mod tests {
    use super::Random;

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
