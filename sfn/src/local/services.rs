//! The engine's stand-ins for services, in a native run.
//! Separate because the native run knows services as a trait and the engine as Task Runners.

use std::sync::Arc;

use sfn_core::{Failed, ServiceAnswer, ServiceRequest, ServiceRunner, fail};
use sfn_engine::core::{Machine, Status};
use sfn_engine::driver::{Engine, Start, VirtualClock};
use sfn_engine::services::Services;

/// Runs something natively among the stand-ins for services: calls of services in it are answered as they are on the
/// engine, and what was sent can be read from [`Services::sent`].
///
/// ```
/// use sfn::local::{Services, with_services};
/// use sfn::prelude::*;
/// use sfn::sns;
///
/// /// Tells the news.
/// #[workflow]
/// async fn tell(news: String) -> Result<(), Failed> {
///     sns::publish("${NewsTopicArn}", &news).subject("News").await?;
///     Ok(())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Failed> {
/// let services = Services::new();
/// with_services(&services, tell("it rains".to_owned())).await?;
/// let sent = &services.sent()[0];
/// assert_eq!(&*sent.resource, "arn:aws:states:::sns:publish");
/// assert_eq!(sent.arguments.get("Message").and_then(|message| message.as_str()), Some("it rains"));
/// # Ok(())
/// # }
/// ```
pub async fn with_services<T>(services: &Services, run: impl Future<Output = T>) -> T {
    sfn_core::with_services(Arc::new(Native(services.clone())), run).await
}

struct Native(Services);

impl ServiceRunner for Native {
    fn answer(&self, request: ServiceRequest) -> ServiceAnswer {
        let services = self.0.clone();
        Box::pin(async move {
            let ServiceRequest { resource, arguments, token } = request;
            let answer = services.call(&resource, arguments.into(), token.map(Into::into)).await;
            answer.map(Into::into).map_err(|failure| fail(failure.error, failure.cause))
        })
    }

    fn run(&self, machine: serde_json::Value) -> ServiceAnswer {
        let services = self.0.clone();
        Box::pin(async move {
            let machine: Machine = machine.to_string().parse().map_err(unfit)?;
            let engine = Engine::builder(services).clock(VirtualClock::at_epoch()).spawn();
            let started = engine.start(&Arc::new(machine), Start::default()).map_err(unfit)?;
            match &started.finished().await.status {
                Status::Succeeded(output) => Ok(output.into()),
                Status::Failed(fault) | Status::TimedOut(fault) | Status::Aborted(fault) => {
                    Err(super::failed(fault))
                }
            }
        })
    }
}

/// The failure of a State that the engine does not even begin with.
fn unfit(error: impl std::fmt::Display) -> Failed {
    fail("States.Runtime", error.to_string())
}
