//! Task tokens completed through AWS Step Functions. Separate because tokens reach the service through what a process has
//! installed once, and executions through a client at hand.

use crate::explained::explained;
use crate::step_functions;
use aws_sdk_sfn::Client;
use aws_sdk_sfn::error::{ProvideErrorMetadata, SdkError};
use serde_json::Value;
use sfn_core::{Failed, TokenAnswer, TokenBackend, TokenError, fail, token};
use std::error::Error;
use std::sync::OnceLock;

/// Makes the methods of [`TaskToken`](sfn_core::TaskToken) reach Step Functions, configured by the environment.
///
/// `sfn::lambda::main!` does this for its own process. A web server, a queue consumer or a command-line tool that
/// completes stored tokens calls it once, at its start:
///
/// ```no_run
/// # async fn answer(stored: String) -> Result<(), sfn_core::TokenError> {
/// sfn_client::install_tokens();
/// let token: sfn_core::TaskToken<bool> = sfn_core::TaskToken::new(stored);
/// token.succeed(true).await
/// # }
/// ```
///
/// The environment is read, and the connection made, when a token is first used: `AWS_REGION` (or `AWS_DEFAULT_REGION`),
/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, and, to talk to another endpoint,
/// `AWS_ENDPOINT_URL_SFN` or `AWS_ENDPOINT_URL`. Credentials from profiles, containers or web identities need a client of
/// your own: [`install_tokens_with`]. The first installation of a process stays.
pub fn install_tokens() {
    install(StepFunctions { client: OnceLock::new() });
}

/// Makes the methods of [`TaskToken`](sfn_core::TaskToken) use a client that you have configured.
///
/// The first installation of a process stays, so call this before `sfn::lambda::serve`.
pub fn install_tokens_with(client: Client) {
    install(StepFunctions::of(client));
}

fn install(backend: StepFunctions) {
    // The backend that comes back is the one that came too late.
    drop(token::install(Box::new(backend)));
}

/// The code of a call that says what the service's model does not allow, such as too long a text.
const INVALID: &str = "ValidationException";

/// The code of a call that is longer than the service reads.
const TOO_LARGE: &str = "RequestEntityTooLargeException";

/// How many characters of an error's name the service takes.
const LONGEST_ERROR: usize = 256;

/// How many characters of a cause the service takes.
const LONGEST_CAUSE: usize = 32_768;

/// The service itself, for tokens.
#[derive(Debug)]
pub(crate) struct StepFunctions {
    client: OnceLock<Client>,
}

impl StepFunctions {
    /// Through a client at hand.
    pub(crate) fn of(client: Client) -> Self {
        Self { client: client.into() }
    }

    /// Made at first use: loading the root certificates would cost every other cold start some milliseconds.
    fn client(&self) -> Result<&Client, TokenError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = step_functions::client().map_err(transport)?;
        Ok(self.client.get_or_init(|| client))
    }
}

impl TokenBackend for StepFunctions {
    fn succeed<'a>(&'a self, token: &'a str, output: Value) -> TokenAnswer<'a> {
        Box::pin(async move {
            let call = self.client()?.send_task_success().task_token(token).output(output.to_string());
            call.send().await.map(drop).map_err(|error| match error.code() {
                Some(code @ (INVALID | TOO_LARGE)) => TokenError::Output(fail(code, said(&error))),
                _ => typed(error),
            })
        })
    }

    fn fail<'a>(&'a self, token: &'a str, failed: Failed) -> TokenAnswer<'a> {
        Box::pin(async move {
            let call = self.client()?.send_task_failure().task_token(token);
            let call =
                call.error(cut(failed.error(), LONGEST_ERROR)).cause(cut(failed.cause(), LONGEST_CAUSE));
            call.send().await.map(drop).map_err(typed)
        })
    }

    fn heartbeat<'a>(&'a self, token: &'a str) -> TokenAnswer<'a> {
        Box::pin(async move {
            let call = self.client()?.send_task_heartbeat().task_token(token);
            call.send().await.map(drop).map_err(typed)
        })
    }
}

/// The service's error as a token's. One function for the three calls, because their errors share names, not types.
fn typed<E, R>(error: SdkError<E, R>) -> TokenError
where
    SdkError<E, R>: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match error.code() {
        Some("TaskTimedOut") => TokenError::TimedOut,
        Some("TaskDoesNotExist") => TokenError::DoesNotExist(said(&error)),
        // What else a call says is within the limits by now, so it is the token that is empty or too long.
        Some("InvalidToken" | INVALID) => TokenError::Invalid(said(&error)),
        Some("InvalidOutput") => TokenError::Output(fail("InvalidOutput", said(&error))),
        _ => transport(error),
    }
}

fn said(error: &impl ProvideErrorMetadata) -> String {
    error.message().unwrap_or_default().to_owned()
}

/// At most so many characters of a text, from its beginning.
fn cut(text: &str, longest: usize) -> &str {
    text.char_indices().nth(longest).map_or(text, |(end, _)| &text[..end])
}

fn transport(error: impl Error + Send + Sync + 'static) -> TokenError {
    TokenError::Transport(explained(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(cut("größer", 3), "grö");
        assert_eq!(cut("grö", 3), "grö");
        assert_eq!(cut("", 3), "");
    }
}
