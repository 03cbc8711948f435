//! One HTTP request and its response, on a connection of its own.
//! Separate because endpoints that answer Tasks and the HTTP Task both need it, with limits on what they take in.

use std::fmt;
use std::str::FromStr;

use axum::body::Bytes;
use axum::http::{Request, Uri};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Body;
use hyper::client::conn::http1;
use hyper::ext::ReasonPhrase;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// A URL of plain HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Url(Uri);

/// A text that is no URL of plain HTTP.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("found `{0}`, expected a URL such as `http://localhost:9000/path`")]
pub struct InvalidUrl(pub(super) String);

impl FromStr for Url {
    type Err = InvalidUrl;

    fn from_str(text: &str) -> Result<Self, InvalidUrl> {
        let uri: Uri = text.parse().map_err(|_| InvalidUrl(text.to_owned()))?;
        let is_plain = uri.scheme_str() == Some("http") && uri.host().is_some_and(|host| !host.is_empty());
        if is_plain { Ok(Self(uri)) } else { Err(InvalidUrl(text.to_owned())) }
    }
}

impl Url {
    /// The host, an IPv6 address without its brackets.
    pub(super) fn host(&self) -> &str {
        self.0.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
    }
}

impl fmt::Display for Url {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// What to send.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) method: String,
    pub(super) url: Url,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) reason: String,
    /// Names in small letters.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Bytes,
}

impl Reply {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// Why nothing came back.
#[derive(Debug)]
pub(super) enum Trouble {
    Unreachable(String),
    TooLarge,
}

/// Sends a request and takes in at most `limit` bytes of what comes back. Time is the caller's to limit.
pub(super) async fn exchange(exchange: Exchange, limit: usize) -> Result<Reply, Trouble> {
    let unreachable = |error: &dyn std::error::Error| Trouble::Unreachable(error.to_string());
    let uri = &exchange.url.0;
    let port = uri.port_u16().unwrap_or(80);
    let stream =
        TcpStream::connect((exchange.url.host(), port)).await.map_err(|error| unreachable(&error))?;
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|error| unreachable(&error))?;
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut request = Request::builder()
        .method(exchange.method.as_str())
        .uri(path)
        // Who has a user name in the URL must not tell it to the server twice.
        .header("Host", authority.rsplit('@').next().unwrap_or_default());
    for (name, value) in &exchange.headers {
        request = request.header(name, value);
    }
    let request = request.body(Full::new(Bytes::from(exchange.body))).map_err(|error| unreachable(&error))?;
    let work = async {
        let (head, body) =
            sender.send_request(request).await.map_err(|error| unreachable(&error))?.into_parts();
        if body.size_hint().lower() > limit as u64 {
            return Err(Trouble::TooLarge);
        }
        let body = Limited::new(body, limit).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                Trouble::TooLarge
            } else {
                Trouble::Unreachable(error.to_string())
            }
        })?;
        let headers = head.headers.iter().map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        let reason =
            head.extensions.get::<ReasonPhrase>().and_then(|it| std::str::from_utf8(it.as_bytes()).ok());
        let reason = reason.or(head.status.canonical_reason()).unwrap_or_default().to_owned();
        Ok(Reply { status: head.status.as_u16(), reason, headers: headers.collect(), body: body.to_bytes() })
    };
    tokio::pin!(work, connection);
    tokio::select! {
        biased;
        reply = &mut work => reply,
        // All that came is there to be read, and what did not come is an error there.
        _ = &mut connection => work.await,
    }
}
