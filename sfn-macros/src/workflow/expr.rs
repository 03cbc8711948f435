//! `#[expr]`: a plain `fn` gains a twin that workflows put into the expressions that call it.
//! Separate from `#[workflow]` because it takes no steps: its body is one calculation.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{FnArg, ItemFn, Pat, ReturnType, Type, parse_quote};

use super::ast::{self, Parameter};
use super::{check, generate};
use crate::errors::error;

const NOT_A_FUNCTION: &str = "`#[expr]` goes on a function: write `fn discount(total: u32) -> u32 { .. }`";

/// Expands `#[expr]` on `item`: the function as it is, its twin, and what is wrong with it.
pub(crate) fn expand(args: &TokenStream, item: TokenStream) -> (TokenStream, Vec<syn::Error>) {
    let Ok(mut function) = syn::parse2::<ItemFn>(item.clone()) else {
        let errors = match syn::parse2::<syn::Item>(item.clone()) {
            Ok(_) => vec![error("expr-signature", &item, NOT_A_FUNCTION)],
            Err(error) => vec![error],
        };
        return (item, errors);
    };
    let mut errors = signature(args, &function);
    let (parameters, body) = ast::read_calculation(&function);
    if errors.is_empty() {
        errors = check::check_calculation(&body);
    }
    let twin = if function.sig.receiver().is_some() {
        // Where methods stand, no other item may.
        TokenStream::new()
    } else if errors.is_empty() {
        generate::calculation(&function, &parameters, &body)
    } else {
        // Whoever calls it gets no second error.
        function.attrs.push(parse_quote!(#[allow(unused, reason = "the function is refused")]));
        generate::inlined(&function, &quote!(::sfn::__private::AnyVal::never()))
    };
    let mut tokens = function.to_token_stream();
    tokens.extend(twin);
    (tokens, errors)
}

fn signature(args: &TokenStream, function: &ItemFn) -> Vec<syn::Error> {
    let sig = &function.sig;
    let refused = |tokens: &dyn ToTokens, message: &str| vec![error("expr-signature", tokens, message)];
    if !args.is_empty() {
        return refused(args, "`#[expr]` takes no options");
    }
    if let Some(asyncness) = &sig.asyncness {
        return refused(
            asyncness,
            "an `#[expr]` function calculates and awaits nothing: remove `async`, or make it a `#[task]`",
        );
    }
    if let syn::Safety::Unsafe(token) = &sig.safety {
        return refused(token, "an `#[expr]` function is safe: remove `unsafe`");
    }
    let generic = sig.generics.params.iter().find(|param| !matches!(param, syn::GenericParam::Lifetime(_)));
    if let Some(param) = generic {
        return refused(param, "an `#[expr]` function has no type parameters: write the type");
    }
    if let Some(receiver) = sig.receiver() {
        return refused(receiver, "an `#[expr]` function is no method: take the value as an argument");
    }
    let patterned = sig.inputs.iter().find_map(|input| match input {
        FnArg::Typed(input) if !matches!(&*input.pat, Pat::Ident(name) if name.mutability.is_none() && name.by_ref.is_none()) => {
            Some(&input.pat)
        }
        _ => None,
    });
    if let Some(pattern) = patterned {
        return refused(pattern, "an argument of an `#[expr]` function is a plain name");
    }
    if matches!(sig.output, ReturnType::Default) {
        return refused(&sig.ident, "an `#[expr]` function gives a value: write `-> ..`");
    }
    Vec::new()
}

/// The type of a parameter or a result as a workflow holds it: owned. `None` where only a part of it is borrowed.
pub(super) fn owned(ty: &Type) -> Option<Type> {
    match ty {
        Type::Reference(reference) => match &*reference.elem {
            Type::Slice(slice) => {
                let item = owned(&slice.elem)?;
                Some(parse_quote!(::std::vec::Vec<#item>))
            }
            Type::Path(path) if path.path.is_ident("str") => Some(parse_quote!(::std::string::String)),
            other => owned(other),
        },
        other => {
            let text = other.to_token_stream().to_string();
            (!text.contains('&') && !text.contains('\'') && !text.contains("Self")).then(|| other.clone())
        }
    }
}

/// The parameters, by name and type.
pub(super) fn parameters(function: &ItemFn) -> Vec<Parameter> {
    let typed = function.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(input) => match &*input.pat {
            Pat::Ident(name) => Some(Parameter { name: name.ident.clone(), ty: owned(&input.ty) }),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    });
    typed.collect()
}
