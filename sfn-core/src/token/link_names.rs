//! How the functions that make links and the one that serves them find each other: names on which templates, programs and
//! local runs must agree. Separate because all of them need the names, and none of them needs links for that.

/// The handler of the function that serves links.
pub const HANDLER: &str = "answer-link";

/// The variable of the URL that links begin with.
pub const URL: &str = "SFN_LINK_URL";

/// The variable of the secret that seals them, for machines without Secrets Manager.
pub const KEY: &str = "SFN_LINK_KEY";

/// The variable of the ARN of the secret that seals them.
pub const KEY_ARN: &str = "SFN_LINK_KEY_ARN";
