//! The end of a process as Lambda announces it. Separate because Lambda announces it only to functions with an extension,
//! which has an API of its own beside that of the runtime.

use crate::request::{Request, send};
use sfn_core::Closing;
use std::error::Error;
use std::process::exit;
use tokio::signal::unix::{SignalKind, signal};

const NAME: &str = "sfn-shutdown";
const IDENTIFIER: &str = "lambda-extension-identifier";

/// Lets futures run before the process ends.
///
/// Registers an extension that asks for no events: it costs nothing between the first invocation and the end.
pub(crate) async fn before(closings: Vec<Closing>) -> Result<(), Box<dyn Error + Send + Sync>> {
    let (mut terminated, mut interrupted) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let register = Request {
        method: "POST",
        path: "/2020-01-01/extension/register",
        header: ("lambda-extension-name", NAME),
        body: r#"{"events":[]}"#.to_owned(),
    };
    let id = send(register, IDENTIFIER).await?.ok_or("the Extensions API gave no identifier")?;
    tokio::spawn(async move {
        let path = "/2020-01-01/extension/event/next";
        let next = Request { method: "GET", path, header: (IDENTIFIER, &id), body: String::new() };
        // Tells Lambda that the extension is ready; an answer never comes.
        let ready = async {
            let _ = send(next, "").await;
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = ready => {}
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
