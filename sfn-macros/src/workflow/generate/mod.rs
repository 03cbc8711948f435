//! The twin: the workflow's body rebuilt as calls on the builder, and the items that carry it.
//! Separate because it is total: whatever passed the check has a twin.
//!
//! The twin is dynamically typed, so a type error of the user is reported by the user's own function alone. Where it
//! mentions the user's names (tasks, structs, constants), it does so with the user's tokens and in the same position, so
//! that rustc sees the same mistake twice and prints it once.

mod arms;
mod block;
mod callees;
mod distributed;
mod expr;
pub(super) mod fragment;
mod matching;
pub(super) mod parameters;
mod repeat;
mod step;
#[cfg(test)]
mod tests;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, ExprLit, ItemFn, Lit, Meta};

use super::ast::{Block, Parameter, Workflow};
use super::options::Options;
use crate::task::unowned;
use block::Twin;
use callees::Callees;

/// The items beside the user's function.
pub(super) fn twin(options: &Options, function: &ItemFn, workflow: &Workflow) -> TokenStream {
    if options.inline {
        return fragment::items(options, function, workflow);
    }
    let flow = flow();
    let input = workflow.inputs.first().map(|input| {
        let name = &input.name;
        let text = name.to_string();
        quote!(let #name = #flow.input_of::<Self>(#text);)
    });
    let mut twin = Twin {
        line: 0,
        output: workflow.output.clone(),
        turns: Vec::new(),
        fragment: None,
        express: options.express,
        callees: Callees::default(),
    };
    let body = twin.workflow(&workflow.body);
    let levels = levels(options);
    let body = quote!(use ::sfn::__private::{self as __sfn, Probe as _}; #levels #input #body);
    items(options, function, workflow, &body, &twin.callees)
}

/// What is said of lints.
fn levels(options: &Options) -> TokenStream {
    let flow = flow();
    options.levels.pairs().map(|(lint, level)| quote!(#flow.level(#lint, #level);)).collect()
}

/// The twin of an `#[expr]` function.
pub(super) fn calculation(function: &ItemFn, parameters: &[Parameter], body: &Block) -> TokenStream {
    let (flow, arguments) = (flow(), own("arguments"));
    let text = function.sig.ident.to_string();
    let lets = parameters.iter().map(|Parameter { name, ty }| {
        let text = name.to_string();
        let of = ty.as_ref().map(|ty| quote!(.of::<#ty>()));
        quote!(let #name = #flow.let_(#text, #arguments.next().unwrap_or_else(__sfn::AnyVal::never)#of);)
    });
    let lets: TokenStream = lets.collect();
    let mut twin = Twin {
        line: 0,
        output: None,
        turns: Vec::new(),
        fragment: None,
        express: false,
        callees: Callees::default(),
    };
    let body = twin.block(body, block::Gives::Value);
    let of = match &function.sig.output {
        syn::ReturnType::Type(_, ty) => super::expr::owned(ty).map(|ty| quote!(.of::<#ty>())),
        syn::ReturnType::Default => None,
    };
    let body = quote! {
        use ::sfn::__private::{self as __sfn, Probe as _};
        let mut #arguments = #arguments.into_iter();
        #flow.inlined::<Self>(#text, |#flow| { #lets #body }) #of
    };
    inlined(function, &body)
}

/// The item that carries it, so that a caller's call has something to name.
pub(super) fn inlined(function: &ItemFn, body: &TokenStream) -> TokenStream {
    let (vis, name, flow, arguments) = (&function.vis, &function.sig.ident, flow(), own("arguments"));
    let docs: Vec<_> = function.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")).collect();
    let generated = "written by `#[expr]`";
    quote! {
        #(#docs)*
        #[allow(non_camel_case_types, missing_docs, missing_debug_implementations, dead_code, reason = #generated)]
        #vis struct #name {}

        #[allow(unused, unreachable_code, clippy::all, clippy::pedantic, reason = #generated)]
        impl ::sfn::__private::Inlined for #name {
            fn inline(
                #flow: &mut ::sfn::__private::Flow,
                #arguments: ::std::vec::Vec<::sfn::__private::AnyVal>,
            ) -> ::sfn::__private::AnyVal {
                #body
            }
        }
    }
}

/// The same items without a body, so that whoever names a refused workflow gets no second error.
pub(super) fn placeholder(function: &ItemFn, workflow: &Workflow) -> TokenStream {
    let is_free = function.sig.receiver().is_none() && function.sig.generics.lifetimes().next().is_none();
    let is_owned = workflow.inputs.iter().all(|input| !input.is_reference && unowned(&input.ty).is_none());
    if is_free && is_owned && function.sig.inputs.len() <= 1 {
        items(&Options::default(), function, workflow, &TokenStream::new(), &Callees::default())
    } else {
        TokenStream::new()
    }
}

fn items(
    options: &Options,
    function: &ItemFn,
    workflow: &Workflow,
    body: &TokenStream,
    callees: &Callees,
) -> TokenStream {
    let (vis, name, flow) = (&function.vis, &function.sig.ident, flow());
    let Some(output) = &workflow.output else { return TokenStream::new() };
    let generics = parameters::bounded(options, function, workflow);
    let (implemented, applied, clause) = generics.split_for_impl();
    let (carrier, state_machine) = (parameters::carrier(function), parameters::name(function));
    let kind = options.express.then(|| {
        quote!(
            const KIND: ::sfn::__private::ExecutionType = ::sfn::__private::ExecutionType::Express;
        )
    });
    let compensation = options.parallel.then(|| {
        quote! {
            const COMPENSATION: ::sfn::__private::CompensationOrder = ::sfn::__private::CompensationOrder::Parallel;
        }
    });
    let input = workflow.inputs.first().map_or_else(
        || quote!(()),
        |input| {
            let ty = &input.ty;
            quote!(#ty)
        },
    );
    // Asked of the function, what is missing is told as such; asked of its type, there would be no such function.
    let bare = parameters::bare(function);
    let defined = (!generics.params.is_empty()).then(|| quote!(where Self: ::sfn::__private::Workflow));
    let docs: Vec<_> = function.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")).collect();
    let text = documentation(function);
    let origin = origin(name.span());
    let (generated, listed) = ("written by `#[workflow]`", callees.listed());
    quote! {
        #(#docs)*
        #[allow(non_camel_case_types, missing_docs, missing_debug_implementations, reason = #generated)]
        #carrier

        #[allow(unused, unreachable_code, clippy::all, clippy::pedantic, reason = #generated)]
        impl #implemented ::sfn::__private::Workflow for #name #applied #clause {
            type Input = #input;
            type Output = #output;
            const SPEC: ::sfn::__private::WorkflowSpec = ::sfn::__private::WorkflowSpec {
                name: #state_machine,
                doc: #text,
                origin: ::sfn::__private::#origin,
            };
            #kind
            #compensation
            #listed
            fn define(#flow: &mut ::sfn::__private::Flow) {
                #body
            }
        }

        impl #bare #name #applied {
            /// The workflow's definition, from which its state machine is lowered.
            #[allow(dead_code, reason = #generated)]
            #vis fn definition() -> ::sfn::__private::Definition #defined {
                ::sfn::__private::Definition::of::<Self>()
            }

            /// The tasks that the workflow calls, for whoever serves them.
            #[allow(dead_code, reason = #generated)]
            #vis fn tasks() -> ::std::vec::Vec<::sfn::__private::TaskEntry> #defined {
                ::sfn::__private::Tasks::of::<Self>()
            }
        }
    }
}

/// The builder's name in the twin, which no name of the user can meet.
fn flow() -> Ident {
    Ident::new("flow", Span::mixed_site())
}

/// A variable of the twin's own.
pub(super) fn own(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// `Origin::new(..)` of a piece of the user's text, to be put behind a path.
fn origin(span: Span) -> TokenStream {
    let start = span.start();
    let line = proc_macro2::Literal::usize_unsuffixed(start.line);
    let column = proc_macro2::Literal::usize_unsuffixed(start.column + 1);
    let file = quote_spanned!(Span::call_site()=> file!());
    quote!(Origin::new(#file, #line, #column))
}

/// The text of the doc comments.
fn documentation(function: &ItemFn) -> String {
    let lines = function.attrs.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
                let text = text.value();
                Some(text.strip_prefix(' ').unwrap_or(&text).trim_end().to_owned())
            }
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn kebab(name: &Ident) -> String {
    let name = name.to_string();
    name.strip_prefix("r#").unwrap_or(&name).trim_matches('_').replace('_', "-")
}
