//! `#[derive(TaskError)]`: the declared errors of a task.
//! Separate because error names are their own small language, with rules of the service.

mod ast;
mod check;
mod generate;

use proc_macro2::TokenStream;

use crate::errors::Errors;

/// The implementation of `TaskError` for an item.
pub(crate) fn expand(item: TokenStream) -> (TokenStream, Vec<syn::Error>) {
    let mut errors = Errors::default();
    let tokens = match ast::read(item) {
        Ok(input) => match check::check(input, &mut errors) {
            Some(declaration) => generate::generate(&declaration),
            None => TokenStream::new(),
        },
        Err(error) => {
            errors.push(error);
            TokenStream::new()
        }
    };
    (tokens, errors.into_vec())
}
