//! Tokens that are not of this process: they go to the backend, once there is one.
//! Separate because a backend is installed once per process, so this must be a process of its own.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use sfn_core::token::install;
use sfn_core::{Failed, TaskToken, TokenAnswer, TokenBackend, TokenError};

#[derive(Debug, Clone, Default)]
struct Recorder(Arc<Mutex<Vec<String>>>);

impl Recorder {
    fn record(&self, call: String) -> TokenAnswer<'_> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(call);
        Box::pin(async { Ok(()) })
    }
}

impl TokenBackend for Recorder {
    fn succeed<'a>(&'a self, token: &'a str, output: Value) -> TokenAnswer<'a> {
        self.record(format!("{token} succeeds with {output}"))
    }

    fn fail<'a>(&'a self, token: &'a str, failed: Failed) -> TokenAnswer<'a> {
        self.record(format!("{token} fails with {failed}"))
    }

    fn heartbeat<'a>(&'a self, token: &'a str) -> TokenAnswer<'a> {
        self.record(format!("{token} beats"))
    }
}

#[tokio::test]
async fn tokens_of_the_service_go_to_the_installed_backend() {
    let token: TaskToken<u8> = serde_json::from_value(json!("AQC8")).unwrap();
    assert_eq!(serde_json::to_value(&token).unwrap(), json!("AQC8"));
    assert_eq!(format!("{token:?}"), "TaskToken(..)");
    assert!(matches!(token.succeed(1).await, Err(TokenError::NotInstalled)));

    let recorder = Recorder::default();
    assert!(install(Box::new(recorder.clone())).is_ok());
    assert!(install(Box::new(recorder.clone())).is_err(), "a second backend is refused");
    token.heartbeat().await.unwrap();
    token.succeed(1).await.unwrap();
    assert_eq!(*recorder.0.lock().unwrap(), ["AQC8 beats", "AQC8 succeeds with 1"]);
}

#[tokio::test]
async fn tokens_of_this_process_never_go_to_the_service() {
    let token = TaskToken::<u8>::new("sfn-native-0");
    assert!(matches!(token.succeed(1).await, Err(TokenError::TimedOut)));
    assert!(matches!(token.heartbeat().await, Err(TokenError::TimedOut)));
}
