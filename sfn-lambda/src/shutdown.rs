//! The end of a process as Lambda announces it. Separate because Lambda announces it only to functions with an extension,
//! which has an API of its own beside that of the runtime.

use lambda_runtime_api_client::{Client, body::Body, build_request};
use sfn_core::Closing;
use std::error::Error;
use std::process::exit;
use tokio::signal::unix::{SignalKind, signal};

const EXTENSIONS: &str = "/2020-01-01/extension";
const NAME: &str = "sfn-shutdown";

/// Lets futures run before the process ends.
///
/// Registers an extension that asks for no events: it costs nothing between the first invocation and the end.
pub(crate) async fn before(closings: Vec<Closing>) -> Result<(), Box<dyn Error + Send + Sync>> {
    let (mut terminated, mut interrupted) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let client = Client::builder().build()?;
    let register = build_request()
        .method("POST")
        .uri(format!("{EXTENSIONS}/register"))
        .header("lambda-extension-name", NAME)
        .header("content-type", "application/json")
        .body(Body::from(r#"{"events":[]}"#.to_owned()))?;
    let registered = client.call(register).await?;
    let id = registered.headers().get("lambda-extension-identifier").cloned();
    let id = id.filter(|_| registered.status().is_success());
    let id = id.ok_or_else(|| format!("the Extensions API answered {}", registered.status()))?;
    let next = build_request()
        .method("GET")
        .uri(format!("{EXTENSIONS}/event/next"))
        .header("lambda-extension-identifier", id)
        .body(Body::empty())?;
    // Tells Lambda that the extension is ready; an answer never comes.
    tokio::spawn(async move { client.call(next).await });
    tokio::spawn(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
        for closing in closings {
            closing.await;
        }
        exit(0);
    });
    Ok(())
}
