//! Calls of `TestState` as they were recorded: the same request over the wire, and the whole response.
//! Separate because nothing is played back: the mock is part of the request.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value as Json};
use sfn_asl::Value;
use sfn_engine::api::{Client, ClientError, Endpoint};
use sfn_engine::driver::Engine;
use sfn_engine::lambda::Closures;
use sfn_engine::services::Services;

use crate::compare::same;
use crate::lines;
use crate::suite::{Differences, Suite};

#[derive(Deserialize)]
struct Case {
    id: String,
    definition: Json,
    definition_is_text: bool,
    input: Json,
    options: Map<String, Json>,
    expected_response: Json,
}

pub(crate) fn run(folder: &Path, differences: &Differences) -> Option<Suite> {
    let cases: Vec<Case> = lines(folder, "test-state.jsonl")?;
    let mut suite = Suite::new("test-state", &["TESTSTATE"], differences);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for case in cases {
        suite.count(&case.id, [runtime.block_on(case.verdict())]);
    }
    Some(suite)
}

/// What a call comes to: its output, or the code and the message of a refusal.
type Outcome = Result<Value, (String, String)>;

impl Case {
    async fn verdict(&self) -> Result<(), String> {
        let found = self.call().await;
        let expected = self.expected();
        let holds = match (&expected, &found) {
            (Ok(expected), Ok(found)) => same(expected, found),
            // The request never left the client that it was recorded with. It has to be refused here all the same.
            (Err((code, _)), Err((found, _))) if code == "ParamValidationError" => {
                found == "ValidationException"
            }
            (Err((code, message)), Err((found_code, found))) => {
                code == found_code && same(&Value::from(message.as_str()), &Value::from(found.as_str()))
            }
            _ => false,
        };
        if holds { Ok(()) } else { Err(format!("expected {expected:?}, found {found:?}")) }
    }

    async fn call(&self) -> Outcome {
        let payload = self.output_field("Payload");
        let functions = self.function().map_or_else(Closures::new, |name| {
            Closures::new().with(name, move |_: Value| std::future::ready(Ok(payload.clone())))
        });
        let engine = Engine::builder(Services::new().functions(functions)).spawn();
        let server = Endpoint::bind(0).await.expect("a port is free").serve(engine);
        let answer = Client::new(server.url()).call("TestState", &self.request()).await;
        match answer {
            Ok(output) => Ok(Value::from(output)),
            Err(ClientError::Refused { code, message }) => Err((code, message)),
            Err(error) => panic!("{}: {error}", self.id),
        }
    }

    fn request(&self) -> Json {
        let mut request = self.options.clone();
        let definition = match &self.definition {
            Json::String(text) if self.definition_is_text => text.clone(),
            definition => definition.to_string(),
        };
        request.insert("definition".to_owned(), definition.into());
        if !self.input.is_null() {
            request.insert("input".to_owned(), self.input.to_string().into());
        }
        if self.has_role() {
            request.insert("roleArn".to_owned(), "arn:aws:iam::123456789012:role/recorded".into());
        }
        request.into()
    }

    /// Roles are not in the recordings, but that there was none shows in what was answered.
    fn has_role(&self) -> bool {
        let answer = self.expected_response.to_string();
        !answer.contains(r#""RoleArn":null"#) && !answer.contains("RoleArn must be specified")
    }

    /// The function that is called. What it answered is recorded only in what was made of it.
    fn function(&self) -> Option<&str> {
        self.input.get("FunctionName")?.as_str()
    }

    fn output_field(&self, field: &str) -> Value {
        let output = self.expected_response.get("output").and_then(|output| output.get(field));
        Value::from(output.cloned().unwrap_or_default())
    }

    fn expected(&self) -> Outcome {
        let response = &self.expected_response;
        let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        if let Some(error) = response.get("Error") {
            return Err((text(&error["Code"]), text(&error["Message"])));
        }
        if let Some(value) = response.get("exception_value") {
            // Recorded through a client, which says first that an error occurred.
            let message = text(value);
            let said = message.split_once(" operation: ").map_or(message.as_str(), |(_, said)| said);
            return Err((text(&response["exception_typename"]), said.to_owned()));
        }
        // Who calls without a signature is in another account than the recorder was.
        let response = response.to_string().replace("111111111111", "123456789012");
        let mut output: Json = serde_json::from_str(&response).expect("it was JSON before");
        if let Some(fields) = output.as_object_mut() {
            fields.remove("ResponseMetadata");
        }
        Ok(Value::from(output))
    }
}
