//! The pages that people see, as the response of a Lambda function. Separate because this is all the HTML there is.

use serde_json::{Value, json};

/// What there is to say.
#[derive(Debug)]
pub(super) enum Page<'a> {
    /// What whoever has the link is to confirm.
    Question(&'a str),
    Thanks(&'a str),
    /// It was answered before, or nobody waits for an answer any more.
    Over(&'a str),
    Undelivered(&'a str),
    Expired,
    Unknown,
    NotAllowed,
}

/// The response with a page.
pub(super) fn page(page: &Page<'_>) -> Value {
    let (status, title, text, button) = match page {
        Page::Question(question) => (200, *question, "", "Confirm"),
        Page::Thanks(question) => (200, *question, "Thank you: this is your answer now.", ""),
        Page::Over(question) => {
            (410, *question, "This was answered already, or nobody waits for an answer any more.", "")
        }
        Page::Undelivered(question) => {
            (503, *question, "Your answer did not get through. Try again in a minute.", "Try again")
        }
        Page::Expired => (410, "Too late", "The time of this link is over. Ask for another one.", ""),
        Page::Unknown => (
            404,
            "No such link",
            "Open the whole link, as it was sent to you: some of it is missing or changed.",
            "",
        ),
        Page::NotAllowed => (405, "Not like this", "Open the link in a browser.", ""),
    };
    let title = escaped(title);
    let text = if text.is_empty() { String::new() } else { format!("<p>{text}</p>") };
    let form = match button {
        "" => String::new(),
        button => format!(r#"<form method="post"><button>{button}</button></form>"#),
    };
    let body = format!(
        r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>{text}{form}</body></html>"#
    );
    let mut headers = json!({
        "content-type": "text/html; charset=utf-8",
        // A link is a secret: no cache, no index and no other site is to learn it.
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex",
        "x-content-type-options": "nosniff",
        // No script, and no frame around the button.
        "content-security-policy":
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    });
    if let Page::NotAllowed = page {
        headers["allow"] = json!("GET, HEAD, POST");
    }
    json!({ "statusCode": status, "headers": headers, "body": body })
}

const STYLE: &str = "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem}\
h1{font-size:1.5rem;white-space:pre-line}button{font:inherit;padding:.5rem 1.5rem}";

/// A text as HTML shows it.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_is_text() {
        let question = r#"</title><script>alert("1" & '2')</script>"#;
        let response = page(&Page::Question(question));
        let body = response["body"].as_str().unwrap();
        let shown = "&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;";
        assert!(body.contains(&format!("<h1>{shown}</h1>")) && !body.contains("<script"), "{body}");
    }

    #[test]
    fn only_a_page_with_something_to_do_has_a_button() {
        for (of, status, has_button) in [
            (Page::Question("?"), 200, true),
            (Page::Thanks("?"), 200, false),
            (Page::Over("?"), 410, false),
            (Page::Undelivered("?"), 503, true),
            (Page::Expired, 410, false),
            (Page::Unknown, 404, false),
            (Page::NotAllowed, 405, false),
        ] {
            let response = page(&of);
            assert_eq!(response["statusCode"], status, "{of:?}");
            assert_eq!(response["headers"]["allow"].is_string(), status == 405, "{of:?}");
            let body = response["body"].as_str().unwrap();
            assert_eq!(body.contains(r#"<form method="post">"#), has_button, "{of:?}");
        }
    }
}
