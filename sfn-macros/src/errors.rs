//! The bag that gathers a macro's errors, so that a user sees all of them at once.
//! Separate because every pass that judges pushes into one and none stops at the first.

use std::fmt::Display;

use proc_macro2::Span;
use quote::ToTokens;

/// An error in these tokens. Its code stands behind the message: rustc has no other place for one of ours, and
/// `cargo sfn check --explain` takes it from there.
pub(crate) fn error(code: &'static str, tokens: impl ToTokens, message: impl Display) -> syn::Error {
    syn::Error::new_spanned(tokens, format_args!("{message} [{code}]"))
}

/// An error at this place.
pub(crate) fn error_at(code: &'static str, span: Span, message: impl Display) -> syn::Error {
    syn::Error::new(span, format_args!("{message} [{code}]"))
}

/// The mistakes found so far.
#[derive(Debug, Default)]
pub(crate) struct Errors(Vec<syn::Error>);

impl Errors {
    /// A mistake in these tokens.
    pub(crate) fn on(&mut self, code: &'static str, tokens: impl ToTokens, message: impl Display) {
        self.0.push(error(code, tokens, message));
    }

    /// A mistake at this place.
    pub(crate) fn at(&mut self, code: &'static str, span: Span, message: impl Display) {
        self.0.push(error_at(code, span, message));
    }

    /// A mistake that reading found.
    pub(crate) fn push(&mut self, error: syn::Error) {
        self.0.extend(error);
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What the user is told.
    pub(crate) fn into_vec(self) -> Vec<syn::Error> {
        self.0
    }
}
