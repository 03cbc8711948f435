//! The icon of each type of State, 16 by 16, as the data of an SVG path.
//! Separate because it is a table of drawings.

use sfn_asl::State;

/// The icon of a target that is no State.
pub(super) const MISSING: &str = "M5.5 6a2.5 2.5 0 1 1 3.5 2.3c-.7.4-1 .8-1 1.7M8 12.4v.6";

/// The icon of a State.
pub(super) fn of(state: &State) -> &'static str {
    match state {
        State::Task(_) => "M2.5 2.5h11v11h-11zM6.3 5.3 10.8 8l-4.5 2.7z",
        State::Choice(_) => "M8 2v4M8 6 3.5 10v4M8 6l4.5 4v4M1.8 12l1.7 2 1.7-2M10.8 12l1.7 2 1.7-2",
        State::Map(_) => "M2 5.2 8 2.2l6 3-6 3zM2 8.2l6 3 6-3M2 11.2l6 3 6-3",
        State::Parallel(_) => "M3 2v12M8 2v12M13 2v12",
        State::Pass(_) => "M2 8h11.5M9.5 4l4 4-4 4",
        State::Wait(_) => "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8M8 4.6V8l2.4 1.8",
        State::Succeed(_) => "M2.5 8.5 6.5 12.5 13.5 4",
        State::Fail(_) => "M3.5 3.5l9 9M12.5 3.5l-9 9",
    }
}
