//! Payloads, tasks, the workflow builder and its lowering to the Amazon States Language.
//!
//! Separate from the facade so that macros, Lambda handlers and tools share one set of words without sharing their weight.
