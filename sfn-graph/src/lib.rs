//! Draws State Machines: as SVG, laid out in layers from top to bottom, and as Mermaid.
//!
//! Separate from the language because a picture needs a layout, and from the command line because documentation, tests and
//! build scripts draw too.
//!
//! Both pictures say the same: which States there are and of what type, who follows whom and when, what runs inside a
//! Parallel or Map State, and which States belong to the way of failure: those that only a Catcher leads to, and those from
//! which the State Machine can only fail.
//!
//! ```
//! use sfn_asl::StateMachine;
//!
//! let machine: StateMachine = r#"{"StartAt": "Pay", "States": {
//!     "Pay": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Done"},
//!     "Done": {"Type": "Succeed"}}}"#.parse()?;
//! assert!(sfn_graph::svg(&machine).starts_with("<svg "));
//! assert!(sfn_graph::mermaid(&machine).starts_with("flowchart TD\n"));
//! # Ok::<(), sfn_asl::ReadError>(())
//! ```

mod chart;

mod caption;
mod condition;

mod bundle;
mod layout;
mod straighten;
mod text;

mod mermaid;
mod svg;

pub use mermaid::mermaid;
pub use svg::svg;
