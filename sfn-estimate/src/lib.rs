//! Estimates what an execution of a State Machine comes to: transitions, history events, requests, time, dollars, and how far
//! it is from the service's quotas.
//!
//! Separate from the language because odds, durations and prices are no part of a definition, and from the command line
//! because build scripts and tests may want to hold a definition against a budget.
//!
//! Everything is computed from the graph. The typical execution is an expected value: how often each State is visited
//! follows from the odds of the ways between them, loops included. The best and the worst execution are bounds, each figure by
//! itself: the least that an execution needs which meets no failure, and the most that it takes when each failure is retried
//! to the end and each loop is gone through as often as assumed. Branches and iterations count as if they ran to their ends, also
//! where one that fails would keep the others from it.
//!
//! ```
//! use sfn_asl::{ExecutionType, StateMachine};
//! use sfn_estimate::{Assumptions, Prices, estimate};
//!
//! let machine: StateMachine = r#"{"StartAt": "Pay", "States": {
//!     "Pay": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Done"},
//!     "Done": {"Type": "Succeed"}}}"#.parse()?;
//! let estimate = estimate(&machine, ExecutionType::Standard, &Assumptions::default())?;
//! assert_eq!(estimate.typical.transitions, 2.0);
//! assert_eq!(estimate.typical.events, 9.0);
//! assert_eq!(Prices::US_EAST_1.standard(&estimate.typical), 0.000_05);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod assumptions;
mod counts;
mod prices;

mod state;
mod way;

mod bounds;
mod components;
mod visits;

mod estimate;
mod limit;

pub use assumptions::{AssumptionError, Assumptions};
pub use counts::Counts;
pub use estimate::{Estimate, StateEstimate, estimate};
pub use limit::{Limit, Reach, limits};
pub use prices::Prices;
pub use way::find_ways;
