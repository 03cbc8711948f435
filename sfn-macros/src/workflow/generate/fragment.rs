//! The items of a workflow that is inlined, whose twin leaves a block where a workflow's ends.
//! Separate because it has parameters, types as well as values, and no definition of its own.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Generics, ItemFn};

use super::block::Twin;
use super::callees::Callees;
use super::{documentation, flow, kebab, origin, own, parameters};
use crate::workflow::ast::{Input, Workflow};
use crate::workflow::options::Options;
use crate::workflow::undoes::Undoes;

/// The type that carries the twin.
pub(super) fn items(options: &Options, function: &ItemFn, workflow: &Workflow) -> TokenStream {
    let (name, carrier) = (&function.sig.ident, parameters::carrier(function));
    let docs: Vec<_> = function.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")).collect();
    let generated = "written by `#[workflow]`";
    let (flow, turn, arguments) = (flow(), own("turn"), own("arguments"));
    let mut twin = Twin {
        line: 0,
        output: workflow.output.clone(),
        turns: Vec::new(),
        fragment: Some(turn.clone()),
        express: false,
        callees: Callees::default(),
    };
    let body = twin.workflow(&workflow.body);
    let bound = workflow
        .inputs
        .iter()
        .map(|Input { name, .. }| quote!(let #name = #arguments.next().unwrap_or_else(__sfn::AnyVal::unit);));
    let (text, fragment, origin) = (documentation(function), kebab(name), origin(name.span()));
    let listed = twin.callees.listed();
    let known = workflow.inputs.iter().map(|Input { name, ty, .. }| {
        let name = name.to_string();
        quote!((#name, <#ty as ::sfn::__private::Payload>::shape))
    });
    let Some(output) = &workflow.output else { return TokenStream::new() };
    let generics = parameters::bounded(options, function, workflow);
    let (implemented, applied, clause) = generics.split_for_impl();
    quote! {
        #(#docs)*
        #[allow(non_camel_case_types, missing_docs, missing_debug_implementations, reason = #generated)]
        #carrier

        #[allow(unused, unreachable_code, clippy::all, clippy::pedantic, reason = #generated)]
        impl #implemented ::sfn::__private::FragmentTwin for #name #applied #clause {
            type Output = #output;
            const SPEC: ::sfn::__private::WorkflowSpec = ::sfn::__private::WorkflowSpec {
                name: #fragment,
                doc: #text,
                origin: ::sfn::__private::#origin,
            };
            const PARAMETERS: &'static [(&'static str, ::sfn::__private::ShapeOf)] = &[#(#known),*];
            #listed
            fn define(
                #flow: &mut ::sfn::__private::Flow,
                #turn: ::sfn::__private::Turn,
                #arguments: ::std::vec::Vec<::sfn::__private::AnyVal>,
            ) {
                use ::sfn::__private::{self as __sfn, Probe as _};
                let mut #arguments = #arguments.into_iter();
                #(#bound)*
                #body
            }
        }
    }
}

/// The run of the user's own function.
pub(in crate::workflow) fn run(
    function: &ItemFn,
    generics: &Generics,
    workflow: &Workflow,
    undoes: &Undoes,
) -> TokenStream {
    let name = &function.sig.ident;
    let (implemented, applied, clause) = generics.split_for_impl();
    let turbofish = applied.as_turbofish();
    let arguments = own(if workflow.inputs.is_empty() { "_arguments" } else { "arguments" });
    let mutability = (!workflow.inputs.is_empty()).then(|| quote!(mut));
    let taken = workflow.inputs.iter().map(|Input { ty, is_reference, .. }| {
        let reference = is_reference.then(|| quote!(&));
        quote!(#reference #arguments.take::<#ty>()?)
    });
    quote! {
        impl #implemented ::sfn::__private::Fragment for #name #applied #clause {
            async fn run(
                #mutability #arguments: ::sfn::__private::FragmentArguments,
            ) -> ::core::result::Result<<Self as ::sfn::__private::FragmentTwin>::Output, ::sfn::__private::Failed> {
                #name #turbofish (#(#taken),*).await
            }

            fn compensates(asked: &mut ::sfn::__private::Asked) -> bool {
                let _ = &asked;
                #undoes
            }
        }
    }
}
