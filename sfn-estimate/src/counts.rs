//! What an execution, or a part of one, comes to. Separate because expected values and bounds are the same figures, added
//! and compared in different ways.

use serde::Serialize;

/// Writes what is done to each figure by itself.
macro_rules! figures {
    ($($(#[$doc:meta])* $figure:ident),+ $(,)?) => {
        /// What an execution comes to. Fractions are expected values.
        #[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct Counts {
            $($(#[$doc])* pub $figure: f64,)+
        }

        impl Counts {
            /// Two parts, each figure put together by itself.
            pub(crate) fn with(self, other: Self, combine: impl Fn(f64, f64) -> f64) -> Self {
                Self { $($figure: combine(self.$figure, other.$figure)),+ }
            }
        }
    };
}

figures! {
    /// Transitions of the execution itself: States entered, and their retries.
    transitions,
    /// Events of its own history.
    events,
    /// Requests of its Task States, Lambda's among them.
    requests,
    /// Invocations of Lambda functions.
    invocations,
    /// What those functions use, in GB-seconds.
    gb_seconds,
    /// How long it takes.
    seconds,
    /// Steps inside Map and Parallel States, of which Express keeps the payloads.
    steps,
    /// Standard child executions of distributed Map States.
    standard_children,
    /// Transitions of those.
    child_transitions,
    /// Express child executions of distributed Map States.
    express_children,
    /// What those use, in GB-seconds as Express counts them.
    child_gb_seconds,
}

impl Counts {
    pub(crate) fn plus(self, other: Self) -> Self {
        self.with(other, |left, right| left + right)
    }

    /// So many times the same; nothing stays nothing, however often.
    pub(crate) fn times(self, factor: f64) -> Self {
        self.with(self, |figure, _| if figure == 0.0 || factor == 0.0 { 0.0 } else { figure * factor })
    }

    pub(crate) fn least(self, other: Self) -> Self {
        self.with(other, f64::min)
    }

    pub(crate) fn most(self, other: Self) -> Self {
        self.with(other, f64::max)
    }
}
