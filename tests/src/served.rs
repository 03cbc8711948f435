//! Workflows on an engine that is served on loopback, and AWS's own SDK to reach it.
//! Separate from finding files because only the suites of clients and of workers need an engine.

use sfn_core::emit::{Artifact, Package, Settings, prepare};
use sfn_core::{Definition, ExecutionType};
use sfn_engine::api::{Endpoint, Server};
use sfn_engine::driver::Engine;
use sfn_engine::services::Services;

/// An engine that is served until this is dropped.
#[derive(Debug)]
pub struct Served {
    /// Its server.
    pub server: Server,
    /// AWS's own SDK, configured for it.
    pub sdk: aws_sdk_sfn::Client,
}

impl Served {
    /// An engine with these services.
    ///
    /// # Panics
    ///
    /// When loopback has no free port.
    pub async fn new(services: Services) -> Self {
        Self::at(Endpoint::bind(0).await.expect("a free port"), services)
    }

    /// The same at an endpoint that somebody has been told of already.
    pub fn at(endpoint: Endpoint, services: Services) -> Self {
        let server = endpoint.serve(Engine::builder(services).spawn());
        let config = aws_sdk_sfn::Config::builder()
            .behavior_version(aws_sdk_sfn::config::BehaviorVersion::latest())
            .region(aws_sdk_sfn::config::Region::new("us-east-1"))
            .credentials_provider(aws_credential_types::Credentials::new("test", "test", None, None, "test"))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .endpoint_url(server.url());
        Self { server, sdk: aws_sdk_sfn::Client::from_conf(config.build()) }
    }

    /// Creates the state machine of a workflow out of its text, and gives its ARN.
    ///
    /// # Panics
    ///
    /// When the service refuses it.
    pub async fn create(&self, definition: &Definition, text: String) -> String {
        let kind = if definition.kind() == ExecutionType::Express { "EXPRESS" } else { "STANDARD" };
        let create = self.sdk.create_state_machine().name(definition.name()).definition(text);
        let create = create.r#type(kind.into()).role_arn("arn:aws:iam::123456789012:role/test");
        create.send().await.expect("it is valid").state_machine_arn
    }
}

/// What a build emits for a workflow.
///
/// # Panics
///
/// When it is no state machine.
pub fn artifact(definition: &Definition) -> Artifact {
    let package = Package { name: String::new(), dir: String::new() };
    let artifacts = prepare(&package, std::slice::from_ref(definition), &Settings::default());
    artifacts.expect("it is a state machine").workflows.remove(0)
}
