//! Errors that say what led to them. Separate because the SDK's own text is but `dispatch failure`, of every service.

use std::error::Error;

/// An error that says everything its sources know.
pub(crate) fn explained(error: impl Error + Send + Sync + 'static) -> Box<dyn Error + Send + Sync> {
    let mut text = error.to_string();
    let mut link: &dyn Error = &error;
    while let Some(source) = link.source() {
        text = format!("{text}: {source}");
        link = source;
    }
    Box::new(Explained { text, source: Box::new(error) })
}

#[derive(Debug, thiserror::Error)]
#[error("{text}")]
struct Explained {
    text: String,
    source: Box<dyn Error + Send + Sync>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_call_explains_itself_to_the_last_link() {
        let denied = std::io::Error::other("not you");
        let error = explained(Explained { text: "it failed".to_owned(), source: explained(denied) });
        assert_eq!(error.to_string(), "it failed: not you: not you");
        assert!(error.source().is_some());
    }
}
