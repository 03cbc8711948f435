//! What stands in a workflow's angle brackets: the type that carries it has the same parameters.
//! Separate because a workflow of its own has them in its name as well, and one that is inlined has not.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{GenericParam, Generics, ItemFn, Type, parse_quote};

use super::kebab;
use crate::workflow::ast::Workflow;
use crate::workflow::options::Options;

/// The struct that carries a workflow.
pub(super) fn carrier(function: &ItemFn) -> TokenStream {
    let (vis, name, generics) = (&function.vis, &function.sig.ident, &function.sig.generics);
    if generics.params.is_empty() {
        return quote!(#vis struct #name {});
    }
    let (parameters, types) = (bare(function), generics.type_params().map(|parameter| &parameter.ident));
    quote! {
        #vis struct #name #parameters {
            types: ::core::marker::PhantomData<fn() -> (#(#types,)*)>,
        }
    }
}

/// The parameters, of which nothing is asked.
pub(super) fn bare(function: &ItemFn) -> TokenStream {
    let parameters = &function.sig.generics.params;
    let parameters = parameters.iter().map(|parameter| match parameter {
        GenericParam::Const(constant) => {
            let (name, ty) = (&constant.ident, &constant.ty);
            quote!(const #name: #ty)
        }
        GenericParam::Type(ty) => ty.ident.to_token_stream(),
        GenericParam::Lifetime(lifetime) => lifetime.lifetime.to_token_stream(),
    });
    let parameters: Vec<_> = parameters.collect();
    if parameters.is_empty() { TokenStream::new() } else { quote!(<#(#parameters),*>) }
}

/// The parameters with what is asked of each: a type of which something goes in or comes out is a payload, and one that a
/// workflow is defined for has a name.
pub(in crate::workflow) fn bounded(options: &Options, function: &ItemFn, workflow: &Workflow) -> Generics {
    let inputs = workflow.inputs.iter().map(|input| &input.ty);
    let crossing: Vec<&Type> = inputs.chain(&workflow.output).collect();
    let mut generics = function.sig.generics.clone();
    for parameter in generics.type_params_mut() {
        if !options.inline {
            parameter.bounds.push(parse_quote!(::sfn::__private::Profile));
        }
        if crossing.iter().any(|ty| mentions(ty.to_token_stream(), &parameter.ident)) {
            parameter.bounds.push(parse_quote!(::sfn::__private::Payload));
        }
        parameter.bounds.push(parse_quote!('static));
    }
    generics
}

fn mentions(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// The name of the state machine, to which the compiler adds what the workflow is defined for.
pub(super) fn name(function: &ItemFn) -> TokenStream {
    let function_name = kebab(&function.sig.ident);
    if function.sig.generics.params.is_empty() {
        return function_name.to_token_stream();
    }
    let parts = function.sig.generics.params.iter().map(|parameter| match parameter {
        GenericParam::Const(constant) => {
            let name = &constant.ident;
            match &constant.ty {
                Type::Path(ty) if ty.path.is_ident("bool") => {
                    quote!(.and(if #name { "true" } else { "false" }))
                }
                _ => quote!(.and_number(#name as i128)),
            }
        }
        GenericParam::Type(ty) => {
            let name = &ty.ident;
            quote!(.and(<#name as ::sfn::__private::Profile>::NAME))
        }
        GenericParam::Lifetime(_) => TokenStream::new(),
    });
    quote!(const { &::sfn::__private::WorkflowName::new(#function_name) #(#parts)* }.as_str())
}
