//! Links that complete a task: a token and one answer, sealed into a text that shows neither.
//! Separate because few tasks need them, and only these pay for the cryptography (feature `links`).

mod seal;

use std::fmt;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{TaskToken, TokenError};
use crate::native::callback::is_native;
use crate::payload::encode;
use crate::{Failed, TaskError, fail, write_error};

pub use seal::LinkKey;

/// Links that complete a task, for people to whom its token cannot be given: in a mail, a chat, a page.
///
/// Each link holds one answer. It is sealed together with the token: whoever has the link can give this answer and no other,
/// and can read neither. It must be sent to nobody else, for it asks for no name.
///
/// ```
/// # use std::time::Duration;
/// # use sfn_core::{LinkError, LinkKey, TaskToken};
/// # fn main() -> Result<(), LinkError> {
/// # sfn_core::install_links(LinkKey::from_secret("0123456789abcdef0123456789abcdef")?, "https://links.example/");
/// # let token: TaskToken<bool> = TaskToken::new("token");
/// let links = token.links(Duration::from_hours(72));
/// let (yes, no) = (links.succeed("Approve order o-1", true)?, links.succeed("Turn down order o-1", false)?);
/// assert!(yes.as_str().starts_with("https://links.example/"));
/// assert!(!yes.as_str().contains("token") && yes != no);
/// # Ok(())
/// # }
/// ```
pub struct Links<'t, T> {
    token: &'t TaskToken<T>,
    until: u64,
}

impl<T> TaskToken<T> {
    /// Links that complete the task, for so long from now. The task's own timeout ends them earlier.
    pub fn links(&self, valid: Duration) -> Links<'_, T> {
        Links { token: self, until: seconds().saturating_add(valid.as_secs()) }
    }
}

impl<T> Links<'_, T> {
    /// A link that completes the task with an output. Whoever opens it is shown the question and asked to confirm it.
    ///
    /// # Errors
    ///
    /// See [`LinkError`].
    pub fn succeed(&self, question: &str, output: T) -> Result<Link, LinkError>
    where
        T: Serialize,
    {
        let json = encode(&output).map_err(LinkError::Output)?;
        self.link(question, Given::Output(json))
    }

    /// A link that completes the task with an error.
    ///
    /// # Errors
    ///
    /// See [`LinkError`].
    pub fn fail<E: TaskError>(&self, question: &str, error: E) -> Result<Link, LinkError> {
        let failed = write_error(&error);
        drop(error);
        self.link(question, Given::Error(failed.error().to_owned(), failed.cause().to_owned()))
    }

    fn link(&self, question: &str, given: Given) -> Result<Link, LinkError> {
        let maker = Maker::of(&self.token.text)?;
        let answer = Answer {
            token: self.token.text.clone(),
            question: question.to_owned(),
            until: self.until,
            given,
        };
        let plain = serde_json::to_vec(&answer).ok();
        let sealed = plain.and_then(|plain| maker.key.seal(&plain)).ok_or(LinkError::Invalid)?;
        let url = format!("{}/{sealed}", maker.url.trim_end_matches('/'));
        if url.len() > LONGEST {
            return Err(LinkError::TooLong { length: url.len(), longest: LONGEST });
        }
        Ok(Link(url))
    }
}

/// A link to send to somebody. Its Debug does not show it, for whoever has it may complete the task.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Link(String);

impl Link {
    /// The URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An answer that a link holds: what [`Answer::open`] gives to whoever serves the links.
#[derive(Serialize, Deserialize)]
pub struct Answer {
    token: String,
    question: String,
    until: u64,
    given: Given,
}

#[derive(Serialize, Deserialize)]
enum Given {
    Output(Value),
    Error(String, String),
}

impl Answer {
    /// The answer of a link, from the last segment of its URL's path.
    ///
    /// # Errors
    ///
    /// [`LinkError::Invalid`] where this process has not the key that sealed it, or it was changed since;
    /// [`LinkError::Expired`].
    pub fn open(sealed: &str) -> Result<Self, LinkError> {
        let mut makers = [INSTALLED.get(), NATIVE.get()].into_iter().flatten();
        let plain = makers.find_map(|maker| maker.key.open(sealed)).ok_or(LinkError::Invalid)?;
        let answer: Self = serde_json::from_slice(&plain).map_err(|_| LinkError::Invalid)?;
        if answer.until <= seconds() { Err(LinkError::Expired) } else { Ok(answer) }
    }

    /// What whoever has the link is to confirm.
    pub fn question(&self) -> &str {
        &self.question
    }

    /// Completes the task.
    ///
    /// # Errors
    ///
    /// [`TokenError::TimedOut`] where it was completed before, or waits no more.
    pub async fn give(self) -> Result<(), TokenError> {
        let result = match self.given {
            Given::Output(output) => Ok(output),
            Given::Error(error, cause) => Err(fail(error, cause)),
        };
        TaskToken::<Value>::new(self.token).complete(result).await
    }
}

/// Why there is no link, or none that counts.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// Nobody has said what seals links and where they lead.
    #[error(
        "nothing says where links lead: name the task in `links` of `[package.metadata.sfn]` and switch on the feature \
         `links` of `sfn` where `sfn::lambda::main!` serves it, or call `sfn::install_links` first"
    )]
    NotInstalled,
    /// The secret is too short to be one.
    #[error("the secret of links has fewer than {shortest} characters: let something generate a random one")]
    WeakKey {
        /// How many it must have.
        shortest: usize,
    },
    /// The output cannot travel as JSON.
    #[error("the output cannot travel: {0}")]
    Output(#[source] Failed),
    /// The output makes the link longer than what is served.
    #[error(
        "the link would have {length} characters, and {longest} are served: let the answer be smaller, such as a key"
    )]
    TooLong {
        /// How many it would have.
        length: usize,
        /// How many it may have.
        longest: usize,
    },
    /// The text is no link, or was changed, or is sealed with another key.
    #[error("this is no link, or not all of it, or its key is another one")]
    Invalid,
    /// Its time is over.
    #[error("the time of this link is over")]
    Expired,
}

/// How long URLs may be: what Lambda takes in a request's line and headers, with some of it left for headers.
const LONGEST: usize = 8_000;

/// Who seals links, and where they lead.
struct Maker {
    key: LinkKey,
    url: String,
}

static INSTALLED: OnceLock<Maker> = OnceLock::new();

/// That of tokens which only this process knows: runs in tests need no key.
static NATIVE: OnceLock<Maker> = OnceLock::new();

impl Maker {
    fn of(token: &str) -> Result<&'static Self, LinkError> {
        if is_native(token) {
            return Ok(
                NATIVE.get_or_init(|| Self { key: LinkKey::random(), url: "http://localhost".to_owned() })
            );
        }
        INSTALLED.get().filter(|maker| !maker.url.is_empty()).ok_or(LinkError::NotInstalled)
    }
}

/// Says what seals the links of this process, and the URL that they begin with. The first installation stays.
///
/// `sfn::lambda::main!` does this for the functions that templates give a key. A web server that makes or serves links
/// calls it once, at its start.
pub fn install_links(key: LinkKey, url: impl Into<String>) {
    // What comes back is the one that came too late.
    drop(INSTALLED.set(Maker { key, url: url.into() }));
}

#[expect(clippy::disallowed_methods, reason = "a link is made and opened in different processes")]
fn seconds() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

impl fmt::Debug for Link {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Link(..)")
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Answer").field("question", &self.question).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Links<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Links(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_shows_nothing_of_what_it_holds() {
        let token: TaskToken<String> = TaskToken::new("sfn-native-0");
        let link = token.links(Duration::from_mins(1)).succeed("Approve?", "granted".to_owned()).unwrap();
        assert_eq!(format!("{link:?}"), "Link(..)");
        let sealed = link.as_str().strip_prefix("http://localhost/").unwrap();
        let answer = Answer::open(sealed).unwrap();
        assert_eq!(format!("{answer:?}"), r#"Answer { question: "Approve?", .. }"#);
        let longer = token.links(Duration::from_mins(1)).succeed("", "x".repeat(6_000)).unwrap_err();
        assert!(longer.to_string().ends_with("let the answer be smaller, such as a key"), "{longer}");
    }

    #[test]
    fn a_link_ends_with_its_time() {
        let token: TaskToken<bool> = TaskToken::new("sfn-native-0");
        let links = Links { token: &token, until: seconds() - 1 };
        let link = links.succeed("Approve?", true).unwrap();
        let sealed = link.as_str().strip_prefix("http://localhost/").unwrap();
        assert!(matches!(Answer::open(sealed), Err(LinkError::Expired)));
        // As long as there is time, whatever that comes to.
        assert_eq!(token.links(Duration::MAX).until, u64::MAX);
    }
}
