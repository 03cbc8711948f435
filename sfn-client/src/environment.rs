//! Clients of the SDK, configured by the environment. Separate because tokens, executions and stores reach their services
//! alike.

use aws_credential_types::Credentials;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

/// What the environment lacks.
#[derive(Debug, thiserror::Error)]
#[error("`{variable}` is not set; set it, or pass a client of the AWS SDK that is configured otherwise")]
pub struct EnvironmentError {
    pub(crate) variable: &'static str,
}

/// Where a service is, and who asks.
pub(crate) struct Environment {
    pub(crate) region: String,
    pub(crate) credentials: Credentials,
    /// Only where another endpoint than the service's own is named.
    pub(crate) url: Option<String>,
}

impl Environment {
    /// That of this process; `url` is the variable of the service's endpoint.
    pub(crate) fn of_process(url: &'static str) -> Result<Self, EnvironmentError> {
        Self::read(|name| std::env::var(name).ok(), url)
    }

    fn read(variable: impl Fn(&str) -> Option<String>, url: &'static str) -> Result<Self, EnvironmentError> {
        let read = |name: &'static str| variable(name).filter(|value| !value.is_empty());
        let required = |name| read(name).ok_or(EnvironmentError { variable: name });
        let region = read("AWS_REGION").or_else(|| read("AWS_DEFAULT_REGION"));
        let region = region.ok_or(EnvironmentError { variable: "AWS_REGION" })?;
        let credentials = Credentials::new(
            required("AWS_ACCESS_KEY_ID")?,
            required("AWS_SECRET_ACCESS_KEY")?,
            read("AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        Ok(Self { region, credentials, url: read(url).or_else(|| read("AWS_ENDPOINT_URL")) })
    }

    /// An endpoint that asks neither for a region nor for credentials.
    #[cfg(feature = "executions")]
    pub(crate) fn local(url: &str) -> Self {
        let credentials = Credentials::new("local", "local", None, None, "local");
        Self { region: "us-east-1".to_owned(), credentials, url: Some(url.to_owned()) }
    }
}

/// What the AWS SDK finds wherever it runs: credentials of profiles, containers and web identities too.
#[cfg(feature = "worker")]
pub(crate) async fn found() -> aws_config::SdkConfig {
    aws_config::defaults(aws_config::BehaviorVersion::latest()).http_client(https()).load().await
}

pub(crate) fn https() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(set: &[&'static str], expected: Result<(), &str>) {
        let outcome = Environment::read(|name| set.contains(&name).then(|| "value".to_owned()), "URL");
        assert_eq!(outcome.map(drop).map_err(|unset| unset.variable), expected);
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
}
