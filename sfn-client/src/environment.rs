//! A client of the SDK, configured by the environment. Separate because tokens and executions reach the service alike.

use aws_credential_types::Credentials;
use aws_sdk_sfn::Client;
use aws_sdk_sfn::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_sfn::config::{
    BehaviorVersion, Config, ConfigBag, Intercept, Region, RuntimeComponents, SharedHttpClient,
};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use std::error::Error;

/// What the environment lacks.
#[derive(Debug, thiserror::Error)]
#[error("`{variable}` is not set; set it, or pass a client of `aws-sdk-sfn` that is configured otherwise")]
pub struct EnvironmentError {
    variable: &'static str,
}

/// A client of the environment of this process.
pub(crate) fn client() -> Result<Client, EnvironmentError> {
    config(|name| std::env::var(name).ok()).map(Client::from_conf)
}

/// A client of an endpoint that asks neither for a region nor for credentials.
pub(crate) fn local(url: &str) -> Client {
    let credentials = Credentials::new("local", "local", None, None, "local");
    Client::from_conf(built("us-east-1".to_owned(), credentials, Some(url.to_owned())))
}

/// A client as the AWS SDK configures one wherever it runs: credentials of profiles, containers and web identities too.
#[cfg(feature = "worker")]
pub(crate) async fn found() -> Client {
    let found = aws_config::defaults(BehaviorVersion::latest()).http_client(https()).load().await;
    Client::new(&found)
}

fn https() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}

fn config(variable: impl Fn(&str) -> Option<String>) -> Result<Config, EnvironmentError> {
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
    let url = read("AWS_ENDPOINT_URL_SFN").or_else(|| read("AWS_ENDPOINT_URL"));
    Ok(built(region, credentials, url))
}

fn built(region: String, credentials: Credentials, url: Option<String>) -> Config {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(credentials)
        .http_client(https());
    match url {
        Some(url) => config.endpoint_url(url).interceptor(PlainHost).build(),
        None => config.build(),
    }
}

/// Takes off what `StartSyncExecution` puts before the host's name: only AWS's own names have it.
#[derive(Debug)]
struct PlainHost;

impl Intercept for PlainHost {
    fn name(&self) -> &'static str {
        "PlainHost"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        let request = context.request_mut();
        let plain = request.uri().replacen("://sync-", "://", 1);
        Ok(request.set_uri(plain)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(set: &[&'static str], expected: Result<(), &str>) {
        let outcome = config(|name| set.contains(&name).then(|| "value".to_owned()));
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
