//! Placeholder heading, replaced by the crate's own.
