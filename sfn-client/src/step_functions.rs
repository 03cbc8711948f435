//! The SDK's client of Step Functions. Separate from the environment, which is the same for every service.

use crate::EnvironmentError;
use crate::environment::{self, endpoint};
use aws_sdk_sfn::Client;
use aws_sdk_sfn::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_sfn::config::{Builder, ConfigBag, Intercept, RuntimeComponents};
use aws_types::SdkConfig;
use std::error::Error;

/// A client of the environment of this process.
pub(crate) fn client() -> Result<Client, EnvironmentError> {
    Ok(of(&environment::of_process()?))
}

/// A client of an endpoint that asks neither for a region nor for credentials.
pub(crate) fn local(url: &str) -> Client {
    of(&environment::local(url))
}

/// A client of that configuration.
pub(crate) fn of(config: &SdkConfig) -> Client {
    let own = Builder::from(config);
    let own = if endpoint(config, "SFN").is_some() { own.interceptor(PlainHost) } else { own };
    Client::from_conf(own.build())
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
