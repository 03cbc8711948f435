//! A request of our own to the APIs that Lambda offers a process, beside those that `lambda_runtime` makes. Separate because
//! it is the one place that knows the client, and whoever asks should not make the program larger by another copy of it.

use lambda_runtime_api_client::{BoxError, PooledClient, body::Body, build_request};

/// What is asked for.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) header: (&'static str, &'a str),
    pub(crate) body: String,
}

/// Sends a request; gives the value of a header of the answer, should it have one.
pub(crate) async fn send(request: Request<'_>, wanted: &str) -> Result<Option<String>, BoxError> {
    let Request { method, path, header: (name, value), body } = request;
    let request = build_request().method(method).uri(path).header(name, value);
    let request = request.header("content-type", "application/json").body(Body::from(body))?;
    let answer = PooledClient::builder().build().call(request).await?;
    if !answer.status().is_success() {
        return Err(format!("{path} answered {}", answer.status()).into());
    }
    Ok(answer.headers().get(wanted).and_then(|value| Some(value.to_str().ok()?.to_owned())))
}
