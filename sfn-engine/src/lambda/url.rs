//! The URL of a function, on loopback: HTTP in, the event that Lambda makes of it, HTTP out.
//! Separate because people and browsers come this way, and no document does.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, json};
use sfn_asl::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::functions::{Functions, Invocation};

/// A port for the URL of a function, open but not yet served: other functions can be told of it before there are any.
#[derive(Debug)]
pub struct FunctionUrl {
    listener: TcpListener,
    address: SocketAddr,
}

/// A URL being served; it ends when this is dropped.
#[derive(Debug)]
pub struct ServedUrl(JoinHandle<()>);

impl FunctionUrl {
    /// Opens a port on the loopback interface; port 0 takes any that is free.
    ///
    /// # Errors
    /// The port is taken.
    pub async fn bind(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// The URL, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Has a function answer all requests from now on, in the format of function URLs (payload 2.0).
    ///
    /// ```
    /// use sfn_asl::Value;
    /// use sfn_engine::lambda::{Closures, FunctionUrl};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let hello = Closures::new().with("hello", |_| async { Ok(Value::from("hello")) });
    /// let url = FunctionUrl::bind(0).await?;
    /// assert!(url.url().starts_with("http://127.0.0.1:"));
    /// let _served = url.serve(hello, "hello");
    /// # Ok(())
    /// # }
    /// ```
    pub fn serve(self, functions: impl Functions, function: impl Into<String>) -> ServedUrl {
        let served = Arc::new((functions, function.into()));
        let routes = Router::new().fallback(call).with_state(served);
        ServedUrl(tokio::spawn(async move {
            // It ends by being dropped; without a listener there is nobody to tell.
            let _ = axum::serve(self.listener, routes).await;
        }))
    }
}

impl Drop for ServedUrl {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What Lambda takes of a request.
const LARGEST: usize = 6 << 20;

async fn call<F: Functions>(State(served): State<Arc<(F, String)>>, request: Request) -> Response<Body> {
    let (functions, function) = &*served;
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE, "Request Too Long");
    };
    let path = head.uri.path();
    let mut event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": head.uri.query().unwrap_or_default(),
        "headers": headers(&head.headers),
        "requestContext": {
            "http": { "method": head.method.as_str(), "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1" },
            "routeKey": "$default",
            "stage": "$default",
        },
        "isBase64Encoded": false,
    });
    if !body.is_empty() {
        event["body"] = json!(STANDARD.encode(&body));
        event["isBase64Encoded"] = json!(true);
    }
    let payload = Value::from(event);
    match functions.invoke(Invocation { function: function.clone(), payload }).await {
        Ok(output) => response(output),
        Err(_) => plain(StatusCode::BAD_GATEWAY, "Internal Server Error"),
    }
}

/// Headers as Lambda hands them on: in lower case, those of one name joined.
fn headers(headers: &HeaderMap) -> Map<String, serde_json::Value> {
    let mut all = Map::new();
    for name in headers.keys() {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        all.insert(name.as_str().to_owned(), json!(values.collect::<Vec<_>>().join(",")));
    }
    all
}

/// What a function answers with.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status_code: u16,
    #[serde(default)]
    headers: Map<String, serde_json::Value>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    is_base64_encoded: bool,
}

/// The answer as HTTP. One without a status is the body itself, in JSON, as Lambda takes it.
fn response(output: Value) -> Response<Body> {
    let output = serde_json::Value::from(output);
    let Ok(answer) = serde_json::from_value::<Answer>(output.clone()) else {
        let answer = Response::builder().header("content-type", "application/json");
        return answer.body(Body::from(output.to_string())).unwrap_or_default();
    };
    let body = if answer.is_base64_encoded {
        STANDARD.decode(&answer.body).unwrap_or_default()
    } else {
        answer.body.into_bytes()
    };
    let mut response = Response::builder().status(answer.status_code);
    for (name, value) in &answer.headers {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        response = response.header(name, text);
    }
    let refused = |_| plain(StatusCode::BAD_GATEWAY, "Internal Server Error");
    response.body(Body::from(body)).unwrap_or_else(refused)
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response
}
