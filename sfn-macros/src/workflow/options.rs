//! The options of `#[workflow(..)]`: `inline`, `express`, `compensate = parallel`, and levels of lints.
//! Separate because every pass asks for them and none of them is in the function.

use proc_macro2::{Span, TokenStream};

use crate::errors::Errors;
use crate::options::{Levels, Opt, OptValue, check_names, read};

const KNOWN: [&str; 6] = ["inline", "express", "compensate", "allow", "warn", "deny"];

/// What is said of a workflow beside its function.
#[derive(Debug, Default)]
pub(super) struct Options {
    /// Its statements become statements of whoever calls it.
    pub(super) inline: bool,
    /// Its executions are Express.
    pub(super) express: bool,
    /// Compensations run side by side.
    pub(super) parallel: bool,
    /// What is said of lints.
    pub(super) levels: Levels,
}

impl Options {
    /// The options as written, and what is wrong with them.
    pub(super) fn read(args: &TokenStream) -> (Self, Vec<syn::Error>) {
        let mut errors = Errors::default();
        let mut options = Self::default();
        match read(args.clone()) {
            Ok(written) => {
                check_names(&written, "a workflow", &KNOWN, &mut errors);
                let mut first = None;
                for option in &written {
                    options.take(option, &mut errors);
                    if option.name != "inline" {
                        first = first.or(Some(option.name.span()));
                    }
                }
                options.check(first, &mut errors);
            }
            Err(error) => errors.push(error),
        }
        (options, errors.into_vec())
    }

    fn take(&mut self, option: &Opt, errors: &mut Errors) {
        match (option.name.to_string().as_str(), &option.value) {
            ("inline", OptValue::Mark) => self.inline = true,
            ("express", OptValue::Mark) => self.express = true,
            ("compensate", OptValue::Word(word)) if word == "parallel" => self.parallel = true,
            ("allow" | "warn" | "deny", _) => self.levels.take(option, errors),
            ("compensate", _) => errors.at(
                "option-value",
                option.value_span(),
                "compensations run in reverse order, or all at once: `compensate = parallel`",
            ),
            (name @ ("inline" | "express"), _) => {
                errors.at(
                    "option-value",
                    option.value_span(),
                    format!("`{name}` takes no value: write `#[workflow({name})]`"),
                );
            }
            _ => {}
        }
    }

    fn check(&self, other: Option<Span>, errors: &mut Errors) {
        if let (true, Some(other)) = (self.inline, other) {
            errors.at(
                "option-of-inline",
                other,
                "a workflow that is inlined is a part of whoever calls it: say this there",
            );
        }
    }
}
