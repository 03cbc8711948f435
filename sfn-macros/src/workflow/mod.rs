//! `#[workflow]`: an `async fn` stays what it is and gains a twin that records it as a workflow.
//! Separate from the other macros because it alone reads a whole function body.
//!
//! Three passes: [`ast`] reads the function into our tree of the subset, [`check`] refuses what is outside it, and
//! [`generate`] writes the twin of what is left. [`native`] re-emits the user's function.

mod ast;
mod check;
pub(crate) mod expr;
mod generate;
mod native;
mod options;
mod text;
mod undoes;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ItemFn;

use crate::errors::error;
use options::Options;

/// Expands `#[workflow]` on `item`: the item with all that belongs to it, and what is wrong with it.
pub(crate) fn expand(args: &TokenStream, item: TokenStream) -> (TokenStream, Vec<syn::Error>) {
    let mut function: ItemFn = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(_)
            if syn::parse2::<syn::Item>(item.clone()).is_ok_and(|item| !matches!(item, syn::Item::Fn(_))) =>
        {
            let error = error("workflow-signature", &item, check::NOT_A_FUNCTION);
            return (item, vec![error]);
        }
        Err(error) => return (item, vec![error]),
    };
    let (options, refused) = Options::read(args);
    let workflow = ast::read(&function);
    let faults = check::check(&options, refused, &function, &workflow);
    if faults.is_empty() {
        let twin = generate::twin(&options, &function, &workflow);
        let undoes = undoes::Undoes::in_block(&function.block);
        native::accept(&mut function);
        let mut tokens = native::callable(&options, &function, &workflow, &undoes);
        tokens.extend(twin);
        return (tokens, Vec::new());
    }
    native::refuse(&mut function, &faults);
    native::accept(&mut function);
    let mut tokens = function.to_token_stream();
    tokens.extend(generate::placeholder(&function, &workflow));
    // A blamed expression has its error in its own place already.
    let beside = faults.into_iter().filter(|fault| fault.blamed.is_none());
    (tokens, beside.map(|fault| fault.error).collect())
}
