//! `#[derive(Payload)]`: the shape of a type, from serde's attributes as serde reads them.
//! Separate because it shares nothing with the other macros but the errors.

mod ast;
mod check;
mod generate;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::errors::Errors;

/// The implementation of `Payload` for an item.
///
/// A type that serde takes and we refuse still gets an implementation, so that its uses are no further errors.
pub(crate) fn expand(item: TokenStream) -> (TokenStream, Vec<syn::Error>) {
    let mut errors = Errors::default();
    let tokens = match ast::parse(item) {
        Ok(input) => implement(&input, &mut errors),
        Err(error) => {
            errors.push(error);
            TokenStream::new()
        }
    };
    (tokens, errors.into_vec())
}

fn implement(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    check::check_input(input, errors);
    if !errors.is_empty() {
        return TokenStream::new();
    }
    let Some(container) = ast::read(input, errors) else { return TokenStream::new() };
    if !check::check_purpose(&container, errors) {
        return TokenStream::new();
    }
    check::check_container(&container, errors);
    if errors.is_empty() { generate::generate(&container) } else { generate::opaque(input) }
}
