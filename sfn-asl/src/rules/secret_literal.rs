//! `secret-literal`: a secret stands in the definition.
//! Separate because every rule has a file of its own.

use super::{Check, Example, Rule};
use crate::document::has_placeholder;
use crate::survey::Survey;
use crate::{Code, Diagnostic, Severity};

const CODE: Code = Code::new("secret-literal");

/// How well-known secrets begin, with what they are and how many more letters and digits they have at least.
const PREFIXES: [(&str, &str, usize); 10] = [
    ("AKIA", "the id of an AWS access key", 16),
    ("ASIA", "the id of a temporary AWS access key", 16),
    ("ghp_", "a GitHub token", 30),
    ("github_pat_", "a GitHub token", 30),
    ("glpat-", "a GitLab token", 20),
    ("xoxb-", "a Slack token", 20),
    ("xoxp-", "a Slack token", 20),
    ("sk_live_", "a Stripe key", 16),
    ("AIza", "a Google API key", 30),
    ("eyJhbGciOi", "a JSON Web Token", 30),
];

/// No well-known secret is shorter.
const SHORTEST: usize = 20;

/// The names, without case and separators, of fields that hold secrets.
const NAMES: [&str; 13] = [
    "accesstoken",
    "apikey",
    "apitoken",
    "authtoken",
    "bearertoken",
    "clientsecret",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "secretaccesskey",
    "secretkey",
    "sessiontoken",
];

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "A literal in a template that looks like a secret: an AWS access key, a private key, a well-known kind of \
           token, or a text in a field named `password`, `apiKey`, `clientSecret` and the like.",
    why: "Everybody who may describe the State Machine or read an Execution's history can read it.",
    instead: "Keep it in Secrets Manager and have the Task read it there; HTTP Tasks take it from an EventBridge \
              connection.",
    invalid: &[
        Example::new(
            "/States/A/Parameters/config/db-password",
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
                "Parameters": {"config": {"db-password": "hunter2hunter2"}}}}}"#,
        ),
        Example::new(
            "/States/A/Output/key",
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Output": {"key": "{% 'AKIAIOSFODNN7EXAMPLE' %}"}, "End": true}}}"#,
        ),
    ],
    valid: &[r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "Parameters": {
        "password.$": "$.password", "apiKey": "${ApiKey}", "clientSecret": "arn:aws:secretsmanager:eu:1:secret:x",
        "secretKey": "", "passwordResetUrl": "https://example.com/reset", "note": "AKIA and ghp_ are prefixes"}}}}"#],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for site in &survey.sites {
        for string in site.strings {
            let what = known_secret(string.text).or_else(|| {
                let is_secret = is_literal(string.text) && names_a_secret(string.key);
                is_secret.then_some("a secret, by the name of its field")
            });
            if let Some(what) = what {
                let message = format!("this looks like {what}");
                let help = "read it from Secrets Manager when it is needed";
                found.push(Diagnostic::warning(CODE, site.pointer_of(string), message).with_help(help));
            }
        }
    }
}

/// What the secret is that a text holds.
fn known_secret(text: &str) -> Option<&'static str> {
    if text.len() < SHORTEST {
        return None;
    }
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    let found = long_words(text.as_bytes()).find_map(|word| {
        let has = |prefix: &str, length: usize| {
            word.strip_prefix(prefix.as_bytes()).is_some_and(|rest| rest.len() >= length)
        };
        PREFIXES.iter().find(|(prefix, _, length)| has(prefix, *length))
    });
    found.map(|(_, what, _)| *what)
}

/// The words of a text that are long enough for a secret.
fn long_words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_word = |byte: &u8| WORD[usize::from(*byte)];
    let mut rest = text;
    std::iter::from_fn(move || {
        // No long word begins before a byte that is part of none, so most of the text need not be looked at.
        while let Some(least) = rest.get(..SHORTEST) {
            if let Some(at) = least.iter().rposition(|byte| !is_word(byte)) {
                rest = &rest[at + 1..];
                continue;
            }
            let length = rest.iter().position(|byte| !is_word(byte)).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(length);
            rest = behind;
            return Some(word);
        }
        None
    })
}

/// By byte, whether it may be part of a word.
const WORD: [bool; 256] = {
    let mut word = [false; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        word[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        byte += 1;
    }
    word
};

/// Whether a text may be a secret itself, and not where to find it.
fn is_literal(text: &str) -> bool {
    let is_reference = ["$", "{%", "arn:", "{{", "/"].iter().any(|prefix| text.starts_with(prefix));
    text.len() >= 6 && !is_reference && !has_placeholder(text) && !text.contains(char::is_whitespace)
}

/// Whether a field of this name holds a secret, as far as a name can tell.
///
/// ```
/// assert!(sfn_asl::names_a_secret("db-password"));
/// assert!(!sfn_asl::names_a_secret("passwordResetUrl"));
/// ```
pub fn names_a_secret(field: &str) -> bool {
    if field.len() < 6 || field.ends_with(".$") {
        return false;
    }
    let name: String = field.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = name.to_ascii_lowercase();
    NAMES.iter().any(|known| name.ends_with(known))
}

#[cfg(test)]
mod tests {
    use super::{SHORTEST, long_words};

    #[test]
    fn long_words_are_found_wherever_they_stand() {
        let (short, long, longer) = ("a".repeat(SHORTEST - 1), "b".repeat(SHORTEST), "c-._".repeat(SHORTEST));
        for text in [
            [&long, &short, &longer].map(String::as_str).join(" "),
            [&short, &short, &long].map(String::as_str).join("/"),
            [&longer, &long, &long].map(String::as_str).join("="),
            format!("  {longer}   {short}é{long}  "),
            format!("{short}{long}{longer}"),
        ] {
            let is_word = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
            let expected = text.split(|c| !is_word(c)).filter(|word| word.len() >= SHORTEST);
            assert!(long_words(text.as_bytes()).eq(expected.map(str::as_bytes)), "{text}");
        }
        assert_eq!(long_words(short.as_bytes()).count(), 0);
    }
}
