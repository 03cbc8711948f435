//! The function behind links: it shows what a link would answer, and gives the answer when that is confirmed. Separate from
//! tasks, because people's browsers call it and no state machine does.

mod page;

use page::{Page, page};
use serde::Deserialize;
use serde_json::Value;
use sfn_core::{
    Answer, ArgumentSpec, Arguments, Failed, LinkError, Origin, Payload, Task, TaskEntry, TaskSpec,
    TokenError, link_names, respond,
};
use std::convert::Infallible;

/// Its entry, to be served beside tasks.
pub(crate) fn entry() -> TaskEntry {
    TaskEntry::of::<AnswerLink>()
}

struct AnswerLink;

impl Task for AnswerLink {
    type Output = Value;
    type Error = Infallible;

    const SPEC: TaskSpec = TaskSpec {
        arguments: &[ArgumentSpec::new("request", <Value as Payload>::shape)],
        ..TaskSpec::new::<Self>(link_names::HANDLER, Origin::new(file!(), line!(), 1))
    };

    async fn run(payload: Value) -> Result<Value, Failed> {
        let request: Request = Arguments::new(&Self::SPEC, payload)?.take("request")?;
        respond::<Self>(Ok(answer(&request).await))
    }
}

/// What function URLs and HTTP APIs send (payload format 2.0), as far as it matters.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    raw_path: String,
    request_context: Context,
}

#[derive(Deserialize)]
struct Context {
    http: Http,
}

#[derive(Deserialize)]
struct Http {
    method: String,
}

/// Only `POST` answers: mail scanners and previews follow links before people do, with `GET`.
async fn answer(request: &Request) -> Value {
    let sealed = request.raw_path.rsplit('/').next().unwrap_or_default();
    let opened = Answer::open(sealed);
    match (request.request_context.http.method.as_str(), opened) {
        ("GET" | "HEAD" | "POST", Err(LinkError::Expired)) => page(&Page::Expired),
        ("GET" | "HEAD" | "POST", Err(_)) => page(&Page::Unknown),
        ("GET" | "HEAD", Ok(answer)) => page(&Page::Question(answer.question())),
        ("POST", Ok(answer)) => {
            let question = answer.question().to_owned();
            match answer.give().await {
                Ok(()) => page(&Page::Thanks(&question)),
                Err(TokenError::TimedOut | TokenError::DoesNotExist(_) | TokenError::Invalid(_)) => {
                    page(&Page::Over(&question))
                }
                Err(error) => {
                    tracing::error!("the answer of a link was not delivered: {error}");
                    page(&Page::Undelivered(&question))
                }
            }
        }
        _ => page(&Page::NotAllowed),
    }
}
