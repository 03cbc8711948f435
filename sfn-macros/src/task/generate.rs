//! Writes a task: the call, the type, the handler, and the user's function.
//! Separate because it is total: whatever it is given has been judged.

use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, Ident, Index, ItemFn, Token};

use super::ast::Function;
use super::check::{Parameter, RepetitionOption, RetryOption, RetryPolicy, Source, Task};
use crate::errors::{parameters, signature};

/// The whole expansion.
///
/// `f(..)` makes a call, `f` in a type's place names the task; the user's function stands unreachable in a block of its own.
pub(super) fn generate(task: &Task, function: &Function) -> TokenStream {
    let attributes = Attributes::sort(&function.item.attrs);
    let (call, marker) = (call(task, function, &attributes), marker(function, &attributes));
    let (body, parts) = (body(function, &attributes), parts(task, function));
    let key = key(task, &function.item.sig.ident);
    let implementation = implementation(task, function);
    let conditions = &attributes.conditions;
    quote! {
        #call

        #marker

        #(#conditions)*
        const _: () = {
            #body

            #parts

            #key

            #implementation
        };
    }
}

/// The attributes of the function, by what they belong to.
struct Attributes<'a> {
    /// `#[cfg(..)]`: everything.
    conditions: Vec<&'a Attribute>,
    /// Documentation and the like: the call that users see.
    call: Vec<&'a Attribute>,
    /// Everything else, such as `#[tracing::instrument]`: the function.
    body: Vec<&'a Attribute>,
}

impl<'a> Attributes<'a> {
    fn sort(attributes: &'a [Attribute]) -> Self {
        let mut sorted = Self { conditions: Vec::new(), call: Vec::new(), body: Vec::new() };
        for attribute in attributes {
            let path = attribute.path();
            if path.is_ident("cfg") {
                sorted.conditions.push(attribute);
            } else if ["doc", "deprecated", "must_use"].iter().any(|name| path.is_ident(name)) {
                sorted.call.push(attribute);
            } else {
                if path.is_ident("allow") {
                    sorted.call.push(attribute);
                }
                sorted.body.push(attribute);
            }
        }
        sorted
    }
}

fn call(task: &Task, function: &Function, attributes: &Attributes<'_>) -> TokenStream {
    let ItemFn { vis, sig, .. } = &function.item;
    let ident = &sig.ident;
    let Attributes { conditions, call, .. } = attributes;
    let given: Vec<_> =
        task.parameters.iter().filter(|parameter| parameter.source == Source::Caller).collect();
    let takes = given.iter().map(|Parameter { name, ty, .. }| {
        let arg = quote_spanned!(ty.span()=> impl ::sfn::__private::Arg<#ty>);
        quote!(#name: #arg)
    });
    let generics = parameters(sig);
    let arguments = given.iter().map(|Parameter { name, ty, .. }| {
        let key = name.unraw().to_string();
        quote!((#key, ::sfn::__private::Arg::<#ty>::into_arg(#name)))
    });
    quote! {
        #(#conditions)*
        #(#call)*
        #[allow(clippy::too_many_arguments, reason = "as many as the task has")]
        #vis fn #ident #generics (#(#takes),*) -> ::sfn::__private::TaskCall<#ident> {
            ::sfn::__private::TaskCall::new(::std::vec![#(#arguments),*])
        }
    }
}

fn marker(function: &Function, attributes: &Attributes<'_>) -> TokenStream {
    let ItemFn { vis, sig, .. } = &function.item;
    let ident = &sig.ident;
    let conditions = &attributes.conditions;
    quote! {
        #(#conditions)*
        #[doc(hidden)]
        #[allow(non_camel_case_types, missing_debug_implementations, reason = "the task's name as a type")]
        #vis struct #ident {}
    }
}

/// The user's function, without the qualifiers that were refused, so that they are no further mistakes to rustc.
fn body(function: &Function, attributes: &Attributes<'_>) -> TokenStream {
    let mut item = function.item.clone();
    item.attrs.clear();
    item.vis = syn::Visibility::Inherited;
    item.sig.constness = None;
    item.sig.variadic = None;
    item.sig.asyncness.get_or_insert_with(|| Token![async](function.item.sig.fn_token.span));
    let (kept, sig, block) = (&attributes.body, signature(&item.sig), &item.block);
    quote! {
        #(#kept)*
        #[allow(dead_code, clippy::unused_async, reason = "a task is asynchronous whether or not it waits")]
        #sig #block
    }
}

/// The arguments' types, each where it alone is asked to be a payload.
fn parts(task: &Task, function: &Function) -> TokenStream {
    let ident = &function.item.sig.ident;
    let parts: Vec<_> = task
        .parameters
        .iter()
        .enumerate()
        .filter(|(_, parameter)| parameter.source == Source::Caller)
        .map(|(place, Parameter { ty, .. })| {
            let place = Index::from(place);
            quote! {
                impl ::sfn::__private::Part<__Arguments, #place> for #ident {
                    type Type = #ty;
                }
            }
        })
        .collect();
    if parts.is_empty() { TokenStream::new() } else { quote!(struct __Arguments; #(#parts)*) }
}

fn implementation(task: &Task, function: &Function) -> TokenStream {
    let ident = &function.item.sig.ident;
    let Task { output, error, .. } = task;
    let (spec, run) = (spec(task, ident), run(task, ident));
    let answers_at_once = task.token.is_none() && task.options.activity.is_none();
    let express = answers_at_once.then(|| quote!(impl ::sfn::__private::ExpressTask for #ident {}));
    let state = task.state().map(|ty| {
        quote! {
            impl ::sfn::__private::Stateful for #ident {
                type State = #ty;
            }
        }
    });
    quote! {
        #express

        #state

        impl ::sfn::__private::Task for #ident {
            type Output = #output;
            type Error = #error;

            const SPEC: ::sfn::__private::TaskSpec = #spec;

            #run
        }
    }
}

fn spec(task: &Task, ident: &Ident) -> TokenStream {
    let Task { name, doc, options, .. } = task;
    let arguments = task.parameters.iter().enumerate().filter_map(|(place, parameter)| {
        let (name, place) = (parameter.name.unraw().to_string(), Index::from(place));
        Some(match parameter.source {
            Source::State => return None,
            Source::Token => quote!(::sfn::__private::ArgumentSpec::token(#name)),
            Source::Context => quote!(::sfn::__private::ArgumentSpec::context(#name)),
            Source::Caller => {
                quote!(::sfn::__private::ArgumentSpec::new(#name, ::sfn::__private::part_shape::<Self, __Arguments, #place>))
            }
        })
    });
    let state = task
        .state()
        .map(|_| quote!(state: ::core::option::Option::Some(::sfn::__private::StateSpec::of::<Self>()),));
    let pattern = match (&task.token, task.options.activity) {
        (Some(_), _) => quote!(WaitForCallback),
        (None, Some(_)) => quote!(Activity),
        (None, None) => quote!(RequestResponse),
    };
    let timeout = option(options.timeout.map(|(timeout, _)| duration(timeout)));
    let heartbeat = option(options.heartbeat.map(|(heartbeat, _)| duration(heartbeat)));
    let memory = option(options.memory_mb.map(|memory| quote!(#memory)));
    let retry = retry(&options.retry);
    let repetition = repetition(&options.repetition);
    let visit = matches!(options.repetition, RepetitionOption::Replays { key: None, .. })
        .then(|| quote!(::sfn::__private::ArgumentSpec::visit()));
    let arguments = arguments.chain(visit);
    let levels: Vec<_> = options.levels.pairs().map(|(lint, level)| quote!((#lint, #level))).collect();
    let levels = (!levels.is_empty()).then(|| quote!(levels: &[#(#levels),*],));
    // `line!()` would be the line of the attribute.
    let start = ident.span().start();
    let (line, column) = (to_u32(start.line), to_u32(start.column + 1));
    quote! {
        ::sfn::__private::TaskSpec {
            doc: #doc,
            pattern: ::sfn::__private::Pattern::#pattern,
            arguments: &[#(#arguments),*],
            #state
            timeout: #timeout,
            heartbeat: #heartbeat,
            memory_mb: #memory,
            retry: #retry,
            #repetition
            #levels
            ..::sfn::__private::TaskSpec::new::<Self>(
                #name,
                ::sfn::__private::Origin::new(::core::file!(), #line, #column),
            )
        }
    }
}

fn run(task: &Task, ident: &Ident) -> TokenStream {
    // Variables of our own, which no task's name can meet.
    let [payload, arguments] = ["payload", "arguments"].map(|name| Ident::new(name, Span::mixed_site()));
    let takes = task.parameters.iter().enumerate().map(|(place, Parameter { name, source, .. })| {
        let (key, place) = (name.unraw().to_string(), Index::from(place));
        match source {
            Source::State => quote!(::sfn::__private::state::<Self>()?.get()),
            Source::Token => quote!(#arguments.take(#key)?),
            Source::Context => quote!(::sfn::__private::context_argument(&mut #arguments, #key)?),
            Source::Caller => {
                quote!(::sfn::__private::part_argument::<Self, __Arguments, #place>(&mut #arguments, #key)?)
            }
        }
    });
    let takes_any = task.parameters.iter().any(|parameter| parameter.source != Source::State);
    let opened = if takes_any {
        quote!(let mut #arguments = ::sfn::__private::Arguments::new(&Self::SPEC, #payload)?;)
    } else {
        quote!(::sfn::__private::Arguments::new(&Self::SPEC, #payload)?;)
    };
    let answer = if task.token.is_some() { quote!(acknowledge) } else { quote!(respond) };
    let body = if task.is_sound {
        quote! {
            #opened
            ::sfn::__private::#answer::<Self>(#ident(#(#takes),*).await)
        }
    } else {
        quote! {
            ::core::mem::drop(#payload);
            ::core::future::pending().await
        }
    };
    quote_spanned! {ident.span()=>
        async fn run(
            #payload: ::sfn::__private::serde_json::Value,
        ) -> ::core::result::Result<::sfn::__private::serde_json::Value, ::sfn::__private::Failed> {
            #body
        }
    }
}

fn repetition(repetition: &RepetitionOption) -> Option<TokenStream> {
    let repetition = match repetition {
        RepetitionOption::Counts => return None,
        RepetitionOption::Harmless => quote!(Harmless),
        RepetitionOption::Replays { key, remember, .. } => {
            let key = if key.is_some() { quote!(Arguments(__key)) } else { quote!(Visit) };
            let longest = || quote!(::sfn::__private::Idempotency::REMEMBERED);
            let remember = remember.map_or_else(longest, duration);
            quote! {
                Replays(::sfn::__private::Idempotency {
                    key: ::sfn::__private::KeySource::#key,
                    remember: #remember,
                })
            }
        }
    };
    Some(quote!(repetition: ::sfn::__private::Repetition::#repetition,))
}

/// What an idempotent task has beside its handler: the function that makes its key of the arguments, and a word with the crate
/// that it is built with.
fn key(task: &Task, ident: &Ident) -> Option<TokenStream> {
    let RepetitionOption::Replays { span, key, .. } = &task.options.repetition else { return None };
    let supported = quote_spanned!(*span=> ::sfn::__private::idempotent!(););
    let Some(key) = key else { return Some(supported) };
    let [payload, arguments] = ["payload", "arguments"].map(|name| Ident::new(name, Span::mixed_site()));
    let takes =
        task.parameters.iter().enumerate().filter(|(_, parameter)| parameter.source == Source::Caller);
    let takes = takes.map(|(place, Parameter { name, .. })| {
        let (key, place) = (name.unraw().to_string(), Index::from(place));
        quote!(let #name = &::sfn::__private::part_argument::<#ident, __Arguments, #place>(&mut #arguments, #key)?;)
    });
    let made = quote_spanned!(key.span()=> ::sfn::__private::idempotency_key(&(#key)));
    Some(quote! {
        #supported

        #[allow(unused_mut, unused_variables, unused_parens, reason = "a key is made of some of the arguments")]
        fn __key(
            #payload: &::sfn::__private::serde_json::Value,
        ) -> ::core::result::Result<::sfn::__private::serde_json::Value, ::sfn::__private::Failed> {
            let mut #arguments = ::sfn::__private::Arguments::new(
                &<#ident as ::sfn::__private::Task>::SPEC,
                ::core::clone::Clone::clone(#payload),
            )?;
            #(#takes)*
            #made
        }
    })
}

fn retry(retry: &RetryOption) -> TokenStream {
    match retry {
        RetryOption::Default => quote!(::sfn::__private::Retry::Default),
        RetryOption::None => quote!(::sfn::__private::Retry::None),
        RetryOption::Policy(policy) => {
            let policy = policy_value(policy);
            quote!(::sfn::__private::Retry::Policy(#policy))
        }
    }
}

fn policy_value(policy: &RetryPolicy) -> TokenStream {
    let RetryPolicy { attempts, interval, backoff, max_delay, no_jitter } = policy;
    let attempts = attempts.map(|attempts| quote!(.attempts(#attempts)));
    let interval = interval.map(duration).map(|interval| quote!(.interval(#interval)));
    let backoff = backoff.map(|backoff| quote!(.backoff(#backoff)));
    let max_delay = max_delay.map(duration).map(|max_delay| quote!(.max_delay(#max_delay)));
    let jitter = no_jitter.then(|| quote!(.no_jitter()));
    quote!(::sfn::__private::RetryPolicy::new() #attempts #interval #backoff #max_delay #jitter)
}

fn duration(duration: Duration) -> TokenStream {
    let seconds = duration.as_secs();
    quote!(::core::time::Duration::from_secs(#seconds))
}

fn option(value: Option<TokenStream>) -> TokenStream {
    let none = quote!(::core::option::Option::None);
    value.map_or(none, |value| quote!(::core::option::Option::Some(#value)))
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
