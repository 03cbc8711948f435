//! One task of an activity: the run of its handler, the heartbeats meanwhile, the report. Separate from asking for tasks,
//! because it must come to an end even where the service cannot be reached.

use super::Stage;
use super::patience::Patience;
use super::poll::Served;
use crate::explained::tell;
use serde_json::Value;
use sfn_core::{ErrorBody, Failed, TokenBackend as _, TokenError, name};

impl Served {
    /// Does a task and reports what became of it.
    pub(super) async fn work(&self, token: String, input: String) {
        let outcome = tokio::select! {
            biased;
            outcome = self.run(&input) => outcome,
            reason = self.heartbeats(&token) => {
                tell(&format!("warning: task `{}` was given up: {reason}", self.task.spec.name));
                return;
            }
            () = self.until(Stage::Over) => {
                let message = format!("the worker of task `{}` was stopped", self.task.spec.name);
                Err(Failed::of_task(name::TASK_STOPPED, &message))
            }
        };
        if let Err(failed) = &outcome {
            let body = ErrorBody::of(failed);
            let (error_type, error_message) =
                (&body.error_type, body.without_personal_data(self.task.spec.errors));
            tell(&format!("task `{}` failed with {error_type}: {error_message}", self.task.spec.name));
        }
        self.report(&token, outcome).await;
    }

    async fn run(&self, input: &str) -> Result<Value, Failed> {
        let payload = serde_json::from_str(input)
            .map_err(|error| Failed::of_task(name::PAYLOAD_INVALID, &format!(".: {error}")))?;
        let surroundings = self.surroundings.clone().within(self.task.spec.timeout);
        surroundings.around((self.task.run)(payload)).await
    }

    /// Sends heartbeats where they are expected; gives the reason when nobody waits for the task any more.
    async fn heartbeats(&self, token: &str) -> TokenError {
        let Some(longest) = self.task.spec.heartbeat else { return std::future::pending().await };
        loop {
            // Two of three may get lost.
            tokio::time::sleep(longest / 3).await;
            match self.tokens.heartbeat(token).await {
                // The next one may arrive.
                Ok(()) | Err(TokenError::Transport(_)) => {}
                Err(gone) => return gone,
            }
        }
    }

    /// Reports until the service has heard it, or does not care, or the worker is over.
    async fn report(&self, token: &str, mut outcome: Result<Value, Failed>) {
        let (mut patience, task) = (Patience::default(), self.task.spec.name);
        loop {
            let sent = match &outcome {
                Ok(output) => self.tokens.succeed(token, output.clone()).await,
                Err(failed) => self.tokens.fail(token, failed.clone()).await,
            };
            match sent {
                Ok(()) => return,
                Err(TokenError::Output(refused)) if outcome.is_ok() => {
                    let message = format!(".: the service refuses the output: {}", refused.cause());
                    outcome = Err(Failed::of_task(name::PAYLOAD_INVALID, &message));
                }
                Err(TokenError::Transport(error)) => {
                    tell(&format!("warning: the end of task `{task}` is not reported yet: {error}"));
                    tokio::select! {
                        biased;
                        () = self.until(Stage::Over) => return,
                        () = patience.wait() => {}
                    }
                }
                Err(gone) => return tell(&format!("warning: nobody waited for task `{task}`: {gone}")),
            }
        }
    }
}
