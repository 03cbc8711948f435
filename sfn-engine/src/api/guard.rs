//! Who may call: programs of this machine, not web pages that a browser of this machine has open.
//! Separate because it is the whole of the security of a server that checks no signatures.

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

pub(super) async fn only_this_machine(request: Request, next: Next) -> Response {
    if is_from_this_machine(request.headers()) {
        next.run(request).await
    } else {
        let reason = "only programs of this machine may call, under a name of the loopback interface";
        (StatusCode::FORBIDDEN, reason).into_response()
    }
}

fn is_from_this_machine(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    !headers.contains_key(header::ORIGIN) && host.is_some_and(names_loopback)
}

/// Whether a `Host` header, with or without a port, names the loopback interface.
fn names_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    // The SDKs put a prefix before the host for some operations.
    let name = name.strip_prefix("sync-").unwrap_or(name);
    matches!(name, "127.0.0.1" | "[::1]")
        || name.eq_ignore_ascii_case("localhost")
        || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headers: &[(header::HeaderName, &'static str)], expected: bool) {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.clone(), value.parse().expect("a header"))).collect();
        assert_eq!(is_from_this_machine(&headers), expected, "{headers:?}");
    }

    #[test]
    fn only_loopback_names_are_let_in() {
        check(&[(header::HOST, "127.0.0.1:8083")], true);
        check(&[(header::HOST, "localhost")], true);
        check(&[(header::HOST, "[::1]:8083")], true);
        check(&[(header::HOST, "sync-localhost:8083")], true);
        check(&[(header::HOST, "sync-127.0.0.1")], true);
        check(&[(header::HOST, "evil.example:8083")], false);
        check(&[(header::HOST, "127.0.0.1.evil.example")], false);
        check(&[], false);
    }

    #[test]
    fn web_pages_are_kept_out() {
        check(&[(header::HOST, "localhost:1"), (header::ORIGIN, "http://evil.example")], false);
    }
}
