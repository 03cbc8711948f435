//! Reads an item with serde's own reader, so that every name and attribute means what it means to serde.
//! Separate because this is the only place that knows how serde's reader is called.

use proc_macro2::{Span, TokenStream};
use serde_derive_internals::ast::Container;
use serde_derive_internals::{Ctxt, Derive};
use syn::{DeriveInput, Ident};

use crate::errors::Errors;

pub(super) fn parse(item: TokenStream) -> syn::Result<DeriveInput> {
    syn::parse2(item)
}

/// The item with serde's attributes applied: wire names, representations, defaults.
pub(super) fn read<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Option<Container<'a>> {
    let context = Ctxt::new();
    let private = Ident::new("__private", Span::call_site());
    let container = Container::from_ast(&context, input, Derive::Deserialize, &private);
    match context.check() {
        Ok(()) => container,
        Err(error) => {
            errors.push(error);
            None
        }
    }
}
