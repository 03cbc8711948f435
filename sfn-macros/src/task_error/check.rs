//! Judges the names and options of declared errors.
//! Separate because the rules are the service's, and ours for names that mean something already.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Fields, Ident, Lit};

use super::ast::{Body, Case, Input};
use crate::errors::Errors;
use crate::options::{Opt, OptValue, check_names};

/// The declared errors of a type.
#[derive(Debug)]
pub(super) struct Declaration {
    pub(super) ident: Ident,
    pub(super) is_enum: bool,
    pub(super) errors: Vec<Declared>,
}

/// One declared error.
#[derive(Debug)]
pub(super) struct Declared {
    pub(super) ident: Ident,
    pub(super) name: String,
    pub(super) retry: bool,
    pub(super) fields: Fields,
}

/// What the service accepts as an error name.
const LONGEST_NAME: usize = 256;

/// Prefixes under which names mean something to the service, or to us.
const RESERVED: [(&str, &str); 5] = [
    ("States.", "the service's own errors"),
    ("Lambda.", "the errors of Lambda"),
    ("Payload.", "payloads that do not fit"),
    ("Task.", "tasks that panic"),
    ("Saga.", "compensations that fail"),
];

/// Judges everything, and gives what can be declared in spite of it; nothing of a type that cannot be a task's error.
pub(super) fn check(input: Input, errors: &mut Errors) -> Option<Declaration> {
    let Input { ident, generics, body } = input;
    if !generics.params.is_empty() {
        errors.on(
            "error-type",
            &generics,
            "a task's error has no generic parameters: its names and fields are one contract; write the types, owned",
        );
        return None;
    }
    let (is_enum, cases) = match body {
        Body::Struct(case) => (false, vec![case]),
        Body::Enum(cases, options) => {
            for option in options {
                errors.at(
                    "error-type",
                    option.name.span(),
                    "`#[task_error(..)]` stands on a variant, not on the enum",
                );
            }
            (true, cases)
        }
        Body::Union(token) => {
            errors.on("error-type", token, "a union declares no errors: use an enum");
            return None;
        }
    };
    let mut declared: Vec<Declared> = Vec::new();
    for case in cases {
        let (error, span) = check_case(case, errors);
        if let Some(earlier) = declared.iter().find(|earlier| earlier.name == error.name) {
            let Declared { name, ident, .. } = earlier;
            errors.at(
                "error-name",
                span,
                format!("error name `{name}` is taken by `{ident}`; give each error a name of its own"),
            );
        }
        declared.push(error);
    }
    Some(Declaration { ident, is_enum, errors: declared })
}

/// One error, and where its name stands.
fn check_case(case: Case, errors: &mut Errors) -> (Declared, Span) {
    let Case { ident, options, fields } = case;
    check_names(&options, "`#[task_error]`", &["name", "retry"], errors);
    let mut name = (ident.unraw().to_string(), ident.span());
    let mut retry = false;
    for option in &options {
        if option.name == "name" {
            name = read_name(option, errors).unwrap_or(name);
        } else if option.name == "retry" {
            retry = true;
            if !matches!(option.value, OptValue::Mark) {
                errors.at(
                    "option-value",
                    option.value_span(),
                    "`retry` is a mark without a value: write `#[task_error(retry)]`",
                );
            }
        }
    }
    let (name, span) = name;
    check_name(&name, span, errors);
    (Declared { ident, name, retry, fields }, span)
}

fn read_name(option: &Opt, errors: &mut Errors) -> Option<(String, Span)> {
    if let OptValue::Literal(Lit::Str(text)) = &option.value {
        return Some((text.value(), text.span()));
    }
    errors.at(
        "option-value",
        option.value_span(),
        "`name` takes a string: write `name = \"Gateway.Unavailable\"`",
    );
    None
}

fn check_name(name: &str, span: Span, errors: &mut Errors) {
    let length = name.chars().count();
    if let Some((prefix, owner)) = RESERVED.iter().find(|(prefix, _)| name.starts_with(prefix)) {
        errors.at(
            "error-name",
            span,
            format!(
                "error name `{name}` begins with `{prefix}`, which is reserved for {owner}; choose another"
            ),
        );
    } else if name.is_empty() {
        errors.at("error-name", span, "an error name is not empty: it is what a workflow catches");
    } else if length > LONGEST_NAME {
        errors.at(
            "error-name",
            span,
            format!("an error name has at most {LONGEST_NAME} characters, this one has {length}"),
        );
    }
}
