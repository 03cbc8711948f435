//! Where a piece of the user's text stands, and which expression of the function it is.
//! Separate because every node and every error carries one and neither knows of the other.

use proc_macro2::{Ident, Span};
use quote::ToTokens;

/// The first and the last token of a piece of the user's text.
#[derive(Clone, Copy, Debug)]
pub(in crate::workflow) struct Extent {
    pub(in crate::workflow) start: Span,
    pub(in crate::workflow) end: Span,
}

impl Extent {
    pub(in crate::workflow) fn of(tokens: &impl ToTokens) -> Self {
        let mut tokens = tokens.to_token_stream().into_iter();
        let first = tokens.next();
        let start = first.as_ref().map_or_else(Span::call_site, proc_macro2::TokenTree::span);
        let end = tokens.last().or(first).map_or(start, |token| token.span());
        Self { start, end }
    }

    pub(in crate::workflow) fn error(
        self,
        code: &'static str,
        message: impl std::fmt::Display,
    ) -> syn::Error {
        let mut ends = Ident::new("start", self.start).into_token_stream();
        ends.extend(Ident::new("end", self.end).into_token_stream());
        crate::errors::error(code, ends, message)
    }
}

/// The identity of an expression in the user's function: its address, compared and never read.
///
/// Line and column would not do: rust-analyzer gives every token the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::workflow) struct Place(*const syn::Expr);

impl Place {
    pub(in crate::workflow) fn of(expr: &syn::Expr) -> Self {
        Self(std::ptr::from_ref(expr))
    }
}
