//! # The guide
//!
//! From the first workflow to a saga in production, a chapter for each thing one has to know. Every snippet is compiled, and
//! run where it says what comes out.
//!
//! 1. [A tour](tour): a task, a workflow, what comes out of `cargo build`
//! 2. [Control flow](control_flow): conditions, loops, polling, waiting
//! 3. [Failures](failures): declared errors, retries, what a `match` becomes
//! 4. [Sagas](sagas): what is undone, when and in which order
//! 5. [Concurrency](concurrency): `join!` and `map`
//! 6. [Data](data): what an expression may say
//! 7. [Workflows of workflows](composition): executed, started, inlined, and one function defined for many things
//! 8. [People and other systems](callbacks): task tokens
//! 9. [Approve by link](links): answers by mail, and what keeps them safe
//! 10. [Handlers](handlers): what tasks share and know, and how they fail on Lambda
//! 11. [Secrets and personal data](sensitive): what never travels, and what is marked where it does
//! 12. [Large values](large): what is too large to travel, and what of it does
//! 13. [Workers](workers): activities, for what does not run on Lambda
//! 14. [Services](services): topics, queues, tables and all the others, without a task between
//! 15. [Testing](testing): natively, and under the emitted definition
//! 16. [The builder](builder): workflows that are not written by hand
//! 17. [Ten mistakes](mistakes): what the compiler says, and what to write instead
//! 18. [Limits](limits): what Step Functions allows, and where it is checked
//!
//! Separate from the reference, which says everything about one thing; here one thing follows from the other.

#[doc = include_str!("guide/tour.md")]
pub mod tour {}

#[doc = include_str!("guide/control_flow.md")]
pub mod control_flow {}

#[doc = include_str!("guide/failures.md")]
pub mod failures {}

#[doc = include_str!("guide/sagas.md")]
pub mod sagas {}

#[doc = include_str!("guide/concurrency.md")]
pub mod concurrency {}

#[doc = include_str!("guide/data.md")]
pub mod data {}

#[doc = include_str!("guide/composition.md")]
pub mod composition {}

#[doc = include_str!("guide/callbacks.md")]
pub mod callbacks {}

#[cfg(any(not(doctest), feature = "links"))]
#[doc = include_str!("guide/links.md")]
pub mod links {}

#[doc = include_str!("guide/handlers.md")]
pub mod handlers {}

#[doc = include_str!("guide/sensitive.md")]
pub mod sensitive {}

#[cfg(any(not(doctest), feature = "stored"))]
#[doc = include_str!("guide/large.md")]
pub mod large {}

#[doc = include_str!("guide/workers.md")]
pub mod workers {}

#[cfg(any(not(doctest), feature = "local"))]
#[doc = include_str!("guide/services.md")]
pub mod services {}

#[cfg(any(not(doctest), feature = "local"))]
#[doc = include_str!("guide/testing.md")]
pub mod testing {}

#[doc = include_str!("guide/builder.md")]
pub mod builder {}

#[doc = include_str!("guide/mistakes.md")]
pub mod mistakes {}

#[doc = include_str!("guide/limits.md")]
pub mod limits {}
