//! Task tokens completed through AWS Step Functions. Apart from serving, because any program that holds a stored token
//! may complete it, not only a Lambda function.

use aws_credential_types::Credentials;
use aws_sdk_sfn::Client;
use aws_sdk_sfn::config::{BehaviorVersion, Config, Region};
use aws_sdk_sfn::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use serde_json::Value;
use sfn_core::{Failed, TokenAnswer, TokenBackend, TokenError, fail, token};
use std::error::Error;
use std::sync::OnceLock;

/// Makes the methods of [`TaskToken`](sfn_core::TaskToken) reach Step Functions, configured by the environment.
///
/// [`main!`](crate::main) does this for its own process. A web server, a queue consumer or a command-line tool that
/// completes stored tokens calls it once, at its start:
///
/// ```no_run
/// # async fn answer(stored: String) -> Result<(), sfn_core::TokenError> {
/// sfn_lambda::install_token_client();
/// let token: sfn_core::TaskToken<bool> = sfn_core::TaskToken::new(stored);
/// token.succeed(true).await
/// # }
/// ```
///
/// The environment is read, and the connection made, when a token is first used: `AWS_REGION` (or `AWS_DEFAULT_REGION`),
/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, and, to talk to another endpoint,
/// `AWS_ENDPOINT_URL_SFN` or `AWS_ENDPOINT_URL`. Credentials from profiles, containers or web identities need a client of
/// your own: [`install_token_client_with`]. The first installation of a process stays.
pub fn install_token_client() {
    install(StepFunctions { client: OnceLock::new() });
}

/// Makes the methods of [`TaskToken`](sfn_core::TaskToken) use a client that you have configured.
///
/// The first installation of a process stays, so call this before [`serve`](crate::serve).
pub fn install_token_client_with(client: Client) {
    install(StepFunctions { client: client.into() });
}

fn install(backend: StepFunctions) {
    // The backend that comes back is the one that came too late.
    drop(token::install(Box::new(backend)));
}

#[derive(Debug)]
struct StepFunctions {
    client: OnceLock<Client>,
}

impl StepFunctions {
    /// Made at first use: loading the root certificates would cost every other cold start some milliseconds.
    fn client(&self) -> Result<&Client, TokenError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let config = config(|name| std::env::var(name).ok()).map_err(transport)?;
        Ok(self.client.get_or_init(|| Client::from_conf(config)))
    }
}

impl TokenBackend for StepFunctions {
    fn succeed<'a>(&'a self, token: &'a str, output: Value) -> TokenAnswer<'a> {
        Box::pin(async move {
            let call = self.client()?.send_task_success().task_token(token).output(output.to_string());
            call.send().await.map(drop).map_err(typed)
        })
    }

    fn fail<'a>(&'a self, token: &'a str, failed: Failed) -> TokenAnswer<'a> {
        Box::pin(async move {
            let call = self.client()?.send_task_failure().task_token(token);
            call.error(failed.error()).cause(failed.cause()).send().await.map(drop).map_err(typed)
        })
    }

    fn heartbeat<'a>(&'a self, token: &'a str) -> TokenAnswer<'a> {
        Box::pin(async move {
            let call = self.client()?.send_task_heartbeat().task_token(token);
            call.send().await.map(drop).map_err(typed)
        })
    }
}

/// What the environment lacks.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not set; set it, or install a client of your own with `install_token_client_with`")]
struct Unset(&'static str);

fn config(variable: impl Fn(&str) -> Option<String>) -> Result<Config, Unset> {
    let read = |name: &'static str| variable(name).filter(|value| !value.is_empty());
    let region = read("AWS_REGION").or_else(|| read("AWS_DEFAULT_REGION")).ok_or(Unset("AWS_REGION"))?;
    let required = |name| read(name).ok_or(Unset(name));
    let credentials = Credentials::new(
        required("AWS_ACCESS_KEY_ID")?,
        required("AWS_SECRET_ACCESS_KEY")?,
        read("AWS_SESSION_TOKEN"),
        None,
        "environment",
    );
    let http = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
    let mut config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(credentials)
        .http_client(http.build_https());
    config.set_endpoint_url(read("AWS_ENDPOINT_URL_SFN").or_else(|| read("AWS_ENDPOINT_URL")));
    Ok(config.build())
}

/// The service's error as a token's. One function for the three calls, because their errors share names, not types.
fn typed<E, R>(error: SdkError<E, R>) -> TokenError
where
    SdkError<E, R>: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let message = || error.message().unwrap_or_default().to_owned();
    match error.code() {
        Some("TaskTimedOut") => TokenError::TimedOut,
        Some("InvalidToken" | "TaskDoesNotExist") => TokenError::Invalid(message()),
        Some("InvalidOutput") => TokenError::Output(fail("InvalidOutput", message())),
        _ => transport(error),
    }
}

/// An error that says everything its sources know: the SDK's own text is but `dispatch failure`.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
struct Explained {
    text: String,
    source: Box<dyn Error + Send + Sync>,
}

fn transport(error: impl Error + Send + Sync + 'static) -> TokenError {
    let mut text = error.to_string();
    let mut link: &dyn Error = &error;
    while let Some(source) = link.source() {
        text = format!("{text}: {source}");
        link = source;
    }
    TokenError::Transport(Box::new(Explained { text, source: Box::new(error) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(set: &[&'static str], expected: Result<(), &str>) {
        let outcome = config(|name| set.contains(&name).then(|| "value".to_owned()));
        assert_eq!(outcome.map(drop).map_err(|unset| unset.0), expected);
    }

    #[test]
    fn the_first_variable_that_is_missing_is_named() {
        let all = ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
        check(&all, Ok(()));
        check(&["AWS_DEFAULT_REGION", all[1], all[2]], Ok(()));
        check(&all[1..], Err("AWS_REGION"));
        check(&all[..1], Err("AWS_ACCESS_KEY_ID"));
        check(&all[..2], Err("AWS_SECRET_ACCESS_KEY"));
    }

    #[test]
    fn a_failed_call_explains_itself_to_the_last_link() {
        let TokenError::Transport(error) = transport(Unset("AWS_REGION")) else { panic!("another error") };
        assert!(error.to_string().starts_with("`AWS_REGION` is not set"));
        assert!(error.source().is_some());
    }
}
