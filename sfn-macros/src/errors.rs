//! The bag that gathers a macro's errors, so that a user sees all of them at once.
//! Separate because every pass that judges pushes into one and none stops at the first.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Signature;

/// An error in these tokens. Its code stands behind the message: rustc has no other place for one of ours, and
/// `cargo sfn check --explain` takes it from there.
pub(crate) fn error(code: &'static str, tokens: impl ToTokens, message: impl Display) -> syn::Error {
    syn::Error::new_spanned(tokens, format_args!("{message} [{code}]"))
}

/// An error at this place.
pub(crate) fn error_at(code: &'static str, span: Span, message: impl Display) -> syn::Error {
    syn::Error::new(span, format_args!("{message} [{code}]"))
}

/// The parameters of a function in their angle brackets; of one that has none, `<>`, as if written across its signature.
///
/// rustc takes a type that it does not know, where it is an argument of another, for a type parameter that may be missing, and
/// shows where to write it. A type that is mentioned twice would be two different errors then; here there is no such place.
pub(crate) fn parameters(sig: &Signature) -> TokenStream {
    if !sig.generics.params.is_empty() {
        return sig.generics.to_token_stream();
    }
    let (start, end) = (sig.paren_token.span.open(), sig.paren_token.span.close());
    let end = sig.output.to_token_stream().into_iter().last().map_or(end, |last| last.span());
    let (open, close) = (quote_spanned!(start=> <), quote_spanned!(end=> >));
    quote!(#open #close)
}

/// A signature with its parameters written in this way.
pub(crate) fn signature(sig: &Signature) -> TokenStream {
    let Signature { constness, asyncness, safety, abi, fn_token, ident, inputs, variadic, output, .. } = sig;
    let (parameters, clause) = (parameters(sig), &sig.generics.where_clause);
    let comma = (variadic.is_some() && !inputs.empty_or_trailing()).then(|| quote!(,));
    let mut takes = TokenStream::new();
    sig.paren_token.surround(&mut takes, |takes| takes.extend(quote!(#inputs #comma #variadic)));
    quote!(#constness #asyncness #safety #abi #fn_token #ident #parameters #takes #output #clause)
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
