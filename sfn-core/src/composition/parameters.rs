//! What one workflow is defined for: constants, which become a part of its name.
//! Separate because a name is known before anything runs, so that it is put together by the compiler.

/// What a workflow is defined for, where a number does not say it: a type whose constants its body reads.
///
/// ```
/// use sfn_core::Profile;
///
/// /// Where goods are kept.
/// trait Site: Profile {
///     const QUEUE: &'static str;
///     const APPROVALS: u32;
/// }
///
/// struct Berlin;
///
/// impl Profile for Berlin {
///     const NAME: &'static str = "berlin";
/// }
///
/// impl Site for Berlin {
///     const QUEUE: &'static str = "${BerlinQueueUrl}";
///     const APPROVALS: u32 = 2;
/// }
/// ```
///
/// `#[workflow] async fn restock<S: Site>(order: Order)` is then defined by `restock::<Berlin>::definition()`, under the name
/// `restock-berlin`.
#[diagnostic::on_unimplemented(
    message = "a workflow is defined for `{Self}`, which has no name [unnamed-profile]",
    label = "the name of the workflow ends with that of this type",
    note = "say it: `impl Profile for {Self} {{ const NAME: &'static str = \"..\"; }}`"
)]
pub trait Profile: 'static {
    /// What it is called in the name of a workflow, in kebab-case.
    const NAME: &'static str;
}

/// More than the service takes, so that the check of names sees what is too long.
const ROOM: usize = 128;

/// The name of a workflow that is defined for constants: its function's, and a part for each of them.
///
/// ```
/// use sfn_core::WorkflowName;
///
/// const NAME: &str = WorkflowName::new("approval").and_number(3).and("berlin").as_str();
/// assert_eq!(NAME, "approval-3-berlin");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct WorkflowName {
    bytes: [u8; ROOM],
    length: usize,
}

impl WorkflowName {
    /// The name of the function.
    pub const fn new(function: &str) -> Self {
        Self { bytes: [0; ROOM], length: 0 }.with(function)
    }

    /// The same, and then a text.
    #[must_use]
    pub const fn and(self, part: &str) -> Self {
        self.with("-").with(part)
    }

    /// The same, and then a number.
    #[must_use]
    pub const fn and_number(self, number: i128) -> Self {
        let before = if number < 0 { self.and("minus") } else { self };
        before.with("-").with_digits(number.unsigned_abs())
    }

    /// The name.
    pub const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(name) => name,
            // Cut in the middle of a character.
            Err(_) => "",
        }
    }

    const fn with(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        let mut at = 0;
        while at < text.len() && self.length < ROOM {
            self.bytes[self.length] = text[at];
            self.length += 1;
            at += 1;
        }
        self
    }

    const fn with_digits(self, number: u128) -> Self {
        const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        let before = if number >= 10 { self.with_digits(number / 10) } else { self };
        before.with(DIGITS[(number % 10) as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_constant_is_a_part_of_the_name() {
        let name = WorkflowName::new("approval");
        assert_eq!(name.as_str(), "approval");
        assert_eq!(name.and_number(0).and("true").as_str(), "approval-0-true");
        assert_eq!(name.and_number(-1207).as_str(), "approval-minus-1207");
        assert_eq!(
            name.and_number(i128::MIN).as_str(),
            "approval-minus-170141183460469231731687303715884105728"
        );
    }

    #[test]
    fn what_has_no_room_is_longer_than_the_service_takes() {
        let long = WorkflowName::new(&"x".repeat(200));
        assert_eq!(long.and_number(7).as_str().len(), ROOM);
    }
}
