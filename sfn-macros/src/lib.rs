//! The procedural macros of sfn: `#[task]`, `#[workflow]`, `#[derive(Payload)]`, `#[derive(TaskError)]`.
//!
//! Separate because a procedural macro must be; it knows none of our crates and only writes paths that begin with
//! `::sfn::__private`. The macros are documented where `sfn` re-exports them.
//!
//! Each has three passes in three files: `ast` reads, `check` judges, `generate` is total.

mod duration;
mod errors;
mod options;
mod payload;
mod task;
mod task_error;
mod workflow;

#[cfg(test)]
mod golden;

use proc_macro::TokenStream;
use proc_macro2::TokenStream as TokenStream2;

#[expect(missing_docs, reason = "documented where the facade re-exports it")]
#[proc_macro_derive(Payload, attributes(serde))]
pub fn derive_payload(item: TokenStream) -> TokenStream {
    finish(payload::expand(item.into()))
}

#[expect(missing_docs, reason = "documented where the facade re-exports it")]
#[proc_macro_derive(TaskError, attributes(task_error))]
pub fn derive_task_error(item: TokenStream) -> TokenStream {
    finish(task_error::expand(item.into()))
}

#[expect(missing_docs, reason = "documented where the facade re-exports it")]
#[proc_macro_attribute]
pub fn task(args: TokenStream, item: TokenStream) -> TokenStream {
    finish(task::expand(args.into(), item.into()))
}

#[expect(missing_docs, reason = "documented where the facade re-exports it")]
#[proc_macro_attribute]
pub fn workflow(args: TokenStream, item: TokenStream) -> TokenStream {
    finish(workflow::expand(&args.into(), item.into()))
}

#[expect(missing_docs, reason = "documented where the facade re-exports it")]
#[proc_macro_attribute]
pub fn expr(args: TokenStream, item: TokenStream) -> TokenStream {
    finish(workflow::expr::expand(&args.into(), item.into()))
}

fn finish((mut tokens, errors): (TokenStream2, Vec<syn::Error>)) -> TokenStream {
    tokens.extend(errors.iter().map(syn::Error::to_compile_error));
    tokens.into()
}
