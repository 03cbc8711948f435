//! `#[task]`: an `async fn` as a task, callable by its name and known by its name.
//! Separate because a task is whole without any workflow.

mod ast;
mod check;
mod generate;

use proc_macro2::TokenStream;

use crate::errors::Errors;

pub(crate) use ast::{Unowned, unowned};

/// The task made of a function.
///
/// A function that cannot be one still gets what its callers need, as far as its signature says it; without any such
/// signature it stays as it is.
pub(crate) fn expand(args: TokenStream, item: TokenStream) -> (TokenStream, Vec<syn::Error>) {
    let mut errors = Errors::default();
    let options = ast::read_options(args).unwrap_or_else(|error| {
        errors.push(error);
        Vec::new()
    });
    let tokens = match ast::read_function(item.clone()) {
        Ok(function) => match check::check(&options, &function, &mut errors) {
            Some(task) => generate::generate(&task, &function),
            None => item,
        },
        Err(found) => {
            errors.push(found);
            item
        }
    };
    (tokens, errors.into_vec())
}
