//! How clients of the SDK are configured where nobody hands one over. Separate because every service is reached alike.

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::SdkConfig;
use aws_types::region::Region;
use aws_types::sdk_config::Builder;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

/// What the environment lacks.
#[derive(Debug, thiserror::Error)]
#[error("`{variable}` is not set; set it, or pass a client of the AWS SDK that is configured otherwise")]
pub struct EnvironmentError {
    pub(crate) variable: &'static str,
}

/// The value of a variable that must be set.
pub(crate) fn required(name: &'static str, value: Option<String>) -> Result<String, EnvironmentError> {
    value.ok_or(EnvironmentError { variable: name })
}

/// The value of a variable that is set, and not to nothing.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// What the variables of this process say: no file is read and nobody is asked, which costs a cold start nothing.
pub(crate) fn of_process() -> Result<SdkConfig, EnvironmentError> {
    let (region, credentials) = read(variable)?;
    Ok(config(region, credentials).service_config(Variables).build())
}

fn read(variable: impl Fn(&str) -> Option<String>) -> Result<(String, Credentials), EnvironmentError> {
    let set = |name| required(name, variable(name));
    let region = required("AWS_REGION", variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION")))?;
    let key = set("AWS_ACCESS_KEY_ID")?;
    let secret = set("AWS_SECRET_ACCESS_KEY")?;
    Ok((region, Credentials::new(key, secret, variable("AWS_SESSION_TOKEN"), None, "environment")))
}

/// An endpoint that asks neither for a region nor for credentials.
#[cfg(feature = "executions")]
pub(crate) fn local(url: &str) -> SdkConfig {
    let credentials = Credentials::new("local", "local", None, None, "local");
    config("us-east-1".to_owned(), credentials).endpoint_url(url).build()
}

/// What the AWS SDK finds wherever it runs: credentials of profiles, containers and web identities too.
#[cfg(feature = "worker")]
pub(crate) async fn found() -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest()).http_client(https()).load().await
}

fn config(region: String, credentials: Credentials) -> Builder {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(https())
}

fn https() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}

/// The endpoint that takes the place of a service's own, where there is one, as the SDK finds it.
#[cfg(any(feature = "executions", feature = "stored"))]
pub(crate) fn endpoint(config: &SdkConfig, service: &str) -> Option<String> {
    let key = ServiceConfigKey::builder().service_id(service);
    let key = key.env("AWS_ENDPOINT_URL").profile("endpoint_url").build().ok()?;
    let of_service = config.service_config().and_then(|own| own.load_config(key));
    of_service.or_else(|| config.endpoint_url().map(str::to_owned))
}

/// What the SDK asks of the environment when it makes the client of a service: `AWS_ENDPOINT_URL_S3`, else
/// `AWS_ENDPOINT_URL`.
#[derive(Debug)]
struct Variables;

impl LoadServiceConfig for Variables {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let service = key.service_id().to_uppercase().replace(' ', "_");
        variable(&format!("{}_{service}", key.env())).or_else(|| variable(key.env()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(set: &[&'static str], expected: Result<(), &str>) {
        let outcome = read(|name| set.contains(&name).then(|| "value".to_owned()));
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
