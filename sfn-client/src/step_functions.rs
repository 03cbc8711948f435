//! The SDK's client of Step Functions. Separate from the environment, which is the same for every service.

use crate::EnvironmentError;
use crate::environment::{Environment, https};
use aws_sdk_sfn::Client;
use aws_sdk_sfn::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_sfn::config::{BehaviorVersion, Config, ConfigBag, Intercept, Region, RuntimeComponents};
use std::error::Error;

/// A client of the environment of this process.
pub(crate) fn client() -> Result<Client, EnvironmentError> {
    Environment::of_process("AWS_ENDPOINT_URL_SFN").map(of)
}

/// A client of an endpoint that asks neither for a region nor for credentials.
pub(crate) fn local(url: &str) -> Client {
    of(Environment::local(url))
}

fn of(environment: Environment) -> Client {
    let Environment { region, credentials, url } = environment;
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(credentials)
        .http_client(https());
    Client::from_conf(match url {
        Some(url) => config.endpoint_url(url).interceptor(PlainHost).build(),
        None => config.build(),
    })
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
